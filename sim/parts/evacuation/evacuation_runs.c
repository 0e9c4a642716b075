#include "sim/parts/evacuation/evacuation_runs.h"

#include "sim/parts/evacuation/evacuation_reach.h"
#include "sim/parts/vtpm/vtpm_part.h"

#include <math.h>

static void
free_run(gpointer data)
{
    EvacuationRun *run = data;

    g_free(run->name);
    g_array_unref(run->to);
    g_ptr_array_unref(run->may_come);
    g_clear_pointer(&run->machine, evacuation_free);
    g_ptr_array_unref(run->vms);
    g_array_unref(run->waits_since);
    g_ptr_array_unref(run->rows);
    g_ptr_array_unref(run->moving);
    g_free(run->touches);
    g_free(run);
}

static gboolean
has_name(const EvacuationWorld *own, const char *name)
{
    for (guint i = 0; i < own->runs->len; i++)
        if (g_str_equal(((const EvacuationRun *)g_ptr_array_index(own->runs, i))->name, name))
            return TRUE;
    return FALSE;
}

/* The name that was given, or the host's; the second of that name is NAME.2, unless another one is called so.
 * (transfer full) */
static char *
unique_name(const EvacuationWorld *own, const EvacuateKeys *keys)
{
    char *name = g_strdup(evacuation_keys_name(keys));

    for (guint n = 2; has_name(own, name); n++) {
        g_free(name);
        name = g_strdup_printf("%s.%u", evacuation_keys_name(keys), n);
    }
    return name;
}

static EvacuationRun *
new_run(EvacuationWorld *own, const ActionSpec *action, const Network *network, const EvacuationReach *reach)
{
    const ScenarioSpec *scenario = own->world->scenario;
    EvacuationRun *run = g_new0(EvacuationRun, 1);

    run->own = own;
    run->action = action;
    run->keys = evacuation_keys_of(action);
    run->name = unique_name(own, run->keys);
    run->host = world_host(own->world, run->keys->host);
    run->to = evacuation_reach_destinations(scenario, network, run->keys);
    run->may_come = g_ptr_array_new();
    run->vms = g_ptr_array_new();
    run->waits_since = g_array_new(FALSE, FALSE, sizeof(double));
    run->rows = g_ptr_array_new_with_free_func(g_free);
    run->moving = g_ptr_array_new();
    run->retry_s = INFINITY;
    run->start_s = run->end_s = NAN;
    for (guint g = 0; g < scenario->guests->len; g++)
        if (evacuation_reach_has(reach, g, run->host))
            g_ptr_array_add(run->may_come,
                            world_domain(own->world, g_array_index(scenario->guests, GuestSpec, g).name));
    return run;
}

/* Who plans ahead asks where a VM, or what goes with it, can ever be. */
static void
note_destinations(const World *world, const EvacuationReach *reach)
{
    const GArray *guests = world->scenario->guests;

    for (guint g = 0; g < guests->len; g++) {
        Domain *vm = world_domain(world, g_array_index(guests, GuestSpec, g).name), *vtpm = vtpm_part_of(vm);
        g_autoptr(GArray) hosts = evacuation_reach_hosts(reach, g);
        g_array_append_vals(vm->destinations, hosts->data, hosts->len);
        if (vtpm)
            g_array_append_vals(vtpm->destinations, hosts->data, hosts->len);
    }
}

void
evacuation_runs_make(EvacuationWorld *own)
{
    const ScenarioSpec *scenario = own->world->scenario;
    g_autoptr(Network) network = network_new(scenario);
    g_autoptr(EvacuationReach) reach = evacuation_reach_new(scenario);

    own->runs = g_ptr_array_new_with_free_func(free_run);
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (evacuation_keys_of(action))
            g_ptr_array_add(own->runs, new_run(own, action, network, reach));
    }
    note_destinations(own->world, reach);
}
