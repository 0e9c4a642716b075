#include "models/memory/dirty.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

/* Distinct dirty pages of N after t seconds at r writes/s: N (1 - e^(-rt/N)) in the mean, N p (1 - p) in variance. Both
 * within five standard errors over 2000 logs (the variance's by the fourth moment of a near-normal count), in sparse
 * (0.001 writes per page), mixed and dense passes. */
START_TEST(distinct_dirty_pages_have_the_closed_forms_mean_and_variance)
{
    const double writes_per_page[] = {0.001, 0.011, 0.013, 0.1, 0.7, 3, 6};
    const double m = writes_per_page[_i];
    const guint64 pages = 2000, n = 2000;
    const Workload w = {.kind = WORKLOAD_UNIFORM, .pages = pages, .rate_pages_s = (double)pages};
    const double p = 1 - exp(-m), mean = (double)pages * p, variance = (double)pages * p * (1 - p);
    double sum = 0, squares = 0;

    for (guint64 seed = 0; seed < n; seed++) {
        g_autoptr(DirtyLog) log = guest_log(pages, seed, FALSE, &w);
        const double dirty = (double)dirty_fetch_and_clear(log, m, NULL);
        sum += dirty;
        squares += (dirty - mean) * (dirty - mean);
    }
    ck_assert_double_lt(fabs(sum / (double)n - mean), 5 * sqrt(variance / (double)n));
    ck_assert_double_lt(fabs(squares / (double)n - variance),
                        5 * sqrt((variance + 2 * variance * variance) / (double)n));
}
END_TEST

int
main(void)
{
    TCase *random = tcase_create("random");

    tcase_add_loop_test(random, distinct_dirty_pages_have_the_closed_forms_mean_and_variance, 0, 7);
    return check_main("dirty", random, NULL);
}
