/* What the parts of the guard share. There is one guard per process. */
#ifndef PROC_GUARD_GUARD_H
#define PROC_GUARD_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../identity/client.h"
#include "options.h"

struct guard {
	struct run_options options;
	/* What was really chosen; never `auto`. */
	enum containment containment;
	struct client_path client;
	/* Our child: the command, or in a namespace that namespace's first process. */
	pid_t leader;
	/* The command's wait status, once it has ended. */
	int command_status;
	bool command_ended;
	bool command_stopped;
	int signal_fd;
	/* What the command's exec said: closed at success. -1 when that is known. */
	int launch_fd;
	/* Stops and the end of a command in a namespace. Else -1. */
	int notes_fd;
	/* The open lock of --single-instance. Else -1. */
	int instance_fd;
};

#endif
