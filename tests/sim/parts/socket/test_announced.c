/* Announced migrations in a whole world: models/socket/announce.c says when, tests/models/socket/test_explore.c tries
 * every order. */
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

int
main(void)
{
    TCase *tcase = tcase_create("announced");

    tcase_add_test(tcase, nothing_is_lost_on_the_way_there_and_back);
    tcase_add_test(tcase, shared_memory_is_left_before_the_vm_stops);
    tcase_add_test(tcase, a_migration_that_fails_is_withdrawn);
    return check_main("announced", tcase, NULL);
}
