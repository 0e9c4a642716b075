#include "sim/claims/operators.h"

#include "sim/claims/claim_invariants.h"
#include "sim/claims/claim_parameters.h"
#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"
#include "sim/run/batch.h"

#include <math.h>

#define PAPER "operators"

/* The bars of what nothing was fitted to; a point that was fitted is held to the same. */
#define RATE_TOLERANCE     0.15
#define TOTAL_TOLERANCE    0.15
#define DOWNTIME_TOLERANCE 0.25

#define MIGRATION "migration.vm."

#define IDLE_SEEDS    21u
#define JAVA_SEEDS    10u
#define STARVED_SEEDS 5u

/* ---- numbers of a run ---- */

/* Of the first pass, which sends all of memory. */
static double
push_MiB_s(const Result *run)
{
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));

    return table_rows(rounds) > 0 ? table_number(rounds, 0, "rate_Bps") / 0x1p20 : NAN;
}

static double
push_Gb_s(const Result *run)
{
    return push_MiB_s(run) * 0x1p20 * 8 / 1e9;
}

static double
total_s(const Result *run)
{
    return result_number(run, MIGRATION "total_s");
}

/* libvirt, which KubeVirt asks, counts from the source's stop to the guest's start at the destination. */
static double
downtime_ms(const Result *run)
{
    return 1000 * result_number(run, MIGRATION "downtime_s");
}

/* When the live round ended, since the first one began; NAN: there was none of that number. */
static double
pass_end_s(const Result *run, guint number)
{
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
    double begin_s = NAN;

    for (guint row = 0; row < table_rows(rounds); row++) {
        const double start_s = table_number(rounds, row, "start_s");
        begin_s = row == 0 ? start_s : begin_s;
        if (table_number(rounds, row, "final") > 0)
            continue;
        if ((guint)table_number(rounds, row, "round") == number)
            return start_s + table_number(rounds, row, "duration_s") - begin_s;
    }
    return NAN;
}

/* What is dirty after the last live round, at the rate at which it went. */
static double
expected_downtime_s(const Result *run)
{
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
    double expected_s = NAN;

    for (guint row = 0; row < table_rows(rounds); row++)
        if (!(table_number(rounds, row, "final") > 0))
            expected_s = table_number(rounds, row, "dirtied_pages") * 4096 / table_number(rounds, row, "rate_Bps");
    return expected_s;
}

/* ---- published numbers ---- */

typedef struct {
    const char *id, *source;
    ClaimRole role;
    const char *unit;
    double published;
    double tolerance;
    const char *file;
    const char *setting; /* NULL: none */
    double (*number)(const Result *run);
    guint seeds; /* whose mean it is; 0: of one, as nothing is drawn */
} Point;

#define CONNECTIONS(n, role, published)                                                                                \
    {                                                                                                                  \
        "connections-" #n, "cloud-hypervisor #7669: " #n " connections", role, "MiB/s", published, RATE_TOLERANCE,     \
            "connections.json", "/timeline/0/hypervisor/channels=" #n, push_MiB_s                                      \
    }
#define VMKNICS(n, role, published)                                                                                    \
    {                                                                                                                  \
        "vmknics-" #n, "vMotion, KB 323379: " #n " vmknics", role, "Gb/s", published, RATE_TOLERANCE, "vmknics.json",  \
            "/timeline/0/hypervisor/channels=" #n, push_Gb_s                                                           \
    }
#define FLAVOUR(id, memory, role, published)                                                                           \
    {                                                                                                                  \
        "flavour-" id, "ZHAW, OpenStack Icehouse: an unloaded guest of " memory, role, "s", published,                 \
            TOTAL_TOLERANCE, "flavours.json", "/guests/0/memory=" memory, total_s                                      \
    }

