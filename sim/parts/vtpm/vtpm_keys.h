/* What a scenario says about vTPMs: instance domains, each bound to one VM; their hosts' managers; who challenges them.
 */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_KEYS_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_KEYS_H

#include "models/vtpm/tpm_command.h"
#include "sim/specs/scenario_spec.h"

/* The paper's script: SHA-1 and extend, again and again. */
typedef struct {
    double interval_s; /* from the end of one call to the begin of the next */
    double start_s;
} ScriptSpec;

/* A program of the guest that gives its TPM one command again and again. */
typedef struct {
    char *name;
    TpmCommand command;
    guint pcr;
    double interval_s; /* from the end of one call to the begin of the next */
    double start_s;
} TpmCallerSpec;

/* What the steps of models/vtpm/vtpm_transfer.h cost. */
typedef struct {
    double nonce_s;
    double lock_s;
    double encrypt_Bps; /* and decrypt; NAN: costs nothing */
    double digest_Bps;
    double delete_s;
} TpmTransferSpec;

typedef enum { TPM_STATE_MOVES, TPM_STATE_FRESH, TPM_STATE_SHARED } TpmStateWay;

typedef enum { TPM_ARRIVAL_KEEP, TPM_ARRIVAL_EXTEND, TPM_ARRIVAL_REBIND } TpmArrival;

/* What the instance is, beyond the paper's. */
typedef struct {
    TpmGeneration generation;
    double nv_bytes;
    gint64 state_version;
    gboolean attestation_key; /* whether it has one */
    TpmStateWay state;
    double lock_release_s; /* of a shared state's lock; NAN: it is not handed over */
    TpmArrival arrival;
    double rebind_s;                  /* until verifiers know the new key */
    TpmTransferSpec *transfer;        /* NULL: pages go, and nothing else happens */
    double command_s[TPM_N_COMMANDS]; /* NAN: the vTPM's service_s */
    GArray *callers;                  /* of TpmCallerSpec */
} TpmSpec;

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
    TpmSpec *tpm;           /* NULL: the paper's TPM 1.2 */
} VtpmSpec;

/* A VM that a host's manager has with another vTPM than it comes with. */
typedef struct {
    char *vm;
    char *uuid; /* of that vTPM */
} VtpmBindingSpec;

/* A host's manager domain; hosts without one have neither a hardware TPM nor a policy, and read version 1. */
typedef struct {
    char *host;
    gboolean hardware_tpm;
    char *policy;
    gint64 state_version;
    GArray *bindings; /* of VtpmBindingSpec */
} VtpmManagerSpec;

typedef struct {
    char *name;
    char *vtpm;
    double interval_s; /* from challenge to challenge */
    double start_s;
    double round_trip_s;  /* to the guest and back */
    double patience_s;    /* a challenge that is not answered in that time is given up */
    double check_after_s; /* from the quote's arrival to its check */
} VerifierSpec;

typedef struct {
    GArray *vtpms;     /* of VtpmSpec */
    GArray *managers;  /* of VtpmManagerSpec */
    GArray *verifiers; /* of VerifierSpec */
} VtpmKeys;

/* Of the action "fail-vtpm-manager". */
typedef struct {
    char *host;
} FailManagerKeys;

/* Of an instance domain (figure 6). */
#define VTPM_VCPUS 1u

extern const FieldTable vtpm_table;

extern const PartKeys vtpm_keys;

const VtpmKeys *vtpm_keys_of(const ScenarioSpec *scenario);

/* The vTPM of that name, which exists (the reader checked). */
const VtpmSpec *vtpm_keys_named(const VtpmKeys *keys, const char *name);

/* The vTPMs by the names of their VMs; of one VM's two the first. Borrows from the scenario. (transfer full) */
GHashTable *vtpm_keys_by_vm(const ScenarioSpec *scenario);

#endif
