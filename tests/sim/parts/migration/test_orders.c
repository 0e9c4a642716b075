/* What the time line says to migrations that run takes effect at its date, or is told to be in vain. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* As in test_time_up; b has room for one such guest. */
#define BUSY                                                                                                           \
    "{'name': 'busy', 'run_until': '30s',"                                                                             \
    " 'hosts': [{'name': 'a'}, {'name': 'b', 'memory': '96MiB', 'dom0_memory': '32MiB'}],"                             \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '100Mbps', 'latency': '50us'}],"                        \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB',"                                                       \
    "             'workload': {'kind': 'uniform', 'working_set': '48MiB', 'rate': '20000/s'}}],"                       \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'qemu-kvm'}]}"
#define WIRE_BPS     12.5e6
#define SOCKET_BYTES 4.2e6 /* at most, which QEMU is ahead of the wire */

#define AT(at, word)         "/timeline/-={\"at\":\"" at "\",\"do\":\"" word "-migration\",\"vm\":\"vm\"}"
#define WITH(at, word, keys) "/timeline/-={\"at\":\"" at "\",\"do\":\"" word "-migration\",\"vm\":\"vm\"," keys "}"
#define XEN                  "/timeline/0/hypervisor=\"ideal\""
#define SLOW                 "/links/0/bandwidth=1Mbps"
#define STEPPED              "/engine/plan_ahead=false"

static const char *const hypervisors[] = {"/timeline/0/hypervisor=\"qemu-kvm\"", XEN,
                                          "/timeline/0/hypervisor=\"nsdi-2005\"",
                                          "/timeline/0/hypervisor=\"stop-and-copy\""};

static void
expect_request(const Result *result, const char *row)
{
    const char *table = result_table(result, "migration-requests.csv");

    ck_assert_msg(table && strstr(table, row), "no row \"%s\" in\n%s", row, table);
}

/* ---- cancel ---- */

/* Its memory at the destination is free: another migration finds its place there and completes. */
START_TEST(cancelled_the_guest_stays_and_another_migration_can_begin)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BUSY, hypervisors[_i], AT("5s", "cancel"),
                   "/timeline/-={\"at\":\"5.1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"hypervisor\":"
                   "\"stop-and-copy\"}");

    ck_assert_word(result, VM "outcome", "cancelled");
    ck_assert_number(result, VM "spent_s", 4, 1e-6);
    ck_assert_word(result, "migration.vm.2.outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 1);
    expect_request(result, "\n5,cancel,vm,vm,done\n");
}
END_TEST

START_TEST(cancelled_the_guest_runs_where_it_was)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, hypervisors[_i], AT("7s", "cancel"));

    ck_assert_word(result, VM "outcome", "cancelled");
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 1);
}
END_TEST

/* A batch takes 34 s, and the guest's path is quiet: it has been planned as a whole. */
START_TEST(a_long_transfer_ends_when_it_is_cancelled)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, XEN, SLOW, AT("5.5s", "cancel"));

    ck_assert_word(result, VM "outcome", "cancelled");
    ck_assert_number(result, VM "spent_s", 4.5, 1e-6);
}
END_TEST

/* So does a sleep for a limit of the rate. */
START_TEST(a_sleep_ends_when_it_is_cancelled)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, "/timeline/0/hypervisor=\"nsdi-2005\"",
                                          "/timeline/0/hypervisor/rate_first=100kbps", AT("5.5s", "cancel"));

    ck_assert_word(result, VM "outcome", "cancelled");
    ck_assert_number(result, VM "spent_s", 4.5, 1e-6);
}
END_TEST

/* Whatever step it finds: VM and vTPM run at the source, or the request is refused and they are at the destination. */
START_TEST(at_any_date_it_is_one_or_the_other)
{
    g_autofree char *order =
        g_strdup_printf("/timeline/-={\"at\":\"%dms\",\"do\":\"cancel-migration\",\"vm\":\"vm\"}", 1000 + 31 * _i);
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, order);
    const gboolean cancelled = g_str_equal(worlds_word(result, "migration.vm.outcome"), "cancelled");
    const double refused = worlds_number(result, "migration_requests.refused");

    ck_assert_double_eq(worlds_number(result, "migration_requests.made"), 1);
    ck_assert_double_eq(refused, cancelled ? 0 : 1);
    ck_assert_word(result, "domain.vm.host", cancelled ? "a" : "b");
    ck_assert_word(result, "domain.tpm.host", cancelled ? "a" : "b");
    ck_assert_word(result, "domain.vm.state", "running");
    if (cancelled)
        ck_assert_number(result, "migration.vm.spent_s", 0.031 * _i, 1e-6);
    else
        ck_assert_word(result, "migration.vm.outcome", "completed");
}
END_TEST

