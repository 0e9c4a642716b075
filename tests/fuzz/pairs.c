#include "tests/fuzz/pairs.h"

#include "sim/scenario/json_text.h"
#include "tests/fuzz/maker.h"
#include "tests/fuzz/trial.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define PAIRS_SHARE 0.01 /* the bar */

typedef struct {
    guint64 compared, apart, broken, refused;
    double worst;
    guint64 worst_seed;
} Pairs;

static double
total_s(const cJSON *result, guint guest)
{
    g_autofree char *name = g_strdup_printf("migration.g%u.total_s", guest);
    const cJSON *metrics = cJSON_GetObjectItemCaseSensitive(result, "metrics");
    const cJSON *total = cJSON_GetObjectItemCaseSensitive(metrics, name);

    return cJSON_IsNumber(total) ? total->valuedouble : NAN;
}

/* The larger of the two guests' relative differences; NAN: a number is missing. */
static double
difference(const char *ahead_json, const char *batches_json)
{
    g_autoptr(cJSON) ahead = cJSON_Parse(ahead_json);
    g_autoptr(cJSON) batches = cJSON_Parse(batches_json);
    double worst = 0;

    for (guint guest = 0; guest < 2; guest++) {
        const double expected = total_s(batches, guest), got = total_s(ahead, guest);
        const double share = expected > 0 ? fabs(got - expected) / expected : fabs(got - expected);
        worst = share <= worst ? worst : share; /* NAN stays */
    }
    return worst;
}

static void
keep(const char *folder, const cJSON *scenario)
{
    if (!folder)
        return;
    g_autofree char *text = cJSON_Print(scenario);
    g_autofree char *file = g_strconcat(cJSON_GetObjectItemCaseSensitive(scenario, "name")->valuestring, ".json", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);

    (void)g_mkdir_with_parents(folder, 0777);
    if (!g_file_set_contents(path, text, -1, NULL))
        g_printerr("%s: cannot be written\n", path);
}

static gboolean
holds(Pairs *pairs, guint64 seed, const char *how, const Trial *trial)
{
    if (trial->outcome == TRIAL_HELD)
        return TRUE;
    g_print("pair %" G_GUINT64_FORMAT ", %s: %s\n", seed, how, trial->what);
    if (trial->outcome == TRIAL_REFUSED)
        pairs->refused++;
    else
        pairs->broken++;
    return FALSE;
}

/* TRUE: the pair is as it should be. */
static gboolean
compare(Pairs *pairs, guint64 seed, const cJSON *scenario, const char *program)
{
    g_autofree char *ahead_json = NULL;
    g_autofree char *batches_json = NULL;
    g_auto(Trial) ahead = trial_run_program(scenario, program, NULL, &ahead_json);
    g_auto(Trial) batches = trial_run_program(scenario, program, "/engine/plan_ahead=false", &batches_json);
    const gboolean hold = holds(pairs, seed, "planned ahead", &ahead);

    if (!holds(pairs, seed, "batch by batch", &batches) || !ahead_json || !batches_json)
        return FALSE;
    const double share = difference(ahead_json, batches_json);
    pairs->compared++;
    if (!(share <= pairs->worst)) {
        pairs->worst = share;
        pairs->worst_seed = seed;
    }
    if (share <= PAIRS_SHARE)
        return hold;
    pairs->apart++;
    g_print("pair %" G_GUINT64_FORMAT ": totals differ by %.3f %%\n", seed, 100 * share);
    return FALSE;
}

int
pairs_compare(guint64 seed, guint64 n, const char *program, const char *folder)
{
    Pairs pairs = {0};

    for (guint64 i = 0; i < n; i++) {
        g_autoptr(cJSON) scenario = maker_pair(seed + i);
        if (!compare(&pairs, seed + i, scenario, program))
            keep(folder, scenario);
    }
    g_print("%" G_GUINT64_FORMAT " pairs compared: %" G_GUINT64_FORMAT " differ by more than 1 %%, %" G_GUINT64_FORMAT
            " runs break an invariant, %" G_GUINT64_FORMAT " refused; the worst is %.4f %%, pair %" G_GUINT64_FORMAT
            "\n",
            pairs.compared, pairs.apart, pairs.broken, pairs.refused, 100 * pairs.worst, pairs.worst_seed);
    return pairs.apart + pairs.broken + pairs.refused > 0 ? 1 : 0;
}
