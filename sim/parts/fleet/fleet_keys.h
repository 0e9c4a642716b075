/* What a scenario says about results of its hosts, guests and migrations as a whole. */
#ifndef TANDEM_SIM_PARTS_FLEET_FLEET_KEYS_H
#define TANDEM_SIM_PARTS_FLEET_FLEET_KEYS_H

#include "sim/specs/scenario_spec.h"

typedef struct {
    double sample_s;
    double overload; /* share of a host's cores */
    guint list_migrations;
} FleetSpec;

typedef struct {
    FleetSpec *fleet; /* NULL: nobody asks */
} FleetKeys;

extern const PartKeys fleet_keys;

/* NULL: nobody asks. */
const FleetSpec *fleet_keys_of(const ScenarioSpec *scenario);

#endif
