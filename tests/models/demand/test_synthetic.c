#include "models/demand/synthetic.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

enum { GUESTS = 1052, VALUES = 288 };

/* CloudSim's ten days of PlanetLab traces: mean, deviation, quartiles, of all samples. */
static const SyntheticDemand days[] = {
    {12.31, 17.09, {2, 6, 15}, 0.08, 0.22, 28800}, {11.44, 16.83, {2, 5, 13}, 0.08, 0.22, 28800},
    {10.70, 15.57, {2, 4, 13}, 0.08, 0.22, 28800}, {9.26, 12.78, {2, 5, 12}, 0.08, 0.22, 28800},
    {10.56, 14.14, {2, 6, 14}, 0.08, 0.22, 28800}, {12.39, 16.55, {2, 6, 17}, 0.08, 0.22, 28800},
    {11.12, 15.09, {2, 5, 15}, 0.08, 0.22, 28800}, {11.56, 15.07, {2, 6, 16}, 0.08, 0.22, 28800},
    {11.54, 15.15, {2, 6, 16}, 0.08, 0.22, 28800}, {10.43, 15.21, {2, 4, 12}, 0.08, 0.22, 28800},
};

static double table[GUESTS][VALUES];

static void
draw_day(const SyntheticDemand *day)
{
    SyntheticLaw law;
    const char *fault = synthetic_fault(day, &law);

    ck_assert_msg(!fault, "%s", fault);
    for (guint g = 0; g < GUESTS; g++) {
        g_autofree char *name = g_strdup_printf("vm-%u", g + 1);
        RandomStream random;
        random_init(&random, 1, "demand", name);
        synthetic_draw(&law, 300, &random, VALUES, table[g]);
    }
}

/* By the law itself, without chance: the quantile function's moments, over a grid of 10^5 points. */
START_TEST(each_day_has_a_law_with_its_mean_deviation_and_quartiles)
{
    enum { GRID = 100000 };

    for (gsize d = 0; d < G_N_ELEMENTS(days); d++) {
        SyntheticLaw law;
        double sum = 0, squares = 0;
        const char *fault = synthetic_fault(&days[d], &law);
        ck_assert_msg(!fault, "day %zu: %s", d, fault);
        for (guint i = 0; i < GRID; i++) {
            const double value = synthetic_quantile(&law, (i + 0.5) / GRID);
            sum += value / GRID;
            squares += value * value / GRID;
        }
        ck_assert_double_eq_tol(sum, days[d].mean, 1e-3); /* of the grid */
        ck_assert_double_eq_tol(sqrt(squares - sum * sum), days[d].deviation, 1e-2);
        for (guint q = 0; q < 3; q++)
            ck_assert_double_eq_tol(synthetic_quantile(&law, 0.25 * (q + 1)), days[d].quartiles[q], 1e-9);
        ck_assert_double_le(synthetic_quantile(&law, 1), 100);
    }
}
END_TEST

static double
mean_of(const double *values, guint n)
{
    double sum = 0;

    for (guint i = 0; i < n; i++)
        sum += values[i];
    return sum / n;
}

/* Whole per cent and 1,052 guests move the mean by less than 5 % of it. */
START_TEST(a_drawn_day_has_them_too)
{
    draw_day(&days[0]);
    const double mean = mean_of(&table[0][0], GUESTS * VALUES);
    double squares = 0;

    for (guint i = 0; i < GUESTS * VALUES; i++) {
        const double value = (&table[0][0])[i];
        ck_assert(value >= 0 && value <= 100 && value == floor(value));
        squares += (value - mean) * (value - mean);
    }
    ck_assert_double_eq_tol(mean, 12.31, 0.05 * 12.31);
    ck_assert_double_eq_tol(sqrt(squares / (GUESTS * VALUES)), 17.09, 0.05 * 17.09);
}
END_TEST

/* Correlation of a guest's values over a lag, all guests together, about the mean of all. */
static double
correlation(guint lag)
{
    const double mean = mean_of(&table[0][0], GUESTS * VALUES);
    double products = 0, squares = 0;

    for (guint g = 0; g < GUESTS; g++)
        for (guint i = 0; i < VALUES; i++) {
            squares += (table[g][i] - mean) * (table[g][i] - mean);
            products += i + lag < VALUES ? (table[g][i] - mean) * (table[g][i + lag] - mean) : 0;
        }
    return products / squares * VALUES / (VALUES - lag);
}

/* Of the normal scores, the correlation over a lag is b + (1 - b) s exp(-L / T); the values', which are a bent scale,
 * have somewhat less. A law without a slow part has none. */
START_TEST(its_values_go_on_for_as_long_as_it_says)
{
    SyntheticDemand day = days[0];

    day.between = 0;
    day.slow = 0.9;
    day.correlation_s = 3600;
    draw_day(&day);
    const double near = correlation(1), far = correlation(12), none = correlation(100);
    ck_assert(near > 0.6 && near < 0.9 * exp(-300 / 3600.0));
    ck_assert_double_eq_tol(far / near, exp(-11 * 300 / 3600.0), 0.12); /* the bent scale's */
    ck_assert_double_eq_tol(none, 0, 0.02);
    day.slow = 0;
    draw_day(&day);
    ck_assert_double_eq_tol(correlation(1), 0, 0.01);
    day.between = 0.8;
    draw_day(&day);
    ck_assert_double_gt(correlation(200), 0.5);
}
END_TEST

START_TEST(numbers_that_no_law_has_are_refused)
{
    static const struct {
        SyntheticDemand demand;
        const char *fault;
    } rows[] = {
        {{5, 17, {2, 6, 15}, 0, 0, 1}, "the mean is too small"},
        {{12.31, 5, {2, 6, 15}, 0, 0, 1}, "the deviation is too small"},
        {{12.31, 30, {2, 6, 15}, 0, 0, 1}, "above 100 %"},
        {{12.31, 17, {6, 2, 15}, 0, 0, 1}, "do not rise"},
    };
    SyntheticLaw law;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *fault = synthetic_fault(&rows[i].demand, &law);
        ck_assert_msg(fault && strstr(fault, rows[i].fault), "%zu: %s", i, fault ? fault : "accepted");
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("synthetic");

    tcase_add_test(tcase, each_day_has_a_law_with_its_mean_deviation_and_quartiles);
    tcase_add_test(tcase, a_drawn_day_has_them_too);
    tcase_add_test(tcase, its_values_go_on_for_as_long_as_it_says);
    tcase_add_test(tcase, numbers_that_no_law_has_are_refused);
    return check_main("synthetic", tcase, NULL);
}
