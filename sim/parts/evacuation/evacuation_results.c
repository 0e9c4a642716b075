#include "sim/parts/evacuation/evacuation_results.h"

#include "models/base/statistics.h"
#include "sim/output/shown.h"
#include "sim/world/table_check.h"

#include <math.h>

/* ---- what is declared ---- */

typedef struct {
    const char *host, *outcome;
    guint64 vms, moved, left_before, failed, no_room, not_running, absent, gone;
    guint64 left, attempts, outgoing_peak;
    gboolean drained;
    double start_s, spent_s, duration_s;
    double downtime_p50_s, downtime_p95_s, downtime_max_s, sent_bytes;
} EvacuationNumbers;

static const RecordField evacuation_fields[] = {
    {"host", RECORD_WORD(EvacuationNumbers, host), "which"},
    {"outcome", RECORD_WORD(EvacuationNumbers, outcome),
     "\"drained\"; \"not-drained\": VMs are left; \"host-lost\"; \"busy\": another evacuation of the host went on; "
     "\"not-begun\": the run ended before it, \"running\": or before its end"},
    {"drained", RECORD_FLAG(EvacuationNumbers, drained),
     "whether the outcome is \"drained\": nothing is left on the host, also where VMs were lost"},
    {"vms", RECORD_COUNT(EvacuationNumbers, vms),
     "on the host, on their way there or to be created there when it began, and those that came while it lasted; each is "
     "one of the next seven"},
    {"moved", RECORD_COUNT(EvacuationNumbers, moved), "VMs that a migration of it has moved"},
    {"left_before", RECORD_COUNT(EvacuationNumbers, left_before), "that somebody else's migration took away meanwhile"},
    {"failed", RECORD_COUNT(EvacuationNumbers, failed), "whose last attempt failed"},
    {"no_room", RECORD_COUNT(EvacuationNumbers, no_room), "that no host could take"},
    {"not_running", RECORD_COUNT(EvacuationNumbers, not_running), "that were stopped and stayed so"},
    {"absent", RECORD_COUNT(EvacuationNumbers, absent), "that were not created before its end"},
    {"gone", RECORD_COUNT(EvacuationNumbers, gone), "that were lost or destroyed"},
    {"left", RECORD_COUNT(EvacuationNumbers, left),
     "VMs that are on the host at its end, or whose vTPM is, where the method moves it"},
    {"attempts", RECORD_COUNT(EvacuationNumbers, attempts), "migrations that it began"},
    {"outgoing_peak", RECORD_COUNT(EvacuationNumbers, outgoing_peak), "of them at a time"},
    {"start_s", RECORD_NUMBER(EvacuationNumbers, start_s), "when it began"},
    {"spent_s", RECORD_NUMBER(EvacuationNumbers, spent_s), "from its begin to its end, however it ended"},
    {"duration_s", RECORD_NUMBER(EvacuationNumbers, duration_s),
     "spent_s of one that drained its host; null of others"},
    {"downtime_p50_s", RECORD_NUMBER(EvacuationNumbers, downtime_p50_s),
     "median of the downtimes of the VMs that it moved; null: it moved none"},
    {"downtime_p95_s", RECORD_NUMBER(EvacuationNumbers, downtime_p95_s),
     "the downtime that 95 % of them do not exceed (nearest rank)"},
    {"downtime_max_s", RECORD_NUMBER(EvacuationNumbers, downtime_max_s), "the longest of them"},
    {"sent_bytes", RECORD_NUMBER(EvacuationNumbers, sent_bytes),
     "on the wire for pages, in all of its migrations, also those that failed"},
    {NULL},
};
static const Record evacuation_record = {"evacuation.NAME", evacuation_fields, "an evacuation of a host"};

typedef struct {
    double deadline_s;
    gboolean in_time;
} DeadlineNumbers;

static const RecordField deadline_fields[] = {
    {"deadline_s", RECORD_NUMBER(DeadlineNumbers, deadline_s), "the maintenance window, from its begin"},
    {"in_time", RECORD_FLAG(DeadlineNumbers, in_time), "whether the host was drained by then"},
    {NULL},
};
static const Record deadline_record = {"evacuation.NAME", deadline_fields, "an evacuation that has a deadline"};

typedef struct {
    const char *evacuation, *vm, *destination, *outcome;
    guint64 attempt;
    double asked_s, start_s, end_s, downtime_s;
} EvacuationCells;

