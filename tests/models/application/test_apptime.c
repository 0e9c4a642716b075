/* Times are drawn by their law. */
#include "models/application/apptime.h"
#include "tests/check_main.h"

#include <math.h>

enum { DRAWS = 1000000 };

/* Mean and squared coefficient of variation of a million draws: known to 0.2 % and, of the longest tail, 5 %. */
static void
check_law(const AppTimeLaw *law, double tolerance)
{
    Ziggurat ziggurat;
    RandomStream random;
    AppTime time;
    double sum = 0, squares = 0;

    ziggurat_init(&ziggurat);
    random_init(&random, 1, "application service", "web");
    apptime_init(&time, law, &random);
    for (guint i = 0; i < DRAWS; i++) {
        const double x = apptime_draw(&time, &ziggurat);
        ck_assert_double_ge(x, 0);
        sum += x / DRAWS;
        squares += x * x / DRAWS;
    }
    ck_assert_double_eq_tol(sum / apptime_mean_s(law), 1, 0.01);
    ck_assert_double_eq_tol(squares / (sum * sum) - 1, apptime_squared_cv(law), tolerance);
}

START_TEST(draws_have_the_mean_and_the_spread_of_the_law)
{
    static const double values[] = {1, 2, 6};
    const AppTimeLaw laws[] = {{APP_TIME_EXPONENTIAL, .mean_s = 3},
                               {APP_TIME_CONSTANT, .mean_s = 3},
                               {APP_TIME_LOGNORMAL, .mean_s = 3, .cv = 0.4},
                               {APP_TIME_LOGNORMAL, .mean_s = 3, .cv = 2},
                               {APP_TIME_TRACE, .values_s = values, .n_values = 3}};

    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++)
        check_law(&laws[i], i == 3 ? 0.2 : 0.01);
}
END_TEST

START_TEST(a_trace_is_played_in_order_again_and_again)
{
    static const double values[] = {1, 2, 6};
    const AppTimeLaw law = {APP_TIME_TRACE, .values_s = values, .n_values = 3};
    Ziggurat ziggurat;
    RandomStream random;
    AppTime time;

    ziggurat_init(&ziggurat);
    random_init(&random, 1, "application service", "web");
    apptime_init(&time, &law, &random);
    for (guint i = 0; i < 7; i++)
        ck_assert_double_eq(apptime_draw(&time, &ziggurat), values[i % 3]);
}
END_TEST

START_TEST(a_time_of_mean_zero_is_zero)
{
    const AppTimeLaw law = {APP_TIME_LOGNORMAL, .mean_s = 0, .cv = 1};
    Ziggurat ziggurat;
    RandomStream random;
    AppTime time;

    ziggurat_init(&ziggurat);
    random_init(&random, 1, "application service", "web");
    apptime_init(&time, &law, &random);
    ck_assert_double_eq(apptime_draw(&time, &ziggurat), 0);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("times");

    tcase_add_test(cases, draws_have_the_mean_and_the_spread_of_the_law);
    tcase_add_test(cases, a_trace_is_played_in_order_again_and_again);
    tcase_add_test(cases, a_time_of_mean_zero_is_zero);
    return check_main("apptime", cases, NULL);
}
