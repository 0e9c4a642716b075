#include "sim/claims/vm_vtpm.h"

#include "models/migration/policy.h"
#include "sim/claims/claim_parameters.h"
#include "sim/claims/vm_vtpm_figures.h"
#include "sim/claims/vm_vtpm_readings.h"
#include "sim/claims/vm_vtpm_rules.h"
#include "sim/claims/vm_vtpm_union.h"
#include "sim/output/table.h"

#include <math.h>
#include <string.h>

/* ---- table 4 ---- */

static void
claim_time_row(ClaimSet *claims, const VmVtpmRuns *runs, guint r)
{
    const TimeRow *row = &vm_vtpm_table_4[r];
    const Spread spread = batch_spread(runs->batch, runs->rows[r], VM_VTPM_SEEDS, VM_VTPM_TOTAL);
    g_autofree char *source = g_strdup_printf("Table 4, row %s", row->row);
    g_autofree char *mean_id = g_strdup_printf("table-4-%s-mean", row->id);
    g_autofree char *range_id = g_strdup_printf("table-4-%s-runs", row->id);

    claims_add_value(claims, mean_id, source, row->role, "s", vm_vtpm_runs_paper_mean(row), spread.mean, 0.02,
                     row->why);
    claims_add_range(claims, range_id, source, row->role, "s", vm_vtpm_runs_paper_extreme(row, -1) - 1,
                     vm_vtpm_runs_paper_extreme(row, 1) + 1, spread.min, spread.max,
                     "the paper's extremes ± 1 s: it gives whole seconds");
    claims_same_as(claims, mean_id); /* the same five runs */
}

/* Mean over runs of the joint method's excess over the sequential one. */
static double
overhead(const VmVtpmRuns *runs, double *smallest)
{
    double sum = 0;

    *smallest = INFINITY;
    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        const double sequential =
            result_number(batch_result(runs->batch, runs->rows[ROW_SEQUENTIAL] + i), VM_VTPM_TOTAL);
        const double joint = result_number(batch_result(runs->batch, runs->rows[ROW_JOINT] + i), VM_VTPM_TOTAL);
        sum += joint / sequential - 1;
        if (isnan(sum)) /* one of them did not complete: then there is no smallest either */
            return *smallest = NAN;
        *smallest = MIN(*smallest, joint / sequential - 1);
    }
    return sum / VM_VTPM_SEEDS;
}

static double
paper_overhead(void)
{
    double sum = 0;

    for (guint i = 0; i < VM_VTPM_SEEDS; i++)
        sum += vm_vtpm_table_4[ROW_JOINT].runs_s[i] / vm_vtpm_table_4[ROW_SEQUENTIAL].runs_s[i] - 1;
    return sum / VM_VTPM_SEEDS;
}

