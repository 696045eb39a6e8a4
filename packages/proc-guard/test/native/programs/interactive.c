/*
 * A program that lives at a terminal or a pipe: counts the signals that it gets and answers lines.
 * `interactive SIGNALS`: those it handles, of `i`NT, `t`ERM, `w`INCH, `u`SR1, `h`UP. Lines: `q` ends it with code 7, anything else
 * is answered with `got <line> <signals so far>`.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int count_of[65];

static int number_of(char letter) {
	switch (letter) {
	case 'i':
		return SIGINT;
	case 't':
		return SIGTERM;
	case 'w':
		return SIGWINCH;
	case 'u':
		return SIGUSR1;
	default:
		return SIGHUP;
	}
}

static void take_signal(int fd) {
	struct signalfd_siginfo info;
	struct winsize size = {0};
	if (read(fd, &info, sizeof info) != sizeof info) return;
	int number = (int)info.ssi_signo;
	count_of[number]++;
	(void)ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	if (number == SIGWINCH) dprintf(STDOUT_FILENO, "size %dx%d\n", size.ws_row, size.ws_col);
	else dprintf(STDOUT_FILENO, "signal %d\n", number);
}

int main(int count, char **arguments) {
	sigset_t handled;
	sigemptyset(&handled);
	for (const char *letter = count > 1 ? arguments[1] : ""; *letter != '\0'; letter++) {
		sigaddset(&handled, number_of(*letter));
	}
	sigprocmask(SIG_BLOCK, &handled, NULL);
	int fd = signalfd(-1, &handled, SFD_CLOEXEC);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	struct pollfd entries[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	for (;;) {
		if (poll(entries, 2, -1) < 0) continue;
		if (entries[1].revents != 0) take_signal(fd);
		if (entries[0].revents == 0) continue;
		char line[256];
		ssize_t length = read(STDIN_FILENO, line, sizeof line - 1);
		if (length < 0 && errno == EINTR) continue;
		if (length <= 0) return 0;
		line[length] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		if (strcmp(line, "q") == 0) return 7;
		int signals = 0;
		for (int i = 1; i < 65; i++) signals += count_of[i];
		dprintf(STDOUT_FILENO, "got %s %d\n", line, signals);
	}
}
