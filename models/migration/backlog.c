#include "models/migration/backlog.h"

#include "models/memory/bitmap.h"

void
backlog_init(Backlog *backlog, const PageSet *set)
{
    *backlog = (Backlog){.set = set};
    if (!set->tally)
        backlog->to_send = g_new0(guint64, set->words);
}

void
backlog_clear(Backlog *backlog)
{
    g_clear_pointer(&backlog->to_send, g_free);
    g_clear_pointer(&backlog->to_fix, g_free);
}

gboolean
backlog_defer(Backlog *backlog, guint64 page)
{
    g_return_val_if_fail(page < backlog->set->pages && !backlog->set->tally, FALSE);

    if (!backlog->to_fix)
        backlog->to_fix = g_new0(guint64, backlog->set->words);
    if (bitmap_test(backlog->to_fix, page))
        return FALSE;
    bitmap_set(backlog->to_fix, page);
    return bitmap_test(backlog->to_send, page);
}

guint64
backlog_deferred(const Backlog *backlog)
{
    guint64 deferred = 0;

    for (gsize w = 0; backlog->to_fix && w < backlog->set->words; w++)
        deferred += bitmap_count_word(backlog->to_send[w] & backlog->to_fix[w]);
    return deferred;
}

static double
guest_s(const Backlog *backlog, double now_s)
{
    return dirty_guest_s(backlog->set->members[0].log, now_s);
}

/* Xen: xc_shadow_control ENABLE_LOGDIRTY. */
guint64
backlog_begin(Backlog *backlog, double now_s)
{
    if (backlog->set->tally) {
        tally_begin(backlog->set->tally, guest_s(backlog, now_s));
        return backlog->set->pages;
    }
    page_set_fetch_and_clear(backlog->set, now_s, backlog->to_send);
    page_set_fill(backlog->set, backlog->to_send);
    backlog->cursor = 0;
    return bitmap_count(backlog->to_send, backlog->set->words);
}

/* Every page that was to be sent has had its turn. */
static guint64
fetch_counted(const Backlog *backlog, double now_s)
{
    tally_rewind(backlog->set->tally);
    return tally_fetch(backlog->set->tally, guest_s(backlog, now_s));
}

guint64
backlog_renew(Backlog *backlog, double now_s)
{
    backlog->cursor = 0;
    return backlog->set->tally ? fetch_counted(backlog, now_s)
                               : page_set_fetch_and_clear(backlog->set, now_s, backlog->to_send);
}

guint64
backlog_left(const Backlog *backlog)
{
    if (backlog->set->tally)
        return tally_left(backlog->set->tally);
    return bitmap_count(backlog->to_send, backlog->set->words) - backlog_deferred(backlog);
}

/* Pages that have not had their turn are not like those that have. */
static guint64
complete_counted(const Backlog *backlog, double now_s)
{
    if (!tally_has_more(backlog->set->tally))
        return fetch_counted(backlog, now_s);
    const guint64 caught = tally_fetch(backlog->set->tally, guest_s(backlog, now_s));

    tally_rewind(backlog->set->tally);
    return caught;
}

guint64
backlog_complete(Backlog *backlog, double now_s)
{
    if (backlog->set->tally)
        return complete_counted(backlog, now_s);
    g_autofree guint64 *late = g_new(guint64, backlog->set->words);
    const guint64 caught = page_set_fetch_and_clear(backlog->set, now_s, late);

    bitmap_or(backlog->to_send, late, backlog->set->words);
    if (backlog->to_fix)
        bitmap_or(backlog->to_send, backlog->to_fix, backlog->set->words);
    backlog->cursor = 0;
    return caught;
}

/* Takes the first `room` of the pages in mask, which holds more, and drops the rest from it; what the batch dealt with,
 * skipped pages too, leaves to_send. The rest of the last page's word is for the next batch's fresh peek. */
static void
cut_to_room(guint64 *to_send, gsize n_words, guint room, guint64 *mask)
{
    for (gsize w = 0; w < n_words; w++) {
        const guint count = bitmap_count_word(mask[w]);
        if (count > room) {
            mask[w] = bitmap_lowest(mask[w], room);
            to_send[w] &= ~mask[w];
            memset(mask + w + 1, 0, (n_words - w - 1) * sizeof *mask);
            return;
        }
        room -= count;
        to_send[w] = 0;
    }
}

/* Decides about the pages of n_words words from the cursor on, at most room of them; clears their to_send bits. The
 * bits that go out are left in mask. Moves the cursor on when nothing is left of the words. */
static void
choose_pages(Backlog *backlog, double now_s, gsize n_words, guint room, BacklogTurn turn, guint64 *mask)
{
    guint64 *to_send = backlog->to_send + backlog->cursor;

    if (turn == BACKLOG_SKIP) {
        page_set_peek(backlog->set, now_s, backlog->cursor, n_words, mask); /* to_skip */
        for (gsize w = 0; w < n_words; w++)
            mask[w] = to_send[w] & ~mask[w];
    } else {
        memcpy(mask, to_send, n_words * sizeof *mask);
    }
    if (backlog->to_fix && turn != BACKLOG_LAST)
        bitmap_and_not(mask, backlog->to_fix + backlog->cursor, n_words);
    if (n_words * 64 > room && bitmap_count(mask, n_words) > room) {
        cut_to_room(to_send, n_words, room, mask);
        return;
    }
    memset(to_send, 0, n_words * sizeof *to_send);
    backlog->cursor += n_words;
}

/* Region by region, for the log is sampled so. */
static PageSetSent
take_pages(Backlog *backlog, double now_s, guint room, BacklogTurn turn)
{
    PageSetSent batch = {0};
    guint64 mask[DIRTY_REGION_WORDS];

    while (batch.set_pages < room) {
        const gsize from = bitmap_next_word(backlog->to_send, backlog->set->words, backlog->cursor);
        const gsize region_end = (from / DIRTY_REGION_WORDS + 1) * DIRTY_REGION_WORDS;
        backlog->cursor = from;
        if (from == backlog->set->words)
            break;
        const gsize n_words = MIN(region_end, backlog->set->words) - from;
        choose_pages(backlog, now_s, n_words, room - (guint)batch.set_pages, turn, mask);
        page_set_send(backlog->set, now_s, from, n_words, mask, &batch);
    }
    return batch;
}

static PageSetSent
take_counted(const Backlog *backlog, double now_s, guint room, BacklogTurn turn)
{
    static const TallyTurn turns[] = {
        [BACKLOG_SKIP] = TALLY_SKIP, [BACKLOG_SEND] = TALLY_SEND, [BACKLOG_LAST] = TALLY_LAST};
    const TallySent sent = tally_take(backlog->set->tally, guest_s(backlog, now_s), room, turns[turn]);

    return (PageSetSent){sent.used + sent.unused, sent.used, sent.unused};
}

PageSetSent
backlog_take(Backlog *backlog, double now_s, guint room, BacklogTurn turn)
{
    return backlog->set->tally ? take_counted(backlog, now_s, room, turn) : take_pages(backlog, now_s, room, turn);
}

gboolean
backlog_has_more(const Backlog *backlog)
{
    const Tally *tally = backlog->set->tally;

    return tally ? tally_has_more(tally) : backlog->cursor < backlog->set->words;
}
