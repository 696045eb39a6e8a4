/*
 * terminal STEP… -- COMMAND…: a terminal with a small shell that starts the command as a job, in the foreground of a
 * process group of its own, as a shell with job control does. Prints what the shell sees of the job, so that a guarded
 * command can be compared with a bare one. Steps, in order:
 *   expect=TEXT   wait until the terminal has shown TEXT (after what was expected before)
 *   send=TEXT     type TEXT
 *   size=RxC      resize the terminal
 *   job           wait until the shell has something to say about the job, and print it
 *   fg, bg        continue the job in the foreground or the background
 *   kill-shell    SIGKILL the shell; ends when the terminal has been closed by all who had it
 * Every wait is bounded. Exit code 0 when all steps were done.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define DEADLINE_MS 45000

static char shown[1 << 16];
static size_t shown_length;
static size_t shown_seen;

static pid_t watched_shell;

/* Who is stopped, in which group, and whose the foreground is: tells a lost signal from a lost line. */
static void show_session(void) {
	char path[64];
	char line[512];
	for (int pid = 1; pid <= 4194304; pid++) {
		snprintf(path, sizeof path, "/proc/%d/stat", pid);
		FILE *file = fopen(path, "r");
		if (file == NULL) continue;
		char *rest = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
		char state = '?';
		int numbers[5] = {0};
		int count = rest == NULL ? 0 : sscanf(rest, ") %c %d %d %d %d %d", &state, numbers, numbers + 1, numbers + 2,
		                                      numbers + 3, numbers + 4);
		if (count == 6 && numbers[2] == watched_shell) {
			printf("pid %d state %c parent %d group %d foreground %d\n", pid, state, numbers[0], numbers[1], numbers[4]);
		}
		fclose(file);
	}
}

static void give_up(const char *why) {
	printf("FAILED at %s; shown: %s\n", why, shown + shown_seen);
	show_session();
	fflush(stdout);
	exit(1);
}

static void to_foreground(pid_t group) {
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(STDIN_FILENO, group);
}

static void run_job(char **command) {
	setpgid(0, 0);
	to_foreground(getpid());
	signal(SIGTTOU, SIG_DFL);
	execvp(command[0], command);
	_exit(127);
}

/* Takes `f` and `b` from `orders`, writes a line on each change of the job to `news`. */
static void be_shell(char **command, int orders, FILE *news) {
	signal(SIGTTOU, SIG_IGN);
	pid_t job = fork();
	if (job == 0) run_job(command);
	setpgid(job, job);
	for (;;) {
		int status = 0;
		if (waitpid(job, &status, WUNTRACED) != job) _exit(1);
		to_foreground(getpgrp());
		if (WIFSTOPPED(status)) fprintf(news, "stopped %d\n", WSTOPSIG(status));
		if (WIFEXITED(status)) fprintf(news, "exited %d\n", WEXITSTATUS(status));
		if (WIFSIGNALED(status)) fprintf(news, "signalled %d\n", WTERMSIG(status));
		fflush(news);
		char order;
		if (!WIFSTOPPED(status) || read(orders, &order, 1) != 1) _exit(0);
		if (order == 'f') to_foreground(job);
		kill(-job, SIGCONT);
	}
}

static int open_terminal(const char **name) {
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) exit(1);
	*name = ptsname(terminal);
	return terminal;
}

static pid_t start_shell(const char *name, int terminal, char **command, int orders, int news) {
	pid_t shell = fork();
	if (shell != 0) return shell;
	setsid();
	int tty = open(name, O_RDWR);
	struct termios modes;
	tcgetattr(tty, &modes);
	/* What is typed is not shown, so that only what the job says is. */
	modes.c_lflag &= ~(tcflag_t)ECHO;
	/* A terminal drops its output after the signal of a Ctrl-C, and with it what the job has said about that already. */
	modes.c_lflag |= NOFLSH;
	tcsetattr(tty, TCSANOW, &modes);
	dup2(tty, 0);
	dup2(tty, 1);
	dup2(tty, 2);
	if (tty > 2) close(tty);
	close(terminal);
	be_shell(command, orders, fdopen(news, "w"));
	_exit(1);
}

/* False when nobody has the terminal any more. */
static int read_terminal(int terminal) {
	struct pollfd entry = {.fd = terminal, .events = POLLIN};
	if (poll(&entry, 1, DEADLINE_MS) <= 0) give_up("waiting for the terminal");
	ssize_t length = read(terminal, shown + shown_length, sizeof shown - 1 - shown_length);
	if (length <= 0) return 0;
	shown_length += (size_t)length;
	shown[shown_length] = '\0';
	return 1;
}

static void expect(int terminal, const char *text) {
	for (;;) {
		const char *found = strstr(shown + shown_seen, text);
		if (found != NULL) {
			shown_seen = (size_t)(found - shown) + strlen(text);
			return;
		}
		if (!read_terminal(terminal)) give_up(text);
	}
}

static void print_news(int news) {
	char byte;
	struct pollfd entry = {.fd = news, .events = POLLIN};
	printf("job: ");
	do {
		if (poll(&entry, 1, DEADLINE_MS) <= 0 || read(news, &byte, 1) != 1) give_up("job");
		putchar(byte);
	} while (byte != '\n');
}

static void resize(int terminal, const char *text) {
	unsigned rows = 0;
	unsigned columns = 0;
	if (sscanf(text, "%ux%u", &rows, &columns) != 2) give_up("size");
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
	ioctl(terminal, TIOCSWINSZ, &size);
}

static void take_step(const char *step, int terminal, pid_t shell, int orders, int news) {
	if (strncmp(step, "expect=", 7) == 0) expect(terminal, step + 7);
	else if (strncmp(step, "send=", 5) == 0) {
		if (write(terminal, step + 5, strlen(step + 5)) < 0) give_up(step);
	} else if (strncmp(step, "size=", 5) == 0) resize(terminal, step + 5);
	else if (strcmp(step, "job") == 0) print_news(news);
	else if (strcmp(step, "fg") == 0 || strcmp(step, "bg") == 0) {
		if (write(orders, step, 1) != 1) give_up(step);
	} else if (strcmp(step, "kill-shell") == 0) {
		kill(shell, SIGKILL);
		while (read_terminal(terminal)) continue;
		printf("closed\n");
	} else give_up(step);
}

int main(int count, char **arguments) {
	int separator = 1;
	int orders[2];
	int news[2];
	while (separator < count && strcmp(arguments[separator], "--") != 0) separator++;
	if (separator + 1 >= count || pipe2(orders, O_CLOEXEC) != 0 || pipe2(news, O_CLOEXEC) != 0) return 2;
	const char *name = NULL;
	int terminal = open_terminal(&name);
	pid_t shell = start_shell(name, terminal, arguments + separator + 1, orders[0], news[1]);
	watched_shell = shell;
	close(orders[0]);
	close(news[1]);
	for (int i = 1; i < separator; i++) take_step(arguments[i], terminal, shell, orders[1], news[0]);
	kill(shell, SIGKILL);
	waitpid(shell, NULL, 0);
	return 0;
}
