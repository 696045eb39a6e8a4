/*
 * state    | event                              | next
 * ---------+------------------------------------+---------------------------------------------------------------
 * RUNNING  | client or wrapper dead             | ENDING (TERM to all), or KILLING where graceMs is 0
 * RUNNING  | command ended, nothing else left   | ENDED
 * RUNNING  | command ended, something left      | as for a dead client
 * RUNNING  | TERM or HUP from a process         | RUNNING, with a deadline; the signal goes to the command
 * RUNNING  | deadline                           | as for a dead client, but with a short grace (see last_deadline)
 * RUNNING  | command stopped                    | RUNNING, after we were stopped and continued likewise
 * ENDING   | nothing left                       | ENDED
 * ENDING   | deadline                           | KILLING, which does not return before nothing is left: ENDED
 */
#include "event-loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "../system/execute.h"
#include "cgroup.h"
#include "children.h"
#include "containment.h"
#include "deadline.h"
#include "job-control.h"
#include "kill-tree.h"
#include "launch.h"
#include "tree.h"

/* After TERM or HUP: what others get between their TERM and KILL. All has to be over within a second of ours. */
#define LAST_GRACE_MS 150

enum state { STATE_RUNNING, STATE_ENDING, STATE_ENDED };

struct loop {
	struct guard *guard;
	enum state state;
	uint64_t deadline_ms;
	bool told_to_end;
	/* Something stays that is not ours to end, so the kernel will not say that nothing is left. */
	bool something_stays;
	int exit_code;
};

enum { ENTRY_SIGNALS, ENTRY_LAUNCH, ENTRY_NOTES, ENTRY_CLIENT };

static void kill_all(struct loop *loop) {
	cgroup_kill();
	if (!kill_tree(loop->guard) && !loop->guard->command_ended) loop->exit_code = EXIT_GUARD_FAILED;
	loop->state = STATE_ENDED;
}

static uint64_t last_deadline(const struct loop *loop) {
	uint64_t grace_ms = loop->guard->options.grace_ms;
	if (!loop->told_to_end) return now_ms() + grace_ms;
	uint64_t short_ms = now_ms() + (grace_ms < LAST_GRACE_MS ? grace_ms : LAST_GRACE_MS);
	return loop->deadline_ms > short_ms ? loop->deadline_ms : short_ms;
}

static void begin_ending(struct loop *loop) {
	if (loop->state != STATE_RUNNING) return;
	if (loop->guard->options.grace_ms == 0) {
		kill_all(loop);
		return;
	}
	loop->deadline_ms = last_deadline(loop);
	loop->state = STATE_ENDING;
	struct tree_count count = tree_signal(SIGTERM);
	loop->something_stays = count.spared + count.untouchable > 0;
	if (count.alive > 0) return;
	/* Only what is not ours to end, or what slipped through while it died: kill_tree knows. */
	kill_all(loop);
}

/* The command has what it needs: from here on we hold nothing that we were given. */
static void let_go(struct guard *guard) {
	int keep[MAXIMUM_ANCESTORS + CGROUP_DESCRIPTORS + 3];
	size_t count = cgroup_descriptors(keep);
	for (size_t i = 0; i < guard->client.count; i++) keep[count++] = guard->client.ancestors[i].pidfd;
	keep[count++] = guard->signal_fd;
	keep[count++] = guard->notes_fd;
	keep[count++] = guard->instance_fd;
	close_all_except(keep, count);
	(void)chdir("/");
}

static int explain_launch_failure(const struct guard *guard, const struct launch_failure *failure) {
	if (failure->step == LAUNCH_EXECUTE) {
		return explain_execute_failure(guard->options.command[0], failure->error);
	}
	return explain_containment_failure(guard->containment, failure->error);
}

static void take_launch(struct loop *loop) {
	struct guard *guard = loop->guard;
	struct launch_failure failure;
	ssize_t length = read(guard->launch_fd, &failure, sizeof failure);
	if (length < 0 && errno == EINTR) return;
	if (length == (ssize_t)sizeof failure) loop->exit_code = explain_launch_failure(guard, &failure);
	close(guard->launch_fd);
	guard->launch_fd = -1;
	let_go(guard);
}

