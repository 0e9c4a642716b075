#include "sim/specs/reject.h"
#include "tests/check_main.h"

START_TEST(a_check_ends_with_the_message_and_false)
{
    g_autoptr(GError) error = NULL;

    ck_assert(!reject(&error, "/flows/%u/to: is \"%s\", expected another", 3u, "a"));
    ck_assert(g_error_matches(error, REJECT_ERROR, REJECT_ERROR_DOES_NOT_FIT));
    ck_assert_str_eq(error->message, "/flows/3/to: is \"a\", expected another");
}
END_TEST

START_TEST(who_does_not_ask_why_is_told_no_all_the_same)
{
    ck_assert(!reject(NULL, "/name: %s", "no"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("reject");

    tcase_add_test(tcase, a_check_ends_with_the_message_and_false);
    tcase_add_test(tcase, who_does_not_ask_why_is_told_no_all_the_same);
    return check_main("reject", tcase, NULL);
}
