/* Evacuation of a host: which of its VMs goes next, to which host, and when nothing more can be done.
 *
 * Sources: nova's host-evacuate-live and Proxmox's "bulk migrate" ask for every VM of a host at once; OpenStack Watcher
 * and KubeVirt queue them. The limits are KubeVirt's, "Live Migration: configuration" of its user guide:
 *
 *   there                             | here     | default there | meaning
 *   parallelOutboundMigrationsPerNode | outgoing | 2             | migrations out of one host at a time
 *   parallelMigrationsPerCluster      | in_all   | 5             | migrations of all evacuations at a time
 *   (none)                            | incoming | no limit      | migrations of all evacuations into one host
 *
 * A VM waits, is moved by a migration that its caller carries out, and has one fate at the end. VMs are asked in one
 * order that is fixed when they are added; one that finds no room now does not hold up the others, and is asked again
 * whenever something has changed. Of several places with room the choice takes one:
 *
 *   choice           | takes                                                        | as
 *   MOST_FREE_MEMORY | the place with most memory left, of equal ones the first     | nova's RAMWeigher
 *   BY_LIST          | the first of the list                                        | filling hosts up one by one
 *   ROUND_ROBIN      | the next one of the list after the one that was taken last   | an operator's script
 *
 * Scope: says what to do, and leaves the doing, the dates and the free memory of places to the caller. No
 * look-ahead: an order that places a large VM last may find no room where another order would.
 */
#ifndef TANDEM_MODELS_EVACUATION_EVACUATION_H
#define TANDEM_MODELS_EVACUATION_EVACUATION_H

#include <glib.h>

typedef enum {
    EVACUATION_LISTED,            /* as they were added */
    EVACUATION_SMALLEST_FIRST,    /* by memory */
    EVACUATION_LARGEST_FIRST,     /* by memory */
    EVACUATION_LEAST_DIRTY_FIRST, /* by bytes dirtied per second */
    EVACUATION_DRAWN,             /* by EvacuationVm.drawn */
} EvacuationOrder;

typedef enum { EVACUATION_MOST_FREE_MEMORY, EVACUATION_BY_LIST, EVACUATION_ROUND_ROBIN } EvacuationChoice;

typedef struct {
    EvacuationOrder order;
    EvacuationChoice choice;
    guint outgoing;       /* migrations of this evacuation at a time; >= 1 */
    guint in_all;         /* of all evacuations; >= 1 */
    guint incoming;       /* into one place; 0: no limit */
    guint attempts;       /* migrations of one VM; >= 1 */
    double retry_after_s; /* between the end of one that failed and the next */
} EvacuationPolicy;

/* What an order looks at, and what a VM needs where it goes. */
typedef struct {
    double memory_bytes; /* with everything that goes with it */
    double vcpus;
    double dirty_Bps; /* as configured */
    double drawn;     /* a number of its own, 0 to 1 */
} EvacuationVm;

/* Where a VM is, as its caller sees it. */
typedef enum {
    EVACUATION_HERE,    /* it runs on the host */
    EVACUATION_MOVING,  /* somebody else's migration moves it */
    EVACUATION_STOPPED, /* it is on the host and does not run */
    EVACUATION_ABSENT   /* it is not created yet */
} EvacuationPresence;

typedef enum {
    EVACUATION_FATE_OPEN,    /* not known yet */
    EVACUATION_FATE_MOVED,   /* by a migration of this evacuation */
    EVACUATION_FATE_LEFT,    /* it left the host by somebody else's migration */
    EVACUATION_FATE_FAILED,  /* its last attempt failed */
    EVACUATION_FATE_NO_ROOM, /* no place could take it */
    EVACUATION_FATE_STOPPED, /* a VM that does not run cannot be migrated live */
    EVACUATION_FATE_ABSENT,  /* it was not created while the evacuation lasted */
    EVACUATION_FATE_GONE,    /* lost or destroyed */
    EVACUATION_FATES
} EvacuationFate;

/* A host to which VMs may go, as it is now. */
typedef struct {
    gboolean open;     /* it is there, and is not being evacuated itself */
    double free_bytes; /* less what is promised to migrations that have not taken it yet */
    double free_vcpus; /* the same; INFINITY: any number */
    guint incoming;    /* migrations of evacuations to it now */
} EvacuationPlace;

/* What it is asked to decide over. */
typedef struct {
    double now_s;
    guint moving_in_all;           /* migrations of all evacuations now */
    gboolean others_move;          /* some other migration of the world goes on, whose end may make room */
    const EvacuationPlace *places; /* n_places of them */
    guint n_places;
    /* Whether what else the VM needs is to be had at the place; NULL: it is. */
    gboolean (*admits)(gpointer data, guint vm, guint place);
    gpointer data;
} EvacuationView;

typedef struct Evacuation Evacuation;

/* policy: copied. */
Evacuation *evacuation_new(const EvacuationPolicy *policy);
void evacuation_free(Evacuation *evacuation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Evacuation, evacuation_free)

/* One more VM of the host, which waits from now on; its number, counted from 0. */
guint evacuation_add(Evacuation *evacuation, const EvacuationVm *vm);
/* Where it is now. Of one that is being moved by this evacuation, or has its fate, it changes nothing. */
void evacuation_see(Evacuation *evacuation, guint vm, EvacuationPresence presence);
/* It is not on the host any more, and no migration of this evacuation has done it: LEFT or GONE. Of one that is being
 * moved by this evacuation, or has been, it changes nothing. */
void evacuation_leave(Evacuation *evacuation, guint vm, EvacuationFate fate);

/* One that had been moved or had left is on the host again, and waits anew, with all of its attempts. */
void evacuation_return(Evacuation *evacuation, guint vm);

/* Whether a migration may begin now: of which VM, to which place. */
gboolean evacuation_next(const Evacuation *evacuation, const EvacuationView *view, guint *vm, guint *place);
/* When none may: TRUE when none ever will, and every VM has its fate from now on. FALSE: something may change, at
 * until_s at the latest; INFINITY: no date is known. */
gboolean evacuation_ends(Evacuation *evacuation, const EvacuationView *view, double *until_s);
/* The migration of vm to place begins, */
void evacuation_begin(Evacuation *evacuation, guint vm, guint place);
/* and has ended: MOVED, GONE, or FAILED, which is not the VM's fate while attempts are left. */
void evacuation_end(Evacuation *evacuation, guint vm, EvacuationFate how, double now_s);

guint evacuation_vms(const Evacuation *evacuation);
guint evacuation_moving(const Evacuation *evacuation);
/* VMs that may yet be moved and are not. */
guint evacuation_waiting(const Evacuation *evacuation);
guint evacuation_attempts(const Evacuation *evacuation, guint vm);
EvacuationFate evacuation_fate(const Evacuation *evacuation, guint vm);
/* MOVED or LEFT. */
gboolean evacuation_has_left(const Evacuation *evacuation, guint vm);
gboolean evacuation_is_over(const Evacuation *evacuation);

#endif
