/* Applications that call each other over a socket between their guests, in whole worlds: the time of a message by the
 * path that the guests have, as migrations part and join them. */
#include "tests/sim/world/worlds.h"

#define PLATFORM                                                                                                       \
    "{'name': 'w', 'run_until': '20s',"                                                                                \
    " 'hosts': [{'name': 'a', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                            \
    "           {'name': 'b', 'memory': '128MiB', 'dom0_memory': '64MiB'}],"                                           \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps', 'latency': '20us'}],"                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB'}, {'name': 'vm2', 'host': 'a', 'memory': '4MiB'},"       \
    "            {'name': 'third', 'host': 'a', 'memory': '4MiB'}],"                                                   \
    " 'sockets': [{'name': 's', 'from': 'vm2', 'to': 'vm', 'application': 'request-response', 'pause': '7ms',"         \
    "              'messages': [{'size': '2KiB'}], 'answer': '8KiB'},"                                                 \
    "             {'name': 'astray', 'from': 'vm', 'to': 'third', 'application': 'bulk', 'count': 1}],"
#define TIERS                                                                                                          \
    "'applications': [{'name': 'web', 'guest': 'vm', 'waits': 'queue', 'load': {'kind': 'open', 'rate': '100/s',"      \
    "  'arrivals': 'constant', 'start': '5ms'}, 'service': {'kind': 'constant', 'mean': '1ms'}, 'bin': '1s',"          \
    "  'calls': [{'application': 'db', 'over': {'socket': 's', 'request': '2KiB', 'answer': '8KiB'}}]},"               \
    " {'name': 'db', 'guest': 'vm2', 'waits': 'queue', 'load': {'kind': 'none'},"                                      \
    "  'service': {'kind': 'constant', 'mean': '2ms'}}],"
#define MOVE(vm, to, at)                                                                                               \
    "{'at': '" at "', 'do': 'migrate', 'vm': '" vm "', 'to': '" to "', 'hypervisor': " WORLDS_COSTS                    \
    ", 'name': '" vm to "'}"
#define STAY  PLATFORM TIERS "'timeline': []}"
#define PARTS PLATFORM TIERS "'timeline': [" MOVE("vm", "b", "5s") "]}"
#define JOINS PLATFORM TIERS "'timeline': [" MOVE("vm", "b", "5s") ", " MOVE("vm2", "b", "12s") "]}"

/* What a request of the socket's own takes there and back, of the same sizes, in that period; and what the
 * application's takes besides its 3 ms of processors. */
static double
round_trip_s(const Result *result, const char *period)
{
    g_autofree char *name = g_strdup_printf("socket.s.%s.latency_p50_s", period);

    return worlds_number(result, name);
}

/* Of the bin of that second. */
static double
response_s(const Result *result, guint second)
{
    g_autofree char *begins = g_strdup_printf("web,%u,", second);
    g_auto(GStrv) cells = worlds_row(result, "application-series.csv", begins);

    return g_ascii_strtod(cells[7], NULL);
}

/* A histogram's median is right to 1/64 at worst. */
#define BUCKET 0.016

START_TEST(a_call_takes_what_a_request_of_the_socket_takes)
{
    g_autoptr(Result) together = WORLDS_RUN(STAY);
    g_autoptr(Result) apart = WORLDS_RUN(STAY, "/guests/1/host=b");
    const double memory_s = worlds_number(together, "application.web.response_mean_s") - 0.003;
    const double tcp_s = worlds_number(apart, "application.web.response_mean_s") - 0.003;

    ck_assert_double_eq_tol(memory_s / round_trip_s(together, "before"), 1, BUCKET);
    ck_assert_double_eq_tol(tcp_s / round_trip_s(apart, "before"), 1, BUCKET);
    ck_assert_double_gt(tcp_s, 4 * memory_s);
    ck_assert_number(together, "application.web.response_max_s", 0.003 + memory_s, 1e-9);
    ck_assert_number(together, "application.db.answered", worlds_number(together, "application.web.answered"), 1);
}
END_TEST

