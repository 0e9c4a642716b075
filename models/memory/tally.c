#include "models/memory/tally.h"

#include <string.h>

#define PIECES_ROOM 6 /* chosen: before, hot, cold and behind, one of them cut where the used pages end */

gboolean
tally_can_count(const Workload *workload)
{
    return workload->kind == WORKLOAD_IDLE || workload->kind == WORKLOAD_UNIFORM ||
           workload->kind == WORKLOAD_HOT_COLD || workload->kind == WORKLOAD_CURVE;
}

/* ---- pieces ---- */

static TallyPiece *
insert_piece(Tally *tally, guint index)
{
    if (tally->n_pieces == tally->room) {
        tally->room *= 2;
        tally->pieces = g_renew(TallyPiece, tally->pieces, tally->room);
    }
    TallyPiece *piece = &tally->pieces[index];
    memmove(piece + 1, piece, (tally->n_pieces - index) * sizeof *piece);
    tally->n_pieces++;
    return piece;
}

static void
append_piece(Tally *tally, guint64 pages, double rate, gboolean used)
{
    if (pages > 0)
        *insert_piece(tally, tally->n_pieces) = (TallyPiece){.pages = pages, .rate = rate, .used = used};
}

/* Pages [*end, *end + pages), which share `rate` writes a second. */
static void
append_pages(Tally *tally, guint64 *end, guint64 pages, double rate, guint64 used_pages)
{
    const guint64 used = CLAMP(used_pages, *end, *end + pages) - *end;

    append_piece(tally, used, pages ? rate / (double)pages : 0, TRUE);
    append_piece(tally, pages - used, pages ? rate / (double)pages : 0, FALSE);
    *end += pages;
}

Tally *
tally_new(const Workload *workload, guint64 pages, guint64 used_pages, const RandomStream *random)
{
    g_return_val_if_fail(tally_can_count(workload), NULL);
    const gboolean idle = workload->kind == WORKLOAD_IDLE;
    const guint64 first = idle ? 0 : workload->first_page, written = idle ? 0 : workload->pages;
    const guint64 hot = workload->kind == WORKLOAD_HOT_COLD ? workload->hot_pages : 0;
    const double rate = idle ? 0 : workload->rate_pages_s, hot_rate = hot > 0 ? rate * workload->hot_share : 0;
    Tally *tally = g_new0(Tally, 1);
    guint64 end = 0;

    tally->random = *random;
    tally->pages = pages;
    tally->room = PIECES_ROOM;
    tally->pieces = g_new(TallyPiece, tally->room);
    append_pages(tally, &end, first, 0, used_pages);
    append_pages(tally, &end, hot, hot_rate, used_pages);
    for (gsize i = 0; i < workload->n_classes; i++)
        append_pages(tally, &end, workload->classes[i].pages, rate * workload->classes[i].share, used_pages);
    append_pages(tally, &end, first + written - end, rate - hot_rate, used_pages);
    append_pages(tally, &end, pages - end, 0, used_pages);
    return tally;
}

void
tally_free(Tally *tally)
{
    if (!tally)
        return;
    g_free(tally->pieces);
    g_free(tally);
}

/* ---- writes ---- */

/* How many of n pages of the piece are written within dt. */
static guint64
draw_written(Tally *tally, const TallyPiece *piece, guint64 n, double dt_s)
{
    if (n == 0 || piece->rate <= 0 || dt_s <= 0)
        return 0;
    const RandomTrial written = random_trial(piece->rate * dt_s);

    return random_successes(&tally->random, n, &written);
}

/* So many clean pages of the piece are found to be dirty. */
static void
find_dirty(Tally *tally, TallyPiece *piece, guint64 pages)
{
    piece->waiting += pages;
    tally->stale = MIN(tally->stale + pages, tally->pages);
}

/* Brings what is known of the settled pages up to date. */
static void
settle(Tally *tally, TallyPiece *piece, double guest_s)
{
    const guint64 dirty = draw_written(tally, piece, piece->settled, guest_s - piece->settled_s);

    piece->settled -= dirty;
    piece->settled_s = guest_s;
    find_dirty(tally, piece, dirty);
}

/* Looks at all pages of the piece that are not to be sent anyway: they are waiting or settled afterwards. */
static void
look_at(Tally *tally, TallyPiece *piece, double guest_s)
{
    settle(tally, piece, guest_s);
    const guint64 known = piece->to_send + piece->waiting + piece->settled;
    const guint64 unseen = piece->pages - MIN(known, piece->pages);
    const guint64 dirty = draw_written(tally, piece, unseen, guest_s - tally->fetched_s);

    piece->settled += unseen - dirty;
    find_dirty(tally, piece, dirty);
}

guint64
tally_stale(Tally *tally, double guest_s)
{
    for (guint i = 0; i < tally->n_pieces; i++)
        look_at(tally, &tally->pieces[i], guest_s);
    return tally->stale;
}

/* ---- fetches of the log ---- */

void
tally_rewind(Tally *tally)
{
    tally->turn = 0;
    tally->taken = 0;
}

void
tally_begin(Tally *tally, double guest_s)
{
    for (guint i = 0; i < tally->n_pieces; i++) {
        TallyPiece *piece = &tally->pieces[i];
        piece->to_send = piece->pages;
        piece->waiting = piece->settled = 0;
    }
    tally->stale = tally->pages;
    tally->fetched_s = guest_s;
    tally_rewind(tally);
}

