#include "job-control.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../system/descriptors.h"

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

void stop_with_command(struct guard *guard, int signal) {
	pid_t guard_pid = getpid();
	pid_t lookout = guard->client.count == 0 ? -1 : fork();
	if (lookout == 0) look_out(guard, guard_pid);
	sigset_t only;
	sigset_t before;
	sigemptyset(&only);
	sigaddset(&only, signal);
	(void)kill(guard_pid, signal);
	/* Here we stop, until somebody sends CONT. */
	(void)sigprocmask(SIG_UNBLOCK, &only, &before);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (lookout < 0) return;
	/* Our own child, not reaped yet: no other process can have its pid. */
	(void)kill(lookout, SIGKILL);
	(void)waitpid(lookout, NULL, 0);
}
