#include "sim/parts/migration/leg_recover.h"

#include "sim/parts/migration/leg_stream.h"
#include "sim/world/engine.h"
#include "sim/world/outlook.h"

#include <math.h>
#include <simgrid/actor.h>

#define LOOK_LEAST_S 1e-6 /* chosen: between two looks at a guest that runs on */

static gboolean
can_recover(const Leg *leg)
{
    return leg->pulling && leg->link_lost && leg->copier.kind->pause && !isnan(leg->migration->hypervisor->recovery_s);
}

/* The guest runs until it needs a page, and stands from then on. */
static gboolean
pause_until(Leg *leg, double until_s)
{
    while (world_now() < until_s) {
        const double next_s = leg->copier.kind->pause(leg->copier.machine, world_now());
        if (!leg_spend(leg, MAX(MIN(next_s, until_s) - world_now(), LOOK_LEAST_S)))
            return FALSE;
    }
    sg_actor_yield(); /* what is due at that date happens first */
    return TRUE;
}

/* A link that nothing is known to bring back has nobody who waits for it. */
static gboolean
wait_for_link(Leg *leg)
{
    const Migration *migration = leg->migration;

    while (!path_is_whole(migration->world, migration->path)) {
        const double change_s = outlook_next_change_s(migration->world, migration->path, leg->domains, leg->n_domains);
        if (isinf(change_s))
            return leg_fails(leg, &outcome_link_lost);
        if (!pause_until(leg, change_s))
            return FALSE;
    }
    return TRUE;
}

/* Somebody sees that the link is back, and tells both sides. It may go again meanwhile. */
static gboolean
wait_for_recovery(Leg *leg)
{
    const double recovery_s = MAX(leg->migration->hypervisor->recovery_s, LOOK_LEAST_S);

    do {
        if (!wait_for_link(leg) || !pause_until(leg, world_now() + recovery_s))
            return FALSE;
    } while (!path_is_whole(leg->migration->world, leg->migration->path));
    return TRUE;
}

gboolean
leg_recover(Leg *leg)
{
    if (!can_recover(leg))
        return FALSE;
    const double start_s = world_now();
    leg->link_lost = FALSE;
    leg->outcome = &outcome_running;
    leg->pauses++;
    const gboolean recovered = wait_for_recovery(leg);
    leg->paused_s += world_now() - start_s;
    return recovered;
}
