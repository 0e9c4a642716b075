#include "sim/parts/evacuation/evacuation_part.h"

#include "sim/parts/evacuation/evacuation_plan.h"
#include "sim/parts/evacuation/evacuation_results.h"
#include "sim/parts/evacuation/evacuation_runs.h"
#include "sim/parts/evacuation/evacuation_view.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/platform.h"
#include "sim/world/task.h"

#include <math.h>
#include <simgrid/actor.h>

const Invariant invariant_evacuation_limits = {
    "evacuation_limits",
    "no evacuation has more migrations out of its host at a time than its outgoing, nor begins one "
    "beyond its in_all or its incoming"};
const Invariant invariant_evacuation_accounts = {
    "evacuation_accounts",
    "every VM of an evacuated host has one fate, and the VMs that are left on it are those whose "
    "fate says so"};

static EvacuationWorld *
own_of(const World *world)
{
    return part_of_world(world, &evacuation_part);
}

guint
evacuation_moving_in_all(const EvacuationWorld *own)
{
    guint n = 0;

    for (guint i = 0; i < own->runs->len; i++)
        n += ((const EvacuationRun *)g_ptr_array_index(own->runs, i))->moving->len;
    return n;
}

/* ---- one migration ---- */

static void look_soon(EvacuationWorld *own);

/* A guest that post-copy has lost, or whose host was, is not tried again. */
static EvacuationFate
fate_after(const EvacuationRow *row, const MigrationEnd *end)
{
    if (end->completed)
        return EVACUATION_FATE_MOVED;
    return domain_is_gone(g_ptr_array_index(row->run->vms, row->vm)) ? EVACUATION_FATE_GONE : EVACUATION_FATE_FAILED;
}

static void
on_end(const MigrationEnd *end, gpointer data)
{
    EvacuationRow *row = data;
    EvacuationRun *run = row->run;

    g_ptr_array_remove(run->moving, row);
    row->end_s = world_now();
    row->outcome = end->outcome->word;
    row->downtime_s = end->completed ? end->stopped_s : NAN;
    row->sent_bytes = end->sent_bytes;
    row->fate = fate_after(row, end);
    evacuation_end(run->machine, row->vm, row->fate, world_now());
    g_array_index(run->waits_since, double, row->vm) = world_now() + run->keys->retry_after_s;
    look_soon(run->own);
}

/* The limits, held to what is noted here, which the machine does not see. */
static void
check_limits(const EvacuationRow *row)
{
    const EvacuationRun *run = row->run;
    const EvacuateKeys *keys = run->keys;
    const guint in_all = evacuation_moving_in_all(run->own), incoming = evacuation_view_incoming(run->own, row->host);

    invariant_check(run->own->world, &invariant_evacuation_limits,
                    run->moving->len <= keys->outgoing && in_all <= keys->in_all &&
                        (keys->incoming == 0 || incoming <= keys->incoming),
                    "evacuation %s: %u migrations out of the host, %u in all, %u to %s", run->name, run->moving->len,
                    in_all, incoming, run->own->world->hosts[row->host].spec->name);
}

static EvacuationRow *
add_row(EvacuationRun *run, guint vm, guint attempt)
{
    EvacuationRow *row = g_new0(EvacuationRow, 1);

    row->run = run;
    row->number = run->own->rows++;
    row->vm = vm;
    row->attempt = attempt;
    row->start_s = row->end_s = world_now();
    row->asked_s = MIN(g_array_index(run->waits_since, double, vm), row->start_s); /* a retry that never came */
    row->downtime_s = NAN;
    g_ptr_array_add(run->rows, row);
    return row;
}

static void
begin_migration(EvacuationRun *run, guint vm, guint place)
{
    Domain *domain = g_ptr_array_index(run->vms, vm);

    evacuation_begin(run->machine, vm, place);
    EvacuationRow *row = add_row(run, vm, evacuation_attempts(run->machine, vm));
    row->host = g_array_index(run->to, guint, place);
    g_ptr_array_add(run->moving, row);
    run->peak = MAX(run->peak, run->moving->len);
    check_limits(row);
    const MigrationRequest request = {.guest = domain,
                                      .destination = row->host,
                                      .method = evacuation_keys_method(run->keys, vtpm_part_of(domain) != NULL),
                                      .hypervisor = run->keys->hypervisor,
                                      .ended = on_end,
                                      .data = row};
    request_migration(run->own->world, &request);
}

/* ---- the end of one evacuation ---- */

