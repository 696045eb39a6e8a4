#include "signal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "../identity/identity.h"
#include "../system/execute.h"
#include "../system/kernel.h"
#include "../system/text.h"

#define MAXIMUM_IDENTITIES 1024

static const struct {
	const char *name;
	int number;
} SIGNALS[] = {{"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"TERM", SIGTERM},
               {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}, {"TSTP", SIGTSTP}};

/* `TERM` or `SIGTERM`; 0 where there is no such name. */
static int signal_number(const char *name) {
	if (starts_with(name, "SIG")) name += strlen("SIG");
	for (size_t i = 0; i < sizeof SIGNALS / sizeof SIGNALS[0]; i++) {
		if (strcmp(name, SIGNALS[i].name) == 0) return SIGNALS[i].number;
	}
	return 0;
}

static bool are_identities(char **arguments) {
	size_t count = 0;
	for (; arguments[count] != NULL && count < MAXIMUM_IDENTITIES; count++) {
		struct identity identity;
		const char *rest = identity_parse(arguments[count], &identity);
		if (rest == NULL || *rest != '\0') return false;
	}
	return count > 0 && arguments[count] == NULL;
}

/* What the pidfd stands for was compared after it was open, so the signal cannot reach another. */
static const char *signal_one(const struct identity *identity, int signal) {
	int pidfd = -1;
	enum liveness liveness = identity_open(identity, &pidfd);
	if (liveness == LIVENESS_DEAD) return "gone ";
	if (liveness == LIVENESS_UNKNOWN) return "error cannot be looked at: ";
	bool sent = kernel_pidfd_send_signal(pidfd, signal) == 0;
	int error = errno;
	close(pidfd);
	if (sent) return "sent ";
	if (error == ESRCH) return "gone ";
	return error == EPERM ? "denied " : "error the kernel refused: ";
}

int signal_processes(char **arguments) {
	int signal = arguments[0] == NULL ? 0 : signal_number(arguments[0]);
	if (signal == 0) {
		complain("signal takes one of HUP INT QUIT KILL TERM USR1 USR2 CONT STOP TSTP, then identities.", NULL);
		return EXIT_USAGE;
	}
	/* All are looked at before the first signal: a wrong command line changes nothing. */
	if (!are_identities(arguments + 1)) {
		complain("signal takes 1 to 1024 identities, each <bootId>:<pidNamespace>:<pid>:<startTime>.", NULL);
		return EXIT_USAGE;
	}
	for (char **text = arguments + 1; *text != NULL; text++) {
		struct identity identity;
		(void)identity_parse(*text, &identity);
		/* Who asked wants all of them signalled, also when nobody reads the answers. */
		(void)write_text(STDOUT_FILENO, signal_one(&identity, signal), *text, "\n", NULL);
	}
	return 0;
}
