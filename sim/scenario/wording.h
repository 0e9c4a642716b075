/* Words of error messages: quoting what a user wrote, and guessing what was meant.
 *
 * Every message is one line whatever the input holds, so nothing from a file is printed unquoted.
 */
#ifndef TANDEM_SIM_SCENARIO_WORDING_H
#define TANDEM_SIM_SCENARIO_WORDING_H

#include <cjson/cJSON.h>
#include <glib.h>

/* text in double quotes, control characters escaped, cut after 60 characters. (transfer full) */
char *wording_quote(const char *text);

/* A JSON value as an error names it: `the text "abc"`, `the number 5`, `a list`. (transfer full) */
char *wording_value(const cJSON *value);

/* `expected one of a, b, c (did you mean "b"?)`, shortened when the candidates are many. (transfer full) */
char *wording_choice(const char *word, const char *const *candidates);

/* For g_ptr_array_sort() of texts: by their bytes. */
int wording_order(gconstpointer a, gconstpointer b);

#endif
