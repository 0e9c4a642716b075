/* Post-copy's pull side: a guest that runs while pages are missing, and stops at each one it needs.
 *
 * Source: QEMU 7.2 migration/postcopy-ram.c (postcopy_ram_fault_thread: a fault on a missing page sends a request and
 * the processor waits for the page); M. Hines, U. Deshpande, K. Gopalan, "Post-copy live migration of virtual
 * machines", 2009 (demand paging ahead of active pushing).
 *
 * The owner (qemu_postcopy.c) tells which pages it has put into the stream and how far the stream has arrived;
 * faults_next_s says when the guest will need a missing page. A page in flight is missing until it arrives, and of a
 * host page (what backs the guest's memory, 4 KiB to 1 GiB) none is there before all of it has arrived: it is placed as
 * a whole (postcopy_place_page).
 *
 * Scope: one processor (the first fault stops the guest); needs are the workload's writes, drawn by themselves
 * (those of a list as they stand in it); the reads of a real guest are not modelled. What the kernel touches in the
 * background is not either.
 */
#ifndef TANDEM_MODELS_MIGRATION_FAULTS_H
#define TANDEM_MODELS_MIGRATION_FAULTS_H

#include "models/memory/dirty.h"

typedef struct {
    guint64 requests;
    double waited_s; /* by the guest, in all */
    double longest_s;
} FaultCounts;

typedef struct Faults Faults;

/* missing: bitmap of n_words words, copied; of a host page of host_pages pages, >= 1, all or none that there are;
 * random is copied; log, of the guest, is borrowed, and tells its workload.
 */
Faults *faults_new(const guint64 *missing, gsize n_words, guint64 host_pages, const DirtyLog *log,
                   const RandomStream *random);
void faults_free(Faults *faults);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Faults, faults_free)

/* Pages that were put into the stream one after the other: those of [first, end) that are still missing. */
typedef struct {
    guint64 first, end;
    guint64 pages;     /* how many these are; end - first when there are no gaps */
    double page_bytes; /* each */
    double end_bytes;  /* stream position after the last one */
    gboolean urgent;   /* of a stream of its own, the second channel's */
} FaultsFlight;

/* flight is copied. Pages of one with gaps arrive together. */
void faults_pages_sent(Faults *faults, const FaultsFlight *flight);
/* So much of each stream has arrived by now_s. TRUE: the page that the guest waits for was among it, and it runs. */
gboolean faults_arrive(Faults *faults, double now_s, double arrived_bytes, double urgent_bytes);

/* The guest begins to run, at now_s. */
void faults_start(Faults *faults, double now_s);
/* The guest may have another workload, or another speed, than before. */
void faults_follow(Faults *faults, double now_s);
/* When the running guest will need a missing page, as far as is known now; INFINITY: never, or it waits already. */
double faults_next_s(Faults *faults);
/* That time has come: the guest stops, and its request reaches the source after latency_s. */
void faults_stop(Faults *faults, double now_s, double latency_s);

/* When the request reaches the source; INFINITY: there is none on its way. */
double faults_request_s(const Faults *faults);
/* It has: the page that is wanted. */
guint64 faults_take_request(Faults *faults);
/* The position of that stream at which the guest's wait will end; INFINITY: it does not wait, or its page is not in it.
 */
double faults_awaited_bytes(const Faults *faults, gboolean urgent);

gboolean faults_is_waiting(const Faults *faults);
/* Asks again for what the guest waits for: the request reaches the source after latency_s. */
void faults_ask_again(Faults *faults, double now_s, double latency_s);
/* What is in the streams will not arrive. */
void faults_lose_streams(Faults *faults);
/* The pages that are missing: a bitmap as faults_new has got it. */
const guint64 *faults_missing(const Faults *faults);

FaultCounts faults_counts(const Faults *faults);

#endif
