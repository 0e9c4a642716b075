#include "models/memory/writer.h"

#include "models/memory/zipf.h"

/* chosen: expected writes per word above which filling the word is cheaper (measured, see docs/models/memory.md) */
#define DENSE_WRITES_PER_WORD 0.5
/* chosen: single writes that cost about as much as one more halving of a Zipf piece */
#define EXCESS_WRITES_MAX 8.0
/* chosen: what a page that decides for itself costs (a power and an exponential), in single writes */
#define LEFT_PAGE_WRITES 4.0

static void
add_stretch(Writer *writer, guint64 first, guint64 pages, double rate)
{
    if (rate > 0)
        writer->stretches[writer->n_stretches++] = (WriterStretch){first, first + pages, rate / (double)pages};
}

static void
add_classes(Writer *writer, const Workload *workload)
{
    guint64 first = workload->first_page;

    for (gsize i = 0; i < workload->n_classes; i++) {
        const WorkloadClass *class = &workload->classes[i];
        add_stretch(writer, first, class->pages, workload->rate_pages_s * class->share);
        first += class->pages;
    }
}

/* The regions' weights are kept, so that a region where nothing happens costs one multiplication. */
static void
init_zipf(Writer *writer, const Workload *workload)
{
    const gsize first_region = (gsize)(writer->first / MARKS_REGION_PAGES);
    const gsize end_region = (gsize)((writer->end - 1) / MARKS_REGION_PAGES) + 1;
    const double exponent = workload->exponent;

    writer->exponent = exponent;
    writer->rate = workload->rate_pages_s / zipf_sum(exponent, 0, workload->pages);
    writer->zipf = g_new(WriterZipf, end_region - first_region);
    for (gsize region = first_region; region < end_region; region++) {
        const guint64 begin = (guint64)region * MARKS_REGION_PAGES;
        const guint64 first = MAX(begin, writer->first) - writer->first;
        const guint64 end = MIN(begin + MARKS_REGION_PAGES, writer->end) - writer->first;
        writer->zipf[region - first_region] =
            (WriterZipf){zipf_sum(exponent, first, end), zipf_weight(exponent, first), zipf_weight(exponent, end - 1)};
    }
}

void
writer_init(Writer *writer, const Workload *workload)
{
    g_return_if_fail(writer && workload);

    *writer = (Writer){.kind = workload->kind};
    if (!workload_is_drawn(workload->kind) || workload->rate_pages_s <= 0)
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
    if (workload->kind == WORKLOAD_CURVE)
        add_classes(writer, workload);
    if (workload->kind == WORKLOAD_ZIPF)
        init_zipf(writer, workload);
}

void
writer_clear(Writer *writer)
{
    g_clear_pointer(&writer->zipf, g_free);
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
        write_dense(sampler, marks, first, end, 1.0 - exp(-m)); /* m > 0.007 here: the difference loses two digits */
        return;
    }
    while (sampler_next_write(sampler, &intensity))
        marks_write(marks, first + random_below(&sampler->random, end - first));
}

/* A Zipf workload in one region and span of time. */
typedef struct {
    guint64 origin; /* the working set's first page */
    Sampler *sampler;
    Marks *marks;
    double scale; /* expected writes of a page of weight 1 */
} ZipfSpan;

/* Single writes in proportion to the pages' rates. */
static void
write_zipf_singly(const ZipfSpan *span, const ZipfRange *range, double writes)
{
    while (sampler_next_write(span->sampler, &writes))
        marks_write(span->marks, span->origin + zipf_draw(&span->sampler->random, range));
}

/* The base for all, then single writes in proportion to what the pages' rates exceed it by. */
static void
write_zipf_base(const ZipfSpan *span, const ZipfRange *range, double base, double excess)
{
    write_alike(span->sampler, span->marks, span->origin + range->first, span->origin + range->end, base);
    while (sampler_next_write(span->sampler, &excess))
        marks_write(span->marks, span->origin + zipf_draw_excess(&span->sampler->random, range));
}

