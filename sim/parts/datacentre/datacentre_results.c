#include "sim/parts/datacentre/datacentre_results.h"

#include "sim/world/table_check.h"

#include <math.h>

/* ---- what is declared ---- */

typedef struct {
    guint64 hosts, rounds, underloads, overloads, refused, dropped, no_place;
    guint64 asked, completed, failed, returned, shutdowns, wakes, wakes_lost, disturbed;
    double asleep_share, overload_share, overload_logged_share, energy_J, slatah, pdm, slav, esv;
} DatacentreNumbers;

static const RecordField number_fields[] = {
    {"hosts", RECORD_COUNT(DatacentreNumbers, hosts), "that are watched"},
    {"rounds", RECORD_COUNT(DatacentreNumbers, rounds), "of decisions: of all hosts, or by own clocks of one"},
    {"underloads", RECORD_COUNT(DatacentreNumbers, underloads), "times that a host asked to be emptied"},
    {"overloads", RECORD_COUNT(DatacentreNumbers, overloads), "times that a host asked to give a VM away"},
    {"refused", RECORD_COUNT(DatacentreNumbers, refused), "requests that found the manager at work on another one"},
    {"dropped", RECORD_COUNT(DatacentreNumbers, dropped),
     "requests of which a VM was on the move or had no counters yet"},
    {"no_place", RECORD_COUNT(DatacentreNumbers, no_place), "requests of which a VM found no host"},
    {"asked", RECORD_COUNT(DatacentreNumbers, asked),
     "migrations that were decided; each is one of the next two, or had "
     "not ended when the run did"},
    {"completed", RECORD_COUNT(DatacentreNumbers, completed), "of them"},
    {"failed", RECORD_COUNT(DatacentreNumbers, failed), "of them"},
    {"returned", RECORD_COUNT(DatacentreNumbers, returned),
     "of the completed ones, those that took a VM back to the host that it had left last: the policy oscillates"},
    {"shutdowns", RECORD_COUNT(DatacentreNumbers, shutdowns), "times that a host went to sleep"},
    {"wakes", RECORD_COUNT(DatacentreNumbers, wakes), "times that one was woken for a VM"},
    {"wakes_lost", RECORD_COUNT(DatacentreNumbers, wakes_lost), "of these, after which the host did not come back"},
    {"disturbed", RECORD_COUNT(DatacentreNumbers, disturbed),
     "times that one was woken by a domain that somebody else brought there"},
    {"asleep_share", RECORD_NUMBER(DatacentreNumbers, asleep_share), "of all hosts' time, asleep (ITF)"},
    {"overload_share", RECORD_NUMBER(DatacentreNumbers, overload_share),
     "of all hosts' active time, with a mean utilization above 0.8 between two readings (OTF)"},
    {"overload_logged_share", RECORD_NUMBER(DatacentreNumbers, overload_logged_share),
     "likewise, as Neat's collectors log it: from a reading with counters above 0.8 to the next one without, asleep or "
     "not, over the active time"},
    {"energy_J", RECORD_NUMBER(DatacentreNumbers, energy_J),
     "of all hosts: their power at the mean load between two readings, and in their other states"},
    {"slatah", RECORD_NUMBER(DatacentreNumbers, slatah),
     "mean over hosts of the share of their active time in which VMs wanted more than they were given"},
    {"pdm", RECORD_NUMBER(DatacentreNumbers, pdm),
     "mean over VMs of the share of the processor time they wanted that stops of these migrations took"},
    {"slav", RECORD_NUMBER(DatacentreNumbers, slav), "slatah times pdm"},
    {"esv", RECORD_NUMBER(DatacentreNumbers, esv), "energy_J times slav"},
    {NULL},
};
static const Record number_record = {"consolidation.NAME", number_fields, "a data centre that decides"};

typedef struct {
    const char *vm, *from, *to, *why, *outcome;
    double decided_s, turned_s, start_s, end_s, known_s, downtime_s;
    gboolean returned;
} MoveCells;

