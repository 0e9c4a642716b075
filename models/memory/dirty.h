/* The hypervisor's log-dirty bitmap of one running guest, sampled lazily and exactly.
 *
 * A guest's workload (models/memory/workload.h) writes pages; the log has a bit per page, set at the first write since
 * it was last cleared. Nobody looks at all bits at all times, so a bit's state is sampled only when it is looked at:
 * memory is cut into regions of DIRTY_REGION_PAGES pages, each of which remembers up to which time it has been sampled.
 * For Poisson workloads this is exact (a page that is written at rate r is dirty after t seconds with probability
 * 1 - exp(-r t), independently of all others); sweeps and replays are computed, not sampled.
 * Cost of advancing a region: min(expected writes, words), by drawing single writes when they are few and whole 64-page
 * words of independent Bernoulli bits when they are many (models/memory/writer.h); a comparison where no write falls;
 * nothing for regions outside the working set, for a suspended guest, and for regions that are all dirty.
 *
 * Times are world seconds and must not go back for any region. Bitmaps are arrays of 64-bit words, page p is bit p % 64
 * of word p / 64 (models/memory/bitmap.h); bits beyond the last page are always 0.
 *
 * Somebody else may watch the writes in a bitmap of their own, which no fetch clears: an Image (models/memory/image.h)
 * keeps which pages the destination lacks. Watching changes no bit: with the same looks at the log, a checked run is
 * the run without checks.
 */
#ifndef TANDEM_MODELS_MEMORY_DIRTY_H
#define TANDEM_MODELS_MEMORY_DIRTY_H

#include "models/base/random.h"
#include "models/memory/playback.h"
#include "models/memory/tally.h"
#include "models/memory/workload.h"

#define DIRTY_REGION_PAGES 1024u /* one batch of Xen 4.5's xc_domain_save.c */
#define DIRTY_REGION_WORDS (DIRTY_REGION_PAGES / 64u)

typedef struct DirtyLog DirtyLog;

/* pages > 0; random is copied. The log starts at time start_s with an idle workload, full speed and no bit set. */
DirtyLog *dirty_new(guint64 pages, const RandomStream *random, double start_s);
void dirty_free(DirtyLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DirtyLog, dirty_free)

guint64 dirty_pages(const DirtyLog *log);
gsize dirty_words(const DirtyLog *log); /* words of a bitmap of this guest: ceil(pages / 64) */

/* From now_s on the guest runs this workload (copied; its arrays borrowed), which begins at its time 0. It must be
 * sound (workload_fault). Brings all of memory up to date with the old one: the cost of a fetch. */
void dirty_set_workload(DirtyLog *log, double now_s, const Workload *workload);

/* From now_s on the guest runs at this share of full speed: 0 suspended, 1 full; auto-converge throttles in between.
 * Touches no page: regions remember guest time, and only the mapping from world time to it changes. */
void dirty_set_speed(DirtyLog *log, double now_s, double speed);
/* The same, where its writes go on at another share, speed <= writes <= 1: they need less of a processor than what else
 * the guest does. */
void dirty_set_speeds(DirtyLog *log, double now_s, double speed, double writes);
/* Of its writes; and the guest's, which is told to who follows it. */
double dirty_speed(const DirtyLog *log);
double dirty_told_speed(const DirtyLog *log);

/* Whoever wants to know how fast the guest runs is told of each change, with its date: its speed, or what is left
 * of it while processors wait for pages. One for each log; NULL: nobody. */
void dirty_follow_speed(DirtyLog *log, void (*told)(double at_s, double speed, gpointer data), gpointer data);

/* From now_s on this share of the guest's processors, 0 to 1, waits for pages of its memory, and the others go on at
 * its speed; 1: it writes nothing, and no device of it does, whatever its speed is. */
void dirty_hold(DirtyLog *log, double now_s, double waiting);

/* From now_s on these pages (copied) are written as well, each at rate_s a second of guest time, whatever the workload:
 * what an idle kernel keeps touching. n 0: none. */
void dirty_set_background(DirtyLog *log, double now_s, const guint64 *pages, gsize n, double rate_s);

/* One more device that writes pages by itself (models/memory/dma.h): its number. It writes nothing yet. random is
 * copied. */
guint dirty_add_device(DirtyLog *log, const RandomStream *random);
/* From now_s on it writes to these pages, so many a second while the guest is not stopped; rate_s 0: none. */
void dirty_set_device(DirtyLog *log, double now_s, guint device, guint64 first, guint64 pages, double rate_s);

/* From now_s on the log sees writes through a processor's translation buffer, empty now, of so many entries
 * (models/memory/translation.h); 0: it sees every write. Who watches sees those that it does not see. Then each
 * write of a random or sweeping workload is drawn by itself, in order; background and lists are seen as before. */
void dirty_set_translation(DirtyLog *log, double now_s, guint entries);
gboolean dirty_sees_every_write(const DirtyLog *log);

/* The workload as it is now, which of them it is (1, 2, …), how long it has run in guest time, and where one from a
 * list stands. */
const Workload *dirty_workload(const DirtyLog *log);
guint dirty_workload_number(const DirtyLog *log);
double dirty_workload_s(const DirtyLog *log, double now_s);
const Playback *dirty_playback(const DirtyLog *log);

/* One write by somebody else than the workload (a vTPM command, a device). */
void dirty_write(DirtyLog *log, double now_s, guint64 page);

/* Copies words first_word … first_word + n_words - 1 of the log at now_s to out, without clearing. */
void dirty_peek(DirtyLog *log, double now_s, gsize first_word, gsize n_words, guint64 *out);

/* The whole log at now_s to out (may be NULL), then clears it. Returns the number of bits that were set. */
guint64 dirty_fetch_and_clear(DirtyLog *log, double now_s, guint64 *out);

/* From now on each write also sets its page's bit in `watched` (dirty_words(log) words, borrowed; NULL: no longer),
 * also a write to a page that is dirty already. */
void dirty_watch(DirtyLog *log, guint64 *watched);

/* Brings these words up to now_s, in the log and for who watches it. */
void dirty_advance(DirtyLog *log, double now_s, gsize first_word, gsize n_words);

/* (transfer full) How many pages are dirty, without saying which, while the workload stays what it is now; in guest
 * time, and apart from the log's own bits. NULL: for what the guest does now, it matters which they are. */
Tally *dirty_tally(DirtyLog *log, guint64 used_pages);
double dirty_guest_s(const DirtyLog *log, double now_s);

/* True when this workload can still write something after now_s: false for idle, rate 0, a finished replay, speed 0.
 * While false, when the log is looked at makes no difference, and a sender may look far ahead. */
gboolean dirty_is_active(const DirtyLog *log, double now_s);

#endif
