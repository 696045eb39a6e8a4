/* Roles in which the command takes the helper's place. `arguments` after the role, up to NULL. */
#ifndef PROC_GUARD_REPLACE_H
#define PROC_GUARD_REPLACE_H

int execute_tied_to_parent(char **arguments);
int execute_detached(char **arguments);

#endif
