#include "models/memory/dirty.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

/* Working sets that begin and end within words and regions, for each random kind. */
static const struct {
    guint64 guest_pages;
    Workload workload;
} guests[] = {
    {1300, {.kind = WORKLOAD_UNIFORM, .first_page = 37, .pages = 1201, .rate_pages_s = 1201}},
    {130, {.kind = WORKLOAD_UNIFORM, .first_page = 63, .pages = 2, .rate_pages_s = 2}},
    {2200,
     {.kind = WORKLOAD_HOT_COLD,
      .first_page = 1000,
      .pages = 1190,
      .rate_pages_s = 900,
      .hot_pages = 50,
      .hot_share = 0.8}},
    {400, {.kind = WORKLOAD_HOT_COLD, .pages = 400, .rate_pages_s = 300, .hot_pages = 399, .hot_share = 0.5}},
    {2500, {.kind = WORKLOAD_ZIPF, .first_page = 1000, .pages = 1500, .rate_pages_s = 1500, .exponent = 1}},
    {1100, {.kind = WORKLOAD_ZIPF, .first_page = 5, .pages = 1060, .rate_pages_s = 4000, .exponent = 0.6}},
    {3000, {.kind = WORKLOAD_ZIPF, .first_page = 10, .pages = 2900, .rate_pages_s = 9000, .exponent = 1.7}},
};
#define N_GUESTS ((int)G_N_ELEMENTS(guests))

/* Seconds looked at: from a handful of writes to most pages dirty. */
static const double spans_s[] = {0.004, 0.02, 0.15, 1.1, 5};
#define N_SPANS ((int)G_N_ELEMENTS(spans_s))

/* Ways of looking at a log up to t_s; none may change the distribution. */
static void
look_once(DirtyLog *log, double t_s, RandomStream *random)
{
    (void)log, (void)t_s, (void)random;
}

static void
look_often(DirtyLog *log, double t_s, RandomStream *random)
{
    g_autofree guint64 *out = g_new(guint64, dirty_words(log));

    (void)random;
    for (int i = 1; i <= 9; i++)
        dirty_peek(log, t_s * i / 10, 0, dirty_words(log), out);
}

/* Words at random, and so regions in any order, each at its own times. */
static void
look_anywhere(DirtyLog *log, double t_s, RandomStream *random)
{
    guint64 out[4];

    for (int i = 1; i <= 12; i++) {
        const guint64 wanted = 1 + random_below(random, 4);
        const gsize n = MIN(wanted, dirty_words(log));
        dirty_peek(log, t_s * i / 13, random_below(random, dirty_words(log) - n + 1), n, out);
    }
}

static void (*const looks[])(DirtyLog *, double, RandomStream *) = {look_once, look_often, look_anywhere};
#define N_LOOKS ((int)G_N_ELEMENTS(looks))

/* Sum over independent cells of (observed - mean)^2 / variance; cells of little variance are pooled. */
typedef struct {
    double sum, degrees, rest, rest_variance;
} ChiSquare;

static void
chi_square_add(ChiSquare *chi, double difference, double variance)
{
    if (variance < 5) {
        chi->rest += difference;
        chi->rest_variance += variance;
        return;
    }
    chi->sum += difference * difference / variance;
    chi->degrees++;
}

static void
chi_square_assert(ChiSquare chi, const char *what)
{
    if (chi.rest_variance > 0) {
        chi.sum += chi.rest * chi.rest / MAX(chi.rest_variance, 1);
        chi.degrees++;
    }
    ck_assert_msg(chi.sum < chi_square_bound(chi.degrees), "%s: chi-square %g of %g degrees", what, chi.sum,
                  chi.degrees);
}

/* What many logs showed: how often each page was dirty, and how the numbers of dirty pages and of neighbours vary. */
typedef struct {
    guint64 n;
    double *counts;  /* per page of the guest */
    double squares;  /* of dirty pages - their mean */
    double pairs[2]; /* of (x_k - p_k) (x_{k+d} - p_{k+d}), d = 1 and 64 */
} Tally;

static void
tally_add(Tally *tally, const guint64 *bits, const Workload *w, const double *p, double mean)
{
    const guint64 lags[2] = {1, 64};
    double dirty = 0;

    for (guint64 k = 0; k < w->pages; k++) {
        const double x = bitmap_test(bits, w->first_page + k);
        dirty += x;
        for (int i = 0; i < 2; i++)
            if (k + lags[i] < w->pages)
                tally->pairs[i] += (x - p[k]) * (bitmap_test(bits, w->first_page + k + lags[i]) - p[k + lags[i]]);
        tally->counts[w->first_page + k] += x;
    }
    tally->squares += (dirty - mean) * (dirty - mean);
    tally->n++;
}

