/* Where each value of a tree was written: a file, an option, or nowhere, which is a default.
 *
 * A value's mark is kept in cJSON's valueint, which copies take along and which nobody reads of a value that is no
 * number; of a number valuedouble is the value. So merging, overriding and resolving carry marks to where values go,
 * and whoever shows a resolved scenario can say which of them came from where.
 */
#ifndef TANDEM_SIM_SCENARIO_ORIGIN_H
#define TANDEM_SIM_SCENARIO_ORIGIN_H

#include <cjson/cJSON.h>
#include <glib.h>

/* Marks every value of the tree as written there: the path of a file as messages name it, or "--set". NULL: as written
 * nowhere, a default. */
void origin_mark(cJSON *tree, const char *where);

/* Gives value the mark of another one. */
void origin_copy(cJSON *value, const cJSON *of);

/* Where the value was written; NULL: nowhere. Owned by the process. */
const char *origin_of(const cJSON *value);

#endif
