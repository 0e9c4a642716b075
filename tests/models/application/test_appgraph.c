/* What happens to requests when the guest stops, and to those of one application when another one's guest does. */
#include "tests/models/application/app_fixtures.h"

/* ---- an open load, a stop of D = 2 s at 10 s, rho = 0.5 ---- */

#define STOP_S    10.0
#define D_S       2.0
#define RATE      100.0
#define SERVICE_S 0.005

static AppGraph *
run_stop(AppWaits waits, AppSetting setting, double run_s)
{
    AppGraph *graph = appgraph_new(1);

    setting.waits = waits;
    /* arrivals halfway between the hundredths, so that none comes at the date of the stop */
    setting.load.start_s = 0.005;
    appgraph_add(graph, &setting);
    fixture_stop(graph, 0, STOP_S, STOP_S + D_S);
    appgraph_advance(graph, run_s);
    appgraph_finish(graph);
    fixture_check_counts(graph, 0);
    return graph;
}

START_TEST(a_queue_holds_lambda_d_and_drains_in_d_rho_over_one_minus_rho)
{
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_QUEUE, fixture_application(), 20);
    const AppLog *log = appgraph_log(graph, 0);

    /* all but one wait for a processor once the guest runs */
    ck_assert_double_eq_tol(log->waiting_max, RATE * D_S, 1);
    ck_assert_double_eq_tol(log->drain_s, D_S * 0.5 / 0.5, 2 * SERVICE_S);
    /* who came as it stopped */
    ck_assert_double_eq_tol(log->accounts[APP_AFTER].responses.greatest, D_S + SERVICE_S, 1 / RATE);
    ck_assert_uint_eq(log->total.lost + log->total.gave_up, 0);
    ck_assert_uint_eq(log->accounts[APP_DURING].counts.answered, 0);
    ck_assert_double_eq_tol(log->accounts[APP_BEFORE].responses.greatest, SERVICE_S, 1e-9);
    /* nobody waits any more when the last one of the backlog has begun */
    ck_assert_double_le(log->accounts[APP_LATER].responses.greatest, 2 * SERVICE_S + 1e-9);
    ck_assert_double_eq_tol(log->accounts[APP_DURING].seconds, D_S, 1e-9);
}
END_TEST

/* Poisson arrivals: the excess of all responses together is lambda D^2 / (2 (1 - rho)). */
START_TEST(the_excess_of_all_responses_is_lambda_d_squared_over_two_one_minus_rho)
{
    double sums_s[2] = {0};

    for (guint seed = 0; seed < 400; seed++) {
        for (int stops = 0; stops < 2; stops++) {
            g_autoptr(AppGraph) graph = appgraph_new(seed);
            AppSetting setting = fixture_application();
            setting.load.constant = FALSE;
            appgraph_add(graph, &setting);
            if (stops)
                fixture_stop(graph, 0, STOP_S, STOP_S + D_S);
            appgraph_advance(graph, 30);
            g_auto(Histogram) all;
            applog_responses(appgraph_log(graph, 0), &all);
            sums_s[stops] += all.sum / 400;
        }
    }
    /* one run's excess varies by 15 %: the number of arrivals in D, and the drain; the mean of 400 by 0.75 % */
    ck_assert_double_eq_tol((sums_s[1] - sums_s[0]) / (RATE * D_S * D_S / (2 * 0.5)), 1, 0.025);
}
END_TEST

START_TEST(nowhere_loses_lambda_times_the_stop)
{
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_NOWHERE, fixture_application(), 20);
    const AppLog *log = appgraph_log(graph, 0);

    ck_assert_uint_eq(log->total.lost, (guint64)(RATE * D_S));
    ck_assert_uint_eq(log->accounts[APP_DURING].counts.lost, (guint64)(RATE * D_S));
    /* the one that was being served waited through the stop, and nobody else */
    ck_assert_double_le(log->accounts[APP_AFTER].responses.greatest, D_S + SERVICE_S);
    ck_assert_double_le(log->accounts[APP_LATER].responses.greatest, 2 * SERVICE_S + 1e-9);
}
END_TEST

typedef struct {
    const TcpTimer *timer;
    guint late;
} Ladder;