START_TEST(a_migration_that_parts_the_guests_makes_requests_slower_and_one_that_joins_them_faster)
{
    g_autoptr(Result) together = WORLDS_RUN(STAY);
    g_autoptr(Result) apart = WORLDS_RUN(STAY, "/guests/1/host=b");
    g_autoptr(Result) result = WORLDS_RUN(JOINS);
    const double memory_s = response_s(together, 2), tcp_s = response_s(apart, 2);

    ck_assert_word(result, "migration.vmb.outcome", "completed");
    ck_assert_word(result, "migration.vm2b.outcome", "completed");
    ck_assert_double_eq_tol(response_s(result, 2), memory_s, 1e-9);
    ck_assert_double_eq_tol(response_s(result, 10), tcp_s, 1e-9);
    ck_assert_double_eq_tol(response_s(result, 18), memory_s, 1e-9);
    ck_assert_double_eq(worlds_number(result, "application.web.lost"), 0);
}
END_TEST

START_TEST(guests_of_two_groups_call_by_tcp_on_one_host)
{
    g_autoptr(Result) together = WORLDS_RUN(STAY);
    g_autoptr(Result) strangers = WORLDS_RUN(STAY, "/guests/1/group=2");

    ck_assert_double_gt(response_s(strangers, 2), response_s(together, 2) + 1e-4);
    ck_assert_double_eq_tol((response_s(strangers, 2) - 0.003) / round_trip_s(strangers, "before"), 1, BUCKET);
}
END_TEST

/* The move itself is at some 6 s; afterwards nothing is answered, and nobody waits. */
START_TEST(a_system_that_cannot_migrate_loses_the_calls_after_a_move)
{
    g_autoptr(Result) result =
        WORLDS_RUN(PARTS, "/sockets/0/system=xway", "/sockets/0/modified=true", "/applications/0/warm_up=10s");

    ck_assert_double_eq(worlds_number(result, "application.web.answered"), 0);
    ck_assert_number(result, "application.web.lost", 1000, 1.5);
    ck_assert_number(result, "application.web.waiting", 0, 1.5);
}
END_TEST

START_TEST(each_fault_is_one_line_with_its_place)
{
    static const struct {
        const char *setting, *message;
    } cases[] = {
        {"/applications/0/calls/0/over/socket=nobody", "/applications/0/calls/0/over/socket: no \"nobody\""},
        {"/applications/0/calls/0/over/socket=astray",
         "/applications/0/calls/0/over/socket: \"astray\" joins guests \"vm\" and \"third\", expected one between"},
        {"/applications/0/calls/0/over/request=0B", "/applications/0/calls/0/over/request"},
        {"/applications/0/calls/0/round_trip=1ms",
         "/applications/0/calls/0/round_trip: is said of a call over a socket"},
        {"/vtpms=[{\"name\":\"t\",\"vm\":\"vm\"}]\n/applications/0/calls/0={\"vtpm\":\"t\",\"over\":{\"socket\":\"s\","
         "\"request\":\"1B\",\"answer\":\"1B\"}}",
         "/applications/0/calls/0/over: no application is called"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(GStrv) settings = g_strsplit(cases[i].setting, "\n", 0);
        worlds_expect_refused(STAY, (const char *const *)settings, cases[i].message);
    }
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("application_sockets");

    tcase_add_test(cases, a_call_takes_what_a_request_of_the_socket_takes);
    tcase_add_test(cases, a_migration_that_parts_the_guests_makes_requests_slower_and_one_that_joins_them_faster);
    tcase_add_test(cases, guests_of_two_groups_call_by_tcp_on_one_host);
    tcase_add_test(cases, a_system_that_cannot_migrate_loses_the_calls_after_a_move);
    tcase_add_test(cases, each_fault_is_one_line_with_its_place);
    return check_main("application_sockets", cases, NULL);
}