static const Point points[] = {
    CONNECTIONS(1, ROLE_CALIBRATED, 1617),
    CONNECTIONS(2, ROLE_PREDICTED, 3752),
    CONNECTIONS(4, ROLE_PREDICTED, 7238),
    CONNECTIONS(8, ROLE_PREDICTED, 11503),
    CONNECTIONS(16, ROLE_PREDICTED, 10684),
    VMKNICS(1, ROLE_CALIBRATED, 18),
    VMKNICS(2, ROLE_PREDICTED, 28),
    VMKNICS(3, ROLE_PREDICTED, 36),
    FLAVOUR("0.5", "512MiB", ROLE_CALIBRATED, 4.9),
    FLAVOUR("2", "2GiB", ROLE_PREDICTED, 5.6),
    FLAVOUR("4", "4GiB", ROLE_PREDICTED, 7.0),
    FLAVOUR("8", "8GiB", ROLE_PREDICTED, 9.6),
    FLAVOUR("16", "16GiB", ROLE_CALIBRATED, 15.3),
    {"idle-fixed", "KubeVirt: idle 8 GiB on 1 Gb/s, the fixed limit", ROLE_PREDICTED, "ms", 244, DOWNTIME_TOLERANCE,
     "idle.json", NULL, downtime_ms, IDLE_SEEDS},
    {"idle-ramp", "KubeVirt: idle 8 GiB on 1 Gb/s, the ramp", ROLE_PREDICTED, "ms", 129, DOWNTIME_TOLERANCE,
     "idle.json", "/timeline/0/hypervisor/profile=kubevirt-ramp", downtime_ms, IDLE_SEEDS},
};

static const double pass_ends_s[] = {3.11, 6.14, 9.12, 12.19, 16.2};

/* ---- what is run ---- */

typedef struct {
    Batch *batch;
    guint points[G_N_ELEMENTS(points)];
    guint passes;
    guint java_30, java_2000;        /* the first of JAVA_SEEDS */
    guint together, alone, postcopy; /* the first of STARVED_SEEDS */
} Experiments;

static gboolean
add(guint *run, const Experiments *experiments, const char *file, guint seeds, const char *first, const char *second,
    GError **error)
{
    g_autofree char *path = paper_scenario(PAPER, file);

    *run = batch_add(experiments->batch, path, seeds, error, first, second, NULL);
    return *run != G_MAXUINT;
}

static gboolean
prepare(Experiments *experiments, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(points); i++)
        if (!add(&experiments->points[i], experiments, points[i].file, MAX(points[i].seeds, 1), points[i].setting, NULL,
                 error))
            return FALSE;
    return add(&experiments->passes, experiments, "passes.json", 1, NULL, NULL, error) &&
           add(&experiments->java_30, experiments, "java.json", JAVA_SEEDS, NULL, NULL, error) &&
           add(&experiments->java_2000, experiments, "java.json", JAVA_SEEDS,
               "/timeline/0/hypervisor/downtime_limit=2000ms", NULL, error) &&
           add(&experiments->together, experiments, "two.json", STARVED_SEEDS, NULL, NULL, error) &&
           add(&experiments->alone, experiments, "two.json", STARVED_SEEDS, "/timeline/1/at=900s", NULL, error) &&
           add(&experiments->postcopy, experiments, "two.json", STARVED_SEEDS,
               "/timeline/0/hypervisor/postcopy_after=60s", "/timeline/1/hypervisor/postcopy_after=60s", error);
}

static const Result *
result(const Experiments *experiments, guint run)
{
    return batch_result(experiments->batch, run);
}

/* The mean over its seeds; NAN: one of them lacks it. */
static double
simulated(const Experiments *experiments, guint index)
{
    const guint seeds = MAX(points[index].seeds, 1);
    double sum = 0;

    for (guint i = 0; i < seeds; i++)
        sum += points[index].number(result(experiments, experiments->points[index] + i));
    return sum / seeds;
}

/* ---- claims ---- */

static void
claim_points(ClaimSet *claims, const Experiments *experiments)
{
    for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
        const Point *point = &points[i];
        claims_add_value(claims, point->id, point->source, point->role, point->unit, point->published,
                         simulated(experiments, i), point->tolerance,
                         "the bar of published rates and totals, or of downtimes");
    }
}

static void
claim_passes(ClaimSet *claims, const Experiments *experiments)
{
    const Result *run = result(experiments, experiments->passes);

    for (guint i = 0; i < G_N_ELEMENTS(pass_ends_s); i++) {
        g_autofree char *id = g_strdup_printf("pass-%u", i + 1);
        g_autofree char *source = g_strdup_printf("cloud-hypervisor #7799: the end of pass %u", i + 1);
        claims_add_value(claims, id, source, ROLE_PREDICTED, "s", pass_ends_s[i], pass_end_s(run, i + 1),
                         TOTAL_TOLERANCE, "the bar of published totals; the rate and the pages of a pass are inputs");
    }
    claims_add_value(claims, "pass-downtime", "cloud-hypervisor #7799: the downtime that it expects", ROLE_DERIVED, "s",
                     2.93, expected_downtime_s(run), DOWNTIME_TOLERANCE, "5418 MiB at the rate, both inputs");
}

