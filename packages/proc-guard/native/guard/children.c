#include "children.h"

#include <errno.h>
#include <sys/wait.h>

#include "notes.h"
#include "tree.h"

static void note_end(struct guard *guard, pid_t pid, int status) {
	tree_note_reaped(pid);
	if (pid == guard->lookout) guard->lookout = 0;
	if (pid != guard->leader) return;
	guard->leader = 0;
	/* In a namespace the command's own end was noted first; without a note, its first process was killed. */
	(void)read_notes(guard);
	if (guard->command_ended) return;
	guard->command_ended = true;
	guard->command_status = status;
}

struct children_report reap_children(struct guard *guard) {
	struct children_report report = {.change = read_notes(guard)};
	for (;;) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED);
		if (pid == 0) return report;
		if (pid < 0) {
			report.none_left = errno == ECHILD;
			return report;
		}
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			report.reaped++;
			note_end(guard, pid, status);
		} else if (pid == guard->leader && guard->notes_fd < 0) {
			note_change(guard, &report.change, WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
		}
	}
}

bool wait_for_child(struct guard *guard, pid_t which) {
	int status = 0;
	pid_t pid = waitpid(which, &status, 0);
	if (pid < 0) return errno != ECHILD;
	note_end(guard, pid, status);
	return true;
}
