/* A guest under post-copy, as the sender sees it: taken over by the destination in the middle of the stream, then
 * stopped at each page that it needs and has not got, as a whole or one processor.
 *
 * Source: QEMU 7.2 migration/migration.c, postcopy_start (the guest runs once the package has arrived); ram.c,
 * get_queued_page (a wanted page goes ahead of the background). Who needs what when: faults.h.
 *
 * Symbols: drained, the bytes of the stream that have arrived; t_s, the sender's time.
 */
#ifndef TANDEM_MODELS_MIGRATION_PULLED_GUEST_H
#define TANDEM_MODELS_MIGRATION_PULLED_GUEST_H

#include "models/migration/faults.h"
#include "models/migration/qemu_file.h"

typedef struct {
    Faults *faults; /* owned; NULL: not under post-copy, or no longer */
    DirtyLog *log;  /* borrowed */
    FaultCounts counts;
    double package_bytes; /* stream position at which it can run at the destination; 0: never under post-copy */
    gboolean handed_over, started;
    GArray *wanted; /* owned, of guint64: pages that were asked for, in order */
    double waits;   /* the share of its processors that do, as the log was told */
} PulledGuest;

/* missing: bitmap of n_words words, copied; in whole host pages of host_pages pages; processors: faults.h. */
void pulled_guest_begin(PulledGuest *guest, const guint64 *missing, gsize n_words, guint64 host_pages, guint processors,
                        DirtyLog *log, const RandomStream *random);
/* Frees what the pull needs; counts and package_bytes stay. */
void pulled_guest_end(PulledGuest *guest);

/* The package has arrived, and the guest was not handed over yet. */
gboolean pulled_guest_is_due(const PulledGuest *guest, double drained_bytes);
/* It runs at the destination, if it has been handed over and did not before. */
void pulled_guest_start(PulledGuest *guest, double now_s);

/* Until something happens: hand-over, the end of a wait, a fault, a request that arrives. As bytes of the wire from
 * now on; the wire never idles while pages are left. */
double pulled_guest_bytes_to_event(PulledGuest *guest, const QemuFile *file);
/* Lets happen what is due, but for the hand-over. */
void pulled_guest_look(PulledGuest *guest, const QemuFile *file);
/* While nothing can arrive and nobody hears requests: when to look again, as it will need a page; INFINITY: it stands.
 */
double pulled_guest_look_alone(PulledGuest *guest, double now_s);
/* Nothing of the streams will arrive, and what it asked for is forgotten. */
void pulled_guest_lose_streams(PulledGuest *guest);
gboolean pulled_guest_is_asking(const PulledGuest *guest);
/* The page that was asked for first, once. FALSE: none. */
gboolean pulled_guest_take_wanted(PulledGuest *guest, guint64 *page);

#endif
