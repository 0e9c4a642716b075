#include "sim/output/csv.h"
#include "tests/check_main.h"

START_TEST(what_is_quoted_splits_into_itself)
{
    static const char *const cells[] = {"plain", "", "a,b", "say \"hi\"", "\"", "two\nlines", " spaces ", "终"};
    g_autoptr(GString) line = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autofree char *cell = csv_quote(cells[i]);
        g_string_append_printf(line, "%s%s", i > 0 ? "," : "", cell);
    }
    g_auto(GStrv) split = csv_split(line->str);
    ck_assert_uint_eq(g_strv_length(split), G_N_ELEMENTS(cells));
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
        ck_assert_str_eq(split[i], cells[i]);
}
END_TEST

START_TEST(an_empty_last_cell_counts)
{
    g_auto(GStrv) split = csv_split("a,");

    ck_assert_uint_eq(g_strv_length(split), 2);
    ck_assert_str_eq(split[1], "");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("csv");

    tcase_add_test(tcase, what_is_quoted_splits_into_itself);
    tcase_add_test(tcase, an_empty_last_cell_counts);
    return check_main("csv", tcase, NULL);
}
