/* Applications against exact queueing results. Every comparison: the exact value lies in the run's 99 % confidence
 * interval, and the run is within 1 % of it. */
#include "tests/models/application/app_fixtures.h"

static double
erlang_c(guint servers, double load)
{
    double blocking = 1;

    for (guint i = 1; i <= servers; i++)
        blocking = load * blocking / (i + load * blocking);
    return blocking / (1 - load / servers * (1 - blocking));
}

/* Poisson arrivals of that load per server, services of mean 10 ms. */
static void
check_response(AppSetting setting, double utilization, double exact_s)
{
    const double run_s = 60000;
    g_autoptr(AppGraph) graph = appgraph_new(11);

    setting.load.constant = FALSE;
    setting.load.rate_per_s = utilization * setting.servers / apptime_mean_s(&setting.service);
    setting.warm_up_s = 100;
    setting.batch_s = setting.bin_s = 100;
    appgraph_add(graph, &setting);
    appgraph_advance(graph, run_s);
    appgraph_finish(graph);
    const StatisticsInterval response = meter_latency(&appgraph_log(graph, 0)->meter, 0.99);

    ck_assert_msg(fabs(response.mean - exact_s) <= response.half_width, "%g +- %g, expected %g", response.mean,
                  response.half_width, exact_s);
    ck_assert_double_le(fabs(response.mean / exact_s - 1), 0.01);
    ck_assert_double_eq_tol(appgraph_utilization(graph, 0), utilization, 0.005);
    ck_assert_double_eq_tol(appgraph_offered(graph, 0), utilization, 1e-9);
    fixture_check_counts(graph, 0);
}

static AppSetting
setting_of(guint servers, AppTimeLaw service)
{
    AppSetting setting = fixture_application();

    setting.servers = servers;
    setting.service = service;
    return setting;
}

static const AppTimeLaw exponential = {APP_TIME_EXPONENTIAL, .mean_s = 0.01};

START_TEST(mm1_answers_in_service_over_one_minus_rho)
{
    check_response(setting_of(1, exponential), 0.7, 0.01 / 0.3);
}
END_TEST

START_TEST(mmc_answers_in_service_and_erlangs_wait)
{
    check_response(setting_of(4, exponential), 0.8, 0.01 + erlang_c(4, 3.2) * 0.01 / (4 * 0.2));
}
END_TEST

/* Pollaczek and Khinchine: W = rho S (1 + cv^2) / (2 (1 - rho)) */
START_TEST(mg1_waits_as_pollaczek_and_khinchine_say)
{
    static const double values[] = {0.002, 0.004, 0.024};
    const AppTimeLaw laws[] = {{APP_TIME_CONSTANT, .mean_s = 0.01},
                               {APP_TIME_LOGNORMAL, .mean_s = 0.01, .cv = 1.5},
                               {APP_TIME_LOGNORMAL, .mean_s = 0.01, .cv = 0.3}};

    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++)
        check_response(setting_of(1, laws[i]), 0.6, 0.01 + 0.6 * 0.01 * (1 + apptime_squared_cv(&laws[i])) / (2 * 0.4));
    const AppTimeLaw trace = {APP_TIME_TRACE, .values_s = values, .n_values = G_N_ELEMENTS(values)};
    ck_assert_double_eq_tol(apptime_mean_s(&trace), 0.01, 1e-12);
    ck_assert_double_eq_tol(apptime_squared_cv(&trace), 296.0 / 300, 1e-12);
}
END_TEST

/* The mean response of M/G/1 under processor sharing hangs on the mean of the service alone. */
START_TEST(sharing_answers_like_mm1_whatever_the_service)
{
    const AppTimeLaw laws[] = {
        exponential, {APP_TIME_CONSTANT, .mean_s = 0.01}, {APP_TIME_LOGNORMAL, .mean_s = 0.01, .cv = 1.5}};

    for (gsize i = 0; i < G_N_ELEMENTS(laws); i++) {
        AppSetting setting = setting_of(1, laws[i]);
        setting.discipline = APP_SHARING;
        check_response(setting, 0.7, 0.01 / 0.3);
    }
}
END_TEST

/* M/M/c under processor sharing has as many there as M/M/c, and so, by Little's law, the same mean response. */
START_TEST(sharing_of_several_processors_answers_like_mmc)
{
    AppSetting setting = setting_of(4, exponential);

    setting.discipline = APP_SHARING;
    check_response(setting, 0.8, 0.01 + erlang_c(4, 3.2) * 0.01 / (4 * 0.2));
}
END_TEST

/* A guest that runs at half speed is one whose services take twice as long. */
START_TEST(half_the_speed_is_twice_the_service)
{
    g_autoptr(AppGraph) graph = appgraph_new(12);
    AppSetting setting = setting_of(1, exponential);

    setting.load.constant = FALSE;
    setting.load.rate_per_s = 30;
    setting.batch_s = 100;
    appgraph_add(graph, &setting);
    appgraph_set_speed(graph, 0, 0, 0.5);
    appgraph_advance(graph, 60000);
    const StatisticsInterval response = meter_latency(&appgraph_log(graph, 0)->meter, 0.99);
    ck_assert_double_le(fabs(response.mean / (0.02 / 0.4) - 1), 0.01);
}
END_TEST

/* N users: N = X (R + Z), exactly but for those who think or wait at the end. */
START_TEST(users_obey_the_interactive_response_time_law)
{
    g_autoptr(AppGraph) graph = appgraph_new(13);
    AppSetting setting = setting_of(2, exponential);

    setting.load = (AppLoad){.kind = APP_LOAD_CLOSED,
                             .users = 50,
                             .think = {APP_TIME_EXPONENTIAL, .mean_s = 0.2},
                             .patience_s = 1000,
                             .stop_s = INFINITY};
    setting.warm_up_s = 100;
    setting.batch_s = 100;
    appgraph_add(graph, &setting);
    appgraph_advance(graph, 20000);
    const Meter *meter = &appgraph_log(graph, 0)->meter;
    const double throughput = meter_rate(meter, 0.95).mean, response_s = meter_latency(meter, 0.95).mean;
    /* the think time's mean of four million draws is known to 0.05 % */
    ck_assert_double_eq_tol(throughput * (response_s + 0.2) / 50, 1, 0.002);
    ck_assert_double_gt(throughput, 150);
    ck_assert_uint_le(appgraph_log(graph, 0)->waiting_max, 48);
    fixture_check_counts(graph, 0);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("theory");

    tcase_add_test(cases, mm1_answers_in_service_over_one_minus_rho);
    tcase_add_test(cases, mmc_answers_in_service_and_erlangs_wait);
    tcase_add_test(cases, mg1_waits_as_pollaczek_and_khinchine_say);
    tcase_add_test(cases, sharing_answers_like_mm1_whatever_the_service);
    tcase_add_test(cases, sharing_of_several_processors_answers_like_mmc);
    tcase_add_test(cases, half_the_speed_is_twice_the_service);
    tcase_add_test(cases, users_obey_the_interactive_response_time_law);
    return check_main("apptheory", cases, NULL);
}
