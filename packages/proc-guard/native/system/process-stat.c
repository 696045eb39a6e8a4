#include "process-stat.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

enum { FIELD_STATE = 3, FIELD_PARENT = 4, FIELD_SESSION = 6, FIELD_THREADS = 20, FIELD_START_TIME = 22 };

int open_process_file(pid_t pid, const char *name) {
	char path[64];
	struct text text = text_into(path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (uint64_t)pid);
	text_add(&text, "/");
	text_add(&text, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

ssize_t read_process_file(pid_t pid, const char *name, char *bytes, size_t size) {
	int fd = open_process_file(pid, name);
	if (fd < 0) return -1;
	size_t length = 0;
	while (length < size - 1) {
		ssize_t count = read(fd, bytes + length, size - 1 - length);
		if (count < 0 && errno == EINTR) continue;
		if (count < 0) {
			close(fd);
			return -1;
		}
		if (count == 0) break;
		length += (size_t)count;
	}
	close(fd);
	bytes[length] = '\0';
	return (ssize_t)length;
}

bool read_process_stat(pid_t pid, struct process_stat *stat) {
	/* One read is enough and is one snapshot: the line is shorter than this for any process. */
	char line[1024];
	int fd = open_process_file(pid, "stat");
	if (fd < 0) return false;
	ssize_t length = read(fd, line, sizeof line - 1);
	close(fd);
	if (length <= 0) return false;
	line[length] = '\0';
	/* A process may call itself `x) R 1 (`, so only the last parenthesis counts. */
	const char *field = strrchr(line, ')');
	if (field == NULL || field[1] != ' ') return false;
	field += 2;
	uint64_t parent = 0;
	uint64_t session = 0;
	stat->pid = pid;
	stat->state = *field;
	for (int number = FIELD_STATE; number < FIELD_START_TIME; number++) {
		if (number == FIELD_PARENT && parse_number(field, INT32_MAX, &parent) == NULL) return false;
		if (number == FIELD_SESSION && parse_number(field, INT32_MAX, &session) == NULL) return false;
		if (number == FIELD_THREADS && parse_number(field, UINT64_MAX, &stat->threads) == NULL) return false;
		field = strchr(field, ' ');
		if (field == NULL) return false;
		field++;
	}
	if (parse_number(field, UINT64_MAX, &stat->start_time) == NULL) return false;
	stat->parent = (pid_t)parent;
	stat->session = (pid_t)session;
	stat->alive = (stat->state != 'Z' && stat->state != 'X') || stat->threads > 1;
	return true;
}
