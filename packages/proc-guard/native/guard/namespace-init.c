#include "namespace-init.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../system/text.h"
#include "notes.h"

static void tell(int notes_fd, enum note_kind kind, int value) {
	struct note note = {.kind = kind, .value = value};
	(void)write_all(notes_fd, (const char *)&note, sizeof note);
}

/* Returns the command, or 0 when it has ended. */
static pid_t reap(pid_t command, int notes_fd) {
	for (;;) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);
		if (pid < 0 && errno == ECHILD) _exit(0);
		if (pid <= 0) return command;
		if (pid != command) continue;
		if (WIFSTOPPED(status)) {
			tell(notes_fd, NOTE_STOPPED, WSTOPSIG(status));
		} else if (WIFCONTINUED(status)) {
			tell(notes_fd, NOTE_CONTINUED, 0);
		} else {
			tell(notes_fd, NOTE_ENDED, status);
			command = 0;
		}
	}
}

static bool is_from_process(const siginfo_t *info) {
	return info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL;
}

void reap_in_namespace(pid_t command, int notes_fd) {
	/* All are blocked since before we were forked, so none is lost. */
	sigset_t all;
	sigfillset(&all);
	for (;;) {
		siginfo_t info;
		int signal = sigwaitinfo(&all, &info);
		if (signal == SIGCHLD) command = reap(command, notes_fd);
		else if (signal > 0 && command != 0 && is_from_process(&info) && info.si_pid != command) kill(command, signal);
	}
}
