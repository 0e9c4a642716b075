/* Records: metrics and rows as their tables of fields say. */
#include "sim/output/record.h"
#include "tests/check_main.h"

#include <math.h>

typedef struct {
    double total_s, wait_s;
    guint64 pages;
    const char *outcome, *reason;
} Numbers;

static const RecordField fields[] = {
    {"outcome", RECORD_WORD(Numbers, outcome), "how it ended"},
    {"total_s", RECORD_NUMBER(Numbers, total_s), "from begin to end"},
    {"pages", RECORD_COUNT(Numbers, pages), "sent"},
    {"wait_s", RECORD_NUMBER(Numbers, wait_s), "for pages", .optional = TRUE},
    {"reason", RECORD_WORD(Numbers, reason), "why", .optional = TRUE},
    {NULL},
};
static const Record metrics = {"thing.NAME", fields, "a thing"};
static const Record rows = {"things.csv", fields, "things"};

static cJSON *scenario;

static Result *
result_of(const Numbers *numbers)
{
    Result *result = result_new(scenario, 1);

    record_add(&metrics, numbers, result, "thing.%s", "a");
    return result;
}

static void
setup(void)
{
    scenario = cJSON_CreateObject();
}

static void
teardown(void)
{
    cJSON_Delete(scenario);
}

START_TEST(a_metric_is_called_by_prefix_and_field)
{
    const Numbers numbers = {1.5, 2.5, 1u << 30, "done", "none"};
    g_autoptr(Result) result = result_of(&numbers);

    ck_assert_str_eq(result_word(result, "thing.a.outcome"), "done");
    ck_assert_double_eq(result_number(result, "thing.a.total_s"), 1.5);
    ck_assert_double_eq(result_number(result, "thing.a.wait_s"), 2.5);
    ck_assert_double_eq(result_number(result, "thing.a.pages"), 0x1p30);
}
END_TEST

START_TEST(what_is_not_known_is_null_or_left_out)
{
    const Numbers numbers = {NAN, NAN, 0, "failed", NULL};
    g_autoptr(Result) result = result_of(&numbers);
    const cJSON *all = result_metrics(result);

    ck_assert(cJSON_IsNull(cJSON_GetObjectItem(all, "thing.a.total_s")));
    ck_assert_ptr_null(cJSON_GetObjectItem(all, "thing.a.wait_s"));
    ck_assert_ptr_null(cJSON_GetObjectItem(all, "thing.a.reason"));
    ck_assert_int_eq(cJSON_GetArraySize(all), 3);
}
END_TEST

START_TEST(a_row_has_a_cell_for_each_field)
{
    const Numbers known = {0.1, 2, 3, "done, at last", "x"}, unknown = {NAN, NAN, 0, "failed", NULL};
    g_autoptr(Result) result = result_new(scenario, 1);
    GString *table = record_table(&rows);

    record_append_row(&rows, &known, table);
    record_append_row(&rows, &unknown, table);
    record_take_table(&rows, table, result);
    ck_assert_str_eq(result_table(result, "things.csv"), "outcome,total_s,pages,wait_s,reason\n"
                                                         "\"done, at last\",0.1,3,2,x\n"
                                                         "failed,,0,,\n");
    ck_assert(record_is_of_rows(&rows) && !record_is_of_rows(&metrics));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("record");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_metric_is_called_by_prefix_and_field);
    tcase_add_test(tcase, what_is_not_known_is_null_or_left_out);
    tcase_add_test(tcase, a_row_has_a_cell_for_each_field);
    return check_main("record", tcase, NULL);
}
