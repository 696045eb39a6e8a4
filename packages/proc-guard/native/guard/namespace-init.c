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

struct first {
	/* 0 when it has ended. */
	pid_t command;
	int notes_fd;
	bool stopped;
	int stop_count;
};

static void reap(struct first *first) {
	for (;;) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);
		if (pid < 0 && errno == ECHILD) _exit(0);
		if (pid <= 0) return;
		if (pid != first->command) continue;
		first->stopped = WIFSTOPPED(status);
		if (WIFSTOPPED(status)) {
			first->stop_count++;
			tell(first->notes_fd, NOTE_STOPPED, WSTOPSIG(status));
		} else if (WIFCONTINUED(status)) {
			tell(first->notes_fd, NOTE_CONTINUED, 0);
		} else {
			tell(first->notes_fd, NOTE_ENDED, status);
			first->command = 0;
		}
	}
}

/* The guard queues what it forwards. What comes unqueued from outside was for the whole group, command included. */
static bool is_for_command(const struct first *first, const siginfo_t *info) {
	if (first->command == 0 || info->si_pid == first->command) return false;
	bool outside = info->si_pid == 0;
	if (info->si_code != SI_QUEUE) return !outside && (info->si_code == SI_USER || info->si_code == SI_TKILL);
	int stop = info->si_value.sival_int;
	/* A CONT for one stop does not undo the next. */
	if (outside && info->si_signo == SIGCONT && stop != 0) return first->stopped && stop == first->stop_count;
	return true;
}

void reap_in_namespace(pid_t command, int notes_fd) {
	struct first first = {.command = command, .notes_fd = notes_fd};
	/* All are blocked since before we were forked, so none is lost. */
	sigset_t all;
	sigfillset(&all);
	for (;;) {
		siginfo_t info;
		int signal = sigwaitinfo(&all, &info);
		if (signal <= 0) continue;
		reap(&first);
		if (signal != SIGCHLD && is_for_command(&first, &info)) (void)kill(first.command, signal);
	}
}
