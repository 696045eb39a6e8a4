#include "notes.h"

#include <unistd.h>

struct command_change read_notes(struct guard *guard) {
	struct command_change change = {0};
	struct note note;
	/* A pipe takes and gives a few bytes in one piece. */
	while (guard->notes_fd >= 0 && read(guard->notes_fd, &note, sizeof note) == (ssize_t)sizeof note) {
		if (note.kind == NOTE_ENDED) {
			guard->command_ended = true;
			guard->command_status = note.value;
		} else {
			note_change(guard, &change, note.kind == NOTE_STOPPED ? note.value : 0);
		}
	}
	return change;
}
