/* Devices in the simulated world: what they cost a stop, how long guests are without them, what they write. */
#include "tests/sim/world/worlds.h"

#define VM     "migration.vm.vm."
#define DEVICE "device.d."

/* 100 Mb/s carry the idle guest's 64 MiB in 5.4 s. */
#define IDLE                                                                                                           \
    "{'name': 'devices', 'run_until': '30s',"                                                                          \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                                        \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '100Mbps'}],"                                           \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB'}],"                                                     \
    " 'devices': [{'name': 'd', 'vm': 'vm'}],"                                                                         \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"

#define STATE "/devices/0/state=1MB", "/devices/0/save=30ms", "/devices/0/load=200ms"
#define VF    "/devices/0/during=unplugged", "/devices/0/unplug=500ms", "/devices/0/plug=2s"
#define DMA   "/devices/0/dma={\"rate\":\"40000/s\",\"buffer\":\"8MiB\"}"

START_TEST(a_state_is_sent_and_loaded_while_the_guest_stands_still)
{
    g_autoptr(Result) bare = WORLDS_RUN(IDLE, "/run_until=29s");
    g_autoptr(Result) result = WORLDS_RUN(IDLE, STATE);

    ck_assert_number(result, VM "downtime_s", worlds_number(bare, VM "downtime_s") + 0.08 + 0.03 + 0.2, 1e-3);
    ck_assert_number(result, VM "downtime.device_state_s", 0.11, 1e-3);
    ck_assert_number(result, VM "downtime.resume_s", 0.2, 1e-6);
    ck_assert_double_eq(worlds_number(result, DEVICE "absences"), 0);
}
END_TEST

START_TEST(qemu_sends_it_in_its_stream)
{
    g_autoptr(Result) bare = WORLDS_RUN(IDLE, "/timeline/0/hypervisor=qemu-kvm");
    g_autoptr(Result) result = WORLDS_RUN(IDLE, "/timeline/0/hypervisor=qemu-kvm", STATE);
    const double more_s = worlds_number(result, VM "total_s") - worlds_number(bare, VM "total_s");

    ck_assert_double_eq_tol(more_s, 0.08 + 0.03 + 0.2, 2e-3);
}
END_TEST

START_TEST(one_that_is_stopped_is_away_for_the_whole_migration)
{
    g_autoptr(Result) result = WORLDS_RUN(IDLE, "/devices/0/during=stopped");

    ck_assert_number(result, DEVICE "away_s", worlds_number(result, VM "total_s"), 1e-3);
    ck_assert_double_eq(worlds_number(result, DEVICE "absences"), 1);
    ck_assert_ptr_nonnull(strstr(result_table(result, "devices.csv"), "d,vm,1"));
}
END_TEST

START_TEST(one_that_is_unplugged_delays_the_first_page_and_comes_back_later)
{
    g_autoptr(Result) bare = WORLDS_RUN(IDLE, "/run_until=29s");
    g_autoptr(Result) result = WORLDS_RUN(IDLE, VF);
    const double total_s = worlds_number(result, VM "total_s");

    ck_assert_double_eq_tol(total_s, worlds_number(bare, VM "total_s") + 0.5, 1e-3);
    ck_assert_number(result, DEVICE "away_s", total_s + 2, 1e-3);
    ck_assert_double_eq(worlds_number(result, VM "downtime_s"), worlds_number(bare, VM "downtime_s"));
}
END_TEST

START_TEST(a_migration_that_fails_gives_it_back_at_the_source)
{
    g_autoptr(Result) result = WORLDS_RUN(IDLE, VF, "/timeline/-={\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"l\"}");

    ck_assert_word(result, VM "outcome", "link-lost");
    ck_assert_number(result, DEVICE "away_s", 2 + 2, 1e-3);
    g_auto(GStrv) row = worlds_row(result, "devices.csv", "d,vm,1");
    ck_assert_str_eq(row[5], "a");
}
END_TEST

/* 8 MiB in pages that are all written within a second: the wire, 3,052 pages a second, never catches up. */
START_TEST(dma_dirties_pages_that_no_throttle_slows)
{
    g_autoptr(Result) still = WORLDS_RUN(IDLE, "/timeline/0/hypervisor=qemu-kvm");
    g_autoptr(Result) result =
        WORLDS_RUN(IDLE, DMA, "/timeline/0/hypervisor=qemu-kvm", "/timeline/0/hypervisor/auto_converge={}",
                   "/timeline/0/hypervisor/time_limit=20s");

    ck_assert_word(still, VM "outcome", "completed");
    ck_assert_word(result, VM "outcome", "gave-up");
    ck_assert_double_gt(worlds_number(result, VM "throttle"), 0.5);
}
END_TEST

START_TEST(dma_ends_where_the_device_is_taken_away)
{
    g_autoptr(Result) result = WORLDS_RUN(IDLE, DMA, VF, "/timeline/0/hypervisor=qemu-kvm");
    g_autoptr(Result) still = WORLDS_RUN(IDLE, VF, "/timeline/0/hypervisor=qemu-kvm");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_double_eq(worlds_number(result, VM "sent_pages"), worlds_number(still, VM "sent_pages"));
}
END_TEST

static void
refused(const char *says, const char *first, const char *second)
{
    worlds_expect_refused(IDLE, (const char *const[]){first, second, NULL}, says);
}

START_TEST(what_contradicts_itself_is_refused)
{
    refused("/devices/0/unplug: is given", "/devices/0/unplug=1s", NULL);
    refused("/devices/0/plug: is given", "/devices/0/during=stopped", "/devices/0/plug=1s");
    refused("/devices/0/dma/buffer: ends beyond", "/devices/0/dma={\"rate\":\"1/s\",\"buffer\":\"80MiB\"}", NULL);
    refused("/engine/pages: is \"counted\"", DMA, "/engine/pages=counted");
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("device_part");

    tcase_add_test(tests, a_state_is_sent_and_loaded_while_the_guest_stands_still);
    tcase_add_test(tests, qemu_sends_it_in_its_stream);
    tcase_add_test(tests, one_that_is_stopped_is_away_for_the_whole_migration);
    tcase_add_test(tests, one_that_is_unplugged_delays_the_first_page_and_comes_back_later);
    tcase_add_test(tests, a_migration_that_fails_gives_it_back_at_the_source);
    tcase_add_test(tests, dma_dirties_pages_that_no_throttle_slows);
    tcase_add_test(tests, dma_ends_where_the_device_is_taken_away);
    tcase_add_test(tests, what_contradicts_itself_is_refused);
    return check_main("device_part", tests, NULL);
}
