#include "replace.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../identity/cookie.h"
#include "../system/execute.h"
#include "../system/text.h"
#include "help.h"

static int execute(char **command) {
	reset_signals_for_command();
	execvp(command[0], command);
	return explain_execute_failure(command[0], errno);
}

/* Only before the command: `exec -- node --help` is not for us. The launcher puts --parent PID first. */
static bool wants_help(char **arguments) {
	while (*arguments != NULL && strcmp(*arguments, "--parent") == 0 && arguments[1] != NULL) arguments += 2;
	return asks_for_help(*arguments);
}

/* Where the command starts, or NULL after a complaint. Sets *parent when --parent is allowed and given. */
static char **find_command(const char *role, char **arguments, uint64_t *parent) {
	while (*arguments != NULL && (*arguments)[0] == '-') {
		const char *flag = *arguments++;
		if (strcmp(flag, "--") == 0) break;
		if (parent != NULL && strcmp(flag, "--parent") == 0 && *arguments != NULL &&
		    parse_whole_number(*arguments, INT32_MAX, parent) && *parent > 0) {
			arguments++;
			continue;
		}
		complain(role, " does not know the flag '", flag, "', or its value is wrong.", NULL);
		return NULL;
	}
	if (*arguments != NULL) return arguments;
	complain(role, " needs a command.", NULL);
	return NULL;
}

int execute_tied_to_parent(char **arguments) {
	if (wants_help(arguments)) return show_exec_help();
	uint64_t expected = 0;
	pid_t parent = getppid();
	char **command = find_command("exec", arguments, &expected);
	if (command == NULL) return EXIT_USAGE;
	if (expected != 0) parent = (pid_t)expected;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* If it died before the line above, no signal comes. */
	if (getppid() == parent) return execute(command);
	complain("the parent has already ended; nothing was started.", NULL);
	return EXIT_GUARD_FAILED;
}

int execute_detached(char **arguments) {
	if (wants_help(arguments)) return show_detach_help();
	char **command = find_command("detach", arguments, NULL);
	if (command == NULL) return EXIT_USAGE;
	if (unsetenv(COOKIE_NAME) != 0 || setenv(DETACHED_NAME, "1", 1) != 0) return EXIT_GUARD_FAILED;
	(void)prctl(PR_SET_PDEATHSIG, 0);
	if (setsid() < 0) {
		/* The leader of a group cannot start a session; its child can. */
		pid_t child = fork();
		if (child < 0) {
			complain("cannot start: ", describe_error(errno), ".", NULL);
			return EXIT_GUARD_FAILED;
		}
		if (child > 0) return 0;
		(void)setsid();
	}
	return execute(command);
}