/* A request that came in the stop reaches the guest at a date of TCP's, the first at which it runs. */
static void
check_on_ladder(const AppRecord *record, gpointer data)
{
    Ladder *ladder = data;
    const double after_s = STOP_S + D_S - record->asked_s;

    if (record->asked_s < STOP_S || after_s <= 0)
        return;
    const guint k = tcp_timer_step(ladder->timer, TCP_TIMER_SEGMENT, after_s);
    ck_assert_double_eq_tol(record->arrived_s, record->asked_s + tcp_timer_again_s(ladder->timer, TCP_TIMER_SEGMENT, k),
                            1e-9);
    ladder->late++;
}

START_TEST(a_clients_tcp_sends_again_at_the_dates_of_its_ladder)
{
    g_autoptr(AppGraph) graph = appgraph_new(1);
    AppSetting setting = fixture_application();
    Ladder ladder = {&setting.timer, 0};

    setting.waits = APP_WAITS_CLIENT;
    setting.load.start_s = 0.005;
    appgraph_add(graph, &setting);
    appgraph_on_end(graph, check_on_ladder, &ladder);
    fixture_stop(graph, 0, STOP_S, STOP_S + D_S);
    appgraph_advance(graph, 20);
    ck_assert_uint_eq(ladder.late, (guint)(RATE * D_S));
    ck_assert_uint_eq(appgraph_log(graph, 0)->total.lost, 0);
    /* some wait a second and more beyond the stop, as the ladder's steps do */
    ck_assert_double_gt(appgraph_log(graph, 0)->accounts[APP_AFTER].responses.greatest, D_S + 0.5);
}
END_TEST

START_TEST(tcp_gives_up_on_a_guest_that_never_comes_back)
{
    g_autoptr(AppGraph) graph = appgraph_new(1);
    AppSetting setting = fixture_application();

    setting.waits = APP_WAITS_CLIENT;
    setting.load.stop_s = 50;
    appgraph_add(graph, &setting);
    appgraph_set_speed(graph, 0, 10, 0);
    appgraph_lose(graph, 0, 10);
    appgraph_advance(graph, 2000);
    appgraph_finish(graph);
    ck_assert_uint_eq(appgraph_waiting(graph, 0), 0);
    /* one was in the guest when it was lost */
    ck_assert_uint_le(appgraph_log(graph, 0)->total.lost, 1);
    ck_assert_double_eq_tol(appgraph_log(graph, 0)->total.gave_up, 40 * RATE, 1);
    fixture_check_counts(graph, 0);
}
END_TEST

START_TEST(a_full_queue_refuses_and_the_refused_are_counted)
{
    AppSetting setting = fixture_application();

    setting.limit = 20;
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_QUEUE, setting, 20);
    /* of those that were held one is served and 20 may wait; the one in service when it stopped is there too */
    ck_assert_double_eq_tol(appgraph_log(graph, 0)->total.lost, RATE * D_S - 20, 2);
}
END_TEST

/* ---- users ---- */

static AppSetting
users(guint n, double patience_s)
{
    AppSetting setting = fixture_application();

    setting.load = (AppLoad){.kind = APP_LOAD_CLOSED,
                             .users = n,
                             .think = {APP_TIME_EXPONENTIAL, .mean_s = 0.2},
                             .patience_s = patience_s,
                             .stop_s = INFINITY};
    return setting;
}

START_TEST(users_never_have_more_than_one_request_each_waiting)
{
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_QUEUE, users(30, 100), 30);
    const AppLog *log = appgraph_log(graph, 0);

    ck_assert_uint_le(log->waiting_max, 30);
    ck_assert_uint_ge(log->waiting_max, 29); /* ten think times long nobody was answered */
    ck_assert_uint_eq(log->total.lost + log->total.gave_up, 0);
}
END_TEST

START_TEST(a_user_whose_request_was_lost_asks_again_when_patience_ends)
{
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_NOWHERE, users(30, 3), 60);
    const AppLog *log = appgraph_log(graph, 0);

    ck_assert_uint_ge(log->total.lost, 28);
    ck_assert_uint_le(log->total.lost, 30);
    /* all of them are back: in the last bins they ask as often as in the first */
    const AppBin *bins = (const AppBin *)log->bins->data;
    ck_assert_uint_eq(bins[11].counts.answered, 0);
    ck_assert_double_eq_tol(bins[50].counts.answered, 30 / 0.205, 30);
}
END_TEST

