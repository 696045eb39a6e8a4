/* What a namespace's first process tells the guard about the command, which is not the guard's child there. */
#ifndef PROC_GUARD_NOTES_H
#define PROC_GUARD_NOTES_H

#include "guard.h"

enum note_kind { NOTE_STOPPED, NOTE_CONTINUED, NOTE_ENDED };

struct note {
	enum note_kind kind;
	/* A signal, nothing, or a wait status. */
	int value;
};

/* Takes all notes that are there, and says what they changed. */
struct command_change read_notes(struct guard *guard);

#endif
