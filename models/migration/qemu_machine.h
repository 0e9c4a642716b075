/* What the phases of QEMU's migration share: the state of its machine, pages and device state that go into the stream,
 * and rounds, which end with a synchronization of the dirty log.
 *
 * Source: QEMU 7.2 migration/ram.c, ram_save_page, save_zero_page, migration_bitmap_sync.
 *
 * Who uses it: qemu_loop.h the running guest, qemu_postcopy.h the guest that is pulled, qemu.c the stopped one, the
 * socket, and which of them comes next. A function of a phase returns TRUE when *action is for the machine's owner, and
 * FALSE when the machine goes on by itself.
 * Scope: as of qemu.h, whose Qemu this is.
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_MACHINE_H
#define TANDEM_MODELS_MIGRATION_QEMU_MACHINE_H

#include "models/migration/pulled_guest.h"
#include "models/migration/qemu_file.h"
#include "models/migration/qemu_rules.h"
#include "models/migration/round_robin.h"
#include "models/migration/xbzrle.h"

typedef enum {
    QEMU_AT_SETUP,
    QEMU_AT_LOOP,     /* between iterations: migration_iteration_run */
    QEMU_AT_ITERATE,  /* ram_save_iterate */
    QEMU_AT_LIMIT,    /* migration_rate_limit */
    QEMU_AT_PAUSING,  /* the owner stops the guest, and the loop goes on */
    QEMU_AT_STOPPING, /* the owner stops the guest */
    QEMU_AT_COMPLETE, /* migration_completion: all remaining pages */
    QEMU_AT_STATE,    /* then device state */
    QEMU_AT_PACKAGE,  /* postcopy_start */
    QEMU_AT_PULLING,  /* post-copy: background push and demand pages */
    QEMU_AT_DRAIN,    /* everything is in the socket */
    QEMU_AT_ENDED
} QemuPhase;

typedef struct Qemu Qemu;

struct Qemu {
    const PageSet *set;
    QemuRules rules;
    QemuPhase phase;
    StopReason stop;
    double start_s, stop_s, end_s;

    QemuFile file;
    Multifd *multifd; /* owned; NULL: pages go over one connection */
    RoundRobin robin;
    guint passes;      /* of the search past the end of memory that channels have been synchronized for; */
    gboolean searches; /* it has not yet passed it in this section without finding anything */
    Xbzrle *xbzrle;    /* owned; NULL: pages go whole */
    XbzrleCounts xbzrle_counts;
    WorkloadRates rates; /* of the guest's workload, and */
    guint rates_number;  /* which of them that is */

    double used_bytes; /* of the window's allowance */
    gint64 window_ms;
    double window_put_bytes;
    double bandwidth_Bps, allowed_s; /* of the last window; a synchronization of the loop comes after one */
    double threshold_bytes;
    DowntimeRamp ramp;

    double iteration_s; /* when it began */
    guint64 iteration_pages;
    gboolean check_due;

    double period_s; /* when it began */
    guint64 period_dirtied;
    double period_transferred_bytes;
    Throttle throttle;
    gboolean speed_due, synced;
    DirtyLimit limit;
    double limit_s, limit_begin_s; /* when its next look is due, INFINITY: never; and when the last one was */
    guint64 limit_logged;
    double tick_s;       /* of auto-converge's timer; INFINITY: it has none */
    guint tick_syncs;    /* at its last tick */
    StopReason stop_due; /* decided at a synchronization */
    StopReason told;     /* by whoever runs the migration; seen between two iterations */
    gboolean paused;     /* the guest, by whoever runs the migration */

    guint syncs;
    CopyRound round;
    GArray *rounds; /* owned */
    guint64 data_pages, zero_pages;
    double transferred_bytes, state_bytes;
    guint64 fewest, left_pages;
    guint stalled;

    double buffer_bytes;   /* of all sockets that pages go into, */
    double main_bytes;     /* and of the one that is the machine's file */
    PulledGuest guest;     /* post-copy */
    gboolean disconnected; /* its connection is lost */
    double pull_window_s;  /* when the window of its allowance began */
    gboolean urgent_host;  /* the host page that is being sent was asked for */
};

/* On the wire. */
double qemu_machine_page_bytes(const Qemu *qemu, gboolean content);
/* ram_save_page, save_zero_page: at most so many pages that are alike, and no more than go before the next flush; 0:
 * nothing is dirty. */
guint qemu_machine_send_some(Qemu *qemu, guint most);
/* The same for many pages at once, as long as nothing happens between them: the iteration does not end before late_s,
 * and the allowance is not exceeded; the writer waits for the wire only if it is back before event_s. */
guint64 qemu_machine_send_many(Qemu *qemu, double allowance, double late_s, double event_s);
/* Those of [first, end) that are still to be sent, over the second channel: how many, and their bytes. */
guint64 qemu_machine_send_urgent(Qemu *qemu, guint64 first, guint64 end, double *bytes);
void qemu_machine_add_state(Qemu *qemu);

void qemu_machine_begin_round(Qemu *qemu, CopyPhase phase);
void qemu_machine_end_round(Qemu *qemu);
/* migration_bitmap_sync, which ends a round and begins the next one; t_s is sure. */
void qemu_machine_synchronize(Qemu *qemu, CopyPhase next);
/* The same by QEMU's main loop, while the thread that sends goes on: returns the time that it takes there. */
double qemu_machine_synchronize_aside(Qemu *qemu);

/* Whether channels take such pages in packets. */
gboolean qemu_machine_packs(const Qemu *qemu, gboolean content);
/* From here on without channels: what they hold goes over the one connection. */
void qemu_machine_leave_channels(Qemu *qemu);

/* Where the socket's segments end: anew for each iteration, and while the guest stands still, when a few steps are all
 * of the downtime, for each step. */
void qemu_machine_align_socket(Qemu *qemu);

#endif
