#include "models/migration/round_robin.h"

#include "models/memory/bitmap.h"

void
round_robin_init(RoundRobin *robin, const PageSet *set, double t_s)
{
    g_return_if_fail(robin && set && set->n_members == 1);

    *robin = (RoundRobin){
        .set = set, .remaining = set->pages, .tells_image = set->members[0].image != NULL, .received_from = set->words};
    if (set->tally) {
        tally_begin(set->tally, dirty_guest_s(set->members[0].log, t_s));
        return;
    }
    robin->whole_groups = dirty_sees_every_write(set->members[0].log);
    robin->dirty = g_new0(guint64, set->words);
    robin->log = g_new0(guint64, set->words);
    robin->received = g_new0(guint64, set->words);
    page_set_fetch_and_clear(set, t_s, robin->log);
    page_set_fill(set, robin->dirty);
}

void
round_robin_clear(RoundRobin *robin)
{
    g_clear_pointer(&robin->dirty, g_free);
    g_clear_pointer(&robin->log, g_free);
    g_clear_pointer(&robin->collected, g_free);
    g_clear_pointer(&robin->received, g_free);
}

/* ---- the destination's image ---- */

/* A page that the log has caught meanwhile goes out again, and the image gets it then: whoever loses it from the log
 * leaves the image without it. */
static void
tell_region(const RoundRobin *robin, double t_s, gsize first_word, gsize n_words)
{
    guint64 mask[DIRTY_REGION_WORDS];

    if (!bitmap_any(robin->received + first_word, n_words))
        return;
    page_set_peek(robin->set, t_s, first_word, n_words, mask);
    for (gsize w = 0; w < n_words; w++)
        mask[w] = robin->received[first_word + w] & ~mask[w];
    page_set_receive(robin->set, t_s, first_word, n_words, mask);
}

/* Region by region of the log, in which pages are sampled. */
static void
tell_image(RoundRobin *robin, double t_s)
{
    const gsize end = robin->received_end;

    for (gsize w = robin->received_from; w < end && robin->tells_image;) {
        const gsize n_words = MIN((w / DIRTY_REGION_WORDS + 1) * DIRTY_REGION_WORDS, end) - w;
        tell_region(robin, t_s, w, n_words);
        w += n_words;
    }
    if (end > robin->received_from)
        memset(robin->received + robin->received_from, 0, (end - robin->received_from) * sizeof *robin->received);
    robin->received_from = robin->set->words;
    robin->received_end = 0;
}

/* ---- groups ---- */

/* The pages of a word that hold something. */
static guint64
content_bits(const RoundRobin *robin, gsize word)
{
    const PageSetMember *member = &robin->set->members[0];

    if (member->content)
        return member->content[word];
    const gsize last = (gsize)(member->used_pages / 64);
    return word < last ? ~G_GUINT64_CONSTANT(0) : word > last ? 0 : bitmap_mask(0, (guint)(member->used_pages % 64));
}

/* The dirty pages from a dirty page on to the first dirty one that is not alike, within its word. */
static void
begin_group(const RoundRobin *robin, PageGroup *group, guint64 page)
{
    const gsize word = (gsize)(page / 64);
    const guint64 dirty = robin->dirty[word] & (~G_GUINT64_CONSTANT(0) << page % 64);
    const guint64 full = content_bits(robin, word);
    const gboolean content = full >> page % 64 & 1;
    const guint64 unlike = dirty & (content ? ~full : full);
    const guint64 bits = unlike ? dirty & ((unlike & -unlike) - 1) : dirty;

    group->word = word;
    group->bits = bits;
    group->more_words = 0;
    group->pages = bitmap_count_word(bits);
    group->sent = 0;
    group->content = content;
}

