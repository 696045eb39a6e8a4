#include "launch.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../system/execute.h"
#include "../system/text.h"

extern char **environ;

void fail_launch(const struct launch *launch, enum launch_step step, int error) {
	struct launch_failure failure = {.step = step, .error = error};
	(void)write_all(launch->failure_fd, (const char *)&failure, sizeof failure);
	_exit(EXIT_GUARD_FAILED);
}

void become_command(const struct launch *launch) {
	/* In this order: if the guard died before the first line, only the second one tells. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != launch->parent) _exit(EXIT_GUARD_FAILED);
	reset_signals_for_command();
	environ = launch->environment;
	execvp(launch->command[0], launch->command);
	fail_launch(launch, LAUNCH_EXECUTE, errno);
}