static const char *const fate_words[EVACUATION_FATES] = {
    [EVACUATION_FATE_OPEN] = "open",       [EVACUATION_FATE_MOVED] = "completed",
    [EVACUATION_FATE_LEFT] = "left",       [EVACUATION_FATE_FAILED] = "failed",
    [EVACUATION_FATE_NO_ROOM] = "no-room", [EVACUATION_FATE_STOPPED] = "not-running",
    [EVACUATION_FATE_ABSENT] = "absent",   [EVACUATION_FATE_GONE] = "gone",
};

static EvacuationFate
fate_by_rows(const EvacuationRun *run, guint vm)
{
    for (guint i = run->rows->len; i > 0; i--) {
        const EvacuationRow *row = g_ptr_array_index(run->rows, i - 1);
        if (row->vm == vm)
            return row->fate;
    }
    return EVACUATION_FATE_OPEN;
}

/* A VM whose fate its last migration does not tell has a row of its own for it, without a destination. */
static void
tell_fate(EvacuationRun *run, guint vm)
{
    const EvacuationFate fate = evacuation_fate(run->machine, vm);

    if (fate == fate_by_rows(run, vm))
        return;
    EvacuationRow *row = add_row(run, vm, 0);
    row->fate = fate;
    row->outcome = fate_words[fate];
}

static guint
count_fates(const EvacuationRun *run, gboolean stays)
{
    guint n = 0;

    for (guint i = 0; i < evacuation_vms(run->machine); i++) {
        const EvacuationFate fate = evacuation_fate(run->machine, i);
        n += stays
                 ? fate == EVACUATION_FATE_FAILED || fate == EVACUATION_FATE_NO_ROOM || fate == EVACUATION_FATE_STOPPED
                 : fate == EVACUATION_FATE_OPEN;
    }
    return n;
}

static void
end_run(EvacuationRun *run)
{
    World *world = run->own->world;

    run->end_s = world_now();
    run->left = evacuation_view_count_left(run);
    for (guint i = 0; i < evacuation_vms(run->machine); i++)
        tell_fate(run, i);
    invariant_check(world, &invariant_evacuation_accounts,
                    count_fates(run, FALSE) == 0 && count_fates(run, TRUE) == run->left,
                    "evacuation %s: %u VMs without a fate, %u on the host, %u whose fate is to be there", run->name,
                    count_fates(run, FALSE), run->left, count_fates(run, TRUE));
}

/* ---- what is to be done now ---- */

/* places: of evacuation_view_places(). */
static EvacuationView
view_of(EvacuationRun *run, const EvacuationPlace *places)
{
    const EvacuationWorld *own = run->own;
    const guint in_all = evacuation_moving_in_all(own);

    return (EvacuationView){.now_s = world_now(),
                            .moving_in_all = in_all,
                            .others_move = own->under_way > in_all,
                            .places = places,
                            .n_places = run->to->len,
                            .admits = evacuation_view_admits,
                            .data = run};
}

static gboolean
begin_next(EvacuationRun *run)
{
    g_autofree EvacuationPlace *places = evacuation_view_places(run);
    const EvacuationView view = view_of(run, places);
    guint vm, place;

    if (!evacuation_next(run->machine, &view, &vm, &place))
        return FALSE;
    begin_migration(run, vm, place);
    return TRUE;
}

static void
begin_what_can(EvacuationRun *run)
{
    evacuation_view_look(run);
    while (begin_next(run))
        ;
}

static void
wait_for_retry(gpointer data)
{
    EvacuationRun *run = data;

    if (run->retry_s > world_now())
        sg_actor_sleep_until(run->retry_s);
    run->retry_s = INFINITY;
    look_soon(run->own);
}

/* A date at which a VM may be tried again lies behind the one that is slept for already, if there is one. */
static void
wait_or_end(EvacuationRun *run)
{
    const EvacuationView view = view_of(run, NULL);
    double until_s;

    if (evacuation_ends(run->machine, &view, &until_s)) {
        end_run(run);
    } else if (isfinite(until_s) && !isfinite(run->retry_s)) {
        run->retry_s = until_s;
        task_start(run->own->world, run->name, run->own->world->hosts[run->host].sg, wait_for_retry, run);
    }
}

/* No evacuation is over before each has begun what it can: that may make room for the others. */
static void
look_at_all(EvacuationWorld *own)
{
    domain_apply_host_failures(own->world);
    for (guint i = 0; i < own->runs->len; i++)
        if (evacuation_run_goes_on(g_ptr_array_index(own->runs, i)))
            begin_what_can(g_ptr_array_index(own->runs, i));
    for (guint i = 0; i < own->runs->len; i++)
        if (evacuation_run_goes_on(g_ptr_array_index(own->runs, i)))
            wait_or_end(g_ptr_array_index(own->runs, i));
}

