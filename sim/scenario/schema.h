/* JSON Schema (draft 2020-12) out of a table, so that an editor completes keys and marks mistakes.
 *
 * Each table becomes one entry of $defs by its id. Quantities are texts with a pattern; bounds of plain numbers are
 * carried over, bounds of quantities and references to names stand in the description, since a schema cannot compare
 * texts. Where a profile may stand, keys are not required: the profile may give them.
 */
#ifndef TANDEM_SIM_SCENARIO_SCHEMA_H
#define TANDEM_SIM_SCENARIO_SCHEMA_H

#include "sim/scenario/fields.h"

/* The schema as indented text that ends with a newline. (transfer full) */
char *schema_text(const FieldTable *root, const char *title);

#endif
