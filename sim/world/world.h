/* The simulated world: hosts, cables, domains and what happens to them, on SimGrid's clock.
 *
 * One World lives in one process (SimGrid has one engine per process). The core's files share this header:
 *   simulate.c    one whole run, from nothing to the end
 *   engine.c      SimGrid's settings, in one place
 *   guard.c       runs that cannot go on, or do not fit the process
 *   platform.c    the scenario's hosts and cables as a SimGrid platform; failures of cables and hosts
 *   domain.c      domains, their instances on hosts, and the invariants that every change must keep
 *   guests.c      the scenario's guests as domains
 *   lifecycle.c   domains that are created, started, stopped and destroyed on request
 *   listing.c     what is on a host
 *   state_log.c   what became of domains' instances, and when
 *   live.c        virtual hardware that is live before its guest runs
 *   processors.c  who runs on a host's processors, and how fast
 *   host_load.c   how loaded hosts are, for who asks
 *   channel.c     bytes from host to host
 *   path.c        which cables a transfer takes, and who else may send over them
 *   outlook.c     what is known to change, and when
 *   timeline.c    what the scenario says happens when
 *   request.h     what anybody may ask for
 *   invariant.c   what must hold, counted
 *   table_check.c rules of tables
 *   collect.c     the world's numbers as a Result
 *   part.h        what else the world is made of, as tables of functions: sim/parts/, of which parts.c is the list
 * The core knows no part by name.
 */
#ifndef TANDEM_SIM_WORLD_WORLD_H
#define TANDEM_SIM_WORLD_WORLD_H

#include "models/base/random.h"
#include "models/memory/dirty.h"
#include "models/memory/layout.h"
#include "sim/specs/scenario_spec.h"
#include "sim/world/request.h"

#include <simgrid/forward.h>

typedef struct Path Path; /* path.h */

typedef struct {
    const HostSpec *spec;
    sg_host_t sg;
    double free_bytes;        /* for guests */
    double fails_at_s;        /* INFINITY: never */
    gboolean is_lost;         /* its loss has been dealt with */
    GPtrArray *idle_channels; /* owned, of borrowed Channel: to this host, not in use */
    GPtrArray *residents;     /* owned, of borrowed Domain: those with an instance here, in no order */
    guint cores_at;           /* processors.c's: the host whose cores it has; */
    GArray *machine;          /* owned, of guint: those that have its cores, itself among them; */
    double level;             /* INFINITY: there is enough for everybody; */
    gboolean demand_changed;  /* of one who runs there, since it was last settled */
    GPtrArray *threads;       /* owned, of owned ProcessorThread: those that work on its cores now */
    guint next_domid;         /* Xen numbers a host's domains from 1; Domain-0 is the host's own */
} Host;

typedef enum {
    INSTANCE_NONE,     /* at home: not created yet */
    INSTANCE_BUILDING, /* created at the destination, receiving pages */
    INSTANCE_RUNNING,
    INSTANCE_SUSPENDED,
    INSTANCE_LOST,     /* its host failed */
    INSTANCE_DESTROYED /* on request */
} InstanceState;

typedef struct {
    InstanceState state;
    guint host;
    guint domid;
    double created_s;
} Instance;

struct Domain {
    World *world;
    guint number; /* in world->domains */
    const char *name;
    const char *sort; /* of its configuration */
    char *uuid;       /* owned */
    double memory_bytes;
    double page_bytes;
    guint64 pages;
    guint64 host_pages;     /* pages in one page of its host */
    guint fault_processors; /* that stop by themselves at a page that is missing */
    guint64 used_pages;
    GArray *changes_s;       /* owned, of double: dates at which its workload changes; and */
    double next_phase_s;     /* the next date at which its phases change it; INFINITY: they do not */
    LayoutMap layout;        /* owned; content NULL: the used pages are a prefix */
    const char *layout_word; /* of it; NULL: all pages are used */
    double catches_up_s;
    guint vcpus;
    double cpu_share;
    double workload_share; /* what its writes need of it; NAN: all */
    GuestMode mode;
    double live_s;             /* live.c's: stopped, it keeps what comes and runs from then on; NAN: it does not */
    gboolean runs;             /* processors.c's: whether it wants its processors, */
    double throttle;           /* and which share of its time it may use them; */
    double wanted_s, given_s;  /* processor time while it ran, of all its virtual processors, */
    double missed_s;           /* what it would have wanted while it did not, */
    double counted_s;          /* until then */
    DirtyLog *log;             /* owned; of the one running instance */
    GPtrArray *workload_files; /* owned; arrays that the log's workloads borrow, from files or worked out */
    Instance instances[2];
    guint home;           /* which of the two is the domain; the other is a migration's copy */
    GArray *destinations; /* owned, of guint: hosts to which it is known to go at some date */
    GPtrArray *followers; /* owned, of borrowed Domain that come and go with it; NULL: none */
    gboolean migrating;
    guint destination; /* while it migrates */
    gpointer *parts;   /* owned; what each part keeps for it, see part_of_domain */
};

struct World {
    const ScenarioSpec *scenario; /* borrowed */
    const char *folder;           /* of the scenario file, for the files it names; borrowed */
    guint64 seed;
    Host *hosts;
    guint n_hosts;
    GHashTable *hosts_by_name;     /* owned; name to index */
    GPtrArray *domains;            /* of Domain, owned; in the order in which they were created */
    GHashTable *domains_by_name;   /* owned; of borrowed Domain */
    gpointer *parts;               /* owned; what each part keeps, see part_of_world */
    GPtrArray *invariants;         /* owned; invariant.c's */
    GArray *sources;               /* owned, of PlatformSource; see platform_add_source */
    GArray *events;                /* owned; timeline.c's, by date */
    GPtrArray *phases;             /* owned; guest_phases.c's */
    guint next_event;              /* the first one that has not happened */
    GPtrArray *threads;            /* owned; the processors' */
    GPtrArray *spare_threads;      /* owned, of borrowed ProcessorThread: used by nobody */
    GPtrArray *new_demands;        /* owned, of borrowed Domain: whose demand has changed */
    GPtrArray *stale_threads;      /* owned, of borrowed ProcessorThread: to be told that their speed has changed */
    GPtrArray *channels;           /* of Channel, owned; those in use and those kept for the next use */
    gboolean *cable_is_cut;        /* owned; now, each cable's directions by number */
    GHashTable *cable_numbers;     /* owned; sg_link_t -> number of a cable's direction, see path.h */
    guint *cable_users;            /* owned; how many migrations may send over each cable's direction, */
    guint *cable_connections;      /* owned; by how many connections, */
    GHashTable *joined;            /* owned; Path -> who has joined it, path.c's; */
    double *cable_users_changed_s; /* owned; when these numbers last changed, */
    guint *cable_transfers;        /* and how many transfers there are that no user speaks for, see path.h */
    GHashTable *paths;             /* owned; path.c's */
    guint migrations_told_most;    /* of more than these none has numbers of its own; 0: each has */
    struct HostLoads *loads;       /* owned; host_load.c's; NULL: nobody has asked */
    struct Outlook *outlook;       /* owned; NULL: no plan has been made yet */
    double host_fails_at_s;        /* the first failure of a host that was not dealt with yet; INFINITY: none */
    GString *listings;             /* CSV of domain listings around each migration */
    GArray *states;                /* owned; state_log.c's */
    struct Tasks *tasks;           /* owned; task.c's; NULL: none was started */
    struct Lifecycle *lifecycle;   /* owned; lifecycle.c's; NULL: nobody has asked for anything */
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
