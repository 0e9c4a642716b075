/* OpenStack Neat's test bed (Beloglazov and Buyya, Concurrency and Computation: Practice and Experience 27(5), 2015,
 * and the results of its experiments, ccpe-2014-experiments): 24 hours, ten policies. */
#include "sim/claims/datacentre.h"
#include "sim/claims/datacentre_chapter.h"
#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"

#include <math.h>
#include <stdlib.h>

#define METRIC "consolidation.consolidation."

/* Which VM follows which trace is chance, there and here. */
#define SEEDS       96u /* of those whose migrations and overload vary most from day to day */
#define CALM_SEEDS  48u
#define OTHER_SEEDS 8u /* of what nothing published is compared with */

/* The bars of the issue that asked for these claims. */
#define SLEEP_TOLERANCE    0.10
#define OVERLOAD_TOLERANCE 0.20
#define DURATION_TOLERANCE 0.15
#define MIGRATION_FACTOR   1.5

/* ---- policies ---- */

typedef struct {
    double sleep, overload, migrations;
} Fractions;

#define RUNS     3u
#define SETTINGS 6u
typedef struct {
    const char *name;
    Fractions measured[RUNS]; /* runs.csv; all 0: kept aside */
    double median_s;          /* of migrations, the mean of the runs' medians; 0: not compared */
    const char *settings[SETTINGS];
    guint seeds;
} Policy;

#define THRESHOLD(at) "/timeline/0/threshold=" at
#define KIND(name)    "/timeline/0/overload=" name
#define SAFETY(s)     "/timeline/0/safety=" s
#define ALLOWED(s)    "/timeline/0/allowed=" s
/* Migrations without pages, network and orchestration: a move is a line in a table. */
#define FREE                                                                                                           \
    "/timeline/0/orchestration=0s", "/timeline/0/first_look=0s", "/timeline/0/look_every=0s", "/guests/*/used=4KiB",   \
        "/timeline/0/hypervisor=ideal"

enum { THR_8, THR_9, THR_10, MAX_ITF, LRR_9, LRR_10, LRR_11, MHOD_2, MHOD_3, MHOD_4, FREE_8 };
static const Policy policies[] = {
    [THR_8] = {"thr-0.8",
               {{0.36923900463, 0.149019913666, 162},
                {0.363405671296, 0.145640820519, 167},
                {0.37372974537, 0.167252667033, 174}},
               (41.1 + 38.1 + 41.1) / 3,
               {THRESHOLD("0.8")},
               SEEDS},
    [THR_9] = {"thr-0.9",
               {{0.429722222222, 0.270209246631, 73},
                {0.428483796296, 0.263998865915, 76},
                {0.432118055556, 0.27364720269, 77}},
               38.0,
               {THRESHOLD("0.9")},
               SEEDS},
    [THR_10] = {"thr-1.0",
                {{0.49326099537, 0.410674417144, 12},
                 {0.493425925926, 0.391496070188, 11},
                 {0.492934027778, 0.462685885804, 11}},
                0,
                {THRESHOLD("1.0")},
                CALM_SEEDS},
    [MAX_ITF] = {"max-itf",
                 {{0.492497106481, 0.383504472812, 13},
                  {0.491756365741, 0.419433073914, 17},
                  {0.492566550926, 0.407557778171, 12}},
                 0,
                 {KIND("never")},
                 CALM_SEEDS},
    [LRR_9] = {"lrr-0.9", .settings = {KIND("lrr"), SAFETY("0.9")}, .seeds = OTHER_SEEDS},
    [LRR_10] = {"lrr-1.0", .settings = {KIND("lrr"), SAFETY("1.0")}, .seeds = OTHER_SEEDS},
    [LRR_11] = {"lrr-1.1", .settings = {KIND("lrr"), SAFETY("1.1")}, .seeds = OTHER_SEEDS},
    [MHOD_2] = {"mhod-0.2", .settings = {KIND("mhod"), ALLOWED("0.2")}, .seeds = OTHER_SEEDS},
    [MHOD_3] = {"mhod-0.3", .settings = {KIND("mhod"), ALLOWED("0.3")}, .seeds = OTHER_SEEDS},
    [MHOD_4] = {"mhod-0.4", .settings = {KIND("mhod"), ALLOWED("0.4")}, .seeds = OTHER_SEEDS},
    [FREE_8] = {"free-0.8", .settings = {THRESHOLD("0.8"), FREE}, .seeds = OTHER_SEEDS},
    {"free-0.9", .settings = {THRESHOLD("0.9"), FREE}, .seeds = OTHER_SEEDS},
    {"free-1.0", .settings = {THRESHOLD("1.0"), FREE}, .seeds = OTHER_SEEDS},
};

