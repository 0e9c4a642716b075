#include "sim/world/workload_file.h"

#include "tests/check_main.h"

#include <glib/gstdio.h>
#include <string.h>

/* What reading a text as writes of a guest of 100 pages, or as intervals of a working set of 100 pages, gives. The
 * message of an error follows the path. (transfer full) */
static GArray *
read_text(const char *text, gssize length, gboolean intervals, char **message)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    const int fd = g_file_open_tmp("tandem-test-XXXXXX", &path, NULL);

    ck_assert_int_ge(fd, 0);
    g_close(fd, NULL);
    ck_assert(g_file_set_contents(path, text, length, NULL));
    GArray *rows =
        intervals ? workload_file_read_intervals(path, 100, &error) : workload_file_read_writes(path, 100, &error);
    g_unlink(path);
    *message = NULL;
    if (error) {
        ck_assert(g_str_has_prefix(error->message, path));
        *message = g_strdup(error->message + strlen(path));
    }
    ck_assert_int_eq(rows == NULL, error != NULL);
    return rows;
}

START_TEST(writes_are_read_in_order)
{
    g_autofree char *message = NULL;
    g_autoptr(GArray) rows = read_text("time_s,page\n0,99\n0.5, 3\r\n0.5,3\n1e1,0\n", -1, FALSE, &message);

    ck_assert_ptr_nonnull(rows);
    ck_assert_uint_eq(rows->len, 4);
    ck_assert_double_eq(g_array_index(rows, WorkloadWrite, 3).time_s, 10);
    ck_assert_uint_eq(g_array_index(rows, WorkloadWrite, 1).page, 3);
}
END_TEST

START_TEST(intervals_are_read_in_order)
{
    g_autofree char *message = NULL;
    g_autoptr(GArray) rows = read_text("duration_s,pages\n0.25,100\n2,0", -1, TRUE, &message);

    ck_assert_ptr_nonnull(rows);
    ck_assert_uint_eq(rows->len, 2);
    ck_assert_double_eq(g_array_index(rows, WorkloadInterval, 0).duration_s, 0.25);
    ck_assert_uint_eq(g_array_index(rows, WorkloadInterval, 0).pages, 100);
}
END_TEST

typedef struct {
    const char *text;
    const char *message;
} BadText;

#define NOT_A_ROW "expected two numbers separated by a comma"

static const BadText bad_writes[] = {
    {"", ": line 1: expected the header \"time_s,page\""},
    {"duration_s,pages\n1,1\n", ": line 1: expected the header \"time_s,page\""},
    {"time_s,page\n1\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1,2,3\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1,2\nx,2\n", ": line 3: " NOT_A_ROW},
    {"time_s,page\n1,-2\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1,2.5\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\nnan,2\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1e999,2\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1,99999999999999999999999\n", ": line 2: " NOT_A_ROW},
    {"time_s,page\n1,2\n\n2,2\n", ": line 3: empty line, expected two numbers"},
    {"time_s,page\n-1,2\n", ": line 2: time goes backwards, expected it not to decrease"},
    {"time_s,page\n2,2\n1,2\n", ": line 3: time goes backwards, expected it not to decrease"},
    {"time_s,page\n1,100\n", ": line 2: page is beyond the guest's memory, expected a smaller one"},
};

START_TEST(bad_row_of_writes_is_named)
{
    g_autofree char *message = NULL;
    g_autoptr(GArray) rows = read_text(bad_writes[_i].text, -1, FALSE, &message);

    ck_assert_ptr_null(rows);
    ck_assert_str_eq(message, bad_writes[_i].message);
}
END_TEST

static const BadText bad_intervals[] = {
    {"time_s,page\n1,1\n", ": line 1: expected the header \"duration_s,pages\""},
    {"duration_s,pages\n1,1\n0,1\n", ": line 3: duration is not above 0, expected more"},
    {"duration_s,pages\n-1,1\n", ": line 2: duration is not above 0, expected more"},
    {"duration_s,pages\n1,101\n", ": line 2: more pages than the working set has, expected at most those"},
    {"duration_s,pages\ninf,1\n", ": line 2: " NOT_A_ROW},
};

START_TEST(bad_row_of_intervals_is_named)
{
    g_autofree char *message = NULL;
    g_autoptr(GArray) rows = read_text(bad_intervals[_i].text, -1, TRUE, &message);

    ck_assert_ptr_null(rows);
    ck_assert_str_eq(message, bad_intervals[_i].message);
}
END_TEST

/* Rows after a zero byte would be lost without a word. */
START_TEST(zero_byte_is_refused)
{
    static const char text[] = "time_s,page\n1,2\n\0002,3\n";
    g_autofree char *message = NULL;
    g_autoptr(GArray) rows = read_text(text, sizeof text - 1, FALSE, &message);

    ck_assert_ptr_null(rows);
    ck_assert_str_eq(message, ": has a zero byte, expected text");
}
END_TEST

START_TEST(missing_file_is_named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows = workload_file_read_writes("/no/such/file.csv", 1, &error);

    ck_assert_ptr_null(rows);
    ck_assert(g_error_matches(error, WORKLOAD_FILE_ERROR, WORKLOAD_FILE_ERROR_READ));
    ck_assert(g_str_has_prefix(error->message, "/no/such/file.csv: "));
}
END_TEST

int
main(void)
{
    TCase *good = tcase_create("good");
    TCase *bad = tcase_create("bad");

    tcase_add_test(good, writes_are_read_in_order);
    tcase_add_test(good, intervals_are_read_in_order);
    tcase_add_loop_test(bad, bad_row_of_writes_is_named, 0, G_N_ELEMENTS(bad_writes));
    tcase_add_loop_test(bad, bad_row_of_intervals_is_named, 0, G_N_ELEMENTS(bad_intervals));
    tcase_add_test(bad, zero_byte_is_refused);
    tcase_add_test(bad, missing_file_is_named);
    return check_main("workload_file", good, bad, NULL);
}
