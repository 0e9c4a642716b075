/* The list of parts. A new part has its line here, and nothing else outside of its own folders. */
#include "sim/parts/application/application_part.h"
#include "sim/parts/card/card_part.h"
#include "sim/parts/cpu_demand/cpu_demand_part.h"
#include "sim/parts/datacentre/datacentre_part.h"
#include "sim/parts/device/device_part.h"
#include "sim/parts/evacuation/evacuation_part.h"
#include "sim/parts/fleet/fleet_part.h"
#include "sim/parts/migration/migration_part.h"
#include "sim/parts/network/network_part.h"
#include "sim/parts/socket/socket_part.h"
#include "sim/parts/traffic/traffic_part.h"
#include "sim/parts/vtpm/vtpm_part.h"

/* In the order of their keys, their actors and their results. */
const Part *const parts[] = {&migration_part,  &vtpm_part,        &socket_part, &card_part,       &traffic_part,
                             &network_part,    &application_part, &device_part, &evacuation_part, &cpu_demand_part,
                             &datacentre_part, &fleet_part,       NULL};

const PartKeys *const *
part_keys_all(void)
{
    static const PartKeys *keys[G_N_ELEMENTS(parts)]; /* ends with NULL */
    static gsize gathered = 0;
    guint n = 0;

    if (g_once_init_enter(&gathered)) {
        for (const Part *const *part = parts; *part; part++)
            if ((*part)->keys)
                keys[n++] = (*part)->keys;
        g_once_init_leave(&gathered, 1);
    }
    return keys;
}
