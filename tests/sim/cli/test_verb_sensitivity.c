/* tandem sensitivity as a user gets it, over one measured case with one seed, and over a paper's claims. */
#include "sim/output/table.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <math.h>
#include <unistd.h>

#define TWO "-p buffer-least -p burst-most"

static char *folder; /* of one test; cases/ holds one case */

static void
set_up(void)
{
    g_autofree char *text = program_read(TANDEM_SOURCE_DIR "/tests/data/validation", "idle-01.json");
    folder = program_folder();
    g_autofree char *cases = g_build_filename(folder, "cases", NULL);

    ck_assert_int_eq(g_mkdir(cases, 0755), 0);
    program_write(cases, "idle-01.json", text);
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

static char *
study(const char *out, const char *options)
{
    g_auto(Ended) ended = program_run("sensitivity %s/cases --seeds 1 -q --out %s/%s %s", folder, folder, out, options);

    ck_assert_msg(ended.status == 0, "%s", ended.err);
    ck_assert_str_eq(ended.err, "");
    return g_steal_pointer(&ended.out);
}

static Table *
read_table(const char *name)
{
    g_autofree char *text = program_read(folder, name);

    return table_parse(text);
}

static guint
row_of(const Table *table, const char *finding, const char *parameter)
{
    for (guint row = 0; row < table_rows(table); row++)
        if (g_str_equal(table_text(table, row, "finding"), finding) &&
            g_str_equal(table_text(table, row, "parameter"), parameter))
            return row;
    ck_abort_msg("no row %s, %s", finding, parameter);
}

/* The same prediction through tandem validate --set, which knows nothing of overrides. */
static double
validated(const char *setting, const char *column)
{
    g_auto(Ended) ended = program_run("validate %s/cases --seeds 1 --out %s/validated %s", folder, folder, setting);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    g_autoptr(Table) table = read_table("validated/validation.csv");

    return table_number(table, 0, column);
}

START_TEST(changed_worlds_are_those_of_the_changed_values)
{
    g_autofree char *text = study("out", TWO);
    g_autoptr(Table) table = read_table("out/validation/sensitivity.csv");
    guint row = row_of(table, "idle-01.downtime_ms", "buffer-least");

    ck_assert_double_eq(table_number(table, row, "base"), validated("", "downtime_ms_predicted"));
    ck_assert_double_eq(table_number(table, row, "low"),
                        validated("--set /timeline/0/hypervisor/buffer_least=1.143MB", "downtime_ms_predicted"));
    ck_assert_double_eq(table_number(table, row, "high"),
                        validated("--set /timeline/0/hypervisor/buffer_least=1.397MB", "downtime_ms_predicted"));
    ck_assert_double_eq_tol(table_number(table, row, "low_percent"),
                            (table_number(table, row, "low") / table_number(table, row, "base") - 1) * 100, 1e-9);
    row = row_of(table, "idle-01.downtime_ms", "burst-most");
    ck_assert_double_eq(table_number(table, row, "low"),
                        validated("--set /timeline/0/hypervisor/burst_most=12.6ms", "downtime_ms_predicted"));
    ck_assert_double_ne(table_number(table, row, "low"), table_number(table, row, "high"));
    ck_assert_ptr_nonnull(strstr(text, "burst-most   assumed"));
}
END_TEST

START_TEST(files_are_the_same_whatever_the_number_of_workers)
{
    static const char *const names[] = {"sensitivity.csv", "hangs-on.csv", "parameters.csv", "heat.csv", "tornado.csv"};
    g_autofree char *one = study("one", TWO " -j 1"), *three = study("three", TWO " -j 3");

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *a = g_build_filename("one/validation", names[i], NULL);
        g_autofree char *b = g_build_filename("three/validation", names[i], NULL);
        g_autofree char *first = program_read(folder, a), *second = program_read(folder, b);
        ck_assert_msg(g_str_equal(first, second), "%s differ", names[i]);
    }
    *strstr(one, "files in") = *strstr(three, "files in") = '\0';
    ck_assert_str_eq(one, three);
}
END_TEST