/* The guest is at the destination, whatever its pages are. */
START_TEST(post_copy_is_not_called_back)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, WITH("4s", "finish", "\"how\":\"post-copy\""), AT("5s", "cancel"));

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "told to switch to post-copy");
    expect_request(result, "\n5,cancel,vm,vm,too-late\n");
}
END_TEST

/* ---- finish ---- */

START_TEST(finished_by_a_stop_it_stops_within_a_batch_or_window)
{
    static const double late_s[] = {0.3, 0.35, 0.1};
    g_autoptr(Result) result = WORLDS_RUN(BUSY, hypervisors[_i], AT("5s", "finish"));
    g_autoptr(Result) stepped = WORLDS_RUN(BUSY, hypervisors[_i], AT("5s", "finish"), STEPPED);

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "told to stop");
    ck_assert_double_ge(worlds_number(result, VM "precopy_s"), 4 - 1e-6);
    ck_assert_double_le(worlds_number(result, VM "precopy_s"), 4 + late_s[_i]);
    ck_assert_double_le(worlds_number(stepped, VM "precopy_s"), 4 + late_s[_i]);
    expect_request(result, "\n5,finish,vm,vm,done\n");
}
END_TEST

START_TEST(finished_by_post_copy_it_goes_on_at_the_destination)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, WITH("5s", "finish", "\"how\":\"post-copy\""),
                                          WITH("5.5s", "finish", "\"how\":\"post-copy\""));

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_double_le(worlds_number(result, VM "precopy_s"), 4.3);
    ck_assert_double_lt(worlds_number(result, VM "downtime_s"), 0.3);
    ck_assert_double_gt(worlds_number(result, VM "pull_s"), 3);
    expect_request(result, "\n5,finish,vm,vm,done\n");
    expect_request(result, "\n5.5,finish,vm,vm,too-late\n");
}
END_TEST

/* Before its first page it has no live round. */
START_TEST(told_at_its_own_date_it_is_stop_and_copy)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, XEN, AT("1s", "finish"));

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_double_eq(worlds_number(result, VM "live_rounds"), 0);
    ck_assert_number(result, VM "downtime_s", 64 * WORLDS_MIB / WIRE_BPS, 0.01);
}
END_TEST

/* ---- tune ---- */

/* After a pass half of memory and more is left, 4 to 5.4 s: it fits in 6 s at once, and never did in 0.3 s. */
START_TEST(a_longer_downtime_limit_ends_what_never_converged)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, WITH("15s", "tune", "\"downtime_limit\":\"6s\""));
    g_autoptr(Result) stepped = WORLDS_RUN(BUSY, WITH("15s", "tune", "\"downtime_limit\":\"6s\""), STEPPED);

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "fits the downtime limit");
    ck_assert_double_ge(worlds_number(result, VM "precopy_s"), 14);
    ck_assert_double_le(worlds_number(result, VM "precopy_s"), 14.3);
    ck_assert_double_le(worlds_number(stepped, VM "precopy_s"), 14.3);
}
END_TEST

/* 4 s at the wire's rate and 6 s at 25 Mb/s, but for what the socket holds. */
START_TEST(a_limit_of_the_rate_counts_from_its_date)
{
    static const char *const limit = "/timeline/0/hypervisor/time_limit=10s";
    static const char *const tune = WITH("5s", "tune", "\"max_bandwidth\":\"25Mbps\"");
    g_autoptr(Result) result = WORLDS_RUN(BUSY, limit, tune);
    g_autoptr(Result) stepped = WORLDS_RUN(BUSY, limit, tune, STEPPED);
    g_autoptr(Result) untuned = WORLDS_RUN(BUSY, limit);
    const double bytes = 4 * WIRE_BPS + 6 * 25e6 / 8;

    ck_assert_number(untuned, VM "page_bytes", 10 * WIRE_BPS, SOCKET_BYTES);
    ck_assert_number(result, VM "page_bytes", bytes, SOCKET_BYTES);
    ck_assert_number(stepped, VM "page_bytes", bytes, SOCKET_BYTES);
}
END_TEST

