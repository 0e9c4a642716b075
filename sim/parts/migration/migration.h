/* Migration of a VM, its vTPM, or both, in six steps: live, or stopped for all of its time (cold, save and restore).
 *
 * The three phases of moving memory are steps: push (pre-copy), stop-and-copy, and for post-copy pull.
 *
 * Source of the steps: C. Clark et al., NSDI 2005, section 3.2 (pre-migration, reservation, iterative pre-copy,
 * stop-and-copy, commitment, activation); Qi and Meng, section 1.2, steps 1 to 8, are the same with a CUMP in step 2.
 *
 * A migration has one leg or, when VM and vTPM go one after the other, or the vTPM when the VM's push phase begins,
 * two. What fails inside the simulated world ends the migration with an outcome; the domains are then as the outcome
 * says.
 *
 * Scope: memory and a fixed-size device state; storage is shared (the test bed's iSCSI server) and not copied.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_H

#include "models/migration/stream_limits.h"
#include "models/vtpm/cump_directory.h"
#include "sim/parts/migration/copier.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/outcome.h"
#include "sim/world/channel.h"
#include "sim/world/path.h"
#include "sim/world/processors.h"

typedef enum {
    STEP_PRE_MIGRATION,
    STEP_RESERVATION,
    STEP_PRECOPY,
    STEP_STOP_AND_COPY,
    STEP_RESTORE, /* save-restore only: the file is read at the destination */
    STEP_COMMITMENT,
    STEP_PULL, /* post-copy only: the guest runs at the destination and lacks pages */
    STEP_ACTIVATION,
    N_STEPS
} MigrationStep;

/* A part of step 1: of making the CUMP. */
typedef struct {
    const char *word;
    double start_s, duration_s;
} UnionStep;

/* What became of the CUMP of a joint migration (models/vtpm/cump_directory.h). */
typedef struct {
    UnionStep steps[2]; /* whether one was found, then that it was made or updated */
    guint n_steps;      /* that were begun and are told */
    gboolean found;
    guint64 outdated_pages; /* in one that was found */
} LegUnion;

/* What the guest waits for while it is stopped. */
typedef struct {
    double suspend_s;
    double pages_s;
    double device_state_s;
    double restore_s; /* save-restore */
    double commitment_s;
    double resume_s;
} Downtime;

/* Its bytes on the way (leg_threads.h). */
typedef struct {
    StreamPipe pipe;
    gboolean plain;    /* the hypervisor says nothing of it */
    guint flows;       /* connections */
    double wire_share; /* bytes on the wire for each of its own */
    double ratio;      /* by which pages with content are compressed, >= 1, by whoever does it */
    PathStreams path;
    ProcessorThread *threads[N_STREAM_STAGES]; /* while pages are copied; NULL: the stage has none */
    double wanted_Bps;                         /* what they want their shares for */
    StreamLimit limit;                         /* at the last look */
    double bound_bytes[N_STREAM_STAGES];       /* sent while that stage bounded it */
} LegStream;

typedef struct Migration Migration;
typedef struct Orders Orders; /* orders.h */

typedef struct Leg Leg;
typedef struct LegCards LegCards; /* leg_cards.h */

struct Leg {
    Migration *migration;
    const char *label; /* "vm", "vtpm", "joint" */
    Domain *domains[2];
    Image *images[2]; /* owned; NULL when the scenario does not verify, or pages are counted */
    Tally *tally;     /* owned; NULL: each page is drawn, or all is over */
    guint64 *due[2];  /* owned; NULL: page n goes for both domains, or there is no page n of both */
    guint n_domains;
    guint n_copied; /* of them, page by page: under QEMU a vTPM is device state */
    PageSet pages;
    PageWitness *witness; /* owned; of a joint migration page by page, else NULL */
    PageTiles *tiles;     /* owned; NULL: nobody asked for them, or pages are counted */
    gboolean counted;     /* how many pages are dirty is drawn, not which */
    Copier copier;        /* owned */
    Channel *channel;     /* borrowed */
    LegStream stream;
    LegCards *cards;           /* owned; NULL: its stream is no card's affair */
    double longest_work_delay; /* that it has had, CopyReach's */
    double wire_Bps;           /* of the path over which pages are copied */
    double storage_Bps;        /* save-restore: at which it writes, or reads; INFINITY: as fast as the wire */
    double measured_Bps;       /* of the last transfer beside others'; NAN: none yet */
    double start_s, end_s;
    double step_start_s[N_STEPS];
    double step_s[N_STEPS];
    MigrationStep step; /* the last one that was begun */
    LegUnion uniting;
    Downtime downtime;
    double downtime_s;          /* from suspend to the guest running again, here or there, or to its loss */
    guint64 differing_pages[2]; /* of each domain that travels as pages, when it is committed */
    gboolean committed;         /* the destination is the domains' home */
    gboolean resumed;           /* they have run there */
    gboolean restored;          /* save-restore: the storage's file is no longer needed */
    gboolean time_is_up;        /* and what was to be done then is being done */
    gboolean pulling;           /* post-copy: they run there, but pages are still at the source */
    gboolean link_lost;         /* the last transfer, and no host with it */
    guint pauses;               /* of post-copy, for a lost link */
    double paused_s;            /* in all */
    const Outcome *outcome;
    Leg *at_push;         /* borrowed; another leg that goes when this one's push phase begins; NULL: none */
    double before_push_s; /* that it took: this one's pages go after it */
    gboolean within;      /* it is another's at_push: its domain is stopped before the first page */
};

/* What was changed of its limits while it ran; NAN, TUNE_TIME_UP_NOT: as the profile says. */
typedef struct {
    double downtime_limit_s, max_bandwidth_Bps, time_limit_s;
    TuneTimeUp at_time_limit;
} MigrationTuning;

struct Migration {
    World *world;
    char *name; /* owned; unique */
    MigrationMethod method;
    const HypervisorSpec *hypervisor; /* borrowed */
    MigrationStops stops;
    MigrationTuning tuning;
    gboolean cancelled;
    Orders *orders; /* borrowed; NULL: the time line says nothing to migrations of this VM */
    void (*ended)(const MigrationEnd *end, gpointer data); /* of the request; NULL: nobody asks */
    gpointer data;
    Domain *vm;
    guint source, destination;
    const Path *path;     /* borrowed; NULL: it never began; of save-restore to the storage, then from there */
    CumpDirectory *cumps; /* borrowed; of the source's hypervisor */
    RandomStream costs;
    GPtrArray *legs; /* of Leg, owned */
    Leg *at_work;    /* borrowed; NULL: none of them now */
    double start_s, end_s;
    const Outcome *outcome;
    Outcome refusal; /* of a part; outcome may point to it */
};

/* Whether the leg has come to that step, which not every leg has. */
gboolean migration_has_step(const Leg *leg, MigrationStep step);
const char *migration_step_word(MigrationStep step);
/* The same for people: "pre-copy", "stop-and-copy", "post-copy". */
const char *migration_step_title(MigrationStep step);
/* Whether the method moves the vTPM, where there is one; or, FALSE, the VM. */
gboolean migration_method_moves(MigrationMethod method, gboolean vtpm);
/* Whether there must be a vTPM. */
gboolean migration_method_needs_vtpm(MigrationMethod method);
/* Whether it stops the guest for all of its time. */
gboolean migration_method_stops(MigrationMethod method);
/* How long the VM stood still: the stop of the leg that moves it, completed or not; 0 when none does. */
double migration_stopped_s(const Migration *migration);
/* On the wire for pages, with headers, in all of its legs. */
double migration_sent_bytes(const Migration *migration);

#endif
