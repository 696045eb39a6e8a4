#include "job-control.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "children.h"

static size_t list_client(const struct guard *guard, int fds[MAXIMUM_ANCESTORS]) {
	for (size_t i = 0; i < guard->client.count; i++) fds[i] = guard->client.ancestors[i].pidfd;
	return guard->client.count;
}

/*
 * A stopped guard sees nothing. While it is stopped, this process looks out for the client and wakes it. It has
 * a session of its own, so that what stops or kills the group does not reach it.
 */
_Noreturn static void look_out(const struct guard *guard, pid_t guard_pid) {
	int fds[MAXIMUM_ANCESTORS];
	struct pollfd entries[MAXIMUM_ANCESTORS];
	(void)setsid();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	size_t count = list_client(guard, fds);
	close_all_except(fds, count);
	for (size_t i = 0; i < count; i++) entries[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	if (getppid() == guard_pid && poll(entries, count, -1) > 0 && getppid() == guard_pid) {
		(void)kill(guard_pid, SIGCONT);
	}
	_exit(0);
}

void continue_command(const struct guard *guard) {
	/* In a namespace this is late: the number tells which stop is meant, so that a newer one is not undone. */
	union sigval stop = {.sival_int = guard->stop_count};
	if (guard->notes_fd >= 0) (void)sigqueue(guard->leader, SIGCONT, stop);
	else (void)kill(guard->leader, SIGCONT);
}

/* The default action, which is to stop; returns when we are continued. */
static void stop_self(int signal) {
	sigset_t only;
	sigset_t before;
	sigemptyset(&only);
	sigaddset(&only, signal);
	(void)kill(getpid(), signal);
	(void)sigprocmask(SIG_UNBLOCK, &only, &before);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	/* The CONT that woke us has been used up. */
	struct timespec no_time = {0};
	sigset_t continued;
	sigemptyset(&continued);
	sigaddset(&continued, SIGCONT);
	(void)sigtimedwait(&continued, NULL, &no_time);
}

static void end_lookout(struct guard *guard) {
	if (guard->lookout <= 0) return;
	/* Our own child, not reaped yet: no other process can have its pid. */
	(void)kill(guard->lookout, SIGKILL);
	(void)waitpid(guard->lookout, NULL, 0);
	guard->lookout = 0;
}

struct command_change stop_with_command(struct guard *guard, int signal) {
	pid_t guard_pid = getpid();
	guard->lookout = guard->client.count == 0 ? 0 : fork();
	if (guard->lookout == 0 && getpid() != guard_pid) look_out(guard, guard_pid);
	struct command_change change = reap_children(guard).change;
	/* Continued already, or ended. */
	bool still_stopped = guard->command_stopped && !guard->command_ended;
	if (still_stopped) stop_self(signal);
	end_lookout(guard);
	if (!still_stopped) return change;
	change = reap_children(guard).change;
	/* A new stop, too, tells that it was continued in between: the kernel keeps only the last change. */
	bool was_continued = change.continued || change.stopped_by != 0;
	/* `fg` and `bg` continue the whole group, the command first; others may have meant only us. */
	if (!was_continued && guard->leader > 0) continue_command(guard);
	return change;
}