typedef struct {
    guint first[G_N_ELEMENTS(policies)];
} Prepared;

static gboolean
prepare(Batch *batch, gpointer *prepared, GError **error)
{
    g_autofree char *path = paper_scenario(DATACENTRE_PAPER, "neat.json");
    Prepared *own = g_new0(Prepared, 1);

    *prepared = own;
    for (guint i = 0; i < G_N_ELEMENTS(policies); i++) {
        const char *const *s = policies[i].settings;

        own->first[i] = batch_add(batch, path, policies[i].seeds, error, s[0], s[1], s[2], s[3], s[4], s[5], NULL);
        if (own->first[i] == G_MAXUINT)
            return FALSE;
    }
    return TRUE;
}

/* ---- what was measured there and here ---- */

static Fractions
measured_mean(const Policy *policy)
{
    Fractions mean = {0, 0, 0};

    for (guint i = 0; i < RUNS; i++) {
        mean.sleep += policy->measured[i].sleep / RUNS;
        mean.overload += policy->measured[i].overload / RUNS;
        mean.migrations += policy->measured[i].migrations / RUNS;
    }
    return mean;
}

static double
mean_of(const Batch *batch, const Prepared *own, guint policy, const char *metric)
{
    return batch_spread(batch, own->first[policy], policies[policy].seeds, metric).mean;
}

static Fractions
simulated_mean(const Batch *batch, const Prepared *own, guint policy)
{
    return (Fractions){mean_of(batch, own, policy, METRIC "asleep_share"),
                       mean_of(batch, own, policy, METRIC "overload_logged_share"),
                       mean_of(batch, own, policy, METRIC "completed")};
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* From the manager's command until it knew that the migration had ended, as its log has it. */
static double
median_duration_s(const Batch *batch, const Prepared *own, guint policy)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < policies[policy].seeds; i++) {
        g_autoptr(Table) moves =
            table_parse(result_table(batch_result(batch, own->first[policy] + i), "consolidation.csv"));

        for (guint row = 0; row < table_rows(moves); row++) {
            const double took_s = table_number(moves, row, "known_s") - table_number(moves, row, "turned_s");
            if (!isnan(took_s))
                g_array_append_val(all, took_s);
        }
    }
    g_array_sort(all, compare_numbers);
    return all->len ? g_array_index(all, double, all->len / 2) : NAN;
}

/* ---- claims ---- */

static char *
claim_id(const char *policy, const char *what)
{
    return g_strdup_printf("neat-%s-%s", policy, what);
}

static char *
source_of(const char *policy, const char *what)
{
    return g_strdup_printf("ccpe-2014-experiments: %s, %s", policy, what);
}

static void
claim_fraction(ClaimSet *claims, const char *policy, const char *what, double measured, double simulated,
               double tolerance)
{
    g_autofree char *id = claim_id(policy, what), *source = source_of(policy, what);

    claims_add_value(claims, id, source, ROLE_PREDICTED, "", measured, simulated, tolerance,
                     "the bar: sleep within 10 %, overload within 20 %");
}

static void
claim_migrations(ClaimSet *claims, const char *policy, double measured, double simulated)
{
    g_autofree char *id = claim_id(policy, "migrations"), *source = source_of(policy, "migrations");

    claims_add_range(claims, id, source, ROLE_PREDICTED, "", measured / MIGRATION_FACTOR, measured * MIGRATION_FACTOR,
                     simulated, simulated, "the bar: within a factor of 1.5 of the three runs' mean");
}

