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
warn_of_rate(const ScenarioSpec *scenario, const MigrateKeys *migrate, guint index, GPtrArray *warnings)
{
    const ValiditySpec *valid = migrate->hypervisor->valid;
    const Cables from = cables_of(scenario, scenario_guest(scenario, migrate->guest)->host);
    const Cables to = cables_of(scenario, migrate->host);
    const double most_Bps = MIN(from.most_Bps, to.most_Bps), least_Bps = MIN(from.least_Bps, to.least_Bps);

    if (most_Bps < valid->rate_least_Bps)
        g_ptr_array_add(warnings,
                        g_strdup_printf("/timeline/%u/hypervisor: its constants hold for cables from %g Mb/s on, and "
                                        "those of \"%s\" to \"%s\" have at most %g",
                                        index, valid->rate_least_Bps * 8 / 1e6, migrate->guest, migrate->host,
                                        most_Bps * 8 / 1e6));
    else if (least_Bps > valid->rate_most_Bps)
        g_ptr_array_add(warnings,
                        g_strdup_printf("/timeline/%u/hypervisor: its constants hold for cables up to %g Mb/s, and "
                                        "those of \"%s\" to \"%s\" have at least %g",
                                        index, valid->rate_most_Bps * 8 / 1e6, migrate->guest, migrate->host,
                                        least_Bps * 8 / 1e6));
}

static void
warn_of_memory(const ScenarioSpec *scenario, const MigrateKeys *migrate, guint index, GPtrArray *warnings)
{
    const double most_bytes = migrate->hypervisor->valid->memory_most_bytes;
    const double bytes = scenario_guest(scenario, migrate->guest)->memory_bytes;

    if (bytes > most_bytes)
        g_ptr_array_add(
            warnings,
            g_strdup_printf("/timeline/%u/hypervisor: its constants hold for guests up to %g GiB, and \"%s\" has %g",
                            index, most_bytes / 0x1p30, migrate->guest, bytes / 0x1p30));
}

void
validity_warn(const ScenarioSpec *scenario, GPtrArray *warnings)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (!migrate || !migrate->hypervisor->valid)
            continue;
        warn_of_rate(scenario, migrate, i, warnings);
        warn_of_memory(scenario, migrate, i, warnings);
    }
}