/* Each page's probability (chi-square), the count's variance and the neighbours' covariance (five standard errors). */
static void
tally_assert(const Tally *tally, const Workload *w, const double *p, const char *what)
{
    const double n = (double)tally->n;
    double variance = 0, pair_variance[2] = {0};
    ChiSquare chi = {0};

    for (guint64 k = 0; k < w->pages; k++) {
        const double v = p[k] * (1 - p[k]);
        chi_square_add(&chi, tally->counts[w->first_page + k] - n * p[k], n * v);
        variance += v;
        pair_variance[0] += k + 1 < w->pages ? v * p[k + 1] * (1 - p[k + 1]) : 0;
        pair_variance[1] += k + 64 < w->pages ? v * p[k + 64] * (1 - p[k + 64]) : 0;
    }
    chi_square_assert(chi, what);
    ck_assert_msg(fabs(tally->squares / n - variance) < 5 * sqrt((variance + 2 * variance * variance) / n),
                  "%s: variance %g, not %g", what, tally->squares / n, variance);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(fabs(tally->pairs[i]) <= 5 * sqrt(n * pair_variance[i]) + 1, "%s: pairs %g", what,
                      tally->pairs[i]);
}

static double *
page_probabilities(const Workload *workload, double t_s)
{
    double *p = guest_shares(workload);

    for (guint64 k = 0; k < workload->pages; k++)
        p[k] = -expm1(-p[k] * workload->rate_pages_s * t_s);
    return p;
}

/* A page written at rate r is dirty after t with probability 1 - e^(-rt), independently of the others: every random
 * kind, sparse to dense, looked at in one go, in steps and in any order. */
START_TEST(each_page_has_its_own_independent_probability)
{
    const int guest = _i % N_GUESTS, span = _i / N_GUESTS % N_SPANS, look = _i / N_GUESTS / N_SPANS;
    const Workload *w = &guests[guest].workload;
    const guint64 pages = guests[guest].guest_pages;
    const double t_s = spans_s[span];
    g_autofree double *p = page_probabilities(w, t_s);
    g_autofree guint64 *bits = g_new(guint64, bitmap_words(pages));
    g_autofree double *counts = g_new0(double, pages);
    g_autofree char *what = g_strdup_printf("guest %d, %g s, look %d", guest, t_s, look);
    RandomStream random = guest_random(99);
    Tally tally = {.counts = counts};
    double mean = 0;

    for (guint64 k = 0; k < w->pages; k++)
        mean += p[k];
    for (guint64 seed = 0; seed < 350; seed++) {
        g_autoptr(DirtyLog) log = guest_log(pages, seed, FALSE, w);
        looks[look](log, t_s, &random);
        const guint64 dirty = dirty_fetch_and_clear(log, t_s, bits);
        ck_assert_uint_eq(dirty, bitmap_count(bits, bitmap_words(pages)));
        tally_add(&tally, bits, w, p, mean);
        for (guint64 k = 0; k < w->pages; k++)
            bits[(w->first_page + k) / 64] &= ~(G_GUINT64_CONSTANT(1) << ((w->first_page + k) % 64));
        ck_assert(!bitmap_any(bits, bitmap_words(pages))); /* nothing outside the working set */
    }
    tally_assert(&tally, w, p, what);
}
END_TEST

/* The oracle simulates write by write. Page by page its counts and the log's differ by no more than chance, and so do
 * the numbers of dirty pages. */
START_TEST(agrees_with_a_write_by_write_simulation)
{
    const Workload *w = &guests[_i % N_GUESTS].workload;
    const guint64 pages = guests[_i % N_GUESTS].guest_pages, n = 160;
    const double t_s = spans_s[1 + _i / N_GUESTS];
    g_autofree double *shares = guest_shares(w);
    g_autofree double *counts = g_new0(double, 2 * pages);
    g_autofree guint64 *bits = g_new(guint64, bitmap_words(pages));
    RandomStream random = guest_random(7);
    double sums[2] = {0}, squares[2] = {0};
    ChiSquare chi = {0};

    for (guint64 seed = 0; seed < 2 * n; seed++) {
        const gboolean oracle = seed % 2;
        g_autoptr(DirtyLog) log = guest_log(pages, seed, FALSE, w);
        look_anywhere(log, t_s, &random);
        dirty_fetch_and_clear(log, t_s, bits);
        if (oracle) {
            memset(bits, 0, bitmap_words(pages) * sizeof *bits);
            guest_simulate(w, shares, &random, t_s, bits);
        }
        const double dirty = (double)bitmap_count(bits, bitmap_words(pages));
        sums[oracle] += dirty;
        squares[oracle] += dirty * dirty;
        for (guint64 page = 0; bitmap_next(bits, bitmap_words(pages), &page); page++)
            counts[oracle * pages + page]++;
    }
    for (guint64 page = 0; page < pages; page++) {
        const double both = (counts[page] + counts[pages + page]) / (2.0 * (double)n);
        chi_square_add(&chi, counts[page] - counts[pages + page], 2.0 * (double)n * both * (1 - both));
    }
    chi_square_assert(chi, "pages");
    const double variance =
        (squares[0] + squares[1] - (sums[0] * sums[0] + sums[1] * sums[1]) / (double)n) / (2.0 * (double)n - 2);
    ck_assert_double_lt(fabs(sums[0] - sums[1]), 5 * sqrt(2.0 * (double)n * variance) + 1);
}
END_TEST

