/* Applications in whole worlds: what stops, throttles, shared processors, post-copy and vTPMs do to their clients. */
#include "tests/sim/world/worlds.h"

/* One guest with one application, 100 requests/s of exactly 5 ms, and a time line. */
#define PLATFORM                                                                                                       \
    "'run_until': '30s',"                                                                                              \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                                        \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps', 'latency': '20us'}],"
#define GUEST                                                                                                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB',"                                                       \
    "             'workload': {'kind': 'uniform', 'working_set': '16MiB', 'rate': '0/s'}}],"
#define WEB                                                                                                            \
    "'name': 'web', 'guest': 'vm', 'waits': 'queue', 'bin': '100ms',"                                                  \
    " 'load': {'kind': 'open', 'rate': '100/s', 'arrivals': 'constant', 'start': '5ms'},"                              \
    " 'service': {'kind': 'constant', 'mean': '5ms'}"
#define STOP    "{'at': '10s', 'do': 'stop-guest', 'guest': 'vm'}, {'at': '12s', 'do': 'start-guest', 'guest': 'vm'}"
#define STOPPED "{'name': 'w'," PLATFORM GUEST " 'applications': [{" WEB "}], 'timeline': [" STOP "]}"
#define MOVED                                                                                                          \
    "{'name': 'w'," PLATFORM GUEST " 'applications': [{" WEB "}],"                                                     \
    " 'timeline': [{'at': '10s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': {'profile': 'qemu-kvm'}}]}"

START_TEST(a_stop_of_known_length_leaves_what_the_closed_forms_say)
{
    g_autoptr(Result) result = WORLDS_RUN(STOPPED);

    ck_assert_number(result, "application.web.backlog_peak", 200, 1.5);
    ck_assert_number(result, "application.web.drain_s", 2, 0.01);
    ck_assert_number(result, "application.web.after.response_max_s", 2.005, 0.01);
    ck_assert_number(result, "application.web.during.lasted_s", 2, 1e-9);
    ck_assert_number(result, "application.web.before.response_max_s", 0.005, 1e-9);
    ck_assert_number(result, "application.web.lost", 0, 0.5);
    ck_assert_number(result, "application.web.utilization", 0.5, 0.002);
    ck_assert_word(result, "application.web.stable", "yes");
}
END_TEST

START_TEST(the_key_waits_says_what_becomes_of_requests_meanwhile)
{
    g_autoptr(Result) nowhere = WORLDS_RUN(STOPPED, "/applications/0/waits=nowhere");
    g_autoptr(Result) client = WORLDS_RUN(STOPPED, "/applications/0/waits=client");

    ck_assert_number(nowhere, "application.web.lost", 200, 1.5);
    ck_assert_number(client, "application.web.lost", 0, 0.5);
    /* the ladder's step behind 2 s, measured at 3.34 s, and then some that came by it as well */
    ck_assert_number(client, "application.web.response_max_s", 3.4, 0.15);
}
END_TEST

#define NETWORK(keys) "/client_network={\"switches\": [{\"name\": \"s\", \"attached\": [\"a\", \"b\"]}], " keys "}"

/* Nobody says where the guest is now: the switch forgets it as long after its last answer as it keeps entries. */
START_TEST(clients_lose_what_they_send_until_the_network_has_learnt)
{
    g_autoptr(Result) aged = WORLDS_RUN(MOVED, "/applications/0/waits=nowhere",
                                        NETWORK("\"announce\": {\"kind\": \"none\"}, \"ageing\": \"2s\""));
    g_autoptr(Result) told = WORLDS_RUN(MOVED, "/applications/0/waits=nowhere",
                                        NETWORK("\"announce\": {\"kind\": \"list\", \"at\": [\"500ms\"]}"));
    g_autoptr(Result) never = WORLDS_RUN(MOVED, "/applications/0/waits=nowhere",
                                         NETWORK("\"announce\": {\"kind\": \"none\"}, \"ageing\": \"300s\""));
    const double downtime_s = worlds_number(told, "migration.vm.vm.downtime_s");
    const double total_s = worlds_number(told, "migration.vm.total_s");

    ck_assert_number(aged, "application.web.lost", 200, 1.5);
    ck_assert_number(told, "application.web.lost", 100 * (downtime_s + 0.5), 1.5);
    ck_assert_number(told, "application.web.during.lasted_s", total_s + 0.5, 0.02);
    /* the run ends at 30 s */
    ck_assert_number(never, "application.web.lost", 100 * (20 - total_s + downtime_s), 2.5);
}
END_TEST

#define RESUME(costs) "/timeline/0/hypervisor/costs={\"resume\":\"1s\"" costs "}", "/run_until=30s"

