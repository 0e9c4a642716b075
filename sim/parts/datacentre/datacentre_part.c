#include "sim/parts/datacentre/datacentre_part.h"

#include "sim/parts/datacentre/datacentre_clocks.h"
#include "sim/parts/datacentre/datacentre_read.h"
#include "sim/parts/datacentre/datacentre_results.h"
#include "sim/parts/evacuation/evacuation_keys.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/invariant.h"
#include "sim/world/path.h"

#include <math.h>
#include <simgrid/actor.h>

const Invariant invariant_asleep_hosts_are_empty = {
    "asleep_hosts_are_empty", "no domain has an instance on a host that a data centre has put to sleep"};

static DatacentreWorld *
own_of(const World *world)
{
    return part_of_world(world, &datacentre_part);
}

static DatacentreHost *
host_at(const DatacentreWorld *own, guint i)
{
    return &g_array_index(own->hosts, DatacentreHost, i);
}

/* ---- hooks ---- */

static gboolean
is_empty(const DatacentreWorld *own, guint host)
{
    return own->world->hosts[host_at(own, host)->host].residents->len == 0;
}

static void
act(World *world, const ActionSpec *action)
{
    DatacentreWorld *own = own_of(world);

    if (own->action != action)
        return;
    own->begun_s = world_now();
    own->work = sg_sem_init(0);
    own->freed = sg_sem_init(0);
    for (guint i = 0; i < own->hosts->len; i++) {
        const EnergyPowers powers = datacentre_keys_powers(own->keys, world->hosts[host_at(own, i)->host].spec->name);

        host_at(own, i)->read_s = world_now();
        energy_meter_init(&host_at(own, i)->meter, &powers, world_now());
    }
    datacentre_read(own);
    datacentre_clocks_start(own);
}

/* Somebody else has brought a domain to a host that sleeps: it is awake at once. */
static void
notice(Domain *domain)
{
    DatacentreWorld *own = own_of(domain->world);

    if (!own || isnan(own->begun_s))
        return;
    for (guint i = 0; i < own->hosts->len; i++) {
        DatacentreHost *host = host_at(own, i);

        if ((host->meter.state == ENERGY_ASLEEP || host->meter.state == ENERGY_SUSPENDING) && !is_empty(own, i)) {
            own->disturbed++;
            energy_meter_set(&host->meter, world_now(), ENERGY_ACTIVE, 0);
        }
        invariant_check(own->world, &invariant_asleep_hosts_are_empty,
                        host->meter.state != ENERGY_ASLEEP || is_empty(own, i), "host %s sleeps with %u domains",
                        own->world->hosts[host->host].spec->name, own->world->hosts[host->host].residents->len);
    }
}

static gboolean
may_move(const Domain *domain, guint destination, Outcome *why)
{
    const DatacentreWorld *own = own_of(domain->world);

    if (!own || own->deciding || isnan(own->begun_s) || !datacentre_is_down(own, destination))
        return TRUE;
    *why = (Outcome){"host-asleep", "the destination sleeps"};
    return FALSE;
}

/* One of its own migrations goes on: no other begins before its end. */
static const DatacentreMove *
under_way(const DatacentreWorld *own)
{
    const DatacentreMove *move = own->next ? g_ptr_array_index(own->moves, own->next - 1) : NULL;

    return move && move->begun && !move->ended ? move : NULL;
}

static const Path *
path_of(const DatacentreWorld *own, const DatacentreMove *move)
{
    return path_between(own->world, host_at(own, move->from)->host, host_at(own, move->to)->host);
}

/* That goes on over this path; NULL: none of its own does. */
static const DatacentreMove *
move_over(const DatacentreWorld *own, const Path *path)
{
    for (guint i = own->plan; i < own->moves->len; i++) {
        const DatacentreMove *move = g_ptr_array_index(own->moves, i);

        if (move->begun && !move->ended && path_of(own, move) == path)
            return move;
    }
    return NULL;
}

/* That a host takes part in one at a time keeps the other waiting until this one has ended. */
static gboolean
waits_for(const DatacentreWorld *own, const DatacentreMove *move, const DatacentreMove *running)
{
    return own->keys->at_once_of_host == 1 && !move->begun && running &&
           (move->from == running->from || move->from == running->to || move->to == running->from ||
            move->to == running->to);
}

/* Of several at a time: besides the one that asks another one, that goes on or may begin. */
static gboolean
several_share(const DatacentreWorld *own, const Path *path)
{
    const DatacentreMove *running = move_over(own, path);
    guint sharing = 0;

    for (guint i = own->plan; i < own->moves->len && sharing < 2; i++) {
        const DatacentreMove *move = g_ptr_array_index(own->moves, i);

        sharing += !move->ended && !waits_for(own, move, running) && path_shares_cable(path, path_of(own, move));
    }
    return sharing > 1;
}

static gboolean
may_send(World *world, const Path *path)
{
    const DatacentreWorld *own = own_of(world);

    if (!own)
        return FALSE;
    if (own->keys->at_once > 1)
        return own->at_work == 0 || several_share(own, path);
    const DatacentreMove *move = under_way(own);

    return !move || !path_shares_cable(path, path_of(own, move));
}

/* ---- its beginning and its end ---- */

