/* The simulated world: hosts, cables, domains and what happens to them, on SimGrid's clock.
 *
 * One World lives in one process (SimGrid has one engine per process). Its parts share this header; each has a file:
 *   simulate.c    one whole run, from nothing to the end
 *   engine.c      SimGrid's settings, in one place
 *   guard.c       runs that cannot go on, or do not fit the process
 *   platform.c    the scenario's hosts and cables as a SimGrid platform; failures of cables and hosts
 *   domain.c      domains, their instances on hosts, and the invariants that every change must keep
 *   channel.c     bytes from host to host
 *   path.c        which cables a transfer takes, and who else may send over them
 *   outlook.c     what is known to change, and when
 *   migrate.c     the six steps of a live migration
 *   collect.c     the world's numbers as a Result; table_check.c: its tables agree with them
 *   part.h        what else the world is made of, as tables of functions; parts.c lists them:
 *                 socket_world.c, card_world.c, flow.c, vtpm_service.c, timeline.c
 */
#ifndef TANDEM_SIM_WORLD_WORLD_H
#define TANDEM_SIM_WORLD_WORLD_H

#include "models/base/random.h"
#include "models/memory/dirty.h"
#include "models/migration/precopy.h"
#include "models/vtpm/manager.h"
#include "models/vtpm/tpm.h"
#include "sim/specs/scenario_spec.h"

#include <simgrid/forward.h>

typedef struct World World;
typedef struct Domain Domain;
typedef struct Migration Migration;
typedef struct VtpmService VtpmService;
typedef struct CardWorld CardWorld;

typedef struct {
    const HostSpec *spec;
    sg_host_t sg;
    double free_bytes;         /* for guests */
    double fails_at_s;         /* INFINITY: never */
    gboolean is_lost;          /* its loss has been dealt with */
    GPtrArray *idle_channels;  /* owned, of borrowed Channel: to this host, not in use */
    VtpmManager *vtpm_manager; /* owned; of the vTPM manager domain */
    guint next_domid;          /* Xen numbers a host's domains from 1; Domain-0 is the host's own */
} Host;

typedef enum {
    INSTANCE_NONE,
    INSTANCE_BUILDING, /* created at the destination, receiving pages */
    INSTANCE_RUNNING,
    INSTANCE_SUSPENDED,
    INSTANCE_LOST /* its host failed */
} InstanceState;

typedef struct {
    InstanceState state;
    guint host;
    guint domid;
    double created_s;
} Instance;

struct Domain {
    World *world;
    const char *name;
    char *uuid; /* owned */
    gboolean is_vtpm;
    double memory_bytes;
    double page_bytes;
    guint64 pages;
    guint64 host_pages; /* pages in one page of its host */
    guint64 used_pages;
    GArray *changes_s;       /* owned, of double: dates at which its workload changes */
    LayoutMap layout;        /* owned; content NULL: the used pages are a prefix */
    const char *layout_word; /* of it; NULL: all pages are used */
    double catches_up_s;
    guint vcpus;
    double cpu_share;
    GuestMode mode;
    const char *bound_vtpm_uuid; /* a VM's: the vTPM its configuration names, or NULL */
    Domain *partner;             /* a VM's vTPM, a vTPM's VM, or NULL */
    DirtyLog *log;               /* owned; of the one running instance */
    GPtrArray *workload_files;   /* owned; arrays that the log's workloads borrow */
    Instance instances[2];
    guint home;           /* which of the two is the domain; the other is a migration's copy */
    GArray *destinations; /* owned, of guint: hosts to which the time line sends it */
    gboolean migrating;
    guint destination;    /* while it migrates */
    GPtrArray *sockets;   /* of SocketStream, owned list of borrowed; NULL: none, see socket_world.h */
    VtpmService *service; /* a vTPM's: owned; NULL: nobody calls it */
};

typedef struct {
    const char *name;
    const char *meaning;
    guint64 checks;
    guint64 violations;
    char *first; /* owned: what was found first, and when */
} Invariant;

enum {
    INVARIANT_ONE_INSTANCE,
    INVARIANT_VTPM_TOGETHER,
    INVARIANT_VTPM_MANAGED,
    INVARIANT_IMAGES_EQUAL,
    INVARIANT_PCR,
    INVARIANT_MEMORY,
    INVARIANT_PLAN_HELD,
    INVARIANT_TABLES,
    INVARIANT_CARD_ONCE,
    INVARIANT_CARD_LITTLE,
    INVARIANT_SOCKET_BYTES,
    INVARIANT_SOCKET_END,
    N_INVARIANTS
};

struct World {
    const ScenarioSpec *scenario; /* borrowed */
    const char *folder;           /* of the scenario file, for the files it names; borrowed */
    guint64 seed;
    Host *hosts;
    guint n_hosts;
    GPtrArray *domains;          /* of Domain, owned; VMs first, as in the scenario, then vTPMs */
    GHashTable *domains_by_name; /* owned; of borrowed Domain */
    CardWorld *cards;            /* owned; card_world.c's, NULL: the scenario has none */
    GPtrArray *migrations;       /* of Migration, owned; in the order they were asked for */
    GHashTable *migration_names; /* owned; names that are taken, with the highest number that follows each */
    Invariant invariants[N_INVARIANTS];
    GArray *events;                /* owned; timeline.c's, by date */
    guint next_event;              /* the first one that has not happened */
    GPtrArray *sockets;            /* of SocketStream, owned; socket_world.c's */
    GPtrArray *flows;              /* owned; flow.c's */
    GPtrArray *channels;           /* of Channel, owned; those in use and those kept for the next use */
    gboolean *cable_is_cut;        /* owned; now, each cable's directions by number */
    GHashTable *cable_numbers;     /* owned; sg_link_t -> number of a cable's direction, see path.h */
    guint *cable_users;            /* owned; how many migrations may send over each cable's direction, */
    double *cable_users_changed_s; /* owned; when that number last changed, */
    guint *cable_transfers;        /* and how many transfers there are that no user speaks for, see path.h */
    GHashTable *paths;             /* owned; path.c's */
    struct Outlook *outlook;       /* owned; NULL: no plan has been made yet */
    double host_fails_at_s;        /* the first failure of a host that was not dealt with yet; INFINITY: none */
    GString *listings;             /* CSV of domain listings around each migration */
    GString *states;               /* CSV of every instance's changes */
};

double world_now(void);
/* Index of the host of that name; it exists (the reader checked). */
guint world_host(const World *world, const char *name);
Domain *world_domain(const World *world, const char *name);

/* An actor that runs code with data (sg_actor_self_get_data). A daemon does not keep the world from ending. NULL: the
 * process cannot hold more, and the run will end (guard.h). */
sg_actor_t world_start_actor(const char *name, sg_host_t host, void (*code)(int, char **), gpointer data,
                             gboolean daemon);

#endif
