/* Values that stand in for those of the data folder's files, for the rest of this process.
 *
 * A study of what a result hangs on changes one value of a profile, wherever and however often scenarios name it, under
 * code that reads scenarios as it always does. The change is the process's, as the data folder is: it is made in a
 * forked child before anything is read, and ends with it. Nothing else in the program makes one.
 *
 * Scope: files that reader_resolve() and the resolver's profiles read; a value that a --set replaces stays replaced.
 */
#ifndef TANDEM_SIM_SCENARIO_OVERRIDE_H
#define TANDEM_SIM_SCENARIO_OVERRIDE_H

#include <cjson/cJSON.h>
#include <glib.h>

/* From now on value (copied) stands at pointer in file, which is named from the data folder on:
 * "configs/guests/qi-meng-vm.json". */
void override_add(const char *file, const char *pointer, const cJSON *value);

/* Puts what stands in for values of that file (a path) into its tree, as read. */
gboolean override_apply(const char *path, cJSON *tree, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From now on runs in children of this process take other random numbers: their seeds count from this one on. */
void override_shift_seeds(guint64 shift);
guint64 override_seed(guint64 seed);

#endif
