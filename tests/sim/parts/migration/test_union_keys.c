/* The keys for what the source of the CUMP can be read to say (docs/models/vtpm.md, "Readings"): each changes what it
 * names and nothing else. */
#include "tests/sim/world/worlds.h"

#define JOINT "migration.vm.joint."
/* The VM's and the vTPM's pages of the same numbers are written, so that often only one of the two is dirty. */
#define BUSY                                                                                                           \
    "/vtpms/0/workload={\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"1000/s\"}",                           \
        "/timeline/0/hypervisor/batch_pages=16"

/* Every cost of two domains of one speed takes half as long at the same time as in turn: 60 ms of each before the guest
 * stops and after it runs again, 3 times 30 ms in between. 5 and 10 ms: other pages are dirty at each date. */
START_TEST(fixed_costs_overlap_or_are_spent_in_turn)
{
    g_autoptr(Result) turns = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) overlapped = WORLDS_RUN(WORLDS_BASE, "/timeline/0/hypervisor/costs/overlap=true");

    ck_assert_number(turns, JOINT "downtime_s", worlds_number(overlapped, JOINT "downtime_s") + 0.09, 0.005);
    ck_assert_number(turns, "migration.vm.total_s", worlds_number(overlapped, "migration.vm.total_s") + 0.27, 0.01);
}
END_TEST

/* A VM alone has nothing to overlap with. */
START_TEST(one_domains_costs_are_what_they_are)
{
    g_autoptr(Result) turns = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm");
    g_autoptr(Result) overlapped =
        WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm", "/timeline/0/hypervisor/costs/overlap=true");

    ck_assert_double_eq(worlds_number(turns, "migration.vm.total_s"),
                        worlds_number(overlapped, "migration.vm.total_s"));
}
END_TEST

/* Before the first round, while the guest runs: not in the downtime. 5 and 10 ms: other pages are dirty at each date.
 */
START_TEST(work_whatever_the_size_is_spent_once_and_by_joint_migrations_alone)
{
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BASE, "/timeline/0/hypervisor/cump_work=500ms");
    g_autoptr(Result) plain = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=concatenated");
    g_autoptr(Result) concatenated =
        WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=concatenated", "/timeline/0/hypervisor/cump_work=500ms",
                   "/timeline/0/hypervisor/cump_page_header=1KiB", "/timeline/0/hypervisor/cump_sends=dirty");

    ck_assert_number(with, "migration.vm.total_s", worlds_number(without, "migration.vm.total_s") + 0.5, 0.01);
    ck_assert_number(with, JOINT "downtime_s", worlds_number(without, JOINT "downtime_s"), 0.005);
    ck_assert_double_eq(worlds_number(plain, "migration.vm.total_s"),
                        worlds_number(concatenated, "migration.vm.total_s"));
}
END_TEST

/* With 4 KiB for the entry of each of at least 1024 pages of the union, 4 MiB more go over 12.5 MB/s. */
START_TEST(the_unions_entries_take_their_time_on_the_wire)
{
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BASE, "/timeline/0/hypervisor/cump_page_header=4KiB");
    const double more_bytes = worlds_number(with, JOINT "page_bytes") - worlds_number(without, JOINT "page_bytes");

    ck_assert_double_ge(more_bytes, 4 * WORLDS_MIB);
    ck_assert_double_ge(worlds_number(with, "migration.vm.total_s"),
                        worlds_number(without, "migration.vm.total_s") + 4 * WORLDS_MIB / 12.5e6);
}
END_TEST

/* The images agree in either reading (an invariant of every run), which takes fewer domains' pages where only the dirty
 * ones go. A mechanism that forgot what the union left out would leave pages out of date. */
START_TEST(dirty_pages_alone_are_fewer_and_enough)
{
    g_autoptr(Result) both = WORLDS_RUN(WORLDS_BASE, BUSY);
    g_autoptr(Result) dirty = WORLDS_RUN(WORLDS_BASE, BUSY, "/timeline/0/hypervisor/cump_sends=dirty");

    ck_assert_word(dirty, "migration.vm.outcome", "completed");
    ck_assert_double_lt(worlds_number(dirty, JOINT "data_pages"), 0.9 * worlds_number(both, JOINT "data_pages"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("union keys");

    tcase_add_test(tcase, fixed_costs_overlap_or_are_spent_in_turn);
    tcase_add_test(tcase, one_domains_costs_are_what_they_are);
    tcase_add_test(tcase, work_whatever_the_size_is_spent_once_and_by_joint_migrations_alone);
    tcase_add_test(tcase, the_unions_entries_take_their_time_on_the_wire);
    tcase_add_test(tcase, dirty_pages_alone_are_fewer_and_enough);
    return check_main("union keys", tcase, NULL);
}
