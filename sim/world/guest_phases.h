/* The phases of a guest's work in the world: workloads one after the other (models/memory/phases.h).
 *
 * Phases that come once are the time line's: so many changes of a workload at known dates. Of those that repeat or are
 * drawn only the next date is known at any time, for which senders' plans end; an actor for each such guest changes its
 * workload, and does not keep the world from ending.
 */
#ifndef TANDEM_SIM_WORLD_GUEST_PHASES_H
#define TANDEM_SIM_WORLD_GUEST_PHASES_H

#include "models/memory/phases.h"
#include "sim/world/world.h"

/* A guest's way through its phases, from when it is created. (transfer full) */
typedef struct {
    Phase *phases;
    PhaseWalk walk;
} GuestPhases;
void guest_phases_begin(GuestPhases *phases, const World *world, const GuestSpec *spec);
void guest_phases_clear(GuestPhases *phases);

void guest_phases_init(World *world);
/* Its first workload from now on, and where they go on for ever, all that follow. FALSE: a workload's file is wrong. */
gboolean guest_phases_create(Domain *domain, const GuestSpec *spec, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Before the world runs. */
void guest_phases_start(World *world);
void guest_phases_free(World *world);

#endif
