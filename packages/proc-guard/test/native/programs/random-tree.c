/*
 * random-tree SEED SIZE: a tree of SIZE processes that do what makes trees hard to end: they fork, double-fork,
 * leave the session, ignore TERM, call themselves `x) R 1 (`, and some keep forking. Says `ready` when all of them
 * run. All end by themselves after a minute, so that a defect in what is tested does not fill the machine.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIFE_SECONDS 60
#define STORM_CHILDREN 200

static uint64_t state;
static int ready_fd;

static unsigned draw(unsigned below) {
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

static void rest(long microseconds) {
	struct timespec time = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
	nanosleep(&time, NULL);
}

static void stay(void) {
	for (;;) pause();
}

/* Each one forks the next and ends, so that a pid is old as soon as it has been read. */
static void fly(void) {
	time_t end = time(NULL) + LIFE_SECONDS;
	while (time(NULL) < end) {
		if (fork() > 0) _exit(0);
		rest(100 + draw(900));
	}
	_exit(0);
}

/* Always one more, as fast as it can, up to a bound that the machine can bear. */
static void storm(void) {
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < STORM_CHILDREN; i++) {
		if (fork() == 0) {
			alarm(LIFE_SECONDS);
			stay();
		}
		rest(200);
	}
	stay();
}

static void dress(void) {
	alarm(LIFE_SECONDS);
	if (draw(2) == 0) {
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		signal(SIGINT, SIG_IGN);
	}
	if (draw(3) == 0) prctl(PR_SET_NAME, "x) R 1 (");
}

static void grow(unsigned size);

/* In a new process: one node and, below it, size - 1 others. */
static void live(unsigned size, uint64_t seed) {
	state = seed;
	dress();
	if (write(ready_fd, "+", 1) != 1) _exit(1);
	grow(size - 1);
	unsigned kind = draw(12);
	if (kind == 0) fly();
	if (kind == 1) storm();
	stay();
}

static void plant(unsigned size) {
	unsigned way = draw(4);
	uint64_t seed = state ^ ((uint64_t)size << 32) ^ (uint64_t)draw(1u << 30);
	pid_t child = fork();
	if (child < 0) exit(1);
	if (child > 0) {
		if (way == 0) waitpid(child, NULL, 0);
		return;
	}
	if (way == 0 && fork() > 0) _exit(0);
	if (way < 2) setsid();
	live(size, seed);
}

static void grow(unsigned size) {
	while (size > 0) {
		unsigned part = 1 + draw(size);
		plant(part);
		size -= part;
	}
}

int main(int count, char **arguments) {
	int ends[2];
	char byte;
	if (count != 3 || pipe2(ends, O_CLOEXEC) != 0) return 2;
	ready_fd = ends[1];
	state = strtoull(arguments[1], NULL, 10) * 0x9E3779B97F4A7C15u + 1;
	unsigned size = (unsigned)strtoul(arguments[2], NULL, 10);
	dress();
	grow(size - 1);
	for (unsigned i = 1; i < size; i++) {
		if (read(ends[0], &byte, 1) != 1) return 1;
	}
	dprintf(STDOUT_FILENO, "ready\n");
	stay();
}
