#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../system/kernel.h"
#include "../system/process-stat.h"
#include "../system/text.h"

static bool read_boot_id(char boot_id[BOOT_ID_LENGTH + 1]) {
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return false;
	ssize_t length = read(fd, boot_id, BOOT_ID_LENGTH);
	close(fd);
	if (length != BOOT_ID_LENGTH) return false;
	boot_id[BOOT_ID_LENGTH] = '\0';
	return true;
}

/* `0` where it cannot be read. */
static uint64_t read_pid_namespace(pid_t pid) {
	char path[64];
	struct text text = text_into(path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (uint64_t)pid);
	text_add(&text, "/ns/pid");
	char link[64];
	ssize_t length = readlink(path, link, sizeof link - 1);
	if (length <= 0) return 0;
	link[length] = '\0';
	uint64_t number = 0;
	const char *start = strchr(link, '[');
	if (start == NULL || parse_number(start + 1, UINT64_MAX, &number) == NULL) return 0;
	return number;
}

bool identity_of(pid_t pid, struct identity *identity) {
	struct process_stat stat;
	if (!read_boot_id(identity->boot_id)) return false;
	if (!read_process_stat(pid, &stat)) return false;
	identity->pid_namespace = read_pid_namespace(pid);
	identity->pid = pid;
	identity->start_time = stat.start_time;
	return true;
}

bool identity_equal(const struct identity *one, const struct identity *other) {
	return one->pid == other->pid && one->start_time == other->start_time &&
	       one->pid_namespace == other->pid_namespace && strcmp(one->boot_id, other->boot_id) == 0;
}

void identity_format(const struct identity *identity, char bytes[IDENTITY_TEXT_SIZE]) {
	struct text text = text_into(bytes, IDENTITY_TEXT_SIZE);
	text_add(&text, identity->boot_id);
	text_add(&text, ":");
	text_add_number(&text, identity->pid_namespace);
	text_add(&text, ":");
	text_add_number(&text, (uint64_t)identity->pid);
	text_add(&text, ":");
	text_add_number(&text, identity->start_time);
}

static bool is_boot_id(const char *text) {
	for (int i = 0; i < BOOT_ID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool hexadecimal = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
		if (dash ? text[i] != '-' : !hexadecimal) return false;
	}
	return true;
}

const char *identity_parse(const char *text, struct identity *identity) {
	if (!is_boot_id(text)) return NULL;
	memcpy(identity->boot_id, text, BOOT_ID_LENGTH);
	identity->boot_id[BOOT_ID_LENGTH] = '\0';
	uint64_t pid = 0;
	text += BOOT_ID_LENGTH;
	if (*text++ != ':') return NULL;
	text = parse_number(text, UINT64_MAX, &identity->pid_namespace);
	if (text == NULL || *text++ != ':') return NULL;
	text = parse_number(text, INT32_MAX, &pid);
	if (text == NULL || pid == 0 || *text++ != ':') return NULL;
	identity->pid = (pid_t)pid;
	return parse_number(text, UINT64_MAX, &identity->start_time);
}

static bool has_ended(int pidfd) {
	struct pollfd entry = {.fd = pidfd, .events = POLLIN};
	return poll(&entry, 1, 0) == 1;
}

enum liveness identity_open(const struct identity *identity, int *pidfd) {
	char boot_id[BOOT_ID_LENGTH + 1];
	if (!read_boot_id(boot_id) || strcmp(boot_id, identity->boot_id) != 0) return LIVENESS_UNKNOWN;
	uint64_t own = read_pid_namespace(getpid());
	bool ours = identity->pid_namespace == own || identity->pid_namespace == 0;
	/* Made by somebody in our /proc about a process in a namespace below, or inside that namespace? */
	if (!ours && read_pid_namespace(identity->pid) != identity->pid_namespace) return LIVENESS_UNKNOWN;
	int fd = kernel_pidfd_open(identity->pid);
	if (fd < 0) return errno == ESRCH ? LIVENESS_DEAD : LIVENESS_UNKNOWN;
	struct process_stat stat;
	bool readable = read_process_stat(identity->pid, &stat);
	/* If it still runs now, the pid was not reused before the line above. */
	if (has_ended(fd) || (readable && stat.start_time != identity->start_time)) {
		close(fd);
		return LIVENESS_DEAD;
	}
	if (!readable) {
		close(fd);
		return LIVENESS_UNKNOWN;
	}
	*pidfd = fd;
	return LIVENESS_ALIVE;
}
