/* What a scenario says about a hypervisor: how it copies memory, when it stops, and what the steps of a migration cost.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_HYPERVISOR_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_HYPERVISOR_KEYS_H

#include "models/migration/policy.h"
#include "sim/scenario/fields.h"

/* Times of one domain's migration that do not depend on its size; drawn with cost_variation. */
typedef struct {
    double pre_migration_s; /* choosing, connecting, hand-shake */
    double reservation_s;   /* creating the empty domain at the destination */
    double suspend_s;       /* in the downtime */
    double commitment_s;    /* in the downtime: restore done, permission to go */
    double resume_s;        /* in the downtime */
    double activation_s;    /* after the guest runs again: devices, clean-up, unlocking */
    double variation;       /* standard deviation of each cost over its mean */
} StepCosts;

typedef enum { MECHANISM_XEN, MECHANISM_QEMU } Mechanism;

/* QEMU's auto-converge, models/migration/throttle.h. */
typedef struct {
    double trigger;
    double first;
    double step;
    double most;
    double slice_s;
} AutoConvergeSpec;

typedef struct HypervisorSpec HypervisorSpec;

struct HypervisorSpec {
    Mechanism mechanism;
    gint64 max_rounds;
    gint64 min_pages;
    FewBasis few_basis;
    double max_factor;
    gint64 stall_rounds;
    double downtime_limit_s; /* NAN: no such rule */
    double downtime_step_s;
    double downtime_most_s;
    double downtime_every_s;
    gint64 downtime_after;
    double time_limit_s; /* of pre-copy; NAN: none */

    /* Xen */
    double rate_first_Bps; /* NAN: unlimited */
    double rate_step_Bps;
    double rate_most_Bps;
    gint64 batch_pages;
    gboolean skip_redirtied;
    double page_header_bytes;
    double batch_header_bytes;
    double zero_page_bytes;
    double device_state_bytes;
    double page_work_s; /* per page of any domain */
    double cump_page_s; /* per CUMP page, on top; concatenation copies nothing twice */

    /* QEMU, models/migration/qemu.h */
    double max_bandwidth_Bps; /* NAN: none */
    double window_s;
    double iteration_s;
    double period_s;
    gint64 check_pages;
    gint64 flush_pages;
    double section_bytes;
    double zero_page_work_s;
    double sync_s;
    gboolean sync_waits;
    double buffer_least_bytes; /* a run draws the socket's first buffer uniformly from here … */
    double buffer_most_bytes;  /* … to here */
    double buffer_ceiling_bytes;
    double burst_least_s; /* and a burst from here … */
    double burst_most_s;  /* … to here */
    double segment_bytes;
    double buffer_wake;
    gint64 translation_entries;
    double vtpm_state_bytes;
    double postcopy_after_s; /* NAN: never */
    gint64 postcopy_rounds;
    AutoConvergeSpec *auto_converge; /* NULL: off */

    StepCosts *costs;
};

extern const FieldTable hypervisor_table;

/* Whether it is of QEMU's mechanism and ever switches to post-copy. */
gboolean hypervisor_keys_have_postcopy(const HypervisorSpec *spec);
/* Whether it is of QEMU's mechanism, and its dirty log misses writes (TCG before 9.0). */
gboolean hypervisor_keys_miss_writes(const HypervisorSpec *spec);

#endif
