#include "sim/claims/datacentre_chapter.h"

#include "models/energy/energy_meter.h"

#define HOSTS_OF_A_KIND 400
#define DAY_S           86400.0
#define J_PER_KWH       3.6e6

/* What hosts draw in a day that are full all the time, by what they would draw: CloudSim's "non power aware" policy. */
static double
full_day_kWh(const char *curve)
{
    const EnergyPowers powers = {.curve = *power_curve_named(curve)};
    EnergyMeter meter;

    energy_meter_init(&meter, &powers, 0);
    energy_meter_set(&meter, 0, ENERGY_ACTIVE, 1);
    energy_meter_advance(&meter, DAY_S);
    return HOSTS_OF_A_KIND * energy_meter_J(&meter) / J_PER_KWH;
}

static gboolean
claim(ClaimSet *claims, FileSet *files G_GNUC_UNUSED, const Batch *batch G_GNUC_UNUSED,
      gconstpointer prepared G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    claims_add_value(
        claims, "npa-energy",
        "CloudSim 3.0.3: 800 hosts of two kinds that are full all day, and Beloglazov and Buyya, CCPE 2012", ROLE_EXACT,
        "kWh", 2419.2, full_day_kWh("ml110-g4") + full_day_kWh("ml110-g5"), 1e-12,
        "arithmetic of the two published curves");
    return TRUE;
}

const DatacentreChapter datacentre_rules = {NULL, claim};
