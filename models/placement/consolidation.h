/* Consolidation: which VMs leave which host for which, which hosts sleep and which are woken.
 *
 * Sources: OpenStack Neat, neat/locals/manager.py execute (each host asks for itself: `local`) and
 * neat/globals/manager.py execute_underload, execute_overload (what is done about it: `answer`); CloudSim 3.0.3,
 * PowerVmAllocationPolicyMigrationAbstract.optimizeAllocation (all hosts at once: `sweep`).
 *
 *   step of Neat                                                               | here
 *   no counters of any VM: nothing                                             | consolidation_local
 *   a VM that the host's collector has not read yet                            | unread
 *   a host's utilizations: the sums of the counters of the VMs that it has now | consolidation_utilization
 *   underloaded: all VMs are to go                                             | UNDERLOAD
 *   else overloaded: one VM, by the selection                                  | OVERLOAD
 *   a VM without counters: the request is dropped                              | consolidation_answer: fixed
 *   hosts of no VM count as asleep; none is woken for an underload             |
 *   use of a host, when VMs are laid on it: the last value of each of its VMs  |
 *   what a VM needs: the mean of its last values                               | last_n
 *   the host that asks is left out                                             |
 *   a host that has been emptied sleeps                                        | Consolidation.sleeps
 *
 *   step of CloudSim's optimizeAllocation                                      | consolidation_sweep
 *   all overloaded hosts give VMs until they are not overloaded any more       | 1
 *   these are laid on hosts that are not overloaded                            | 2
 *   the least utilized host that is left is emptied onto hosts that are awake, all of its VMs or none; then the next |
 * 3
 *
 * What the detectors and rules see are counters (models/placement/counters.h); the caller keeps them. A VM's counters
 * go with it: in both sources what a host was used before a VM came to it counts with that VM's past elsewhere.
 *
 * Departure of the sweep: hosts that get VMs from overloaded hosts are kept from being emptied in the same round, as
 * the comment in its source says; its code asks an empty list.
 *
 * Scope: says what to do; the order, the dates and the outcome of migrations are the caller's.
 */
#ifndef TANDEM_MODELS_PLACEMENT_CONSOLIDATION_H
#define TANDEM_MODELS_PLACEMENT_CONSOLIDATION_H

#include "models/placement/bin_packing.h"
#include "models/placement/overload.h"
#include "models/placement/underload.h"
#include "models/placement/vm_selection.h"

typedef struct {
    UnderloadRules underload;
    OverloadRules overload;
    SelectionRule selection;
    guint last_n; /* values of a VM whose mean selection and packing look at; >= 1 */
    PackingRules packing;
    double migration_steps; /* a migration's time, in intervals, as detectors are told */
} ConsolidationRules;

typedef struct {
    guint host;
    double memory_bytes;
    const double *cpu; /* its counters, the oldest first; borrowed */
    guint n_cpu;
    gboolean fixed;  /* it moves now, or must stay */
    gboolean unread; /* come since its host last read counters: who sees all hosts knows of it, its host does not */
} ConsolidationVm;

typedef struct {
    double capacity; /* of CPU, > 0, in the unit of counters */
    double memory_bytes;
    gboolean asleep;
    gboolean closed;         /* down, or on the way into or out of sleep: nothing comes here and it asks nothing */
    const PowerCurve *curve; /* of POWER_AWARE; may be NULL */
    double asleep_W;
} ConsolidationHost;

/* All that is decided over. Arrays are borrowed. */
typedef struct {
    const ConsolidationHost *hosts;
    guint n_hosts;
    const ConsolidationVm *vms;
    guint n_vms;
    /* Whether a host cannot take a VM for another reason (affinity, a card); NULL: none can not. */
    gboolean (*refuses)(gpointer data, guint vm, guint host);
    gpointer data;
} ConsolidationView;

typedef enum { CONSOLIDATION_NOTHING, CONSOLIDATION_UNDERLOAD, CONSOLIDATION_OVERLOAD } ConsolidationKind;

typedef struct {
    ConsolidationKind kind;
    guint host;
    gint vm; /* of OVERLOAD; -1: the host is overloaded and none can go */
} ConsolidationRequest;

typedef struct {
    guint vm, from, to;
} ConsolidationMove;

typedef enum {
    CONSOLIDATION_DONE,
    CONSOLIDATION_NO_PLACE, /* some VM finds no host */
    CONSOLIDATION_DROPPED,  /* some VM moves now, or has no counters yet */
} ConsolidationOutcome;

typedef struct {
    ConsolidationOutcome outcome;
    GArray *moves;  /* of ConsolidationMove, in the order in which they are to be made */
    GArray *wakes;  /* of guint: hosts that somebody goes to and that sleep */
    GArray *sleeps; /* of guint: hosts that are to sleep when all of their VMs have left */
} Consolidation;

void consolidation_init(Consolidation *plan);
void consolidation_clear(Consolidation *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Consolidation, consolidation_clear)

/* The utilizations of a host that has the VMs of these numbers (of guint), the oldest first: as many as its VM with
 * most counters has; of one with fewer, 0 before its first. Owned by the caller; n may be 0. */
double *consolidation_utilization(const ConsolidationView *view, guint host, const GArray *vms, guint *n);

/* What host's local manager asks for; state: of its detector. stream: of SELECTION_RANDOM. */
ConsolidationRequest consolidation_local(const ConsolidationRules *rules, OverloadState *state,
                                         const ConsolidationView *view, guint host, RandomStream *stream);
/* What the global manager does about it; plan is cleared first. */
void consolidation_answer(const ConsolidationRules *rules, const ConsolidationView *view,
                          const ConsolidationRequest *request, Consolidation *plan);
/* All hosts at once. states: one for each host. plan is cleared first. */
void consolidation_sweep(const ConsolidationRules *rules, OverloadState *states, const ConsolidationView *view,
                         RandomStream *stream, Consolidation *plan);

#endif
