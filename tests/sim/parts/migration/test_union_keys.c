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

/* ---- Definition 2: a CUMP that is looked for, made, updated ---- */

#define COSTS                                                                                                          \
    "/timeline/0/hypervisor/cump_lookup=10ms", "/timeline/0/hypervisor/cump_work=200ms",                               \
        "/timeline/0/hypervisor/cump_update_work=50ms", "/timeline/0/hypervisor/cump_update_page_work=1us"
#define MIGRATE(at, to, name)                                                                                          \
    "{\"at\":\"" at "\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"" to "\",\"method\":\"joint\",\"name\":\"" name      \
    "\",\"hypervisor\":{\"profile\":\"ideal\",\"cump_lookup\":\"10ms\","                                               \
    "\"cump_work\":\"200ms\",\"cump_update_work\":\"50ms\",\"cump_update_page_work\":\"100us\"}}"
#define CUT                                                                                                            \
    "{\"at\":\"1.3s\",\"do\":\"fail-link\",\"link\":\"lb\"},{\"at\":\"1.5s\",\"do\":\"restore-link\",\"link\":\"lb\"}"

static double
cell(const Result *result, const char *begins, guint column)
{
    g_auto(GStrv) row = worlds_row(result, "steps.csv", begins);

    return g_ascii_strtod(row[column], NULL);
}

/* 1024 pages of the union, of which none is written: only what is looked for and made takes time. */
START_TEST(the_first_one_is_looked_for_and_made)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, COSTS);

    ck_assert_number(result, JOINT "pre_migration_s", 2 * 0.06 + 0.21, 0.002);
    ck_assert_word(result, JOINT "cump", "made");
    ck_assert_double_eq_tol(cell(result, "vm,joint,cump_not_found", 4), 0.01, 1e-6);
    ck_assert_double_eq_tol(cell(result, "vm,joint,cump_made", 4), 0.2, 1e-6);
    ck_assert_double_eq_tol(cell(result, "vm,joint,cump_not_found", 3) + 0.01, cell(result, "vm,joint,cump_made", 3),
                            1e-6);
}
END_TEST

/* Where nothing of it costs anything and none is found, the tables say nothing of it. */
START_TEST(what_costs_nothing_is_not_told)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE);

    ck_assert_ptr_null(result_word(result, JOINT "cump"));
    ck_assert_ptr_null(strstr(result_table(result, "steps.csv"), "cump"));
}
END_TEST

/* After the link broke the pair is where it was: its CUMP is found, and of 1024 pages those are out of date that the
 * guest wrote since; 300 writes a second over 256 pages for 0.8 s reach 156 (256 (1 - exp(-0.94))), give or take what
 * the time since the last look is. */
START_TEST(after_a_failed_migration_it_is_found_and_what_was_written_is_updated)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/timeline=[" MIGRATE("1s", "b", "first") "," CUT "," MIGRATE("2s", "b", "second") "]");
    const double outdated = worlds_number(result, "migration.second.joint.cump_outdated_pages");

    ck_assert_word(result, "migration.first.outcome", "link-lost");
    ck_assert_word(result, "migration.first.joint.cump", "made");
    ck_assert_word(result, "migration.second.outcome", "completed");
    ck_assert_word(result, "migration.second.joint.cump", "updated");
    ck_assert_double_ge(outdated, 100);
    ck_assert_double_le(outdated, 256);
    ck_assert_double_eq_tol(cell(result, "second,joint,cump_found", 4), 0.01, 1e-6);
    ck_assert_double_eq_tol(cell(result, "second,joint,cump_updated", 4), 0.05 + outdated * 1e-4, 1e-6);
}
END_TEST

/* The host that the pair comes to has none; the one that it comes back to has one of pages that are not there any more.
 */
START_TEST(the_way_back_makes_its_own_and_the_third_one_updates_all_pages)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE, "/run_until=6s",
        "/timeline=[" MIGRATE("1s", "b", "there") "," MIGRATE("3s", "a", "back") "," MIGRATE("5s", "c", "on") "]");

    ck_assert_word(result, "migration.there.joint.cump", "made");
    ck_assert_word(result, "migration.back.joint.cump", "made");
    ck_assert_word(result, "migration.on.joint.cump", "updated");
    ck_assert_double_eq(worlds_number(result, "migration.on.joint.cump_outdated_pages"), 1024);
}
END_TEST

/* The entry's work is serial: 1 ms for each page that a look at the logs found. 60 ms: what the longer copy dirties. */
START_TEST(entries_are_updated_as_pages_become_dirty)
{
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BASE, "/timeline/0/hypervisor/cump_update_page_work=1ms");
    const double caught = worlds_number(with, JOINT "cump_caught_pages");
    const double copy_s = worlds_number(without, JOINT "page_bytes") / 12.5e6;

    ck_assert_double_ge(caught, 50);
    ck_assert_double_ge(worlds_number(with, JOINT "precopy_s") + worlds_number(with, JOINT "downtime.pages_s"),
                        caught * 1e-3 + copy_s);
    ck_assert_word(with, JOINT "cump", "made");
}
END_TEST

/* Concatenation has no CUMP. */
START_TEST(concatenation_looks_for_none)
{
    g_autoptr(Result) plain = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=concatenated");
    g_autoptr(Result) costly = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=concatenated", COSTS);

    ck_assert_double_eq(worlds_number(plain, "migration.vm.total_s"), worlds_number(costly, "migration.vm.total_s"));
    ck_assert_ptr_null(result_word(costly, JOINT "cump"));
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
    tcase_add_test(tcase, the_first_one_is_looked_for_and_made);
    tcase_add_test(tcase, what_costs_nothing_is_not_told);
    tcase_add_test(tcase, after_a_failed_migration_it_is_found_and_what_was_written_is_updated);
    tcase_add_test(tcase, the_way_back_makes_its_own_and_the_third_one_updates_all_pages);
    tcase_add_test(tcase, entries_are_updated_as_pages_become_dirty);
    tcase_add_test(tcase, concatenation_looks_for_none);
    return check_main("union keys", tcase, NULL);
}
