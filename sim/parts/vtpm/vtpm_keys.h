/* What a scenario says about vTPMs: instance domains, each bound to one VM. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_KEYS_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_KEYS_H

#include "sim/specs/scenario_spec.h"

/* The paper's script: SHA-1 and extend, again and again. */
typedef struct {
    double interval_s; /* from the end of one call to the begin of the next */
    double start_s;
} ScriptSpec;

typedef struct {
    char *name;
    char *vm;
    char *uuid; /* NULL: derived from the name */
    double memory_bytes;
    double page_bytes;
    double service_s;         /* of one command when the vTPM is there */
    double command_timeout_s; /* a command that waits longer for its vTPM fails */
    gint64 pages_per_command; /* pages of the vTPM domain that one command writes */
    double cpu_share;
    WorkloadSpec *workload; /* what the vTPM domain writes by itself */
    ScriptSpec *script;     /* NULL: nobody calls it */
} VtpmSpec;

typedef struct {
    GArray *vtpms; /* of VtpmSpec */
} VtpmKeys;

extern const FieldTable vtpm_table;

extern const PartKeys vtpm_keys;

const VtpmKeys *vtpm_keys_of(const ScenarioSpec *scenario);

/* The vTPMs by the names of their VMs; of one VM's two the first. Borrows from the scenario. (transfer full) */
GHashTable *vtpm_keys_by_vm(const ScenarioSpec *scenario);

#endif
