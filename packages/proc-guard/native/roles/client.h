#ifndef PROC_GUARD_CLIENT_ROLE_H
#define PROC_GUARD_CLIENT_ROLE_H

/* `client [--pid PID]`: prints who started us, or that process, for real. Returns the exit code. */
int print_client(char **arguments);

#endif