START_TEST(a_user_gives_up_on_a_late_answer_which_then_counts_for_nobody)
{
    g_autoptr(AppGraph) graph = run_stop(APP_WAITS_QUEUE, users(30, 0.5), 30);
    const AppLog *log = appgraph_log(graph, 0);

    ck_assert_uint_ge(log->total.gave_up, 30); /* some of them more than once */
    ck_assert_double_le(log->accounts[APP_AFTER].responses.greatest, 0.5);
}
END_TEST

/* ---- tiers ---- */

static AppGraph *
two_tiers(AppWaits waits, double round_trip_s)
{
    AppGraph *graph = appgraph_new(5);
    AppSetting web = fixture_application(), db = fixture_application();

    web.load.rate_per_s = 50;
    web.waits = db.waits = waits;
    db.name = "db";
    db.load = (AppLoad){.kind = APP_LOAD_NONE};
    appgraph_add(graph, &web);
    appgraph_add(graph, &db);
    appgraph_add_call(graph, 0, 1, round_trip_s);
    appgraph_add_call(graph, 0, 1, round_trip_s);
    return graph;
}

START_TEST(an_answer_takes_its_calls_one_after_the_other)
{
    g_autoptr(AppGraph) graph = two_tiers(APP_WAITS_QUEUE, 0.002);

    appgraph_advance(graph, 10);
    appgraph_finish(graph);
    /* own service, and twice the other one's with a round trip: 5 + 2 (5 + 2) ms; nobody waits */
    ck_assert_double_eq_tol(appgraph_log(graph, 0)->accounts[APP_BEFORE].responses.greatest, 0.019, 1e-9);
    ck_assert_double_eq_tol(appgraph_log(graph, 1)->accounts[APP_BEFORE].responses.greatest, 0.007, 1e-9);
    ck_assert_double_eq_tol(appgraph_offered(graph, 1), 50 * 2 * 0.005, 1e-12);
    ck_assert_uint_eq(appgraph_log(graph, 1)->total.answered, 2 * appgraph_log(graph, 0)->total.answered);
    fixture_check_counts(graph, 0);
    fixture_check_counts(graph, 1);
}
END_TEST

/* The first call's frames take longer from 5 s on, its answers none; from 10 s on they are lost. */
START_TEST(a_way_that_changes_is_that_of_whoever_sets_out_then)
{
    g_autoptr(AppGraph) graph = two_tiers(APP_WAITS_QUEUE, 0.002);

    appgraph_set_way(graph, 0, 0, 5, 0.004, 0);
    appgraph_set_way(graph, 0, 0, 10, 0, INFINITY);
    appgraph_advance(graph, 4.99);
    const Histogram *responses = &appgraph_log(graph, 0)->accounts[APP_BEFORE].responses;
    ck_assert_double_eq_tol(responses->greatest, 0.019, 1e-9);
    appgraph_advance(graph, 9.99);
    ck_assert_double_eq_tol(responses->greatest, 0.021, 1e-9);
    const guint64 answered = appgraph_log(graph, 0)->total.answered;
    appgraph_advance(graph, 20.003);
    /* one was under way */
    ck_assert_uint_le(appgraph_log(graph, 0)->total.answered, answered + 1);
    ck_assert_double_eq_tol((double)appgraph_log(graph, 0)->total.lost, 500, 2);
    ck_assert_uint_eq(appgraph_log(graph, 1)->total.lost, appgraph_log(graph, 0)->total.lost);
    appgraph_set_way(graph, 0, 0, 20.003, INFINITY, 0);
    appgraph_advance(graph, 30);
    ck_assert_double_eq_tol((double)appgraph_log(graph, 0)->total.lost, 1000, 2);
    ck_assert_double_eq_tol((double)appgraph_log(graph, 1)->total.lost, 500, 2);
    fixture_check_counts(graph, 0);
    fixture_check_counts(graph, 1);
}
END_TEST

START_TEST(clients_of_the_first_tier_feel_the_stop_of_the_second)
{
    g_autoptr(AppGraph) graph = two_tiers(APP_WAITS_QUEUE, 0.002);

    fixture_stop(graph, 1, STOP_S, STOP_S + D_S);
    appgraph_note_stop(graph, 0, STOP_S, TRUE);
    appgraph_note_stop(graph, 0, STOP_S + D_S, FALSE);
    appgraph_advance(graph, 30);
    const AppLog *log = appgraph_log(graph, 0);
    ck_assert_double_gt(log->accounts[APP_AFTER].responses.greatest, D_S);
    ck_assert_double_lt(log->accounts[APP_LATER].responses.greatest, 0.1);
    ck_assert_uint_eq(log->total.lost, 0);
    /* nobody ever waits at the first tier; its disturbance is over when the second one's backlog of 50 D first calls,
     * and as many second ones, is served: at a rate of 200 - 100 calls/s */
    ck_assert_double_eq_tol(log->drain_s, D_S, 0.3);
}
END_TEST

