/* Scenarios that extend another one: "extends": "base.json", a file that is named from the folder of the one that says
 * so.
 *
 * What a scenario says is laid over what it extends by the rules of profiles (profile.h): objects merge, so that naming
 * one key of something keeps the rest of it; everything else, lists too, replaces; null takes a value away. A base may
 * extend another one. What is left of it is one tree: results, sweeps and manifests know nothing of bases.
 */
#ifndef TANDEM_SIM_SCENARIO_EXTENDS_H
#define TANDEM_SIM_SCENARIO_EXTENDS_H

#include "sim/scenario/fields.h"

/* The document of a file with all that it extends under it, without "extends". Each base is checked as far as it can be
 * alone, so that its mistakes are reported in its own file; names of files that it gives ("file", "files", "folder")
 * lead from path's folder. From now on profiles are looked for beside all these files, path's first. file "-": standard
 * input. (transfer full); NULL with error set. */
cJSON *extends_load(const FieldTable *table, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
