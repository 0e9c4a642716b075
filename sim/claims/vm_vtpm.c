#include "sim/claims/vm_vtpm.h"

#include "models/vtpm/cump.h"
#include "sim/claims/paper_scenario.h"
#include "sim/output/table.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/run/batch.h"
#include "sim/specs/scenario_load.h"

#include <math.h>
#include <string.h>

#define SEEDS        5u /* the paper's five runs */
#define SWEEP_SEEDS  3u /* chosen: the spread between seeds is below 1 % */
#define TOTAL        "migration.mig-vm1.total_s"
#define DOWNTIME     "migration.mig-vm1.downtime_s"
#define UNAVAILABLE  "vtpm.mig-vm1-vtpm.unavailable_s"
#define VM_ROUNDS    "migration.mig-vm1.vm.live_rounds"
#define JOINT_ROUNDS "migration.mig-vm1.joint.live_rounds"

/* ---- what is run ---- */

/* Table 4, in the paper's order. */
typedef struct {
    const char *id;
    const char *row;
    const char *method;
    double runs_s[SEEDS];
    ClaimRole role;
    const char *why;
} TimeRow;

static const TimeRow table_4[] = {
    {"vm", "VM", "vm", {58, 62, 60, 62, 59}, ROLE_CALIBRATED, "fits the guest's dirty rate"},
    {"vtpm", "vTPM", "vtpm", {10, 8, 9, 8, 8}, ROLE_CALIBRATED, "fits a domain's fixed costs"},
    {"sequential", "total", "vm-then-vtpm", {68, 70, 69, 70, 67}, ROLE_PREDICTED, "follows from the two rows above"},
    {"joint", "VM-vTPM", "joint", {75, 72, 76, 73, 70}, ROLE_CALIBRATED, "fits the work per CUMP page"},
};
enum { ROW_VM, ROW_VTPM, ROW_SEQUENTIAL, ROW_JOINT, N_ROWS };

static const char *const compared_methods[] = {"vm-then-vtpm", "joint", "concatenated"};

/* A parameter varied around the test bed, for the predictions. */
typedef struct {
    const char *file; /* of its data */
    const char *column;
    const char *pointers[2]; /* set to the value; NULL: only one */
    const char *format;
    double values[8]; /* 0 ends */
} SweepAxis;

static const SweepAxis axes[] = {
    {"memory.csv", "memory_MiB", {"/guests/0/memory", NULL}, "%gMiB", {256, 512, 1024, 2048, 4096}},
    {"vtpm-size.csv", "vtpm_MiB", {"/vtpms/0/memory", NULL}, "%gMiB", {2, 8, 32, 64, 128}},
    {"dirty-rate.csv",
     "dirty_rate_pages_s",
     {"/guests/0/workload/rate", NULL},
     "%g/s",
     {100, 250, 510, 1000, 1500, 2000, 2500}},
};

typedef struct {
    Batch *batch;
    guint rows[N_ROWS];
    guint concatenated, vtpm_first, still;
    guint sweeps[G_N_ELEMENTS(axes)];
    guint xen_log, xen_log_end;
} Experiments;

static guint
axis_length(const SweepAxis *axis)
{
    guint n = 0;

    while (n < G_N_ELEMENTS(axis->values) && axis->values[n] > 0)
        n++;
    return n;
}

static guint
add_method(const Experiments *experiments, const char *path, const char *method, guint seeds, GError **error)
{
    g_autofree char *setting = g_strconcat("/timeline/0/method=", method, NULL);

    return batch_add(experiments->batch, path, seeds, error, setting, NULL);
}

static gboolean
add_point(const Experiments *experiments, const char *path, const SweepAxis *axis, double value, const char *method,
          GError **error)
{
    g_autofree char *text = g_strdup_printf(axis->format, value);
    g_autofree char *where = g_strconcat(axis->pointers[0], "=", text, NULL);
    g_autofree char *how = g_strconcat("/timeline/0/method=", method, NULL);

    return batch_add(experiments->batch, path, SWEEP_SEEDS, error, where, how, NULL) != G_MAXUINT;
}

