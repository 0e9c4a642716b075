/* What a scenario says about a data centre that decides: the time line's word "consolidate". */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_KEYS_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_KEYS_H

#include "models/energy/energy_meter.h"
#include "models/placement/consolidation.h"
#include "models/placement/counters.h"
#include "models/placement/load_balance.h"
#include "sim/parts/migration/hypervisor_keys.h"
#include "sim/specs/scenario_spec.h"

typedef enum { DATACENTRE_COMMON_CLOCK, DATACENTRE_OWN_CLOCKS } DatacentreClocks;
/* Of own clocks: when their daemons begin. */
typedef enum { DATACENTRE_DRAWN_PHASES, DATACENTRE_STARTED_IN_TURN } DatacentrePhases;
typedef enum { DATACENTRE_EACH_HOST, DATACENTRE_ALL_HOSTS, DATACENTRE_BALANCE } DatacentreDecides;

/* Hosts that draw what others do not. */
typedef struct {
    GArray *hosts; /* of char * */
    int power;     /* a published curve, or a line */
} PowerKeys;

/* {"do": "consolidate"} */
typedef struct {
    char *name;    /* in the results; NULL: "consolidation" */
    GArray *hosts; /* of char *; empty: all */
    DatacentreDecides decides;
    DatacentreClocks clocks;
    DatacentrePhases phases;          /* of DATACENTRE_OWN_CLOCKS … */
    double request_age_s;             /* … and this too */
    double interval_s, delay_s, loss; /* of counters */
    guint length;
    double underload;
    guint underload_last;
    OverloadRule overload;
    double threshold, safety, fallback, allowed;
    guint overload_length;
    SelectionRule selection;
    guint last;
    PackingRule packing;
    double cpu_share, memory_share;
    gboolean wakes, all_or_nothing, sleeps;
    double balance_target, balance_gain; /* of DATACENTRE_BALANCE */
    guint balance_moves;
    double migration_time_s;           /* that detectors are told */
    double orchestration_s;            /* before each migration */
    guint at_once, at_once_of_host;    /* migrations; of a host 0: any number */
    double first_look_s, look_every_s; /* after its beginning, at whether it has ended; 0: known at once */
    double suspend_s, resume_s;
    double wake_fails; /* share of wakings, drawn for each host */
    int power;         /* datacentre_keys_powers() */
    GArray *powers;    /* of PowerKeys */
    double idle_W, full_W, transition_W, asleep_W;
    HypervisorSpec *hypervisor;
} ConsolidateKeys;

/* With the checks of datacentre_check.c. */
extern const PartKeys datacentre_keys;
extern const FieldCase datacentre_keys_actions[];

/* What a "consolidate" of the time line says; NULL when the action is something else. */
const ConsolidateKeys *datacentre_keys_of(const ActionSpec *action);
const char *datacentre_keys_name(const ConsolidateKeys *keys);
ConsolidationRules datacentre_keys_rules(const ConsolidateKeys *keys);
BalanceRules datacentre_keys_balance(const ConsolidateKeys *keys);
CounterRules datacentre_keys_counters(const ConsolidateKeys *keys);
/* Of the host of that name. */
EnergyPowers datacentre_keys_powers(const ConsolidateKeys *keys, const char *host);

#endif
