#include "namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "../system/kernel.h"
#include "../system/text.h"
#include "namespace-init.h"

struct namespace {
	bool has_user_namespace;
	uid_t user;
	gid_t group;
	/* Readable when the guard has died. */
	int guard_pidfd;
	int notes_fd;
};

static bool write_file(const char *path, const char *bytes, size_t length) {
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) return false;
	bool written = write(fd, bytes, length) == (ssize_t)length;
	int error = errno;
	close(fd);
	errno = error;
	return written;
}

static bool map_to_same(const char *path, uint64_t id) {
	char line[64];
	struct text text = text_into(line, sizeof line);
	text_add_number(&text, id);
	text_add(&text, " ");
	text_add_number(&text, id);
	text_add(&text, " 1");
	return write_file(path, line, text.length);
}

static bool map_ids(const struct namespace *namespace) {
	return write_file("/proc/self/setgroups", "deny", 4) && map_to_same("/proc/self/uid_map", namespace->user) &&
	       map_to_same("/proc/self/gid_map", namespace->group);
}

/* Where parts of /proc are masked (in a container), the kernel refuses a fresh one; the old one stays then. */
static bool mount_fresh_proc(void) {
	if (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) return false;
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

_Noreturn static void be_first(const struct namespace *namespace, struct launch *launch, bool report) {
	struct pollfd guard = {.fd = namespace->guard_pidfd, .events = POLLIN};
	/* In this order, as for a command. getppid() is always 0 here, so the pidfd tells. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&guard, 1, 0) != 0) _exit(1);
	if (namespace->has_user_namespace && !map_ids(namespace)) fail_launch(launch, LAUNCH_NAMESPACE, errno);
	const char *proc = mount_fresh_proc() ? "fresh" : "inherited";
	if (report) complain("contain=namespace proc=", proc, NULL);
	launch->parent = getpid();
	pid_t command = fork();
	if (command < 0) fail_launch(launch, LAUNCH_NAMESPACE, errno);
	if (command == 0) become_command(launch);
	int keep[] = {namespace->notes_fd};
	close_all_except(keep, 1);
	(void)chdir("/");
	reap_in_namespace(command, namespace->notes_fd);
}

static pid_t fork_into_namespaces(unsigned long flags) {
	/* Without a stack of its own the child goes on with a copy of ours, as after fork(). */
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

pid_t start_in_namespace(struct guard *guard, struct launch *launch) {
	int notes[2];
	if (pipe2(notes, O_CLOEXEC) != 0) return -1;
	guard->notes_fd = above_standard(notes[0]);
	if (fcntl(guard->notes_fd, F_SETFL, O_NONBLOCK) != 0) return -1;
	struct namespace namespace = {.user = geteuid(),
	                              .group = getegid(),
	                              .guard_pidfd = above_standard(kernel_pidfd_open(getpid())),
	                              .notes_fd = above_standard(notes[1])};
	unsigned long flags = CLONE_NEWPID | CLONE_NEWNS;
	pid_t first = namespace.guard_pidfd < 0 ? -1 : fork_into_namespaces(flags);
	if (first < 0 && errno == EPERM) {
		/* Who is not root gets them inside a user namespace. */
		namespace.has_user_namespace = true;
		first = fork_into_namespaces(flags | CLONE_NEWUSER);
	}
	if (first == 0) be_first(&namespace, launch, guard->options.report);
	int error = errno;
	close(namespace.guard_pidfd);
	close(namespace.notes_fd);
	errno = error;
	return first;
}