static void
claim_overhead(ClaimSet *claims, const VmVtpmRuns *runs)
{
    double smallest;
    const double mean = overhead(runs, &smallest);
    g_autofree char *least = g_strdup_printf("at least %+.1f %%", smallest * 100);

    claims_add_statement(claims, "table-4-joint-above-sequential", "Table 4, rows total and VM-vTPM", ROLE_DERIVED,
                         "in every run", least, smallest > 0, "the paper's joint runs are all slower");
    claims_add_measure(claims, "", "%", smallest * 100);
    claims_add_value(claims, "overhead-from-table", "Table 4, mean ratio of its runs", ROLE_DERIVED, "%",
                     paper_overhead() * 100, mean * 100, 0.2, "two means of five, each within 2 %");
    claims_add_value(claims, "overhead-from-text", "Abstract and section 2.3: about 10 %", ROLE_DERIVED, "%", 10,
                     mean * 100, 0.2, "as for the table");
    claims_same_as(claims, "overhead-from-table");
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
claim_listings(ClaimSet *claims, const VmVtpmRuns *runs)
{
    static const char *const both[] = {"mig-vm1", "mig-vm1-vtpm", NULL}, *const none[] = {NULL};
    static const char *const memories[] = {"512", "2"};
    const struct {
        const char *id, *source, *when, *host;
        ClaimRole role; /* before the migration there is what the scenario says */
        gboolean populated;
    } figures[] = {
        {"figure-6", "Figure 6: source before", "before mig-vm1", "t1-cs-sicnu", ROLE_DEFINITION, TRUE},
        {"figure-7", "Figure 7: destination before", "before mig-vm1", "t2-cs-sicnu", ROLE_DEFINITION, FALSE},
        {"figure-8", "Figure 8: source after", "after mig-vm1", "t1-cs-sicnu", ROLE_EXACT, FALSE},
        {"figure-9", "Figure 9: destination after", "after mig-vm1", "t2-cs-sicnu", ROLE_EXACT, TRUE},
    };
    g_autoptr(Table) listing =
        table_parse(result_table(batch_result(runs->batch, runs->rows[ROW_JOINT]), "domains.csv"));

    for (guint i = 0; i < G_N_ELEMENTS(figures); i++) {
        const gboolean shown =
            listing_shows(listing, figures[i].when, figures[i].host, figures[i].populated ? both : none, memories);
        const char *text = figures[i].populated ? "Domain-0, mig-vm1 512, mig-vm1-vtpm 2" : "Domain-0";
        claims_add_statement(claims, figures[i].id, figures[i].source, figures[i].role, text,
                             shown ? text : "otherwise", shown,
                             "names, memory and running state; ids and processor seconds depend on the hosts' past");
    }
    claims_add_skipped(claims, "figure-9-seconds", "Figure 9: Time(s) after", "121.1 s and 6.3 s",
                       "less than before the migration on the source: counted from a domain's creation, and the past "
                       "of both is not told");
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
    const double end_s = start_s + result_number(run, VM_VTPM_TOTAL);
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
claim_commands(ClaimSet *claims, const VmVtpmRuns *runs)
{
    const CommandCount count =
        count_commands(batch_result(runs->batch, runs->rows[ROW_JOINT]), batch_result(runs->batch, runs->still));
    g_autofree char *text = g_strdup_printf("%u during, %u after, %u failed, %u wrong", count.during, count.after,
                                            count.failed, count.wrong);

    claims_add_statement(claims, "figure-10", "Figure 10 and section 2.3: commands go on", ROLE_EXACT,
                         "answered during and after", text,
                         count.during > 0 && count.after > 0 && count.failed == 0 && count.wrong == 0,
                         "digests equal those of a run without a migration");
}

/* ---- without interruption ---- */

#define TPM_LIMIT_S 2.0 /* that Linux's driver allows a slow command: a longer wait would be an interruption */

/* The longest time between two answers to a script that calls at once again, by a clock outside: the guest's own stands
 * still while it is stopped. */
static void
claim_uninterrupted(ClaimSet *claims, const VmVtpmRuns *runs)
{
    g_autoptr(Table) calls = table_parse(result_table(batch_result(runs->batch, runs->calls), "commands.csv"));
    double longest_s = 0;

    for (guint row = 1; row < table_rows(calls); row++)
        longest_s = MAX(longest_s, table_number(calls, row, "ended_s") - table_number(calls, row - 1, "ended_s"));
    g_autofree char *text = g_strdup_printf("%.2f s at most", longest_s);
    claims_add_statement(
        claims, "vtpm-uninterrupted", "Advantage 3, section 2.1: used without interruption", ROLE_CALIBRATED,
        "no interruption", text, longest_s > 0 && longest_s < TPM_LIMIT_S,
        "between two answers, less than Linux's driver allows; the split of the fixed costs is chosen");
    claims_add_measure(claims, "", "s", longest_s);
}

/* ---- the Xen log ---- */

typedef struct {
    guint round;
    double sent, skipped;
} LoggedRound;

static const LoggedRound logged_rounds[] = {{1, 28847, 3921}, {2, 3462, 2574}, {3, 2701, 1065}};

static double
mean_of_round(const VmVtpmRuns *runs, guint round, const char *column)
{
    double sum = 0;

    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        g_autoptr(Table) rounds = table_parse(result_table(batch_result(runs->batch, runs->xen_log + i), "rounds.csv"));
        sum += table_number(rounds, round - 1, column);
    }
    return sum / VM_VTPM_SEEDS;
}

/* What a round does not send of what the log says was dirtied before it, it skips: one number, said twice. */
static void
claim_logged_round(ClaimSet *claims, const VmVtpmRuns *runs, const LoggedRound *logged, const char *what, double value)
{
    g_autofree char *id = g_strdup_printf("xen-log-round-%u-%s", logged->round, what);
    g_autofree char *sent = g_strdup_printf("xen-log-round-%u-sent", logged->round);
    g_autofree char *source = g_strdup_printf("xen-users log, March 2012, round %u", logged->round);
    g_autofree char *column = g_strdup_printf("%s_pages", what);
    const ClaimRole role = logged->round == 1 ? ROLE_CALIBRATED : ROLE_PREDICTED;

    claims_add_value(claims, id, source, role, "pages", value, mean_of_round(runs, logged->round, column), 0.1,
                     role == ROLE_CALIBRATED ? "fits how early in a round its pages are first written"
                                             : "one guest whose writes are known only as counts per round");
    if (!g_str_equal(id, sent))
        claims_same_as(claims, sent);
}

static void
claim_xen_log(ClaimSet *claims, const VmVtpmRuns *runs)
{
    for (guint i = 0; i < G_N_ELEMENTS(logged_rounds); i++) {
        claim_logged_round(claims, runs, &logged_rounds[i], "sent", logged_rounds[i].sent);
        claim_logged_round(claims, runs, &logged_rounds[i], "skipped", logged_rounds[i].skipped);
    }
}

/* Whether every seed's run of the log's end sends 341 pages, then 42 in its last live round, and stops for that. */
static gboolean
ends_as_logged(const VmVtpmRuns *runs)
{
    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        const Result *run = batch_result(runs->batch, runs->xen_log_end + i);
        g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
        if (table_number(rounds, 1, "sent_pages") != 341 || table_number(rounds, 1, "skipped_pages") != 0 ||
            table_number(rounds, 2, "sent_pages") != 42 || table_number(rounds, 3, "final") != 1 ||
            g_strcmp0(result_word(run, "migration.guest.vm.stopped_by"), policy_stop_text(STOP_FEW_PAGES)) != 0)
            return FALSE;
    }
    return TRUE;
}

