#include "kill-tree.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "children.h"
#include "listed-tree.h"
#include "tree.h"

/* A tree in which this many passes in a row have found something new forks faster than we kill. */
#define PASSES_BEFORE_FREEZE 8
/* Bounds one attempt to freeze; the outer loop tries again. */
#define FREEZE_PASSES 200
/* How long to wait for a death that the kernel may report to somebody else. */
#define UNSURE_WAIT_MS 20

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

/* SIGCHLD is blocked, so it stays until it is taken here. */
static void wait_a_little(void) {
	struct timespec limit = {.tv_nsec = UNSURE_WAIT_MS * 1000000L};
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	(void)sigtimedwait(&child, NULL, &limit);
}

/* All that is left is dying, perhaps waiting for a processor: our passes would only be in its way. False: none left. */
static bool wait_for_the_dying(struct guard *guard, const struct tree_count *count) {
	/* A child of ours that we may not signal may keep the deaths below it to itself. */
	if (count->untouchable > 0) {
		wait_a_little();
		return true;
	}
	/* Whatever is alive descends from a child of ours that is dying, or dead and not reaped. */
	size_t certain = count->children > 0 ? count->children : 1;
	for (size_t i = 0; i < certain; i++) {
		if (!wait_for_child(guard, -1)) return false;
	}
	return true;
}

bool kill_tree(struct guard *guard) {
	bool untouchable_left = false;
	int fresh_passes = 0;
	for (;;) {
		if (reap_children(guard).none_left) return !untouchable_left;
		if (fresh_passes >= PASSES_BEFORE_FREEZE) {
			/* Now it is a race. Only root may do this; others go without. */
			(void)setpriority(PRIO_PROCESS, 0, -20);
			freeze_tree(guard);
		}
		struct listed_count listed = listed_tree_kill();
		fresh_passes = listed.fresh > 0 ? fresh_passes + 1 : 0;
		if (listed.children > 0 && listed.untouchable == 0) {
			(void)wait_for_child(guard, listed.last_child);
			continue;
		}
		/* The lists do not tell for certain that nothing is left. */
		struct tree_count count = tree_signal(SIGKILL);
		untouchable_left = count.untouchable > 0;
		if (listed.fresh == 0 && count.fresh > 0) fresh_passes++;
		/* A process can only have slipped through the pass if an ancestor of it, one of our children, has died. */
		if (count.alive == 0 && reap_children(guard).reaped == 0) return !untouchable_left;
		if (count.alive > 0 && !wait_for_the_dying(guard, &count)) return !untouchable_left;
	}
}
