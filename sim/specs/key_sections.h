/* The keys of scenario files, object by object: the order in which a user is told about them.
 *
 * The core's objects come first, each before those that stand in it, then those of each part. An object whose keys
 * depend on a word has a section of its own, with the keys that it always has, and one for each word. Words of the time
 * line stand with the part that they are of.
 */
#ifndef TANDEM_SIM_SPECS_KEY_SECTIONS_H
#define TANDEM_SIM_SPECS_KEY_SECTIONS_H

#include "sim/scenario/fields.h"

typedef struct {
    const char *part; /* NULL: the core's */
    const FieldTable *table;
    const FieldCase *chosen; /* NULL: the keys that the object always has */
} KeySection;

/* Array of KeySection. (transfer full) */
GArray *key_sections(void);

/* The section's keys; may be NULL. */
const Field *key_section_fields(const KeySection *section);

/* `guest`, `workload.zipf`: the object and the word. (transfer full) */
char *key_section_name(const KeySection *section);

#endif