static void
claim_log_end(ClaimSet *claims, const VmVtpmRuns *runs)
{
    const gboolean holds = ends_as_logged(runs);

    claims_add_statement(claims, "xen-log-stop", "xen-users log, March 2012, rounds 12 and 13", ROLE_EXACT,
                         "stops: 42 < 50", holds ? "stops: 42 < 50" : "otherwise", holds,
                         "the log's 341 and 42 dirtied pages are inputs; the rule is what is tested, over all seeds");
}

/* ---- predictions ---- */

/* What the paper does not report: means over the runs of table 4. */
static void
add_predictions(ClaimSet *claims, const VmVtpmRuns *runs)
{
    const struct {
        const char *id;
        guint row;
        const char *metric, *unit;
    } predictions[] = {
        {"vm-downtime", ROW_VM, VM_VTPM_DOWNTIME, "s"},
        {"sequential-downtime", ROW_SEQUENTIAL, VM_VTPM_DOWNTIME, "s"},
        {"sequential-without-vtpm", ROW_SEQUENTIAL, VM_VTPM_UNAVAILABLE, "s"},
        {"joint-downtime", ROW_JOINT, VM_VTPM_DOWNTIME, "s"},
        {"joint-rounds", ROW_JOINT, VM_VTPM_JOINT_ROUNDS, "rounds"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(predictions); i++) {
        const Spread spread =
            batch_spread(runs->batch, runs->rows[predictions[i].row], VM_VTPM_SEEDS, predictions[i].metric);
        claims_add_prediction(claims, predictions[i].id, predictions[i].unit, spread.mean);
    }
}

static void
claim_invariants(ClaimSet *claims, const VmVtpmRuns *runs)
{
    g_autofree char *first = NULL;

    for (guint i = 0; !first && i < batch_size(runs->batch); i++)
        first = result_violation(batch_result(runs->batch, i));
    claims_add_statement(claims, "invariants", "every run of this reproduction", ROLE_EXACT, "all hold",
                         first ? first : "all hold", !first, "images equal, one instance, PCR as without a migration");
}

gboolean
vm_vtpm_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    VmVtpmRuns runs = {.batch = batch};

    if (!vm_vtpm_runs_prepare(&runs, files != NULL, error))
        return FALSE;
    const guint readings = files ? vm_vtpm_readings_add(batch, error) : 0;
    if (readings == G_MAXUINT || !batch_run(batch, workers, error))
        return FALSE;
    claims_set_paper(claims, "vm-vtpm");
    vm_vtpm_union_claim(&runs, claims);
    for (guint row = 0; row < N_ROWS; row++)
        claim_time_row(claims, &runs, row);
    claim_overhead(claims, &runs);
    claim_listings(claims, &runs);
    claim_commands(claims, &runs);
    claim_uninterrupted(claims, &runs);
    claim_xen_log(claims, &runs);
    claim_log_end(claims, &runs);
    vm_vtpm_rules_claim(&runs, claims);
    claim_invariants(claims, &runs);
    add_predictions(claims, &runs);
    if (files) {
        vm_vtpm_figures_take(&runs, files);
        vm_vtpm_readings_take(batch, readings, files);
    }
    return claim_parameters_add(claims, "vm-vtpm", error);
}
