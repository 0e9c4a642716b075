#include "models/vtpm/cump_directory.h"
#include "tests/check_main.h"

static const CumpPair pair = {"vm", "vtpm", 3, 5};

/* Definition 2: "in the normal case there is none". */
START_TEST(the_first_migration_of_a_pair_finds_none)
{
    g_autoptr(CumpDirectory) directory = cump_directory_new();

    ck_assert_int_eq(cump_directory_look_up(directory, &pair), CUMP_ABSENT);
}
END_TEST

START_TEST(a_pair_that_stayed_finds_its_own)
{
    g_autoptr(CumpDirectory) directory = cump_directory_new();

    cump_directory_keep(directory, &pair);
    ck_assert_int_eq(cump_directory_look_up(directory, &pair), CUMP_KEPT);
}
END_TEST

/* Definition 3: a CUMP is that of one VM and of one vTPM. */
START_TEST(another_pair_finds_none)
{
    g_autoptr(CumpDirectory) directory = cump_directory_new();

    cump_directory_keep(directory, &pair);
    ck_assert_int_eq(cump_directory_look_up(directory, &(CumpPair){"vm", "other", 3, 5}), CUMP_ABSENT);
    ck_assert_int_eq(cump_directory_look_up(directory, &(CumpPair){"other", "vtpm", 3, 5}), CUMP_ABSENT);
}
END_TEST

START_TEST(one_of_a_domain_that_was_built_anew_is_stale_until_it_is_updated)
{
    g_autoptr(CumpDirectory) directory = cump_directory_new();
    const CumpPair back = {"vm", "vtpm", 3, 6};

    cump_directory_keep(directory, &pair);
    ck_assert_int_eq(cump_directory_look_up(directory, &back), CUMP_STALE);
    cump_directory_keep(directory, &back);
    ck_assert_int_eq(cump_directory_look_up(directory, &back), CUMP_KEPT);
    ck_assert_int_eq(cump_directory_look_up(directory, &pair), CUMP_STALE);
}
END_TEST

START_TEST(what_was_written_is_updated_and_all_of_a_stale_one)
{
    ck_assert_uint_eq(cump_pages_to_update(CUMP_ABSENT, 100, 7), 0);
    ck_assert_uint_eq(cump_pages_to_update(CUMP_KEPT, 100, 7), 7);
    ck_assert_uint_eq(cump_pages_to_update(CUMP_STALE, 100, 7), 100);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cump_directory");

    tcase_add_test(tcase, the_first_migration_of_a_pair_finds_none);
    tcase_add_test(tcase, a_pair_that_stayed_finds_its_own);
    tcase_add_test(tcase, another_pair_finds_none);
    tcase_add_test(tcase, one_of_a_domain_that_was_built_anew_is_stale_until_it_is_updated);
    tcase_add_test(tcase, what_was_written_is_updated_and_all_of_a_stale_one);
    return check_main("cump_directory", tcase, NULL);
}
