/* Becoming another program, with the exit codes that a shell would give. */
#ifndef PROC_GUARD_EXECUTE_H
#define PROC_GUARD_EXECUTE_H

enum exit_code {
	EXIT_USAGE = 2,
	EXIT_TAKEN = 75,
	EXIT_GUARD_FAILED = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL_BASE = 128
};

/* What Node and Python ignore would stay ignored in the command; a blocked signal would stay blocked. */
void reset_signals_for_command(void);
/* Says why `command` could not be executed; returns the exit code. */
int explain_execute_failure(const char *command, int error);
/* A few words on an errno, without the C library's table of messages. */
const char *describe_error(int error);

#endif
