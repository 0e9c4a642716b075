/* Readings of the patent in a whole world: announced migrations (models/socket/announce.c), and a position table for
 * each machine. tests/models/socket/test_explore.c tries every order of either. */
#include "tests/sim/world/worlds.h"

#define PAIR                                                                                                           \
    "{'name': 'pair', 'run_until': '6s', 'engine': {'pages': 'each'},"                                                 \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                                        \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps', 'latency': '50us'}],"                          \
    " 'guests': [{'name': 'x', 'host': 'a', 'memory': '32MiB'}, {'name': 'y', 'host': 'a', 'memory': '32MiB'}],"       \
    " 'sockets': [{'name': 's', 'from': 'x', 'to': 'y', 'application': 'bulk', 'direction': 'both',"                   \
    "              'messages': [{'size': '16KiB'}], 'reading': 'announced', 'stop': '5.5s'},"                          \
    "             {'name': 'r', 'from': 'y', 'to': 'x', 'application': 'request-response', 'reading': 'announced',"    \
    "              'stop': '5.5s'}],"                                                                                  \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'x', 'to': 'b', 'name': 'away', 'hypervisor': " WORLDS_COSTS    \
    "},"                                                                                                               \
    "              {'at': '3s', 'do': 'migrate', 'vm': 'x', 'to': 'a', 'name': 'back', 'hypervisor': " WORLDS_COSTS    \
    "}]}"

#define SAFE "/sockets/0/reading=safe", "/sockets/1/reading=safe"

/* Every byte arrives once (an invariant of every run), over memory again after the way back. */
START_TEST(nothing_is_lost_on_the_way_there_and_back)
{
    g_autoptr(Result) result = WORLDS_RUN(PAIR);

    ck_assert_word(result, "migration.away.outcome", "completed");
    ck_assert_word(result, "migration.back.outcome", "completed");
    ck_assert_word(result, "socket.s.outcome", "closed");
    ck_assert_word(result, "socket.r.outcome", "closed");
    ck_assert_double_eq(worlds_number(result, "socket.s.path_switches"), 2);
    ck_assert_double_eq(worlds_number(result, "socket.r.path_switches"), 2);
}
END_TEST

/* The safe reading is on shared memory until the VM runs elsewhere, the announced one until it stops: longer on TCP by
 * the downtime of the way there. 1 ms: on the way back both build anew at their next call. */
START_TEST(shared_memory_is_left_before_the_vm_stops)
{
    g_autoptr(Result) announced = WORLDS_RUN(PAIR);
    g_autoptr(Result) safe = WORLDS_RUN(PAIR, SAFE);
    const double downtime_s = worlds_number(announced, "migration.away.downtime_s");

    ck_assert_double_gt(downtime_s, 0.05);
    ck_assert_number(announced, "socket.r.tcp_s", worlds_number(safe, "socket.r.tcp_s") + downtime_s, 0.001);
}
END_TEST

/* The destination is lost while both modules leave, or just after: the VM goes on where it was, over memory. Dates
 * around the end of the live rounds, which another reading does not move. */
START_TEST(a_migration_that_fails_is_withdrawn)
{
    g_autoptr(Result) good = WORLDS_RUN(PAIR, "/timeline/1/at=5.9s");
    const double stop_s =
        worlds_number(good, "migration.away.start_s") + worlds_number(good, "migration.away.vm.pre_migration_s") +
        worlds_number(good, "migration.away.vm.reservation_s") + worlds_number(good, "migration.away.vm.precopy_s");

    for (int i = -2; i <= 4; i++) {
        g_autofree char *lost =
            g_strdup_printf("/timeline/1={\"at\":\"%.9fs\",\"do\":\"fail-host\",\"host\":\"b\"}", stop_s + i * 20e-6);
        g_autoptr(Result) result = WORLDS_RUN(PAIR, lost);
        ck_assert_str_ne(worlds_word(result, "migration.away.outcome"), "completed");
        ck_assert_word(result, "socket.s.outcome", "closed");
        ck_assert_double_lt(worlds_number(result, "socket.r.tcp_s"), 1);
    }
}
END_TEST

#define TOLD "/sockets/0/reading=safe", "/sockets/1/reading=safe", "/sockets/1/table_message=40ms"

/* The server, which stays, answers into a dead buffer until its machine hears that the client has gone: the request
 * that it answers takes the message's time more, and none is lost. 1 ms: what a request takes, and where in it the VM
 * stops. */
START_TEST(who_stays_behind_waits_for_the_message)
{
    const char *longest = "socket.r.during.away.latency_max_s";
    const char *swapped = "/sockets/1/from=x", *to = "/sockets/1/to=y";
    g_autoptr(Result) one = WORLDS_RUN(PAIR, SAFE, swapped, to);
    g_autoptr(Result) told = WORLDS_RUN(PAIR, TOLD, swapped, to);

    ck_assert_word(told, "socket.r.outcome", "closed");
    ck_assert_number(told, longest, worlds_number(one, longest) + 0.04, 0.001);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("noticing");

    tcase_add_test(tcase, nothing_is_lost_on_the_way_there_and_back);
    tcase_add_test(tcase, shared_memory_is_left_before_the_vm_stops);
    tcase_add_test(tcase, a_migration_that_fails_is_withdrawn);
    tcase_add_test(tcase, who_stays_behind_waits_for_the_message);
    return check_main("noticing", tcase, NULL);
}
