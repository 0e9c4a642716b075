/* The evacuations of a world, as the part's files share them. */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_WORLD_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_WORLD_H

#include "sim/parts/evacuation/evacuation_keys.h"
#include "sim/world/invariant.h"
#include "sim/world/world.h"

typedef struct EvacuationWorld EvacuationWorld;
typedef struct EvacuationRun EvacuationRun;

/* A migration of one VM, or why there was none. */
typedef struct {
    EvacuationRun *run;
    guint64 number; /* of all runs' rows, in the order in which they were begun */
    guint vm;       /* of the run */
    guint attempt;  /* from 1; 0: none was made */
    guint host;     /* where to; attempt > 0 */
    double asked_s; /* from when on the VM waited for this attempt */
    double start_s, end_s;
    double downtime_s; /* NAN: it was not moved */
    double sent_bytes;
    EvacuationFate fate; /* that it left its VM with; FAILED: perhaps not for good */
    const char *outcome; /* as of migrations; attempt 0: the VM's fate. Lives as long as the world */
} EvacuationRow;

struct EvacuationRun {
    EvacuationWorld *own;
    const ActionSpec *action;
    const EvacuateKeys *keys;
    char *name; /* owned; unique */
    guint host;
    GArray *to;          /* owned, of guint: hosts */
    GPtrArray *may_come; /* owned, of borrowed Domain: guests that may come to be on the host */
    Evacuation *machine; /* owned; NULL: it has not begun */
    GPtrArray *vms;      /* owned, of borrowed Domain, by the machine's numbers */
    GArray *waits_since; /* owned, of double, likewise */
    GPtrArray *rows;     /* owned, of EvacuationRow, owned: in the order in which they were begun */
    GPtrArray *moving;   /* owned, of borrowed EvacuationRow: those that go on */
    gboolean refused;    /* another evacuation of the host went on */
    double start_s, end_s;
    guint peak;        /* migrations at a time */
    guint left;        /* VMs that were on the host at its end, or whose vTPM was */
    double retry_s;    /* a task sleeps until then; INFINITY: none */
    gboolean *touches; /* owned, by cable: its migrations may change who sends there; NULL: not known yet */
};

struct EvacuationWorld {
    World *world;
    GPtrArray *runs; /* of EvacuationRun, owned; in the order of the time line */
    guint64 rows;    /* of all runs */
    guint under_way; /* migrations of the world, whoever asked */
    gboolean due;    /* a task will look */
    gboolean looking, again;
    gboolean changed; /* a domain has, since the last look */
};

/* It has begun and is not over. */
static inline gboolean
evacuation_run_goes_on(const EvacuationRun *run)
{
    return run->machine && !evacuation_is_over(run->machine);
}

/* Migrations of all evacuations that go on, counted where they are noted, not by the machines. */
guint evacuation_moving_in_all(const EvacuationWorld *own);

extern const Invariant invariant_evacuation_limits, invariant_evacuation_accounts;

#endif
