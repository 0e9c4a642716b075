/* What the part keeps for the world. */
#ifndef TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_WORLD_H
#define TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_WORLD_H

#include "models/base/calendar.h"
#include "sim/output/record.h"
#include "sim/parts/cpu_demand/cpu_demand_file.h"
#include "sim/parts/cpu_demand/cpu_demand_keys.h"
#include "sim/world/world.h"

/* A guest with a demand. */
typedef struct {
    Domain *domain;   /* borrowed */
    const char *name; /* of its trace; NULL: made up; borrowed */
    DemandTrace own;  /* a made-up one; steps NULL: it is a file's */
    DemandWalk walk;
    double scale; /* from the trace's values to the share of its processors */
} DemandGuest;

typedef struct {
    GHashTable *files; /* owned; path to owned DemandFile: each is read once */
    GPtrArray *names;  /* owned; lists of names that guests borrow from */
    GArray *guests;    /* owned; of DemandGuest */
    Calendar steps;    /* of guests, by index */
    guint64 changes;   /* steps that were made */
} DemandWorld;

extern const Record *const cpu_demand_records[];
void cpu_demand_results_collect(DemandWorld *own, Result *result);

#endif
