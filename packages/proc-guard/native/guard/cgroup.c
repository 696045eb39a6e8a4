#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "../system/kernel.h"
#include "../system/text.h"
#include "cgroup-folder.h"
#include "cgroup-path.h"
#include "tree.h"

/* All -1 or empty while there is no group. */
static struct {
	char name[128];
	int parent_fd;
	int kill_fd;
	int events_fd;
	/* The group itself. Only needed to start the command. */
	int folder_fd;
	pid_t standby;
} group = {.parent_fd = -1, .kill_fd = -1, .events_fd = -1, .folder_fd = -1};

static int open_in_group(const char *file, int flags) {
	char path[192];
	struct text text = text_into(path, sizeof path);
	text_add(&text, group.name);
	text_add(&text, "/");
	text_add(&text, file);
	return above_standard(openat(group.parent_fd, path, flags | O_CLOEXEC));
}

pid_t cgroup_fork(void) {
	/* Moving a process in after its start would make it wait for every fork on the machine. */
	struct clone_args arguments = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
	arguments.cgroup = (unsigned long long)group.folder_fd;
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

/* So that `auto` finds out before it has said what it chose. */
static bool can_be_entered(void) {
	pid_t child = cgroup_fork();
	if (child == 0) _exit(0);
	return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool open_group(void) {
	group.kill_fd = open_in_group("cgroup.kill", O_WRONLY);
	group.events_fd = open_in_group("cgroup.events", O_RDONLY);
	group.folder_fd = open_in_group(".", O_RDONLY | O_DIRECTORY);
	return group.kill_fd >= 0 && group.events_fd >= 0 && group.folder_fd >= 0 && can_be_entered();
}

bool cgroup_create(const struct identity *guard) {
	char path[PATH_MAX];
	if (!find_own_cgroup(path, sizeof path)) return false;
	group.parent_fd = above_standard(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (group.parent_fd < 0) return false;
	/* Delegated means that we may also move processes from our own group into the new one. */
	if (faccessat(group.parent_fd, "cgroup.procs", W_OK, AT_EACCESS) != 0) return false;
	remove_abandoned_groups(group.parent_fd, guard);
	name_group(guard, group.name, sizeof group.name);
	if (mkdirat(group.parent_fd, group.name, 0755) != 0) return false;
	if (open_group()) return true;
	int error = errno;
	(void)unlinkat(group.parent_fd, group.name, AT_REMOVEDIR);
	errno = error;
	return false;
}

size_t cgroup_descriptors(int fds[CGROUP_DESCRIPTORS]) {
	fds[0] = group.parent_fd;
	fds[1] = group.kill_fd;
	fds[2] = group.events_fd;
	return CGROUP_DESCRIPTORS;
}

static bool is_populated(void) {
	char events[256];
	ssize_t length = pread(group.events_fd, events, sizeof events - 1, 0);
	if (length <= 0) return false;
	events[length] = '\0';
	return strstr(events, "populated 1") != NULL;
}

void cgroup_kill(void) {
	if (group.kill_fd >= 0) (void)write_all(group.kill_fd, "1", 1);
}

static void empty_and_remove(void) {
	while (is_populated()) {
		struct pollfd entry = {.fd = group.events_fd, .events = POLLPRI};
		cgroup_kill();
		/* A change between the look above and this call is reported: the kernel compares with our last read. */
		(void)poll(&entry, 1, -1);
	}
	remove_group(group.parent_fd, group.name);
}

/* In a session of its own, so that what kills the guard's process group does not reach it. All signals are blocked. */
_Noreturn static void stand_by(int guard_pidfd) {
	(void)setsid();
	int keep[] = {guard_pidfd, group.parent_fd, group.kill_fd, group.events_fd};
	close_all_except(keep, sizeof keep / sizeof keep[0]);
	(void)chdir("/");
	struct pollfd entry = {.fd = guard_pidfd, .events = POLLIN};
	while (poll(&entry, 1, -1) < 0) continue;
	cgroup_kill();
	empty_and_remove();
	_exit(0);
}

bool cgroup_start_standby(void) {
	int guard_pidfd = above_standard(kernel_pidfd_open(getpid()));
	if (guard_pidfd < 0) return false;
	group.standby = fork();
	if (group.standby == 0) stand_by(guard_pidfd);
	int error = errno;
	close(guard_pidfd);
	errno = error;
	if (group.standby < 0) return false;
	tree_spare(group.standby);
	return true;
}

void cgroup_remove(void) {
	if (group.kill_fd < 0) return;
	cgroup_kill();
	empty_and_remove();
	if (group.standby <= 0) return;
	/* Our own child, not reaped yet. */
	(void)kill(group.standby, SIGKILL);
	(void)waitpid(group.standby, NULL, 0);
}