static gboolean
add_sweep(Experiments *experiments, const char *path, guint a, GError **error)
{
    experiments->sweeps[a] = batch_size(experiments->batch);
    for (guint i = 0; i < axis_length(&axes[a]); i++)
        for (guint m = 0; m < G_N_ELEMENTS(compared_methods); m++)
            if (!add_point(experiments, path, &axes[a], axes[a].values[i], compared_methods[m], error))
                return FALSE;
    return TRUE;
}

static gboolean
prepare(Experiments *experiments, gboolean figures, GError **error)
{
    g_autofree char *path = paper_scenario("vm-vtpm", "testbed.json");
    g_autofree char *log_path = paper_scenario("vm-vtpm", "xen-log.json");
    g_autofree char *end_path = paper_scenario("vm-vtpm", "xen-log-end.json");

    for (guint row = 0; row < N_ROWS; row++) {
        experiments->rows[row] = add_method(experiments, path, table_4[row].method, SEEDS, error);
        if (experiments->rows[row] == G_MAXUINT)
            return FALSE;
    }
    experiments->concatenated = add_method(experiments, path, "concatenated", SEEDS, error);
    experiments->vtpm_first = add_method(experiments, path, "vtpm-then-vm", SEEDS, error);
    if (experiments->concatenated == G_MAXUINT || experiments->vtpm_first == G_MAXUINT)
        return FALSE;
    experiments->still = batch_add(experiments->batch, path, 1, error, "/timeline=[]", NULL);
    if (experiments->still == G_MAXUINT)
        return FALSE;
    experiments->xen_log = batch_add(experiments->batch, log_path, SEEDS, error, NULL);
    if (experiments->xen_log == G_MAXUINT)
        return FALSE;
    experiments->xen_log_end = batch_add(experiments->batch, end_path, SEEDS, error, NULL);
    if (experiments->xen_log_end == G_MAXUINT)
        return FALSE;
    for (guint a = 0; figures && a < G_N_ELEMENTS(axes); a++)
        if (!add_sweep(experiments, path, a, error))
            return FALSE;
    return TRUE;
}

/* ---- tables 1 to 3 ---- */

static void
claim_logic_row(ClaimSet *claims, int table, int row, const char *what, gboolean paper, gboolean simulated)
{
    g_autofree char *id = g_strdup_printf("table-%d-row-%d", table, row + 1);
    g_autofree char *source = g_strdup_printf("Table %d, %s", table, what);

    claims_add_statement(claims, id, source, ROLE_EXACT, paper ? "1" : "0", simulated ? "1" : "0", paper == simulated,
                         "the table is the definition");
}

/* What the functions give for a table's inputs, in the order of its columns: (0,0), (0,1), (1,0), (1,1). */
static gboolean
logic_table_value(int table, gboolean first, gboolean second)
{
    switch (table) {
    case 1:
        return cump_to_send(&(CumpInfo){.vm_to_send = first, .vtpm_to_send = second});
    case 2:
        return cump_to_skip(&(CumpInfo){.vm_to_skip = first, .vtpm_to_skip = second});
    default:
        return cump_is_sent(&(CumpInfo){.vm_to_send = first, .vm_to_skip = second});
    }
}

static void
claim_logic_tables(ClaimSet *claims)
{
    static const gboolean rows[3][4] = {{0, 1, 1, 1}, {0, 1, 1, 1}, {0, 0, 1, 0}};

    for (int table = 1; table <= 3; table++)
        for (int row = 0; row < 4; row++) {
            g_autofree char *inputs = g_strdup_printf("(%d,%d)", row / 2, row % 2);
            claim_logic_row(claims, table, row, inputs, rows[table - 1][row],
                            logic_table_value(table, row / 2, row % 2));
        }
}

/* ---- table 4 ---- */

