/* What a scenario says about a hypervisor: how it copies memory, when it stops, and what the steps of a migration cost.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_HYPERVISOR_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_HYPERVISOR_KEYS_H

#include "models/migration/precopy.h"
#include "models/migration/qemu_rules.h"
#include "models/migration/stream_limits.h"
#include "sim/scenario/fields.h"

/* Times of one domain's migration that do not depend on its size; drawn with cost_variation. */
typedef struct {
    double pre_migration_s; /* choosing, connecting, hand-shake */
    double reservation_s;   /* creating the empty domain at the destination */
    double suspend_s;       /* in the downtime; */
    double suspend_vcpu_s;  /* more for each virtual processor */
    double commitment_s;    /* in the downtime: restore done, permission to go */
    double resume_s;        /* in the downtime; */
    double live_s;          /* of it, the last part, when devices are live already; NAN: none */
    double resume_vcpu_s;   /* more for each virtual processor */
    double activation_s;    /* after the guest runs again: devices, clean-up, unlocking */
    double variation;       /* standard deviation of each cost over its mean */
    gboolean overlap;       /* of two domains that move as one, each cost takes as long as the slower one's */
} StepCosts;

typedef enum { MECHANISM_XEN, MECHANISM_QEMU } Mechanism;

/* For which of its two domains a CUMP page goes out. */
typedef enum { CUMP_SENDS_BOTH, CUMP_SENDS_DIRTY } CumpSends;

/* Xen's own keys. */
typedef struct {
    PrecopyRules rules; /* but for policy and page, and what the guest's kind says; entry_bytes of a CUMP alone */
    double cump_page_s; /* work per CUMP page, on top of page.work_s; concatenation copies nothing twice */
    double cump_once_s; /* work of a joint migration, whatever its size: a CUMP is made */
    /* NAN of these three: nothing, and nothing is told of it */
    double cump_look_up_s;     /* before it: is there one? */
    double cump_update_s;      /* instead of cump_once_s, when there is one */
    double cump_update_page_s; /* and for each page whose entry is out of date, then and at each look at the log */
    CumpSends cump_sends;
} XenKeys;

/* QEMU's own keys. */
typedef struct {
    QemuRules rules;              /* but for policy and page, what a run draws, and what is the guest's */
    double buffer_least_bytes;    /* a run draws the socket's first buffer uniformly from here … */
    double buffer_most_bytes;     /* … to here */
    double burst_least_s;         /* and a burst from here … */
    double burst_most_s;          /* … to here */
    guint translation_entries;    /* whose writes the dirty log misses (TCG before 9.0); 0: none */
    double vtpm_state_bytes;      /* on top of the device state, when the vTPM goes with its VM */
    ThrottleRules *auto_converge; /* NULL: off */
    DirtyLimitRules *dirty_limit; /* NULL: off */
} QemuKeys;

/* Where a profile's constants hold; NAN: no limit is known. */
typedef struct {
    double rate_least_Bps, rate_most_Bps; /* of the cables */
    double memory_most_bytes;             /* of the guest */
} ValiditySpec;

/* What becomes of a migration whose live rounds have taken too long. */
typedef enum { TIME_UP_GIVE_UP, TIME_UP_SUSPEND, TIME_UP_POSTCOPY } TimeUp;
extern const char *const time_up_words[];

typedef struct HypervisorSpec HypervisorSpec;

/* The models' own structs are read in place (models/migration/policy.h, copy.h, precopy.h, qemu_rules.h,
 * stream_limits.h); what is absent of a limit is NAN there. */
struct HypervisorSpec {
    Mechanism mechanism;
    Policy policy;
    PageCost page;
    double sync_GiB_s; /* of a look at the whole dirty log, for each GiB of memory */
    StreamRules stream;
    double device_state_bytes;
    double time_limit_s;         /* of pre-copy; NAN: none */
    double time_limit_per_GiB_s; /* of the guest's memory, in its place; NAN: none */
    TimeUp at_time_limit;
    double recovery_s; /* post-copy goes on so long after a lost link is back; NAN: never */
    StepCosts *costs;
    ValiditySpec *valid; /* NULL: nobody says */
    union {
        XenKeys xen;
        QemuKeys qemu;
    };
};

extern const FieldTable hypervisor_table;

/* What a look at the whole dirty log costs besides what it costs of any guest, s. */
double hypervisor_sync_s(const HypervisorSpec *spec, double memory_bytes);
/* How long the live rounds may take; NAN: for ever. */
double hypervisor_time_limit_s(const HypervisorSpec *spec, double memory_bytes);

#endif
