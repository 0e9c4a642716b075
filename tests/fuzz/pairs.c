#include "tests/fuzz/pairs.h"

#include "sim/scenario/json_text.h"
#include "tests/fuzz/maker.h"
#include "tests/fuzz/reducer.h"
#include "tests/fuzz/trial.h"

#include <math.h>

#define PAIRS_SHARE 0.01 /* what was asked for */
#define KEEP_MOST   8u
#define REDUCE_MOST 60u

static double
spent_s(const cJSON *result, guint guest)
{
    g_autofree char *name = g_strdup_printf("migration.g%u.spent_s", guest);
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
        const double expected = spent_s(batches, guest), got = spent_s(ahead, guest);
        const double share = expected > 0 ? fabs(got - expected) / expected : fabs(got - expected);
        worst = share <= worst ? worst : share; /* NAN stays */
    }
    return worst;
}

typedef enum { PAIR_AGREES, PAIR_APART, PAIR_BROKEN, PAIR_REFUSED } PairOutcome;

/* What came of a pair's two runs. */
typedef struct {
    PairOutcome outcome;
    double difference;
    char *what; /* owned: when one of them broke an invariant or was refused */
} Compared;

static void
compared_clear(Compared *compared)
{
    g_clear_pointer(&compared->what, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Compared, compared_clear)

static Compared
compare(const cJSON *scenario, const char *program)
{
    static const char *const settings[] = {NULL, "/engine/plan_ahead=false"};
    Compared compared = {.outcome = PAIR_AGREES};
    char *json[2] = {NULL, NULL};

    for (guint i = 0; i < 2; i++) {
        g_auto(Trial) trial = trial_run_program(scenario, program, settings[i], &json[i]);
        if (trial.outcome == TRIAL_HELD || compared.what)
            continue;
        compared.outcome = trial.outcome == TRIAL_REFUSED ? PAIR_REFUSED : PAIR_BROKEN;
        compared.what = g_strdup_printf("%s: %s", i == 0 ? "planned ahead" : "batch by batch", trial.what);
    }
    compared.difference = json[0] && json[1] ? difference(json[0], json[1]) : NAN;
    if (compared.outcome == PAIR_AGREES && !(compared.difference <= PAIRS_SHARE))
        compared.outcome = PAIR_APART;
    g_free(json[0]);
    g_free(json[1]);
    return compared;
}

/* ---- made small ---- */

typedef struct {
    const char *program;
    PairOutcome outcome;
} SameOutcome;

static gboolean
still_so(const cJSON *scenario, gpointer data)
{
    const SameOutcome *same = data;
    g_auto(Compared) compared = compare(scenario, same->program);

    return compared.outcome == same->outcome && (same->outcome != PAIR_APART || compared.difference > PAIRS_SHARE);
}

static void
keep(const char *folder, cJSON *scenario, const char *program, PairOutcome outcome)
{
    SameOutcome same = {program, outcome};

    reducer_reduce(scenario, REDUCE_MOST, still_so, &same);
    g_autofree char *text = cJSON_Print(scenario);
    g_autofree char *file = g_strconcat(cJSON_GetObjectItemCaseSensitive(scenario, "name")->valuestring, ".json", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    if (!g_file_set_contents(path, text, -1, NULL))
        g_printerr("%s: cannot be written\n", path);
}

/* ---- all of them ---- */

typedef struct {
    guint64 counts[PAIR_REFUSED + 1];
    double worst;
    guint64 worst_seed;
} Pairs;

static void
note(Pairs *pairs, guint64 seed, const Compared *compared)
{
    g_autofree char *words =
        compared->what ? g_strdelimit(g_strdup(compared->what), "\n", ' ') : g_strdup("totals differ");

    pairs->counts[compared->outcome]++;
    if (compared->difference > pairs->worst) {
        pairs->worst = compared->difference;
        pairs->worst_seed = seed;
    }
    if (compared->outcome != PAIR_AGREES)
        g_print("pair %" G_GUINT64_FORMAT ": %s; %.3f %%\n", seed, words, 100 * compared->difference);
}

int
pairs_compare(guint64 seed, guint64 n, const char *program, const char *folder)
{
    Pairs pairs = {{0}, 0, 0};

    for (guint64 i = 0; i < n; i++) {
        g_autoptr(cJSON) scenario = maker_pair(seed + i);
        g_auto(Compared) compared = compare(scenario, program);
        note(&pairs, seed + i, &compared);
        if (folder && compared.outcome != PAIR_AGREES && pairs.counts[compared.outcome] <= KEEP_MOST)
            keep(folder, scenario, program, compared.outcome);
    }
    g_print("%" G_GUINT64_FORMAT " pairs: %" G_GUINT64_FORMAT " differ by more than 1 %%, %" G_GUINT64_FORMAT
            " break an invariant, %" G_GUINT64_FORMAT " are refused; the worst is %.4f %%, pair %" G_GUINT64_FORMAT
            "\n",
            n, pairs.counts[PAIR_APART], pairs.counts[PAIR_BROKEN], pairs.counts[PAIR_REFUSED], 100 * pairs.worst,
            pairs.worst_seed);
    return pairs.counts[PAIR_AGREES] == n ? 0 : 1;
}
