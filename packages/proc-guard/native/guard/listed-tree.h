/* The tree as the kernel's lists of children have it: found without a look at the rest of the machine. */
#ifndef PROC_GUARD_LISTED_TREE_H
#define PROC_GUARD_LISTED_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct listed_count {
	/* Children of ours that have been sent SIGKILL, now or before, and have not been reaped. */
	size_t children;
	/* The last of them, or 0. */
	pid_t last_child;
	/* Processes that were sent it for the first time. */
	size_t fresh;
	/* Processes of another user, which we may not signal. */
	size_t untouchable;
};

/* Takes the memory that the passes need. False with errno. */
bool listed_tree_prepare(void);
/*
 * One pass: SIGKILL to our children, theirs, and as far down as a look is cheap. What is below, and what has moved in the
 * tree meanwhile, is a child of ours once those above it have died, and a later pass finds it. Finds nothing where the kernel keeps no such lists
 * (CONFIG_PROC_CHILDREN).
 */
struct listed_count listed_tree_kill(void);

#endif
