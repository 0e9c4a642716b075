#include "sim/parts/datacentre/datacentre_read.h"

#include "sim/world/domain.h"
#include "sim/world/part.h"
#include "sim/world/processors.h"

#include <math.h>

#define OVERLOAD 0.8 /* of the measure overload_share: Neat's host_cpu_overload_threshold */

gint
datacentre_host(const DatacentreWorld *own, guint host)
{
    for (guint i = 0; i < own->hosts->len; i++)
        if (g_array_index(own->hosts, DatacentreHost, i).host == host)
            return (gint)i;
    return -1;
}

gboolean
datacentre_is_down(const DatacentreWorld *own, guint host)
{
    const gint i = datacentre_host(own, host);
    const EnergyState state = i < 0 ? ENERGY_ACTIVE : g_array_index(own->hosts, DatacentreHost, i).meter.state;

    return state != ENERGY_ACTIVE && state != ENERGY_OFF;
}

/* ---- readings ---- */

/* Counters are whole: as Neat's are MHz, these are millionths of a core. So the sum over a host that is full is not
 * more than the host by the rounding of its parts. */
#define GRAIN 1e-6

/* What a VM was given since the last reading, in cores; NAN: it was not there, or has come since, and its last value is
 * to be repeated (collector.py get_cpu_mhz). */
static double
cores_since(const DatacentreVm *vm, const ProcessorUse *use, double passed_s)
{
    if (!vm->here || passed_s <= 0)
        return NAN;
    return floor((use->given_s - vm->given_s) / passed_s / GRAIN) * GRAIN;
}

/* Returns what the host's list has of the VM from now on; 0: nothing. */
static double
note_reading(DatacentreVm *vm, double now_s, double cores)
{
    guint n;
    const double *seen = counters_seen(vm->counters, now_s, &n);

    if (isnan(cores))
        cores = counters_last(seen, n);
    if (!isnan(cores))
        counters_read(vm->counters, now_s, cores);
    return isnan(cores) ? 0 : cores;
}

typedef struct {
    double given_s, wanted_s; /* of the host's VMs since the last reading */
    double listed;            /* cores, the sum of what its list has of them now */
} HostUse;

static gboolean
is_nowhere(const DatacentreVm *vm)
{
    return domain_is_gone(vm->domain) || domain_instances(vm->domain) == 0;
}

static void
forget_vm(DatacentreVm *vm)
{
    counters_clear(vm->counters);
    vm->read = vm->here = FALSE;
}

/* use: of the host where it is; NULL: that one is not watched. first: its host's collector has nothing yet to compare
 * with. */
static void
read_vm(DatacentreVm *vm, HostUse *use, gboolean first)
{
    const guint host = domain_host(vm->domain);
    const ProcessorUse processors = processors_use(vm->domain);

    vm->here = vm->read && vm->host == host && !first;
    if (!vm->read && isnan(vm->first_wanted_s))
        vm->first_wanted_s = processors.wanted_s + processors.missed_s;
    const double listed = note_reading(vm, world_now(), cores_since(vm, &processors, world_now() - vm->read_s));

    if (use) {
        use->listed += listed;
        use->given_s += vm->read ? processors.given_s - vm->given_s : 0;
        use->wanted_s += vm->read ? processors.wanted_s - vm->wanted_s : 0;
    }
    vm->read = TRUE;
    vm->read_s = world_now();
    vm->host = host;
    vm->wanted_s = processors.wanted_s;
    vm->given_s = processors.given_s;
    vm->missed_s = processors.missed_s;
}

/* Neat's collector logs when a host begins or ends to be overloaded: log_host_overload. */
static void
log_overload(DatacentreHost *host, double passed_s, gboolean overloaded)
{
    host->logged_s += host->logged ? passed_s : 0;
    if (host->meter.state == ENERGY_ACTIVE)
        host->logged = overloaded;
}

/* The load since the last reading is taken to have been even: P is of the mean. */
static void
read_host(DatacentreWorld *own, DatacentreHost *host, const HostUse *use)
{
    const Host *at = &own->world->hosts[host->host];
    const double passed_s = world_now() - host->read_s, cores = (double)at->spec->cores;
    const double load = passed_s > 0 ? use->given_s / passed_s / cores : 0;

    host->read_s = world_now();
    log_overload(host, passed_s, use->listed > OVERLOAD * cores);
    if (at->fails_at_s <= world_now())
        energy_meter_set(&host->meter, world_now(), ENERGY_OFF, 0);
    if (host->meter.state != ENERGY_ACTIVE) {
        energy_meter_advance(&host->meter, world_now());
        return;
    }
    const double active_s = world_now() - host->meter.since_s;

    host->meter.utilization = MIN(load, 1);
    energy_meter_advance(&host->meter, world_now());
    if (use->wanted_s - use->given_s > 1e-9 * passed_s) /* rounding of sums of shares */
        host->saturated_s += active_s;
    if (load > OVERLOAD)
        host->overload_s += active_s;
}