static const RecordField move_fields[] = {
    {"vm", RECORD_WORD(MoveCells, vm), "which"},
    {"from", RECORD_WORD(MoveCells, from), "its host when that was decided"},
    {"to", RECORD_WORD(MoveCells, to), "where to"},
    {"why", RECORD_WORD(MoveCells, why), "underload or overload of from; round: either, of all hosts at once; balance"},
    {"decided_s", RECORD_NUMBER(MoveCells, decided_s), "when"},
    {"start_s", RECORD_NUMBER(MoveCells, start_s), "when the migration began; empty: the run ended before"},
    {"end_s", RECORD_NUMBER(MoveCells, end_s), "when it ended"},
    {"outcome", RECORD_WORD(MoveCells, outcome),
     "of the migration; not-begun: its destination was evacuated meanwhile, or the run ended; no-wake: its destination "
     "did not wake"},
    {"downtime_s", RECORD_NUMBER(MoveCells, downtime_s), "of one that completed"},
    {"returned", RECORD_FLAG(MoveCells, returned), "whether to is the host that the VM had left last"},
    {"turned_s", RECORD_NUMBER(MoveCells, turned_s), "when the manager turned to it, its destination awake"},
    {"known_s", RECORD_NUMBER(MoveCells, known_s), "when it knew that the migration had ended"},
    {NULL},
};
static const Record move_record = {"consolidation.csv", move_fields, "every migration that a data centre decided"};

const Record *const datacentre_records[] = {&number_record, &move_record, NULL};

/* ---- what is counted ---- */

static const DatacentreMove *
move_at(const DatacentreWorld *own, guint i)
{
    return g_ptr_array_index(own->moves, i);
}

static void
count_moves(const DatacentreWorld *own, DatacentreNumbers *numbers)
{
    numbers->asked = own->moves->len;
    for (guint i = 0; i < own->moves->len; i++) {
        numbers->completed += move_at(own, i)->completed;
        numbers->failed += move_at(own, i)->ended && !move_at(own, i)->completed;
        numbers->returned += move_at(own, i)->returned;
    }
}

static void
measure_hosts(const DatacentreWorld *own, DatacentreNumbers *numbers)
{
    g_autofree ServiceHost *service = g_new(ServiceHost, own->hosts->len);
    double all_s = 0, active_s = 0, asleep_s = 0, overload_s = 0, logged_s = 0;

    for (guint i = 0; i < own->hosts->len; i++) {
        const DatacentreHost *host = &g_array_index(own->hosts, DatacentreHost, i);
        const EnergyMeter *meter = &host->meter;

        for (guint s = 0; s < ENERGY_STATES; s++)
            all_s += meter->state_s[s];
        active_s += meter->state_s[ENERGY_ACTIVE];
        asleep_s += meter->state_s[ENERGY_ASLEEP];
        overload_s += host->overload_s;
        logged_s += host->logged_s;
        numbers->energy_J += energy_meter_J(meter);
        numbers->shutdowns += meter->shutdowns;
        service[i] = (ServiceHost){meter->state_s[ENERGY_ACTIVE], host->saturated_s};
    }
    numbers->asleep_share = all_s > 0 ? asleep_s / all_s : 0;
    numbers->overload_share = active_s > 0 ? overload_s / active_s : 0;
    numbers->overload_logged_share = active_s > 0 ? logged_s / active_s : 0;
    numbers->slatah = service_slatah(service, own->hosts->len);
}

static double
degradation(const DatacentreWorld *own)
{
    g_autofree ServiceVm *service = g_new(ServiceVm, own->vms->len + 1u);

    for (guint i = 0; i < own->vms->len; i++) {
        const DatacentreVm *vm = g_ptr_array_index(own->vms, i);
        const double wanted_s = vm->wanted_s + vm->missed_s - vm->first_wanted_s;

        service[i] = (ServiceVm){isnan(wanted_s) ? 0 : wanted_s, vm->lost_s};
    }
    return service_pdm(service, own->vms->len);
}

