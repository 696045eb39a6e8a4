#include "cgroup-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "../system/kernel.h"
#include "../system/process-stat.h"
#include "../system/text.h"

#define PREFIX "proc-guard-"
/* A command that nests groups deeper than this keeps them. */
#define MAXIMUM_DEPTH 8

struct folder_reader {
	int fd;
	char bytes[2048] __attribute__((aligned(8)));
	long length;
	long at;
};

/* The next folder's name, or NULL. */
static const char *next_folder(struct folder_reader *reader) {
	for (;;) {
		if (reader->at >= reader->length) {
			reader->length = kernel_getdents64(reader->fd, reader->bytes, sizeof reader->bytes);
			reader->at = 0;
			if (reader->length <= 0) return NULL;
		}
		const struct dirent64 *entry = (const struct dirent64 *)(reader->bytes + reader->at);
		reader->at += entry->d_reclen;
		bool special = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
		if (entry->d_type == DT_DIR && !special) return entry->d_name;
	}
}

void name_group(const struct identity *guard, char *name, size_t size) {
	struct text text = text_into(name, size);
	text_add(&text, PREFIX);
	text_add_number(&text, guard->pid_namespace);
	text_add(&text, "-");
	text_add_number(&text, (uint64_t)guard->pid);
	text_add(&text, "-");
	text_add_number(&text, guard->start_time);
}

static void remove_nested(int parent_fd, const char *name, int depth) {
	struct folder_reader reader = {.fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	const char *nested;
	while (reader.fd >= 0 && depth < MAXIMUM_DEPTH && (nested = next_folder(&reader)) != NULL) {
		remove_nested(reader.fd, nested, depth + 1);
	}
	if (reader.fd >= 0) close(reader.fd);
	(void)unlinkat(parent_fd, name, AT_REMOVEDIR);
}

void remove_group(int parent_fd, const char *name) {
	remove_nested(parent_fd, name, 0);
}

/* Ours, by a guard of the same pid namespace that is dead for certain. */
static bool is_abandoned(const char *name, const struct identity *guard) {
	uint64_t numbers[3] = {0};
	if (!starts_with(name, PREFIX)) return false;
	const char *rest = name + strlen(PREFIX);
	for (int i = 0; i < 3; i++) {
		rest = parse_number(rest, UINT64_MAX, &numbers[i]);
		if (rest == NULL || *rest != (i < 2 ? '-' : '\0')) return false;
		rest++;
	}
	struct process_stat stat;
	if (numbers[0] != guard->pid_namespace || numbers[1] > INT32_MAX) return false;
	if (read_process_stat((pid_t)numbers[1], &stat)) return stat.start_time != numbers[2];
	/* A read can fail for want of memory or descriptors: a guard that lives would lose its group before it is used. */
	return kill((pid_t)numbers[1], 0) != 0 && errno == ESRCH;
}

void remove_abandoned_groups(int parent_fd, const struct identity *guard) {
	struct folder_reader reader = {.fd = openat(parent_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	const char *name;
	if (reader.fd < 0) return;
	while ((name = next_folder(&reader)) != NULL) {
		if (is_abandoned(name, guard)) remove_group(parent_fd, name);
	}
	close(reader.fd);
}
