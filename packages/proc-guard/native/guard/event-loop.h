#ifndef PROC_GUARD_EVENT_LOOP_H
#define PROC_GUARD_EVENT_LOOP_H

#include "guard.h"

/* Guards until the command and all that descends from it are gone. Returns the guard's exit code, or -1: as the command. */
int guard_until_the_end(struct guard *guard);

#endif
