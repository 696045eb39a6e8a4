/*
 * Why this is fast: a process that was killed competes with us for the processor while it ends, so every look in
 * between costs others the time of a death. Levels of the tree are looked up as long as they are narrow, then the
 * signals go out one behind the other. What is below a wide level, mostly nothing, is looked up when it has become ours.
 *
 * Why it never reaches a stranger: the pid of a child of ours stays its own until we reap it. Any other process is
 * opened first and then looked for in its parent's list once more. If it is there, its pid was not another's meanwhile,
 * or what was opened has ended, and then the signal reaches nobody.
 */
#include "listed-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../system/kernel.h"
#include "../system/process-stat.h"
#include "../system/text.h"
#include "tree.h"

/* What does not fit is met in a later pass, as our child. */
#define MAXIMUM_LISTED 65536
/* Below a level with more processes nothing is looked for before they are killed. */
#define NARROW_LEVEL 4

struct listed {
	pid_t pid;
	/* -1 for a child of ours. */
	int pidfd;
};

static struct {
	struct listed *found;
	size_t count;
	struct listed_count report;
	char pids[65536];
	char pids_again[65536];
	char threads[16384] __attribute__((aligned(8)));
} lists;

bool listed_tree_prepare(void) {
	lists.found = reserve_memory(MAXIMUM_LISTED * sizeof lists.found[0]);
	return lists.found != NULL;
}

/* Pids, each with a blank behind it. A list that does not fit is cut. */
static bool read_list(int fd, char *bytes, size_t size) {
	size_t length = 0;
	while (length < size - 1) {
		ssize_t count = pread(fd, bytes + length, size - 1 - length, (off_t)length);
		if (count < 0) return false;
		if (count == 0) break;
		length += (size_t)count;
		/* A list is given a page at a time; one that ends within the first has been given whole. */
		if (length < 2048) break;
	}
	bytes[length] = '\0';
	return true;
}

/* Returns what follows, or NULL at the end. */
static const char *next_pid(const char *at, pid_t *pid) {
	uint64_t number = 0;
	at = parse_number(at, INT32_MAX, &number);
	if (at == NULL || *at != ' ') return NULL;
	*pid = (pid_t)number;
	return at + 1;
}

static void find(pid_t pid, int pidfd) {
	lists.found[lists.count++] = (struct listed){.pid = pid, .pidfd = pidfd};
}

static void find_own_children(void) {
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return;
	pid_t pid = 0;
	const char *at = read_list(fd, lists.pids, sizeof lists.pids) ? lists.pids : "";
	while (lists.count < MAXIMUM_LISTED && (at = next_pid(at, &pid)) != NULL) {
		/* One that was killed is on its way: nothing below it can be new. */
		if (tree_has_killed(pid)) {
			lists.report.children++;
			lists.report.last_child = pid;
		} else if (!tree_spares(pid, getsid(pid))) {
			find(pid, -1);
		}
	}
	close(fd);
}

static bool is_not_reaped(const struct listed *process) {
	return process->pidfd < 0 || kernel_pidfd_send_signal(process->pidfd, 0) == 0 || errno == EPERM;
}

/* Leaves those that are in the second list too, which has kept the order of the first. */
static void keep_confirmed(size_t first) {
	size_t kept = first;
	const char *at = lists.pids_again;
	pid_t pid = 0;
	for (size_t i = first; i < lists.count; i++) {
		const char *behind = at;
		while ((behind = next_pid(behind, &pid)) != NULL && pid != lists.found[i].pid) continue;
		if (behind == NULL) {
			close(lists.found[i].pidfd);
			continue;
		}
		at = behind;
		lists.found[kept++] = lists.found[i];
	}
	lists.count = kept;
}

/* What was opened by its parent's pid is its parent's list, if that has not been reaped by now. */
static void find_children_in(int fd, const struct listed *parent) {
	if (!read_list(fd, lists.pids, sizeof lists.pids) || lists.pids[0] == '\0' || !is_not_reaped(parent)) return;
	size_t first = lists.count;
	pid_t pid = 0;
	const char *at = lists.pids;
	while (lists.count < MAXIMUM_LISTED && (at = next_pid(at, &pid)) != NULL) {
		int pidfd = kernel_pidfd_open(pid);
		/* None is left, or it has ended: what lives will be a child of ours. */
		if (pidfd < 0 && errno != ESRCH) break;
		if (pidfd < 0) continue;
		if (tree_spares(pid, getsid(pid))) close(pidfd);
		else find(pid, pidfd);
	}
	if (!read_list(fd, lists.pids_again, sizeof lists.pids_again)) lists.pids_again[0] = '\0';
	keep_confirmed(first);
}

static void find_children_of_thread(const struct listed *parent, pid_t thread) {
	char name[64];
	struct text text = text_into(name, sizeof name);
	text_add(&text, "task/");
	text_add_number(&text, (uint64_t)thread);
	text_add(&text, "/children");
	int fd = open_process_file(parent->pid, name);
	if (fd < 0) return;
	find_children_in(fd, parent);
	close(fd);
}

/* Every thread has a list, and the folder of threads as many links as threads, and two. */
static bool has_one_thread(pid_t pid) {
	char path[64];
	struct text text = text_into(path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (uint64_t)pid);
	text_add(&text, "/task");
	struct stat folder;
	return stat(path, &folder) == 0 && folder.st_nlink == 3;
}

static void find_children(const struct listed *parent) {
	if (has_one_thread(parent->pid)) {
		find_children_of_thread(parent, parent->pid);
		return;
	}
	int threads = open_process_file(parent->pid, "task");
	long length;
	if (threads < 0) return;
	while ((length = kernel_getdents64(threads, lists.threads, sizeof lists.threads)) > 0) {
		for (long at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(lists.threads + at);
			uint64_t thread = 0;
			if (parse_whole_number(entry->d_name, INT32_MAX, &thread)) find_children_of_thread(parent, (pid_t)thread);
			at += entry->d_reclen;
		}
	}
	close(threads);
}

static void kill_found(void) {
	for (size_t i = 0; i < lists.count; i++) {
		const struct listed *process = &lists.found[i];
		bool own = process->pidfd < 0;
		int result = own ? kill(process->pid, SIGKILL) : kernel_pidfd_send_signal(process->pidfd, SIGKILL);
		if (result != 0) {
			if (errno == EPERM) lists.report.untouchable++;
			continue;
		}
		if (tree_note_killed(process->pid)) lists.report.fresh++;
		if (!own) continue;
		lists.report.children++;
		lists.report.last_child = process->pid;
	}
}

struct listed_count listed_tree_kill(void) {
	lists.count = 0;
	lists.report = (struct listed_count){0};
	find_own_children();
	size_t own = lists.count;
	size_t level = 0;
	while (level < lists.count && lists.count - level <= NARROW_LEVEL) {
		size_t end = lists.count;
		for (; level < end; level++) find_children(&lists.found[level]);
	}
	kill_found();
	for (size_t i = own; i < lists.count; i++) close(lists.found[i].pidfd);
	return lists.report;
}
