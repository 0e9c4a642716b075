#include "sim/parts/card/card_file.h"

#include "tests/check_main.h"

#define HEADER "time_s,algorithm,bytes\n"

START_TEST(requests_are_read_in_order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows =
        card_file_parse(HEADER "0,sm1,0\n0.5, sm2-verify ,32\r\n0.5,echo,4096\n1e1,sm4,20000\n", "f", &error);

    ck_assert_msg(rows, "%s", error ? error->message : "");
    ck_assert_uint_eq(rows->len, 4);
    ck_assert_int_eq(g_array_index(rows, CardReplay, 1).algorithm, CARD_SM2_VERIFY);
    ck_assert_uint_eq(g_array_index(rows, CardReplay, 2).bytes, 4096);
    ck_assert_double_eq(g_array_index(rows, CardReplay, 3).time_s, 10);
}
END_TEST

typedef struct {
    const char *text;
    const char *message;
} BadText;

#define COLUMNS   "expected three columns, a time, an algorithm and bytes"
#define TIME      "the time is not a number of seconds, expected 0 or more"
#define SIZE      "the size is not a number of bytes, expected a whole number"
#define TORN      "the line is torn, expected a newline at its end"
#define ALGORITHM "expected sm1, sm2-sign, sm2-verify, sm2-encrypt, sm2-decrypt, sm3, sm4 or echo"

static const BadText bad_texts[] = {
    {"", "f: line 1: expected the header \"time_s,algorithm,bytes\""},
    {"time_s,bytes\n0,1\n", "f: line 1: expected the header \"time_s,algorithm,bytes\""},
    {HEADER, "f: line 2: expected a request at least"},
    {HEADER "0,sm4\n", "f: line 2: " COLUMNS},
    {HEADER "0,sm4,1,2\n", "f: line 2: " COLUMNS},
    {HEADER "0,sm4,1\n\n1,sm4,1\n", "f: line 3: " COLUMNS},
    {HEADER "x,sm4,1\n", "f: line 2: " TIME},
    {HEADER "-1,sm4,1\n", "f: line 2: " TIME},
    {HEADER "nan,sm4,1\n", "f: line 2: " TIME},
    {HEADER "1e999,sm4,1\n", "f: line 2: " TIME},
    {HEADER "0,sm9,1\n", "f: line 2: unknown algorithm \"sm9\", " ALGORITHM},
    {HEADER "0,sm4,-1\n", "f: line 2: " SIZE},
    {HEADER "0,sm4,1.5\n", "f: line 2: " SIZE},
    {HEADER "0,sm4,4294967296\n", "f: line 2: " SIZE},
    {HEADER "1,sm4,1\n0.5,sm4,1\n", "f: line 3: time goes backwards, expected no earlier one than before"},
    {HEADER "0,sm4,1\n0.5,sm4,40", "f: line 3: " TORN},
    {HEADER "0,sm4,1\n0.5,s", "f: line 3: " TORN},
};

START_TEST(a_bad_row_is_named)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(card_file_parse(bad_texts[_i].text, "f", &error));
    ck_assert_str_eq(error->message, bad_texts[_i].message);
}
END_TEST

START_TEST(a_missing_file_is_named)
{
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(card_file_read("/nowhere/requests.csv", &error));
    ck_assert(g_str_has_prefix(error->message, "/nowhere/requests.csv: "));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card_file");

    tcase_add_test(tcase, requests_are_read_in_order);
    tcase_add_loop_test(tcase, a_bad_row_is_named, 0, G_N_ELEMENTS(bad_texts));
    tcase_add_test(tcase, a_missing_file_is_named);
    return check_main("card_file", tcase, NULL);
}