static const RecordField row_fields[] = {
    {"evacuation", RECORD_WORD(EvacuationCells, evacuation), "as in the metrics"},
    {"vm", RECORD_WORD(EvacuationCells, vm), "which; its last row tells what became of it"},
    {"attempt", RECORD_COUNT(EvacuationCells, attempt), "counted from 1; 0: no migration, but why there is none"},
    {"destination", RECORD_WORD(EvacuationCells, destination), "where to"},
    {"asked_s", RECORD_NUMBER(EvacuationCells, asked_s), "since when the VM waited for this attempt"},
    {"start_s", RECORD_NUMBER(EvacuationCells, start_s), "when the migration began"},
    {"end_s", RECORD_NUMBER(EvacuationCells, end_s), "when it ended"},
    {"outcome", RECORD_WORD(EvacuationCells, outcome),
     "of the migration; attempt 0: no-room, not-running, absent (not created), gone (lost or destroyed), left (somebody "
     "else's migration took it away)"},
    {"downtime_s", RECORD_NUMBER(EvacuationCells, downtime_s), "of a VM that was moved"},
    {NULL},
};
static const Record row_record = {"evacuations.csv", row_fields,
                                  "every migration of every evacuation, when there are any"};

const Record *const evacuation_records[] = {&evacuation_record, &deadline_record, &row_record, NULL};

/* ---- what is counted ---- */

static gboolean
is_over(const EvacuationRun *run)
{
    return run->machine && evacuation_is_over(run->machine);
}

static const char *
outcome_of(const EvacuationRun *run)
{
    if (run->refused)
        return "busy";
    if (!run->machine)
        return "not-begun";
    if (!is_over(run))
        return "running";
    if (run->own->world->hosts[run->host].fails_at_s <= run->end_s)
        return "host-lost";
    return run->left == 0 ? "drained" : "not-drained";
}

static void
count_fates(const EvacuationRun *run, EvacuationNumbers *numbers)
{
    guint64 *const counts[EVACUATION_FATES] = {
        [EVACUATION_FATE_MOVED] = &numbers->moved,         [EVACUATION_FATE_LEFT] = &numbers->left_before,
        [EVACUATION_FATE_FAILED] = &numbers->failed,       [EVACUATION_FATE_NO_ROOM] = &numbers->no_room,
        [EVACUATION_FATE_STOPPED] = &numbers->not_running, [EVACUATION_FATE_ABSENT] = &numbers->absent,
        [EVACUATION_FATE_GONE] = &numbers->gone,
    };

    for (guint i = 0; run->machine && i < evacuation_vms(run->machine); i++) {
        guint64 *count = counts[evacuation_fate(run->machine, i)];
        if (count)
            (*count)++;
    }
}

static void
measure_rows(const EvacuationRun *run, EvacuationNumbers *numbers)
{
    g_autoptr(GArray) downtimes_s = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < run->rows->len; i++) {
        const EvacuationRow *row = g_ptr_array_index(run->rows, i);
        numbers->attempts += row->attempt > 0;
        numbers->sent_bytes += row->sent_bytes;
        if (!isnan(row->downtime_s))
            g_array_append_val(downtimes_s, row->downtime_s);
    }
    statistics_sort(downtimes_s);
    numbers->downtime_p50_s = statistics_nearest_rank(downtimes_s, 0.5);
    numbers->downtime_p95_s = statistics_nearest_rank(downtimes_s, 0.95);
    numbers->downtime_max_s = statistics_nearest_rank(downtimes_s, 1);
}

static EvacuationNumbers
numbers_of(const EvacuationRun *run)
{
    const double spent_s = run->end_s - run->start_s;
    EvacuationNumbers numbers = {.host = run->own->world->hosts[run->host].spec->name,
                                 .outcome = outcome_of(run),
                                 .vms = run->machine ? evacuation_vms(run->machine) : 0,
                                 .left = run->left,
                                 .outgoing_peak = run->peak,
                                 .start_s = run->start_s,
                                 .spent_s = is_over(run) ? spent_s : NAN};

    numbers.drained = g_str_equal(numbers.outcome, "drained");
    numbers.duration_s = numbers.drained ? spent_s : NAN;
    count_fates(run, &numbers);
    measure_rows(run, &numbers);
    return numbers;
}

