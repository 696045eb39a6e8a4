#include "process-environment.h"

#include <string.h>
#include <unistd.h>

#include "process-stat.h"

/* Where we are inside one `NAME=value`. */
enum match { MATCH_NAME, MATCH_VALUE, MATCH_OTHER };

bool read_process_variable(pid_t pid, const char *name, char *value, size_t size) {
	int fd = open_process_file(pid, "environ");
	if (fd < 0) return false;
	enum match match = MATCH_NAME;
	size_t name_length = strlen(name);
	size_t at = 0;
	char piece[4096];
	ssize_t count;
	while ((count = read(fd, piece, sizeof piece)) > 0) {
		for (ssize_t i = 0; i < count; i++) {
			char character = piece[i];
			if (match == MATCH_VALUE) {
				if (character == '\0') goto found;
				if (at < size - 1) value[at++] = character;
			} else if (character == '\0') {
				match = MATCH_NAME;
				at = 0;
			} else if (match == MATCH_NAME && at == name_length && character == '=') {
				match = MATCH_VALUE;
				at = 0;
			} else if (match == MATCH_NAME && (at >= name_length || name[at++] != character)) {
				match = MATCH_OTHER;
			}
		}
	}
	close(fd);
	return false;
found:
	value[at] = '\0';
	close(fd);
	return true;
}
