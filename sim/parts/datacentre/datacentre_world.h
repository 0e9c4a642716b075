/* What the files of this folder share: the data centre's state in a world. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_WORLD_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_WORLD_H

#include "models/energy/service_level.h"
#include "sim/parts/datacentre/datacentre_keys.h"
#include "sim/world/world.h"

#include <simgrid/semaphore.h>

typedef struct DatacentreWorld DatacentreWorld;

/* A VM, as its counters show it. */
typedef struct {
    Domain *domain;
    Counters *counters;                 /* owned */
    double wanted_s, given_s, missed_s; /* of processors_use(), at the last reading */
    double read_s;                      /* when that was */
    double first_wanted_s;              /* at the first one, with what it missed */
    guint host;                         /* where it was read last */
    gboolean read;                      /* at all */
    gboolean here;                      /* it was on that host at the reading before as well */
    double lost_s;                      /* processor time that stops of its migrations took from it */
    gint left;                          /* the host that it left last, by a migration of this; -1: none */
    double *seen;                       /* owned; copied for a decision */
} DatacentreVm;

typedef struct {
    guint host; /* of the world */
    EnergyMeter meter;
    OverloadState state;
    double read_s;      /* the last reading */
    gboolean collected; /* of own clocks: its collector has read once */
    double saturated_s, overload_s;
    gboolean logged;      /* overloaded, by the last reading while it was awake, and so until the next one … */
    double logged_s;      /* … for so long up to the last reading */
    double awake_s;       /* of one that is resuming */
    guint at_work;        /* migrations of the manager's from and to it */
    double closes_s;      /* from its evacuation on nobody is sent there; INFINITY: never */
    gboolean lost;        /* it was to be woken and did not come back */
    RandomStream wakings; /* draws that */
    gboolean leaving;     /* all of its VMs are asked to go, and it sleeps when they have */
} DatacentreHost;

typedef enum {
    DATACENTRE_FOR_UNDERLOAD,
    DATACENTRE_FOR_OVERLOAD,
    DATACENTRE_FOR_BOTH,
    DATACENTRE_FOR_BALANCE,
} DatacentreReason;

/* One migration that it asked for. */
typedef struct {
    DatacentreWorld *own;
    guint vm, from, to; /* from, to: of its own hosts */
    DatacentreReason why;
    double decided_s, turned_s, start_s, end_s, known_s; /* turned, known: what the manager does and knows of it */
    double downtime_s;
    gboolean begun, ended, completed, returned;
    sg_sem_t over; /* owned; NULL: not begun */
    const char *outcome;
} DatacentreMove;

/* A host's collector and its local manager, of own clocks. */
typedef struct {
    DatacentreWorld *own;
    guint host;                         /* of its own hosts */
    double reads_after_s, asks_after_s; /* the first time */
} DatacentreDaemon;

struct DatacentreWorld {
    World *world;
    const ActionSpec *action;
    const ConsolidateKeys *keys;
    ConsolidationRules rules;
    GArray *hosts;             /* of DatacentreHost */
    GPtrArray *vms;            /* of DatacentreVm, owned; all guests of the scenario */
    DatacentreDaemon *daemons; /* owned, one for each host; NULL: a common clock */
    GPtrArray *moves;          /* of DatacentreMove, owned; in the order in which they were decided */
    guint next;                /* the first one that has not been begun */
    guint plan;                /* the first one of those that are carried out now */
    guint at_work;             /* of these, migrations that have workers */
    RandomStream random;
    sg_sem_t work;     /* owned; NULL: not begun */
    sg_sem_t freed;    /* owned; likewise: a worker has ended */
    sg_sem_t turn;     /* owned; of own clocks: who holds it has the manager */
    gboolean busy;     /* the manager has moves or hosts to see to */
    gboolean deciding; /* hosts that sleep are asked whether VMs may come, once they are woken */
    double begun_s;    /* NAN: not begun */
    double ends_s;     /* when the run has nothing before it but migrations that go on: nothing is begun any more */
    guint64 rounds, underloads, overloads, refused, dropped, no_place, wakes, wakes_lost, disturbed;
};

/* Whether a host of the world sleeps, or is on the way into or out of sleep; FALSE of one that is not watched. */
gboolean datacentre_is_down(const DatacentreWorld *own, guint host);

#endif
