#ifndef PROC_GUARD_JOB_CONTROL_H
#define PROC_GUARD_JOB_CONTROL_H

#include "guard.h"

/*
 * Stops the guard as its command was stopped, so that a shell sees the job stop, until it is continued or the client
 * has died. Says what happened to the command meanwhile: it may have stopped again.
 */
struct command_change stop_with_command(struct guard *guard, int signal);
/* CONT for a command that has not got it directly. */
void continue_command(const struct guard *guard);

#endif