/* After a fetch everything begins anew: the second interval's dirty pages are independent of the first's. */
START_TEST(intervals_between_fetches_are_independent)
{
    const Workload *w = &guests[_i].workload;
    const guint64 pages = guests[_i].guest_pages;
    g_autofree double *p = page_probabilities(w, 0.5);
    g_autofree guint64 *a = g_new(guint64, bitmap_words(pages)), *b = g_new(guint64, bitmap_words(pages));
    double product = 0, variance = 0;

    for (guint64 seed = 0; seed < 300; seed++) {
        g_autoptr(DirtyLog) log = guest_log(pages, seed, FALSE, w);
        dirty_fetch_and_clear(log, 0.5, a);
        dirty_fetch_and_clear(log, 1.0, b);
        for (guint64 k = 0; k < w->pages; k++) {
            product += (bitmap_test(a, w->first_page + k) - p[k]) * (bitmap_test(b, w->first_page + k) - p[k]);
            variance += pow(p[k] * (1 - p[k]), 2);
        }
    }
    ck_assert_double_lt(fabs(product), 5 * sqrt(variance));
}
END_TEST

/* Between fetches a bit once seen stays, peeks agree with each other, and bits beyond the last page stay 0. */
START_TEST(bits_stay_until_fetched_and_end_with_the_last_page)
{
    const guint64 sizes[] = {1, 2, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2047, 2049, 5000};
    const guint64 pages = sizes[_i % 13];
    RandomStream random = guest_random((guint64)_i);
    const Workload w = {.kind = _i % 2 ? WORKLOAD_ZIPF : WORKLOAD_UNIFORM,
                        .pages = pages,
                        .rate_pages_s = (double)pages,
                        .exponent = 1};
    g_autoptr(DirtyLog) log = guest_log(pages, (guint64)_i, FALSE, &w);
    const gsize n_words = dirty_words(log);
    g_autofree guint64 *seen = g_new0(guint64, n_words), *out = g_new(guint64, n_words);

    ck_assert_uint_eq(n_words, (pages + 63) / 64);
    for (int i = 1; i < 30; i++) {
        dirty_peek(log, 0.1 * i, 0, n_words, out);
        bitmap_and_not(seen, out, n_words);
        ck_assert(!bitmap_any(seen, n_words));
        memcpy(seen, out, n_words * sizeof *out);
        ck_assert_uint_eq(out[n_words - 1] & ~bitmap_last_mask(pages), 0);
        if (random_below(&random, 6) > 0)
            continue;
        ck_assert_uint_eq(dirty_fetch_and_clear(log, 0.1 * i, out), bitmap_count(seen, n_words));
        ck_assert_mem_eq(out, seen, n_words * sizeof *out);
        dirty_peek(log, 0.1 * i, 0, n_words, seen);
        ck_assert(!bitmap_any(seen, n_words));
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1e9, out),
                      w.kind == WORKLOAD_UNIFORM ? pages : bitmap_count(out, n_words));
    ck_assert_uint_eq(out[n_words - 1] & ~bitmap_last_mask(pages), 0);
}
END_TEST

START_TEST(a_suspended_guest_writes_nothing)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 5000, .rate_pages_s = 1e6};
    g_autoptr(DirtyLog) log = guest_log(5000, 1, TRUE, &w);

    dirty_set_speed(log, 1, 0);
    ck_assert(!dirty_is_active(log, 1));
    ck_assert_uint_gt(dirty_fetch_and_clear(log, 1, NULL), 0);
    const guint32 before = dirty_versions(log, 1, 0, dirty_words(log))[4999];
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1e6, NULL), 0);
    ck_assert_uint_eq(dirty_versions(log, 1e6, 0, dirty_words(log))[4999], before);
    dirty_set_speed(log, 1e6, 1);
    ck_assert(dirty_is_active(log, 1e6));
    ck_assert_uint_gt(dirty_fetch_and_clear(log, 1e6 + 1, NULL), 0);
}
END_TEST

