#include "sim/world/timeline.h"

#include "sim/world/domain.h"
#include "sim/world/migrate.h"
#include "sim/world/outlook.h"
#include "sim/world/platform.h"

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

static gboolean
add_action(World *world, const ActionSpec *action, GError **error)
{
    const Event event = {action->at_s, action, NULL, {0}};

    if (action->kind == ACTION_MIGRATE) {
        const guint to = world_host(world, action->host);
        g_array_append_val(world_domain(world, action->guest)->destinations, to);
    }
    if (action->kind == ACTION_SET_WORKLOAD)
        return add_workload_event(world, action->at_s, action, world_domain(world, action->guest), action->workload,
                                  error);
    g_array_append_val(world->events, event);
    return TRUE;
}

/* The first phase is set when the guest is created. */
static gboolean
add_phases(World *world, const GuestSpec *guest, GError **error)
{
    double at_s = 0;

    for (guint i = 1; i < guest->phases->len; i++) {
        at_s += g_array_index(guest->phases, WorkloadSpec, i - 1).lasts_s;
        const WorkloadSpec *phase = &g_array_index(guest->phases, WorkloadSpec, i);
        if (!add_workload_event(world, at_s, NULL, world_domain(world, guest->name), phase, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
create(World *world, GError **error)
{
    const ScenarioSpec *scenario = world->scenario;

    world->events = g_array_new(FALSE, FALSE, sizeof(Event));
    for (guint i = 0; i < scenario->guests->len; i++)
        if (!add_phases(world, &g_array_index(scenario->guests, GuestSpec, i), error))
            return FALSE;
    for (guint i = 0; i < scenario->timeline->len; i++)
        if (!add_action(world, &g_array_index(scenario->timeline, ActionSpec, i), error))
            return FALSE;
    g_array_sort(world->events, compare_events); /* stable: equal dates stay in the scenario's order */
    return TRUE;
}

static void
happen(World *world, const Event *event)
{
    if (event->domain) {
        domain_set_workload(event->domain, &event->workload);
        return;
    }
    switch (event->action->kind) {
    case ACTION_MIGRATE:
        migrate_start(world, event->action);
        break;
    case ACTION_FAIL_HOST:
        domain_apply_host_failures(world);
        platform_note_action(world, event->action);
        break;
    case ACTION_FAIL_LINK:
    case ACTION_RESTORE_LINK:
        platform_note_action(world, event->action);
        break;
    case ACTION_SET_WORKLOAD:
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
        happen(world, event);
    }
    if (world->scenario->run_until_s > world_now())
        sg_actor_sleep_until(world->scenario->run_until_s);
}

static void
start(World *world)
{
    world_start_actor("time line", world->hosts[0].sg, run_timeline, world, FALSE);
}

static void
forget(World *world)
{
    g_clear_pointer(&world->events, g_array_unref);
}

/* ---- what is known beforehand ---- */

static void
foresee_migration(World *world, const ActionSpec *action)
{
    g_autoptr(GArray) hosts = outlook_possible_hosts(world_domain(world, action->guest));
    const guint to = world_host(world, action->host);

    for (guint i = 0; i < hosts->len; i++)
        outlook_add_path(world, g_array_index(hosts, guint, i), to, action->at_s);
}

static void
foresee_failure(World *world, const ActionSpec *action)
{
    const GArray *links = world->scenario->links;

    for (guint i = 0; i < links->len; i++) {
        const LinkSpec *link = &g_array_index(links, LinkSpec, i);
        const gboolean concerned = action->kind == ACTION_FAIL_HOST ? link_spec_has_end(link, action->host)
                                                                    : g_str_equal(link->name, action->link);
        for (guint direction = 0; concerned && direction < 2; direction++)
            outlook_add_cable(world, 2 * i + direction, action->at_s);
    }
}

static void
foresee(World *world)
{
    const GArray *timeline = world->scenario->timeline;

    for (guint i = 0; i < timeline->len; i++) {
        const ActionSpec *action = &g_array_index(timeline, ActionSpec, i);
        if (action->kind == ACTION_MIGRATE)
            foresee_migration(world, action);
        else if (action->kind != ACTION_SET_WORKLOAD) /* the domain's own date */
            foresee_failure(world, action);
    }
}

const Part timeline_part = {"timeline", .create = create, .start = start, .foresee = foresee, .forget = forget};
