/* What becomes of a migration whose live rounds have taken too long. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

#define H "/timeline/0/hypervisor/"
/* Of 48 MiB, which take 4 s, all but some pages of the last pass are dirty at any time, and of a pass that had come
 * that far the rest of 64 MiB, 5.4 s, is left. */
#define REST_LEAST_S 3.3
#define REST_MOST_S  5.6

/* A batch of Xen's is 1,024 pages and 0.34 s, QEMU looks after an iteration and a window. */
static const struct {
    const char *hypervisor;
    double late_s;
} mechanisms[] = {{"/timeline/0/hypervisor=\"qemu-kvm\"", 0.3},
                  {"/timeline/0/hypervisor=\"ideal\"", 0.35},
                  {"/timeline/0/hypervisor=\"nsdi-2005\"", 0.1}};

START_TEST(the_guest_is_stopped_at_the_limit_and_what_is_left_is_sent)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BUSY, mechanisms[_i].hypervisor, H "time_limit=8s", H "at_time_limit=suspend");
    const double stopped_s = worlds_number(result, VM "stopped_s");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "time was up");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_ge(worlds_number(result, VM "spent_s") - stopped_s, 8 - 1e-6);
    ck_assert_double_le(worlds_number(result, VM "spent_s") - stopped_s, 8 + mechanisms[_i].late_s);
    ck_assert_double_ge(stopped_s, REST_LEAST_S);
    ck_assert_double_le(stopped_s, REST_MOST_S);
}
END_TEST

START_TEST(looking_batch_by_batch_gives_the_same)
{
    const char *hypervisor = mechanisms[_i].hypervisor;
    g_autoptr(Result) planned = WORLDS_RUN(WORLDS_BUSY, hypervisor, H "time_limit=8s", H "at_time_limit=suspend");
    g_autoptr(Result) stepped =
        WORLDS_RUN(WORLDS_BUSY, hypervisor, H "time_limit=8s", H "at_time_limit=suspend", "/engine/plan_ahead=false");
    const double total_s = worlds_number(planned, VM "total_s");

    /* one batch or window more or less, of whose pages the guest writes some anew */
    ck_assert_double_eq_tol(worlds_number(stepped, VM "total_s"), total_s, 0.01 * total_s + mechanisms[_i].late_s);
}
END_TEST

/* In the first round, of a guest whose pages are skipped when they are dirty again: what is left is drawn. */
START_TEST(counted_or_not_a_round_that_is_cut_leaves_as_many_pages)
{
    static const char *const hypervisor = "/timeline/0/hypervisor=\"xen-4.5\"";
    g_autoptr(Result) counted =
        WORLDS_RUN(WORLDS_BUSY, hypervisor, H "time_limit=1.25s", H "at_time_limit=suspend", "/engine/pages=counted");
    g_autoptr(Result) each =
        WORLDS_RUN(WORLDS_BUSY, hypervisor, H "time_limit=1.25s", H "at_time_limit=suspend", "/engine/pages=each");
    const double sent = worlds_number(each, VM "sent_pages");

    ck_assert_double_gt(sent, 16384);
    ck_assert_number(counted, VM "sent_pages", sent, 0.02 * sent);
}
END_TEST

START_TEST(the_guest_goes_on_at_the_destination_by_post_copy)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, H "time_limit=8s", H "at_time_limit=post-copy");
    const double pull_s = worlds_number(result, VM "pull_s");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "switched to post-copy as time was up");
    ck_assert_double_lt(worlds_number(result, VM "downtime_s"), 0.3);
    ck_assert_number(result, VM "precopy_s", 8.15, 0.151);
    ck_assert_double_ge(pull_s, REST_LEAST_S);
    ck_assert_double_le(pull_s, REST_MOST_S);
    ck_assert_double_gt(worlds_number(result, VM "fault_requests"), 5);
}
END_TEST

START_TEST(giving_up_is_what_an_absent_key_says)
{
    g_autoptr(Result) said = WORLDS_RUN(WORLDS_BUSY, H "time_limit=8s", H "at_time_limit=give-up");
    g_autoptr(Result) unsaid = WORLDS_RUN(WORLDS_BUSY, H "time_limit=8s");

    ck_assert_word(said, VM "outcome", "gave-up");
    ck_assert_word(said, "domain.vm.host", "a");
    ck_assert_str_eq(result_table(said, "rounds.csv"), result_table(unsaid, "rounds.csv"));
}
END_TEST

/* 128 s for a GiB are 8 s for 64 MiB. */
START_TEST(a_limit_per_GiB_takes_the_place_of_the_other)
{
    static const char *const others[] = {H "time_limit=1s", H "time_limit=100s"};
    g_autoptr(Result) whole = WORLDS_RUN(WORLDS_BUSY, H "time_limit=8s", H "at_time_limit=suspend");

    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(Result) share =
            WORLDS_RUN(WORLDS_BUSY, others[i], H "time_limit_per_GiB=128s", H "at_time_limit=suspend");
        ck_assert_str_eq(result_table(share, "rounds.csv"), result_table(whole, "rounds.csv"));
    }
}
END_TEST

/* A guest that is done before does not hear of it. */
START_TEST(a_migration_that_has_time_is_as_without_a_limit)
{
    static const char *const calm = "/guests/0/workload/rate=10/s";
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BUSY, calm);
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BUSY, calm, H "time_limit=30s", H "at_time_limit=suspend");

    ck_assert_str_eq(result_table(without, "rounds.csv"), result_table(with, "rounds.csv"));
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    static const struct {
        const char *settings[3];
        const char *says;
    } rows[] = {
        {{"/timeline/0/hypervisor=\"xen-4.5\"", H "at_time_limit=post-copy"}, "/timeline/0/hypervisor/at_time_limit: "},
        {{H "at_time_limit=pause"}, "/timeline/0/hypervisor/at_time_limit: "},
        {{H "time_limit_per_GiB=0s"}, "/timeline/0/hypervisor/time_limit_per_GiB: "},
        {{H "at_time_limit=post-copy", "/engine/pages=counted"}, "/engine/pages: "}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(WORLDS_BUSY, rows[i].settings, rows[i].says);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("time up");

    tcase_add_loop_test(tcase, the_guest_is_stopped_at_the_limit_and_what_is_left_is_sent, 0, G_N_ELEMENTS(mechanisms));
    tcase_add_loop_test(tcase, looking_batch_by_batch_gives_the_same, 0, G_N_ELEMENTS(mechanisms));
    tcase_add_test(tcase, counted_or_not_a_round_that_is_cut_leaves_as_many_pages);
    tcase_add_test(tcase, the_guest_goes_on_at_the_destination_by_post_copy);
    tcase_add_test(tcase, giving_up_is_what_an_absent_key_says);
    tcase_add_test(tcase, a_limit_per_GiB_takes_the_place_of_the_other);
    tcase_add_test(tcase, a_migration_that_has_time_is_as_without_a_limit);
    tcase_add_test(tcase, what_cannot_be_is_refused);
    return check_main("time_up", tcase, NULL);
}
