/* What a scenario says about how much processor time guests want, over time. */
#ifndef TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_KEYS_H
#define TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_KEYS_H

#include "models/demand/synthetic.h"
#include "sim/specs/scenario_spec.h"

typedef enum { DEMAND_FILES, DEMAND_FOLDER, DEMAND_SYNTHETIC } DemandKind;

/* Which trace the k-th guest follows, of n traces. */
typedef enum {
    DEMAND_LISTED,   /* k mod n */
    DEMAND_SHUFFLED, /* the same, after the traces were put into a drawn order */
    DEMAND_DRAWN,    /* any of them, drawn for each guest */
} DemandOrder;

/* What follows the end of a trace. */
typedef enum { DEMAND_REFUSE, DEMAND_HOLD, DEMAND_REPEAT } DemandAfter;

typedef struct {
    DemandKind kind;
    GArray *guests;    /* of char * */
    double interval_s; /* for which one value holds */
    DemandAfter after;
    double scale; /* of the virtual processors that a trace's 100 per cent stand for */
    /* files, folder */
    GArray *files; /* of char *, from the scenario's folder on */
    char *folder;
    DemandOrder order;
    /* synthetic; per cent */
    double mean, deviation;
    GArray *quartiles; /* of double */
    double between, slow, correlation_s;
    double length_s;
} DemandSpec;

typedef struct {
    GArray *demands; /* of DemandSpec */
} DemandKeys;

extern const PartKeys cpu_demand_keys;

const DemandKeys *cpu_demand_keys_of(const ScenarioSpec *scenario);
/* The law of a synthetic demand; scenario_check() has held it to what synthetic_fault() says. */
SyntheticLaw cpu_demand_law(const DemandSpec *spec);

#endif