/* A guest whose devices are live for the last 400 ms of its downtime keeps what comes then, and answers it when it
 * runs: it stands still as long as one that loses it. */
START_TEST(what_comes_to_live_devices_is_answered_when_the_guest_runs)
{
    const char *ping =
        NETWORK("\"probes\": [{\"name\":\"ping\",\"kind\":\"ping\",\"guest\":\"vm\",\"interval\":\"10ms\"}]");
    g_autoptr(Result) deaf = WORLDS_RUN(MOVED, "/applications/0/waits=nowhere", ping, RESUME(""));
    g_autoptr(Result) live = WORLDS_RUN(MOVED, "/applications/0/waits=nowhere", ping, RESUME(",\"live\":\"400ms\""));
    const double downtime_s = worlds_number(deaf, "migration.vm.vm.downtime_s");

    ck_assert_number(live, "migration.vm.vm.downtime_s", downtime_s, 1e-9);
    ck_assert_number(deaf, "application.web.lost", 100 * downtime_s, 1.5);
    ck_assert_number(live, "application.web.lost", 100 * (downtime_s - 0.4), 1.5);
    /* besides the one that it was serving as it stopped */
    ck_assert_number(deaf, "application.web.backlog_peak", 1, 1.5);
    ck_assert_number(live, "application.web.backlog_peak", 41, 1.5);
    ck_assert_number(deaf, "probe.ping.lost", 100 * downtime_s, 1.5);
    ck_assert_number(live, "probe.ping.lost", 100 * (downtime_s - 0.4), 1.5);
    /* pings are answered all at once when it runs: up to an interval earlier than the first that comes afterwards */
    ck_assert_number(live, "probe.ping.blackout_s", worlds_number(deaf, "probe.ping.blackout_s"), 0.0101);
}
END_TEST

/* What is a part of each response, and of TCP's first time-out. */
START_TEST(the_network_s_round_trip_is_the_clients)
{
    g_autoptr(Result) far = WORLDS_RUN(STOPPED, NETWORK("\"rtt\": \"40ms\""));
    g_autoptr(Result) said = WORLDS_RUN(STOPPED, NETWORK("\"rtt\": \"40ms\""), "/applications/0/round_trip=10ms");

    ck_assert_number(far, "application.web.before.response_max_s", 0.045, 1e-9);
    ck_assert_number(said, "application.web.before.response_max_s", 0.015, 1e-9);
}
END_TEST

START_TEST(a_stop_and_copy_is_felt_as_long_as_its_downtime)
{
    g_autoptr(Result) result = WORLDS_RUN(MOVED);
    const double downtime_s = worlds_number(result, "migration.vm.vm.downtime_s");

    ck_assert_double_gt(downtime_s, 0.01);
    ck_assert_number(result, "application.web.response_max_s", downtime_s + 0.005, 0.0101);
    ck_assert_number(result, "application.web.drain_s", downtime_s, 0.0101);
    /* the phase begins with the migration and ends when the guest runs again, with it */
    ck_assert_number(result, "application.web.during.lasted_s", worlds_number(result, "migration.vm.total_s"), 1e-6);
}
END_TEST

START_TEST(auto_converge_slows_the_service)
{
    g_autoptr(Result) result =
        WORLDS_RUN(MOVED, "/guests/0/workload/rate=60000/s", "/timeline/0/hypervisor/auto_converge={}",
                   "/guests/0/workload/working_set=60MiB", "/links/0/bandwidth=100Mbps", "/run_until=200s");

    /* QEMU takes 20 % at first, and then 10 % more each time: 5 ms take 6.25 ms and longer */
    ck_assert_double_ge(worlds_number(result, "migration.vm.vm.throttle"), 0.2);
    ck_assert_double_gt(worlds_number(result, "application.web.during.response_p95_s"), 0.0062);
    ck_assert_number(result, "application.web.before.response_max_s", 0.005, 1e-9);
    ck_assert_number(result, "application.web.later.response_p50_s", 0.005, 1e-4);
}
END_TEST

/* Two guests of one virtual processor each want all of the only core. */
START_TEST(shared_processors_slow_the_service)
{
    g_autoptr(Result) result =
        WORLDS_RUN(STOPPED, "/timeline=[]", "/hosts/0/processors=shared", "/hosts/0/cores=1",
                   "/guests=[{\"name\":\"vm\",\"host\":\"a\",\"memory\":\"64MiB\",\"cpu_share\":1},"
                   "{\"name\":\"other\",\"host\":\"a\",\"memory\":\"64MiB\",\"cpu_share\":0.6}]");

    /* the other wants 0.6 and both are given half: each request takes twice as long, and none waits but for the last */
    ck_assert_number(result, "application.web.response_mean_s", 0.010, 1e-6);
}
END_TEST