/* And up again: 4 s at 25 Mb/s, 6 s at the wire's. */
START_TEST(a_limit_of_the_rate_can_be_raised)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BUSY, "/timeline/0/hypervisor/time_limit=10s", "/timeline/0/hypervisor/max_bandwidth=25Mbps",
                   WITH("5s", "tune", "\"max_bandwidth\":\"1Gbps\""));

    ck_assert_number(result, VM "page_bytes", 6 * WIRE_BPS + 4 * 25e6 / 8, SOCKET_BYTES);
}
END_TEST

/* Others on the cable get what it leaves over, from that date on: y, alone 5.4 s, has 75 of 100 Mb/s. */
START_TEST(who_shares_the_cable_feels_it)
{
    static const char *const y = "/guests/-={\"name\":\"y\",\"host\":\"a\",\"memory\":\"32MiB\"}";
    static const char *const move = "/timeline/-={\"at\":\"6s\",\"do\":\"migrate\",\"vm\":\"y\",\"to\":\"b\","
                                    "\"hypervisor\":\"ideal\"}";
    static const char *const room = "/hosts/1/memory=1GiB";
    g_autoptr(Result) result = WORLDS_RUN(BUSY, y, move, room, WITH("5s", "tune", "\"max_bandwidth\":\"25Mbps\""),
                                          "/timeline/0/hypervisor/time_limit=20s");

    ck_assert_number(result, "migration.y.total_s", 32 * WORLDS_MIB / (0.75 * WIRE_BPS), 0.15);
}
END_TEST

START_TEST(limits_of_time_can_be_changed)
{
    g_autoptr(Result) shorter = WORLDS_RUN(BUSY, WITH("5s", "tune", "\"time_limit\":\"6s\""));
    g_autoptr(Result) past =
        WORLDS_RUN(BUSY, WITH("9s", "tune", "\"time_limit\":\"6s\",\"at_time_limit\":\"suspend\""));
    g_autoptr(Result) longer =
        WORLDS_RUN(BUSY, "/timeline/0/hypervisor/time_limit=6s", WITH("5s", "tune", "\"at_time_limit\":\"post-copy\""));

    ck_assert_word(shorter, VM "outcome", "gave-up");
    ck_assert_number(shorter, VM "spent_s", 6, 1e-3); /* and a hand-shake before */
    ck_assert_word(past, VM "stopped_by", "time was up");
    ck_assert_number(past, VM "precopy_s", 8.15, 0.151);
    ck_assert_word(longer, VM "stopped_by", "switched to post-copy as time was up");
    ck_assert_number(longer, VM "precopy_s", 6.15, 0.151);
}
END_TEST

/* ---- in vain ---- */

START_TEST(what_cannot_be_done_is_told)
{
    static const struct {
        const char *settings[4];
        const char *row;
    } rows[] = {
        {{AT("0.5s", "cancel")}, "\n0.5,cancel,vm,,no-migration\n"},
        {{"/guests/0/workload/rate=1/s", AT("20s", "finish")}, "\n20,finish,vm,,no-migration\n"},
        {{WITH("5s", "cancel", "\"migration\":\"other\"")}, "\n5,cancel,vm,,no-migration\n"},
        {{"/timeline/0/hypervisor=\"stop-and-copy\"", WITH("7s", "tune", "\"downtime_limit\":\"1s\"")},
         "\n7,tune,vm,vm,too-late\n"},
        {{"/timeline/0/method=cold", AT("5s", "finish")}, "\n5,finish,vm,vm,not-live\n"},
        {{XEN, "/timeline/-={\"at\":\"25s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\",\"hypervisor\":\"qemu-kvm\"}",
          WITH("3s", "finish", "\"how\":\"post-copy\"")},
         "\n3,finish,vm,vm,no-post-copy\n"},
        {{XEN, "/timeline/-={\"at\":\"25s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\",\"hypervisor\":\"qemu-kvm\"}",
          WITH("3s", "tune", "\"max_bandwidth\":\"1Mbps\",\"downtime_limit\":\"9s\"")},
         "\n3,tune,vm,vm,no-rate-limit\n"},
    };
    const char *const *settings = rows[_i].settings;
    g_autoptr(Result) result = worlds_run(BUSY, settings);

    expect_request(result, rows[_i].row);
    ck_assert_double_eq(worlds_number(result, "migration_requests.refused"), 1);
}
END_TEST

