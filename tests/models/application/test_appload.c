/* Open loads ask when their rate says so. */
#include "models/application/appload.h"
#include "tests/check_main.h"

#include <math.h>

typedef struct {
    guint64 n;
    double gaps, squares; /* means of the gaps and of their squares */
    guint64 in_first;     /* up to split_s */
} Arrivals;

static Arrivals
arrivals_of(const AppLoad *load, double run_s, double split_s)
{
    Ziggurat ziggurat;
    RandomStream random;
    AppArrivals arrivals;
    Arrivals sums = {0};
    double last_s = load->start_s, at_s;

    ziggurat_init(&ziggurat);
    random_init(&random, 4, "application arrivals", "web");
    appload_begin(&arrivals, load, &random, &ziggurat);
    while ((at_s = appload_next_s(&arrivals, last_s, &ziggurat)) < run_s) {
        ck_assert_double_ge(at_s, last_s);
        sums.gaps += at_s - last_s;
        sums.squares += (at_s - last_s) * (at_s - last_s);
        sums.in_first += at_s < split_s;
        sums.n++;
        last_s = at_s;
    }
    sums.gaps /= (double)MAX(sums.n, 1);
    sums.squares /= (double)MAX(sums.n, 1);
    return sums;
}

START_TEST(a_constant_load_has_equal_gaps_and_a_poisson_load_exponential_ones)
{
    AppLoad load = {APP_LOAD_STEADY, .constant = TRUE, .rate_per_s = 50, .stop_s = INFINITY};
    Arrivals sums = arrivals_of(&load, 1000.001, 0);

    ck_assert_uint_eq(sums.n, 50000);
    ck_assert_double_eq_tol(sums.squares / (sums.gaps * sums.gaps), 1, 1e-6);
    load.constant = FALSE;
    sums = arrivals_of(&load, 20000, 0);
    /* a million gaps: the mean is known to 0.1 %, E X^2 / (E X)^2 = 2 to 0.5 % */
    ck_assert_double_eq_tol((double)sums.n / 1e6, 1, 0.005);
    ck_assert_double_eq_tol(sums.squares / (sums.gaps * sums.gaps), 2, 0.02);
}
END_TEST

START_TEST(rates_hold_from_their_dates_on)
{
    static const AppRate rates[] = {{10, 100}, {20, 0}, {30, 400}};
    AppLoad load = {APP_LOAD_RATES, .constant = TRUE, .rates = rates, .n_rates = 3, .stop_s = 40};

    const Arrivals sums = arrivals_of(&load, 100, 20.001);
    ck_assert_double_eq_tol((double)sums.in_first, 1000, 1.5); /* one may fall on the date itself */
    ck_assert_double_eq_tol((double)sums.n, 5000, 1);
    ck_assert_double_eq(appload_rate(&load), 400);
}
END_TEST

START_TEST(bursts_come_at_their_mean_rate_and_are_more_uneven_than_poisson)
{
    const AppLoad load = {APP_LOAD_BURSTS, .rate_per_s = 100, .burst_s = 1, .lull_s = 3, .stop_s = INFINITY};
    const Arrivals sums = arrivals_of(&load, 40000, 0);

    ck_assert_double_eq(appload_rate(&load), 25);
    /* ten thousand bursts: their time is known to 2 % */
    ck_assert_double_eq_tol((double)sums.n / (25 * 40000.0), 1, 0.05);
    /* Kuczura (1973): the gaps' squared coefficient of variation is 1 + 2 l g / (g + w)^2, with bursts that end at a
     * rate g and begin at a rate w */
    const double on = 1 / 1.0, off = 1 / 3.0;
    const double squared_cv = 1 + 2 * 100 * on / ((on + off) * (on + off));
    ck_assert_double_eq_tol((sums.squares / (sums.gaps * sums.gaps) - 1) / squared_cv, 1, 0.06);
}
END_TEST

START_TEST(nothing_is_asked_before_the_start_or_from_the_stop_on)
{
    const AppLoad load = {APP_LOAD_STEADY, .constant = TRUE, .rate_per_s = 10, .start_s = 5, .stop_s = 7.05};

    ck_assert_uint_eq(arrivals_of(&load, 100, 5.05).in_first, 0);
    ck_assert_uint_eq(arrivals_of(&load, 100, 0).n, 20);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("loads");

    tcase_add_test(cases, a_constant_load_has_equal_gaps_and_a_poisson_load_exponential_ones);
    tcase_add_test(cases, rates_hold_from_their_dates_on);
    tcase_add_test(cases, bursts_come_at_their_mean_rate_and_are_more_uneven_than_poisson);
    tcase_add_test(cases, nothing_is_asked_before_the_start_or_from_the_stop_on);
    return check_main("appload", cases, NULL);
}
