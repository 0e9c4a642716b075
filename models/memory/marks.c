#include "models/memory/marks.h"

void
marks_init(Marks *marks, guint64 pages)
{
    g_return_if_fail(marks && pages > 0);

    *marks = (Marks){.pages = pages, .n_words = bitmap_words(pages)};
    marks->n_regions = (marks->n_words + MARKS_REGION_WORDS - 1) / MARKS_REGION_WORDS;
    marks->region_dirty = g_new0(guint16, marks->n_regions);
}

void
marks_clear(Marks *marks)
{
    g_clear_pointer(&marks->bits, g_free);
    g_clear_pointer(&marks->region_dirty, g_free);
}

void
marks_peek(const Marks *marks, gsize first_word, gsize n_words, guint64 *out)
{
    if (marks->bits)
        memcpy(out, marks->bits + first_word, n_words * sizeof *out);
    else
        memset(out, 0, n_words * sizeof *out);
}

static void
recount_region(Marks *marks, gsize region)
{
    const gsize first_word = region * MARKS_REGION_WORDS;
    const guint64 *bits = marks->bits + first_word;
    const guint dirty = (guint)bitmap_count(bits, MIN(MARKS_REGION_WORDS, marks->n_words - first_word));

    marks->dirty += dirty - marks->region_dirty[region];
    marks->region_dirty[region] = (guint16)dirty;
}

void
marks_write_words(Marks *marks, gsize first_word, gsize n_words, const guint64 *touched)
{
    bitmap_or(marks_bits(marks) + first_word, touched, n_words);
    if (marks->watched)
        bitmap_or(marks->watched + first_word, touched, n_words);
    recount_region(marks, first_word / MARKS_REGION_WORDS);
}

void
marks_write_range(Marks *marks, guint64 first, guint64 end)
{
    g_return_if_fail(end <= marks->pages);

    bitmap_set_range(marks_bits(marks), first, end);
    if (marks->watched)
        bitmap_set_range(marks->watched, first, end);
    for (; first < end; first = (first / MARKS_REGION_PAGES + 1) * MARKS_REGION_PAGES)
        recount_region(marks, (gsize)(first / MARKS_REGION_PAGES));
}

/* A whole region at a time, so that copying and clearing are a few vector moves. */
static void
fetch_region(Marks *marks, gsize region, guint64 *out)
{
    guint64 *bits = marks->bits + region * MARKS_REGION_WORDS;
    guint64 *to = out ? out + region * MARKS_REGION_WORDS : NULL;
    const gboolean clean = marks->region_dirty[region] == 0;

    marks->region_dirty[region] = 0;
    if (to && clean)
        memset(to, 0, MARKS_REGION_WORDS * sizeof *to);
    else if (to)
        memcpy(to, bits, MARKS_REGION_WORDS * sizeof *to);
    if (!clean)
        memset(bits, 0, MARKS_REGION_WORDS * sizeof *bits);
}

guint64
marks_fetch(Marks *marks, guint64 *out)
{
    const guint64 dirty = marks->dirty;
    const gsize whole = marks->n_words / MARKS_REGION_WORDS;
    const gsize rest = marks->n_words % MARKS_REGION_WORDS * sizeof *out, done = whole * MARKS_REGION_WORDS;

    if (dirty == 0) {
        if (out)
            memset(out, 0, marks->n_words * sizeof *out);
        return 0;
    }
    for (gsize region = 0; region < whole; region++)
        fetch_region(marks, region, out);
    if (rest > 0) {
        if (out)
            memcpy(out + done, marks->bits + done, rest);
        memset(marks->bits + done, 0, rest);
        marks->region_dirty[whole] = 0;
    }
    marks->dirty = 0;
    return dirty;
}
