#include "sim/output/shown.h"

#include "tests/check_main.h"

#include <math.h>

START_TEST(no_zero_is_shown_that_is_none)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } rows[] = {
        {18.0911, 3, "18.091"},
        {0.1, 3, "0.100"},
        {0.0006557, 3, "0.000656"},
        {0, 3, "0"},
        {2e-7, 3, "2e-07"},
        {-0.0004, 3, "-0.0004"},
        {0.4, 0, "0.4"},
        {276946, 0, "276946"},
        {42.11, 0, "42.1"},
        {NAN, 3, "-"},
        {4e9 + 0.5, 3, "4000000000.500"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char text[SHOWN_SIZE];
        ck_assert_str_eq(shown_number(text, rows[i].value, rows[i].decimals), rows[i].text);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("shown");

    tcase_add_test(tcase, no_zero_is_shown_that_is_none);
    return check_main("shown", tcase, NULL);
}