static double
paper_mean(const TimeRow *row)
{
    double sum = 0;

    for (guint i = 0; i < SEEDS; i++)
        sum += row->runs_s[i];
    return sum / SEEDS;
}

static double
paper_extreme(const TimeRow *row, int sign)
{
    double extreme = sign * row->runs_s[0];

    for (guint i = 1; i < SEEDS; i++)
        extreme = MAX(extreme, sign * row->runs_s[i]);
    return sign * extreme;
}

static void
claim_time_row(ClaimSet *claims, const Experiments *experiments, guint r)
{
    const TimeRow *row = &table_4[r];
    const Spread spread = batch_spread(experiments->batch, experiments->rows[r], SEEDS, TOTAL);
    g_autofree char *source = g_strdup_printf("Table 4, row %s", row->row);
    g_autofree char *mean_id = g_strdup_printf("table-4-%s-mean", row->id);
    g_autofree char *range_id = g_strdup_printf("table-4-%s-runs", row->id);

    claims_add_value(claims, mean_id, source, row->role, "s", paper_mean(row), spread.mean, 0.02, row->why);
    claims_add_range(claims, range_id, source, row->role, "s", paper_extreme(row, -1) - 1, paper_extreme(row, 1) + 1,
                     spread.min, spread.max, "the paper's extremes ± 1 s: it gives whole seconds");
}

/* Mean over runs of the joint method's excess over the sequential one. */
static double
overhead(const Experiments *experiments, double *smallest)
{
    double sum = 0;

    *smallest = INFINITY;
    for (guint i = 0; i < SEEDS; i++) {
        const double sequential =
            result_number(batch_result(experiments->batch, experiments->rows[ROW_SEQUENTIAL] + i), TOTAL);
        const double joint = result_number(batch_result(experiments->batch, experiments->rows[ROW_JOINT] + i), TOTAL);
        sum += joint / sequential - 1;
        *smallest = MIN(*smallest, joint / sequential - 1);
    }
    return sum / SEEDS;
}

static double
paper_overhead(void)
{
    double sum = 0;

    for (guint i = 0; i < SEEDS; i++)
        sum += table_4[ROW_JOINT].runs_s[i] / table_4[ROW_SEQUENTIAL].runs_s[i] - 1;
    return sum / SEEDS;
}

static void
claim_overhead(ClaimSet *claims, const Experiments *experiments)
{
    double smallest;
    const double mean = overhead(experiments, &smallest);
    g_autofree char *least = g_strdup_printf("at least %+.1f %%", smallest * 100);

    claims_add_statement(claims, "table-4-joint-above-sequential", "Table 4, rows total and VM-vTPM", ROLE_CALIBRATED,
                         "in every run", least, smallest > 0, "the paper's joint runs are all slower");
    claims_add_measure(claims, "", "%", smallest * 100);
    claims_add_value(claims, "overhead-from-table", "Table 4, mean ratio of its runs", ROLE_CALIBRATED, "%",
                     paper_overhead() * 100, mean * 100, 0.2, "two means of five, each within 2 %");
    /* the text's figure is the largest of its own table's, so both cannot be met: shown with its deviation, and held to
     * the smallest */
    claims_add_value(claims, "overhead-from-text", "Abstract and section 2.3: about 10 %", ROLE_CALIBRATED, "%", 10,
                     mean * 100, 0.71,
                     "the table behind the text has runs from 2.9 to 10.3 %, 6.4 % on average: no model meets both");
}

static char *
table_4_csv(const Experiments *experiments)
{
    GString *csv = g_string_new("row,paper_mean_s,paper_min_s,paper_max_s,tandem_mean_s,tandem_min_s,tandem_max_s\n");

    for (guint r = 0; r < N_ROWS; r++) {
        const Spread spread = batch_spread(experiments->batch, experiments->rows[r], SEEDS, TOTAL);
        g_string_append_printf(csv, "%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f\n", table_4[r].row, paper_mean(&table_4[r]),
                               paper_extreme(&table_4[r], -1), paper_extreme(&table_4[r], 1), spread.mean, spread.min,
                               spread.max);
    }
    return g_string_free(csv, FALSE);
}