/* Whole words that are alike, up to `end`. */
static void
extend_group(const RoundRobin *robin, PageGroup *group, gsize end)
{
    const guint64 all = ~G_GUINT64_CONSTANT(0), alike = group->content ? all : 0;
    gsize w = group->word + 1;

    if (!(group->bits >> 63)) /* something of its first word is left for another group */
        return;
    while (w < end && robin->dirty[w] == all && content_bits(robin, w) == alike)
        w++;
    group->more_words = w - group->word - 1;
    group->pages += (guint64)group->more_words * 64;
}

static guint
pages_in_first_word(const PageGroup *group)
{
    return (guint)(group->pages - (guint64)group->more_words * 64);
}

guint64
page_group_page(const PageGroup *group, guint64 k)
{
    const guint in_first = pages_in_first_word(group);

    if (k >= in_first)
        return (guint64)(group->word + 1) * 64 + (k - in_first);
    const guint64 upto = bitmap_lowest(group->bits, (guint)k + 1);
    return (guint64)group->word * 64 + (63 - (guint)__builtin_clzll(upto));
}

/* Pages of one word leave the bitmap. */
static void
take(RoundRobin *robin, gsize word, guint64 bits)
{
    robin->dirty[word] &= ~bits;
    robin->received[word] |= bits;
}

/* Ends the group: what was sent of it leaves the bitmap. */
static void
settle(RoundRobin *robin)
{
    PageGroup *group = &robin->group;
    const guint64 sent = group->sent;
    const guint in_first = pages_in_first_word(group);

    group->pages = group->sent = 0;
    if (sent == 0)
        return;
    if (robin->set->tally) {
        tally_send(robin->set->tally, sent);
        return;
    }
    const guint64 first = bitmap_lowest(group->bits, (guint)MIN(sent, in_first));
    take(robin, group->word, first);
    robin->received_from = MIN(robin->received_from, group->word);
    robin->received_end = MAX(robin->received_end, group->word + 1);
    robin->cursor = (guint64)group->word * 64 + (64 - (guint)__builtin_clzll(first));
    if (sent <= in_first)
        return;
    const gsize end = group->word + 1 + (gsize)((sent - in_first) / 64);
    const guint part = (guint)((sent - in_first) % 64);
    for (gsize w = group->word + 1; w < end; w++)
        take(robin, w, ~G_GUINT64_CONSTANT(0));
    if (part > 0)
        take(robin, end, bitmap_mask(0, part));
    robin->received_end = MAX(robin->received_end, end + (part > 0));
    robin->cursor = (guint64)end * 64 + part;
}

static const PageGroup *
counted_group(RoundRobin *robin)
{
    PageGroup *group = &robin->group;

    group->sent = 0;
    group->pages = tally_next(robin->set->tally, &group->content);
    robin->passes += tally_passes_end(robin->set->tally);
    return group->pages > 0 ? group : NULL;
}

const PageGroup *
round_robin_group(RoundRobin *robin, double t_s)
{
    const gsize words = robin->set->words;
    guint64 page;

    if (robin->group.sent < robin->group.pages)
        return &robin->group;
    settle(robin);
    robin->wrapped |= robin->remaining == 0;
    if (robin->remaining == 0)
        return NULL;
    if (robin->set->tally)
        return counted_group(robin);
    page = robin->cursor;
    if (!bitmap_next(robin->dirty, words, &page)) {
        page = 0;
        robin->wrapped = TRUE;
        robin->passes++;
        (void)bitmap_next(robin->dirty, words, &page);
    }
    begin_group(robin, &robin->group, page);
    const gsize region = robin->group.word / DIRTY_REGION_WORDS;
    const gsize region_end = (region + 1) * DIRTY_REGION_WORDS;
    extend_group(robin, &robin->group, robin->whole_groups ? words : MIN(region_end, words));
    if (robin->received_from / DIRTY_REGION_WORDS != region)
        tell_image(robin, t_s);
    return &robin->group;
}

void
round_robin_sent(RoundRobin *robin, guint64 pages)
{
    robin->group.sent += pages;
    robin->remaining -= pages;
}

void
round_robin_tell_image(RoundRobin *robin, double t_s)
{
    settle(robin);
    if (!robin->set->tally)
        tell_image(robin, t_s);
}

