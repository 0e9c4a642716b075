/* Live migration of a VM, its vTPM, or both, in six steps.
 *
 * The three phases of moving memory are steps: push (pre-copy), stop-and-copy, and for post-copy pull.
 *
 * Source of the steps: C. Clark et al., NSDI 2005, section 3.2 (pre-migration, reservation, iterative pre-copy,
 * stop-and-copy, commitment, activation); Qi and Meng, section 1.2, steps 1 to 8, are the same with a CUMP in step 2.
 *
 * A migration has one leg or, when VM and vTPM go one after the other, two. What fails inside the simulated world ends
 * the migration with an outcome; the domains are then as the outcome says.
 *
 * Scope: memory and a fixed-size device state; storage is shared (the test bed's iSCSI server) and not copied.
 */
#ifndef TANDEM_SIM_WORLD_MIGRATE_H
#define TANDEM_SIM_WORLD_MIGRATE_H

#include "sim/world/channel.h"
#include "sim/world/copier.h"
#include "sim/world/path.h"

typedef enum {
    OUTCOME_RUNNING, /* not ended yet */
    OUTCOME_COMPLETED,
    OUTCOME_ALREADY_THERE,
    OUTCOME_BUSY,             /* one of the domains is being migrated */
    OUTCOME_NOT_RUNNING,      /* the domain or its host was lost before */
    OUTCOME_NO_VTPM,          /* Algorithm 1, step 1 */
    OUTCOME_APART,            /* both were to go, from different hosts */
    OUTCOME_BINDING_MISMATCH, /* Algorithm 1, step 3 */
    OUTCOME_NO_CONFIG,        /* Algorithm 2, step 2 */
    OUTCOME_NO_MEMORY,
    OUTCOME_CARD_STAYS, /* the VM's way to its crypto card cannot be moved */
    OUTCOME_NO_CARD,    /* the destination has none, or none that serves the VM */
    OUTCOME_NO_KEYS,    /* the destination's card has not got the VM's keys */
    OUTCOME_CARD_ARM,   /* the VM's way to its card does not work there */
    OUTCOME_LINK_LOST,
    OUTCOME_SOURCE_LOST,
    OUTCOME_DESTINATION_LOST,
    OUTCOME_GAVE_UP,   /* pre-copy did not converge within its time limit */
    OUTCOME_GUEST_LOST /* post-copy lost the pages that were still at the source */
} Outcome;

/* One word for results ("completed", "link-lost") and one sentence for people. */
const char *outcome_word(Outcome outcome);
const char *outcome_text(Outcome outcome);

typedef enum {
    STEP_PRE_MIGRATION,
    STEP_RESERVATION,
    STEP_PRECOPY,
    STEP_STOP_AND_COPY,
    STEP_COMMITMENT,
    STEP_PULL, /* post-copy only: the guest runs at the destination and lacks pages */
    STEP_ACTIVATION,
    N_STEPS
} MigrationStep;

const char *step_word(MigrationStep step);

/* What the guest waits for while it is stopped. */
typedef struct {
    double suspend_s;
    double pages_s;
    double device_state_s;
    double commitment_s;
    double resume_s;
} Downtime;

typedef struct {
    Migration *migration;
    const char *label; /* "vm", "vtpm", "joint" */
    Domain *domains[2];
    Image *images[2]; /* owned; NULL when the scenario does not verify, or pages are counted */
    Tally *tally;     /* owned; NULL: each page is drawn, or all is over */
    guint n_domains;
    guint n_copied; /* of them, page by page: under QEMU a vTPM is device state */
    PageSet pages;
    gboolean counted;    /* how many pages are dirty is drawn, not which */
    Copier copier;       /* owned */
    Channel *channel;    /* borrowed */
    double measured_Bps; /* of the last transfer beside others'; NAN: none yet */
    double start_s, end_s;
    double step_start_s[N_STEPS];
    double step_s[N_STEPS];
    MigrationStep step; /* the last one that was begun */
    Downtime downtime;
    double downtime_s;          /* from suspend to the guest running again, here or there, or to its loss */
    guint64 differing_pages[2]; /* of each domain that travels as pages, when it is committed */
    gboolean committed;         /* the destination is the domains' home */
    gboolean resumed;           /* they have run there */
    gboolean pulling;           /* post-copy: they run there, but pages are still at the source */
    Outcome outcome;
} Leg;

struct Migration {
    World *world;
    char *name;               /* owned; unique */
    const ActionSpec *action; /* borrowed */
    Domain *vm;
    guint source, destination;
    const Path *path; /* borrowed; NULL: it never began */
    RandomStream costs;
    GPtrArray *legs; /* of Leg, owned */
    double start_s, end_s;
    Outcome outcome;
    const char *reason; /* a better sentence than outcome_text's, or NULL; borrowed */
};

/* Begins a migration in an actor of its own; it is in world->migrations from now on. */
void migrate_start(World *world, const ActionSpec *action);
void migrate_free(Migration *migration);

#endif
