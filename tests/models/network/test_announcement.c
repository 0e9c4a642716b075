#include "models/network/announcement.h"
#include "tests/check_main.h"

#include <math.h>

/* migration/options.c's defaults and net/announce.c: 5 rounds, at 0, 50, 200, 450 and 800 ms. */
START_TEST(qemu_announces_five_times_in_less_than_a_second)
{
    const Announcement qemu = announcement_default();
    const double at_s[] = {0, 0.05, 0.2, 0.45, 0.8};

    ck_assert_uint_eq(announcement_rounds(&qemu), G_N_ELEMENTS(at_s));
    for (guint k = 0; k < G_N_ELEMENTS(at_s); k++)
        ck_assert_double_eq_tol(announcement_at_s(&qemu, k), at_s[k], 1e-12);
}
END_TEST

START_TEST(the_wait_grows_to_its_greatest_only)
{
    Announcement qemu = announcement_default();

    qemu.rounds = 10;
    qemu.delay_s = 3;
    ck_assert_double_eq_tol(announcement_at_s(&qemu, 5), 3 + 0.05 + 0.15 + 0.25 + 0.35 + 0.45, 1e-12);
    ck_assert_double_eq_tol(announcement_at_s(&qemu, 9) - announcement_at_s(&qemu, 8), 0.55, 1e-12);
}
END_TEST

START_TEST(a_list_is_as_it_was_given)
{
    const double at_s[] = {0.1, 2};
    const Announcement list = {.kind = ANNOUNCEMENT_LIST, .at_s = at_s, .n_at = 2, .delay_s = 1};
    const Announcement none = {.kind = ANNOUNCEMENT_NONE};

    ck_assert_uint_eq(announcement_rounds(&list), 2);
    ck_assert_double_eq(announcement_at_s(&list, 1), 3);
    ck_assert_uint_eq(announcement_rounds(&none), 0);
}
END_TEST

/* 100,000 draws of 0.3: a standard error of 0.00145; 6 of them. */
START_TEST(frames_are_lost_as_often_as_was_said)
{
    Announcement qemu = announcement_default();
    RandomStream random;
    guint lost = 0;

    qemu.loss = 0.3;
    random_init(&random, 1, "test", "announcement");
    for (guint i = 0; i < 100000; i++)
        lost += (guint)announcement_is_lost(&qemu, &random);
    ck_assert_double_eq_tol(lost / 1e5, 0.3, 0.0087);
    qemu.loss = 1;
    ck_assert(announcement_is_lost(&qemu, &random));
    qemu.loss = 0;
    ck_assert(!announcement_is_lost(&qemu, &random));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("announcement");

    tcase_add_test(tcase, qemu_announces_five_times_in_less_than_a_second);
    tcase_add_test(tcase, the_wait_grows_to_its_greatest_only);
    tcase_add_test(tcase, a_list_is_as_it_was_given);
    tcase_add_test(tcase, frames_are_lost_as_often_as_was_said);
    return check_main("announcement", tcase, NULL);
}
