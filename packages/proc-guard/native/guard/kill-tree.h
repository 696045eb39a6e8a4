#ifndef PROC_GUARD_KILL_TREE_H
#define PROC_GUARD_KILL_TREE_H

#include <stdbool.h>

#include "guard.h"

/*
 * Kills and reaps until no descendant is left that is ours to end. Does not return before. False when something
 * is left that belongs to another user.
 */
bool kill_tree(struct guard *guard);

#endif
