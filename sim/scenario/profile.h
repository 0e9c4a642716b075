/* Profiles: named sets of values under configs/<folder>/<name>.json that a scenario starts from and overrides.
 *
 * The first place that has the file is taken: configs/ beside the scenario, configs/ of the data folders
 * (data_folder.h), configs/ of $XDG_CONFIG_HOME/tandem. The user's comes last, so that nothing in a home changes what a
 * name means that tandem, or the scenario's own folder, has given.
 *
 * Merging follows RFC 7386 (objects merge, everything else replaces, null takes a value away) with what the table knows
 * on top: a text where a profiled object may stand is that profile; an override that names a profile of its own, or
 * another case of a tagged object, starts afresh instead of inheriting keys that would not fit.
 */
#ifndef TANDEM_SIM_SCENARIO_PROFILE_H
#define TANDEM_SIM_SCENARIO_PROFILE_H

#include "sim/scenario/fields.h"

/* From now on profiles are looked for in configs/ of these folders first: that of the scenario that is read, and those
 * of the scenarios that it extends. The process's, as the data folders are. folders: ended by NULL, copied; NULL: none.
 */
void profile_look_beside(const char *const *folders);

/* The configs/ folders, in the order in which a profile is looked for, whether they are there or not; ended by NULL.
 * (transfer full) */
char **profile_places(void);

/* The file of a profile; NULL: there is none. (transfer full) */
char *profile_file(const char *folder, const char *name);

/* The names of a folder's profiles in all places, sorted, ended by NULL. (transfer full) */
char **profile_names(const char *folder);

/* What a user may write for a profiled object, as an object: "xen-4.5" becomes {"profile": "xen-4.5"}; other values are
 * copied. (transfer full) */
cJSON *profile_open(const FieldTable *table, const cJSON *value);

/* base with over's values in their place, both objects of that table. (transfer full) */
cJSON *profile_merge(const FieldTable *table, const cJSON *base, const cJSON *over);

#endif