static void take_children(struct loop *loop) {
	struct guard *guard = loop->guard;
	struct children_report report = reap_children(guard);
	/* An older death has brought us here, and the command has failed to start meanwhile: it has said why. */
	if (guard->command_ended && guard->launch_fd >= 0) take_launch(loop);
	while (report.change.stopped_by != 0 && loop->state == STATE_RUNNING) {
		report.change = stop_with_command(guard, report.change.stopped_by);
	}
	if (report.none_left) {
		loop->state = STATE_ENDED;
		return;
	}
	if (guard->command_ended && loop->state == STATE_RUNNING) {
		begin_ending(loop);
		return;
	}
	bool may_be_all = loop->state == STATE_ENDING && loop->something_stays && report.reaped > 0;
	/* Signal 0 only counts. */
	if (may_be_all && tree_signal(0).alive == 0) kill_all(loop);
}

static void forward(const struct loop *loop, const struct signalfd_siginfo *info) {
	const struct guard *guard = loop->guard;
	if (guard->leader == 0 || (pid_t)info->ssi_pid == guard->leader) return;
	int signal = (int)info->ssi_signo;
	bool in_namespace = guard->notes_fd >= 0;
	union sigval value = {.sival_ptr = (void *)(uintptr_t)info->ssi_ptr};
	/* A namespace's first process takes from us only what is queued: the rest was for the whole group. */
	if (in_namespace) value.sival_int = 0;
	if ((in_namespace || info->ssi_code == SI_QUEUE) && sigqueue(guard->leader, signal, value) == 0) return;
	(void)kill(guard->leader, signal);
}

static void take_signal(struct loop *loop, const struct signalfd_siginfo *info) {
	bool from_process = info->ssi_code == SI_USER || info->ssi_code == SI_QUEUE || info->ssi_code == SI_TKILL;
	if (!from_process) return;
	forward(loop, info);
	if (info->ssi_signo != SIGTERM && info->ssi_signo != SIGHUP) return;
	if (loop->told_to_end || loop->state != STATE_RUNNING) return;
	loop->told_to_end = true;
	loop->deadline_ms = now_ms() + loop->guard->options.grace_ms;
}

static void take_signals(struct loop *loop) {
	struct signalfd_siginfo infos[8];
	ssize_t length = read(loop->guard->signal_fd, infos, sizeof infos);
	if (length <= 0) return;
	take_children(loop);
	for (size_t i = 0; i < (size_t)length / sizeof infos[0] && loop->state != STATE_ENDED; i++) {
		take_signal(loop, &infos[i]);
	}
}

static void watch_entries(const struct guard *guard, const struct loop *loop, struct pollfd *entries, nfds_t *count) {
	entries[ENTRY_SIGNALS].fd = guard->signal_fd;
	entries[ENTRY_LAUNCH].fd = guard->launch_fd;
	entries[ENTRY_NOTES].fd = guard->notes_fd;
	*count = ENTRY_CLIENT;
	/* A dead client stays readable: once is enough. */
	if (loop->state != STATE_RUNNING) return;
	for (size_t i = 0; i < guard->client.count; i++) entries[(*count)++].fd = guard->client.ancestors[i].pidfd;
}

static void take_deadline(struct loop *loop) {
	if (loop->state == STATE_RUNNING) begin_ending(loop);
	else kill_all(loop);
}

int guard_until_the_end(struct guard *guard) {
	struct loop loop = {.guard = guard, .deadline_ms = NO_DEADLINE, .exit_code = -1};
	struct pollfd entries[ENTRY_CLIENT + MAXIMUM_ANCESTORS];
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) entries[i].events = POLLIN;
	while (loop.state != STATE_ENDED) {
		nfds_t count;
		watch_entries(guard, &loop, entries, &count);
		if (poll(entries, count, time_left_ms(loop.deadline_ms)) < 0) continue;
		/* The launch first: a failure must be said while we still have stderr. */
		if (entries[ENTRY_LAUNCH].revents != 0 && guard->launch_fd >= 0) take_launch(&loop);
		if (entries[ENTRY_SIGNALS].revents != 0) take_signals(&loop);
		if (entries[ENTRY_NOTES].revents != 0 && loop.state != STATE_ENDED) take_children(&loop);
		for (nfds_t i = ENTRY_CLIENT; i < count && loop.state == STATE_RUNNING; i++) {
			if (entries[i].revents != 0) begin_ending(&loop);
		}
		/* Looked at every time: a tree that forks and dies without end leaves no quiet moment. */
		if (loop.state != STATE_ENDED && time_left_ms(loop.deadline_ms) == 0) take_deadline(&loop);
	}
	return loop.exit_code;
}
