/* Starting the command. */
#ifndef PROC_GUARD_LAUNCH_H
#define PROC_GUARD_LAUNCH_H

#include <stdbool.h>

#include "guard.h"

/* What a child says through the launch pipe when it could not become the command. */
enum launch_step { LAUNCH_EXECUTE, LAUNCH_NAMESPACE };

struct launch_failure {
	enum launch_step step;
	int error;
};

struct launch {
	char **command;
	char **environment;
	/* The write end of the launch pipe. */
	int failure_fd;
	/* Who our parent must be. */
	pid_t parent;
};

/* In the child: never returns. */
_Noreturn void become_command(const struct launch *launch);
_Noreturn void fail_launch(const struct launch *launch, enum launch_step step, int error);

#endif
