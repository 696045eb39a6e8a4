/*
 * Starts a command and does nothing else, until it is killed or the command ends. An argument `{client}` becomes our
 * pid.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
	char **command = arguments + 1;
	/* As Node does, and as it survives process.execve. */
	if (count > 1 && strcmp(command[0], "--ignore-pipe") == 0) {
		signal(SIGPIPE, SIG_IGN);
		command++;
	}
	char own_pid[16];
	snprintf(own_pid, sizeof own_pid, "%d", getpid());
	for (char **argument = command; *argument != NULL; argument++) {
		if (strcmp(*argument, "{client}") == 0) *argument = own_pid;
	}
	pid_t child = fork();
	if (child == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	dprintf(STDOUT_FILENO, "started %d\n", child);
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
