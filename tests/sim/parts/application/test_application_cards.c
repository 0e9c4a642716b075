/* Applications that ask a crypto card, in whole worlds: how long that takes, who feels it, and what a migration, a lost
 * host or another card makes of it (worlds_run fails when a card answers twice or the accounts do not agree). */
#include "tests/sim/world/worlds.h"

/* A card that takes 300 us for a signature and nothing for everything else, behind 50 us of work that each VM has for
 * itself and with that serves any number; a neighbour with an application of its own. */
#define CARD(name, host)                                                                                               \
    "{'name': '" name "', 'host': '" host                                                                              \
    "', 'dma_rate': '8Tbps', 'algorithms': {'sm2-sign': {'engine': 'asymmetric',"                                      \
    " 'fixed': '300us'}, 'sm3': {'engine': 'hash', 'fixed': '100us'}}}"
#define PLATFORM                                                                                                            \
    "{'name': 'w', 'run_until': '20s',"                                                                                     \
    " 'hosts': [{'name': 'a', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                                 \
    "           {'name': 'b', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                                 \
    "           {'name': 'arm', 'arch': 'aarch64', 'memory': '128MiB', 'dom0_memory': '64MiB'}],"                           \
    " 'switches': [{'name': 's'}],"                                                                                         \
    " 'links': [{'name': 'la', 'ends': ['a', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                             \
    "           {'name': 'lb', 'ends': ['b', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                             \
    "           {'name': 'lr', 'ends': ['arm', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}],"                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB'}, {'name': 'other', 'host': 'a', 'memory': '4MiB'}],"         \
    " 'cards': [" CARD("ca", "a") ", " CARD("cb", "b") ", " CARD(                                                           \
        "cr",                                                                                                               \
        "arm") "],"                                                                                                         \
               " 'card_paths': [{'name': 'p', 'stations': [{'name': 'lib', 'place': 'guest', 'direction': 'forward',"       \
               "   'servers': 0, 'fixed': '50us'}]}],"                                                                      \
               " 'card_sessions': [{'name': 'vm', 'guest': 'vm', 'card': 'ca', 'path': 'p', 'workload': {'kind': 'none'}}," \
               "                   {'name': 'other', 'guest': 'other', 'card': 'ca', 'path': 'p', 'workload': {'kind': 'none'}}],"
#define SIGN "'card': {'session': 'vm', 'algorithm': 'sm2-sign', 'bytes': '32B'}"
#define WEB                                                                                                              \
    "{'name': 'web', 'guest': 'vm', 'waits': 'queue', 'load': {'kind': 'open', 'rate': '100/s', 'arrivals': 'constant'," \
    " 'start': '5ms'}, 'service': {'kind': 'constant', 'mean': '2ms'}, 'calls': [{" SIGN "}]}"
#define ALONE PLATFORM "'applications': [" WEB "]}"
#define MOVED(to)                                                                                                      \
    PLATFORM "'applications': [" WEB "], 'timeline': [{'at': '10s', 'do': 'migrate', 'vm': 'vm', 'to': '" to "',"      \
             " 'hypervisor': " WORLDS_COSTS "}]}"
#define CALL_S 350e-6

static double
calls(const Result *result, const char *what)
{
    g_autofree char *name = g_strconcat("application.web.card_", what, NULL);

    return worlds_number(result, name);
}

/* Asked calls have one end each. */
static void
check_account(const Result *result)
{
    ck_assert_double_gt(calls(result, "asked"), 0);
    ck_assert_double_eq(calls(result, "asked"),
                        calls(result, "answered") + calls(result, "lost") + calls(result, "waiting"));
}

/* The card says itself what one synchronous session takes. */
START_TEST(an_idle_card_adds_what_one_synchronous_session_takes)
{
    g_autoptr(Result) result = WORLDS_RUN(ALONE);
    g_autoptr(Result) card =
        WORLDS_RUN(ALONE, "/applications=[]",
                   "/card_sessions/0/workload={\"kind\": \"closed\", \"think\": \"9ms\", \"mix\": [{\"algorithm\": "
                   "\"sm2-sign\", \"bytes\": \"32B\"}]}");
    const double latency_s = worlds_number(card, "card_session.vm.latency_max_s");

    ck_assert_double_eq_tol(latency_s, CALL_S, 1e-9);
    ck_assert_double_eq_tol(calls(result, "latency_mean_s"), latency_s, 1e-9);
    ck_assert_number(result, "application.web.response_max_s", 0.002 + latency_s, 1e-9);
    ck_assert_number(result, "application.web.response_mean_s", 0.002 + latency_s, 1e-9);
    ck_assert_double_eq(worlds_number(result, "card_session.vm.done"), calls(result, "answered"));
    check_account(result);
}
END_TEST

#define POISSON(name, guest, session)                                                                                  \
    "{'name': '" name "', 'guest': '" guest "', 'load': {'kind': 'open', 'rate': '1000/s'}, 'warm_up': '2s',"          \
    " 'service': {'kind': 'exponential', 'mean': '0.2ms'},"                                                            \
    " 'calls': [{'card': {'session': '" session "', 'algorithm': 'sm2-sign', 'bytes': '32B'}}]}"

/* What leaves an M/M/1 queue is a Poisson process (Burke), and so are two of them together: the engine is M/D/1. */
START_TEST(two_applications_wait_for_one_engine_as_in_a_queue_of_both)
{
    g_autoptr(Result) result = WORLDS_RUN(
        PLATFORM "'applications': [" POISSON("web", "vm", "vm") ", " POISSON("second", "other", "other") "]}",
        "/run_until=200s", "/card_measurement={\"warm_up\": \"2s\"}");
    g_autoptr(Result) one = WORLDS_RUN(PLATFORM "'applications': [" POISSON("web", "vm", "vm") "]}", "/run_until=200s");
    const double rho = 2000 * 300e-6, wait_s = rho * 300e-6 / (2 * (1 - rho));
    const double alone_s = 0.3 * 300e-6 / (2 * (1 - 0.3));

    ck_assert_word(result, "card.ca.bottleneck", "engine-asymmetric");
    ck_assert_number(result, "card.ca.bottleneck_utilization", rho, 0.01 * rho);
    /* 200,000 calls each: the mean wait is known within some 2 % */
    ck_assert_double_eq_tol(calls(result, "latency_mean_s") - CALL_S, wait_s, 0.05 * wait_s);
    ck_assert_number(result, "application.second.card_latency_mean_s", CALL_S + wait_s, 0.05 * wait_s);
    ck_assert_double_eq_tol(calls(one, "latency_mean_s") - CALL_S, alone_s, 0.05 * alone_s);
    /* M/M/1 of 0.2 ms at 0.2, then the card */
    ck_assert_number(result, "application.web.response_mean_s", 0.25e-3 + CALL_S + wait_s, 0.02e-3);
    check_account(result);
}
END_TEST

/* The neighbour's own workload and the application meet in the engine, and both feel it. */
START_TEST(a_neighbours_requests_wait_for_the_applications_and_they_for_his)
{
    static const char *const rival =
        "/card_sessions/1/workload={\"kind\": \"poisson\", \"rate\": \"1k/s\", \"mix\": [{\"algorithm\": \"sm2-sign\", "
        "\"bytes\": \"32B\"}]}";
    g_autoptr(Result) both = WORLDS_RUN(ALONE, rival, "/applications/0/load/rate=400/s");
    g_autoptr(Result) his = WORLDS_RUN(ALONE, rival, "/applications=[]");

    ck_assert_double_gt(calls(both, "latency_mean_s"), 1.1 * CALL_S);
    ck_assert_double_gt(worlds_number(both, "card_session.other.latency_mean_s"),
                        1.05 * worlds_number(his, "card_session.other.latency_mean_s"));
    check_account(both);
}
END_TEST

/* ---- migrations ---- */

START_TEST(a_drained_session_takes_the_applications_calls_to_the_other_card)
{
    g_autoptr(Result) result = WORLDS_RUN(MOVED("b"));
    const double downtime_s = worlds_number(result, "migration.vm.downtime_s");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "card_session.vm.card", "cb");
    ck_assert_double_eq(calls(result, "lost"), 0);
    ck_assert_double_eq(calls(result, "waiting"), 0);
    ck_assert_double_gt(worlds_number(result, "card.cb.done"), 500);
    ck_assert_double_eq(worlds_number(result, "card.ca.done") + worlds_number(result, "card.cb.done"),
                        calls(result, "answered"));
    /* one request each 10 ms: who came as it stopped waited longest */
    ck_assert_number(result, "application.web.response_max_s", downtime_s + 0.002 + CALL_S, 0.0101);
    check_account(result);
}
END_TEST

/* 3000 requests/s keep the engine at 0.9, so that the migration finds some under way; they leave the guest less far
 * apart than a signature takes. */
#define BUSY "/applications/0/load/rate=3000/s", "/applications/0/service/mean=0.2ms"

START_TEST(calls_under_way_are_asked_again_at_the_destination)
{
    g_autoptr(Result) result =
        WORLDS_RUN(MOVED("b"), BUSY, "/card_sessions/0/on_migration=resubmit", "/applications/0/load/arrivals=poisson");

    ck_assert_double_ge(worlds_number(result, "card_session.vm.resubmitted"), 1);
    ck_assert_double_eq(calls(result, "lost"), 0);
    /* a call spans the time without a card */
    ck_assert_double_gt(worlds_number(result, "card_session.vm.latency_max_s"),
                        worlds_number(result, "card_session.vm.closed_s"));
    check_account(result);
}
END_TEST

START_TEST(a_card_without_the_calls_algorithm_refuses_the_migration)
{
    g_autoptr(Result) result = WORLDS_RUN(MOVED("b"), "/cards/1/algorithms={\"sm3\": {\"fixed\": \"1us\"}}");

    ck_assert_word(result, "migration.vm.outcome", "no-card");
    ck_assert_double_eq(calls(result, "lost"), 0);
    check_account(result);
}
END_TEST

/* From then on the destination's card rejects every packet. */
START_TEST(what_the_other_card_rejects_is_lost)
{
    g_autoptr(Result) result = WORLDS_RUN(MOVED("b"), "/cards/1/packet_max=16B");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_gt(calls(result, "lost"), 800);
    ck_assert_double_eq(calls(result, "lost"), worlds_number(result, "card_session.vm.rejected"));
    ck_assert_double_eq(calls(result, "lost"), worlds_number(result, "application.web.lost"));
    check_account(result);
}
END_TEST

START_TEST(a_path_that_crashes_on_arm_loses_what_was_under_way)
{
    g_autoptr(Result) result =
        WORLDS_RUN(MOVED("arm"), BUSY, "/applications/0/load/arrivals=poisson", "/card_sessions/0/on_arm=crash",
                   "/card_sessions/0/on_migration=resubmit", "/card_paths/0/arm_refusal=it does not work there");

    ck_assert_word(result, "card_session.vm.state", "crashed");
    ck_assert_double_ge(calls(result, "lost"), 1);
    ck_assert_double_eq(calls(result, "waiting"), 0);
    check_account(result);
}
END_TEST

START_TEST(a_lost_host_takes_the_calls_with_it)
{
    g_autoptr(Result) result = WORLDS_RUN(ALONE, BUSY, "/applications/0/load/arrivals=poisson",
                                          "/timeline=[{\"at\": \"10s\", \"do\": \"fail-host\", \"host\": \"a\"}]");

    ck_assert_word(result, "card_session.vm.state", "lost");
    ck_assert_double_eq(calls(result, "waiting"), 0);
    ck_assert_double_gt(calls(result, "answered"), 10000);
    check_account(result);
}
END_TEST

START_TEST(calls_before_the_sessions_start_wait_for_it)
{
    g_autoptr(Result) result = WORLDS_RUN(ALONE, "/card_sessions/0/start=1s");

    /* the first request comes 10 ms after the load's start, and is the first of those that wait */
    ck_assert_number(result, "application.web.response_max_s", 1 - 0.015 + CALL_S, 1e-6);
    ck_assert_double_eq(calls(result, "lost"), 0);
    check_account(result);
}
END_TEST

/* ---- how often it is looked at ---- */

/* Sessions that ask nothing open at odd dates, and each makes the world look at the card. */
START_TEST(how_often_the_card_is_looked_at_changes_nothing)
{
    g_autoptr(GString) looks = g_string_new("/card_sessions=[{\"name\": \"vm\", \"guest\": \"vm\", \"card\": \"ca\", "
                                            "\"path\": \"p\", \"workload\": {\"kind\": \"none\"}}");

    for (guint i = 0; i < 300; i++)
        g_string_append_printf(looks,
                               ", {\"name\": \"look%u\", \"card\": \"ca\", \"path\": \"p\", \"start\": \"%gms\", "
                               "\"workload\": {\"kind\": \"none\"}}",
                               i, 17.31 * (i + 1));
    g_string_append_c(looks, ']');
    g_autoptr(Result) seldom = WORLDS_RUN(ALONE, BUSY, "/applications/0/load/arrivals=poisson");
    g_autoptr(Result) often = WORLDS_RUN(ALONE, BUSY, "/applications/0/load/arrivals=poisson", looks->str);

    ck_assert_double_gt(calls(seldom, "latency_mean_s"), 1.05 * CALL_S);
    ck_assert_double_eq(calls(seldom, "latency_mean_s"), calls(often, "latency_mean_s"));
    ck_assert_str_eq(result_table(seldom, "application-series.csv"), result_table(often, "application-series.csv"));
}
END_TEST

/* ---- bad input ---- */

START_TEST(each_fault_is_one_line_with_its_place)
{
    static const struct {
        const char *setting, *message;
    } cases[] = {
        {"/applications/0/calls/0/card/session=nobody", "/applications/0/calls/0/card/session: no \"nobody\""},
        {"/applications/0/calls/0/card/session=other",
         "/applications/0/calls/0/card/session: \"other\" is not a session of guest \"vm\", expected the guest's own"},
        {"/applications/0/calls/0/card/algorithm=sm1",
         "/applications/0/calls/0/card/algorithm: card \"ca\" has no sm1"},
        {"/applications/0/calls/0/card/algorithm=sm9", "/applications/0/calls/0/card/algorithm"},
        {"/applications/0/calls/0/card/bytes=16385B",
         "/applications/0/calls/0/card/bytes: is above the limit of 16384 bytes of card \"ca\""},
        {"/applications/0/calls/0/card/key=1000",
         "/applications/0/calls/0/card/key: is 1000, expected at most the card"},
        {"/applications/0/calls/0/card/key=3",
         "/applications/0/calls/0/card/key: slot 3 of card \"ca\" is not session"},
        {"/applications/0/calls/0/round_trip=1ms", "/applications/0/calls/0/round_trip: is said of a call to a card"},
        {"/applications/0/calls/0/application=web", "/applications/0/calls/0: names two"},
        {"/applications/0/calls=[{\"card\":{\"session\":\"vm\",\"bytes\":\"1B\"}}]",
         "/applications/0/calls/0/card/algorithm"},
        {"/card_measurement={\"until\":\"narrow\"}", "/card_measurement/until: is \"narrow\" beside an application"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        worlds_expect_refused(ALONE, (const char *const[]){cases[i].setting, NULL}, cases[i].message);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("application_cards");

    tcase_add_test(cases, an_idle_card_adds_what_one_synchronous_session_takes);
    tcase_add_test(cases, two_applications_wait_for_one_engine_as_in_a_queue_of_both);
    tcase_add_test(cases, a_neighbours_requests_wait_for_the_applications_and_they_for_his);
    tcase_add_test(cases, a_drained_session_takes_the_applications_calls_to_the_other_card);
    tcase_add_test(cases, calls_under_way_are_asked_again_at_the_destination);
    tcase_add_test(cases, a_card_without_the_calls_algorithm_refuses_the_migration);
    tcase_add_test(cases, what_the_other_card_rejects_is_lost);
    tcase_add_test(cases, a_path_that_crashes_on_arm_loses_what_was_under_way);
    tcase_add_test(cases, a_lost_host_takes_the_calls_with_it);
    tcase_add_test(cases, calls_before_the_sessions_start_wait_for_it);
    tcase_add_test(cases, how_often_the_card_is_looked_at_changes_nothing);
    tcase_add_test(cases, each_fault_is_one_line_with_its_place);
    return check_main("application_cards", cases, NULL);
}