/* Pages of `left` (a part of word `word`) that their excess over the base writes. */
static guint64
touch_left(const ZipfSpan *span, double exponent, gsize word, guint64 left, double base)
{
    guint64 touched = 0;

    while (left) {
        const guint bit = bitmap_take(&left);
        const double weight = zipf_weight(exponent, (guint64)word * 64 + bit - span->origin);
        const double excess = MAX(span->scale * weight - base, 0);
        touched |= (guint64)(random_unit(&span->sampler->random) < -expm1(-excess)) << bit;
    }
    return touched;
}

/* The base for all, then each page that it left untouched decides for itself. */
static void
write_zipf_densely(const ZipfSpan *span, const ZipfRange *range, double base)
{
    const guint64 first = span->origin + range->first, end = span->origin + range->end;
    const gsize first_word = (gsize)(first / 64), n_words = bitmap_words(end) - first_word;
    guint64 touched[MARKS_REGION_WORDS];

    sampler_fill(span->sampler, -expm1(-base), n_words, touched);
    for (gsize w = 0; w < n_words; w++) {
        const guint64 mask = bitmap_range_mask(first_word + w, first, end);
        touched[w] = (touched[w] & mask) | touch_left(span, range->exponent, first_word + w, mask & ~touched[w], base);
    }
    marks_write_words(span->marks, first_word, n_words, touched);
}

/* Recursion of at most four halvings (a region has 16 words). */
static void
write_zipf(const ZipfSpan *span, const ZipfRange *range, double writes)
{
    const guint64 first = span->origin + range->first, end = span->origin + range->end;
    const double pages = (double)(range->end - range->first), base = span->scale * range->least;
    const double excess = MAX(writes - base * pages, 0);
    const double left_cost = LEFT_PAGE_WRITES * pages * exp(-base); /* of write_zipf_densely, in single writes */
    const gsize first_word = (gsize)(first / 64), n_words = bitmap_words(end) - first_word;

    if (is_sparse(writes, first, end)) {
        write_zipf_singly(span, range, writes);
        return;
    }
    if (n_words == 1 || MIN(excess, left_cost) <= EXCESS_WRITES_MAX) {
        if (excess <= left_cost)
            write_zipf_base(span, range, base, excess);
        else
            write_zipf_densely(span, range, base);
        return;
    }
    const guint64 middle = (guint64)(first_word + n_words / 2) * 64 - span->origin;
    const ZipfRange halves[2] = {zipf_range(range->exponent, range->first, middle),
                                 zipf_range(range->exponent, middle, range->end)};
    const double lower = MIN(span->scale * zipf_sum(range->exponent, range->first, middle), writes);
    write_zipf(span, &halves[0], lower);
    write_zipf(span, &halves[1], writes - lower);
}

/* The pages [first, end) of one region. */
static void
advance_zipf(const Writer *writer, Sampler *sampler, Marks *marks, guint64 first, guint64 end, double dt_s)
{
    const WriterZipf *zipf = &writer->zipf[first / MARKS_REGION_PAGES - writer->first / MARKS_REGION_PAGES];
    const ZipfSpan span = {writer->first, sampler, marks, writer->rate * dt_s};
    const ZipfRange range = {writer->exponent, first - writer->first, end - writer->first, zipf->most, zipf->least};
    const double writes = span.scale * zipf->sum;

    if (is_sparse(writes, first, end))
        write_zipf_singly(&span, &range, writes);
    else
        write_zipf(&span, &range, writes);
}

void
writer_advance(const Writer *writer, Sampler *sampler, Marks *marks, gsize region, double from_s, double to_s)
{
    const guint64 begin = (guint64)region * MARKS_REGION_PAGES, end = begin + MARKS_REGION_PAGES;
    const guint64 first = MAX(begin, writer->first), last = MIN(end, writer->end);

    if (first >= last || to_s <= from_s)
        return;
    if (writer->kind == WORKLOAD_ZIPF) {
        advance_zipf(writer, sampler, marks, first, last, to_s - from_s);
        return;
    }
    for (guint i = 0; i < writer->n_stretches; i++) {
        const WriterStretch *stretch = &writer->stretches[i];
        const guint64 from = MAX(begin, stretch->first), to = MIN(end, stretch->end);
        if (from < to)
            write_alike(sampler, marks, from, to, stretch->rate * (to_s - from_s));
    }
}