/* Time at quarter speed is guest time divided by four: the same seed gives the same bits, of every kind. */
START_TEST(a_throttled_guest_does_the_same_later)
{
    const Workload *w = &guests[_i].workload;
    g_autoptr(DirtyLog) full = guest_log(guests[_i].guest_pages, 3, FALSE, w);
    g_autoptr(DirtyLog) slow = guest_log(guests[_i].guest_pages, 3, FALSE, w);
    const gsize n_words = dirty_words(full);
    g_autofree guint64 *a = g_new(guint64, n_words), *b = g_new(guint64, n_words);

    dirty_set_speed(slow, 0, 0.25);
    ck_assert_double_eq(dirty_speed(slow), 0.25);
    for (int i = 1; i < 9; i++) { /* powers of two, so that both clocks are exact */
        dirty_peek(full, i * 0x1p-6, 0, n_words, a);
        dirty_peek(slow, i * 0x1p-4, 0, n_words, b);
        ck_assert_mem_eq(a, b, n_words * sizeof *a);
    }
    ck_assert(bitmap_any(a, n_words) || guests[_i].guest_pages == 130);
}
END_TEST

/* Two phases: pages of the first by its probability over its time, of the second over the rest. */
START_TEST(a_new_workload_takes_over_at_its_date)
{
    const Workload one = {.kind = WORKLOAD_UNIFORM, .pages = 1000, .rate_pages_s = 1000};
    const Workload two = {
        .kind = WORKLOAD_ZIPF, .first_page = 500, .pages = 1000, .rate_pages_s = 500, .exponent = 0.5};
    g_autofree double *p = page_probabilities(&two, 0.7);
    g_autofree double *counts = g_new0(double, 1500);
    guint64 bits[24];
    ChiSquare chi = {0};
    const double n = 1000;

    for (guint64 seed = 0; seed < 1000; seed++) {
        g_autoptr(DirtyLog) log = guest_log(1500, seed, FALSE, &one);
        dirty_peek(log, 0.1, 5, 3, bits);
        dirty_set_workload(log, 0.3, &two);
        dirty_fetch_and_clear(log, 1, bits);
        for (guint64 page = 0; bitmap_next(bits, 24, &page); page++)
            counts[page]++;
    }
    for (guint64 page = 0; page < 1500; page++) {
        const double clean = (page < 1000 ? exp(-0.3) : 1) * (page < 500 ? 1 : 1 - p[page - 500]);
        chi_square_add(&chi, counts[page] - n * (1 - clean), n * clean * (1 - clean));
    }
    chi_square_assert(chi, "phases");
}
END_TEST

/* Checking a run must not change it: the same seed gives the same bits with and without versions. */
START_TEST(versions_change_no_bit)
{
    const Workload *w = &guests[_i % N_GUESTS].workload;
    const guint64 pages = guests[_i % N_GUESTS].guest_pages, seed = (guint64)_i;
    g_autoptr(DirtyLog) with = guest_log(pages, seed, TRUE, w);
    g_autoptr(DirtyLog) without = guest_log(pages, seed, FALSE, w);
    g_autofree guint64 *a = g_new(guint64, bitmap_words(pages)), *b = g_new(guint64, bitmap_words(pages));
    g_autofree guint32 *last = g_new0(guint32, pages);
    RandomStream random = guest_random(seed);
    double now_s = 0;

    for (int i = 0; i < 40; i++) {
        now_s += random_exponential(&random, 0.4);
        const gboolean fetch = random_below(&random, 5) == 0;
        if (fetch) {
            dirty_fetch_and_clear(with, now_s, a);
            dirty_fetch_and_clear(without, now_s, b);
        } else {
            dirty_peek(with, now_s, 0, dirty_words(with), a);
            dirty_peek(without, now_s, 0, dirty_words(with), b);
        }
        ck_assert_mem_eq(a, b, bitmap_words(pages) * sizeof *a);
        const guint32 *versions = dirty_versions(with, now_s, 0, dirty_words(with));
        for (guint64 page = 0; page < pages; page++) /* since the last fetch written if and only if dirty */
            ck_assert_int_eq(versions[page] > last[page], bitmap_test(a, page));
        if (fetch)
            memcpy(last, versions, pages * sizeof *last);
    }
    ck_assert_ptr_null(dirty_versions(without, now_s, 0, 1));
}
END_TEST

