#ifndef PROC_GUARD_CGROUP_PATH_H
#define PROC_GUARD_CGROUP_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of our own control group (v2), from /proc. False with errno where there is none. */
bool find_own_cgroup(char *path, size_t size);

#endif
