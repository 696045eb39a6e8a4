#ifndef PROC_GUARD_WATCH_H
#define PROC_GUARD_WATCH_H

/* The role `watch`: identities on stdin, their deaths on stdout. Returns the exit code. */
int watch_processes(void);

#endif
