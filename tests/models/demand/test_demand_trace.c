#include "models/demand/demand_trace.h"
#include "tests/check_main.h"

#include <math.h>

static void
walk_gives(const DemandTrace *trace, gboolean repeats, const double (*expected)[2], guint n)
{
    DemandWalk walk;

    demand_walk_begin(&walk, trace, repeats);
    for (guint i = 0; i < n; i++) {
        ck_assert_double_eq(walk.value, expected[i][0]);
        ck_assert_double_eq(walk.until_s, expected[i][1]);
        if (isfinite(walk.until_s))
            demand_walk_next(&walk);
    }
}

START_TEST(equal_neighbours_are_one_step)
{
    static const double values[] = {0.1, 0.1, 0.1, 0.5, 0.5, 0.1};
    static const double expected[][2] = {{0.1, 900}, {0.5, 1500}, {0.1, INFINITY}};
    DemandTrace trace;

    demand_trace_from_samples(&trace, values, G_N_ELEMENTS(values), 300);
    ck_assert_uint_eq(trace.steps->len, 3);
    ck_assert_double_eq(trace.length_s, 1800);
    walk_gives(&trace, FALSE, expected, G_N_ELEMENTS(expected));
    demand_trace_clear(&trace);
}
END_TEST

START_TEST(a_trace_that_repeats_begins_anew_after_its_length)
{
    static const double values[] = {1, 2, 2};
    static const double expected[][2] = {{1, 10}, {2, 30}, {1, 40}, {2, 60}, {1, 70}};
    DemandTrace trace;

    demand_trace_from_samples(&trace, values, G_N_ELEMENTS(values), 10);
    walk_gives(&trace, TRUE, expected, G_N_ELEMENTS(expected));
    demand_trace_clear(&trace);
}
END_TEST

START_TEST(one_value_that_repeats_never_changes)
{
    static const double values[] = {3, 3};
    static const double expected[][2] = {{3, INFINITY}};
    DemandTrace trace;

    demand_trace_from_samples(&trace, values, G_N_ELEMENTS(values), 10);
    walk_gives(&trace, TRUE, expected, G_N_ELEMENTS(expected));
    demand_trace_clear(&trace);
}
END_TEST

START_TEST(steps_with_dates_of_their_own_hold_for_ever)
{
    static const DemandStep steps[] = {{0, 1}, {5, 1}, {7.5, 0}};
    static const double expected[][2] = {{1, 7.5}, {0, INFINITY}};
    DemandTrace trace;

    demand_trace_from_steps(&trace, steps, G_N_ELEMENTS(steps), INFINITY);
    walk_gives(&trace, FALSE, expected, G_N_ELEMENTS(expected));
    demand_trace_clear(&trace);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("demand_trace");

    tcase_add_test(tcase, equal_neighbours_are_one_step);
    tcase_add_test(tcase, a_trace_that_repeats_begins_anew_after_its_length);
    tcase_add_test(tcase, one_value_that_repeats_never_changes);
    tcase_add_test(tcase, steps_with_dates_of_their_own_hold_for_ever);
    return check_main("demand_trace", tcase, NULL);
}
