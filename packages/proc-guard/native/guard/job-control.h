#ifndef PROC_GUARD_JOB_CONTROL_H
#define PROC_GUARD_JOB_CONTROL_H

#include "guard.h"

/*
 * Stops the guard as its command was stopped, so that a shell sees the job stop. Returns when it is continued, or
 * when the client has died.
 */
void stop_with_command(struct guard *guard, int signal);

#endif
