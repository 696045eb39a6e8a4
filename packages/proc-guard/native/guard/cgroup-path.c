#include "cgroup-path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../system/text.h"

#define LINE_SIZE 4096

/* Reads a file line by line; lines that are too long are skipped. */
struct line_reader {
	int fd;
	char piece[1024];
	ssize_t length;
	ssize_t at;
};

static bool next_line(struct line_reader *reader, char line[LINE_SIZE]) {
	size_t length = 0;
	for (;;) {
		if (reader->at >= reader->length) {
			reader->length = read(reader->fd, reader->piece, sizeof reader->piece);
			reader->at = 0;
			if (reader->length <= 0) return false;
		}
		char character = reader->piece[reader->at++];
		if (character == '\n' && length < LINE_SIZE) {
			line[length] = '\0';
			return true;
		}
		if (character == '\n') length = 0;
		else if (length < LINE_SIZE) line[length++] = character;
	}
}

/* `0::/path`: the group in the unified hierarchy. */
static const char *find_group(char line[LINE_SIZE]) {
	struct line_reader reader = {.fd = open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC)};
	const char *group = NULL;
	if (reader.fd < 0) return NULL;
	while (group == NULL && next_line(&reader, line)) {
		if (starts_with(line, "0::/")) group = line + strlen("0::");
	}
	close(reader.fd);
	return group;
}

/* `id parent device ROOT POINT options… - cgroup2 source options`, see proc_pid_mountinfo(5). */
static bool parse_mount(char *line, const char **root, const char **point) {
	const char *separator = strstr(line, " - ");
	if (separator == NULL || !starts_with(separator, " - cgroup2 ")) return false;
	char *rest = NULL;
	char *field = strtok_r(line, " ", &rest);
	for (int number = 1; field != NULL && number < 4; number++) field = strtok_r(NULL, " ", &rest);
	*root = field;
	*point = field == NULL ? NULL : strtok_r(NULL, " ", &rest);
	/* A backslash stands for a blank or worse; nobody mounts control groups there. */
	return *point != NULL && strchr(*root, '\\') == NULL && strchr(*point, '\\') == NULL;
}

/* The part of the group's path below the mount, or NULL when the mount does not show it. */
static const char *below_root(const char *group, const char *root) {
	if (strcmp(root, "/") == 0) return group;
	if (!starts_with(group, root)) return NULL;
	const char *rest = group + strlen(root);
	return *rest == '/' || *rest == '\0' ? rest : NULL;
}

bool find_own_cgroup(char *path, size_t size) {
	static char group_line[LINE_SIZE];
	static char line[LINE_SIZE];
	const char *group = find_group(group_line);
	struct line_reader reader = {.fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)};
	errno = EOPNOTSUPP;
	if (reader.fd < 0) return false;
	bool found = false;
	while (group != NULL && !found && next_line(&reader, line)) {
		const char *root = NULL;
		const char *point = NULL;
		if (!parse_mount(line, &root, &point)) continue;
		const char *below = below_root(group, root);
		/* `/../x`: outside of our cgroup namespace. */
		if (below == NULL || strstr(below, "/..") != NULL) continue;
		struct text text = text_into(path, size);
		text_add(&text, point);
		text_add(&text, below);
		found = !text.overflow;
	}
	close(reader.fd);
	if (!found) errno = EOPNOTSUPP;
	return found;
}
