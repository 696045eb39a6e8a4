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
	/* How often it has stopped so far. */
	int stop_count;
	/* While we are stopped ourselves: who looks out for the client. Else 0. */
	pid_t lookout;
	int signal_fd;
	/* What the command's exec said: closed at success. -1 when that is known. */
	int launch_fd;
	/* Stops and the end of a command in a namespace. Else -1. */
	int notes_fd;
	/* The open lock of --single-instance. Else -1. */
	int instance_fd;
};

/* How the command was stopped and continued since the last look; only the last of several counts. */
struct command_change {
	/* The signal, or 0. */
	int stopped_by;
	bool continued;
};

/* `stopped_by` 0: it was continued. */
static inline void note_change(struct guard *guard, struct command_change *change, int stopped_by) {
	guard->command_stopped = stopped_by != 0;
	if (stopped_by != 0) guard->stop_count++;
	change->stopped_by = stopped_by;
	if (stopped_by == 0) change->continued = true;
}

#endif