START_TEST(a_call_that_is_lost_loses_the_request)
{
    g_autoptr(AppGraph) graph = two_tiers(APP_WAITS_NOWHERE, 0.002);

    fixture_stop(graph, 1, STOP_S, STOP_S + D_S);
    appgraph_advance(graph, 30);
    ck_assert_double_eq_tol(appgraph_log(graph, 0)->total.lost, 50 * D_S, 2);
    fixture_check_counts(graph, 0);
    fixture_check_counts(graph, 1);
}
END_TEST

/* The first tier stops while the second one answers. */
START_TEST(an_answer_that_finds_its_caller_stopped_waits_as_a_request_does)
{
    static const struct {
        AppWaits waits;
        double worst_s;
        guint lost;
    } cases[] = {{APP_WAITS_QUEUE, D_S + 0.019, 0}, {APP_WAITS_NOWHERE, D_S + 0.019, 100}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(AppGraph) graph = two_tiers(cases[i].waits, 0.002);
        /* a request comes each 20 ms and is in its second call 13 ms later */
        fixture_stop(graph, 0, STOP_S + 0.014, STOP_S + 0.014 + D_S);
        appgraph_advance(graph, 30);
        const AppLog *log = appgraph_log(graph, 0);
        ck_assert_double_eq_tol(log->total.lost, cases[i].lost, 2);
        ck_assert(cases[i].lost == 0 || log->total.lost > 100);
        fixture_check_counts(graph, 0);
    }
}
END_TEST

/* ---- a server elsewhere: one request at a time, of a fixed time, which the test advances by turns with the graph ----
 */

#define ELSEWHERE_S 0.004

typedef struct {
    AppGraph *graph;
    GQueue waiting; /* of requests; the first is served */
    double done_s;  /* when it will be; G_MAXDOUBLE: nobody is served */
    guint loses;    /* every so many'th answer; 0: none */
    guint n;
} Elsewhere;

static void
ask_elsewhere(guint32 request, double at_s, gpointer data)
{
    Elsewhere *server = data;

    ck_assert_double_eq(at_s, appgraph_now_s(server->graph));
    if (g_queue_is_empty(&server->waiting))
        server->done_s = at_s + ELSEWHERE_S;
    g_queue_push_tail(&server->waiting, GUINT_TO_POINTER(request));
}

static void
serve_elsewhere(Elsewhere *server)
{
    const guint32 request = GPOINTER_TO_UINT(g_queue_pop_head(&server->waiting));
    const double now_s = server->done_s;

    server->n++;
    server->done_s = g_queue_is_empty(&server->waiting) ? G_MAXDOUBLE : now_s + ELSEWHERE_S;
    appgraph_answer(server->graph, request, now_s, server->loses > 0 && server->n % server->loses == 0);
}

static void
advance_by_turns(Elsewhere *server, double to_s)
{
    for (;;) {
        const double graph_s = appgraph_next_s(server->graph);
        if (MIN(graph_s, server->done_s) > to_s)
            break;
        if (graph_s <= server->done_s)
            appgraph_advance(server->graph, graph_s);
        else
            serve_elsewhere(server);
    }
    appgraph_advance(server->graph, to_s);
}

/* A front that calls a middle, which asks elsewhere; Poisson or at equal intervals. */
static void
add_tiers(Elsewhere *server, gboolean constant)
{
    AppSetting front = fixture_application(), middle = fixture_application();

    middle.name = "middle";
    middle.load.kind = APP_LOAD_NONE;
    front.load.constant = constant;
    *server = (Elsewhere){.graph = appgraph_new(3), .waiting = G_QUEUE_INIT, .done_s = G_MAXDOUBLE};
    appgraph_add(server->graph, &front);
    appgraph_add(server->graph, &middle);
    appgraph_add_call(server->graph, 0, 1, 0);
    appgraph_add_server(server->graph, 1, ask_elsewhere, server);
}

