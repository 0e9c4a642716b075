#include "sim/claims/reading.h"
#include "sim/output/table.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

#define SMALL "/guests/0/memory=8MiB", "/guests/0/workload/working_set=4MiB"
#define TOTAL "migration.mig-vm1.total_s"
#define VM    "/timeline/0/method=vm"

static const Reading readings[] = {
    {"one?",
     "/timeline/0/method",
     "total",
     "ms",
     60200,
     TOTAL,
     1e3,
     {{"vm", {"testbed.json", {SMALL, VM}}}, {"joint", {"testbed.json", {SMALL}}}}},
    {"other?",
     "/timeline/0/method",
     "joint over VM",
     "",
     NAN,
     TOTAL,
     1,
     {{"joint", {"testbed.json", {SMALL}}, {"testbed.json", {SMALL, VM}}}}},
};

static void
keep(const char *name, const char *text, gpointer data)
{
    ck_assert_str_eq(name, "readings.csv");
    *(char **)data = g_strdup(text);
}

/* A line for each variant, in their order: the number as its unit wants it, or its share of another run's, and an empty
 * cell where the source says nothing. Runs that were in the batch before are left alone. */
START_TEST(each_variant_is_a_line_with_its_own_number)
{
    g_autoptr(Batch) batch = batch_new();
    g_autoptr(FileSet) files = files_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *csv = NULL;

    ck_assert_uint_eq(readings_add(batch, "vm-vtpm", readings, 1, 1, &error), 0);
    const guint first = readings_add(batch, "vm-vtpm", readings, G_N_ELEMENTS(readings), 2, &error);
    ck_assert_uint_eq(first, 2);
    ck_assert_uint_eq(batch_size(batch), 2 + 2 * 4);
    ck_assert(batch_run(batch, 1, &error));
    readings_take(batch, first, readings, G_N_ELEMENTS(readings), 2, files);
    files_foreach(files, keep, &csv);

    g_autoptr(Table) table = table_parse(csv);
    ck_assert_uint_eq(table_rows(table), 3);
    ck_assert_str_eq(table_text(table, 0, "variant"), "vm");
    ck_assert_str_eq(table_text(table, 1, "variant"), "joint");
    ck_assert_double_eq(table_number(table, 0, "paper"), 60200);
    ck_assert_str_eq(table_text(table, 2, "paper"), "");
    const double vm_ms = table_number(table, 0, "tandem"), joint_ms = table_number(table, 1, "tandem");
    ck_assert_double_eq_tol(vm_ms, 1e3 * batch_spread(batch, first, 2, TOTAL).mean, 1e-6);
    ck_assert_double_gt(joint_ms, vm_ms);
    ck_assert_double_eq_tol(table_number(table, 2, "tandem"), joint_ms / vm_ms, 1e-12); /* rounding */
}
END_TEST

/* What cannot be run is told with its file, as everywhere. */
START_TEST(a_setting_that_is_wrong_is_an_error)
{
    static const Reading wrong[] = {
        {"one?", "", "total", "s", NAN, TOTAL, 1, {{"vm", {"testbed.json", {"/timeline/0/method=both"}}}}}};
    g_autoptr(Batch) batch = batch_new();
    g_autoptr(GError) error = NULL;

    ck_assert_uint_eq(readings_add(batch, "vm-vtpm", wrong, 1, 1, &error), G_MAXUINT);
    ck_assert(error && strstr(error->message, "/timeline/0/method"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("reading");

    tcase_add_test(tcase, each_variant_is_a_line_with_its_own_number);
    tcase_add_test(tcase, a_setting_that_is_wrong_is_an_error);
    return check_main("reading", tcase, NULL);
}
