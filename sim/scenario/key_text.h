/* What a key of a table is to its user, in words: a line for the schema, for the page of keys and for `tandem list
 * keys`.
 */
#ifndef TANDEM_SIM_SCENARIO_KEY_TEXT_H
#define TANDEM_SIM_SCENARIO_KEY_TEXT_H

#include "sim/scenario/fields.h"

/* `a size such as "512MiB"`, `one of a, b`: what a value of that field must be; of a list, one of its elements.
 * (transfer full) */
char *key_text_expected_value(const Field *field);

/* The same, and of a list that it is one. (transfer full) */
char *key_text_expected(const Field *field);

/* Appends the field's bounds to what a value must be: "; at least 64KiB; at most 16TiB". */
void key_text_append_bounds(GString *text, const Field *field);

/* `guest memory (a size such as "512MiB"; at least 64KiB)`. (transfer full) */
char *key_text_description(const Field *field);

#endif
