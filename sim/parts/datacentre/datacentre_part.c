#include "sim/parts/datacentre/datacentre_part.h"

#include "sim/parts/datacentre/datacentre_decide.h"
#include "sim/parts/datacentre/datacentre_read.h"
#include "sim/parts/datacentre/datacentre_results.h"
#include "sim/parts/evacuation/evacuation_keys.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"
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

static gboolean
is_empty(const DatacentreWorld *own, guint host)
{
    return own->world->hosts[host_at(own, host)->host].residents->len == 0;
}

/* ---- sleeping and waking ---- */

static void
set_state(DatacentreHost *host, EnergyState state)
{
    energy_meter_set(&host->meter, world_now(), state, 0);
}

/* A host that is not empty after all, or to which somebody has come meanwhile, stays awake. */
static void
put_to_sleep(DatacentreWorld *own, guint i)
{
    DatacentreHost *host = host_at(own, i);

    host->leaving = FALSE;
    if (!own->keys->sleeps || !is_empty(own, i) || host->meter.state != ENERGY_ACTIVE)
        return;
    set_state(host, ENERGY_SUSPENDING);
    sg_actor_sleep_for(own->keys->suspend_s);
    if (host->meter.state == ENERGY_SUSPENDING)
        set_state(host, ENERGY_ASLEEP);
}

static void
wake_host(DatacentreWorld *own, guint i)
{
    DatacentreHost *host = host_at(own, i);

    if (host->meter.state != ENERGY_ASLEEP)
        return;
    own->wakes++;
    set_state(host, ENERGY_RESUMING);
    sg_actor_sleep_for(own->keys->resume_s);
    if (host->meter.state == ENERGY_RESUMING)
        set_state(host, ENERGY_ACTIVE);
}

/* ---- the manager: moves are begun in their order, so many at a time ---- */

static void
on_end(const MigrationEnd *end, gpointer data)
{
    DatacentreMove *move = data;
    DatacentreVm *vm = g_ptr_array_index(move->own->vms, move->vm);

    move->ended = TRUE;
    move->end_s = world_now();
    move->completed = end->completed;
    move->outcome = end->outcome->word;
    move->downtime_s = end->completed ? end->stopped_s : NAN;
    vm->lost_s += end->stopped_s * vm->domain->cpu_share * vm->domain->vcpus;
    if (end->completed) {
        move->returned = vm->left == (gint)move->to;
        vm->left = (gint)move->from;
    }
    sg_sem_release(move->own->arrived);
}

static void
carry_out(DatacentreWorld *own, DatacentreMove *move)
{
    DatacentreVm *vm = g_ptr_array_index(own->vms, move->vm);

    wake_host(own, move->to);
    if (own->keys->orchestration_s > 0)
        sg_actor_sleep_for(own->keys->orchestration_s);
    guard_pass();
    if (world_now() >= MIN(own->ends_s, host_at(own, move->to)->closes_s)) {
        move->outcome = "not-begun";
        return;
    }
    const MigrationRequest request = {.guest = vm->domain,
                                      .destination = host_at(own, move->to)->host,
                                      .method = vtpm_part_of(vm->domain) ? METHOD_JOINT : METHOD_VM,
                                      .hypervisor = own->keys->hypervisor,
                                      .ended = on_end,
                                      .data = move};

    move->begun = TRUE;
    move->start_s = world_now();
    own->going++;
    request_migration(own->world, &request);
}

/* Until fewer than n of the migrations that were begun go on. */
static void
wait_for_fewer(DatacentreWorld *own, guint n)
{
    for (; own->going >= n; own->going--)
        sg_sem_acquire(own->arrived);
}

static void
manage(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    DatacentreWorld *own = sg_actor_self_get_data();

    for (;;) {
        guard_pass();
        sg_sem_acquire(own->work);
        while (own->next < own->moves->len) {
            carry_out(own, g_ptr_array_index(own->moves, own->next++));
            wait_for_fewer(own, own->keys->at_once);
        }
        wait_for_fewer(own, 1);
        for (guint i = 0; i < own->hosts->len; i++)
            if (host_at(own, i)->leaving)
                put_to_sleep(own, i);
        own->busy = FALSE;
    }
}

/* ---- rounds ---- */

static void
watch(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    DatacentreWorld *own = sg_actor_self_get_data();

    for (guint round = 1; own->begun_s + round * own->keys->interval_s < own->ends_s; round++) {
        guard_pass();
        sg_actor_sleep_until(own->begun_s + round * own->keys->interval_s);
        domain_apply_host_failures(own->world);
        datacentre_read(own);
        datacentre_decide(own);
    }
}

/* ---- hooks ---- */

static void
act(World *world, const ActionSpec *action)
{
    DatacentreWorld *own = own_of(world);
    const sg_host_t where = world->hosts[host_at(own, 0)->host].sg;

    if (own->action != action)
        return;
    own->begun_s = own->read_s = world_now();
    own->work = sg_sem_init(0);
    own->arrived = sg_sem_init(0);
    for (guint i = 0; i < own->hosts->len; i++) {
        const EnergyPowers powers = datacentre_keys_powers(own->keys, world->hosts[host_at(own, i)->host].spec->name);

        energy_meter_init(&host_at(own, i)->meter, &powers, world_now());
    }
    datacentre_read(own);
    world_start_actor("consolidation", where, watch, own, TRUE);
    world_start_actor("consolidation manager", where, manage, own, TRUE);
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
            set_state(host, ENERGY_ACTIVE);
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

static gboolean
goes_on(const DatacentreMove *move)
{
    return move->begun && !move->ended;
}

static gboolean
shares_cable(const DatacentreWorld *own, const DatacentreMove *move, const Path *path)
{
    return path_shares_cable(path,
                             path_between(own->world, host_at(own, move->from)->host, host_at(own, move->to)->host));
}

/* While as many of its own migrations go on as may, no other begins before an end of theirs. */
static gboolean
may_send(World *world, const Path *path)
{
    const DatacentreWorld *own = own_of(world);
    guint going = 0;

    if (!own)
        return FALSE;
    for (guint i = own->next; i > 0 && going < own->going; i--) {
        const DatacentreMove *move = g_ptr_array_index(own->moves, i - 1);

        if (!goes_on(move))
            continue;
        going++;
        if (shares_cable(own, move, path))
            return TRUE;
    }
    return going < own->keys->at_once;
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
    own->moves = g_ptr_array_new_with_free_func(g_free);
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
    if (own->arrived)
        sg_sem_destroy(own->arrived);
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
