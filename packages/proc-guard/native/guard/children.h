/* Our children: the command, and whatever its tree has orphaned, since we are a subreaper. */
#ifndef PROC_GUARD_CHILDREN_H
#define PROC_GUARD_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>

#include "guard.h"

struct children_report {
	size_t reaped;
	/* No child is left, so no descendant is. */
	bool none_left;
	struct command_change change;
};

/* Takes all that the kernel has to say, without waiting. */
struct children_report reap_children(struct guard *guard);
/* Waits until this one has ended, or any for -1. False when there is none. */
bool wait_for_child(struct guard *guard, pid_t which);

#endif