static void
check_elsewhere(const Elsewhere *server)
{
    const AppElsewhere *calls = appgraph_elsewhere(server->graph, 1);

    ck_assert_uint_eq(calls->asked - calls->answered - calls->lost, g_queue_get_length((GQueue *)&server->waiting));
    ck_assert_uint_eq(calls->answered + calls->lost, server->n);
    ck_assert_uint_eq(appgraph_elsewhere(server->graph, 0)->asked, 0);
    fixture_check_counts(server->graph, 0);
    fixture_check_counts(server->graph, 1);
}

static void
clear_elsewhere(Elsewhere *server)
{
    g_queue_clear(&server->waiting);
    appgraph_free(server->graph);
}

START_TEST(a_server_elsewhere_is_waited_for_without_a_processor)
{
    Elsewhere server;

    add_tiers(&server, TRUE);
    advance_by_turns(&server, 20.002);
    const Histogram *responses = &appgraph_log(server.graph, 0)->accounts[APP_BEFORE].responses;
    /* one request each 10 ms: nobody meets another one */
    ck_assert_double_eq_tol(responses->greatest, SERVICE_S + SERVICE_S + ELSEWHERE_S, 1e-9);
    ck_assert_double_eq_tol(histogram_mean(responses), SERVICE_S + SERVICE_S + ELSEWHERE_S, 1e-9);
    ck_assert_double_eq_tol(appgraph_utilization(server.graph, 1), 0.5, 1e-3);
    ck_assert_double_eq_tol(appgraph_elsewhere(server.graph, 1)->answer_sum_s, server.n * ELSEWHERE_S, 1e-6);
    check_elsewhere(&server);
    clear_elsewhere(&server);
}
END_TEST

START_TEST(what_a_server_elsewhere_loses_is_lost_with_whoever_called_for_it)
{
    Elsewhere server;

    add_tiers(&server, FALSE);
    server.loses = 5;
    advance_by_turns(&server, 20);
    ck_assert_uint_gt(server.n, 1500);
    ck_assert_uint_eq(appgraph_elsewhere(server.graph, 1)->lost, server.n / 5);
    ck_assert_uint_eq(appgraph_log(server.graph, 0)->total.lost, server.n / 5);
    ck_assert_uint_eq(appgraph_log(server.graph, 1)->total.lost, server.n / 5);
    check_elsewhere(&server);
    clear_elsewhere(&server);
}
END_TEST

/* It is the guest's own device: where the network leads does not matter to it. */
START_TEST(a_server_elsewhere_answers_a_guest_that_the_network_does_not_find)
{
    Elsewhere server;

    add_tiers(&server, TRUE);
    appgraph_set_reachable(server.graph, 1, 10.012, FALSE); /* between a call and its answer */
    advance_by_turns(&server, 20);
    ck_assert_uint_eq(appgraph_elsewhere(server.graph, 1)->answered, appgraph_elsewhere(server.graph, 1)->asked);
    check_elsewhere(&server);
    clear_elsewhere(&server);
}
END_TEST

/* ---- how it is advanced ---- */

static guint64
digest(double step_s)
{
    g_autoptr(AppGraph) graph = two_tiers(APP_WAITS_CLIENT, 0.001);
    guint64 sum = 0;

    fixture_stop(graph, 1, 3, 4);
    fixture_stop(graph, 0, 5, 5.5);
    for (double t = step_s; t < 10; t += step_s)
        appgraph_advance(graph, t);
    appgraph_advance(graph, 10);
    appgraph_finish(graph);
    for (guint i = 0; i < 2; i++) {
        const AppBin *bins = (const AppBin *)appgraph_log(graph, i)->bins->data;
        for (guint b = 0; b < appgraph_log(graph, i)->bins->len; b++)
            sum = sum * 31 + g_double_hash(&bins[b].response_sum_s) + bins[b].counts.answered;
    }
    return sum;
}

START_TEST(how_often_it_is_advanced_changes_nothing)
{
    ck_assert_uint_eq(digest(10), digest(0.0071));
}
END_TEST

START_TEST(how_often_a_graph_and_a_server_elsewhere_are_advanced_changes_nothing)
{
    double sums_s[2];

    for (int often = 0; often < 2; often++) {
        Elsewhere server;
        add_tiers(&server, FALSE);
        for (double t = 0; often && t < 20; t += 0.0071)
            advance_by_turns(&server, t);
        advance_by_turns(&server, 20);
        sums_s[often] = appgraph_log(server.graph, 0)->accounts[APP_BEFORE].responses.sum;
        check_elsewhere(&server);
        clear_elsewhere(&server);
    }
    ck_assert_double_gt(sums_s[0], 0);
    ck_assert_double_eq(sums_s[0], sums_s[1]);
}
END_TEST

