/* Control groups as folders: how ours are called, and how they are removed. */
#ifndef PROC_GUARD_CGROUP_FOLDER_H
#define PROC_GUARD_CGROUP_FOLDER_H

#include <stddef.h>

#include "../identity/identity.h"

/* `proc-guard-<pid namespace>-<pid>-<start time>` of the guard, so that an abandoned group can be told. */
void name_group(const struct identity *guard, char *name, size_t size);
/* Removes a group and those below it. The kernel refuses where a process is left. */
void remove_group(int parent_fd, const char *name);
/* Removes the empty groups of guards that have died together with their stand-by process. */
void remove_abandoned_groups(int parent_fd, const struct identity *guard);

#endif
