#include "sim/world/guest_phases.h"

#include "sim/world/domain.h"

#include <math.h>
#include <simgrid/actor.h>

/* A guest whose phases go on for ever. */
typedef struct {
    Domain *domain; /* borrowed */
    GuestPhases way;
    Workload *workloads; /* owned; one for each phase */
} EndlessPhases;

void
guest_phases_begin(GuestPhases *phases, const World *world, const GuestSpec *spec)
{
    const ActionSpec *creation = scenario_creation(world->scenario, spec->name);
    RandomStream random;

    phases->phases = g_new(Phase, spec->phases->len);
    for (guint i = 0; i < spec->phases->len; i++) {
        const WorkloadSpec *phase = &g_array_index(spec->phases, WorkloadSpec, i);
        phases->phases[i] = (Phase){phase->lasts_s, phase->lasts_law, phase->weight};
    }
    random_init(&random, world->seed, "phases", spec->name);
    phase_walk_begin(&phases->walk, phases->phases, spec->phases->len, spec->phases_order, spec->phases_anywhere,
                     &random, creation ? creation->at_s : 0);
}

void
guest_phases_clear(GuestPhases *phases)
{
    g_clear_pointer(&phases->phases, g_free);
}

static void
free_endless(gpointer data)
{
    EndlessPhases *endless = data;

    guest_phases_clear(&endless->way);
    g_free(endless->workloads);
    g_free(endless);
}

void
guest_phases_init(World *world)
{
    world->phases = g_ptr_array_new_with_free_func(free_endless);
}

static gboolean
resolve_workloads(EndlessPhases *endless, const GuestSpec *spec, GError **error)
{
    endless->workloads = g_new0(Workload, spec->phases->len);
    for (guint i = 0; i < spec->phases->len; i++)
        if (!domain_resolve_workload(endless->domain, &g_array_index(spec->phases, WorkloadSpec, i),
                                     &endless->workloads[i], error))
            return FALSE;
    return TRUE;
}

static void
enter_phase(const EndlessPhases *endless)
{
    domain_set_workload(endless->domain, &endless->workloads[endless->way.walk.current]);
    endless->domain->next_phase_s = endless->way.walk.until_s;
}

gboolean
guest_phases_create(Domain *domain, const GuestSpec *spec, GError **error)
{
    World *world = domain->world;

    if (spec->phases_order == PHASES_ONCE)
        return domain_start_workload(domain, &g_array_index(spec->phases, WorkloadSpec, 0), error);
    EndlessPhases *endless = g_new0(EndlessPhases, 1);
    endless->domain = domain;
    guest_phases_begin(&endless->way, world, spec);
    g_ptr_array_add(world->phases, endless);
    if (!resolve_workloads(endless, spec, error))
        return FALSE;
    enter_phase(endless);
    return TRUE;
}

static void
go_through_phases(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    EndlessPhases *endless = sg_actor_self_get_data();

    for (;;) {
        if (endless->way.walk.until_s > world_now())
            sg_actor_sleep_until(endless->way.walk.until_s);
        phase_walk_next(&endless->way.walk);
        enter_phase(endless);
    }
}

void
guest_phases_start(World *world)
{
    for (guint i = 0; i < world->phases->len; i++) {
        EndlessPhases *endless = g_ptr_array_index(world->phases, i);
        world_start_actor("phases", world->hosts[0].sg, go_through_phases, endless, TRUE);
    }
}

void
guest_phases_free(World *world)
{
    g_clear_pointer(&world->phases, g_ptr_array_unref);
}
