#include "models/migration/round_robin.h"

#include "models/memory/bitmap.h"

void
round_robin_init(RoundRobin *robin, const PageSet *set, double t_s)
{
    g_return_if_fail(robin && set && set->n_members == 1);

    *robin = (RoundRobin){.set = set, .remaining = set->pages, .has_image = set->members[0].image != NULL};
    robin->dirty = g_new0(guint64, set->words);
    robin->log = g_new0(guint64, set->words);
    robin->received = g_new0(guint64, DIRTY_REGION_WORDS);
    page_set_fetch_and_clear(set, t_s, robin->log);
    page_set_fill(set, robin->dirty);
}

void
round_robin_clear(RoundRobin *robin)
{
    g_free(robin->dirty);
    g_free(robin->log);
    g_free(robin->received);
    *robin = (RoundRobin){0};
}

/* ---- the destination's image ---- */

static void
tell_image_region(RoundRobin *robin, double t_s)
{
    const gsize first = robin->received_region * DIRTY_REGION_WORDS;

    if (!bitmap_any(robin->received, DIRTY_REGION_WORDS))
        return;
    page_set_receive(robin->set, t_s, first, MIN(DIRTY_REGION_WORDS, robin->set->words - first), robin->received);
    memset(robin->received, 0, DIRTY_REGION_WORDS * sizeof *robin->received);
}

void
round_robin_tell_image(RoundRobin *robin, double t_s)
{
    round_robin_settle(robin);
    tell_image_region(robin, t_s);
}

void
round_robin_tell_image_rest(RoundRobin *robin, double t_s)
{
    const gsize words = robin->set->words;

    round_robin_tell_image(robin, t_s);
    robin->has_image = FALSE;
    for (gsize w = 0; w < words; w += DIRTY_REGION_WORDS)
        page_set_receive(robin->set, t_s, w, MIN(DIRTY_REGION_WORDS, words - w), robin->dirty + w);
}

/* ---- groups ---- */

/* The pages of a word that hold something. */
static guint64
content_bits(const RoundRobin *robin, gsize word)
{
    const PageSetMember *member = &robin->set->members[0];

    return member->content ? member->content[word] : bitmap_range_mask(word, 0, member->used_pages);
}

/* The dirty pages from a dirty page on to the first dirty one that is not alike, within its word. */
static PageGroup
group_in_word(const RoundRobin *robin, guint64 page)
{
    const gsize word = (gsize)(page / 64);
    const guint64 dirty = robin->dirty[word] & (~G_GUINT64_CONSTANT(0) << page % 64);
    const guint64 full = content_bits(robin, word);
    const gboolean content = full >> page % 64 & 1;
    const guint64 unlike = dirty & (content ? ~full : full);
    const guint64 bits = unlike ? dirty & ((unlike & -unlike) - 1) : dirty;

    return (PageGroup){.word = word, .bits = bits, .pages = bitmap_count_word(bits), .content = content};
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

const PageGroup *
round_robin_group(RoundRobin *robin, gsize most_words, double t_s)
{
    const gsize words = robin->set->words;
    guint64 page;

    if (robin->group.sent < robin->group.pages)
        return &robin->group;
    round_robin_settle(robin);
    if (robin->remaining == 0)
        return NULL;
    page = robin->cursor;
    if (!bitmap_next(robin->dirty, words, &page)) {
        page = 0;
        (void)bitmap_next(robin->dirty, words, &page);
    }
    robin->group = group_in_word(robin, page);
    const gsize region = robin->group.word / DIRTY_REGION_WORDS, region_end = (region + 1) * DIRTY_REGION_WORDS;
    extend_group(robin, &robin->group, MIN(MIN(region_end, words), robin->group.word + most_words));
    if (region != robin->received_region) {
        tell_image_region(robin, t_s);
        robin->received_region = region;
    }
    return &robin->group;
}

void
round_robin_sent(RoundRobin *robin, guint64 pages)
{
    robin->group.sent += pages;
    robin->remaining -= pages;
}

/* Pages of one word leave the bitmap. */
static void
take(RoundRobin *robin, gsize word, guint64 bits)
{
    robin->dirty[word] &= ~bits;
    if (robin->has_image)
        robin->received[word % DIRTY_REGION_WORDS] |= bits;
    robin->cursor = (guint64)word * 64 + (64 - (guint)__builtin_clzll(bits));
}

guint64
round_robin_settle(RoundRobin *robin)
{
    const PageGroup group = robin->group;

    robin->group = (PageGroup){0};
    if (group.sent == 0)
        return 0;
    const guint in_first = bitmap_count_word(group.bits);
    const guint64 first = bitmap_lowest(group.bits, (guint)MIN(group.sent, in_first));
    take(robin, group.word, first);
    gsize word = group.word + 1;
    for (guint64 left = group.sent - MIN(group.sent, in_first); left > 0; word++) {
        const guint n = (guint)MIN(left, 64);
        take(robin, word, bitmap_mask(0, n));
        left -= n;
    }
    return first;
}

gboolean
round_robin_jump(RoundRobin *robin, guint64 page)
{
    round_robin_settle(robin);
    if (!bitmap_test(robin->dirty, page))
        return FALSE;
    robin->cursor = page;
    return TRUE;
}

/* ---- synchronization ---- */

guint64
round_robin_merge_log(RoundRobin *robin, double t_s)
{
    guint64 fresh = 0;

    round_robin_tell_image(robin, t_s);
    if (page_set_fetch_and_clear(robin->set, t_s, robin->log) == 0)
        return 0;
    for (gsize w = 0; w < robin->set->words; w++) {
        if (!robin->log[w])
            continue;
        fresh += bitmap_count_word(robin->log[w] & ~robin->dirty[w]);
        robin->dirty[w] |= robin->log[w];
    }
    robin->remaining += fresh;
    return fresh;
}
