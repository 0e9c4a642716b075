#include "sim/parts/fleet/fleet_world.h"

#include "models/base/statistics.h"
#include "sim/output/shown.h"
#include "sim/parts/migration/migration.h"
#include "sim/parts/migration/migration_part.h"

#include <math.h>

/* ---- what is declared ---- */

typedef struct {
    double mean_s, p50_s, p99_s, max_s;
} Spread;

typedef struct {
    guint64 hosts, active_hosts, guests, migrations, completed, peak;
    double active_s, load_mean, slatah, pdm, slav, pdm_simulated, slav_simulated;
    double migrating_s, sent_bytes;
    Spread total, downtime;
} FleetNumbers;

static const RecordField fleet_fields[] = {
    {"hosts", RECORD_COUNT(FleetNumbers, hosts), "in the scenario"},
    {"active_hosts", RECORD_COUNT(FleetNumbers, active_hosts), "on which a guest ever ran"},
    {"guests", RECORD_COUNT(FleetNumbers, guests), "in the scenario"},
    {"active_s", RECORD_NUMBER(FleetNumbers, active_s), "how long guests ran on hosts, of all hosts together"},
    {"load_mean", RECORD_NUMBER(FleetNumbers, load_mean),
     "processor time given to guests, of the cores of active hosts; null: none was active"},
    {"slatah", RECORD_NUMBER(FleetNumbers, slatah),
     "SLA violation time per active host: the share of its active time for which a host was overloaded, mean over hosts"},
    {"pdm", RECORD_NUMBER(FleetNumbers, pdm),
     "performance degradation due to migrations, by its definition: 10 % of what a guest wants while it migrates, of all "
     "that it wants, mean over guests"},
    {"slav", RECORD_NUMBER(FleetNumbers, slav), "slatah times pdm"},
    {"pdm_simulated", RECORD_NUMBER(FleetNumbers, pdm_simulated),
     "the same with what guests were not given while they migrated: stopped, throttled, and short of their host's cores"},
    {"slav_simulated", RECORD_NUMBER(FleetNumbers, slav_simulated), "slatah times pdm_simulated"},
    {"migrations", RECORD_COUNT(FleetNumbers, migrations), "asked for by anybody"},
    {"completed", RECORD_COUNT(FleetNumbers, completed), "of them; the others: fleet.outcome.NAME"},
    {"total_mean_s", RECORD_NUMBER(FleetNumbers, total.mean_s), "of the migrations that completed; null: none did"},
    {"total_p50_s", RECORD_NUMBER(FleetNumbers, total.p50_s), "which half of them do not exceed (nearest rank)"},
    {"total_p99_s", RECORD_NUMBER(FleetNumbers, total.p99_s), "which 99 % of them do not exceed"},
    {"total_max_s", RECORD_NUMBER(FleetNumbers, total.max_s), "the longest"},
    {"downtime_mean_s", RECORD_NUMBER(FleetNumbers, downtime.mean_s), "of the VM, in the migrations that completed"},
    {"downtime_p50_s", RECORD_NUMBER(FleetNumbers, downtime.p50_s), "which half of them do not exceed"},
    {"downtime_p99_s", RECORD_NUMBER(FleetNumbers, downtime.p99_s), "which 99 % of them do not exceed"},
    {"downtime_max_s", RECORD_NUMBER(FleetNumbers, downtime.max_s), "the longest"},
    {"migrating_s", RECORD_NUMBER(FleetNumbers, migrating_s),
     "from the begin of the first migration to the end of the last: of an evacuation alone, its time; null: none began"},
    {"migrations_peak", RECORD_COUNT(FleetNumbers, peak), "most at a time"},
    {"sent_bytes", RECORD_NUMBER(FleetNumbers, sent_bytes), "on the wire for pages, in all migrations"},
    {NULL},
};
static const Record fleet_record = {"fleet", fleet_fields, "hosts, guests and migrations as a whole"};

