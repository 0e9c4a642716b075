#include "sim/figures/label.h"
#include "tests/check_main.h"

static void
expect_number(double value, const char *text)
{
    g_autofree char *number = label_number(value);

    ck_assert_str_eq(number, text);
}

START_TEST(a_number_has_no_power_of_ten_as_long_as_it_can_be_read)
{
    expect_number(8000, "8000");
    expect_number(12000, "12000");
    expect_number(276946, "276946");
    expect_number(12.3456, "12.35");
    expect_number(0.0125, "0.0125");
    expect_number(3.0, "3");
    expect_number(-2.5, "-2.5");
    expect_number(0, "0");
    expect_number(3.5e12, "3.5e+12");
    expect_number(2e-7, "2e-07");
}
END_TEST

START_TEST(a_name_that_is_too_wide_gives_way_in_its_middle)
{
    g_autofree char *kept = label_shorten("web, vm", 10), *cut = label_shorten("one-after-the-other, vtpm", 8);

    ck_assert_str_eq(kept, "web, vm");
    ck_assert(g_str_has_prefix(cut, "one-") && g_str_has_suffix(cut, "tpm"));
    ck_assert(label_ems(cut) <= 8);
}
END_TEST

START_TEST(a_chinese_letter_is_as_wide_as_high)
{
    ck_assert_double_eq(label_ems("预拷贝"), 3);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("label");

    tcase_add_test(tcase, a_number_has_no_power_of_ten_as_long_as_it_can_be_read);
    tcase_add_test(tcase, a_name_that_is_too_wide_gives_way_in_its_middle);
    tcase_add_test(tcase, a_chinese_letter_is_as_wide_as_high);
    return check_main("label", tcase, NULL);
}