START_TEST(post_copy_makes_requests_wait_for_pages)
{
    g_autoptr(Result) quiet = WORLDS_RUN(MOVED, "/timeline/0/hypervisor/postcopy_rounds=1");
    g_autoptr(Result) faulting =
        WORLDS_RUN(MOVED, "/timeline/0/hypervisor/postcopy_rounds=1", "/guests/0/workload/rate=20000/s",
                   "/guests/0/workload/working_set=60MiB", "/links/0/latency=2ms");

    ck_assert_double_gt(worlds_number(faulting, "migration.vm.vm.fault_requests"), 5);
    ck_assert_double_gt(worlds_number(faulting, "application.web.after.response_mean_s"),
                        1.2 * worlds_number(quiet, "application.web.after.response_mean_s"));
}
END_TEST

/* ---- pages ---- */

START_TEST(the_dirty_rate_follows_the_load)
{
    const char *slow = "/links/0/bandwidth=100Mbps";
    g_autoptr(Result) none = WORLDS_RUN(MOVED, slow);
    g_autoptr(Result) some = WORLDS_RUN(MOVED, slow, "/applications/0/writes=20");
    g_autoptr(Result) more = WORLDS_RUN(MOVED, slow, "/applications/0/writes=60");
    g_autoptr(Result) rate = WORLDS_RUN(MOVED, slow, "/guests/0/workload/rate=2000/s");
    const char *pages = "migration.vm.vm.sent_pages";

    ck_assert_double_gt(worlds_number(some, pages), worlds_number(none, pages));
    ck_assert_double_gt(worlds_number(more, pages), worlds_number(some, pages));
    /* 100 requests/s of 20 pages are a workload of 2,000 pages/s: the same law, another stream */
    ck_assert_double_eq_tol(worlds_number(some, pages) / worlds_number(rate, pages), 1, 0.03);
}
END_TEST

START_TEST(a_load_that_falls_before_the_migration_lets_the_rate_fall)
{
    const char *slow = "/links/0/bandwidth=100Mbps", *writes = "/applications/0/writes=60";
    g_autoptr(Result) steady = WORLDS_RUN(MOVED, slow, writes);
    g_autoptr(Result) falls = WORLDS_RUN(MOVED, slow, writes, "/applications/0/load/stop=10.2s");

    ck_assert_double_lt(worlds_number(falls, "migration.vm.vm.sent_pages"),
                        0.97 * worlds_number(steady, "migration.vm.vm.sent_pages"));
}
END_TEST

/* ---- tiers ---- */

#define TIERS                                                                                                          \
    "{'name': 'w'," PLATFORM " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB'},"                             \
    "             {'name': 'other', 'host': 'b', 'memory': '64MiB'}],"                                                 \
    " 'applications': [{" WEB ", 'calls': [{'application': 'db', 'round_trip': '1ms'}]},"                              \
    "  {'name': 'db', 'guest': 'other', 'waits': 'queue', 'load': {'kind': 'none'},"                                   \
    "   'service': {'kind': 'constant', 'mean': '2ms'}}],"                                                             \
    " 'timeline': [{'at': '10s', 'do': 'stop-guest', 'guest': 'other'},"                                               \
    "              {'at': '12s', 'do': 'start-guest', 'guest': 'other'}]}"

START_TEST(a_stop_of_the_second_tier_is_felt_at_the_first)
{
    g_autoptr(Result) result = WORLDS_RUN(TIERS);

    ck_assert_number(result, "application.web.before.response_max_s", 0.008, 1e-9);
    ck_assert_number(result, "application.web.during.lasted_s", 2, 1e-9);
    ck_assert_number(result, "application.web.after.response_max_s", 2.008, 0.0101);
    ck_assert_number(result, "application.db.backlog_peak", 200, 2.5);
    /* 200 requests at 500/s while 100 more come each second */
    ck_assert_number(result, "application.web.drain_s", 0.5, 0.02);
}
END_TEST

#define WITH_VTPM                                                                                                      \
    "{'name': 'w'," PLATFORM GUEST " 'vtpms': [{'name': 'tpm', 'vm': 'vm', 'service_time': '3ms'}],"                   \
    " 'applications': [{" WEB ", 'calls': [{'vtpm': 'tpm'}]}],"                                                        \
    " 'timeline': [{'at': '10s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'method': 'vtpm', 'hypervisor': 'xen-4.5'}]}"

