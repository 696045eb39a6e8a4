/* What holds the tree, besides the guard itself. */
#ifndef PROC_GUARD_CONTAINMENT_H
#define PROC_GUARD_CONTAINMENT_H

#include "guard.h"

/* Says why; returns the exit code. */
int explain_containment_failure(enum containment containment, int error);

#endif