static void
claim_policies(ClaimSet *claims, const Batch *batch, const Prepared *own)
{
    for (guint i = 0; i <= MAX_ITF; i++) {
        const Fractions measured = measured_mean(&policies[i]), simulated = simulated_mean(batch, own, i);

        claim_fraction(claims, policies[i].name, "sleep", measured.sleep, simulated.sleep, SLEEP_TOLERANCE);
        claim_fraction(claims, policies[i].name, "overload", measured.overload, simulated.overload, OVERLOAD_TOLERANCE);
        claim_migrations(claims, policies[i].name, measured.migrations, simulated.migrations);
        if (policies[i].median_s > 0) {
            g_autofree char *id = claim_id(policies[i].name, "duration");
            g_autofree char *source = source_of(policies[i].name, "the median of its migrations");

            claims_add_value(claims, id, source, i == THR_8 ? ROLE_CALIBRATED : ROLE_PREDICTED, "s",
                             policies[i].median_s, median_duration_s(batch, own, i), DURATION_TOLERANCE,
                             "orchestration is the one fitted value, to THR 0.8");
        }
    }
}

/* Whether a measure rises (or falls) strictly from 0.8 to 1.0. */
static gboolean
in_order(double a, double b, double c, gboolean rising)
{
    return rising ? a < b && b < c : a > b && b > c;
}

static void
claim_order(ClaimSet *claims, const Batch *batch, const Prepared *own)
{
    const Fractions a = simulated_mean(batch, own, THR_8), b = simulated_mean(batch, own, THR_9),
                    c = simulated_mean(batch, own, THR_10);
    const struct {
        const char *what, *published;
        double a, b, c;
        gboolean rising;
    } measures[] = {{"sleep", "0.8 < 0.9 < 1.0", a.sleep, b.sleep, c.sleep, TRUE},
                    {"overload", "0.8 < 0.9 < 1.0", a.overload, b.overload, c.overload, TRUE},
                    {"migrations", "0.8 > 0.9 > 1.0", a.migrations, b.migrations, c.migrations, FALSE}};

    for (guint i = 0; i < G_N_ELEMENTS(measures); i++) {
        g_autofree char *id = claim_id("order", measures[i].what);
        g_autofree char *source = source_of("the three thresholds", measures[i].what);
        g_autofree char *text = g_strdup_printf("%.3g, %.3g, %.3g", measures[i].a, measures[i].b, measures[i].c);

        claims_add_statement(claims, id, source, ROLE_PREDICTED, measures[i].published, text,
                             in_order(measures[i].a, measures[i].b, measures[i].c, measures[i].rising),
                             "the order of the three");
    }
}

/* ---- energy, as the authors' script has it and as overload is defined ---- */

#define HOST_HOURS 96.0

typedef enum { OF_ALL_TIME, OF_ACTIVE_TIME } OverloadShare;

static double
energy_kWh(Fractions f, OverloadShare share)
{
    const double overload = share == OF_ALL_TIME ? f.overload : f.overload * (1 - f.sleep);

    return HOST_HOURS * (450 * overload + 414 * (1 - f.sleep - overload) + 10.4 * f.sleep) / 1000;
}

