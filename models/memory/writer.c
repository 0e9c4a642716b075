#include "models/memory/writer.h"

#include "models/memory/zipf.h"

/* chosen: expected writes per word above which filling the word is cheaper (measured, see docs/models/memory.md) */
#define DENSE_WRITES_PER_WORD 0.75
/* chosen: single writes that cost about as much as one more halving of a Zipf piece */
#define EXCESS_WRITES_MAX 8.0
/* 1 - exp(-m) is 1 in double precision from m = 37.5 on */
#define CERTAIN_WRITES 38.0

static void
add_stretch(Writer *writer, guint64 first, guint64 pages, double rate)
{
    if (rate > 0)
        writer->stretches[writer->n_stretches++] = (WriterStretch){first, first + pages, rate / (double)pages};
}

/* The region's weights, so that a region where nothing happens costs one multiplication. */
static void
init_zipf(Writer *writer, const Workload *workload)
{
    const gsize first_region = (gsize)(writer->first / MARKS_REGION_PAGES);
    const gsize end_region = (gsize)((writer->end - 1) / MARKS_REGION_PAGES) + 1;

    writer->exponent = workload->exponent;
    writer->rate = workload->rate_pages_s / zipf_sum(workload->exponent, 0, workload->pages);
    writer->region_weights = g_new(double, end_region - first_region);
    for (gsize region = first_region; region < end_region; region++) {
        const guint64 begin = (guint64)region * MARKS_REGION_PAGES;
        writer->region_weights[region - first_region] =
            zipf_sum(workload->exponent, MAX(begin, writer->first) - writer->first,
                     MIN(begin + MARKS_REGION_PAGES, writer->end) - writer->first);
    }
}

void
writer_init(Writer *writer, const Workload *workload)
{
    g_return_if_fail(writer && workload);

    *writer = (Writer){.kind = workload->kind};
    const gboolean random =
        workload->kind == WORKLOAD_UNIFORM || workload->kind == WORKLOAD_HOT_COLD || workload->kind == WORKLOAD_ZIPF;
    if ((!random && workload->kind != WORKLOAD_SWEEP) || workload->rate_pages_s <= 0)
        return;
    const double rate = workload->rate_pages_s;
    writer->first = workload->first_page;
    writer->end = workload->first_page + workload->pages;
    writer->rate = rate;
    if (workload->kind == WORKLOAD_UNIFORM)
        add_stretch(writer, writer->first, workload->pages, rate);
    if (workload->kind == WORKLOAD_HOT_COLD) {
        const guint64 hot = workload->hot_pages;
        add_stretch(writer, writer->first, hot, rate * workload->hot_share);
        add_stretch(writer, writer->first + hot, workload->pages - hot, rate * (1 - workload->hot_share));
    }
    if (workload->kind == WORKLOAD_ZIPF)
        init_zipf(writer, workload);
}

void
writer_clear(Writer *writer)
{
    g_clear_pointer(&writer->region_weights, g_free);
}

/* Each page of [first, end), all in one region, is written with probability p. */
static void
write_dense(Sampler *sampler, Marks *marks, guint64 first, guint64 end, double p)
{
    const gsize first_word = (gsize)(first / 64), n_words = bitmap_words(end) - first_word;
    guint64 touched[MARKS_REGION_WORDS];

    sampler_fill(sampler, p, n_words, touched);
    touched[0] &= bitmap_range_mask(first_word, first, end);
    touched[n_words - 1] &= bitmap_range_mask(first_word + n_words - 1, first, end);
    marks_write_words(marks, first_word, n_words, touched);
}

static gboolean
is_sparse(double writes, guint64 first, guint64 end)
{
    return writes <= DENSE_WRITES_PER_WORD * (double)(bitmap_words(end) - first / 64);
}

/* Each page of [first, end), all in one region, expects m writes. */
static void
write_alike(Sampler *sampler, Marks *marks, guint64 first, guint64 end, double m)
{
    double intensity = m * (double)(end - first);

    if (!is_sparse(intensity, first, end)) {
        write_dense(sampler, marks, first, end, 1.0 - exp(-m)); /* m is no smaller than 0.01 here: exp loses nothing */
        return;
    }
    while (sampler_next_write(sampler, &intensity))
        marks_write(marks, first + random_below(&sampler->random, end - first));
}

/* A piece of a Zipf working set: pages [first, end) of one region. */
typedef struct {
    const Writer *writer;
    Sampler *sampler;
    Marks *marks;
    double scale; /* expected writes of a page of weight 1 */
} ZipfSpan;

static double
page_writes(const ZipfSpan *span, guint64 page)
{
    return span->scale * zipf_weight(span->writer->exponent, page - span->writer->first);
}

/* Single writes in proportion to the pages' rates. */
static void
write_zipf_singly(const ZipfSpan *span, guint64 first, guint64 end, double intensity)
{
    const guint64 origin = span->writer->first;

    while (sampler_next_write(span->sampler, &intensity))
        marks_write(span->marks,
                    origin + zipf_draw(&span->sampler->random, span->writer->exponent, first - origin, end - origin));
}

