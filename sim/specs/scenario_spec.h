/* The whole scenario: the root table, the time line, and cross-checks that no single key can carry. */
#ifndef TANDEM_SIM_SPECS_SCENARIO_SPEC_H
#define TANDEM_SIM_SPECS_SCENARIO_SPEC_H

#include "sim/specs/card_spec.h"
#include "sim/specs/guest_spec.h"
#include "sim/specs/hypervisor_spec.h"
#include "sim/specs/platform_spec.h"
#include "sim/specs/socket_spec.h"
#include "sim/specs/sweep_spec.h"

typedef enum {
    ACTION_MIGRATE,
    ACTION_SET_WORKLOAD,
    ACTION_FAIL_LINK,
    ACTION_RESTORE_LINK,
    ACTION_FAIL_HOST
} ActionKind;

typedef enum {
    METHOD_VM,           /* the VM alone */
    METHOD_VTPM,         /* its vTPM alone */
    METHOD_VM_THEN_VTPM, /* one after the other */
    METHOD_VTPM_THEN_VM,
    METHOD_JOINT,       /* CUMP: page n stands for page n of both */
    METHOD_CONCATENATED /* the vTPM's pages after the VM's */
} MigrationMethod;

typedef struct {
    ActionKind kind;
    double at_s;
    char *name;  /* MIGRATE: in the results; NULL: the VM's */
    char *guest; /* MIGRATE, SET_WORKLOAD */
    char *host;  /* MIGRATE: destination; FAIL_HOST */
    char *link;
    MigrationMethod method;
    HypervisorSpec *hypervisor;
    WorkloadSpec *workload;
} ActionSpec;

typedef struct {
    char *name;
    char *title;
    char *description;
    gint64 seed;
    double run_until_s; /* the run lasts at least so long; it ends after the last action and migration */
    EngineSpec *engine;
    GArray *hosts;         /* of HostSpec */
    GArray *switches;      /* of SwitchSpec */
    GArray *links;         /* of LinkSpec */
    GArray *flows;         /* of FlowSpec */
    GArray *guests;        /* of GuestSpec */
    GArray *vtpms;         /* of VtpmSpec */
    GArray *cards;         /* of CryptoCardSpec */
    GArray *card_paths;    /* of CardPathSpec */
    GArray *card_sessions; /* of CardSessionSpec */
    GArray *sockets;       /* of SocketSpec */
    MeasureSpec *card_measurement;
    GArray *timeline; /* of ActionSpec, by date after scenario_load */
    SweepSpec *sweep; /* NULL: none; `tandem run` does not look at it */
} ScenarioSpec;

extern const FieldTable scenario_table;

/* The guest of that name, or NULL. */
const GuestSpec *scenario_guest(const ScenarioSpec *scenario, const char *name);

#endif
