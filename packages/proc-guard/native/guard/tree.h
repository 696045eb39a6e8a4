/* Everything that descends from us, found in /proc and signalled. */
#ifndef PROC_GUARD_TREE_H
#define PROC_GUARD_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct tree_count {
	/* Living descendants that are ours to end. */
	size_t alive;
	/* Those of them that are our own children, and were sent the signal. */
	size_t children;
	/* Those of them that had not been killed in an earlier pass: the others are dying. */
	size_t fresh;
	/* Those of these that are not stopped. */
	size_t running;
	/* Descendants of another user, which we may not signal. */
	size_t untouchable;
	/* Living descendants that are left alone: helpers of ours and detached programs. */
	size_t spared;
};

/* Takes the memory that the scans need, so that none is asked for when it counts. False with errno. */
bool tree_prepare(const char *own_cookie_entry);
/* A helper of ours: never counted, never signalled. */
void tree_spare(pid_t pid);
/* A namespace's first process: only ever killed, and then all below it. */
void tree_set_namespace_init(pid_t pid);
/*
 * One pass: sends SIGTERM (and wakes what is stopped; what another guard in the tree will tell is left to it),
 * SIGSTOP (to what runs) or SIGKILL. Detached programs are left alone. Between the pass and its last signal
 * nothing may be reaped.
 */
struct tree_count tree_signal(int signal);
/* True for what no signal is for: helpers of ours and detached programs. */
bool tree_spares(pid_t pid, pid_t session);
/* What has been sent SIGKILL and not been reaped. The first is false for one that has been noted already. */
bool tree_note_killed(pid_t pid);
bool tree_has_killed(pid_t pid);
void tree_note_reaped(pid_t pid);
/* Memory that is taken when it is written to. NULL with errno. */
void *reserve_memory(size_t size);

#endif
