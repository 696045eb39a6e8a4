#include "text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

struct text text_into(char *bytes, size_t size) {
	bytes[0] = '\0';
	return (struct text){.bytes = bytes, .size = size};
}

void text_add(struct text *text, const char *string) {
	size_t length = strlen(string);
	if (length >= text->size - text->length) {
		text->overflow = true;
		return;
	}
	memcpy(text->bytes + text->length, string, length + 1);
	text->length += length;
}

void text_add_number(struct text *text, uint64_t number) {
	char digits[NUMBER_TEXT_SIZE];
	char *start = digits + sizeof digits - 1;
	*start = '\0';
	do {
		*--start = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	text_add(text, start);
}

bool write_all(int fd, const char *bytes, size_t length) {
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR) continue;
		if (written < 0 && errno == EAGAIN) {
			/* Somebody else made it non-blocking. */
			struct pollfd entry = {.fd = fd, .events = POLLOUT};
			(void)poll(&entry, 1, -1);
			continue;
		}
		if (written < 0) return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

static void text_add_list(struct text *text, const char *first, va_list rest) {
	for (const char *part = first; part != NULL; part = va_arg(rest, const char *)) text_add(text, part);
}

bool write_text(int fd, const char *first, ...) {
	char bytes[8192];
	struct text text = text_into(bytes, sizeof bytes);
	va_list rest;
	va_start(rest, first);
	text_add_list(&text, first, rest);
	va_end(rest);
	return write_all(fd, bytes, text.length);
}

void complain(const char *first, ...) {
	char bytes[8192];
	struct text text = text_into(bytes, sizeof bytes);
	text_add(&text, "proc-guard: ");
	va_list rest;
	va_start(rest, first);
	text_add_list(&text, first, rest);
	va_end(rest);
	text_add(&text, "\n");
	(void)write_all(STDERR_FILENO, bytes, text.length);
}

const char *parse_number(const char *string, uint64_t maximum, uint64_t *number) {
	if (string[0] < '0' || string[0] > '9') return NULL;
	if (string[0] == '0' && string[1] >= '0' && string[1] <= '9') return NULL;
	uint64_t value = 0;
	for (; *string >= '0' && *string <= '9'; string++) {
		uint64_t digit = (uint64_t)(*string - '0');
		if (value > UINT64_MAX / 10 || value * 10 > UINT64_MAX - digit) return NULL;
		value = value * 10 + digit;
		if (value > maximum) return NULL;
	}
	*number = value;
	return string;
}

bool parse_whole_number(const char *string, uint64_t maximum, uint64_t *number) {
	const char *rest = parse_number(string, maximum, number);
	return rest != NULL && *rest == '\0';
}

bool starts_with(const char *string, const char *prefix) {
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool ends_with(const char *string, const char *suffix) {
	size_t length = strlen(string);
	size_t suffix_length = strlen(suffix);
	return length >= suffix_length && strcmp(string + length - suffix_length, suffix) == 0;
}

const char *base_name(const char *path) {
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}
