#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../identity/cookie.h"
#include "../system/kernel.h"
#include "../system/process-environment.h"
#include "../system/process-stat.h"
#include "../system/text.h"

/* The kernel's own ceiling for pids. */
#define MAXIMUM_PIDS 4194304
/* Processes whose parent has not been met yet in this pass; what does not fit is met in the next pass. */
#define MAXIMUM_WAITING 262144

/* Marks of a pid in this pass: the low bits below, the pass's number above them. */
enum { MARK_SPARED = 1, MARK_BELOW_GUARD = 2, MARK_BITS = 2, LAST_PASS = 63 };

static struct {
	char own_cookie_entry[COOKIE_ENTRY_SIZE];
	struct stat own_program;
	pid_t self;
	pid_t session;
	pid_t spared[2];
	pid_t namespace_init;
	uint8_t *marks;
	/* For each pid, that we have killed the process that has it and not reaped it since. */
	bool *killed;
	size_t pid_count;
	struct process_stat *waiting;
	size_t waiting_count;
	size_t waiting_size;
	uint8_t pass;
	int signal;
	struct tree_count count;
	char directory_entries[16384] __attribute__((aligned(8)));
} tree;

void *reserve_memory(size_t size) {
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static size_t read_pid_max(void) {
	char digits[32];
	uint64_t number = MAXIMUM_PIDS;
	int fd = open("/proc/sys/kernel/pid_max", O_RDONLY | O_CLOEXEC);
	if (fd < 0) return MAXIMUM_PIDS;
	ssize_t length = read(fd, digits, sizeof digits - 1);
	close(fd);
	if (length <= 0) return MAXIMUM_PIDS;
	digits[length] = '\0';
	return parse_number(digits, MAXIMUM_PIDS, &number) == NULL ? MAXIMUM_PIDS : (size_t)number;
}

bool tree_prepare(const char *own_cookie_entry) {
	struct text entry = text_into(tree.own_cookie_entry, sizeof tree.own_cookie_entry);
	text_add(&entry, own_cookie_entry);
	tree.self = getpid();
	tree.session = getsid(0);
	/* It may be raised while we live. */
	tree.pid_count = MAXIMUM_PIDS + 1;
	tree.waiting_size = read_pid_max() < MAXIMUM_WAITING ? read_pid_max() : MAXIMUM_WAITING;
	tree.marks = reserve_memory(tree.pid_count);
	tree.killed = reserve_memory(tree.pid_count * sizeof tree.killed[0]);
	tree.waiting = reserve_memory(tree.waiting_size * sizeof tree.waiting[0]);
	if (stat("/proc/self/exe", &tree.own_program) != 0) return false;
	return tree.marks != NULL && tree.killed != NULL && tree.waiting != NULL;
}

void tree_spare(pid_t pid) {
	tree.spared[tree.spared[0] == 0 ? 0 : 1] = pid;
}

void tree_set_namespace_init(pid_t pid) {
	tree.namespace_init = pid;
}

static bool is_marked(pid_t pid) {
	return pid > 0 && (size_t)pid < tree.pid_count && tree.marks[pid] >> MARK_BITS == tree.pass;
}

static bool is_detached(pid_t pid, pid_t session) {
	char value[COOKIE_SIZE];
	/* `proc-guard detach` starts a session, so only what is in another session needs a closer look. */
	if (session == tree.session) return false;
	if (!read_process_variable(pid, DETACHED_NAME, value, sizeof value)) return false;
	if (!read_process_variable(pid, COOKIE_NAME, value, sizeof value)) return true;
	return !cookie_contains(value, tree.own_cookie_entry);
}

bool tree_spares(pid_t pid, pid_t session) {
	return pid == tree.spared[0] || pid == tree.spared[1] || is_detached(pid, session);
}

bool tree_note_killed(pid_t pid) {
	if (pid <= 0 || (size_t)pid >= tree.pid_count || tree.killed[pid]) return false;
	tree.killed[pid] = true;
	return true;
}

bool tree_has_killed(pid_t pid) {
	return pid > 0 && (size_t)pid < tree.pid_count && tree.killed[pid];
}

void tree_note_reaped(pid_t pid) {
	if (tree_has_killed(pid)) tree.killed[pid] = false;
}

static bool is_guard(pid_t pid) {
	char path[64];
	struct text text = text_into(path, sizeof path);
	text_add(&text, "/proc/");
	text_add_number(&text, (uint64_t)pid);
	text_add(&text, "/exe");
	struct stat program;
	return stat(path, &program) == 0 && program.st_ino == tree.own_program.st_ino &&
	       program.st_dev == tree.own_program.st_dev;
}

/* Signals a descendant that is not our child: it could have ended since we saw it, and its pid be another's. */
static bool signal_through_pidfd(const struct process_stat *seen, int signal) {
	int pidfd = kernel_pidfd_open(seen->pid);
	if (pidfd < 0) return errno != EPERM;
	struct process_stat now;
	bool same = read_process_stat(seen->pid, &now) && now.start_time == seen->start_time && is_marked(now.parent);
	bool sent = !same || kernel_pidfd_send_signal(pidfd, signal) == 0 || errno != EPERM;
	close(pidfd);
	return sent;
}

/* False only when we are not allowed to. */
static bool send(const struct process_stat *stat, int signal) {
	/* The pid of our own child cannot be reused before we reap it. */
	if (stat->parent == tree.self) return kill(stat->pid, signal) == 0 || errno != EPERM;
	return signal_through_pidfd(stat, signal);
}

/* Only tells what to wait for: a mistake, where its parent has reaped a process and another got the pid, costs a pass. */
static bool is_fresh(pid_t pid) {
	return tree.signal == SIGKILL ? tree_note_killed(pid) : !tree_has_killed(pid);
}

static void act_on(const struct process_stat *stat, bool below_guard) {
	bool stopped = stat->state == 'T';
	if (!stat->alive) return;
	if (stat->pid == tree.namespace_init && tree.signal != SIGKILL) return;
	bool wanted = !(tree.signal == SIGTERM && below_guard) && !(tree.signal == SIGSTOP && stopped);
	if (wanted && !send(stat, tree.signal)) {
		tree.count.untouchable++;
		return;
	}
	if (wanted && tree.signal == SIGTERM && stopped) (void)send(stat, SIGCONT);
	bool fresh = is_fresh(stat->pid);
	tree.count.alive++;
	if (fresh) tree.count.fresh++;
	if (fresh && !stopped) tree.count.running++;
	if (stat->parent == tree.self) tree.count.children++;
}

/* True when it is a descendant, which is known as soon as its parent is one. */
static bool join(const struct process_stat *stat) {
	if (!is_marked(stat->parent)) return false;
	if ((size_t)stat->pid >= tree.pid_count) return false;
	uint8_t inherited = tree.marks[stat->parent];
	bool spared = (inherited & MARK_SPARED) != 0 || tree_spares(stat->pid, stat->session);
	bool below_guard = (inherited & MARK_BELOW_GUARD) != 0;
	bool is_told_by_guard = tree.signal == SIGTERM && stat->pid != tree.namespace_init && is_guard(stat->pid);
	tree.marks[stat->pid] = (uint8_t)(tree.pass << MARK_BITS | (spared ? MARK_SPARED : 0) |
	                                  (below_guard || is_told_by_guard ? MARK_BELOW_GUARD : 0));
	if (!spared) act_on(stat, below_guard);
	else if (stat->alive) tree.count.spared++;
	return true;
}

static void meet(pid_t pid) {
	struct process_stat stat;
	if (pid == tree.self || !read_process_stat(pid, &stat)) return;
	if (join(&stat) || tree.waiting_count == tree.waiting_size) return;
	tree.waiting[tree.waiting_count++] = stat;
}

/* Pids wrap, so a parent may come after its child; one more round for each such step. */
static void join_waiting(void) {
	size_t before;
	do {
		before = tree.waiting_count;
		tree.waiting_count = 0;
		for (size_t i = 0; i < before; i++) {
			if (!join(&tree.waiting[i])) tree.waiting[tree.waiting_count++] = tree.waiting[i];
		}
	} while (tree.waiting_count < before);
}

static void start_pass(int signal) {
	if (tree.pass == LAST_PASS) {
		/* Zeroes again, and gives the memory back. */
		(void)madvise(tree.marks, tree.pid_count, MADV_DONTNEED);
		tree.pass = 0;
	}
	tree.pass++;
	tree.signal = signal;
	tree.waiting_count = 0;
	tree.count = (struct tree_count){0};
	tree.marks[tree.self] = (uint8_t)(tree.pass << MARK_BITS);
}

struct tree_count tree_signal(int signal) {
	start_pass(signal);
	int directory = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0) return tree.count;
	long length;
	while ((length = kernel_getdents64(directory, tree.directory_entries, sizeof tree.directory_entries)) > 0) {
		for (long at = 0; at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(tree.directory_entries + at);
			uint64_t pid = 0;
			if (parse_whole_number(entry->d_name, MAXIMUM_PIDS, &pid)) meet((pid_t)pid);
			at += entry->d_reclen;
		}
	}
	close(directory);
	join_waiting();
	return tree.count;
}
