/*
 * Under any command line that a test gives it, starts the program that $ANCESTOR_RUNS names, with the argument `client`,
 * and waits for it.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
	int status = 0;
	const char *program = getenv("ANCESTOR_RUNS");
	if (program == NULL) return 2;
	pid_t child = fork();
	if (child == 0) {
		execl(program, program, "client", (char *)NULL);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