static EvacuationCells
cells_of(const EvacuationRow *row)
{
    const EvacuationRun *run = row->run;

    return (EvacuationCells){.evacuation = run->name,
                             .vm = ((const Domain *)g_ptr_array_index(run->vms, row->vm))->name,
                             .attempt = row->attempt,
                             .destination = row->attempt > 0 ? run->own->world->hosts[row->host].spec->name : NULL,
                             .asked_s = row->asked_s,
                             .start_s = row->attempt > 0 ? row->start_s : NAN,
                             .end_s = row->end_s,
                             .outcome = row->outcome,
                             .downtime_s = row->downtime_s};
}

/* ---- rules of the table ---- */

/* Migrations at the row's begin, itself among them: of those that were begun before, in the rows. One that ends at that
 * date has made its place free. */
static guint
at_begin(const GPtrArray *rows, const EvacuationRow *row)
{
    guint n = 0;

    for (guint i = 0; i < rows->len; i++) {
        const EvacuationRow *other = g_ptr_array_index(rows, i);
        n += other->attempt > 0 && (other == row || (other->number < row->number && other->end_s > row->start_s));
    }
    return n;
}

static char *
fault_of(const EvacuationWorld *own, const EvacuationRun *run)
{
    const EvacuationNumbers numbers = numbers_of(run);
    const guint64 fates = numbers.moved + numbers.left_before + numbers.failed + numbers.no_room + numbers.not_running +
                          numbers.absent + numbers.gone;

    if (is_over(run) && fates != numbers.vms)
        return g_strdup_printf("%" G_GUINT64_FORMAT " VMs have a fate, of %" G_GUINT64_FORMAT, fates, numbers.vms);
    for (guint i = 0; i < run->rows->len; i++) {
        const EvacuationRow *row = g_ptr_array_index(run->rows, i);
        guint in_all = 0;
        if (row->attempt == 0 || row->end_s == row->start_s)
            continue;
        for (guint r = 0; r < own->runs->len; r++)
            in_all += at_begin(((const EvacuationRun *)g_ptr_array_index(own->runs, r))->rows, row);
        if (at_begin(run->rows, row) > run->keys->outgoing || in_all > run->keys->in_all)
            return g_strdup_printf("row %u: %u of its migrations, %u in all go on when it begins", i + 1,
                                   at_begin(run->rows, row), in_all);
        if (!table_check_not_after(row->start_s, row->end_s) || !table_check_not_after(row->asked_s, row->start_s))
            return g_strdup_printf("row %u: its dates are out of order", i + 1);
    }
    return NULL;
}

void
evacuation_results_check(const EvacuationWorld *own)
{
    for (guint i = 0; i < own->runs->len; i++) {
        const EvacuationRun *run = g_ptr_array_index(own->runs, i);
        table_check_note(own->world, "evacuation", run->name, fault_of(own, run));
    }
}

/* ---- what is told ---- */

static const char *
timeliness(const EvacuationRun *run, const EvacuationNumbers *numbers)
{
    if (isnan(run->keys->deadline_s))
        return "";
    return numbers->duration_s <= run->keys->deadline_s ? ", in time" : ", not in time";
}

/* An empty host is no success for those who were lost on the way. */
static void
say(const EvacuationRun *run, const EvacuationNumbers *numbers, Result *result)
{
    char spent[SHOWN_SIZE], median[SHOWN_SIZE], p95[SHOWN_SIZE], longest[SHOWN_SIZE];
    g_autofree char *gone =
        numbers->gone > 0 ? g_strdup_printf(", %" G_GUINT64_FORMAT " lost or destroyed", numbers->gone) : g_strdup("");

    if (run->refused) {
        result_say_one(result, "evacuations", "evacuation %s: %s, as another evacuation of %s went on", run->name,
                       numbers->outcome, numbers->host);
        return;
    }
    result_say_one(result, "evacuations",
                   "evacuation %s: %s%s, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                   " VMs moved in %s s, at most %" G_GUINT64_FORMAT " at a time; %" G_GUINT64_FORMAT
                   " left on the host%s",
                   run->name, numbers->outcome, timeliness(run, numbers), numbers->moved, numbers->vms,
                   shown_seconds(spent, numbers->spent_s), numbers->outgoing_peak, numbers->left, gone);
    if (numbers->moved > 0)
        result_say_also(result, "  downtime: median %s s, 95 %% at most %s s, longest %s s",
                        shown_seconds(median, numbers->downtime_p50_s), shown_seconds(p95, numbers->downtime_p95_s),
                        shown_seconds(longest, numbers->downtime_max_s));
}

