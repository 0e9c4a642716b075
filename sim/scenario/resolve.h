/* Resolution: a scenario as written into one where profiles are expanded, defaults filled in and everything checked.
 *
 * The result has every key in its table's order with values as the user, a profile or a table wrote them (texts with
 * units), is what result.json shows, and resolves to itself (except where a null took a
 * profile's optional value away: the profile, which stays named, gives it again).
 *
 * Naming one key of something keeps the rest of it: an object where the field's default is an object or a profile is
 * laid over that default, unless it names a profile of its own or another case of a tagged object.
 *
 * Errors are one line, `FILE: JSON-POINTER: what is wrong, what was expected`; a mistake in a profile names the
 * profile's file and the pointer in it.
 */
#ifndef TANDEM_SIM_SCENARIO_RESOLVE_H
#define TANDEM_SIM_SCENARIO_RESOLVE_H

#include "sim/scenario/fields.h"
#include "sim/scenario/resolve_error.h"

/* tree is the document of file, the object that table describes. (transfer full); NULL with error set. */
cJSON *resolve_tree(const FieldTable *table, const cJSON *tree, const char *file, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for tree, in which the scenario of a result is that may have been changed since: profiles that resolved
 * names, the result's scenario as it was, need not be found here, for their values stand in it. */
cJSON *resolve_again(const FieldTable *table, const cJSON *tree, const cJSON *resolved, const char *file,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As resolve_tree(), and goes on behind a mistake: all of them are appended to errors (of owned texts), each once, in
 * the order of the file, what is missing behind what is there. NULL when there were some. (transfer full) */
cJSON *resolve_gathering(const FieldTable *table, const cJSON *tree, const char *file, GPtrArray *errors);

/* Whether what others extend is right as far as it can be alone: it need not be complete, and names may be elsewhere.
 */
gboolean resolve_check_base(const FieldTable *table, const cJSON *tree, const char *file, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The values of a profile of the table's folder, those of its own profile under them, unresolved. (transfer full) */
cJSON *resolve_profile(const FieldTable *table, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What stands at tokens (a pointer, split; ended by NULL) when profiles and defaults are counted in, as written there
 * and unchecked; NULL when nothing does. (transfer full) */
cJSON *resolve_value_at(const FieldTable *table, const cJSON *tree, char **tokens);

#endif
