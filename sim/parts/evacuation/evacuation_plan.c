#include "sim/parts/evacuation/evacuation_plan.h"

#include "sim/world/outlook.h"
#include "sim/world/part.h"

#include <math.h>

/* ---- dates that are known ---- */

/* How many dates each cable has. (transfer full) */
static guint *
count_dates(World *world, guint n_cables)
{
    guint *n = g_new(guint, n_cables);

    for (guint i = 0; i < n_cables; i++)
        n[i] = outlook_cable_dates(world, i);
    return n;
}

/* The first migrations begin with the evacuation. What follows a VM (its sockets, its clients) says itself over which
 * cables that goes: those that now have one more date are the ones that the evacuation may change. */
static void
foresee_begin(EvacuationRun *run, guint n_cables)
{
    World *world = run->own->world;
    g_autofree guint *before = count_dates(world, n_cables);

    for (guint i = 0; i < run->to->len; i++)
        outlook_add_path(world, run->host, g_array_index(run->to, guint, i), run->action->at_s);
    for (guint i = 0; i < run->may_come->len; i++)
        part_foresee_change(g_ptr_array_index(run->may_come, i), run->action->at_s);
    g_autofree guint *after = count_dates(world, n_cables);
    g_free(run->touches);
    run->touches = g_new0(gboolean, n_cables);
    for (guint i = 0; i < n_cables; i++)
        run->touches[i] = after[i] > before[i];
}

/* Whether the action may make a place free, or a VM ready to go. */
static gboolean
is_occasion(const ActionSpec *action)
{
    return (action->kind >= ACTION_CREATE_GUEST && action->kind <= ACTION_DESTROY_GUEST) ||
           action->kind == ACTION_FAIL_HOST;
}

static void
foresee_occasion(const EvacuationRun *run, double at_s, guint n_cables)
{
    for (guint i = 0; at_s >= run->action->at_s && i < n_cables; i++)
        if (run->touches[i])
            outlook_add_cable(run->own->world, i, at_s);
}

void
evacuation_plan_foresee(EvacuationWorld *own)
{
    const ScenarioSpec *scenario = own->world->scenario;
    const guint n_cables = 2 * scenario->links->len;

    for (guint i = 0; i < own->runs->len; i++)
        foresee_begin(g_ptr_array_index(own->runs, i), n_cables);
    for (guint i = 0; i < scenario->timeline->len; i++)
        for (guint r = 0; is_occasion(scenario_action(scenario, i)) && r < own->runs->len; r++)
            foresee_occasion(g_ptr_array_index(own->runs, r), scenario_action(scenario, i)->at_s, n_cables);
}

/* ---- dates that are not ---- */

static gboolean
touches(const EvacuationRun *run, const Path *path)
{
    for (guint i = 0; run->touches && i < path->n_cables; i++)
        if (run->touches[path->cables[i]])
            return TRUE;
    return !run->touches;
}

/* Whether each of the run's migrations (NULL: of all runs') goes over one of the path's cables: then it is that of
 * whoever asks, or the path has two users and nobody plans over it. */
static gboolean
are_on_path(const EvacuationWorld *own, const EvacuationRun *run, const Path *path)
{
    for (guint r = 0; r < own->runs->len; r++) {
        const EvacuationRun *each = g_ptr_array_index(own->runs, r);
        for (guint i = 0; (!run || each == run) && i < each->moving->len; i++) {
            const EvacuationRow *row = g_ptr_array_index(each->moving, i);
            if (!path_shares_cable(path, path_between(own->world, each->host, row->host)))
                return FALSE;
        }
    }
    return TRUE;
}

/* Whether it may begin a migration before whoever sends over the path, alone, has ended. */
static gboolean
may_begin(const EvacuationRun *run, const Path *path)
{
    const EvacuationWorld *own = run->own;
    const guint in_all = evacuation_moving_in_all(own);

    if (own->due)
        return TRUE;
    if (evacuation_moving(run->machine) >= run->keys->outgoing)
        return !are_on_path(own, run, path);
    if (in_all >= run->keys->in_all)
        return !are_on_path(own, NULL, path);
    /* nobody holds it back: VMs wait for a date, for somebody else's migration, or for room */
    return isfinite(run->retry_s) || own->under_way > in_all || !are_on_path(own, NULL, path);
}

gboolean
evacuation_plan_may_send(const EvacuationWorld *own, const Path *path)
{
    for (guint i = 0; i < own->runs->len; i++) {
        const EvacuationRun *run = g_ptr_array_index(own->runs, i);
        if (evacuation_run_goes_on(run) && evacuation_waiting(run->machine) > 0 && touches(run, path) &&
            may_begin(run, path))
            return TRUE;
    }
    return FALSE;
}
