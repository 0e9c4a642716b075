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

static void
note_reading(DatacentreVm *vm, double now_s, double cores)
{
    guint n;
    const double *seen = counters_seen(vm->counters, now_s, &n);

    if (!isnan(cores))
        counters_read(vm->counters, now_s, cores);
    else if (n)
        counters_read(vm->counters, now_s, counters_last(seen, n));
}

typedef struct {
    double given_s, wanted_s; /* of the host's VMs since the last reading */
} HostUse;

static void
read_vm(DatacentreWorld *own, DatacentreVm *vm, double passed_s, HostUse *uses)
{
    if (domain_is_gone(vm->domain) || domain_instances(vm->domain) == 0) {
        counters_clear(vm->counters);
        vm->read = vm->here = FALSE;
        return;
    }
    const guint host = domain_host(vm->domain);
    const gint i = datacentre_host(own, host);
    const ProcessorUse use = processors_use(vm->domain);

    vm->here = vm->read && vm->host == host;
    if (!vm->read && isnan(vm->first_wanted_s))
        vm->first_wanted_s = use.wanted_s + use.missed_s;
    note_reading(vm, world_now(), cores_since(vm, &use, passed_s));
    if (i >= 0 && vm->read) {
        uses[i].given_s += use.given_s - vm->given_s;
        uses[i].wanted_s += use.wanted_s - vm->wanted_s;
    }
    vm->read = TRUE;
    vm->host = host;
    vm->wanted_s = use.wanted_s;
    vm->given_s = use.given_s;
    vm->missed_s = use.missed_s;
}

/* The load since the last reading is taken to have been even: P is of the mean. */
static void
read_host(DatacentreWorld *own, DatacentreHost *host, double passed_s, const HostUse *use)
{
    const Host *at = &own->world->hosts[host->host];
    const double load = passed_s > 0 ? use->given_s / passed_s / (double)at->spec->cores : 0;

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
    const double passed_s = world_now() - own->read_s;
    g_autofree HostUse *uses = g_new0(HostUse, own->hosts->len);

    for (guint i = 0; i < own->vms->len; i++)
        read_vm(own, g_ptr_array_index(own->vms, i), passed_s, uses);
    for (guint i = 0; i < own->hosts->len; i++)
        read_host(own, &g_array_index(own->hosts, DatacentreHost, i), passed_s, &uses[i]);
    own->read_s = world_now();
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
    const gint host = vm->read ? datacentre_host(own, vm->host) : -1;
    guint n;

    if (host < 0 || domain_host(vm->domain) != vm->host)
        return;
    const double *seen = counters_seen(vm->counters, world_now(), &n);

    for (guint k = 0; k < n; k++)
        vm->seen[k] = seen[k];
    sight->vms[sight->numbers->len] = (ConsolidationVm){.host = (guint)host,
                                                        .memory_bytes = vm->domain->memory_bytes,
                                                        .cpu = vm->seen,
                                                        .n_cpu = n,
                                                        .fixed = !is_movable(vm)};
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

        sight->hosts[i] =
            (ConsolidationHost){.capacity = (double)at->spec->cores,
                                .memory_bytes = at->spec->memory_bytes - at->spec->dom0_memory_bytes,
                                .asleep = state == ENERGY_ASLEEP,
                                .closed = at->fails_at_s <= world_now() || host->closes_s <= world_now() ||
                                          host->leaving || (state != ENERGY_ACTIVE && state != ENERGY_ASLEEP),
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
