/* QEMU's live migration: pre-copy by dirty bitmap, auto-converge, post-copy, over one TCP stream.
 *
 * Source: QEMU 7.2.22; docs/models/qemu.md tells the algorithm function by function.
 *
 *   QEMU                          | here                    | default   | meaning
 *   max-bandwidth                 | max_bandwidth_Bps       | none      | of pre-copy
 *   downtime-limit                | policy.downtime_limit_s | 300 ms    | 0 allowed: stop only when nothing is left
 *   BUFFER_DELAY                  | window_s                | 100 ms    | bandwidth is measured and capped in windows
 *   MAX_WAIT                      | iteration_s             | 50 ms     | an iteration ends when it is over, …
 *   i & 63                        | check_pages             | 64        | … looked at every so many pages
 *   save_page_header, …           | page_header_bytes       | 8         |
 *   save_zero_page_to_file        | zero_page_bytes         | 9         | a page that is all zero when its turn comes
 *   end of section, header        | section_bytes           | 18        | each iteration
 *   MAX_IOV_SIZE / 2              | flush_pages             | 32        | pages per write to the socket
 *   migration_bitmap_sync         | period_s                | 1 s       | of dirty rates and throttling
 *   device state                  | state_bytes             | measured  | in the stop phase; with a vTPM its state too
 *   qemu_ram_pagesize             | host_pages              | 1         | in pages; post-copy only
 *   migrate_start_postcopy        | postcopy_after_s, _syncs| never     | hybrid: after so many rounds
 *
 * Actions: COPY_SEND moves what the wire takes out of the socket meanwhile (the writer is ahead by what the socket
 * holds, send_buffer.h); COPY_SUSPEND, COPY_SPEED, COPY_HAND_OVER, COPY_FINISHED as in copy.h. Between two
 * looks at the dirty log nothing depends on the guest, so one COPY_SEND may hold many steps of the writer.
 *
 * Scope: no xbzrle, compression, multifd, RDMA, post-copy preemption, max-postcopy-bandwidth; the destination keeps up.
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_H
#define TANDEM_MODELS_MIGRATION_QEMU_H

#include "models/migration/copy.h"
#include "models/migration/faults.h"
#include "models/migration/page_set.h"
#include "models/migration/throttle.h"

typedef struct {
    Policy policy;            /* downtime limit and its ramp, rounds (synchronizations), pages left, factor, stall */
    double max_bandwidth_Bps; /* 0: none */
    double window_s, iteration_s, period_s;
    guint check_pages, flush_pages;
    double page_header_bytes, zero_page_bytes, section_bytes;
    double state_bytes;
    double page_work_s, zero_page_work_s, sync_s; /* processor time */
    double buffer_bytes, buffer_wake;             /* the socket's, send_buffer.h: at its start, */
    double buffer_most_bytes, segment_bytes;      /* and what it grows to; 0: it does not, and is a fluid */
    double burst_s;
    RandomStream phases; /* of segments */
    ThrottleRules throttle;
    double catch_up_s;       /* of the guest's program, see throttle_speed */
    double throttle_phase;   /* 0 … 1, see throttle_wait_s */
    gboolean sync_waits;     /* TCG: a synchronization waits for throttled processors */
    double postcopy_after_s; /* since the beginning; INFINITY: never */
    guint postcopy_syncs;    /* after so many synchronizations; 0: never */
    guint64 host_pages;      /* pages in one of the host's, which post-copy sends, places and lacks as a whole; 0: 1 */
    RandomStream random;     /* of post-copy's faults */
} QemuRules;

/* As query-migrate tells it. */
typedef struct {
    guint syncs; /* dirty-sync-count */
    double total_s;
    double downtime_s; /* until the last byte is in the source's socket */
    double transferred_bytes;
    double state_bytes; /* of device state, put into the stream; 0 until then */
    double throttle;
    guint64 left_pages; /* when it decided to stop */
    FaultCounts faults;
} QemuReport;

typedef struct Qemu Qemu;

/* set is borrowed and has one member; rules are copied. */
Qemu *qemu_new(const PageSet *set, const QemuRules *rules);
void qemu_free(Qemu *qemu);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Qemu, qemu_free)
/* Frees what the copying needs; what the functions below qemu_next tell stays. No qemu_next after it. */
void qemu_release_pages(Qemu *qemu);

CopyAction qemu_next(Qemu *qemu, double now_s, const CopyReach *reach);

CopyTotals qemu_totals(const Qemu *qemu);
QemuReport qemu_report(const Qemu *qemu);
/* Pages that the destination still lacks; 0 at the end. */
guint64 qemu_pages_left(const Qemu *qemu);

#endif
