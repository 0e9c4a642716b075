#include "sim/output/csv.h"
#include "tests/check_main.h"

#include <math.h>

START_TEST(what_is_quoted_splits_into_itself)
{
    static const char *const cells[] = {"plain", "", "a,b", "say \"hi\"", "\"", " spaces ", "\\", "'90s", "终"};
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

START_TEST(a_cell_is_one_line_whatever_its_text)
{
    static const char *const rows[][2] = {{"two\nlines", "two\\nlines"},
                                          {"a\rb\tc", "a\\x0db\\x09c"},
                                          {"\033[31m", "\\x1b[31m"},
                                          {"no\nR 0,ok,0,,1\n\"x,", "\"no\\nR 0,ok,0,,1\\n\"\"x,\""}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *cell = csv_quote(rows[i][0]);
        ck_assert_str_eq(cell, rows[i][1]);
    }
}
END_TEST

START_TEST(an_empty_last_cell_counts)
{
    g_auto(GStrv) split = csv_split("a,");

    ck_assert_uint_eq(g_strv_length(split), 2);
    ck_assert_str_eq(split[1], "");
}
END_TEST

START_TEST(cells_are_appended_with_commas_between_them_and_none_at_a_line_s_beginning)
{
    g_autoptr(GString) csv = g_string_new("a,b,c,d,e\n");

    csv_append_text(csv, "x,y");
    csv_append_number(csv, 3);
    csv_append_number(csv, 1.0 / 3);
    csv_append_known(csv, NAN);
    csv_append_number(csv, NAN);
    ck_assert_str_eq(csv->str, "a,b,c,d,e\n\"x,y\",3,0.3333333333,,nan");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("csv");

    tcase_add_test(tcase, what_is_quoted_splits_into_itself);
    tcase_add_test(tcase, a_cell_is_one_line_whatever_its_text);
    tcase_add_test(tcase, an_empty_last_cell_counts);
    tcase_add_test(tcase, cells_are_appended_with_commas_between_them_and_none_at_a_line_s_beginning);
    return check_main("csv", tcase, NULL);
}
