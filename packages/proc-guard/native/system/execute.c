#include "execute.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "text.h"

void reset_signals_for_command(void) {
	static const int RESET[] = {SIGPIPE, SIGXFSZ, SIGCHLD};
	struct sigaction action = {.sa_handler = SIG_DFL};
	for (size_t i = 0; i < sizeof RESET / sizeof RESET[0]; i++) (void)sigaction(RESET[i], &action, NULL);
	sigset_t none;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

const char *describe_error(int error) {
	switch (error) {
	case EPERM:
		return "operation not permitted";
	case ENOENT:
		return "no such file or directory";
	case E2BIG:
		return "argument list too long";
	case ENOEXEC:
		return "not a program for this machine";
	case EAGAIN:
		return "too many processes";
	case ENOMEM:
		return "out of memory";
	case EACCES:
		return "permission denied";
	case EBUSY:
		return "busy";
	case EINVAL:
		return "invalid argument";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case ETXTBSY:
		return "being written to";
	case ENOSPC:
		return "no space or limit reached";
	case EROFS:
		return "read-only file system";
	case ENOSYS:
		return "not supported by this kernel";
	case ENOTDIR:
		return "not a directory";
	case EISDIR:
		return "a directory";
	case ELOOP:
		return "too many symbolic links";
	case ENAMETOOLONG:
		return "name too long";
	case EOPNOTSUPP:
		return "not supported here";
	default:
		return "unexpected error";
	}
}

int explain_execute_failure(const char *command, int error) {
	if (error == ENOENT) {
		complain(command, ": command not found", NULL);
		return EXIT_NOT_FOUND;
	}
	complain(command, ": cannot be executed: ", describe_error(error), NULL);
	return EXIT_NOT_EXECUTABLE;
}
