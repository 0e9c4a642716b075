#include "models/base/random.h"
#include "sim/scenario/units.h"
#include "tests/check_main.h"

#include <locale.h>
#include <math.h>

static double
parsed(const char *text, UnitsDimension dimension)
{
    g_autoptr(GError) error = NULL;
    double value = NAN;

    ck_assert_msg(units_parse(text, dimension, &value, &error), "%s: %s", text, error ? error->message : "");
    return value;
}

START_TEST(each_unit_is_worth_what_it_says)
{
    static const struct {
        const char *text;
        UnitsDimension dimension;
        double value;
    } rows[] = {
        {"512MiB", UNITS_SIZE, 536870912},
        {"2MB", UNITS_SIZE, 2e6},
        {"64KiB", UNITS_SIZE, 65536},
        {"4096B", UNITS_SIZE, 4096},
        {"0.1GiB", UNITS_SIZE, 107374182},
        {"1.5kB", UNITS_SIZE, 1500},
        {"100Mbps", UNITS_DATA_RATE, 12.5e6},
        {"1Gbps", UNITS_DATA_RATE, 125e6},
        {"1Gb/s", UNITS_DATA_RATE, 125e6},
        {"32MiB/s", UNITS_DATA_RATE, 33554432},
        {"12.5MBps", UNITS_DATA_RATE, 12.5e6},
        {"8bps", UNITS_DATA_RATE, 1},
        {"16.4us", UNITS_TIME, 16.4e-6},
        {"300ms", UNITS_TIME, 0.3},
        {"2s", UNITS_TIME, 2},
        {"1min", UNITS_TIME, 60},
        {"1h", UNITS_TIME, 3600},
        {"1.5e3s", UNITS_TIME, 1500},
        {"2000/s", UNITS_FREQUENCY, 2000},
        {"1.2k/s", UNITS_FREQUENCY, 1200},
        {"2.4GHz", UNITS_FREQUENCY, 2.4e9},
        {"0s", UNITS_TIME, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) /* 1 ulp: 16.4 * 1e-6 is not the double nearest to 16.4e-6 */
        ck_assert_double_eq_tol(parsed(rows[i].text, rows[i].dimension), rows[i].value,
                                rows[i].value * 2.3e-16 + 1e-300);
}
END_TEST

START_TEST(each_wrong_text_has_its_message)
{
    static const struct {
        const char *text;
        UnitsDimension dimension;
        const char *message;
    } rows[] = {
        {"512", UNITS_SIZE, "\"512\" has no unit, expected a size such as \"512MiB\""},
        {"", UNITS_SIZE, "\"\" does not begin with a number, expected a size such as \"512MiB\""},
        {"MiB", UNITS_SIZE, "\"MiB\" does not begin with a number, expected a size such as \"512MiB\""},
        {"inf", UNITS_TIME, "\"inf\" does not begin with a number, expected a time such as \"300ms\""},
        {"nans", UNITS_TIME, "\"nans\" does not begin with a number, expected a time such as \"300ms\""},
        {" 1s", UNITS_TIME, "\" 1s\" does not begin with a number, expected a time such as \"300ms\""},
        {".5s", UNITS_TIME, "\".5s\" does not begin with a number, expected a time such as \"300ms\""},
        {"0x10B", UNITS_SIZE, "\"0x10B\" has the unknown unit \"x10B\", expected a size such as \"512MiB\""},
        {"1 s", UNITS_TIME, "\"1 s\" has the unknown unit \" s\", expected a time such as \"300ms\""},
        {"1s!", UNITS_TIME, "\"1s!\" has the unknown unit \"s!\", expected a time such as \"300ms\""},
        {"1.s", UNITS_TIME, "\"1.s\" has the unknown unit \".s\", expected a time such as \"300ms\""},
        {"20m", UNITS_TIME,
         "\"20m\" has the unknown unit \"m\", expected a time such as \"300ms\" (did you mean \"min\"?)"},
        {"4G", UNITS_SIZE,
         "\"4G\" has the unknown unit \"G\", expected a size such as \"512MiB\" (did you mean \"GiB\"?)"},
        {"10G", UNITS_DATA_RATE,
         "\"10G\" has the unknown unit \"G\", expected a data rate such as \"100Mbps\" or \"32MiB/s\" (did you mean \"Gbps\"?)"},
        {"2Gib", UNITS_SIZE,
         "\"2Gib\" has the unknown unit \"Gib\", expected a size such as \"512MiB\" (did you mean \"GiB\"?)"},
        {"16.4us", UNITS_SIZE, "\"16.4us\" is a time, expected a size such as \"512MiB\""},
        {"1GiB", UNITS_TIME, "\"1GiB\" is a size, expected a time such as \"300ms\""},
        {"5/s", UNITS_DATA_RATE,
         "\"5/s\" is a number per second, expected a data rate such as \"100Mbps\" or \"32MiB/s\""},
        {"1MiB/s", UNITS_FREQUENCY, "\"1MiB/s\" is a data rate, expected a number per second such as \"2000/s\""},
        {"-5MiB", UNITS_SIZE, "\"-5MiB\" is negative, expected a size such as \"512MiB\""},
        {"1e30GiB", UNITS_SIZE, "\"1e30GiB\" is too large (the limit is 2^63-1), expected a size such as \"512MiB\""},
        {"1e999s", UNITS_TIME, "\"1e999s\" is too large (the limit is 2^63-1), expected a time such as \"300ms\""},
        {"9223372036854775808B", UNITS_SIZE,
         "\"9223372036854775808B\" is too large (the limit is 2^63-1), expected a size such as \"512MiB\""},
        {"1\n2", UNITS_SIZE, "\"1\\u000a2\" has the unknown unit \"\\u000a2\", expected a size such as \"512MiB\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        double value = 7;
        ck_assert_msg(!units_parse(rows[i].text, rows[i].dimension, &value, &error), "%s", rows[i].text);
        ck_assert_str_eq(error->message, rows[i].message);
        ck_assert_double_eq(value, 7);
    }
}
END_TEST

/* Magnitudes from 1e-9 to 1e18, where every dimension has its use. */
START_TEST(what_is_printed_reads_back_exactly)
{
    RandomStream r;

    random_init(&r, 1, "test", "units");
    for (int i = 0; i < 8000; i++) {
        const UnitsDimension dimension = (UnitsDimension)(i % 4);
        const double value = pow(10, random_unit(&r) * 27 - 9);
        const double exact = dimension == UNITS_SIZE ? rint(value) : value;
        g_autofree char *text = units_print(exact, dimension);
        ck_assert_double_eq(parsed(text, dimension), exact);
    }
}
END_TEST

START_TEST(round_values_print_as_people_write_them)
{
    static const struct {
        double value;
        UnitsDimension dimension;
        const char *text;
    } rows[] = {
        {536870912, UNITS_SIZE, "512MiB"},
        {2e6, UNITS_SIZE, "2MB"},
        {12.5e6, UNITS_DATA_RATE, "100Mbps"},
        {0.3, UNITS_TIME, "300ms"},
        {7200, UNITS_TIME, "2h"},
        {2000, UNITS_FREQUENCY, "2k/s"},
        {0, UNITS_SIZE, "0B"},
        {4096, UNITS_SIZE, "4KiB"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = units_print(rows[i].value, rows[i].dimension);
        ck_assert_str_eq(text, rows[i].text);
    }
}
END_TEST

START_TEST(patterns_accept_what_the_parser_accepts)
{
    static const char *const texts[] = {"512MiB", "100Mbps", "16.4us", "2000/s", "512", "-1s", "1e3B",   "1 s",
                                        "0x1B",   "1.s",     "1kB/s",  "2Gib",   "s",   "1h",  "1.5E-3s"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        for (int d = UNITS_SIZE; d <= UNITS_FREQUENCY; d++) {
            g_autofree char *pattern = units_pattern((UnitsDimension)d);
            double value;
            ck_assert_msg(g_regex_match_simple(pattern, texts[i], 0, 0) ==
                              units_parse(texts[i], (UnitsDimension)d, &value, NULL),
                          "%s against %s", texts[i], pattern);
        }
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("units");

    setlocale(LC_ALL, ""); /* a decimal comma in the environment must change nothing */
    tcase_add_test(tcase, each_unit_is_worth_what_it_says);
    tcase_add_test(tcase, each_wrong_text_has_its_message);
    tcase_add_test(tcase, what_is_printed_reads_back_exactly);
    tcase_add_test(tcase, round_values_print_as_people_write_them);
    tcase_add_test(tcase, patterns_accept_what_the_parser_accepts);
    return check_main("units", tcase, NULL);
}
