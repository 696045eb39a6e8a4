/* The processes that are watched, found by pidfd and by identity. It grows. */
#ifndef PROC_GUARD_WATCH_LIST_H
#define PROC_GUARD_WATCH_LIST_H

#include <stdbool.h>

#include "../identity/identity.h"

/* The pidfd by which it is watched, or -1. */
int watch_list_find(const struct identity *identity);
/* False when there is no memory. */
bool watch_list_add(int pidfd, const struct identity *identity);
/* NULL when nothing is watched by it. */
const struct identity *watch_list_get(int pidfd);
void watch_list_remove(int pidfd);

#endif