void
evacuation_results_collect(const EvacuationWorld *own, Result *result)
{
    GString *table = record_table(&row_record);

    for (guint r = 0; r < own->runs->len; r++) {
        const EvacuationRun *run = g_ptr_array_index(own->runs, r);
        const EvacuationNumbers numbers = numbers_of(run);
        record_add(&evacuation_record, &numbers, result, "evacuation.%s", run->name);
        if (!isnan(run->keys->deadline_s)) {
            const DeadlineNumbers deadline = {run->keys->deadline_s, numbers.duration_s <= run->keys->deadline_s};
            record_add(&deadline_record, &deadline, result, "evacuation.%s", run->name);
        }
        say(run, &numbers, result);
        for (guint i = 0; i < run->rows->len; i++) {
            const EvacuationCells cells = cells_of(g_ptr_array_index(run->rows, i));
            record_append_row(&row_record, &cells, table);
        }
    }
    record_take_table(&row_record, table, result);
}

/* ---- the time line ---- */

#define GROUP "evacuations"

/* How many migrations go on after each begin and each end. */
static void
show_moving(const EvacuationRun *run, Trace *trace)
{
    g_autofree char *name = g_strdup_printf("%s: migrations", run->name);
    g_autoptr(GArray) dates_s = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < run->rows->len; i++) {
        const EvacuationRow *row = g_ptr_array_index(run->rows, i);
        if (row->attempt > 0) {
            g_array_append_val(dates_s, row->start_s);
            g_array_append_val(dates_s, row->end_s);
        }
    }
    statistics_sort(dates_s);
    for (guint d = 0; d < dates_s->len; d++) {
        const double at_s = g_array_index(dates_s, double, d);
        guint n = 0;
        for (guint i = 0; i < run->rows->len; i++) {
            const EvacuationRow *row = g_ptr_array_index(run->rows, i);
            n += row->attempt > 0 && row->start_s <= at_s && row->end_s > at_s;
        }
        trace_counter(trace, GROUP, name, "migrations", at_s, n);
    }
}

static int
compare_ends(gconstpointer a, gconstpointer b)
{
    const EvacuationRow *first = *(EvacuationRow *const *)a, *second = *(EvacuationRow *const *)b;

    return (first->end_s > second->end_s) - (first->end_s < second->end_s);
}

/* Why VMs stayed, when that was known. */
static void
show_failures(const EvacuationRun *run, TraceTrack *track, double until_s)
{
    g_autoptr(GPtrArray) by_end = g_ptr_array_new();

    for (guint i = 0; i < run->rows->len; i++)
        g_ptr_array_add(by_end, g_ptr_array_index(run->rows, i));
    g_ptr_array_sort(by_end, compare_ends);
    for (guint i = 0; i < by_end->len; i++) {
        const EvacuationRow *row = g_ptr_array_index(by_end, i);
        if (!row->outcome || row->fate == EVACUATION_FATE_MOVED)
            continue;
        g_autofree char *what = g_strdup_printf("%s: %s", cells_of(row).vm, row->outcome);
        trace_instant(track, what, MIN(row->end_s, until_s));
    }
}

static void
show_run(const EvacuationRun *run, Trace *trace)
{
    TraceTrack *track = trace_track(trace, GROUP, "%s", run->name);
    const EvacuationNumbers numbers = numbers_of(run);
    g_autofree char *title = g_strdup_printf("evacuate %s", numbers.host);
    const double end_s = is_over(run) ? run->end_s : world_now();

    trace_begin(track, title, run->start_s);
    trace_describe(track, &evacuation_record, &numbers);
    show_failures(run, track, end_s);
    trace_end(track, end_s);
    show_moving(run, trace);
}

void
evacuation_results_trace(const EvacuationWorld *own, Trace *trace)
{
    for (guint r = 0; r < own->runs->len; r++)
        if (((const EvacuationRun *)g_ptr_array_index(own->runs, r))->machine)
            show_run(g_ptr_array_index(own->runs, r), trace);
}