void
datacentre_read(DatacentreWorld *own)
{
    g_autofree HostUse *uses = g_new0(HostUse, own->hosts->len);

    for (guint i = 0; i < own->vms->len; i++) {
        DatacentreVm *vm = g_ptr_array_index(own->vms, i);
        const gint host = is_nowhere(vm) ? -1 : datacentre_host(own, domain_host(vm->domain));

        if (is_nowhere(vm))
            forget_vm(vm);
        else
            read_vm(vm, host < 0 ? NULL : &uses[host], FALSE);
    }
    for (guint i = 0; i < own->hosts->len; i++)
        read_host(own, &g_array_index(own->hosts, DatacentreHost, i), &uses[i]);
}

void
datacentre_read_host(DatacentreWorld *own, guint i)
{
    DatacentreHost *host = &g_array_index(own->hosts, DatacentreHost, i);
    HostUse use = {0};

    for (guint k = 0; k < own->vms->len; k++) {
        DatacentreVm *vm = g_ptr_array_index(own->vms, k);

        if (is_nowhere(vm))
            forget_vm(vm);
        else if (domain_host(vm->domain) == host->host)
            read_vm(vm, &use, !host->collected);
    }
    host->collected = TRUE;
    read_host(own, host, &use);
}

/* ---- what a decision sees ---- */

static gboolean
is_movable(const DatacentreVm *vm)
{
    return !vm->domain->migrating && domain_is_running(vm->domain);
}

static void
see_vm(DatacentreWorld *own, guint number, DatacentreSight *sight)
{
    DatacentreVm *vm = g_ptr_array_index(own->vms, number);
    const gboolean seen_here = vm->read && domain_host(vm->domain) == vm->host;
    const gint host = vm->read && (seen_here || own->keys->clocks == DATACENTRE_OWN_CLOCKS) && !is_nowhere(vm)
                          ? datacentre_host(own, domain_host(vm->domain))
                          : -1;
    guint n;

    if (host < 0)
        return;
    const double *seen = counters_seen(vm->counters, world_now(), &n);

    for (guint k = 0; k < n; k++)
        vm->seen[k] = seen[k];
    sight->vms[sight->numbers->len] = (ConsolidationVm){.host = (guint)host,
                                                        .memory_bytes = vm->domain->memory_bytes,
                                                        .cpu = vm->seen,
                                                        .n_cpu = n,
                                                        .fixed = !is_movable(vm),
                                                        .unread = !seen_here};
    g_array_append_val(sight->numbers, number);
}

/* Whether a part keeps a VM from a host: a card that is not to be had there. */
static gboolean
refuse(gpointer data, guint vm, guint host)
{
    const DatacentreSight *sight = data;
    const DatacentreVm *which = g_ptr_array_index(sight->own->vms, g_array_index(sight->numbers, guint, vm));
    Outcome why;

    return !part_may_move(which->domain, g_array_index(sight->own->hosts, DatacentreHost, host).host, &why);
}

void
datacentre_look(DatacentreWorld *own, DatacentreSight *sight)
{
    *sight = (DatacentreSight){.own = own,
                               .hosts = g_new0(ConsolidationHost, own->hosts->len),
                               .vms = g_new0(ConsolidationVm, own->vms->len + 1u),
                               .numbers = g_array_new(FALSE, FALSE, sizeof(guint))};
    for (guint i = 0; i < own->hosts->len; i++) {
        const DatacentreHost *host = &g_array_index(own->hosts, DatacentreHost, i);
        const Host *at = &own->world->hosts[host->host];
        const EnergyState state = host->meter.state;

        sight->hosts[i] = (ConsolidationHost){.capacity = (double)at->spec->cores,
                                              .memory_bytes = at->spec->memory_bytes - at->spec->dom0_memory_bytes,
                                              .asleep = state == ENERGY_ASLEEP,
                                              .closed = at->fails_at_s <= world_now() ||
                                                        host->closes_s <= world_now() || host->lost || host->leaving ||
                                                        (state != ENERGY_ACTIVE && state != ENERGY_ASLEEP),
                                              .curve = &host->meter.powers.curve,
                                              .asleep_W = host->meter.powers.asleep_W};
    }
    for (guint i = 0; i < own->vms->len; i++)
        see_vm(own, i, sight);
    sight->view = (ConsolidationView){.hosts = sight->hosts,
                                      .n_hosts = own->hosts->len,
                                      .vms = sight->vms,
                                      .n_vms = sight->numbers->len,
                                      .refuses = refuse,
                                      .data = sight};
}

void
datacentre_sight_clear(DatacentreSight *sight)
{
    g_free(sight->hosts);
    g_free(sight->vms);
    g_array_unref(sight->numbers);
}
