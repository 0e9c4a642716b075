/* What is known about a guest's pages: the dirty bits, how many there are per region, and whoever else watches writes.
 *
 * The part of the log that everything which writes pages shares (models/memory/writer.h samples, playback.h replays);
 * models/memory/dirty.h decides when.
 */
#ifndef TANDEM_MODELS_MEMORY_MARKS_H
#define TANDEM_MODELS_MEMORY_MARKS_H

#include "models/memory/bitmap.h"

#define MARKS_REGION_PAGES 1024u
#define MARKS_REGION_WORDS (MARKS_REGION_PAGES / 64u)

typedef struct {
    guint64 pages;
    gsize n_words;
    gsize n_regions;
    guint64 *bits; /* owned, n_words; NULL while nobody has written: of a guest whose pages are counted, for ever */
    guint16 *region_dirty; /* owned, n_regions: bits set in it */
    guint64 dirty;         /* bits set in all */
    guint64 *watched;      /* borrowed, n_words: bits that each write sets as well; NULL: nobody watches */
} Marks;

void marks_init(Marks *marks, guint64 pages);
void marks_clear(Marks *marks); /* frees what it owns */
/* The bits, which are made for the first write. */
static inline guint64 *
marks_bits(Marks *marks)
{
    if (G_UNLIKELY(!marks->bits))
        marks->bits = g_new0(guint64, marks->n_words);
    return marks->bits;
}

/* Copies words first_word … of the bits to out. */
void marks_peek(const Marks *marks, gsize first_word, gsize n_words, guint64 *out);

/* One write, for who watches only. */
static inline void
marks_show_write(Marks *marks, guint64 page)
{
    if (marks->watched)
        bitmap_set(marks->watched, page);
}

/* One write to one page. */
static inline void
marks_write(Marks *marks, guint64 page)
{
    const guint64 bit = G_GUINT64_CONSTANT(1) << (page % 64);
    guint64 *word = &marks_bits(marks)[page / 64];
    const guint fresh = (*word & bit) == 0;

    *word |= bit;
    marks->region_dirty[page / MARKS_REGION_PAGES] += (guint16)fresh;
    marks->dirty += fresh;
    marks_show_write(marks, page);
}

/* At least one write to each page set in `touched`, n_words words from first_word on, all within one region. */
void marks_write_words(Marks *marks, gsize first_word, gsize n_words, const guint64 *touched);

/* At least one write to each page of [first, end). */
void marks_write_range(Marks *marks, guint64 first, guint64 end);

/* Copies all bits to out (may be NULL) and clears them; returns how many were set. */
guint64 marks_fetch(Marks *marks, guint64 *out);

#endif