START_TEST(a_request_waits_for_a_vtpm_that_is_elsewhere)
{
    g_autoptr(Result) result = WORLDS_RUN(WITH_VTPM);

    ck_assert_number(result, "application.web.before.response_max_s", 0.008, 1e-9);
    /* the vTPM has gone alone and never serves its VM again: nothing is answered, and nothing is lost */
    ck_assert_double_gt(worlds_number(result, "application.web.waiting"), 1500);
    ck_assert_number(result, "application.web.lost", 0, 0.5);

    g_autoptr(Result) joint = WORLDS_RUN(WITH_VTPM, "/timeline/0/method=joint");
    const double downtime_s = worlds_number(joint, "migration.vm.joint.downtime_s");
    ck_assert_number(joint, "application.web.waiting", 0, 1.5);
    ck_assert_double_gt(worlds_number(joint, "application.web.after.response_max_s"), downtime_s);
    ck_assert_double_lt(worlds_number(joint, "application.web.after.response_max_s"), 1.2 * downtime_s + 0.02);
}
END_TEST

/* ---- guests that come and go ---- */

START_TEST(what_a_lost_guest_served_is_lost)
{
    g_autoptr(Result) result = WORLDS_RUN(STOPPED, "/applications/0/waits=nowhere",
                                          "/timeline=[{\"at\":\"10s\",\"do\":\"fail-host\",\"host\":\"a\"}]");

    ck_assert_number(result, "application.web.answered", 1000, 1.5);
    ck_assert_number(result, "application.web.lost", 2000, 2.5);
    ck_assert_number(result, "application.web.waiting", 0, 0.5);
}
END_TEST

START_TEST(a_guest_that_is_created_later_disturbs_nobody)
{
    g_autoptr(Result) result =
        WORLDS_RUN(STOPPED, "/timeline=[{\"at\":\"5s\",\"do\":\"create-guest\",\"guest\":\"vm\"}]",
                   "/applications/0/load/start=6s");

    ck_assert_double_eq_tol(worlds_number(result, "application.web.answered"), 2400, 2);
    ck_assert(isnan(result_number(result, "application.web.during.lasted_s")));
}
END_TEST

START_TEST(a_load_above_capacity_is_reported)
{
    g_autoptr(Result) result = WORLDS_RUN(STOPPED, "/applications/0/load/rate=300/s", "/timeline=[]");

    ck_assert_word(result, "application.web.stable", "no");
    ck_assert_number(result, "application.web.offered_utilization", 1.5, 1e-9);
    ck_assert_number(result, "application.web.waiting", 3000, 3.5);
}
END_TEST

/* Nothing of the world hangs on who is asked: with and without an application a migration is the same. */
START_TEST(an_application_that_writes_nothing_changes_no_migration)
{
    g_autoptr(Result) with = WORLDS_RUN(MOVED, "/guests/0/workload/rate=5000/s");
    g_autoptr(Result) without = WORLDS_RUN(MOVED, "/guests/0/workload/rate=5000/s", "/applications=[]");

    ck_assert_str_eq(result_table(with, "rounds.csv"), result_table(without, "rounds.csv"));
    ck_assert_str_eq(result_table(with, "steps.csv"), result_table(without, "steps.csv"));
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("applications");

    tcase_add_test(cases, a_stop_of_known_length_leaves_what_the_closed_forms_say);
    tcase_add_test(cases, the_key_waits_says_what_becomes_of_requests_meanwhile);
    tcase_add_test(cases, clients_lose_what_they_send_until_the_network_has_learnt);
    tcase_add_test(cases, the_network_s_round_trip_is_the_clients);
    tcase_add_test(cases, what_comes_to_live_devices_is_answered_when_the_guest_runs);
    tcase_add_test(cases, a_stop_and_copy_is_felt_as_long_as_its_downtime);
    tcase_add_test(cases, auto_converge_slows_the_service);
    tcase_add_test(cases, shared_processors_slow_the_service);
    tcase_add_test(cases, post_copy_makes_requests_wait_for_pages);
    tcase_add_test(cases, the_dirty_rate_follows_the_load);
    tcase_add_test(cases, a_load_that_falls_before_the_migration_lets_the_rate_fall);
    tcase_add_test(cases, a_stop_of_the_second_tier_is_felt_at_the_first);
    tcase_add_test(cases, a_request_waits_for_a_vtpm_that_is_elsewhere);
    tcase_add_test(cases, what_a_lost_guest_served_is_lost);
    tcase_add_test(cases, a_guest_that_is_created_later_disturbs_nobody);
    tcase_add_test(cases, a_load_above_capacity_is_reported);
    tcase_add_test(cases, an_application_that_writes_nothing_changes_no_migration);
    return check_main("application_part", cases, NULL);
}
