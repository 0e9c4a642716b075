/* The parameters of QEMU's live migration (qemu.h): what its user sets, what its source has as constants, and what the
 * processor and the socket under it cost.
 *
 *   QEMU                          | here                    | default   | meaning
 *   max-bandwidth                 | max_bandwidth_Bps       | none      | of pre-copy
 *   mig_stats.qemu_file_transferred | limit_sees_flushes    | no        | since 8.2 the limit's count, of whole flushes
 *   downtime-limit                | policy.downtime_limit_s | 300 ms    | 0 allowed: stop only when nothing is left
 *   BUFFER_DELAY                  | window_s                | 100 ms    | bandwidth is measured and capped in windows
 *   MAX_WAIT                      | iteration_s             | 50 ms     | an iteration ends when it is over, …
 *   i & 63                        | check_pages             | 64        | … looked at every so many pages
 *   save_page_header, …           | page.header_bytes       | 8         |
 *   save_zero_page_to_file        | page.zero_bytes         | 9         | a page that is all zero when its turn comes
 *   end of section, header        | section_bytes           | 18        | each iteration
 *   MAX_IOV_SIZE / 2              | flush_pages             | 32        | pages per write to the socket
 *   migration_bitmap_sync         | period_s                | 1 s       | of dirty rates and throttling
 *   ..._DIRTY_SYNC_TIMESLICE_MS   | sync_period_s           | none      | since 9.2, 5 s: of auto-converge's own looks
 *   device state                  | state_bytes             | measured  | in the stop phase; with a vTPM its state too
 *   multifd_ram_page_count        | packet_pages            | 0         | of multifd: pages in a packet
 *   zero-page-detection           | zero_pages              | main      | of multifd: whose thread reads zero pages
 *   max-postcopy-bandwidth        | postcopy_bandwidth_Bps  | none      | of pages that nobody has asked for
 *   postcopy-preempt              | preempt                 | no        | what is asked for has its own channel
 *   qemu_ram_pagesize             | host_pages              | 1         | in pages; post-copy only
 *   migrate_start_postcopy        | postcopy_after_s, _syncs| never     | hybrid: after so many rounds
 *
 * Source: QEMU 7.2.22; migration_transferred_bytes and migration_rate_exceeded (migration/migration-stats.c) of
 * QEMU 8.2; cpu_throttle_dirty_sync_timer (migration/cpu-throttle.c) and multifd_send_zero_page_detect
 * (migration/multifd-zero-page.c) of QEMU 9.2. Scope: as of qemu.h.
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_RULES_H
#define TANDEM_MODELS_MIGRATION_QEMU_RULES_H

#include "models/base/random.h"
#include "models/migration/copy.h"
#include "models/migration/dirty_limit.h"
#include "models/migration/throttle.h"

/* Whose thread reads a page to its end to see that it is zero: QEMU's zero-page-detection "legacy" and "multifd". */
typedef enum { ZERO_PAGES_MAIN, ZERO_PAGES_CHANNELS } ZeroPages;

/* Of a packet without its pages' numbers, and of each number (migration/multifd.h, MultiFDPacket_t). */
#define MULTIFD_PACKET_BYTES 320.0
#define MULTIFD_NUMBER_BYTES 8.0

/* Of the main thread's encoder, xbzrle.h. */
typedef struct {
    guint64 slots;     /* of its cache, a power of two; 0: there is none */
    guint write_bytes; /* that a write of the guest changes */
    double encode_s;   /* processor time of a page, with what is sent of it or not */
    RandomStream random;
} XbzrleRules;

typedef struct {
    Policy policy;            /* downtime limit and its ramp, rounds (synchronizations), pages left, factor, stall */
    PageCost page;            /* its work is processor time; zero_bytes 0: a page of zeros is sent without its header */
    double max_bandwidth_Bps; /* 0 or NAN: none */
    gboolean limit_sees_flushes; /* and not what is collected for the next one */
    double window_s, iteration_s, period_s;
    double sync_period_s; /* 0 or NAN: none */
    guint check_pages, flush_pages;
    double section_bytes;
    double state_bytes;
    double zero_page_work_s, sync_s;         /* processor time */
    double buffer_bytes, buffer_wake;        /* the socket's, send_buffer.h: at its start, */
    double buffer_most_bytes, segment_bytes; /* and what it grows to; 0: it does not, and is a fluid */
    double burst_s;
    guint channels;        /* each with a socket like that; 0: one stream */
    guint packet_pages;    /* 0: pages are written as without multifd, flush_pages at a time */
    double channel_work_s; /* of packets' pages, each: processor time of the channel that has it before it is written */
    double channel_least_bytes, channel_most_bytes; /* each channel's socket at its start is drawn between; 0: they are
                                                       as buffer_bytes */
    ZeroPages zero_pages;
    RandomStream phases; /* of segments */
    XbzrleRules xbzrle;
    ThrottleRules throttle;
    DirtyLimitRules dirty_limit;   /* KVM's, in place of throttle */
    guint vcpus;                   /* that it limits; 0: one */
    double catch_up_s;             /* of the guest's program, see throttle_speed */
    double throttle_phase;         /* 0 … 1, see throttle_wait_s */
    gboolean sync_waits;           /* TCG: a synchronization waits for throttled processors */
    double postcopy_after_s;       /* since the beginning; INFINITY or NAN: never */
    guint postcopy_syncs;          /* after so many synchronizations; 0: never */
    double postcopy_bandwidth_Bps; /* 0 or NAN: none */
    gboolean preempt;
    guint fault_processors; /* of the guest, that stop at a missing page by themselves; 0 or 1: all stop at once */
    guint64 host_pages;     /* pages in one of the host's, which post-copy sends, places and lacks as a whole; 0: 1 */
    RandomStream random;    /* of post-copy's faults */
} QemuRules;

#endif
