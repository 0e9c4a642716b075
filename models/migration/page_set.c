#include "models/migration/page_set.h"

#include "models/memory/bitmap.h"

#include <string.h>

/* Words first … first + n of a set, as far as a member has them: where they stand in the member and in the set's slice.
 */
typedef struct {
    gsize member_word; /* first word in the member's bitmaps */
    gsize slice_word;  /* first word in the slice of the set */
    gsize n_words;
} MemberSlice;

static MemberSlice
member_slice(const PageSetMember *member, gsize first_word, gsize n_words)
{
    const gsize begin = member->first_page / 64;
    const gsize end = begin + dirty_words(member->log);
    const gsize from = MAX(first_word, begin);
    const gsize to = MIN(first_word + n_words, end);

    if (from >= to)
        return (MemberSlice){0, 0, 0};
    return (MemberSlice){from - begin, from - first_word, to - from};
}

/* The set is one domain, word by word. */
static gboolean
is_one_domain(const PageSet *set)
{
    return set->n_members == 1 && set->members[0].first_page == 0;
}

void
page_set_init(PageSet *set, double page_bytes)
{
    memset(set, 0, sizeof *set);
    set->page_bytes = page_bytes;
}

void
page_set_add(PageSet *set, DirtyLog *log, Image *image, guint64 first_page, guint64 used_pages)
{
    g_return_if_fail(set->n_members < PAGE_SET_MEMBERS_MAX && first_page % 64 == 0);

    set->members[set->n_members++] = (PageSetMember){log, image, first_page, used_pages, NULL};
    set->pages = MAX(set->pages, first_page + dirty_pages(log));
    set->words = (set->pages + 63) / 64;
}

void
page_set_track_content(PageSet *set, guint member, guint64 *content)
{
    g_return_if_fail(member < set->n_members);

    set->members[member].content = content;
}

void
page_set_track_due(PageSet *set, guint member, guint64 *due)
{
    g_return_if_fail(member < set->n_members);

    set->due[member] = due;
}

guint64
page_set_end(const PageSet *set)
{
    return set->words * 64;
}

void
page_set_fill(const PageSet *set, guint64 *bits)
{
    memset(bits, 0, set->words * sizeof *bits);
    for (guint m = 0; m < set->n_members; m++) {
        const PageSetMember *member = &set->members[m];
        const guint64 pages = dirty_pages(member->log);
        guint64 *to = bits + member->first_page / 64;
        memset(to, 0xff, pages / 64 * sizeof *to);
        if (pages % 64)
            to[pages / 64] |= (G_GUINT64_CONSTANT(1) << pages % 64) - 1;
        if (set->due[m])
            memcpy(set->due[m], to, dirty_words(member->log) * sizeof *to);
        if (set->witness)
            page_witness_caught(set->witness, m, NULL);
        if (set->tiles)
            page_tiles_caught(set->tiles, m, NULL);
    }
    if (set->tiles)
        page_tiles_caught(set->tiles, set->n_members, bits);
}

void
page_set_peek(const PageSet *set, double now_s, gsize first_word, gsize n_words, guint64 *out)
{
    guint64 words[DIRTY_REGION_WORDS];

    g_return_if_fail(n_words <= DIRTY_REGION_WORDS);
    if (is_one_domain(set)) {
        dirty_peek(set->members[0].log, now_s, first_word, n_words, out);
        if (set->tiles)
            page_tiles_peeked(set->tiles, 0, first_word, n_words, out);
        return;
    }
    memset(out, 0, n_words * sizeof *out);
    for (guint m = 0; m < set->n_members; m++) {
        const MemberSlice slice = member_slice(&set->members[m], first_word, n_words);
        if (slice.n_words == 0)
            continue;
        dirty_peek(set->members[m].log, now_s, slice.member_word, slice.n_words, words);
        if (set->witness)
            page_witness_peeked(set->witness, m, slice.member_word, slice.n_words, words);
        bitmap_or(out + slice.slice_word, words, slice.n_words);
        if (set->tiles)
            page_tiles_peeked(set->tiles, m, slice.member_word, slice.n_words, words);
    }
    if (set->tiles)
        page_tiles_peeked(set->tiles, set->n_members, first_word, n_words, out);
}

guint64
page_set_fetch_and_clear(const PageSet *set, double now_s, guint64 *out)
{
    if (set->tiles)
        page_tiles_turn(set->tiles);
    if (is_one_domain(set)) {
        const guint64 count = dirty_fetch_and_clear(set->members[0].log, now_s, out);
        if (set->tiles)
            page_tiles_caught(set->tiles, 0, out);
        if (set->members[0].content && count > 0)
            bitmap_or(set->members[0].content, out, set->words);
        return count;
    }

    memset(out, 0, set->words * sizeof *out);
    if (set->witness)
        page_witness_turn(set->witness);
    for (guint m = 0; m < set->n_members; m++) {
        const PageSetMember *member = &set->members[m];
        const gsize words = dirty_words(member->log);
        g_autofree guint64 *dirty = g_new(guint64, words);
        dirty_fetch_and_clear(member->log, now_s, dirty);
        if (set->witness)
            page_witness_caught(set->witness, m, dirty);
        bitmap_or(out + member->first_page / 64, dirty, words);
        if (member->content)
            bitmap_or(member->content, dirty, words);
        if (set->due[m])
            bitmap_or(set->due[m], dirty, words);
        if (set->tiles)
            page_tiles_caught(set->tiles, m, dirty);
    }
    if (set->tiles)
        page_tiles_caught(set->tiles, set->n_members, out);
    return bitmap_count(out, set->words);
}

