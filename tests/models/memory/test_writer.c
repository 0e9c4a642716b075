#include "models/memory/dirty.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

/* The distributions of what the random workloads write, seen through a log. */

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

/* What many logs showed: how often each page was dirty, and how the numbers of dirty pages and of neighbours vary. */
typedef struct {
    guint64 n;
    double *counts;  /* per page of the guest */
    double squares;  /* of dirty pages - their mean */
    double pairs[2]; /* of (x_k - p_k) (x_{k+d} - p_{k+d}), d = 1 and 64 */
} Showing;

static void
showing_add(Showing *showing, const guint64 *bits, const Workload *w, const double *p, double mean)
{
    const guint64 lags[2] = {1, 64};
    double dirty = 0;

    for (guint64 k = 0; k < w->pages; k++) {
        const double x = bitmap_test(bits, w->first_page + k);
        dirty += x;
        for (int i = 0; i < 2; i++)
            if (k + lags[i] < w->pages)
                showing->pairs[i] += (x - p[k]) * (bitmap_test(bits, w->first_page + k + lags[i]) - p[k + lags[i]]);
        showing->counts[w->first_page + k] += x;
    }
    showing->squares += (dirty - mean) * (dirty - mean);
    showing->n++;
}

/* Each page's probability (chi-square), the count's variance and the neighbours' covariance (five standard errors). */
static void
showing_assert(const Showing *showing, const Workload *w, const double *p, const char *what)
{
    const double n = (double)showing->n;
    double variance = 0, pair_variance[2] = {0};
    ChiSquare chi = {0};

    for (guint64 k = 0; k < w->pages; k++) {
        const double v = p[k] * (1 - p[k]);
        chi_square_add(&chi, showing->counts[w->first_page + k] - n * p[k], n * v);
        variance += v;
        pair_variance[0] += k + 1 < w->pages ? v * p[k + 1] * (1 - p[k + 1]) : 0;
        pair_variance[1] += k + 64 < w->pages ? v * p[k + 64] * (1 - p[k + 64]) : 0;
    }
    chi_square_assert(chi, what);
    ck_assert_msg(fabs(showing->squares / n - variance) < 5 * sqrt((variance + 2 * variance * variance) / n),
                  "%s: variance %g, not %g", what, showing->squares / n, variance);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(fabs(showing->pairs[i]) <= 5 * sqrt(n * pair_variance[i]) + 1, "%s: pairs %g", what,
                      showing->pairs[i]);
}

/* A page written at rate r is dirty after t with probability 1 - e^(-rt), independently of the others: every random
 * kind, sparse to dense, looked at in one go, in steps and in any order. */
START_TEST(each_page_has_its_own_independent_probability)
{
    const int guest = _i % N_GUESTS, span = _i / N_GUESTS % N_SPANS, look = _i / N_GUESTS / N_SPANS;
    const Workload *w = &guests[guest].workload;
    const guint64 pages = guests[guest].guest_pages;
    const double t_s = spans_s[span];
    g_autofree double *p = guest_probabilities(w, t_s);
    g_autofree guint64 *bits = g_new(guint64, bitmap_words(pages));
    g_autofree double *counts = g_new0(double, pages);
    g_autofree char *what = g_strdup_printf("guest %d, %g s, look %d", guest, t_s, look);
    RandomStream random = guest_random(99);
    Showing showing = {.counts = counts};
    double mean = 0;

    for (guint64 k = 0; k < w->pages; k++)
        mean += p[k];
    for (guint64 seed = 0; seed < 350; seed++) {
        g_autoptr(DirtyLog) log = guest_log(pages, seed, w);
        looks[look](log, t_s, &random);
        const guint64 dirty = dirty_fetch_and_clear(log, t_s, bits);
        ck_assert_uint_eq(dirty, bitmap_count(bits, bitmap_words(pages)));
        showing_add(&showing, bits, w, p, mean);
        for (guint64 k = 0; k < w->pages; k++)
            bits[(w->first_page + k) / 64] &= ~(G_GUINT64_CONSTANT(1) << ((w->first_page + k) % 64));
        ck_assert(!bitmap_any(bits, bitmap_words(pages))); /* nothing outside the working set */
    }
    showing_assert(&showing, w, p, what);
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
        g_autoptr(DirtyLog) log = guest_log(pages, seed, w);
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
    g_autofree double *p = guest_probabilities(w, 0.5);
    g_autofree guint64 *a = g_new(guint64, bitmap_words(pages)), *b = g_new(guint64, bitmap_words(pages));
    double product = 0, variance = 0;

    for (guint64 seed = 0; seed < 300; seed++) {
        g_autoptr(DirtyLog) log = guest_log(pages, seed, w);
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

int
main(void)
{
    TCase *tcase = tcase_create("writer");

    tcase_add_loop_test(tcase, each_page_has_its_own_independent_probability, 0, N_GUESTS * N_SPANS * N_LOOKS);
    tcase_add_loop_test(tcase, agrees_with_a_write_by_write_simulation, 0, N_GUESTS * 3);
    tcase_add_loop_test(tcase, intervals_between_fetches_are_independent, 0, N_GUESTS);
    return check_main("writer", tcase, NULL);
}
