#include "sim/parts/evacuation/evacuation_view.h"

#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/part.h"
#include "sim/world/platform.h"
#include "sim/world/processors.h"

#include <math.h>

/* ---- VMs ---- */

/* Whose destiny the migration is: the VM, and its vTPM where that goes with it; NULL: none. */
static Domain *
companion_of(const EvacuationRun *run, const Domain *vm)
{
    Domain *vtpm = vtpm_part_of(vm);

    return vtpm && evacuation_keys_method(run->keys, TRUE) != METHOD_VM ? vtpm : NULL;
}

/* What a file lists, over its time; of others 0. */
static double
listed_pages_s(const Workload *workload)
{
    double pages = 0, seconds = 0;

    for (gsize i = 0; workload->kind == WORKLOAD_INTERVALS && i < workload->n_intervals; i++) {
        pages += (double)workload->intervals[i].pages;
        seconds += workload->intervals[i].duration_s;
    }
    if (workload->kind == WORKLOAD_REPLAY && workload->n_writes > 0) {
        pages = (double)workload->n_writes;
        seconds = workload->writes[workload->n_writes - 1].time_s;
    }
    return seconds > 0 ? pages / seconds : 0;
}

/* Of a file, where it is what the VM does now. */
static double
workload_pages_s(const Domain *vm, const WorkloadSpec *spec)
{
    WorkloadClass classes[WORKLOAD_CLASSES_MOST];
    const Workload workload = guest_spec_workload(spec, vm->page_bytes, classes);
    const Workload *now = dirty_workload(vm->log);

    return now->kind == workload.kind ? MAX(workload.rate_pages_s, listed_pages_s(now)) : workload.rate_pages_s;
}

/* Of phases that come once the first; of those that go on for ever the mean. */
static double
configured_dirty_Bps(const World *world, const Domain *vm)
{
    const GuestSpec *guest = scenario_guest(world->scenario, vm->name);
    double pages = 0, seconds = 0;

    if (guest->phases->len == 0)
        return workload_pages_s(vm, guest->workload) * vm->page_bytes;
    if (guest->phases_order == PHASES_ONCE)
        return workload_pages_s(vm, &g_array_index(guest->phases, WorkloadSpec, 0)) * vm->page_bytes;
    for (guint i = 0; i < guest->phases->len; i++) {
        const WorkloadSpec *phase = &g_array_index(guest->phases, WorkloadSpec, i);
        const double lasts_s = phase->lasts_s * (guest->phases_order == PHASES_DRAWN ? phase->weight : 1);
        pages += workload_pages_s(vm, phase) * lasts_s;
        seconds += lasts_s;
    }
    return pages / seconds * vm->page_bytes;
}

static EvacuationVm
needs_of(const EvacuationRun *run, const Domain *vm)
{
    const Domain *companion = companion_of(run, vm);
    g_autofree char *whose = g_strdup_printf("%s/%s", run->name, vm->name);
    RandomStream stream;

    random_init(&stream, run->own->world->seed, "evacuation", whose);
    return (EvacuationVm){.memory_bytes = vm->memory_bytes + (companion ? companion->memory_bytes : 0),
                          .vcpus = vm->vcpus + (companion ? companion->vcpus : 0),
                          .dirty_Bps = configured_dirty_Bps(run->own->world, vm),
                          .drawn = random_unit(&stream)};
}

static void
add_vm(EvacuationRun *run, Domain *vm)
{
    const EvacuationVm needs = needs_of(run, vm);
    const double now_s = world_now();

    evacuation_add(run->machine, &needs);
    g_ptr_array_add(run->vms, vm);
    g_array_append_val(run->waits_since, now_s);
}

static gboolean
is_on(const Domain *domain, guint host)
{
    return !domain_is_gone(domain) && domain_instances(domain) > 0 && domain_host(domain) == host;
}

/* The VM is on the host, or its vTPM, which has to go as well: a migration in two legs may have moved only one. */
static gboolean
is_left(const EvacuationRun *run, const Domain *vm)
{
    const Domain *companion = companion_of(run, vm);

    return !domain_is_gone(vm) && (is_on(vm, run->host) || (companion && is_on(companion, run->host)));
}

static gboolean
comes_to(const Domain *vm, guint host)
{
    return vm->migrating && vm->destination == host && domain_host(vm) != host;
}

/* Somebody moves it, or what has to go with it. */
static gboolean
is_moving(const EvacuationRun *run, const Domain *vm)
{
    const Domain *companion = companion_of(run, vm);

    return vm->migrating || (companion && companion->migrating);
}

static EvacuationPresence
presence_of(const EvacuationRun *run, const Domain *vm)
{
    if (domain_instances(vm) == 0)
        return EVACUATION_ABSENT;
    if (is_moving(run, vm))
        return EVACUATION_MOVING;
    return domain_is_running(vm) ? EVACUATION_HERE : EVACUATION_STOPPED;
}

static void
look_at_vm(EvacuationRun *run, guint i)
{
    const Domain *vm = g_ptr_array_index(run->vms, i);

    if (domain_is_gone(vm))
        evacuation_leave(run->machine, i, EVACUATION_FATE_GONE);
    else if (domain_instances(vm) > 0 && !vm->migrating && !is_left(run, vm))
        evacuation_leave(run->machine, i, EVACUATION_FATE_LEFT);
    else
        evacuation_see(run->machine, i, presence_of(run, vm));
}

