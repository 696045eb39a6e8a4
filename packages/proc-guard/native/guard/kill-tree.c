#include "kill-tree.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include "children.h"
#include "tree.h"

/* A tree that outlives this many passes forks faster than we kill. */
#define PASSES_BEFORE_FREEZE 3
/* Bounds one attempt to freeze; the outer loop tries again. */
#define FREEZE_PASSES 200

/*
 * A fork storm: a stopped process keeps its slot and forks no more, so that each pass has fewer to find, where
 * killing at once would make room for others.
 */
static void freeze_tree(struct guard *guard) {
	for (int pass = 0; pass < FREEZE_PASSES; pass++) {
		if (tree_signal(SIGSTOP).running == 0) return;
		if (reap_children(guard).none_left) return;
	}
}

bool kill_tree(struct guard *guard) {
	bool untouchable_left = false;
	/* We race with what we kill. Only root may do this; others go without. */
	(void)setpriority(PRIO_PROCESS, 0, -20);
	for (int pass = 0;; pass++) {
		if (reap_children(guard).none_left) return !untouchable_left;
		if (pass >= PASSES_BEFORE_FREEZE) freeze_tree(guard);
		struct tree_count count = tree_signal(SIGKILL);
		untouchable_left = count.untouchable > 0;
		/* A process can only have slipped through the pass if an ancestor of it, one of our children, has died. */
		if (count.alive == 0 && reap_children(guard).reaped == 0) return !untouchable_left;
		/* Those are certain to die, and to be reaped by us alone. */
		for (size_t i = 0; i < count.children; i++) {
			if (!wait_for_child(guard)) return !untouchable_left;
		}
		if (count.children == 0) (void)sched_yield();
	}
}
