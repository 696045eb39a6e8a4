/* A control group (v2) of our own around the command. */
#ifndef PROC_GUARD_CGROUP_H
#define PROC_GUARD_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "../identity/identity.h"

/* Makes the group below our own one, where that is delegated to us. False with errno. To be called once. */
bool cgroup_create(const struct identity *guard);
/* As fork(), but the child starts inside the group. */
pid_t cgroup_fork(void);
/* Starts the process that ends the group if we are killed. False with errno. */
bool cgroup_start_standby(void);
#define CGROUP_DESCRIPTORS 3
/* Our descriptors that must stay open (-1 for none). Returns how many. */
size_t cgroup_descriptors(int fds[CGROUP_DESCRIPTORS]);
/* Kills all that is in the group; they may not be reaped yet. */
void cgroup_kill(void);
/* Waits until the group is empty, removes it, and ends the stand-by process. Does nothing without a group. */
void cgroup_remove(void);

#endif
