/*
 * pid-reuse GUARD ROUNDS: in a pid namespace whose pids are wound back again and again, guarded trees that change all
 * the time end by their client's SIGKILL, while innocent processes come and go and get the pids that the trees had.
 * Prints `rounds R reused N harmed H`: how many innocents had a pid that belonged to a tree before, and how many of them
 * were ended by a signal.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PID 300
#define LAST_PID 420
#define INNOCENTS 12
#define SHARED_FD 9

struct shared {
	volatile uint8_t was_in_tree[65536];
	volatile unsigned reused;
	volatile unsigned harmed;
	volatile int over;
};

static struct shared *shared;

static void rest(long microseconds) {
	struct timespec time = {.tv_nsec = microseconds * 1000};
	nanosleep(&time, NULL);
}

static void fail(const char *what) {
	perror(what);
	_exit(1);
}

static void wind_back(pid_t last) {
	if (last < LAST_PID) return;
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
	char text[16];
	int length = snprintf(text, sizeof text, "%d", FIRST_PID);
	if (fd < 0 || write(fd, text, (size_t)length) != length) fail("ns_last_pid");
	close(fd);
}

/* One member of the tree that stays, below it chains of members that fork the next and end. */
static void be_tree(void) {
	alarm(60);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	for (int i = 0; i < 3; i++) {
		if (fork() != 0) continue;
		time_t end = time(NULL) + 60;
		while (time(NULL) < end) {
			shared->was_in_tree[getpid() & 65535] = 1;
			if (fork() > 0) _exit(0);
			rest(300);
		}
		_exit(0);
	}
	shared->was_in_tree[getpid() & 65535] = 1;
	dprintf(STDOUT_FILENO, "+");
	for (;;) pause();
}

static void be_innocent(void) {
	setsid();
	if (shared->was_in_tree[getpid() & 65535]) __atomic_add_fetch(&shared->reused, 1, __ATOMIC_RELAXED);
	rest(100 + getpid() % 7 * 300);
	_exit(0);
}

static void keep_innocents(void) {
	int living = 0;
	while (!shared->over || living > 0) {
		while (!shared->over && living < INNOCENTS) {
			pid_t pid = fork();
			if (pid == 0) be_innocent();
			if (pid < 0) fail("fork");
			living++;
			wind_back(pid);
		}
		int status = 0;
		if (wait(&status) < 0) break;
		living--;
		if (WIFSIGNALED(status)) shared->harmed++;
	}
	_exit(0);
}

static void run_round(const char *program, const char *guard) {
	int ready[2];
	char byte;
	if (pipe(ready) != 0) fail("pipe");
	pid_t client = fork();
	if (client == 0) {
		if (fork() == 0) {
			dup2(ready[1], STDOUT_FILENO);
			execl(guard, guard, "run", "--grace-ms", "1", "--", program, "tree", (char *)NULL);
			_exit(127);
		}
		for (;;) pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) fail("tree");
	rest(2000);
	kill(client, SIGKILL);
	waitpid(client, NULL, 0);
	/* The guard has let go of it; when the last of the tree has ended, so has everybody. */
	while (read(ready[0], &byte, 1) > 0) continue;
	close(ready[0]);
}

/* Pid 1 of the namespace: reaps the orphaned guards, too. */
static void be_first(const char *program, const char *guard, int rounds) {
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mount");
	if (mount("proc", "/proc", "proc", 0, NULL) != 0) fail("proc");
	pid_t keeper = fork();
	if (keeper == 0) keep_innocents();
	for (int i = 0; i < rounds; i++) {
		run_round(program, guard);
		while (waitpid(-1, NULL, WNOHANG) > 0) continue;
	}
	shared->over = 1;
	waitpid(keeper, NULL, 0);
	printf("rounds %d reused %u harmed %u\n", rounds, shared->reused, shared->harmed);
	fflush(stdout);
	_exit(0);
}

int main(int count, char **arguments) {
	if (count == 2 && strcmp(arguments[1], "tree") == 0) be_tree();
	if (count != 3) return 2;
	int fd = memfd_create("shared", 0);
	if (fd < 0 || ftruncate(fd, sizeof *shared) != 0 || dup2(fd, SHARED_FD) < 0) fail("memfd");
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	if (length < 0) fail("exe");
	program[length] = '\0';
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0) {
		fail("unshare");
	}
	pid_t first = fork();
	if (first == 0) be_first(program, arguments[1], atoi(arguments[2]));
	int status = 0;
	waitpid(first, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
