/* Profiles: named sets of values under configs/<folder>/<name>.json that a scenario starts from and overrides.
 *
 * Merging follows RFC 7386 (objects merge, everything else replaces, null takes a value away) with what the table knows
 * on top: a text where a profiled object may stand is that profile; an override that names a profile of its own, or
 * another case of a tagged object, starts afresh instead of inheriting keys that would not fit.
 */
#ifndef TANDEM_SIM_SCENARIO_PROFILE_H
#define TANDEM_SIM_SCENARIO_PROFILE_H

#include "sim/scenario/fields.h"

/* The folder that holds configs/: $TANDEM_DATA, else the source tree that this was built from, else the installed
 * share. Borrowed for the life of the process, as long as the environment stays. */
const char *profile_data_folder(void);

/* configs/<folder>/<name>.json. (transfer full) */
char *profile_file(const char *folder, const char *name);

/* The names of a folder's profiles, sorted, ended by NULL. (transfer full) */
char **profile_names(const char *folder);

/* What a user may write for a profiled object, as an object: "xen-4.5" becomes {"profile": "xen-4.5"}; other values are
 * copied. (transfer full) */
cJSON *profile_open(const FieldTable *table, const cJSON *value);

/* base with over's values in their place, both objects of that table. (transfer full) */
cJSON *profile_merge(const FieldTable *table, const cJSON *base, const cJSON *over);

#endif