static DatacentreNumbers
numbers_of(const DatacentreWorld *own)
{
    DatacentreNumbers numbers = {.hosts = own->hosts->len,
                                 .rounds = own->rounds,
                                 .underloads = own->underloads,
                                 .overloads = own->overloads,
                                 .refused = own->refused,
                                 .dropped = own->dropped,
                                 .no_place = own->no_place,
                                 .wakes = own->wakes,
                                 .wakes_lost = own->wakes_lost,
                                 .disturbed = own->disturbed};

    count_moves(own, &numbers);
    measure_hosts(own, &numbers);
    numbers.pdm = degradation(own);
    numbers.slav = service_slav(numbers.slatah, numbers.pdm);
    numbers.esv = service_esv(numbers.energy_J, numbers.slav);
    return numbers;
}

static const char *
host_name(const DatacentreWorld *own, guint host)
{
    return own->world->hosts[g_array_index(own->hosts, DatacentreHost, host).host].spec->name;
}

static const char *const why_words[] = {[DATACENTRE_FOR_UNDERLOAD] = "underload",
                                        [DATACENTRE_FOR_OVERLOAD] = "overload",
                                        [DATACENTRE_FOR_BOTH] = "round",
                                        [DATACENTRE_FOR_BALANCE] = "balance"};

static MoveCells
cells_of(const DatacentreWorld *own, const DatacentreMove *move)
{
    return (MoveCells){.vm = ((const DatacentreVm *)g_ptr_array_index(own->vms, move->vm))->domain->name,
                       .from = host_name(own, move->from),
                       .to = host_name(own, move->to),
                       .why = why_words[move->why],
                       .decided_s = move->decided_s,
                       .turned_s = move->turned_s,
                       .start_s = move->start_s,
                       .end_s = move->end_s,
                       .known_s = move->known_s,
                       .outcome = move->outcome,
                       .downtime_s = move->downtime_s,
                       .returned = move->returned};
}

/* ---- what is told ---- */

/* One after the other, each after its decision. (transfer full) */
static char *
fault_of(const DatacentreWorld *own)
{
    double free_s = own->keys->at_once > 1 ? NAN : 0; /* several at a time: none waits for another */

    for (guint i = 0; i < own->moves->len; i++) {
        const DatacentreMove *move = move_at(own, i);

        if (!move->begun)
            continue;
        if (!table_check_not_after(move->decided_s, move->start_s) ||
            (!isnan(free_s) && !table_check_not_after(free_s, move->start_s)))
            return g_strdup_printf("row %u: begins before it was decided, or before the one above has ended", i + 1);
        if (move->ended && !table_check_not_after(move->start_s, move->end_s))
            return g_strdup_printf("row %u: its dates are out of order", i + 1);
        if (!isnan(free_s))
            free_s = move->ended ? move->end_s : INFINITY;
    }
    return NULL;
}

void
datacentre_results_check(const DatacentreWorld *own)
{
    table_check_note(own->world, "consolidation", datacentre_keys_name(own->keys), fault_of(own));
}

static void
say(const DatacentreWorld *own, const DatacentreNumbers *numbers, Result *result)
{
    result_say_one(result, "consolidation",
                   "consolidation %s: %" G_GUINT64_FORMAT " rounds, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                   " migrations completed, %" G_GUINT64_FORMAT " back to where a VM came from; hosts slept %.1f %% and "
                   "were overloaded %.1f %% of their active time; %.3f kWh",
                   datacentre_keys_name(own->keys), numbers->rounds, numbers->completed, numbers->asked,
                   numbers->returned, 100 * numbers->asleep_share, 100 * numbers->overload_share,
                   numbers->energy_J / 3.6e6);
}

void
datacentre_results_collect(const DatacentreWorld *own, Result *result)
{
    const DatacentreNumbers numbers = numbers_of(own);
    GString *table = record_table(&move_record);

    record_add(&number_record, &numbers, result, "consolidation.%s", datacentre_keys_name(own->keys));
    say(own, &numbers, result);
    for (guint i = 0; i < own->moves->len; i++) {
        const MoveCells cells = cells_of(own, move_at(own, i));

        record_append_row(&move_record, &cells, table);
    }
    record_take_table(&move_record, table, result);
}