/* ---- figures 6 to 10 ---- */

/* Whether a listing shows just these domains besides Domain-0. names ends with NULL. */
static gboolean
listing_shows(const Table *listing, const char *when, const char *host, const char *const *names,
              const char *const *memories)
{
    guint expected = 0, found = 0, others = 0;

    while (names[expected])
        expected++;
    for (guint row = 0; row < table_rows(listing); row++) {
        if (g_strcmp0(table_text(listing, row, "when"), when) != 0 ||
            g_strcmp0(table_text(listing, row, "host"), host) != 0)
            continue;
        const char *name = table_text(listing, row, "name");
        if (g_str_equal(name, "Domain-0")) {
            if (!g_str_equal(table_text(listing, row, "mem_MiB"), "16384"))
                return FALSE;
            continue;
        }
        gboolean known = FALSE;
        for (guint i = 0; i < expected; i++)
            known |= g_str_equal(name, names[i]) && g_str_equal(table_text(listing, row, "mem_MiB"), memories[i]) &&
                     g_str_equal(table_text(listing, row, "state"), "r-----");
        found += known;
        others += !known;
    }
    return found == expected && others == 0;
}

static void
claim_listings(ClaimSet *claims, const Experiments *experiments)
{
    static const char *const both[] = {"mig-vm1", "mig-vm1-vtpm", NULL}, *const none[] = {NULL};
    static const char *const memories[] = {"512", "2"};
    const struct {
        const char *id, *source, *when, *host;
        gboolean populated;
    } figures[] = {
        {"figure-6", "Figure 6: source before", "before mig-vm1", "t1-cs-sicnu", TRUE},
        {"figure-7", "Figure 7: destination before", "before mig-vm1", "t2-cs-sicnu", FALSE},
        {"figure-8", "Figure 8: source after", "after mig-vm1", "t1-cs-sicnu", FALSE},
        {"figure-9", "Figure 9: destination after", "after mig-vm1", "t2-cs-sicnu", TRUE},
    };
    g_autoptr(Table) listing =
        table_parse(result_table(batch_result(experiments->batch, experiments->rows[ROW_JOINT]), "domains.csv"));

    for (guint i = 0; i < G_N_ELEMENTS(figures); i++) {
        const gboolean shown =
            listing_shows(listing, figures[i].when, figures[i].host, figures[i].populated ? both : none, memories);
        const char *text = figures[i].populated ? "Domain-0, mig-vm1 512, mig-vm1-vtpm 2" : "Domain-0";
        claims_add_statement(claims, figures[i].id, figures[i].source, ROLE_PREDICTED, text, shown ? text : "otherwise",
                             shown,
                             "names, memory and running state; ids and processor seconds depend on the hosts' past");
    }
}

/* Of the commands of one run: how many were done while the migration went on and after it, and whether each answer is
 * that of the run without a migration. */
typedef struct {
    guint during, after, failed, wrong;
} CommandCount;

static CommandCount
count_commands(const Result *run, const Result *still)
{
    g_autoptr(Table) commands = table_parse(result_table(run, "commands.csv"));
    g_autoptr(Table) expected = table_parse(result_table(still, "commands.csv"));
    const double start_s = result_number(run, "migration.mig-vm1.start_s");
    const double end_s = start_s + result_number(run, TOTAL);
    CommandCount count = {0};

    for (guint row = 0; row < table_rows(commands); row++) {
        const double ended_s = table_number(commands, row, "ended_s");
        if (!g_str_equal(table_text(commands, row, "outcome"), "done")) {
            count.failed++;
            continue;
        }
        const guint call = (guint)table_number(commands, row, "call");
        count.wrong += g_strcmp0(table_text(commands, row, "sha1"), table_text(expected, call - 1, "sha1")) != 0;
        count.during += ended_s > start_s && ended_s <= end_s;
        count.after += ended_s > end_s;
    }
    return count;
}

