#ifndef PROC_GUARD_ENVIRONMENT_H
#define PROC_GUARD_ENVIRONMENT_H

/* Our environment with the cookie that has `entry` added. NULL where there is no memory. To be called once. */
char **environment_with_cookie(const char *entry);

#endif