typedef struct {
    guint64 migrations;
} OutcomeNumbers;
static const RecordField outcome_fields[] = {
    {"migrations", RECORD_COUNT(OutcomeNumbers, migrations), "that ended so"},
    {NULL},
};
static const Record outcome_record = {"fleet.outcome.NAME", outcome_fields,
                                      "migrations by outcome; NAME: as of a migration"};

static const RecordField sample_fields[] = {
    {"from_s", RECORD_NUMBER(FleetSample, from_s), "the row tells of the time from then"},
    {"until_s", RECORD_NUMBER(FleetSample, until_s), "to then"},
    {"hosts_idle", RECORD_COUNT(FleetSample, idle), "on which no guest ran"},
    {"hosts_busy", RECORD_COUNT(FleetSample, busy), "the others that are not overloaded"},
    {"hosts_overloaded", RECORD_COUNT(FleetSample, overloaded), "for more than half of the time"},
    {"hosts_lost", RECORD_COUNT(FleetSample, lost), "that have failed by its end"},
    {"wanted_vcpus", RECORD_NUMBER(FleetSample, wanted), "virtual processors that guests wanted, on average"},
    {"given_vcpus", RECORD_NUMBER(FleetSample, given), "and were given"},
    {"load_mean", RECORD_NUMBER(FleetSample, load_mean), "given, of a host's cores, mean over hosts that are not idle"},
    {"load_max", RECORD_NUMBER(FleetSample, load_max), "of the most loaded host"},
    {"migrations", RECORD_NUMBER(FleetSample, migrations), "guests that migrated at a time, on average"},
    {NULL},
};
static const Record sample_record = {"fleet.csv", sample_fields, "hosts by state, load and migrations over time"};

typedef struct {
    const char *host;
    double active_s, overloaded_s, wanted_s, given_s, load_mean, peak;
} HostRow;
static const RecordField host_fields[] = {
    {"host", RECORD_WORD(HostRow, host), "which"},
    {"active_s", RECORD_NUMBER(HostRow, active_s), "how long a guest ran there"},
    {"overloaded_s", RECORD_NUMBER(HostRow, overloaded_s),
     "of it, how long guests wanted the share of its cores or more"},
    {"wanted_s", RECORD_NUMBER(HostRow, wanted_s), "processor time that its guests wanted"},
    {"given_s", RECORD_NUMBER(HostRow, given_s), "and were given"},
    {"load_mean", RECORD_NUMBER(HostRow, load_mean), "given, of its cores while it was active; empty: it never was"},
    {"load_peak", RECORD_NUMBER(HostRow, peak), "most that was wanted at a time, of its cores"},
    {NULL},
};
static const Record host_record = {"host-load.csv", host_fields, "hosts, in the order of the scenario's"};

typedef struct {
    const char *migration, *vm, *source, *destination, *outcome;
    double start_s, end_s, total_s, downtime_s;
} MigrationRow;
static const RecordField migration_fields[] = {
    {"migration", RECORD_WORD(MigrationRow, migration), "as in the metrics, which not all of many have"},
    {"vm", RECORD_WORD(MigrationRow, vm), "which"},
    {"source", RECORD_WORD(MigrationRow, source), "host"},
    {"destination", RECORD_WORD(MigrationRow, destination), "host"},
    {"outcome", RECORD_WORD(MigrationRow, outcome), "as in the metrics"},
    {"start_s", RECORD_NUMBER(MigrationRow, start_s), "when it began"},
    {"end_s", RECORD_NUMBER(MigrationRow, end_s), "when it ended; start_s: it was refused"},
    {"total_s", RECORD_NUMBER(MigrationRow, total_s), "of one that completed"},
    {"downtime_s", RECORD_NUMBER(MigrationRow, downtime_s), "of the VM, of one that completed"},
    {NULL},
};
static const Record migration_record = {"migrations.csv", migration_fields,
                                        "migrations, in the order in which they were asked for"};

const Record *const fleet_records[] = {&fleet_record, &outcome_record,   &sample_record,
                                       &host_record,  &migration_record, NULL};

