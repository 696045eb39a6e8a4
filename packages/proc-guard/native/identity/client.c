#include "client.h"

#include <errno.h>
#include <unistd.h>

#include "../system/descriptors.h"
#include "../system/kernel.h"
#include "../system/process-stat.h"
#include "wrapper.h"

/* Long enough for any launcher; of a longer command line only the start is judged. */
#define COMMAND_LINE_SIZE 8192

static bool parent_of(pid_t pid, pid_t *parent) {
	if (pid == getpid()) {
		*parent = getppid();
		return true;
	}
	struct process_stat stat;
	if (!read_process_stat(pid, &stat)) return false;
	*parent = stat.parent;
	return true;
}

/* Opens `pid`'s parent. It is certainly the parent: it was so after the pidfd was open, so the pid was not reused. */
static enum client_search open_parent(pid_t pid, struct ancestor *ancestor, bool *readable) {
	pid_t parent;
	pid_t again;
	if (!parent_of(pid, &parent)) return CLIENT_DIED;
	if (parent == 0) return CLIENT_NONE;
	ancestor->pidfd = above_standard(kernel_pidfd_open(parent));
	if (ancestor->pidfd < 0) return errno == ESRCH ? CLIENT_DIED : CLIENT_UNSUPPORTED;
	*readable = identity_of(parent, &ancestor->identity);
	if (parent_of(pid, &again) && again == parent) return CLIENT_FOUND;
	close(ancestor->pidfd);
	return CLIENT_DIED;
}

static bool is_last(const struct ancestor *ancestor, const struct identity *wanted) {
	if (wanted != NULL) return identity_equal(&ancestor->identity, wanted);
	if (ancestor->identity.pid == 1) return true;
	char command_line[COMMAND_LINE_SIZE];
	ssize_t length = read_process_file(ancestor->identity.pid, "cmdline", command_line, sizeof command_line);
	return length < 0 || !is_wrapper(command_line, (size_t)length);
}

enum client_search find_client(pid_t pid, const struct identity *wanted, struct client_path *path) {
	path->count = 0;
	while (path->count < MAXIMUM_ANCESTORS) {
		struct ancestor *ancestor = &path->ancestors[path->count];
		bool readable = false;
		enum client_search found = open_parent(pid, ancestor, &readable);
		if (found == CLIENT_NONE || (found == CLIENT_FOUND && !readable)) {
			/* The nearest one that could be read is the client. */
			if (found == CLIENT_FOUND) close(ancestor->pidfd);
			break;
		}
		if (found != CLIENT_FOUND) return found;
		path->count++;
		if (is_last(ancestor, wanted)) return CLIENT_FOUND;
		pid = ancestor->identity.pid;
	}
	if (wanted == NULL && path->count > 0) return CLIENT_FOUND;
	while (path->count > 0) close(path->ancestors[--path->count].pidfd);
	return CLIENT_NONE;
}
