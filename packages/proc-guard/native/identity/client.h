/* Who started us for real: the first ancestor that is no wrapper. */
#ifndef PROC_GUARD_CLIENT_H
#define PROC_GUARD_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "identity.h"

#define MAXIMUM_ANCESTORS 64

struct ancestor {
	struct identity identity;
	int pidfd;
};

/* Nearest first; the last one is the client, those before it are wrappers. */
struct client_path {
	struct ancestor ancestors[MAXIMUM_ANCESTORS];
	size_t count;
};

enum client_search {
	CLIENT_FOUND,
	/* No ancestor can be seen: we are a container's first process. */
	CLIENT_NONE,
	/* Somebody on the way died while we looked. */
	CLIENT_DIED,
	/* The kernel gives no pidfd. */
	CLIENT_UNSUPPORTED
};

/*
 * Walks up from `pid` (not included), with a pidfd on each. With `wanted`, up to that process instead of up to
 * the first that is no wrapper; CLIENT_NONE then means that it is no ancestor.
 */
enum client_search find_client(pid_t pid, const struct identity *wanted, struct client_path *path);

#endif
