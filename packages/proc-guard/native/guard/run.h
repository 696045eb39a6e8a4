#ifndef PROC_GUARD_RUN_H
#define PROC_GUARD_RUN_H

/* The role `run`: `arguments` after the role, up to NULL. Returns the exit code, or does not return. */
int run_guarded(char **arguments);

#endif
