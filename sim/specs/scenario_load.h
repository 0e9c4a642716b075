/* A scenario file, ready to run: read, profiles merged, defaults filled in, checked as a whole. */
#ifndef TANDEM_SIM_SPECS_SCENARIO_LOAD_H
#define TANDEM_SIM_SPECS_SCENARIO_LOAD_H

#include "sim/specs/scenario_spec.h"

typedef struct {
    char *path;        /* as given */
    char *folder;      /* of the file: what its relative file names start from */
    cJSON *resolved;   /* owned */
    ScenarioSpec spec; /* the last member: the keys of the parts lie behind it */
} Scenario;

/* A scenario's file, or the result.json of a run: its scenario with its seed, to run it again. settings:
 * "POINTER=VALUE" texts, applied in order before anything is checked; NULL: none. The error is one line, `FILE:
 * JSON-POINTER: what is wrong, what was expected`. (transfer full) */
Scenario *scenario_load(const char *path, const char *const *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What its scenario becomes, resolved and not yet checked as a whole. folder: (out, transfer full) where its relative
 * file names start. (transfer full) */
cJSON *scenario_resolve(const char *path, const char *const *settings, char **folder, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same from a tree as written (borrowed); path names it in errors, folder is where its relative file names start.
 */
Scenario *scenario_from_tree(const cJSON *tree, const char *path, const char *folder, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same, where groups draw by another seed than the scenario's own; NULL: by that. */
Scenario *scenario_from_tree_seeded(const cJSON *tree, const guint64 *seed, const char *path, const char *folder,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As scenario_load(), and what its scenario_warnings() are, of the time line as written. warnings: (out, transfer
 * full), set when it is loaded; NULL: not wanted. */
Scenario *scenario_load_warned(const char *path, const char *const *settings, GPtrArray **warnings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* All that is wrong with a scenario's file (not a result's), each a line as the error of scenario_load(), in the order
 * of the file: mistakes of keys, and when there are none, of what they come to together. (transfer full) */
GPtrArray *scenario_load_mistakes(const char *path, const char *const *settings);
void scenario_free(Scenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)

#endif