static void
claim_energy(ClaimSet *claims, const Batch *batch, const Prepared *own)
{
    static const double published_kWh[] = {25.99, 24.01, 22.09};

    for (guint i = THR_8; i <= THR_10; i++) {
        g_autofree char *id = claim_id(policies[i].name, "energy"), *source = source_of(policies[i].name, "energy");
        g_autofree char *other = g_strdup_printf("neat-%s-energy-of-active", policies[i].name);
        g_autofree char *meter = g_strdup_printf("neat-%s-energy-metered", policies[i].name);
        g_autofree char *script = g_strdup_printf("neat-%s-energy-script", policies[i].name);
        const Fractions simulated = simulated_mean(batch, own, i);

        claims_add_value(claims, script, "ccpe-2014-experiments: the script's formula, of the measured shares",
                         ROLE_DEFINITION, "kWh", published_kWh[i], energy_kWh(measured_mean(&policies[i]), OF_ALL_TIME),
                         0.0005, "arithmetic of published numbers, which have four digits");
        claims_add_value(claims, id, source, ROLE_PREDICTED, "kWh", published_kWh[i],
                         energy_kWh(simulated, OF_ALL_TIME), SLEEP_TOLERANCE, "the bar of the sleep that it follows");
        claims_add_value(claims, other, "ccpe-2014-experiments: overload as a share of active time, as it is defined",
                         ROLE_PREDICTED, "kWh", energy_kWh(measured_mean(&policies[i]), OF_ACTIVE_TIME),
                         energy_kWh(simulated, OF_ACTIVE_TIME), SLEEP_TOLERANCE,
                         "the bar of the sleep that it follows");
        claims_add_prediction(claims, meter, "kWh", mean_of(batch, own, i, METRIC "energy_J") / 3.6e6);
    }
}

/* ---- what nobody here has compared ---- */

static void
predict(ClaimSet *claims, const Batch *batch, const Prepared *own)
{
    for (guint i = LRR_9; i < G_N_ELEMENTS(policies); i++) {
        const Fractions simulated = simulated_mean(batch, own, i);
        g_autofree char *sleep = claim_id(policies[i].name, "sleep");
        g_autofree char *overload = claim_id(policies[i].name, "overload");
        g_autofree char *migrations = claim_id(policies[i].name, "migrations");

        claims_add_prediction(claims, sleep, "", simulated.sleep);
        claims_add_prediction(claims, overload, "", simulated.overload);
        claims_add_prediction(claims, migrations, "", simulated.migrations);
    }
}

/* ---- figure ---- */

/* measured: of the runs with this index, or their mean, or NAN of a policy whose results are kept aside. */
static void
append_measure(GString *csv, const Batch *batch, const Prepared *own, guint policy, const char *metric,
               const double measured[RUNS])
{
    const Spread spread = batch_spread(batch, own->first[policy], policies[policy].seeds, metric);

    for (guint i = 0; i < RUNS; i++)
        csv_append_number(csv, measured[i] > 0 ? measured[i] : NAN);
    csv_append_number(csv, spread.mean);
    csv_append_number(csv, spread.min);
    csv_append_number(csv, spread.max);
}

static char *
neat_csv(const Batch *batch, const Prepared *own)
{
    GString *csv = g_string_new("policy,days");
    static const char *const measures[] = {"sleep", "overload", "migrations"};

    for (guint i = 0; i < G_N_ELEMENTS(measures); i++)
        g_string_append_printf(csv, ",%s_run1,%s_run2,%s_run3,%s,%s_least,%s_most", measures[i], measures[i],
                               measures[i], measures[i], measures[i], measures[i]);
    g_string_append_c(csv, '\n');
    for (guint i = 0; i < G_N_ELEMENTS(policies); i++) {
        const Fractions *m = policies[i].measured;

        csv_append_text(csv, policies[i].name);
        csv_append_number(csv, policies[i].seeds);
        append_measure(csv, batch, own, i, METRIC "asleep_share", (double[]){m[0].sleep, m[1].sleep, m[2].sleep});
        append_measure(csv, batch, own, i, METRIC "overload_logged_share",
                       (double[]){m[0].overload, m[1].overload, m[2].overload});
        append_measure(csv, batch, own, i, METRIC "completed",
                       (double[]){m[0].migrations, m[1].migrations, m[2].migrations});
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static gboolean
claim(ClaimSet *claims, FileSet *files, const Batch *batch, gconstpointer prepared, GError **error G_GNUC_UNUSED)
{
    claim_policies(claims, batch, prepared);
    claim_order(claims, batch, prepared);
    claim_energy(claims, batch, prepared);
    predict(claims, batch, prepared);
    if (files)
        files_take(files, "neat.csv", neat_csv(batch, prepared));
    return TRUE;
}

const DatacentreChapter datacentre_neat = {prepare, claim};
