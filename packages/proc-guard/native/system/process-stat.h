/* What /proc/<pid>/stat says about a process. */
#ifndef PROC_GUARD_PROCESS_STAT_H
#define PROC_GUARD_PROCESS_STAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_stat {
	pid_t pid;
	pid_t parent;
	pid_t session;
	uint64_t start_time;
	uint64_t threads;
	char state;
	/* False for a zombie, unless other threads of it live on. */
	bool alive;
};

/* Opens a file below /proc/<pid>; -1 with errno. */
int open_process_file(pid_t pid, const char *name);
/* Reads all that fits, ends it with NUL. Returns the length, or -1. */
ssize_t read_process_file(pid_t pid, const char *name, char *bytes, size_t size);
bool read_process_stat(pid_t pid, struct process_stat *stat);

#endif