START_TEST(a_migration_is_called_by_its_name)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BUSY, "/timeline/0/name=move", WITH("5s", "cancel", "\"migration\":\"move\""));

    ck_assert_word(result, "migration.move.outcome", "cancelled");
    expect_request(result, "\n5,cancel,vm,move,done\n");
}
END_TEST

/* Nobody says anything: there is no table. */
START_TEST(without_requests_nothing_is_told_of_them)
{
    g_autoptr(Result) result = WORLDS_RUN(BUSY, "/timeline/0/hypervisor/time_limit=3s");

    ck_assert_ptr_null(result_table(result, "migration-requests.csv"));
}
END_TEST

START_TEST(what_is_certainly_wrong_is_refused)
{
    static const struct {
        const char *settings[3];
        const char *says;
    } rows[] = {
        {{AT("5s", "tune")}, "/timeline/1: changes nothing"},
        {{WITH("5s", "tune", "\"max_bandwidth\":\"0bps\"")},
         "/timeline/1/max_bandwidth: is 0bps, which means no limit"},
        {{XEN, WITH("5s", "tune", "\"max_bandwidth\":\"1Mbps\"")}, "/timeline/1/max_bandwidth: Xen has no limit"},
        {{WITH("5s", "tune", "\"channels\":2")}, "/timeline/1"},
        {{WITH("5s", "tune", "\"downtime_limit\":\"0s\"")}, "/timeline/1/downtime_limit: "},
        {{XEN, WITH("5s", "finish", "\"how\":\"post-copy\"")}, "/timeline/1/how: is \"post-copy\", which Xen has not"},
        {{XEN, WITH("5s", "tune", "\"at_time_limit\":\"post-copy\"")}, "/timeline/1/at_time_limit: is \"post-copy\""},
        {{WITH("5s", "finish", "\"how\":\"post-copy\""), "/engine/pages=counted"}, "/engine/pages: "},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(BUSY, rows[i].settings, rows[i].says);
}
END_TEST

START_TEST(what_is_certainly_in_vain_is_warned_of)
{
    static const char *const early[] = {AT("0.5s", "cancel"), NULL}, *const fine[] = {AT("1.5s", "cancel"), NULL};
    g_autoptr(GPtrArray) warnings = NULL, none = NULL;
    g_autoptr(Scenario) scenario = worlds_load_warned(BUSY, early, &warnings, NULL);
    g_autoptr(Scenario) other = worlds_load_warned(BUSY, fine, &none, NULL);

    ck_assert_uint_eq(warnings->len, 1);
    ck_assert_ptr_nonnull(strstr(g_ptr_array_index(warnings, 0), "no migration of \"vm\" has begun by then"));
    ck_assert_uint_eq(none->len, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("orders");

    tcase_add_loop_test(tcase, cancelled_the_guest_stays_and_another_migration_can_begin, 0, G_N_ELEMENTS(hypervisors));
    tcase_add_loop_test(tcase, cancelled_the_guest_runs_where_it_was, 0, G_N_ELEMENTS(hypervisors));
    tcase_add_test(tcase, a_long_transfer_ends_when_it_is_cancelled);
    tcase_add_test(tcase, a_sleep_ends_when_it_is_cancelled);
    tcase_add_loop_test(tcase, at_any_date_it_is_one_or_the_other, 1, 40);
    tcase_add_test(tcase, post_copy_is_not_called_back);
    tcase_add_loop_test(tcase, finished_by_a_stop_it_stops_within_a_batch_or_window, 0, 3);
    tcase_add_test(tcase, finished_by_post_copy_it_goes_on_at_the_destination);
    tcase_add_test(tcase, told_at_its_own_date_it_is_stop_and_copy);
    tcase_add_test(tcase, a_longer_downtime_limit_ends_what_never_converged);
    tcase_add_test(tcase, a_limit_of_the_rate_counts_from_its_date);
    tcase_add_test(tcase, a_limit_of_the_rate_can_be_raised);
    tcase_add_test(tcase, who_shares_the_cable_feels_it);
    tcase_add_test(tcase, limits_of_time_can_be_changed);
    tcase_add_loop_test(tcase, what_cannot_be_done_is_told, 0, 7);
    tcase_add_test(tcase, a_migration_is_called_by_its_name);
    tcase_add_test(tcase, without_requests_nothing_is_told_of_them);
    tcase_add_test(tcase, what_is_certainly_wrong_is_refused);
    tcase_add_test(tcase, what_is_certainly_in_vain_is_warned_of);
    return check_main("orders", tcase, NULL);
}
