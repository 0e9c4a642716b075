/* What a scenario says about evacuations: the time line's word "evacuate". */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_KEYS_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_KEYS_H

#include "models/evacuation/evacuation.h"
#include "sim/parts/migration/hypervisor_keys.h"
#include "sim/specs/scenario_spec.h"
#include "sim/world/request.h"

/* {"do": "evacuate"} */
typedef struct {
    char *host;
    char *name; /* in the results; NULL: the host's */
    GArray *to; /* of char *; empty: every other host with a route from this one */
    EvacuationOrder order;
    EvacuationChoice choose;
    guint outgoing, in_all, incoming;
    guint attempts;
    double retry_after_s;
    double deadline_s; /* after the action's date; NAN: none */
    int method;        /* of VMs that have a vTPM: evacuation_keys_method() */
    HypervisorSpec *hypervisor;
} EvacuateKeys;

/* With the checks of evacuation_check.c. */
extern const PartKeys evacuation_keys;
extern const FieldCase evacuation_keys_actions[];

/* What an "evacuate" of the time line says; NULL when the action is something else. */
const EvacuateKeys *evacuation_keys_of(const ActionSpec *action);
/* How a VM is moved; one that has no vTPM goes alone. */
MigrationMethod evacuation_keys_method(const EvacuateKeys *keys, gboolean has_vtpm);
EvacuationPolicy evacuation_keys_policy(const EvacuateKeys *keys);
const char *evacuation_keys_name(const EvacuateKeys *keys);

#endif
