/* A pid namespace around the command: the kernel ends all in it with its first process, and that one with us. */
#ifndef PROC_GUARD_NAMESPACE_H
#define PROC_GUARD_NAMESPACE_H

#include "guard.h"
#include "launch.h"

/* Starts the first process, which starts the command. Returns its pid, or -1 with errno. */
pid_t start_in_namespace(struct guard *guard, struct launch *launch);

#endif