/* A page that is dirty already is still counted: its version moves on in a share 1 - e^(-rt) of the spans. */
START_TEST(rewrites_of_dirty_pages_raise_their_versions)
{
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = 3000, .rate_pages_s = 3000};
    const double t_s = _i ? 0.2 : 0.0005, p = -expm1(-t_s);
    g_autoptr(DirtyLog) log = guest_log(3000, 4, TRUE, &w);
    const gsize n_words = dirty_words(log);
    const int spans = 300;
    double raised = 0;

    g_autofree guint32 *last = g_memdup2(dirty_versions(log, 100, 0, n_words), 3000 * sizeof *last);
    for (int i = 1; i <= spans; i++) {
        const guint32 *versions = dirty_versions(log, 100 + i * t_s, 0, n_words);
        for (int page = 0; page < 3000; page++)
            raised += versions[page] > last[page];
        memcpy(last, versions, 3000 * sizeof *last);
    }
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 100 + spans * t_s, NULL), 3000);
    const double n = 3000.0 * spans;
    ck_assert_double_lt(fabs(raised - n * p), 5 * sqrt(n * p * (1 - p)));
}
END_TEST

START_TEST(a_foreign_write_dirties_its_page)
{
    const Workload idle = {.kind = WORKLOAD_IDLE};
    g_autoptr(DirtyLog) log = guest_log(1025, 1, TRUE, &idle);
    guint64 bits[17];

    dirty_set_speed(log, 0, 0);
    dirty_write(log, 5, 1024);
    dirty_write(log, 6, 1024);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 6, bits), 1);
    ck_assert(bitmap_test(bits, 1024));
    ck_assert_uint_eq(dirty_versions(log, 7, 16, 1)[1024], 2);
}
END_TEST

START_TEST(activity_ends_with_the_workload)
{
    const WorkloadWrite writes[] = {{1, 5}, {3, 6}};
    const WorkloadInterval intervals[] = {{2, 3}, {2, 0}};
    const Workload replay = {.kind = WORKLOAD_REPLAY, .writes = writes, .n_writes = 2};
    const Workload counts = {.kind = WORKLOAD_INTERVALS, .pages = 5, .intervals = intervals, .n_intervals = 2};
    const Workload still = {.kind = WORKLOAD_UNIFORM, .pages = 5};
    const Workload busy = {.kind = WORKLOAD_SWEEP, .pages = 5, .rate_pages_s = 1e-9};
    g_autoptr(DirtyLog) log = guest_log(10, 1, FALSE, &replay);

    ck_assert(dirty_is_active(log, 2.9) && !dirty_is_active(log, 3));
    dirty_set_workload(log, 10, &counts);
    ck_assert(dirty_is_active(log, 11.9) && !dirty_is_active(log, 12));
    dirty_set_workload(log, 20, &still);
    ck_assert(!dirty_is_active(log, 20));
    dirty_set_workload(log, 30, &busy);
    ck_assert(dirty_is_active(log, 1e9));
}
END_TEST

static TCase *
random_case(void)
{
    TCase *tcase = tcase_create("random");

    tcase_add_loop_test(tcase, each_page_has_its_own_independent_probability, 0, N_GUESTS * N_SPANS * N_LOOKS);
    tcase_add_loop_test(tcase, agrees_with_a_write_by_write_simulation, 0, N_GUESTS * 3);
    tcase_add_loop_test(tcase, intervals_between_fetches_are_independent, 0, N_GUESTS);
    return tcase;
}

static TCase *
log_case(void)
{
    TCase *tcase = tcase_create("log");

    tcase_add_loop_test(tcase, bits_stay_until_fetched_and_end_with_the_last_page, 0, 26);
    tcase_add_test(tcase, a_suspended_guest_writes_nothing);
    tcase_add_loop_test(tcase, a_throttled_guest_does_the_same_later, 0, N_GUESTS);
    tcase_add_test(tcase, a_new_workload_takes_over_at_its_date);
    tcase_add_test(tcase, a_foreign_write_dirties_its_page);
    tcase_add_test(tcase, activity_ends_with_the_workload);
    return tcase;
}

static TCase *
versions_case(void)
{
    TCase *tcase = tcase_create("versions");

    tcase_add_loop_test(tcase, versions_change_no_bit, 0, 3 * N_GUESTS);
    tcase_add_loop_test(tcase, rewrites_of_dirty_pages_raise_their_versions, 0, 2);
    return tcase;
}

int
main(void)
{
    return check_main("dirty", random_case(), log_case(), versions_case(), NULL);
}
