/* The scenario reader: a file's tree, what --set changes in it, and a table, into a resolved tree and a C struct.
 *
 *     g_autoptr(cJSON) tree = json_text_load("mine.json", error);
 *     g_autoptr(cJSON) resolved = tree ? reader_resolve(&world_table, tree, "mine.json", sets, error) : NULL;
 *     fields_read(&world_table, resolved, &spec);
 */
#ifndef TANDEM_SIM_SCENARIO_READER_H
#define TANDEM_SIM_SCENARIO_READER_H

#include "sim/scenario/fields.h"
#include "sim/scenario/json_text.h"

#define READER_ERROR (reader_error_quark())
GQuark reader_error_quark(void);

typedef enum {
    READER_ERROR_SET, /* a --set without '=', or whose pointer leads nowhere */
} ReaderError;

/* Applies the sets ("POINTER=VALUE", ended by NULL; or NULL) in order to the tree of that file, and resolves it by
 * table. (transfer full) */
cJSON *reader_resolve(const FieldTable *table, cJSON *tree, const char *file, const char *const *sets, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Applies them without resolving. The error begins with the file's name. */
gboolean reader_change(const FieldTable *table, cJSON *tree, const char *file, const char *const *sets, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Applies one "POINTER=VALUE" to a tree as written. VALUE is JSON, or text when it is not JSON. Objects and
 * lists on the way that the table knows are opened: a missing object is created, a profile's name becomes {"profile":
 * name}, a missing list begins as its profile or default gives it. So a value which comes from a profile or a default
 * can be set too, and everything beside it stays what it was. A token behind a list may be a pattern (pattern.h): the
 * value is put into each element that it names. */
gboolean reader_set(const FieldTable *table, cJSON *tree, const char *assignment, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for a pointer and a value (transfer full, also on failure). */
gboolean reader_put(const FieldTable *table, cJSON *tree, const char *pointer, cJSON *value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
