#include "sim/parts/migration/validity.h"

#include <math.h>

/* What the cables at a host carry: the slowest and the fastest of them. Nothing is known of the way between two hosts,
 * but that it takes a cable of either. */
typedef struct {
    double least_Bps, most_Bps;
} Cables;

static Cables
cables_of(const ScenarioSpec *scenario, const char *host)
{
    Cables cables = {.least_Bps = INFINITY, .most_Bps = 0};

    for (guint i = 0; i < scenario->links->len; i++) {
        const LinkSpec *link = &g_array_index(scenario->links, LinkSpec, i);
        if (!link_spec_has_end(link, host))
            continue;
        cables.least_Bps = MIN(cables.least_Bps, link->bandwidth_Bps);
        cables.most_Bps = MAX(cables.most_Bps, link->bandwidth_Bps * link_spec_cables(link));
    }
    return cables;
}

static void
warn_of_rate(const ValiditySpec *valid, Cables from, Cables to, const char *whose, guint index, GPtrArray *warnings)
{
    const double most_Bps = MIN(from.most_Bps, to.most_Bps), least_Bps = MIN(from.least_Bps, to.least_Bps);

    if (most_Bps < valid->rate_least_Bps)
        g_ptr_array_add(warnings,
                        g_strdup_printf("/timeline/%u/hypervisor: its constants hold for cables from %g Mb/s on, and "
                                        "those of %s have at most %g",
                                        index, valid->rate_least_Bps * 8 / 1e6, whose, most_Bps * 8 / 1e6));
    else if (least_Bps > valid->rate_most_Bps)
        g_ptr_array_add(warnings,
                        g_strdup_printf("/timeline/%u/hypervisor: its constants hold for cables up to %g Mb/s, and "
                                        "those of %s have at least %g",
                                        index, valid->rate_most_Bps * 8 / 1e6, whose, least_Bps * 8 / 1e6));
}

static void
warn_of_memory(const ValiditySpec *valid, const GuestSpec *guest, guint index, GPtrArray *warnings)
{
    if (guest->memory_bytes > valid->memory_most_bytes)
        g_ptr_array_add(
            warnings,
            g_strdup_printf("/timeline/%u/hypervisor: its constants hold for guests up to %g GiB, and \"%s\" has %g",
                            index, valid->memory_most_bytes / 0x1p30, guest->name, guest->memory_bytes / 0x1p30));
}

/* NULL: none begins there. */
static const GuestSpec *
largest_guest(const ScenarioSpec *scenario, const char *host)
{
    const GuestSpec *largest = NULL;

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        if (g_str_equal(guest->host, host) && (!largest || guest->memory_bytes > largest->memory_bytes))
            largest = guest;
    }
    return largest;
}

void
validity_warn_of_host(const ScenarioSpec *scenario, const HypervisorSpec *hypervisor, const char *from,
                      const GPtrArray *to, guint index, GPtrArray *warnings)
{
    const GuestSpec *guest = largest_guest(scenario, from);
    g_autofree char *whose = g_strdup_printf("\"%s\" and where its VMs may go", from);
    Cables any = {.least_Bps = INFINITY, .most_Bps = 0};

    if (!hypervisor->valid)
        return;
    for (guint i = 0; i < to->len; i++) {
        const Cables cables = cables_of(scenario, g_ptr_array_index(to, i));
        any.least_Bps = MIN(any.least_Bps, cables.least_Bps);
        any.most_Bps = MAX(any.most_Bps, cables.most_Bps);
    }
    warn_of_rate(hypervisor->valid, cables_of(scenario, from), any, whose, index, warnings);
    if (guest)
        warn_of_memory(hypervisor->valid, guest, index, warnings);
}

void
validity_warn(const ScenarioSpec *scenario, GPtrArray *warnings)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (!migrate || !migrate->hypervisor->valid)
            continue;
        const GuestSpec *guest = scenario_guest(scenario, migrate->guest);
        g_autofree char *whose = g_strdup_printf("\"%s\" to \"%s\"", migrate->guest, migrate->host);
        warn_of_rate(migrate->hypervisor->valid, cables_of(scenario, guest->host), cables_of(scenario, migrate->host),
                     whose, i, warnings);
        warn_of_memory(migrate->hypervisor->valid, guest, i, warnings);
    }
}
