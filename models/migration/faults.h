/* Post-copy's pull side: a guest that runs while pages are missing, and stops at each one it needs.
 *
 * Source: QEMU 7.2 migration/postcopy-ram.c (postcopy_ram_fault_thread: a fault on a missing page sends a request and
 * the processor waits for the page, also one that another processor has asked for; mark_postcopy_blocktime_begin: each
 * processor has waits of its own); M. Hines, U. Deshpande, K. Gopalan, "Post-copy live migration of virtual
 * machines", 2009 (demand paging ahead of active pushing).
 *
 * The owner (qemu_postcopy.c) tells which pages it has put into the stream and how far the stream has arrived;
 * faults_next_s says when the guest will need a missing page. A page in flight is missing until it arrives, and of a
 * host page (what backs the guest's memory, 4 KiB to 1 GiB) none is there before all of it has arrived: it is placed as
 * a whole (postcopy_place_page).
 *
 * The guest has v processors that run a program's writes between them, each the same share. Whoever needs a missing
 * page stops, and the others go on with theirs: with k that wait the guest has 1 - k/v of its speed. With v = 1 the
 * first fault stops it all, as that of a program does which waits for its threads. Requests reach the source in order.
 *
 * How fast such a guest is on average follows from the machine-repair model (L. Takacs, "Introduction to the Theory of
 * Queues", 1962, on the servicing of machines) while pages are asked for by themselves: each of v processors runs for
 * an exponential time of mean 1/l, l the rate of its faults, then its request is served in its turn, in b. A busy
 * period of the stream serves S = sum over i = 0 ... v-1 of binomial(v-1, i) product over j = 1 ... i of (exp(j l b) -
 * 1) requests, and the mean share of the processors that run is S / (1 / (v l) + b S) / (v l). Where the stream carries
 * much more than they ask for, and a request waits for its way L alone, it is 1 / (1 + l L).
 *
 * Scope: a wait does not pass from one processor's work to another's (locks, a scheduler that moves tasks); needs are
 * the workload's writes, drawn by themselves (those of a list as they stand in it); the reads of a real guest are not
 * modelled. What the kernel touches in the background is not either.
 */
#ifndef TANDEM_MODELS_MIGRATION_FAULTS_H
#define TANDEM_MODELS_MIGRATION_FAULTS_H

#include "models/memory/dirty.h"

typedef struct {
    guint64 requests;
    double waited_s; /* by its processors, in all */
    double longest_s;
} FaultCounts;

typedef struct Faults Faults;

/* missing: bitmap of n_words words, copied; of a host page of host_pages pages, >= 1, all or none that there are;
 * processors: that stop by themselves, >= 1; random is copied; log, of the guest, is borrowed, and tells its workload.
 */
Faults *faults_new(const guint64 *missing, gsize n_words, guint64 host_pages, guint processors, const DirtyLog *log,
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
/* So much of each stream has arrived by now_s. TRUE: a page that a processor waits for was among it, and that runs. */
gboolean faults_arrive(Faults *faults, double now_s, double arrived_bytes, double urgent_bytes);

/* The guest begins to run, at now_s. */
void faults_start(Faults *faults, double now_s);
/* The guest may have another workload, or another speed, than before. */
void faults_follow(Faults *faults, double now_s);
/* When who runs will need a missing page, as far as is known now; INFINITY: never, or all wait already. */
double faults_next_s(Faults *faults);
/* That time has come: a processor stops, and its request reaches the source after latency_s. */
void faults_stop(Faults *faults, double now_s, double latency_s);

/* When the next request reaches the source; INFINITY: there is none on its way. */
double faults_request_s(const Faults *faults);
/* It has: the page that is wanted. */
guint64 faults_take_request(Faults *faults);
/* The position of that stream at which the next wait will end; INFINITY: nobody waits, or for a page that is not in it.
 */
double faults_awaited_bytes(const Faults *faults, gboolean urgent);

/* The share of the processors that wait, 0 to 1. */
double faults_waiting(const Faults *faults);
/* Asks again for what is waited for: the requests reach the source after latency_s. */
void faults_ask_again(Faults *faults, double now_s, double latency_s);
/* What is in the streams will not arrive. */
void faults_lose_streams(Faults *faults);
/* The pages that are missing: a bitmap as faults_new has got it. */
const guint64 *faults_missing(const Faults *faults);

FaultCounts faults_counts(const Faults *faults);

#endif
