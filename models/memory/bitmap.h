/* Page bitmaps: arrays of 64-bit words, page p is bit p % 64 of word p / 64; bits beyond the last page are 0.
 *
 * Word helpers that every walk over memory uses, inlined. Ranges are [first, end).
 */
#ifndef TANDEM_MODELS_MEMORY_BITMAP_H
#define TANDEM_MODELS_MEMORY_BITMAP_H

#include <glib.h>
#include <string.h>

#define BITMAP_WORD_PAGES 64u

/* Words that hold this many pages. */
static inline gsize
bitmap_words(guint64 pages)
{
    return (gsize)((pages + 63) / 64);
}

/* Bits first … end - 1 of one word, 0 <= first <= end <= 64. */
static inline guint64
bitmap_mask(guint first, guint end)
{
    const guint64 below_end = end >= 64 ? ~G_GUINT64_CONSTANT(0) : (G_GUINT64_CONSTANT(1) << end) - 1;
    return first >= 64 ? 0 : below_end & (~G_GUINT64_CONSTANT(0) << first);
}

/* The bits of word `word` that stand for pages of [first, end). */
static inline guint64
bitmap_range_mask(gsize word, guint64 first, guint64 end)
{
    const guint64 begin = (guint64)word * 64;
    const guint64 lo = CLAMP(first, begin, begin + 64) - begin;
    const guint64 hi = CLAMP(end, begin, begin + 64) - begin;
    return hi > lo ? bitmap_mask((guint)lo, (guint)hi) : 0;
}

/* The bits that exist in the last word of a bitmap of this many pages (> 0). */
static inline guint64
bitmap_last_mask(guint64 pages)
{
    return bitmap_mask(0, pages % 64 ? (guint)(pages % 64) : 64);
}

static inline gboolean
bitmap_test(const guint64 *words, guint64 page)
{
    return (words[page / 64] >> (page % 64)) & 1;
}

static inline void
bitmap_set(guint64 *words, guint64 page)
{
    words[page / 64] |= G_GUINT64_CONSTANT(1) << (page % 64);
}

/* Set bits of one word. By hand: the baseline x86-64 has no population count, and the compiler's substitute is a call.
 */
static inline guint
bitmap_count_word(guint64 word)
{
    word -= (word >> 1) & G_GUINT64_CONSTANT(0x5555555555555555);
    word = (word & G_GUINT64_CONSTANT(0x3333333333333333)) + ((word >> 2) & G_GUINT64_CONSTANT(0x3333333333333333));
    word = (word + (word >> 4)) & G_GUINT64_CONSTANT(0x0f0f0f0f0f0f0f0f);
    return (guint)((word * G_GUINT64_CONSTANT(0x0101010101010101)) >> 56);
}

/* The n lowest set bits of a word; all of them when there are no more. */
static inline guint64
bitmap_lowest(guint64 word, guint n)
{
    guint64 rest = word;

    if (n >= bitmap_count_word(word))
        return word;
    const guint first = (guint)__builtin_ctzll(word);
    const guint64 run = bitmap_mask(0, n) << first;
    if (first + n <= 64 && (word & run) == run) /* often: no gaps */
        return run;
    for (; n > 0; n--)
        rest &= rest - 1;
    return word & ~rest;
}

/* Set bits of many words, with the processor's own population count where it has one. */
guint64 bitmap_count(const guint64 *words, gsize n_words);

static inline gboolean
bitmap_any(const guint64 *words, gsize n_words)
{
    for (gsize w = 0; w < n_words; w++)
        if (words[w])
            return TRUE;
    return FALSE;
}

/* The first word from w on that is not 0; n_words when there is none. */
static inline gsize
bitmap_next_word(const guint64 *words, gsize n_words, gsize w)
{
    while (w + 4 <= n_words && (words[w] | words[w + 1] | words[w + 2] | words[w + 3]) == 0)
        w += 4;
    while (w < n_words && words[w] == 0)
        w++;
    return w;
}

/* to |= from */
static inline void
bitmap_or(guint64 *to, const guint64 *from, gsize n_words)
{
    for (gsize w = 0; w < n_words; w++)
        to[w] |= from[w];
}

/* to &= ~from */
static inline void
bitmap_and_not(guint64 *to, const guint64 *from, gsize n_words)
{
    for (gsize w = 0; w < n_words; w++)
        to[w] &= ~from[w];
}

/* Sets pages [first, end). */
static inline void
bitmap_set_range(guint64 *words, guint64 first, guint64 end)
{
    if (end <= first)
        return;
    const gsize first_word = (gsize)(first / 64), last_word = (gsize)((end - 1) / 64);

    words[first_word] |= bitmap_range_mask(first_word, first, end);
    for (gsize w = first_word + 1; w < last_word; w++)
        words[w] = ~G_GUINT64_CONSTANT(0);
    words[last_word] |= bitmap_range_mask(last_word, first, end);
}

/* All pages of a bitmap of this size, nothing beyond its last page. */
static inline void
bitmap_fill(guint64 *words, guint64 pages)
{
    const gsize n_words = bitmap_words(pages);

    memset(words, 0xff, n_words * sizeof *words);
    words[n_words - 1] = bitmap_last_mask(pages);
}

/* Moves *page on to the next set bit at or after it; FALSE when there is none.
 * for (guint64 p = 0; bitmap_next(words, n_words, &p); p++) … */
static inline gboolean
bitmap_next(const guint64 *words, gsize n_words, guint64 *page)
{
    gsize w = (gsize)(*page / 64);

    if (w >= n_words)
        return FALSE;
    guint64 word = words[w] & (~G_GUINT64_CONSTANT(0) << (*page % 64));
    while (word == 0) {
        if (++w >= n_words)
            return FALSE;
        word = words[w];
    }
    *page = (guint64)w * 64 + (guint)__builtin_ctzll(word);
    return TRUE;
}

/* Takes the lowest set bit out of a word (not 0) and returns its number. */
static inline guint
bitmap_take(guint64 *word)
{
    const guint bit = (guint)__builtin_ctzll(*word);

    *word &= *word - 1;
    return bit;
}

#endif