START_TEST(another_application_moves_no_digit)
{
    double sums_s[2];

    for (guint others = 0; others < 2; others++) {
        g_autoptr(AppGraph) graph = appgraph_new(3);
        AppSetting setting = fixture_application(), other = fixture_application();
        setting.load.constant = other.load.constant = FALSE;
        other.name = "other";
        if (others)
            appgraph_add(graph, &other);
        const guint web = appgraph_add(graph, &setting);
        appgraph_advance(graph, 20);
        sums_s[others] = appgraph_log(graph, web)->accounts[APP_BEFORE].responses.sum;
    }
    ck_assert_double_eq(sums_s[0], sums_s[1]);
}
END_TEST

START_TEST(a_load_above_capacity_grows_without_end_and_is_told)
{
    g_autoptr(AppGraph) graph = appgraph_new(1);
    AppSetting setting = fixture_application();

    setting.load.rate_per_s = 300;
    appgraph_add(graph, &setting);
    appgraph_advance(graph, 100);
    ck_assert_double_eq_tol(appgraph_offered(graph, 0), 1.5, 1e-12);
    ck_assert_double_eq_tol((double)appgraph_waiting(graph, 0), 100 * 100, 3);
    ck_assert_ptr_null(appgraph_fault(graph));
}
END_TEST

/* A user who thinks and is served for no time would ask for ever at one date. */
START_TEST(a_clock_that_stands_still_is_a_fault)
{
    g_autoptr(AppGraph) graph = appgraph_new(1);
    AppSetting setting = users(1, 1);

    setting.load.think = setting.service = (AppTimeLaw){APP_TIME_CONSTANT, .mean_s = 0};
    appgraph_add(graph, &setting);
    appgraph_advance(graph, 1);
    ck_assert_ptr_nonnull(appgraph_fault(graph));
}
END_TEST

int
main(void)
{
    TCase *stops = tcase_create("stops"), *closed = tcase_create("users"), *tiers = tcase_create("tiers");
    TCase *time = tcase_create("time"), *elsewhere = tcase_create("elsewhere");

    tcase_add_test(stops, a_queue_holds_lambda_d_and_drains_in_d_rho_over_one_minus_rho);
    tcase_add_test(stops, the_excess_of_all_responses_is_lambda_d_squared_over_two_one_minus_rho);
    tcase_add_test(stops, nowhere_loses_lambda_times_the_stop);
    tcase_add_test(stops, a_clients_tcp_sends_again_at_the_dates_of_its_ladder);
    tcase_add_test(stops, tcp_gives_up_on_a_guest_that_never_comes_back);
    tcase_add_test(stops, a_full_queue_refuses_and_the_refused_are_counted);
    tcase_add_test(closed, users_never_have_more_than_one_request_each_waiting);
    tcase_add_test(closed, a_user_whose_request_was_lost_asks_again_when_patience_ends);
    tcase_add_test(closed, a_user_gives_up_on_a_late_answer_which_then_counts_for_nobody);
    tcase_add_test(tiers, an_answer_takes_its_calls_one_after_the_other);
    tcase_add_test(tiers, a_way_that_changes_is_that_of_whoever_sets_out_then);
    tcase_add_test(tiers, clients_of_the_first_tier_feel_the_stop_of_the_second);
    tcase_add_test(tiers, a_call_that_is_lost_loses_the_request);
    tcase_add_test(tiers, an_answer_that_finds_its_caller_stopped_waits_as_a_request_does);
    tcase_add_test(elsewhere, a_server_elsewhere_is_waited_for_without_a_processor);
    tcase_add_test(elsewhere, what_a_server_elsewhere_loses_is_lost_with_whoever_called_for_it);
    tcase_add_test(elsewhere, a_server_elsewhere_answers_a_guest_that_the_network_does_not_find);
    tcase_add_test(time, how_often_a_graph_and_a_server_elsewhere_are_advanced_changes_nothing);
    tcase_add_test(time, how_often_it_is_advanced_changes_nothing);
    tcase_add_test(time, another_application_moves_no_digit);
    tcase_add_test(time, a_load_above_capacity_grows_without_end_and_is_told);
    tcase_add_test(time, a_clock_that_stands_still_is_a_fault);
    return check_main("appgraph", stops, closed, tiers, elsewhere, time, NULL);
}
