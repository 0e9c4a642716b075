/* JSON with every number as csv_number writes it: the shortest text that reads back as the same double. cJSON's own
 * printing stops at 15 digits where the rest is a relative 2^-52, which is one pass of a large seed or count. */
#ifndef TANDEM_SIM_OUTPUT_EXACT_H
#define TANDEM_SIM_OUTPUT_EXACT_H

#include <cjson/cJSON.h>
#include <glib.h>

/* A number as it is printed; NAN and infinities, which JSON does not have, become null. (transfer full) */
cJSON *exact_number(double value);
/* Numbers of a tree become such items, in place; they are then raw texts to cJSON. */
void exact_numbers(cJSON *json);
/* The tree's text, without a newline at its end; the tree stays as it is. (transfer full, g_free) */
char *exact_print(const cJSON *json, gboolean formatted);

#endif
