/* ENDWELL_GUARD: what a guarded process inherits, so that its tree can be found from /proc alone. */
#ifndef PROC_GUARD_COOKIE_H
#define PROC_GUARD_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

#include "identity.h"

#define COOKIE_NAME "ENDWELL_GUARD"
#define DETACHED_NAME "ENDWELL_DETACHED"
#define COOKIE_SIZE 4097
/* An identity, a slash, pid, dot and start time. */
#define COOKIE_ENTRY_SIZE (IDENTITY_TEXT_SIZE + 40)

void cookie_entry(const struct identity *owner, const struct identity *guard, char entry[COOKIE_ENTRY_SIZE]);
/* `NAME=inherited,entry`, or only the entry where what was inherited is malformed or too long. */
void cookie_variable(const char *inherited, const char *entry, char variable[COOKIE_SIZE + sizeof COOKIE_NAME]);
/* Whether the value has that very entry. */
bool cookie_contains(const char *value, const char *entry);

#endif