/* A VM that is here, or on its way here, and is not known yet, or had left. */
static void
look_at_guest(EvacuationRun *run, Domain *vm)
{
    guint i;

    if (!is_left(run, vm) && !comes_to(vm, run->host))
        return;
    if (!g_ptr_array_find(run->vms, vm, &i)) {
        add_vm(run, vm);
    } else if (!vm->migrating && evacuation_has_left(run->machine, i)) {
        evacuation_return(run->machine, i);
        g_array_index(run->waits_since, double, i) = world_now();
    }
}

void
evacuation_view_look(EvacuationRun *run)
{
    for (guint i = 0; i < run->may_come->len; i++)
        look_at_guest(run, g_ptr_array_index(run->may_come, i));
    for (guint i = 0; i < run->vms->len; i++)
        look_at_vm(run, i);
}

static gboolean
is_to_be_created_at(const World *world, const Domain *vm, guint host)
{
    const ActionSpec *creation = scenario_creation(world->scenario, vm->name);

    if (!creation || domain_instances(vm) > 0 || domain_is_gone(vm))
        return FALSE;
    return world_host(world, creation->host ? creation->host : scenario_guest(world->scenario, vm->name)->host) == host;
}

void
evacuation_view_begin(EvacuationRun *run)
{
    evacuation_view_look(run);
    for (guint i = 0; i < run->may_come->len; i++)
        if (is_to_be_created_at(run->own->world, g_ptr_array_index(run->may_come, i), run->host))
            add_vm(run, g_ptr_array_index(run->may_come, i));
}

guint
evacuation_view_count_left(const EvacuationRun *run)
{
    guint n = 0;

    for (guint i = 0; i < run->may_come->len; i++)
        n += is_left(run, g_ptr_array_index(run->may_come, i));
    return n;
}

/* ---- places ---- */

guint
evacuation_view_incoming(const EvacuationWorld *own, guint host)
{
    guint n = 0;

    for (guint r = 0; r < own->runs->len; r++) {
        const GPtrArray *moving = ((const EvacuationRun *)g_ptr_array_index(own->runs, r))->moving;
        for (guint i = 0; i < moving->len; i++)
            n += ((const EvacuationRow *)g_ptr_array_index(moving, i))->host == host;
    }
    return n;
}

/* A migration takes its memory in its second step: until then it is promised. */
static void
keep_promise(const Domain *domain, guint host, EvacuationPlace *place)
{
    for (guint i = 0; i < G_N_ELEMENTS(domain->instances); i++)
        if (domain_instance_is_there(&domain->instances[i]) && domain->instances[i].host == host)
            return;
    place->free_bytes -= domain->memory_bytes;
    place->free_vcpus -= domain->vcpus;
}

static void
keep_promises(const EvacuationWorld *own, guint host, EvacuationPlace *place)
{
    for (guint r = 0; r < own->runs->len; r++) {
        const EvacuationRun *run = g_ptr_array_index(own->runs, r);
        for (guint i = 0; i < run->moving->len; i++) {
            const EvacuationRow *row = g_ptr_array_index(run->moving, i);
            const Domain *vm = g_ptr_array_index(run->vms, row->vm), *companion = companion_of(run, vm);
            if (row->host != host)
                continue;
            keep_promise(vm, host, place);
            if (companion)
                keep_promise(companion, host, place);
        }
    }
}

/* Hosts whose evacuation has begun stay closed when it is over. */
static gboolean
is_evacuated(const EvacuationWorld *own, guint host)
{
    for (guint r = 0; r < own->runs->len; r++) {
        const EvacuationRun *run = g_ptr_array_index(own->runs, r);
        if (run->machine && run->host == host)
            return TRUE;
    }
    return FALSE;
}

EvacuationPlace *
evacuation_view_places(const EvacuationRun *run)
{
    const EvacuationWorld *own = run->own;
    EvacuationPlace *places = g_new0(EvacuationPlace, run->to->len + 1);

    for (guint i = 0; i < run->to->len; i++) {
        const guint host = g_array_index(run->to, guint, i);
        places[i] = (EvacuationPlace){.open = platform_host_is_up(own->world, host) && !is_evacuated(own, host),
                                      .free_bytes = own->world->hosts[host].free_bytes,
                                      .free_vcpus = processors_free_vcpus(own->world, host),
                                      .incoming = evacuation_view_incoming(own, host)};
        keep_promises(own, host, &places[i]);
    }
    return places;
}

static gboolean
may_be_at(const EvacuationRun *run, const Domain *domain, guint host)
{
    Outcome why;

    return !host_spec_lacks_config(run->own->world->hosts[host].spec, domain->name) &&
           part_may_move(domain, host, &why);
}

gboolean
evacuation_view_admits(gpointer data, guint vm, guint place)
{
    const EvacuationRun *run = data;
    const Domain *domain = g_ptr_array_index(run->vms, vm), *companion = companion_of(run, domain);
    const guint host = g_array_index(run->to, guint, place);

    return may_be_at(run, domain, host) && (!companion || may_be_at(run, companion, host));
}