static void
free_vm(gpointer data)
{
    DatacentreVm *vm = data;

    counters_free(vm->counters);
    g_free(vm->seen);
    g_free(vm);
}

static void
free_move(gpointer data)
{
    DatacentreMove *move = data;

    if (move->over)
        sg_sem_destroy(move->over);
    g_free(move);
}

/* A host that the time line evacuates is closed from then on, to the end of the run, as to other evacuations. */
static double
closes_at_s(const World *world, guint host)
{
    double first_s = INFINITY;

    for (guint i = 0; i < world->scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(world->scenario, i);
        const EvacuateKeys *evacuate = evacuation_keys_of(action);

        if (evacuate && g_str_equal(evacuate->host, world->hosts[host].spec->name))
            first_s = MIN(first_s, action->at_s);
    }
    return first_s;
}

static void
add_hosts(DatacentreWorld *own)
{
    const GArray *names = own->keys->hosts;

    for (guint i = 0; i < own->world->n_hosts; i++) {
        DatacentreHost host = {.host = i, .closes_s = closes_at_s(own->world, i)};
        gboolean named = names->len == 0;

        for (guint k = 0; k < names->len; k++)
            named |= g_str_equal(g_array_index(names, char *, k), own->world->hosts[i].spec->name);
        random_init(&host.wakings, own->world->seed, "wakings", own->world->hosts[i].spec->name);
        if (named)
            g_array_append_val(own->hosts, host);
    }
}

/* Who plans ahead asks where a VM, or what goes with it, can ever be. */
static void
note_destinations(const DatacentreWorld *own, Domain *domain)
{
    for (guint i = 0; domain && i < own->hosts->len; i++)
        g_array_append_val(domain->destinations, host_at(own, i)->host);
}

static void
add_vms(DatacentreWorld *own)
{
    const GArray *guests = own->world->scenario->guests;
    const CounterRules rules = datacentre_keys_counters(own->keys);

    for (guint i = 0; i < guests->len; i++) {
        const char *name = g_array_index(guests, GuestSpec, i).name;
        DatacentreVm *vm = g_new0(DatacentreVm, 1);
        RandomStream stream;

        random_init(&stream, own->world->seed, "counter-loss", name);
        vm->domain = world_domain(own->world, name);
        vm->counters = counters_new(&rules, &stream);
        vm->seen = g_new(double, rules.length);
        vm->first_wanted_s = NAN;
        vm->left = -1;
        g_ptr_array_add(own->vms, vm);
        note_destinations(own, vm->domain);
        note_destinations(own, vtpm_part_of(vm->domain));
    }
}

/* The world ends at run_until, or after the last action, or when the last migration has ended (timeline.h). */
static double
last_date(const ScenarioSpec *scenario)
{
    double last_s = field_or_else(scenario->run_until_s, 0);

    for (guint i = 0; i < scenario->timeline->len; i++)
        last_s = MAX(last_s, scenario_action(scenario, i)->at_s);
    return last_s;
}

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    const ActionSpec *action = NULL;

    for (guint i = 0; i < world->scenario->timeline->len && !action; i++)
        if (datacentre_keys_of(scenario_action(world->scenario, i)))
            action = scenario_action(world->scenario, i);
    if (!action)
        return TRUE;
    DatacentreWorld *own = g_new0(DatacentreWorld, 1);

    own->world = world;
    own->action = action;
    own->keys = datacentre_keys_of(action);
    own->rules = datacentre_keys_rules(own->keys);
    own->hosts = g_array_new(FALSE, FALSE, sizeof(DatacentreHost));
    own->vms = g_ptr_array_new_with_free_func(free_vm);
    own->moves = g_ptr_array_new_with_free_func(free_move);
    own->begun_s = NAN;
    own->ends_s = last_date(world->scenario);
    random_init(&own->random, world->seed, "vm-selection", datacentre_keys_name(own->keys));
    part_set_world(world, &datacentre_part, own);
    add_hosts(own);
    add_vms(own);
    invariant_add(world, &invariant_asleep_hosts_are_empty);
    return TRUE;
}

static void
finish(World *world)
{
    DatacentreWorld *own = own_of(world);

    if (own && !isnan(own->begun_s))
        datacentre_read(own);
}

static void
check_tables(World *world)
{
    if (own_of(world))
        datacentre_results_check(own_of(world));
}

static void
collect(World *world, Result *result)
{
    if (own_of(world))
        datacentre_results_collect(own_of(world), result);
}

static void
forget(World *world)
{
    DatacentreWorld *own = own_of(world);

    if (!own)
        return;
    if (own->work)
        sg_sem_destroy(own->work);
    if (own->freed)
        sg_sem_destroy(own->freed);
    if (own->turn)
        sg_sem_destroy(own->turn);
    g_free(own->daemons);
    g_array_unref(own->hosts);
    g_ptr_array_unref(own->vms);
    g_ptr_array_unref(own->moves);
    g_free(own);
}

const Part datacentre_part = {"datacentre",
                              .keys = &datacentre_keys,
                              .create = create,
                              .act = act,
                              .notice = notice,
                              .may_move = may_move,
                              .may_send = may_send,
                              .finish = finish,
                              .check_tables = check_tables,
                              .collect = collect,
                              .records = datacentre_records,
                              .forget = forget};
