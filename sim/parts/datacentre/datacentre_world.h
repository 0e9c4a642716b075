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
    double saturated_s, overload_s;
    double closes_s;  /* from its evacuation on nobody is sent there; INFINITY: never */
    gboolean leaving; /* all of its VMs are asked to go, and it sleeps when they have */
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
    double decided_s, start_s, end_s, downtime_s;
    gboolean begun, ended, completed, returned;
    const char *outcome;
} DatacentreMove;

struct DatacentreWorld {
    World *world;
    const ActionSpec *action;
    const ConsolidateKeys *keys;
    ConsolidationRules rules;
    GArray *hosts;    /* of DatacentreHost */
    GPtrArray *vms;   /* of DatacentreVm, owned; all guests of the scenario */
    GPtrArray *moves; /* of DatacentreMove, owned; in the order in which they were decided */
    guint next;       /* the first one that has not been begun */
    RandomStream random;
    sg_sem_t work, arrived; /* owned; NULL: not begun */
    guint going;            /* migrations that were begun, and whose end the manager has not waited for */
    gboolean busy;          /* the manager has moves or hosts to see to */
    gboolean deciding;      /* hosts that sleep are asked whether VMs may come, once they are woken */
    double begun_s, read_s; /* NAN: not begun; the last reading */
    double ends_s; /* when the run has nothing before it but migrations that go on: nothing is begun any more */
    guint64 rounds, underloads, overloads, refused, dropped, no_place, wakes, disturbed;
};

/* Whether a host of the world sleeps, or is on the way into or out of sleep; FALSE of one that is not watched. */
gboolean datacentre_is_down(const DatacentreWorld *own, guint host);

#endif
