/* How many pages of a guest are dirty, for a pre-copy that nobody asks which.
 *
 * Pages that are written at one rate are alike: whichever of them a migration meets next, it is dirty with the same
 * probability, and is sent or skipped for its state alone. So their numbers follow a law of their own, in which no page
 * has a name (a lumpable chain: J. Kemeny and J. Snell, "Finite Markov Chains", 1960, section 6.3). It is drawn here
 * exactly: the same rounds, in distribution, that the dirty log gives page by page (models/memory/dirty.h), at the cost
 * of a few binomial draws per batch, whatever the memory's size.
 *
 * Of a stretch of memory written at r a page and second:
 *   to_send  pages whose turn in this round is still to come
 *   unseen   pages, those to_send among them, that were clean at the last fetch and that nobody looked at since: each
 *            is clean after t seconds with probability exp(-r t)
 *   settled  pages that were clean when last looked at
 *   the rest is dirty
 *
 * Times are guest time (dirty_guest_s) and do not go back.
 * Scope: idle, uniform and hot/cold workloads that stay the same throughout; no foreign writes, no images.
 */
#ifndef TANDEM_MODELS_MEMORY_TALLY_H
#define TANDEM_MODELS_MEMORY_TALLY_H

#include "models/base/random.h"
#include "models/memory/workload.h"

typedef struct Tally Tally;

/* Pages sent, of those that hold something and of those never written. */
typedef struct {
    guint64 used, unused;
} TallySent;

gboolean tally_can_count(const Workload *workload);

/* Of a guest of so many pages, from used_pages on never written and not in the working set. random is copied. */
Tally *tally_new(const Workload *workload, guint64 pages, guint64 used_pages, const RandomStream *random);
void tally_free(Tally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tally, tally_free)

/* The log is cleared, and every page is to be sent. */
void tally_begin(Tally *tally, double guest_s);

/* The next pages to send, in memory's order, until `room` of them are sent; skips: those that are dirty again are not
 * sent, and none of this round's are from then on looked at again. */
TallySent tally_take(Tally *tally, double guest_s, guint room, gboolean skips);
gboolean tally_has_more(const Tally *tally);

/* What is dirty is to be sent, and the log is cleared. Returns its number of pages. */
guint64 tally_fetch(Tally *tally, double guest_s);

/* What was dirtied since the last fetch is to be sent as well. */
void tally_add_late(Tally *tally, double guest_s);

#endif