void
round_robin_freeze(RoundRobin *robin, double t_s)
{
    const gsize words = robin->set->words;

    round_robin_tell_image(robin, t_s);
    if (robin->tells_image)
        for (gsize w = 0; w < words; w += DIRTY_REGION_WORDS)
            page_set_receive(robin->set, t_s, w, MIN(DIRTY_REGION_WORDS, words - w), robin->dirty + w);
    robin->tells_image = FALSE;
    robin->whole_groups = FALSE; /* wanted pages end them soon */
}

gboolean
round_robin_jump(RoundRobin *robin, guint64 first, guint64 end)
{
    guint64 page = first;

    settle(robin);
    if (!bitmap_next(robin->dirty, robin->set->words, &page) || page >= end)
        return FALSE;
    robin->cursor = page;
    return TRUE;
}

guint64
round_robin_take(RoundRobin *robin, guint64 first, guint64 end, guint64 *content)
{
    guint64 taken = 0;

    settle(robin);
    *content = 0;
    for (gsize w = (gsize)(first / 64); w < robin->set->words && (guint64)w * 64 < end; w++) {
        const guint64 bits = robin->dirty[w] & bitmap_range_mask(w, first, end);
        taken += bitmap_count_word(bits);
        *content += bitmap_count_word(bits & content_bits(robin, w));
        take(robin, w, bits);
        robin->received_from = MIN(robin->received_from, w);
        robin->received_end = MAX(robin->received_end, w + 1);
    }
    robin->remaining -= taken;
    return taken;
}

void
round_robin_restore(RoundRobin *robin, const guint64 *pages)
{
    settle(robin);
    for (gsize w = 0; w < robin->set->words; w++)
        robin->dirty[w] |= pages[w];
    robin->remaining = bitmap_count(robin->dirty, robin->set->words);
}

void
round_robin_widen(RoundRobin *robin, guint64 host_pages)
{
    settle(robin);
    for (guint64 page = 0; bitmap_next(robin->dirty, robin->set->words, &page);) {
        const guint64 first = page / host_pages * host_pages;
        page = MIN(first + host_pages, robin->set->pages);
        bitmap_set_range(robin->dirty, first, page);
    }
    robin->remaining = bitmap_count(robin->dirty, robin->set->words);
}

/* ---- synchronization ---- */

void
round_robin_collect(RoundRobin *robin, double t_s)
{
    round_robin_tell_image(robin, t_s);
    g_return_if_fail(!robin->set->tally);
    if (!robin->collected)
        robin->collected = g_new0(guint64, robin->set->words);
    robin->logged += page_set_fetch_and_clear(robin->set, t_s, robin->log);
    for (gsize w = 0; w < robin->set->words; w++)
        robin->collected[w] |= robin->log[w];
}

/* Into the log that was just fetched. */
static void
take_collected(RoundRobin *robin)
{
    for (gsize w = 0; robin->collected && w < robin->set->words; w++) {
        robin->log[w] |= robin->collected[w];
        robin->collected[w] = 0;
    }
}

guint64
round_robin_merge_log(RoundRobin *robin, double t_s)
{
    guint64 fresh = 0;

    round_robin_tell_image(robin, t_s);
    if (robin->set->tally) {
        fresh = tally_fetch(robin->set->tally, dirty_guest_s(robin->set->members[0].log, t_s));
        robin->remaining += fresh;
        return fresh;
    }
    const guint64 logged = page_set_fetch_and_clear(robin->set, t_s, robin->log);
    robin->logged += logged;
    if (logged == 0 && !robin->collected)
        return 0;
    take_collected(robin);
    for (gsize w = 0; w < robin->set->words; w++) {
        if (!robin->log[w])
            continue;
        fresh += bitmap_count_word(robin->log[w] & ~robin->dirty[w]);
        robin->dirty[w] |= robin->log[w];
    }
    robin->remaining += fresh;
    return fresh;
}
