#include "sim/output/csv.h"

#include "models/base/random.h"
#include "sim/output/exact.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

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
    static const char *const rows[][2] = {{"two\nlines", "two\\u000alines"},
                                          {"a\rb\tc", "a\\u000db\\u0009c"},
                                          {"\033[31m", "\\u001b[31m"},
                                          {"a\u202eb\u200bc\u2028", "a\\u202eb\\u200bc\\u2028"},
                                          {"no\nR 0,ok,0,,1\n\"x,", "\"no\\u000aR 0,ok,0,,1\\u000a\"\"x,\""}};

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
    ck_assert_str_eq(csv->str, "a,b,c,d,e\n\"x,y\",3,0.3333333333333333,,nan");
}
END_TEST

/* Of a number text: how many significant digits it has. */
static guint
digits_of(const char *text)
{
    guint digits = 0;

    for (const char *p = text; *p && *p != 'e'; p++)
        digits += g_ascii_isdigit(*p) && (digits > 0 || *p != '0');
    return digits;
}

START_TEST(a_number_is_the_shortest_text_that_reads_back)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {9.2, "9.2"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {5e-324, "4.94065645841247e-324"},
        {1e300, "1e+300"},
        {-12, "-12"},
        {10000000000000.0, "10000000000000"},
        {9007199254740991, "9007199254740991"},
        {9007199254740992, "9007199254740992"},
        {-9007199254740991, "-9007199254740991"},
        {31536000.000000004, "31536000.000000004"}, /* a date after a year, to the double's last digit */
        {NAN, "nan"},
        {-NAN, "nan"},
        {INFINITY, "inf"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = csv_number(rows[i].value);
        ck_assert_str_eq(text, rows[i].text);
    }
}
END_TEST

START_TEST(any_double_reads_back_and_with_one_digit_less_it_would_not)
{
    RandomStream stream;

    random_init(&stream, 1, "doubles", "test");
    for (guint i = 0; i < 200000; i++) {
        const guint64 bits = random_u64(&stream);
        double value, shorter;
        char text[64];
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        g_autofree char *number = csv_number(value);
        const double read = g_ascii_strtod(number, NULL);
        ck_assert_msg(memcmp(&read, &value, sizeof value) == 0, "%s", number);
        const guint digits = digits_of(number);
        if (!isnormal(value) || value == floor(value)) /* subnormals have up to 15 digits where fewer would do */
            continue;
        g_snprintf(text, sizeof text, "%.*g", (int)digits - 1, value);
        shorter = g_ascii_strtod(text, NULL);
        ck_assert_msg(shorter != value, "%s is longer than %s", number, text);
    }
}
END_TEST

START_TEST(numbers_of_json_read_back_too)
{
    cJSON *json = cJSON_Parse("{\"seed\": 9007199254740991, \"list\": [0.30000000000000004, 1e400, \"text\", true]}");
    g_autofree char *text = exact_print(json, FALSE);

    ck_assert_str_eq(text, "{\"seed\":9007199254740991,\"list\":[0.30000000000000004,null,\"text\",true]}");
    ck_assert(cJSON_IsNumber(cJSON_GetObjectItem(json, "seed")));
    cJSON_Delete(json);
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
    tcase_add_test(tcase, a_number_is_the_shortest_text_that_reads_back);
    tcase_add_test(tcase, any_double_reads_back_and_with_one_digit_less_it_would_not);
    tcase_add_test(tcase, numbers_of_json_read_back_too);
    return check_main("csv", tcase, NULL);
}