static void
claim_commands(ClaimSet *claims, const Experiments *experiments)
{
    const CommandCount count = count_commands(batch_result(experiments->batch, experiments->rows[ROW_JOINT]),
                                              batch_result(experiments->batch, experiments->still));
    g_autofree char *text = g_strdup_printf("%u during, %u after, %u failed, %u wrong", count.during, count.after,
                                            count.failed, count.wrong);

    claims_add_statement(claims, "figure-10", "Figure 10 and section 2.3: commands go on", ROLE_PREDICTED,
                         "answered during and after", text,
                         count.during > 0 && count.after > 0 && count.failed == 0 && count.wrong == 0,
                         "digests equal those of a run without a migration");
}

/* ---- the Xen log ---- */

typedef struct {
    guint round;
    double sent, skipped;
} LoggedRound;

static const LoggedRound logged_rounds[] = {{1, 28847, 3921}, {2, 3462, 2574}, {3, 2701, 1065}};

static double
mean_of_round(const Experiments *experiments, guint round, const char *column)
{
    double sum = 0;

    for (guint i = 0; i < SEEDS; i++) {
        g_autoptr(Table) rounds =
            table_parse(result_table(batch_result(experiments->batch, experiments->xen_log + i), "rounds.csv"));
        sum += table_number(rounds, round - 1, column);
    }
    return sum / SEEDS;
}

static void
claim_logged_round(ClaimSet *claims, const Experiments *experiments, const LoggedRound *logged, const char *what,
                   double value)
{
    g_autofree char *id = g_strdup_printf("xen-log-round-%u-%s", logged->round, what);
    g_autofree char *source = g_strdup_printf("xen-users log, March 2012, round %u", logged->round);
    g_autofree char *column = g_strdup_printf("%s_pages", what);
    const ClaimRole role = logged->round == 1 ? ROLE_CALIBRATED : ROLE_PREDICTED;

    claims_add_value(claims, id, source, role, "pages", value, mean_of_round(experiments, logged->round, column), 0.1,
                     role == ROLE_CALIBRATED ? "fits how early in a round its pages are first written"
                                             : "one guest whose writes are known only as counts per round");
}

static void
claim_xen_log(ClaimSet *claims, const Experiments *experiments)
{
    for (guint i = 0; i < G_N_ELEMENTS(logged_rounds); i++) {
        claim_logged_round(claims, experiments, &logged_rounds[i], "sent", logged_rounds[i].sent);
        claim_logged_round(claims, experiments, &logged_rounds[i], "skipped", logged_rounds[i].skipped);
    }
}

/* Whether every seed's run of the log's end sends 341 pages, then 42 in its last live round, and stops for that. */
static gboolean
ends_as_logged(const Experiments *experiments)
{
    for (guint i = 0; i < SEEDS; i++) {
        const Result *run = batch_result(experiments->batch, experiments->xen_log_end + i);
        g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
        if (table_number(rounds, 1, "sent_pages") != 341 || table_number(rounds, 1, "skipped_pages") != 0 ||
            table_number(rounds, 2, "sent_pages") != 42 || table_number(rounds, 3, "final") != 1 ||
            g_strcmp0(result_word(run, "migration.guest.vm.stopped_by"), policy_stop_text(STOP_FEW_PAGES)) != 0)
            return FALSE;
    }
    return TRUE;
}

static void
claim_log_end(ClaimSet *claims, const Experiments *experiments)
{
    const gboolean holds = ends_as_logged(experiments);

    claims_add_statement(claims, "xen-log-stop", "xen-users log, March 2012, rounds 12 and 13", ROLE_EXACT,
                         "stops: 42 < 50", holds ? "stops: 42 < 50" : "otherwise", holds,
                         "the log's 341 and 42 dirtied pages are inputs; the rule is what is tested, over all seeds");
}

