#ifndef PROC_GUARD_OPTIONS_H
#define PROC_GUARD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../identity/identity.h"

#define MAXIMUM_GRACE_MS 86400000

enum containment { CONTAIN_TREE, CONTAIN_NAMESPACE, CONTAIN_CGROUP, CONTAIN_AUTO };

struct run_options {
	uint64_t grace_ms;
	enum containment containment;
	const char *single_instance;
	bool has_client;
	struct identity client;
	/* 0 where none was given. */
	pid_t parent;
	bool report;
	bool help;
	char **command;
};

/* `arguments` after the role, up to NULL. Complains and returns false where they are wrong. */
bool parse_run_options(char **arguments, struct run_options *options);
const char *containment_name(enum containment containment);

#endif
