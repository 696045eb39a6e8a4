/* Text without stdio, which would bring locales, buffers and malloc with it. */
#ifndef PROC_GUARD_TEXT_H
#define PROC_GUARD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_SIZE 21

/* A bounded builder: what does not fit sets `overflow` and is left out. */
struct text {
	char *bytes;
	size_t size;
	size_t length;
	bool overflow;
};

struct text text_into(char *bytes, size_t size);
void text_add(struct text *text, const char *string);
void text_add_number(struct text *text, uint64_t number);

/* Writes all of it, also when the kernel takes it in parts. False when nobody can read it. */
bool write_all(int fd, const char *bytes, size_t length);
/* The strings (up to NULL) as one write, so that lines of several processes do not mix. */
bool write_text(int fd, const char *first, ...);
/* `proc-guard: `, the strings (up to NULL), a newline, to stderr. */
void complain(const char *first, ...);

/* Decimal digits only, no leading zero, at most `maximum`. Returns what follows, or NULL. */
const char *parse_number(const char *string, uint64_t maximum, uint64_t *number);
/* As parse_number, and nothing may follow. */
bool parse_whole_number(const char *string, uint64_t maximum, uint64_t *number);

bool starts_with(const char *string, const char *prefix);
bool ends_with(const char *string, const char *suffix);
/* What follows the last `/`. */
const char *base_name(const char *path);

#endif