/* ---- hosts ---- */

static void
collect_hosts(FleetWorld *own, FleetNumbers *numbers, Result *result)
{
    GString *table = record_table(&host_record);
    double given_s = 0, core_s = 0, violations = 0;

    for (guint host = 0; host < own->world->n_hosts; host++) {
        const HostLoad load = host_load(own->world, host);
        const double cores = (double)own->world->hosts[host].spec->cores, there_s = load.active_s * cores;
        const HostRow row = {own->world->hosts[host].spec->name,
                             load.active_s,
                             load.overloaded_s,
                             load.wanted_s,
                             load.given_s,
                             there_s > 0 ? load.given_s / there_s : NAN,
                             load.peak / cores};
        record_append_row(&host_record, &row, table);
        numbers->active_hosts += load.active_s > 0 ? 1 : 0;
        numbers->active_s += load.active_s;
        violations += load.active_s > 0 ? load.overloaded_s / load.active_s : 0;
        given_s += load.given_s;
        core_s += there_s;
    }
    numbers->hosts = own->world->n_hosts;
    numbers->load_mean = core_s > 0 ? given_s / core_s : NAN;
    numbers->slatah = numbers->active_hosts > 0 ? violations / (double)numbers->active_hosts : NAN;
    record_take_table(&host_record, table, result);
}

/* ---- guests ---- */

#define DEGRADATION 0.1 /* of what a guest wants while it migrates: Beloglazov and Buyya 2012, section 4.2 */

static void
collect_guests(FleetWorld *own, FleetNumbers *numbers)
{
    const GArray *guests = own->world->scenario->guests;
    double defined = 0, simulated = 0;

    for (guint i = 0; i < guests->len; i++) {
        Domain *domain = world_domain(own->world, g_array_index(guests, GuestSpec, i).name);
        const FleetGuest *guest = fleet_guest(domain);
        if (!guest)
            continue;
        const ProcessorUse *moved = &guest->of_all;
        const double all_s = processors_use(domain).wanted_s + moved->missed_s;
        if (!(all_s > 0))
            continue;
        defined += DEGRADATION * (moved->wanted_s + moved->missed_s) / all_s;
        simulated += (moved->wanted_s - moved->given_s + moved->missed_s) / all_s;
    }
    numbers->guests = guests->len;
    numbers->pdm = guests->len > 0 ? defined / guests->len : NAN;
    numbers->pdm_simulated = guests->len > 0 ? simulated / guests->len : NAN;
    numbers->slav = numbers->slatah * numbers->pdm;
    numbers->slav_simulated = numbers->slatah * numbers->pdm_simulated;
}

/* ---- migrations ---- */

static Spread
spread_of(GArray *values_s)
{
    double sum_s = 0;

    if (values_s->len == 0)
        return (Spread){NAN, NAN, NAN, NAN};
    statistics_sort(values_s);
    for (guint i = 0; i < values_s->len; i++)
        sum_s += g_array_index(values_s, double, i);
    return (Spread){sum_s / values_s->len, statistics_nearest_rank(values_s, 0.5),
                    statistics_nearest_rank(values_s, 0.99), statistics_nearest_rank(values_s, 1)};
}

static gboolean
has_begun(const Migration *migration)
{
    return migration->legs->len > 0;
}

/* Most at a time: ends before begins of the same date. */
static guint
peak_of(GArray *begins_s, GArray *ends_s)
{
    guint peak = 0, ended = 0;

    statistics_sort(begins_s);
    statistics_sort(ends_s);
    for (guint i = 0; i < begins_s->len; i++) {
        while (ended < ends_s->len && g_array_index(ends_s, double, ended) <= g_array_index(begins_s, double, i))
            ended++;
        peak = MAX(peak, i + 1 - MIN(ended, i + 1));
    }
    return peak;
}