/* Of the case's total time nothing moves a tenth of a percent, and each bar is drawn all the same. */
START_TEST(every_bar_of_the_tornado_has_a_name)
{
    g_autofree char *text = study("out", TWO);
    g_autoptr(Table) table = read_table("out/validation/tornado.csv");

    for (guint row = 0; row < table_rows(table); row++)
        ck_assert_int_eq(*table_text(table, row, "parameter") != '\0',
                         table_number(table, row, "low_percent") != 0 || table_number(table, row, "high_percent") != 0);
}
END_TEST

/* By 5 %: 1.1 MB is 1.045 and 1.155 MB, of 30 % scattered 28.5 and 31.5. */
START_TEST(the_step_is_asked_for_and_shown)
{
    g_autofree char *text = study("out", TWO " --by 5 -p catches-up");
    g_autoptr(Table) table = read_table("out/validation/parameters.csv");

    ck_assert_uint_eq(table_rows(table), 4); /* with the other seeds */
    ck_assert_ptr_nonnull(strstr(text, "1.27MB (1.2065MB, 1.3335MB)"));
    ck_assert_str_eq(table_text(table, 0, "low_value"), "1.2065MB");
    ck_assert_double_eq(table_number(table, 0, "low_step_percent"), -5);
    ck_assert_str_eq(table_text(table, 3, "kind"), "chance");
    /* the case has no auto-converge: what a guest makes up for has nothing to act on */
    ck_assert_str_eq(table_text(table, 2, "parameter"), "catches-up");
    ck_assert_double_eq(table_number(table, 2, "largest_percent"), 0);
}
END_TEST

/* The data folder with its own list for measured cases. */
static void
own_list(const char *name, const char *text)
{
    g_autofree char *configs = g_build_filename(folder, "data", "configs", NULL);
    g_autofree char *parameters = g_build_filename(configs, "parameters", NULL);
    g_autofree char *scenarios = g_build_filename(folder, "data", "scenarios", NULL);
    g_autoptr(GDir) dir = g_dir_open(TANDEM_SOURCE_DIR "/configs", 0, NULL);

    ck_assert_int_eq(g_mkdir_with_parents(parameters, 0755), 0);
    ck_assert_int_eq(symlink(TANDEM_SOURCE_DIR "/scenarios", scenarios), 0);
    for (const char *entry = g_dir_read_name(dir); entry; entry = g_dir_read_name(dir)) {
        g_autofree char *to = g_build_filename(TANDEM_SOURCE_DIR "/configs", entry, NULL);
        g_autofree char *from = g_build_filename(configs, entry, NULL);
        if (!g_str_equal(entry, "parameters"))
            ck_assert_int_eq(symlink(to, from), 0);
    }
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    program_write(parameters, name, json);
    g_autofree char *data = g_build_filename(folder, "data", NULL);
    g_setenv("TANDEM_DATA", data, TRUE);
}

/* A host of 256 GiB less 99.9999 % has no room for the guest. */
START_TEST(a_world_that_cannot_be_run_is_a_row_with_the_reason)
{
    own_list("validation.json", "{'description': 'x', 'parameters': [{'name': 'host-memory', 'kind': 'assumed', "
                                "'source': 's', 'at': ['scenarios/validation/qemu-case.json: /hosts/0/memory']}]}");
    g_autofree char *text = study("out", "--by 99.9999");
    g_autoptr(Table) parameters = read_table("out/validation/parameters.csv");
    g_autoptr(Table) table = read_table("out/validation/sensitivity.csv");
    const guint row = row_of(table, "idle-01.total_ms", "host-memory");

    ck_assert_ptr_nonnull(strstr(text, "lower cannot be run: "));
    ck_assert_uint_gt(strlen(table_text(parameters, 0, "low_failure")), 0);
    /* a case's path is as the user wrote it, the data folder's is left out: the same on every machine */
    ck_assert_ptr_nonnull(strstr(table_text(parameters, 0, "low_failure"), ": scenarios/validation/qemu-case.json: "));
    ck_assert_str_eq(table_text(parameters, 0, "high_failure"), "");
    ck_assert_str_eq(table_text(table, row, "low_verdict"), "failed");
    ck_assert_str_eq(table_text(table, row, "high_verdict"), "pass");
    ck_assert(isnan(table_number(table, row, "low")));
    ck_assert_double_eq(table_number(table, row, "high_percent"), 0);
}
END_TEST

