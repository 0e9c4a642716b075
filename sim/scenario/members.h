/* The members of groups: what fields_read_members() asks, and where a member was written.
 *
 *     Members *members = members_new(&scenario_table, resolved, seed);
 *     members_read(members, &spec);
 *
 * A member is its group's element with another name, with numbers drawn where the element has a law (law.h), and with
 * members where it names groups (GroupRule). In a list of references that may have any length, a group's name stands
 * for all of its members. Draws hang on the seed, the key and the member's name: adding a member, or a group, moves no
 * digit of another.
 */
#ifndef TANDEM_SIM_SCENARIO_MEMBERS_H
#define TANDEM_SIM_SCENARIO_MEMBERS_H

#include "sim/scenario/fields.h"

typedef struct Members Members;

/* resolved, by table, is borrowed. (transfer full) */
Members *members_new(const FieldTable *table, const cJSON *resolved, guint64 seed);
void members_free(Members *members);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Members, members_free)

/* Fills the zeroed struct. */
void members_read(Members *members, gpointer out);

/* n more elements stand at the end of that list ("hosts") that were made of what stands at pointer. */
void members_note_made(Members *members, const char *list, guint n, const char *pointer);

/* A message about what was read, with pointers that count members ("/guests/17/memory: …"): with pointers into the
 * document, and the member's name when the first of them leads to a group ("/guests/0/memory: web-18: …"). (transfer
 * full) */
char *members_true_pointers(const Members *members, const char *message);

#endif
