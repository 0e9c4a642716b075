#include "models/memory/unique_curve.h"

#include "models/memory/dirty.h"
#include "models/memory/tally.h"
#include "tests/check_main.h"

#include <math.h>

#define PAGES 65536u

/* What a hot part of 1,000 pages, each written 5 times a second, and a cold one of 20,000, every 40 s, would give. */
static double
hot_and_cold(double interval_s)
{
    return 1000 * -expm1(-5 * interval_s) + 20000 * -expm1(-interval_s / 40);
}

static const double intervals_s[] = {1, 2, 5, 10, 20, 60};
#define POINTS G_N_ELEMENTS(intervals_s)

typedef struct {
    WorkloadClass classes[WORKLOAD_CLASSES_MOST];
    guint n;
    double rate_s;
} Fitted;

static Fitted
fit(double (*pages)(double interval_s))
{
    UniquePoint points[POINTS];
    Fitted fitted;

    for (guint i = 0; i < POINTS; i++)
        points[i] = (UniquePoint){intervals_s[i], pages(intervals_s[i])};
    fitted.n = unique_curve_classes(points, POINTS, fitted.classes, &fitted.rate_s);
    return fitted;
}

static Workload
workload_of(const Fitted *fitted)
{
    Workload workload = {
        .kind = WORKLOAD_CURVE, .rate_pages_s = fitted->rate_s, .classes = fitted->classes, .n_classes = fitted->n};

    for (guint i = 0; i < fitted->n; i++)
        workload.pages += fitted->classes[i].pages;
    return workload;
}

START_TEST(a_mixture_meets_its_points_and_lies_between_them)
{
    const Fitted fitted = fit(hot_and_cold);

    ck_assert_uint_gt(fitted.n, 1);
    for (guint i = 0; i < POINTS; i++)
        ck_assert_double_eq_tol(unique_curve_pages(fitted.classes, fitted.n, fitted.rate_s, intervals_s[i]) /
                                    hot_and_cold(intervals_s[i]),
                                1, 0.005);
    const double between_s[] = {1.5, 3.5, 7, 15, 40};
    for (guint i = 0; i < G_N_ELEMENTS(between_s); i++)
        ck_assert_double_eq_tol(unique_curve_pages(fitted.classes, fitted.n, fitted.rate_s, between_s[i]) /
                                    hot_and_cold(between_s[i]),
                                1, 0.02);
}
END_TEST

static double
steady(double interval_s)
{
    return 100 * interval_s;
}

/* As many pages in each second as in the one before: all of them are cold. */
START_TEST(a_straight_line_is_met_within_its_points)
{
    const Fitted fitted = fit(steady);

    for (guint i = 0; i < POINTS; i++)
        ck_assert_double_eq_tol(unique_curve_pages(fitted.classes, fitted.n, fitted.rate_s, intervals_s[i]) /
                                    steady(intervals_s[i]),
                                1, 0.05);
}
END_TEST

static double
growing(double interval_s)
{
    return 100 * interval_s * interval_s;
}

START_TEST(ever_faster_growth_cannot_be_met)
{
    const Fitted fitted = fit(growing);
    double worst = 0;

    for (guint i = 0; i < POINTS; i++)
        worst = fmax(worst, fabs(unique_curve_pages(fitted.classes, fitted.n, fitted.rate_s, intervals_s[i]) /
                                     growing(intervals_s[i]) -
                                 1));
    ck_assert_double_gt(worst, 0.3);
}
END_TEST

START_TEST(one_point_is_met)
{
    const UniquePoint point = {10, 5000};
    Fitted fitted;

    fitted.n = unique_curve_classes(&point, 1, fitted.classes, &fitted.rate_s);
    ck_assert_double_eq_tol(unique_curve_pages(fitted.classes, fitted.n, fitted.rate_s, 10), 5000, 5);
}
END_TEST

/* The log of a guest with that workload is read after one interval, again and again: the points come back. */
START_TEST(a_log_that_is_read_gives_the_points_back)
{
    const Fitted fitted = fit(hot_and_cold);
    const Workload workload = workload_of(&fitted);
    const double interval_s = intervals_s[_i];
    RandomStream random;
    double found = 0;

    ck_assert_ptr_null(workload_fault(&workload, PAGES));
    random_init(&random, 1, "memory", "vm");
    DirtyLog *log = dirty_new(PAGES, &random, 0);
    dirty_set_workload(log, 0, &workload);
    for (guint k = 1; k <= 20; k++)
        found += (double)dirty_fetch_and_clear(log, k * interval_s, NULL) / 20;
    ck_assert_double_eq_tol(found, hot_and_cold(interval_s), 0.005 * hot_and_cold(interval_s) + 5 * sqrt(found / 20));
    dirty_free(log);
}
END_TEST

/* So does one whose pages are only counted, */
START_TEST(counted_pages_give_the_points_back)
{
    const Fitted fitted = fit(hot_and_cold);
    const Workload workload = workload_of(&fitted);
    const double interval_s = intervals_s[_i];
    RandomStream random;
    double found = 0;

    ck_assert(tally_can_count(&workload));
    random_init(&random, 1, "memory", "vm");
    g_autoptr(Tally) tally = tally_new(&workload, PAGES, PAGES, &random);
    tally_begin(tally, 0);
    (void)tally_take(tally, 0, PAGES, TALLY_SEND);
    (void)tally_fetch(tally, 0);
    for (guint k = 1; k <= 20; k++) {
        found += (double)tally_fetch(tally, k * interval_s) / 20;
        tally_rewind(tally);
        (void)tally_take(tally, k * interval_s, PAGES, TALLY_SEND);
    }
    ck_assert_double_eq_tol(found, hot_and_cold(interval_s), 0.005 * hot_and_cold(interval_s) + 5 * sqrt(found / 20));
}
END_TEST

/* and one that is drawn write by write, through a translation buffer of so many entries that it hides next to nothing
 * of what the first writes to pages dirty. */
START_TEST(writes_in_order_give_the_points_back)
{
    const Fitted fitted = fit(hot_and_cold);
    const Workload workload = workload_of(&fitted);
    RandomStream random;

    random_init(&random, 1, "memory", "vm");
    DirtyLog *log = dirty_new(PAGES, &random, 0);
    dirty_set_translation(log, 0, 1);
    dirty_set_workload(log, 0, &workload);
    const double found = (double)dirty_fetch_and_clear(log, 10, NULL);
    ck_assert_double_eq_tol(found, hot_and_cold(10), 0.005 * hot_and_cold(10) + 5 * sqrt(found));
    dirty_free(log);
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("unique_curve");

    tcase_add_test(tests, a_mixture_meets_its_points_and_lies_between_them);
    tcase_add_test(tests, a_straight_line_is_met_within_its_points);
    tcase_add_test(tests, ever_faster_growth_cannot_be_met);
    tcase_add_test(tests, one_point_is_met);
    tcase_add_loop_test(tests, a_log_that_is_read_gives_the_points_back, 0, POINTS);
    tcase_add_loop_test(tests, counted_pages_give_the_points_back, 0, POINTS);
    tcase_add_test(tests, writes_in_order_give_the_points_back);
    return check_main("unique_curve", tests, NULL);
}
