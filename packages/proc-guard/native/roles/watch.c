#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../identity/identity.h"
#include "../system/descriptors.h"
#include "../system/execute.h"
#include "../system/kernel.h"
#include "../system/text.h"
#include "watch-list.h"

#define MAXIMUM_LINE 255
#define MAXIMUM_EVENTS 64

static struct {
	int epoll_fd;
	int parent_fd;
	char line[MAXIMUM_LINE + 1];
	size_t line_length;
	bool line_too_long;
	bool ended;
} watch = {.epoll_fd = -1, .parent_fd = -1};

static void say(const char *what, const char *about) {
	/* Without a reader there is nobody left to watch for. */
	if (!write_text(STDOUT_FILENO, what, " ", about, "\n", NULL)) watch.ended = true;
}

static bool listen_to(int fd) {
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};
	return epoll_ctl(watch.epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void add(const struct identity *identity, const char *text) {
	if (watch_list_find(identity) >= 0) return;
	int pidfd = -1;
	enum liveness liveness = identity_open(identity, &pidfd);
	if (liveness == LIVENESS_DEAD) say("dead", text);
	if (liveness == LIVENESS_UNKNOWN) say("unknown", text);
	if (liveness != LIVENESS_ALIVE) return;
	if (watch_list_add(pidfd, identity)) {
		if (listen_to(pidfd)) return;
		watch_list_remove(pidfd);
	}
	close(pidfd);
	say("unknown", text);
}

static void forget(int pidfd) {
	watch_list_remove(pidfd);
	close(pidfd);
}

static void take_line(const char *line) {
	struct identity identity;
	const char *space = strchr(line, ' ');
	const char *rest = space == NULL ? NULL : identity_parse(space + 1, &identity);
	bool adds = starts_with(line, "add ");
	if (!adds && !starts_with(line, "remove ")) {
		say("error", "a line is 'add <identity>' or 'remove <identity>'");
	} else if (rest == NULL || *rest != '\0') {
		say("error", "an identity is <bootId>:<pidNamespace>:<pid>:<startTime>");
	} else if (adds) {
		add(&identity, space + 1);
	} else {
		int pidfd = watch_list_find(&identity);
		if (pidfd >= 0) forget(pidfd);
	}
}

static void take_character(char character) {
	if (character != '\n') {
		/* A NUL would hide the rest of the line. */
		if (watch.line_length == MAXIMUM_LINE) watch.line_too_long = true;
		else watch.line[watch.line_length++] = character == '\0' ? '?' : character;
		return;
	}
	watch.line[watch.line_length] = '\0';
	if (watch.line_too_long) say("error", "a line is at most 255 bytes long");
	else take_line(watch.line);
	watch.line_length = 0;
	watch.line_too_long = false;
}

static void take_input(void) {
	char bytes[4096];
	ssize_t length = read(STDIN_FILENO, bytes, sizeof bytes);
	if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
	if (length <= 0) watch.ended = true;
	for (ssize_t i = 0; i < length && !watch.ended; i++) take_character(bytes[i]);
}

static void take_death(int pidfd) {
	const struct identity *identity = watch_list_get(pidfd);
	/* A line of the same batch may have closed this one, and its number may be another's by now. */
	struct pollfd entry = {.fd = pidfd, .events = POLLIN};
	if (identity == NULL || poll(&entry, 1, 0) != 1) return;
	char text[IDENTITY_TEXT_SIZE];
	identity_format(identity, text);
	forget(pidfd);
	say("dead", text);
}

/* It has to last as long as its parent's shutdown, whatever is sent to the whole group meanwhile. */
static void ignore_signals(void) {
	static const int IGNORED[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};
	struct sigaction action = {.sa_handler = SIG_IGN};
	for (size_t i = 0; i < sizeof IGNORED / sizeof IGNORED[0]; i++) (void)sigaction(IGNORED[i], &action, NULL);
}

static void raise_descriptor_limit(void) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool prepare(void) {
	int keep[] = {STDIN_FILENO, STDOUT_FILENO};
	pid_t parent = getppid();
	ignore_signals();
	raise_descriptor_limit();
	(void)prctl(PR_SET_PDEATHSIG, 0);
	(void)chdir("/");
	close_all_except(keep, sizeof keep / sizeof keep[0]);
	watch.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (watch.epoll_fd < 0) return false;
	/* The write end of stdin may have leaked to a process that lives on. */
	if (parent > 0) watch.parent_fd = kernel_pidfd_open(parent);
	if (watch.parent_fd >= 0 && !listen_to(watch.parent_fd)) return false;
	return parent == 0 || getppid() == parent;
}

int watch_processes(void) {
	if (!prepare()) return EXIT_GUARD_FAILED;
	if (!write_text(STDOUT_FILENO, "ready\n", NULL)) return 0;
	/* A file cannot be waited for: it is read to its end. */
	bool waits = listen_to(STDIN_FILENO);
	while (!waits && !watch.ended) take_input();
	while (!watch.ended) {
		struct epoll_event events[MAXIMUM_EVENTS];
		int count = epoll_wait(watch.epoll_fd, events, MAXIMUM_EVENTS, -1);
		for (int i = 0; i < count && !watch.ended; i++) {
			int fd = events[i].data.fd;
			if (fd == STDIN_FILENO) take_input();
			else if (fd == watch.parent_fd) watch.ended = true;
			else take_death(fd);
		}
	}
	return 0;
}
