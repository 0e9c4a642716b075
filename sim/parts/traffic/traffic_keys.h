/* What a scenario says about background traffic. */
#ifndef TANDEM_SIM_PARTS_TRAFFIC_TRAFFIC_KEYS_H
#define TANDEM_SIM_PARTS_TRAFFIC_TRAFFIC_KEYS_H

#include "sim/specs/scenario_spec.h"

/* Traffic that is not tandem's own and contends with it. */
typedef struct {
    char *name;
    char *from;
    char *to;
    double rate_Bps; /* NAN: as fast as it can */
    double start_s;
    double duration_s; /* NAN: until the run ends */
} FlowSpec;

typedef struct {
    GArray *flows; /* of FlowSpec */
} TrafficKeys;

extern const PartKeys traffic_keys;

const TrafficKeys *traffic_keys_of(const ScenarioSpec *scenario);

#endif
