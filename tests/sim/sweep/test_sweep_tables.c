/* What stands in a sweep's tables when migrations did not complete. */
#include "sim/output/table.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <stdlib.h>

static char *folder; /* of one test */

static void
set_up(void)
{
    folder = program_folder();
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

static int
sweep(const char *out, const char *options)
{
    g_auto(Ended) ended = program_run("sweep %s/s.json --out %s/%s %s", folder, folder, out, options);

    return ended.status;
}

/* A guest that writes faster than the wire carries, under a hypervisor that gives up; %s: more of the sweep. */
#define FAILING                                                                                                        \
    "{\"name\": \"f\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"                                             \
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"bandwidth\": \"100Mbps\"}],"                           \
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"16MiB\","                                         \
    "   \"workload\": {\"kind\": \"uniform\", \"working_set\": \"8MiB\", \"rate\": \"100/s\"}}],"                      \
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\","                             \
    "   \"hypervisor\": {\"profile\": \"qemu-7.2-tcg\", \"time_limit\": \"3s\"}}],"                                    \
    " \"sweep\": {\"axes\": [{\"pointer\": \"/guests/0/workload/rate\", \"values\": [\"100/s\", \"20k/s\"]}],"         \
    "   \"repeats\": 5%s}}"

/* The cell of a table of the test's folder. (transfer full) */
static char *
cell_of(const char *file, guint row, const char *column)
{
    g_autofree char *text = program_read(folder, file);
    g_autoptr(Table) table = table_parse(text);

    ck_assert_msg(table_text(table, row, column), "%s has no column %s", file, column);
    return g_strdup(table_text(table, row, column));
}

static void
expect_cell(const char *file, guint row, const char *column, const char *expected)
{
    g_autofree char *cell = cell_of(file, row, column);

    ck_assert_msg(g_str_equal(cell, expected), "%s, row %u, %s: \"%s\", expected \"%s\"", file, row, column, cell,
                  expected);
}

static void
sweep_failing(const char *more)
{
    g_autofree char *text = g_strdup_printf(FAILING, more);

    program_write(folder, "s.json", text);
    ck_assert_int_eq(sweep("out", "--quiet"), 0);
}

START_TEST(a_migration_that_gave_up_is_in_no_mean_and_in_the_share)
{
    sweep_failing("");
    expect_cell("out/points.csv", 5, "status", "ok");
    expect_cell("out/points.csv", 5, "migration.vm.outcome", "gave-up");
    expect_cell("out/points.csv", 5, "migration.vm.completed", "0");
    expect_cell("out/points.csv", 5, "migration.vm.downtime_s", "");
    expect_cell("out/points.csv", 5, "migration.vm.vm.reported_total_s", "");
    expect_cell("out/summary.csv", 0, "migration.vm.completed.share", "1");
    expect_cell("out/summary.csv", 0, "migration.vm.downtime_s.n", "5");
    expect_cell("out/summary.csv", 0, "migration.vm.outcome.words", "completed 5");
    expect_cell("out/summary.csv", 1, "migration.vm.completed.share", "0");
    expect_cell("out/summary.csv", 1, "migration.vm.outcome.words", "gave-up 5");
    for (const char *const *end = (const char *const[]){"mean", "sd", "ci95_low", "ci95_high", NULL}; *end; end++) {
        g_autofree char *total = g_strconcat("migration.vm.total_s.", *end, NULL);
        g_autofree char *downtime = g_strconcat("migration.vm.downtime_s.", *end, NULL);
        expect_cell("out/summary.csv", 1, total, "");
        expect_cell("out/summary.csv", 1, downtime, "");
    }
    expect_cell("out/summary.csv", 1, "migration.vm.total_s.n", "0");
    g_autofree char *spent = cell_of("out/summary.csv", 1, "migration.vm.spent_s.mean");
    ck_assert_double_eq_tol(g_ascii_strtod(spent, NULL), 3, 0.1);
}
END_TEST

/* The limit lies among the times that the five seeds' live rounds take: some give up. */
START_TEST(a_mean_of_some_says_of_how_many)
{
    sweep_failing("");
    g_autofree char *middle_s = cell_of("out/summary.csv", 0, "migration.vm.vm.precopy_s.mean");
    g_autofree char *options = g_strdup_printf("--quiet --set /timeline/0/hypervisor/time_limit=%ss", middle_s);
    ck_assert_int_eq(sweep("mixed", options), 0);
    g_autofree char *n = cell_of("mixed/summary.csv", 0, "migration.vm.total_s.n");
    const guint completed = (guint)atoi(n);
    ck_assert_uint_gt(completed, 0);
    ck_assert_uint_lt(completed, 5);
    g_autofree char *words = completed >= 3 ? g_strdup_printf("completed %u; gave-up %u", completed, 5 - completed)
                                            : g_strdup_printf("gave-up %u; completed %u", 5 - completed, completed);
    g_autofree char *share = cell_of("mixed/summary.csv", 0, "migration.vm.completed.share");
    expect_cell("mixed/summary.csv", 0, "migration.vm.outcome.words", words);
    ck_assert_double_eq(g_ascii_strtod(share, NULL), completed / 5.0);
    expect_cell("mixed/summary.csv", 0, "ok", "5");

    g_auto(Ended) report = program_run("report %s/mixed", folder);
    g_autofree char *page = program_read(folder, "mixed/report.html");
    g_autofree char *of = g_strdup_printf("(%u of 5)", completed);
    ck_assert_int_eq(report.status, 0);
    ck_assert_msg(strstr(page, of), "no %s in the report", of);
    ck_assert(strstr(page, ">migration.vm.completed.share</th>"));
    ck_assert(strstr(page, "(0 of 5)"));
}
END_TEST

START_TEST(who_asks_for_a_number_is_told_how_it_ended)
{
    sweep_failing(", \"metrics\": [\"migration.vm.downtime_s\"]");
    g_autofree char *text = program_read(folder, "out/points.csv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    ck_assert_str_eq(lines[0], "point,repeat,seed,guests.vm.workload.rate_per_s,status,message,migration.vm.outcome,"
                               "migration.vm.completed,migration.vm.downtime_s");
    expect_cell("out/summary.csv", 1, "migration.vm.completed.share", "0");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("sweep tables");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_migration_that_gave_up_is_in_no_mean_and_in_the_share);
    tcase_add_test(tcase, a_mean_of_some_says_of_how_many);
    tcase_add_test(tcase, who_asks_for_a_number_is_told_how_it_ended);
    return check_main("sweep_tables", tcase, NULL);
}
