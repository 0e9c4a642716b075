#include "sim/world/timeline.h"

#include "sim/world/domain.h"
#include "sim/world/guest_phases.h"
#include "sim/world/part.h"
#include "sim/world/platform.h"
#include "sim/world/task.h"

#include <simgrid/actor.h>

/* An action of the scenario, or the beginning of a guest's next phase. */
typedef struct {
    double at_s;
    const ActionSpec *action; /* NULL: a phase */
    Domain *domain;           /* whose workload changes */
    Workload workload;
} Event;

static int
compare_events(gconstpointer a, gconstpointer b)
{
    const double first = ((const Event *)a)->at_s;
    const double second = ((const Event *)b)->at_s;

    return (first > second) - (first < second);
}

static gboolean
add_workload_event(World *world, double at_s, const ActionSpec *action, Domain *domain, const WorkloadSpec *spec,
                   GError **error)
{
    Event event = {at_s, action, domain, {0}};

    if (!domain_resolve_workload(domain, spec, &event.workload, error))
        return FALSE;
    g_array_append_val(world->events, event);
    g_array_append_val(domain->changes_s, at_s);
    return TRUE;
}

static const DomainChange changes[] = {[ACTION_CREATE_GUEST] = DOMAIN_CREATE,
                                       [ACTION_START_GUEST] = DOMAIN_START,
                                       [ACTION_STOP_GUEST] = DOMAIN_STOP,
                                       [ACTION_DESTROY_GUEST] = DOMAIN_DESTROY};

static guint
host_of_creation(const World *world, const ActionSpec *action)
{
    return world_host(world, action->host ? action->host : scenario_guest(world->scenario, action->guest)->host);
}

static void
ask_for(World *world, const ActionSpec *action)
{
    const DomainRequest request = {changes[action->kind], world_domain(world, action->guest),
                                   action->kind == ACTION_CREATE_GUEST ? host_of_creation(world, action) : 0};

    (void)request_domain(world, &request); /* domain-requests.csv has what came of it */
}

static gboolean
add_action(World *world, const ActionSpec *action, GError **error)
{
    const Event event = {action->at_s, action, NULL, {0}};

    if (action->kind == ACTION_SET_WORKLOAD)
        return add_workload_event(world, action->at_s, action, world_domain(world, action->guest), action->workload,
                                  error);
    if (action->kind == ACTION_CREATE_GUEST) {
        const guint host = host_of_creation(world, action);
        g_array_append_val(world_domain(world, action->guest)->destinations, host);
    }
    g_array_append_val(world->events, event);
    return TRUE;
}

/* The first phase is the guest's own workload; a guest that is created later begins them then. */
static gboolean
add_phases(World *world, const GuestSpec *guest, GError **error)
{
    Domain *domain = world_domain(world, guest->name);
    gboolean sound = TRUE;
    GuestPhases way;

    if (guest->phases->len == 0 || guest->phases_order != PHASES_ONCE)
        return TRUE;
    guest_phases_begin(&way, world, guest);
    for (guint i = 1; i < guest->phases->len && sound; i++) {
        const WorkloadSpec *phase = &g_array_index(guest->phases, WorkloadSpec, i);
        sound = add_workload_event(world, way.walk.until_s, NULL, domain, phase, error);
        phase_walk_next(&way.walk);
    }
    guest_phases_clear(&way);
    return sound;
}

gboolean
timeline_create(World *world, GError **error)
{
    const ScenarioSpec *scenario = world->scenario;

    world->events = g_array_new(FALSE, FALSE, sizeof(Event));
    for (guint i = 0; i < scenario->guests->len; i++)
        if (!add_phases(world, &g_array_index(scenario->guests, GuestSpec, i), error))
            return FALSE;
    for (guint i = 0; i < scenario->timeline->len; i++)
        if (!add_action(world, scenario_action(scenario, i), error))
            return FALSE;
    g_array_sort(world->events, compare_events); /* stable: equal dates stay in the scenario's order */
    return TRUE;
}

static void
carry_out(World *world, const Event *event)
{
    if (event->domain) {
        domain_set_workload(event->domain, &event->workload);
        return;
    }
    switch (event->action->kind) {
    case ACTION_FAIL_HOST:
        domain_apply_host_failures(world);
        platform_note_action(world, event->action);
        break;
    case ACTION_FAIL_LINK:
    case ACTION_RESTORE_LINK:
        platform_note_action(world, event->action);
        break;
    case ACTION_SET_WORKLOAD: /* its event has a domain */
        break;
    case ACTION_CREATE_GUEST:
    case ACTION_START_GUEST:
    case ACTION_STOP_GUEST:
    case ACTION_DESTROY_GUEST:
        ask_for(world, event->action);
        break;
    default:
        g_assert(event->action->kind >= ACTION_OF_PART); /* a word of the core's own has its case */
        part_act(world, event->action);
        break;
    }
}

static void
run_timeline(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    World *world = sg_actor_self_get_data();

    for (; world->next_event < world->events->len; world->next_event++) {
        const Event *event = &g_array_index(world->events, Event, world->next_event);
        if (event->at_s > world_now())
            sg_actor_sleep_until(event->at_s);
        carry_out(world, event);
    }
    if (world->scenario->run_until_s > world_now())
        sg_actor_sleep_until(world->scenario->run_until_s);
    task_wait_for_all(world);
}

gboolean
timeline_is_over(const World *world)
{
    return world->next_event >= world->events->len;
}

void
timeline_start(World *world)
{
    world_start_actor("time line", world->hosts[0].sg, run_timeline, world, FALSE);
}

void
timeline_free(World *world)
{
    g_clear_pointer(&world->events, g_array_unref);
}

/* ---- its failures for viewers ---- */

/* A second failure before the repair begins a slice of its own. */
static void
show_failure(TraceTrack *track, double at_s)
{
    trace_next(track, "down", at_s);
    trace_instant(track, "failure", at_s);
}

static void
show_action(Trace *trace, const ActionSpec *action)
{
    switch (action->kind) {
    case ACTION_FAIL_HOST:
        show_failure(trace_track(trace, "hosts", "%s", action->host), action->at_s);
        break;
    case ACTION_FAIL_LINK:
        show_failure(trace_track(trace, "links", "%s", action->link), action->at_s);
        break;
    case ACTION_RESTORE_LINK:
        trace_end(trace_track(trace, "links", "%s", action->link), action->at_s);
        trace_instant(trace_track(trace, "links", "%s", action->link), "repair", action->at_s);
        break;
    default: /* changes nothing of hosts and links */
        break;
    }
}

void
timeline_trace(const World *world, Trace *trace)
{
    const ScenarioSpec *scenario = world->scenario;

    for (guint i = 0; i < scenario->links->len; i++)
        trace_track(trace, "links", "%s", g_array_index(scenario->links, LinkSpec, i).name);
    for (guint i = 0; i < scenario->timeline->len && scenario_action(scenario, i)->at_s <= world_now(); i++)
        show_action(trace, scenario_action(scenario, i));
}
