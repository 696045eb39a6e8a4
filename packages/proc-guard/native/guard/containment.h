/* What holds the tree, besides the guard itself. */
#ifndef PROC_GUARD_CONTAINMENT_H
#define PROC_GUARD_CONTAINMENT_H

#include "guard.h"

/* Gets what was asked for ready. 0, or the exit code after a complaint. */
int prepare_containment(struct guard *guard, const struct identity *self);
/* Says why; returns the exit code. */
int explain_containment_failure(enum containment containment, int error);

#endif
