/* How many pages of a guest are dirty, for a migration that nobody asks which.
 *
 * Pages that are written at one rate are alike: whichever of them a migration meets next, it is dirty with the same
 * probability, and is sent or skipped for its state alone. So their numbers follow a law of their own, in which no page
 * has a name (a lumpable chain: J. Kemeny and J. Snell, "Finite Markov Chains", 1960, section 6.3). It is drawn here
 * exactly: the same rounds, in distribution, that the dirty log gives page by page (models/memory/dirty.h), at the cost
 * of a few binomial draws per batch, whatever the memory's size.
 *
 * Of a piece of memory, of whose pages each is written r times a second:
 *   to_send  pages whose turn is still to come; which of its pages they are, all choices are alike
 *   waiting  pages that are known to be dirty since the log was last fetched; the next fetch makes them to_send
 *   settled  pages that were clean when last looked at
 *   the rest was clean at the last fetch, or sent since then, and nobody has looked at it: each is clean t seconds
 * after the fetch with probability exp(-r t) A migration that takes the pages in turn, and fetches the log somewhere on
 * its way, leaves pages behind that are not like those ahead. Then its piece is cut there, at a place that is drawn:
 * that of the k-th of n pages to send.
 *
 * What the destination lacks is counted by itself: a page is out of date (stale) until it is sent, and again when it is
 * written. The migration has done its work when none is; a page that it forgets stays in the count.
 *
 * Times are guest time (dirty_guest_s) and do not go back.
 * Scope: idle, uniform, hot/cold and curve workloads that stay the same throughout; no foreign writes.
 */
#ifndef TANDEM_MODELS_MEMORY_TALLY_H
#define TANDEM_MODELS_MEMORY_TALLY_H

#include "models/base/random.h"
#include "models/memory/workload.h"

/* Pages side by side that are alike. */
typedef struct {
    guint64 pages;
    double rate;   /* of each page, 1/s */
    gboolean used; /* FALSE: never written */
    guint64 to_send, waiting, settled;
    double settled_s; /* up to when the settled ones are known to be clean */
} TallyPiece;

typedef struct {
    RandomStream random;
    TallyPiece *pieces; /* owned, in memory's order */
    guint n_pieces, room;
    guint turn;       /* the piece in which a page has last had its turn, or whose first page is next */
    guint64 taken;    /* of its pages to send, whose turn has come since the last fetch */
    guint next;       /* the piece that tally_next has found */
    double fetched_s; /* when the log was last cleared */
    guint64 pages;    /* of all pieces, … */
    guint64 stale;    /* … and how many of them are out of date at the destination */
} Tally;

/* What becomes of a page whose turn has come. */
typedef enum {
    TALLY_SKIP, /* sent unless it is dirty again */
    TALLY_SEND, /* sent */
    TALLY_LAST  /* sent, by a guest that stands still */
} TallyTurn;

/* Pages sent, of those that hold something and of those never written. */
typedef struct {
    guint64 used, unused;
} TallySent;

gboolean tally_can_count(const Workload *workload);

/* Of a guest of so many pages, from used_pages on never written and not in the working set. random is copied. */
Tally *tally_new(const Workload *workload, guint64 pages, guint64 used_pages, const RandomStream *random);
void tally_free(Tally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tally, tally_free)

/* The log is cleared, and every page is to be sent, from the first one on. */
void tally_begin(Tally *tally, double guest_s);

/* What the log has caught since it was last fetched is to be sent as well, and the log is cleared. Returns how many
 * pages are to be sent now that were not before. */
guint64 tally_fetch(Tally *tally, double guest_s);

/* The next page to send is looked for from the first one on. */
void tally_rewind(Tally *tally);

/* The next pages to send, in memory's order and up to its end, until `room` of them are sent. */
TallySent tally_take(Tally *tally, double guest_s, guint room, TallyTurn turn);
gboolean tally_has_more(const Tally *tally);
/* Pages that are to be sent, wherever they are. */
guint64 tally_left(const Tally *tally);

/* How many pages to send are next that are alike, in memory's order and from its end on to its beginning; 0: none is
 * left. */
guint64 tally_next(Tally *tally, gboolean *used);
/* Whether they are behind the end, at the beginning again. */
gboolean tally_passes_end(const Tally *tally);
/* So many of them are sent. */
void tally_send(Tally *tally, guint64 pages);

/* How many pages are out of date at the destination. A page that is sent while it is in the log counts, as it will be
 * sent again. */
guint64 tally_stale(Tally *tally, double guest_s);

#endif
