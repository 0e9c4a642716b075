/* What a scenario says about a hypervisor: its pre-copy policy and what the steps of a migration cost. */
#ifndef TANDEM_SIM_SPECS_HYPERVISOR_SPEC_H
#define TANDEM_SIM_SPECS_HYPERVISOR_SPEC_H

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

typedef struct {
    gint64 max_rounds;
    gint64 min_pages;
    FewBasis few_basis;
    double max_factor;
    gint64 batch_pages;
    gboolean skip_redirtied;
    double page_header_bytes;
    double batch_header_bytes;
    double zero_page_bytes;
    double device_state_bytes;
    double page_work_s; /* per page of any domain */
    double cump_page_s; /* per CUMP page, on top; concatenation copies nothing twice */
    StepCosts *costs;
} HypervisorSpec;

extern const FieldTable hypervisor_table;

#endif