/* n_set pages that mask sets of a member, parted into those with content and those never written. */
static void
count_member_pages(const PageSetMember *member, const MemberSlice *slice, const guint64 *mask, guint64 n_set,
                   PageSetSent *sent)
{
    guint64 used = n_set;

    if (member->content) {
        used = 0;
        for (gsize w = 0; w < slice->n_words; w++)
            used += bitmap_count_word(mask[w] & member->content[slice->member_word + w]);
    } else if (member->used_pages < (slice->member_word + slice->n_words) * 64) {
        used = 0;
        for (gsize w = 0; w < slice->n_words; w++)
            used += bitmap_count_word(mask[w] & bitmap_range_mask(slice->member_word + w, 0, member->used_pages));
    }
    sent->data_pages += used;
    sent->zero_pages += n_set - used;
}

/* What mask (the set's, from the slice on) sets of a member, and sends it. */
static void
send_member(const PageSetMember *member, double now_s, const MemberSlice *slice, const guint64 *mask, guint64 n_set,
            PageSetSent *sent)
{
    count_member_pages(member, slice, mask, n_set, sent);
    if (member->image)
        image_receive(member->image, now_s, slice->member_word, slice->n_words, mask);
}

/* mask restricted to the pages that the member has: only its last word can hold pages beyond its end. */
static void
clip_to_member(const PageSetMember *member, const MemberSlice *slice, const guint64 *mask, guint64 *out)
{
    const guint64 pages = dirty_pages(member->log);
    const gsize last = pages / 64;

    memcpy(out, mask + slice->slice_word, slice->n_words * sizeof *out);
    if (pages % 64 && slice->member_word + slice->n_words > last)
        out[last - slice->member_word] &= bitmap_last_mask(pages);
}

/* Of the pages that go out, only those that the member itself has to send; they are then due no more. */
static void
take_due(guint64 *due, gsize n_words, guint64 *mask)
{
    for (gsize w = 0; w < n_words; w++) {
        mask[w] &= due[w];
        due[w] &= ~mask[w];
    }
}

void
page_set_send(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask, PageSetSent *sent)
{
    guint64 clipped[DIRTY_REGION_WORDS];

    g_return_if_fail(n_words <= DIRTY_REGION_WORDS);
    const guint64 n_set = bitmap_count(mask, n_words);
    sent->set_pages += n_set;
    if (set->tiles)
        page_tiles_sent(set->tiles, is_one_domain(set) ? 0 : set->n_members, first_word, n_words, mask);
    if (is_one_domain(set)) { /* a set has no pages that none of its members has */
        const MemberSlice whole = {first_word, 0, n_words};
        send_member(&set->members[0], now_s, &whole, mask, n_set, sent);
        return;
    }
    for (guint m = 0; m < set->n_members; m++) {
        const PageSetMember *member = &set->members[m];
        const MemberSlice slice = member_slice(member, first_word, n_words);
        if (slice.n_words == 0)
            continue;
        clip_to_member(member, &slice, mask, clipped);
        if (set->due[m])
            take_due(set->due[m] + slice.member_word, slice.n_words, clipped);
        if (set->witness)
            page_witness_sent(set->witness, m, slice.member_word, slice.n_words, clipped);
        if (set->tiles)
            page_tiles_sent(set->tiles, m, slice.member_word, slice.n_words, clipped);
        send_member(member, now_s, &slice, clipped, bitmap_count(clipped, slice.n_words), sent);
    }
}

void
page_set_receive(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask)
{
    guint64 clipped[DIRTY_REGION_WORDS];

    g_return_if_fail(n_words <= DIRTY_REGION_WORDS);
    for (guint m = 0; m < set->n_members; m++) {
        const PageSetMember *member = &set->members[m];
        const MemberSlice slice = member_slice(member, first_word, n_words);
        if (slice.n_words == 0 || !member->image)
            continue;
        clip_to_member(member, &slice, mask, clipped);
        image_receive(member->image, now_s, slice.member_word, slice.n_words, clipped);
    }
}

gboolean
page_set_is_active(const PageSet *set, double now_s)
{
    for (guint m = 0; m < set->n_members; m++)
        if (dirty_is_active(set->members[m].log, now_s))
            return TRUE;
    return FALSE;
}

guint64
page_set_differing_pages(const PageSet *set, double now_s)
{
    guint64 differing = 0;

    for (guint m = 0; m < set->n_members; m++)
        if (set->members[m].image)
            differing += image_differing_pages(set->members[m].image, now_s);
    return differing;
}