/* Behind the last page whose turn has come: what is ahead of there comes before what is behind it. */
static void
cut_at_turn(Tally *tally)
{
    const TallyPiece *piece = &tally->pieces[tally->turn];
    const guint64 taken = tally->taken;

    tally->taken = 0;
    const guint64 behind = random_place(&tally->random, piece->pages, piece->to_send + taken, taken);
    if (behind < piece->pages) {
        TallyPiece *ahead = insert_piece(tally, tally->turn + 1);
        *ahead = ahead[-1];
        ahead->pages -= behind;
        ahead->waiting = ahead->settled = 0; /* what is known of pages is of those that have had their turn */
        ahead[-1].pages = behind;
        ahead[-1].to_send = 0;
    }
    tally->turn = (tally->turn + 1) % tally->n_pieces;
}

/* Two neighbours of which nothing is left to send are one again, but where the next page to send is looked for. */
static void
join_pieces(Tally *tally)
{
    guint last = 0;

    for (guint i = 1; i < tally->n_pieces; i++) {
        TallyPiece *before = &tally->pieces[last], *piece = &tally->pieces[i];
        const gboolean alike =
            !(before->rate < piece->rate || before->rate > piece->rate) && before->used == piece->used;
        if (alike && before->to_send + piece->to_send == 0 && i != tally->turn) {
            before->pages += piece->pages;
            continue;
        }
        if (i == tally->turn)
            tally->turn = last + 1;
        tally->pieces[++last] = *piece;
    }
    tally->n_pieces = last + 1;
}

guint64
tally_fetch(Tally *tally, double guest_s)
{
    guint64 fresh = 0;

    if (tally->taken > 0) {
        cut_at_turn(tally);
        join_pieces(tally);
    }
    for (guint i = 0; i < tally->n_pieces; i++) {
        TallyPiece *piece = &tally->pieces[i];
        look_at(tally, piece, guest_s);
        fresh += piece->waiting;
        piece->to_send += piece->waiting;
        piece->waiting = piece->settled = 0;
    }
    tally->fetched_s = guest_s;
    return fresh;
}

/* ---- sending ---- */

/* So many pages of the piece have had their turn, and so many of these go out. */
static void
take(Tally *tally, TallyPiece *piece, guint64 pages, guint64 sent)
{
    piece->to_send -= pages;
    tally->taken += pages;
    tally->stale -= MIN(sent, tally->stale);
}

/* As many pages as there is room for cannot be too many; then as many again as turned out to be skipped. */
static guint64
take_clean(Tally *tally, TallyPiece *piece, double guest_s, guint64 room)
{
    const RandomTrial skipped = random_trial(piece->rate * (guest_s - tally->fetched_s));
    guint64 sent = 0;

    settle(tally, piece, guest_s);
    while (sent < room && piece->to_send > 0) {
        const guint64 n = MIN(room - sent, piece->to_send);
        const guint64 dirty = random_successes(&tally->random, n, &skipped);
        take(tally, piece, n, n - dirty);
        piece->waiting += dirty;
        sent += n - dirty;
    }
    piece->settled += sent;
    return sent;
}

static guint64
take_all(Tally *tally, TallyPiece *piece, guint64 room)
{
    const guint64 sent = MIN(room, piece->to_send);

    take(tally, piece, sent, sent);
    return sent;
}

/* The guest will not write any more: what is sent stays as it is. */
static guint64
take_last(Tally *tally, TallyPiece *piece, double guest_s, guint64 room)
{
    settle(tally, piece, guest_s);
    const guint64 sent = take_all(tally, piece, room);
    piece->settled += sent;
    return sent;
}

static guint64
take_from(Tally *tally, TallyPiece *piece, double guest_s, guint64 room, TallyTurn turn)
{
    switch (turn) {
    case TALLY_SKIP:
        return take_clean(tally, piece, guest_s, room);
    case TALLY_LAST:
        return take_last(tally, piece, guest_s, room);
    case TALLY_SEND:
        break;
    }
    return take_all(tally, piece, room);
}

gboolean
tally_has_more(const Tally *tally)
{
    for (guint i = tally->turn; i < tally->n_pieces; i++)
        if (tally->pieces[i].to_send > 0)
            return TRUE;
    return FALSE;
}

guint64
tally_left(const Tally *tally)
{
    guint64 left = 0;

    for (guint i = 0; i < tally->n_pieces; i++)
        left += tally->pieces[i].to_send;
    return left;
}

TallySent
tally_take(Tally *tally, double guest_s, guint room, TallyTurn turn)
{
    TallySent sent = {0};

    for (; tally->turn < tally->n_pieces; tally->turn++, tally->taken = 0) {
        TallyPiece *piece = &tally->pieces[tally->turn];
        const guint64 n = take_from(tally, piece, guest_s, room - sent.used - sent.unused, turn);
        *(piece->used ? &sent.used : &sent.unused) += n;
        if (piece->to_send > 0)
            break;
    }
    return sent;
}

guint64
tally_next(Tally *tally, gboolean *used)
{
    const guint n = tally->n_pieces;
    guint next = tally->turn;

    for (guint i = 0; i < n && tally->pieces[next].to_send == 0; i++)
        next = (next + 1) % n;
    tally->next = next;
    *used = tally->pieces[next].used;
    return tally->pieces[next].to_send;
}

gboolean
tally_passes_end(const Tally *tally)
{
    return tally->next < tally->turn;
}

void
tally_send(Tally *tally, guint64 pages)
{
    TallyPiece *piece = &tally->pieces[tally->next];

    g_return_if_fail(pages <= piece->to_send);
    if (tally->next != tally->turn)
        tally->taken = 0;
    tally->turn = tally->next;
    take(tally, piece, pages, pages);
}