/* How many of so many runs have that outcome. */
static guint
with_outcome(const Experiments *experiments, guint first, guint runs, const char *migration, const char *outcome)
{
    g_autofree char *metric = g_strdup_printf("migration.%s.outcome", migration);
    guint count = 0;

    for (guint i = 0; i < runs; i++)
        count += g_strcmp0(result_word(result(experiments, first + i), metric), outcome) == 0;
    return count;
}

static void
claim_outcome(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *published, guint count,
              guint runs, guint least, const char *why)
{
    g_autofree char *text = g_strdup_printf("%u of %u", count, runs);

    claims_add_statement(claims, id, source, role, published, text, count >= least, why);
    claims_add_measure(claims, "runs", "", count);
}

static void
claim_outcomes(ClaimSet *claims, const Experiments *experiments)
{
    const guint n = STARVED_SEEDS;

    claim_outcome(claims, "java-30ms", "ganeti #950: a downtime limit of 30 ms", ROLE_CALIBRATED, "never ends",
                  with_outcome(experiments, experiments->java_30, JAVA_SEEDS, "vm", "gave-up"), JAVA_SEEDS, JAVA_SEEDS,
                  "every run is given up after an hour");
    claim_outcome(claims, "java-2000ms", "ganeti #950: a downtime limit of 2000 ms", ROLE_CALIBRATED, "mostly done",
                  with_outcome(experiments, experiments->java_2000, JAVA_SEEDS, "vm", "completed"), JAVA_SEEDS,
                  JAVA_SEEDS / 2 + 1, "more than half of the runs complete");
    claim_outcome(claims, "two-together", "hco #4426: two outgoing migrations at a time", ROLE_CALIBRATED,
                  "neither ends",
                  MIN(with_outcome(experiments, experiments->together, n, "first", "gave-up"),
                      with_outcome(experiments, experiments->together, n, "second", "gave-up")),
                  n, n, "both are given up after their time limit, in every run");
    claim_outcome(claims, "two-alone", "hco #4426: one after the other", ROLE_CALIBRATED, "each ends",
                  MIN(with_outcome(experiments, experiments->alone, n, "first", "completed"),
                      with_outcome(experiments, experiments->alone, n, "second", "completed")),
                  n, n, "both complete, in every run");
    claim_outcome(claims, "two-postcopy", "hco #4426: two at a time, post-copy", ROLE_PREDICTED, "both end",
                  MIN(with_outcome(experiments, experiments->postcopy, n, "first", "completed"),
                      with_outcome(experiments, experiments->postcopy, n, "second", "completed")),
                  n, n, "both complete, in every run");
}

static void
claim_skipped(ClaimSet *claims)
{
    claims_add_skipped(claims, "redis", "KubeVirt: eight migrations of Redis", "4609 … 5945 ms",
                       "neither Redis' load nor its memory is said");
}

/* ---- figure ---- */

static char *
points_csv(const Experiments *experiments)
{
    GString *csv = g_string_new("point,unit,published,tandem,fitted,tolerance\n");

    for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
        csv_append_text(csv, points[i].id);
        csv_append_text(csv, points[i].unit);
        csv_append_number(csv, points[i].published);
        csv_append_number(csv, simulated(experiments, i));
        csv_append_number(csv, points[i].role == ROLE_CALIBRATED);
        csv_append_number(csv, points[i].tolerance);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static char *
passes_csv(const Experiments *experiments)
{
    GString *csv = g_string_new("pass,published_end_s,tandem_end_s\n");

    for (guint i = 0; i < G_N_ELEMENTS(pass_ends_s); i++) {
        csv_append_number(csv, i + 1);
        csv_append_number(csv, pass_ends_s[i]);
        csv_append_number(csv, pass_end_s(result(experiments, experiments->passes), i + 1));
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

gboolean
operators_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    Experiments experiments = {.batch = batch};

    claims_set_paper(claims, PAPER);
    if (!prepare(&experiments, error) || !batch_run(batch, workers, error))
        return FALSE;
    claim_points(claims, &experiments);
    claim_passes(claims, &experiments);
    claim_outcomes(claims, &experiments);
    claim_skipped(claims);
    claim_invariants_add(claims, batch);
    if (files) {
        files_take(files, "points.csv", points_csv(&experiments));
        files_take(files, "passes.csv", passes_csv(&experiments));
    }
    return claim_parameters_add(claims, PAPER, error);
}