/* Single writes in proportion to what the pages' rates exceed the last page's by. */
static void
write_zipf_excess(const ZipfSpan *span, guint64 first, guint64 end, double intensity)
{
    const guint64 origin = span->writer->first;

    while (sampler_next_write(span->sampler, &intensity))
        marks_write(span->marks, origin + zipf_draw_excess(&span->sampler->random, span->writer->exponent,
                                                           first - origin, end - origin));
}

/* Pages of one word: the base m for all, then each page that it left untouched with what it has beyond the base. */
static void
write_zipf_word(const ZipfSpan *span, guint64 first, guint64 end, double m)
{
    const gsize word = (gsize)(first / 64);
    const guint64 mask = bitmap_range_mask(word, first, end);
    guint64 touched;

    sampler_fill(span->sampler, -expm1(-m), 1, &touched);
    touched &= mask;
    for (guint64 left = mask & ~touched; left;) {
        const guint bit = bitmap_take(&left);
        const double excess = page_writes(span, (guint64)word * 64 + bit) - m;
        touched |= (guint64)(random_unit(&span->sampler->random) < -expm1(-excess)) << bit;
    }
    marks_write_words(span->marks, word, 1, &touched);
}

/* Recursion of at most four halvings (a region has 16 words). */
static void
write_zipf(const ZipfSpan *span, guint64 first, guint64 end, double intensity)
{
    if (is_sparse(intensity, first, end)) {
        write_zipf_singly(span, first, end, intensity);
        return;
    }
    const double base = page_writes(span, end - 1);
    const double excess = MAX(intensity - base * (double)(end - first), 0);
    if (base > CERTAIN_WRITES || excess <= EXCESS_WRITES_MAX) {
        write_alike(span->sampler, span->marks, first, end, base);
        if (base <= CERTAIN_WRITES && end - first > 1)
            write_zipf_excess(span, first, end, excess);
        return;
    }
    const gsize first_word = (gsize)(first / 64), n_words = bitmap_words(end) - first_word;
    if (n_words == 1) {
        write_zipf_word(span, first, end, base);
        return;
    }
    const guint64 middle = (guint64)(first_word + n_words / 2) * 64, origin = span->writer->first;
    const double lower = span->scale * zipf_sum(span->writer->exponent, first - origin, middle - origin);
    write_zipf(span, first, middle, MIN(lower, intensity));
    write_zipf(span, middle, end, MAX(intensity - lower, 0));
}

/* The part of [first, end) that lies in [begin, region_end), as marks. */
static void
write_overlap(Marks *marks, guint64 first, guint64 end, guint64 begin, guint64 region_end)
{
    marks_write_range(marks, MAX(first, begin), MIN(end, region_end));
}

/* Writes number floor(rate from) + 1 … floor(rate to), of which number i goes to page (i - 1) % pages. */
static void
write_sweep(const Writer *writer, Marks *marks, guint64 begin, guint64 end, double from_s, double to_s)
{
    const double pages = (double)(writer->end - writer->first);
    const double done = floor(writer->rate * from_s), due = floor(writer->rate * to_s);

    if (due - done >= pages) {
        write_overlap(marks, writer->first, writer->end, begin, end);
        return;
    }
    const guint64 from = writer->first + (guint64)fmod(done, pages);
    const guint64 to = from + (guint64)(due - done);
    write_overlap(marks, from, MIN(to, writer->end), begin, end);
    if (to > writer->end) /* round the corner */
        write_overlap(marks, writer->first, to - (writer->end - writer->first), begin, end);
}

void
writer_advance(const Writer *writer, Sampler *sampler, Marks *marks, gsize region, double from_s, double to_s)
{
    const guint64 begin = (guint64)region * MARKS_REGION_PAGES, end = begin + MARKS_REGION_PAGES;
    const guint64 first = MAX(begin, writer->first), last = MIN(end, writer->end);

    if (first >= last || to_s <= from_s)
        return;
    if (writer->kind == WORKLOAD_SWEEP) {
        write_sweep(writer, marks, begin, end, from_s, to_s);
        return;
    }
    if (writer->kind == WORKLOAD_ZIPF) {
        const ZipfSpan span = {writer, sampler, marks, writer->rate * (to_s - from_s)};
        const gsize index = region - (gsize)(writer->first / MARKS_REGION_PAGES);
        write_zipf(&span, first, last, span.scale * writer->region_weights[index]);
        return;
    }
    for (guint i = 0; i < writer->n_stretches; i++) {
        const WriterStretch *stretch = &writer->stretches[i];
        const guint64 from = MAX(begin, stretch->first), to = MIN(end, stretch->end);
        if (from < to)
            write_alike(sampler, marks, from, to, stretch->rate * (to_s - from_s));
    }
}
