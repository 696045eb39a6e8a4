#ifndef PROC_GUARD_NAMESPACE_INIT_H
#define PROC_GUARD_NAMESPACE_INIT_H

#include <sys/types.h>

/* The first process of a namespace: forwards signals, reaps, tells the guard, ends when nothing else is left. */
_Noreturn void reap_in_namespace(pid_t command, int notes_fd);

#endif