static void
collect_dates(const GPtrArray *migrations, FleetNumbers *numbers)
{
    g_autoptr(GArray) begins_s = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) ends_s = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        if (!has_begun(migration))
            continue;
        g_array_append_val(begins_s, migration->start_s);
        g_array_append_val(ends_s, migration->end_s);
    }
    numbers->peak = peak_of(begins_s, ends_s);
    numbers->migrating_s =
        ends_s->len > 0 ? g_array_index(ends_s, double, ends_s->len - 1) - g_array_index(begins_s, double, 0) : NAN;
}

static void
add_outcomes(const GPtrArray *migrations, Result *result)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < migrations->len; i++) {
        const char *word = ((const Migration *)g_ptr_array_index(migrations, i))->outcome->word;
        const guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, word));
        g_hash_table_insert(counts, (gpointer)word, GUINT_TO_POINTER(n + 1));
    }
    g_autoptr(GList) words = g_list_sort(g_hash_table_get_keys(counts), (GCompareFunc)g_strcmp0);
    for (const GList *word = words; word; word = word->next) {
        const OutcomeNumbers numbers = {GPOINTER_TO_UINT(g_hash_table_lookup(counts, word->data))};
        record_add(&outcome_record, &numbers, result, "fleet.outcome.%s", (const char *)word->data);
    }
}

static void
collect_migrations(const GPtrArray *migrations, FleetNumbers *numbers)
{
    g_autoptr(GArray) totals_s = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) downtimes_s = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        const double total_s = migration->end_s - migration->start_s, downtime_s = migration_stopped_s(migration);
        numbers->sent_bytes += migration_sent_bytes(migration);
        if (migration->outcome != &outcome_completed)
            continue;
        g_array_append_val(totals_s, total_s);
        g_array_append_val(downtimes_s, downtime_s);
    }
    numbers->migrations = migrations->len;
    numbers->completed = totals_s->len;
    numbers->total = spread_of(totals_s);
    numbers->downtime = spread_of(downtimes_s);
    collect_dates(migrations, numbers);
}

static void
append_migrations(const FleetWorld *own, const GPtrArray *migrations, Result *result)
{
    GString *table = record_table(&migration_record);

    for (guint i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        const gboolean completed = migration->outcome == &outcome_completed;
        const MigrationRow row = {.migration = migration->name,
                                  .vm = migration->vm->name,
                                  .source = own->world->hosts[migration->source].spec->name,
                                  .destination = own->world->hosts[migration->destination].spec->name,
                                  .outcome = migration->outcome->word,
                                  .start_s = migration->start_s,
                                  .end_s = migration->end_s,
                                  .total_s = completed ? migration->end_s - migration->start_s : NAN,
                                  .downtime_s = completed ? migration_stopped_s(migration) : NAN};
        record_append_row(&migration_record, &row, table);
    }
    record_take_table(&migration_record, table, result);
}

/* ---- all of it ---- */

static void
say(const FleetNumbers *numbers, Result *result)
{
    char load[SHOWN_SIZE], over[SHOWN_SIZE];

    result_say(result,
               "fleet: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " hosts active, %s %% of their cores used, "
               "overloaded for %s %% of the time",
               numbers->active_hosts, numbers->hosts, shown_number(load, 100 * numbers->load_mean, 3),
               shown_number(over, 100 * numbers->slatah, 3));
}

void
fleet_results_collect(FleetWorld *own, Result *result)
{
    const MigrationWorld *moves = part_of_world(own->world, &migration_part);
    GString *samples = record_table(&sample_record);
    FleetNumbers numbers = {.hosts = 0};

    collect_hosts(own, &numbers, result);
    collect_guests(own, &numbers);
    collect_migrations(moves->migrations, &numbers);
    record_add(&fleet_record, &numbers, result, NULL);
    add_outcomes(moves->migrations, result);
    for (guint i = 0; i < own->samples->len; i++)
        record_append_row(&sample_record, &g_array_index(own->samples, FleetSample, i), samples);
    record_take_table(&sample_record, samples, result);
    append_migrations(own, moves->migrations, result);
    if (numbers.active_hosts > 0)
        say(&numbers, result);
}