/* ---- predictions ---- */

/* What the paper does not report: means over the runs of table 4. */
static void
add_predictions(ClaimSet *claims, const Experiments *experiments)
{
    const struct {
        const char *id;
        guint row;
        const char *metric, *unit;
    } predictions[] = {
        {"vm-downtime", ROW_VM, DOWNTIME, "s"},
        {"sequential-downtime", ROW_SEQUENTIAL, DOWNTIME, "s"},
        {"sequential-without-vtpm", ROW_SEQUENTIAL, UNAVAILABLE, "s"},
        {"joint-downtime", ROW_JOINT, DOWNTIME, "s"},
        {"joint-rounds", ROW_JOINT, JOINT_ROUNDS, "rounds"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(predictions); i++) {
        const Spread spread =
            batch_spread(experiments->batch, experiments->rows[predictions[i].row], SEEDS, predictions[i].metric);
        claims_add_prediction(claims, predictions[i].id, predictions[i].unit, spread.mean);
    }
}

static void
append_spread(GString *csv, const Batch *batch, guint first, guint n, const char *metric)
{
    const Spread spread = batch_spread(batch, first, n, metric);

    g_string_append_printf(csv, ",%.6g,%.6g,%.6g", spread.mean, spread.min, spread.max);
}

static char *
sweep_csv(const Experiments *experiments, guint a)
{
    GString *csv = g_string_new(axes[a].column);
    guint run = experiments->sweeps[a];

    g_string_append(csv, ",method,total_mean_s,total_min_s,total_max_s,downtime_mean_s,downtime_min_s,downtime_max_s,"
                         "unavailable_mean_s,unavailable_min_s,unavailable_max_s\n");
    for (guint i = 0; i < axis_length(&axes[a]); i++)
        for (guint m = 0; m < G_N_ELEMENTS(compared_methods); m++, run += SWEEP_SEEDS) {
            g_string_append_printf(csv, "%g,%s", axes[a].values[i], compared_methods[m]);
            append_spread(csv, experiments->batch, run, SWEEP_SEEDS, TOTAL);
            append_spread(csv, experiments->batch, run, SWEEP_SEEDS, DOWNTIME);
            append_spread(csv, experiments->batch, run, SWEEP_SEEDS, UNAVAILABLE);
            g_string_append_c(csv, '\n');
        }
    return g_string_free(csv, FALSE);
}

static char *
methods_csv(const Experiments *experiments)
{
    const struct {
        const char *method;
        guint first;
        const char *rounds; /* of the leg that moves the VM */
    } methods[] = {{"VM then vTPM", experiments->rows[ROW_SEQUENTIAL], VM_ROUNDS},
                   {"vTPM then VM", experiments->vtpm_first, VM_ROUNDS},
                   {"joint (CUMP)", experiments->rows[ROW_JOINT], JOINT_ROUNDS},
                   {"concatenated", experiments->concatenated, JOINT_ROUNDS}};
    GString *csv = g_string_new("method,total_mean_s,total_min_s,total_max_s,downtime_mean_s,downtime_min_s,"
                                "downtime_max_s,unavailable_mean_s,unavailable_min_s,unavailable_max_s,"
                                "rounds_mean,rounds_min,rounds_max\n");

    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_string_append(csv, methods[i].method);
        append_spread(csv, experiments->batch, methods[i].first, SEEDS, TOTAL);
        append_spread(csv, experiments->batch, methods[i].first, SEEDS, DOWNTIME);
        append_spread(csv, experiments->batch, methods[i].first, SEEDS, UNAVAILABLE);
        append_spread(csv, experiments->batch, methods[i].first, SEEDS, methods[i].rounds);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

/* The tables of one run, for time lines and rounds. */
static void
take_run_tables(FileSet *files, const char *prefix, const Result *result)
{
    static const char *const names[] = {"rounds.csv", "steps.csv", "commands.csv", "states.csv"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = g_strdup_printf("%s-%s", prefix, names[i]);
        files_take(files, name, g_strdup(result_table(result, names[i])));
    }
}

static void
take_data(FileSet *files, const Experiments *experiments)
{
    files_take(files, "table-4.csv", table_4_csv(experiments));
    files_take(files, "methods.csv", methods_csv(experiments));
    for (guint a = 0; a < G_N_ELEMENTS(axes); a++)
        files_take(files, axes[a].file, sweep_csv(experiments, a));
    take_run_tables(files, "joint", batch_result(experiments->batch, experiments->rows[ROW_JOINT]));
    take_run_tables(files, "sequential", batch_result(experiments->batch, experiments->rows[ROW_SEQUENTIAL]));
    take_run_tables(files, "xen-log", batch_result(experiments->batch, experiments->xen_log));
}

static void
claim_invariants(ClaimSet *claims, const Experiments *experiments)
{
    g_autofree char *first = NULL;

    for (guint i = 0; !first && i < batch_size(experiments->batch); i++)
        first = result_violation(batch_result(experiments->batch, i));
    claims_add_statement(claims, "invariants", "every run of this reproduction", ROLE_EXACT, "all hold",
                         first ? first : "all hold", !first, "images equal, one instance, PCR as without a migration");
}

static void
add_fitted(ClaimSet *claims, const char *name, double value, const char *unit, const char *fitted_to)
{
    g_autofree char *text = g_strdup_printf("%.6g%s", value, unit);

    claims_add_fitted(claims, name, text, fitted_to);
}

/* The values that the runs used, read as they read them. */
static gboolean
list_fitted(ClaimSet *claims, GError **error)
{
    g_autofree char *path = paper_scenario("vm-vtpm", "testbed.json");
    g_autofree char *log_path = paper_scenario("vm-vtpm", "xen-log.json");
    g_autoptr(Scenario) testbed = scenario_load(path, NULL, error);
    g_autoptr(Scenario) log = testbed ? scenario_load(log_path, NULL, error) : NULL;
    if (!log)
        return FALSE;

    const HypervisorSpec *xen = migration_keys_of(scenario_action(&testbed->spec, 0))->hypervisor;
    const StepCosts *costs = xen->costs;
    add_fitted(claims, "guests/qi-meng-vm: /workload/rate",
               g_array_index(testbed->spec.guests, GuestSpec, 0).workload->rate_pages_s, "/s", "table 4, row VM");
    add_fitted(claims, "hypervisors/xen-4.5: sum of /costs",
               costs->pre_migration_s + costs->reservation_s + costs->suspend_s + costs->commitment_s +
                   costs->resume_s + costs->activation_s,
               "s", "table 4, row vTPM");
    add_fitted(claims, "hypervisors/xen-4.5: /cump_page_work", xen->cump_page_s * 1e6, "us", "table 4, row VM-vTPM");
    add_fitted(claims, "xen-log.json: /guests/0/workload/exponent",
               g_array_index(log->spec.guests, GuestSpec, 0).workload->exponent, "", "the Xen log, round 1");
    return TRUE;
}

gboolean
vm_vtpm_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    Experiments experiments = {.batch = batch};

    if (!prepare(&experiments, files != NULL, error) || !batch_run(batch, workers, error))
        return FALSE;
    claims_set_paper(claims, "vm-vtpm");
    claim_logic_tables(claims);
    for (guint row = 0; row < N_ROWS; row++)
        claim_time_row(claims, &experiments, row);
    claim_overhead(claims, &experiments);
    claim_listings(claims, &experiments);
    claim_commands(claims, &experiments);
    claim_xen_log(claims, &experiments);
    claim_log_end(claims, &experiments);
    claim_invariants(claims, &experiments);
    add_predictions(claims, &experiments);
    if (files)
        take_data(files, &experiments);
    return list_fitted(claims, error);
}
