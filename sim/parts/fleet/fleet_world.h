/* What the part keeps for the world. */
#ifndef TANDEM_SIM_PARTS_FLEET_FLEET_WORLD_H
#define TANDEM_SIM_PARTS_FLEET_FLEET_WORLD_H

#include "sim/output/record.h"
#include "sim/parts/fleet/fleet_keys.h"
#include "sim/world/host_load.h"
#include "sim/world/processors.h"

/* What became of a guest's processor time while it migrated. */
typedef struct {
    ProcessorUse began;  /* when the migration that goes on began */
    ProcessorUse of_all; /* in all of its migrations that have ended */
    gboolean migrates;
} FleetGuest;

typedef struct {
    guint64 idle, busy, overloaded, lost; /* hosts */
    double from_s, until_s;
    double wanted, given;       /* virtual processors, on average */
    double load_mean, load_max; /* of active hosts: given, of their cores */
    double migrations;          /* at a time, on average */
} FleetSample;

typedef struct {
    World *world;
    const FleetSpec *spec;
    HostLoad *seen;          /* owned; by host, at the last sample */
    double sampled_s;        /* its date */
    GArray *samples;         /* owned; of FleetSample */
    guint migrating;         /* guests */
    double migrating_s;      /* of all of them together, until */
    double counted_s;        /* then */
    double migrating_seen_s; /* at the last sample */
} FleetWorld;

extern const Record *const fleet_records[];
/* Of the guest's; NULL: it never migrated. */
const FleetGuest *fleet_guest(const Domain *domain);
void fleet_results_collect(FleetWorld *own, Result *result);

#endif