/* The excess follows from the row that the work per CUMP page is fitted to, and hangs on it one to one; the sequential
 * total, which follows from other rows, does not hang on it at all. */
#ifndef TANDEM_SANITIZED /* minutes there; test_vm_vtpm runs a reproduction sanitized */
START_TEST(a_papers_calibrated_claims_hang_on_what_was_fitted_to_them)
{
    g_auto(Ended) ended = program_run("sensitivity vm-vtpm -q --out %s/out -p cump-page-work", folder);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    g_autoptr(Table) table = read_table("out/vm-vtpm/sensitivity.csv");
    const guint excess = row_of(table, "overhead-from-table", "cump-page-work");
    const guint total = row_of(table, "table-4-sequential-mean", "cump-page-work");

    ck_assert_str_eq(table_text(table, excess, "role"), "derived");
    ck_assert_str_eq(table_text(table, excess, "kind"), "fitted");
    ck_assert_double_eq_tol(table_number(table, excess, "low_percent"), -10, 1); /* the rest of it is re-sent pages */
    ck_assert_double_eq_tol(table_number(table, excess, "high_percent"), 10, 1);
    ck_assert_str_eq(table_text(table, total, "role"), "derived");
    ck_assert_double_eq(table_number(table, total, "low_percent"), 0);
}
END_TEST
#endif

START_TEST(bad_input_is_refused_in_one_line)
{
    g_autofree char *cases = g_strdup_printf("sensitivity %s/cases --seeds 1 -p buffer-leest", folder);
    g_autofree char *empty = g_strdup_printf("sensitivity %s", folder);

    program_expect(2, "sensitivity: \"vm-vtmp\" is no paper and no folder, expected one of vm-vtpm, ",
                   "sensitivity vm-vtmp");
    program_expect(2, "no parameter \"buffer-leest\" in ", cases);
    program_expect(2, "(did you mean \"buffer-least\"?)", cases);
    program_expect(2, "holds no case", empty);
    program_expect(2, "--by 0: expected a percentage above 0 and below 100", "sensitivity vm-vtpm --by 0");
    program_expect(2, "--by 100: expected", "sensitivity vm-vtpm --by 100");
    program_expect(2, "--by ten: expected", "sensitivity vm-vtpm --by ten");
    program_expect(2, "--by nan: expected", "sensitivity vm-vtpm --by nan");
    program_expect(2, "-j -1 --seeds 3: expected", "sensitivity vm-vtpm -j -1 --seeds 3");
    program_expect(2, "-j 0 --seeds 0: expected", "sensitivity vm-vtpm --seeds 0");
    program_expect(2, "/proc/none", "sensitivity vm-vtpm --out /proc/none");
}
END_TEST

START_TEST(figures_are_drawn_from_its_files)
{
    g_autofree char *gnuplot = g_find_program_in_path("gnuplot");
    g_autofree char *text = study("out", TWO);

    if (!gnuplot) /* drawing is tested where it is installed */
        return;
    g_auto(Ended) ended = program_run("plot %s/out", folder);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    for (const char *const *name = (const char *const[]){"heat.png", "heat.svg", "tornado.png", "tornado.svg", NULL};
         *name; name++) {
        g_autofree char *path = g_build_filename(folder, "out/validation", *name, NULL);
        ck_assert_msg(g_file_test(path, G_FILE_TEST_EXISTS), "no %s", path);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("sensitivity");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, changed_worlds_are_those_of_the_changed_values);
    tcase_add_test(tcase, files_are_the_same_whatever_the_number_of_workers);
    tcase_add_test(tcase, every_bar_of_the_tornado_has_a_name);
    tcase_add_test(tcase, the_step_is_asked_for_and_shown);
    tcase_add_test(tcase, a_world_that_cannot_be_run_is_a_row_with_the_reason);
#ifndef TANDEM_SANITIZED
    tcase_add_test(tcase, a_papers_calibrated_claims_hang_on_what_was_fitted_to_them);
#endif
    tcase_add_test(tcase, bad_input_is_refused_in_one_line);
    tcase_add_test(tcase, figures_are_drawn_from_its_files);
    return check_main("verb_sensitivity", tcase, NULL);
}