/* Other actors run while a migration is begun, and what they change is looked at once more. */
static void
look(gpointer data)
{
    EvacuationWorld *own = data;

    own->due = FALSE;
    own->again = TRUE;
    if (own->looking)
        return;
    own->looking = TRUE;
    while (own->again) {
        own->again = FALSE;
        look_at_all(own);
    }
    own->looking = FALSE;
}

/* At this date, when whatever has just changed has changed altogether. */
static void
look_soon(EvacuationWorld *own)
{
    if (own->due)
        return;
    own->due = TRUE;
    task_start(own->world, "evacuations", own->world->hosts[0].sg, look, own);
}

static gboolean
anyone_goes_on(const EvacuationWorld *own)
{
    for (guint i = 0; own && i < own->runs->len; i++)
        if (evacuation_run_goes_on(g_ptr_array_index(own->runs, i)))
            return TRUE;
    return FALSE;
}

/* ---- hooks ---- */

/* A host whose evacuation goes on is not evacuated by another one. */
static gboolean
is_taken(const EvacuationRun *run)
{
    for (guint i = 0; i < run->own->runs->len; i++) {
        const EvacuationRun *other = g_ptr_array_index(run->own->runs, i);
        if (other != run && other->host == run->host && evacuation_run_goes_on(other))
            return TRUE;
    }
    return FALSE;
}

static void
act(World *world, const ActionSpec *action)
{
    EvacuationWorld *own = own_of(world);
    guint i = 0;

    while (((EvacuationRun *)g_ptr_array_index(own->runs, i))->action != action)
        i++;
    EvacuationRun *run = g_ptr_array_index(own->runs, i);
    run->start_s = run->end_s = world_now();
    run->refused = is_taken(run);
    if (run->refused)
        return;
    const EvacuationPolicy policy = evacuation_keys_policy(run->keys);
    run->machine = evacuation_new(&policy);
    evacuation_view_begin(run);
    look_soon(own);
}

/* Migrations tell themselves when they begin and end. */
static void
notice(Domain *domain)
{
    EvacuationWorld *own = own_of(domain->world);

    if (own && !domain->migrating && anyone_goes_on(own))
        own->changed = TRUE;
}

static void
wake(Domain *domain)
{
    EvacuationWorld *own = own_of(domain->world);

    if (!own || !own->changed)
        return;
    own->changed = FALSE;
    look_soon(own);
}

static void
migration_began(Domain *domain, const char *name G_GNUC_UNUSED)
{
    EvacuationWorld *own = own_of(domain->world);

    if (own)
        own->under_way++;
}

static void
migration_ended(Domain *domain, const char *name G_GNUC_UNUSED)
{
    EvacuationWorld *own = own_of(domain->world);

    if (!own)
        return;
    own->under_way--;
    if (anyone_goes_on(own))
        look_soon(own);
}

static void
foresee(World *world)
{
    if (own_of(world))
        evacuation_plan_foresee(own_of(world));
}

static gboolean
may_send(World *world, const Path *path)
{
    const EvacuationWorld *own = own_of(world);

    return own && evacuation_plan_may_send(own, path);
}

/* ---- its beginning and its end ---- */

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    gboolean any = FALSE;

    for (guint i = 0; i < world->scenario->timeline->len; i++)
        any = any || evacuation_keys_of(scenario_action(world->scenario, i));
    if (!any)
        return TRUE;
    EvacuationWorld *own = g_new0(EvacuationWorld, 1);
    own->world = world;
    part_set_world(world, &evacuation_part, own);
    evacuation_runs_make(own);
    invariant_add(world, &invariant_evacuation_limits);
    invariant_add(world, &invariant_evacuation_accounts);
    return TRUE;
}

static void
check_tables(World *world)
{
    if (own_of(world))
        evacuation_results_check(own_of(world));
}

static void
collect(World *world, Result *result)
{
    if (own_of(world))
        evacuation_results_collect(own_of(world), result);
}

static void
trace(World *world, Trace *to)
{
    if (own_of(world))
        evacuation_results_trace(own_of(world), to);
}

static void
forget(World *world)
{
    EvacuationWorld *own = own_of(world);

    if (!own)
        return;
    g_ptr_array_unref(own->runs);
    g_free(own);
}

const Part evacuation_part = {"evacuation",
                              .keys = &evacuation_keys,
                              .create = create,
                              .act = act,
                              .notice = notice,
                              .wake = wake,
                              .migration_began = migration_began,
                              .migration_ended = migration_ended,
                              .foresee = foresee,
                              .may_send = may_send,
                              .check_tables = check_tables,
                              .collect = collect,
                              .records = evacuation_records,
                              .trace = trace,
                              .forget = forget};
