/* The figure of a maintenance window has what summary.csv and points.csv say, and says what it leaves out. */
#include "tests/check_main.h"
#include "tests/sim/figures/plots.h"

#define FIRST  TANDEM_SOURCE_DIR "/scenarios/examples/first-migration.json"
#define WINDOW "sweep/figures/window-left"

/* The VM of first-migration leaves host left, which takes some 18 s; two loads and two orders. */
static void
sweep(const char *deadline)
{
    g_autofree char *words = g_strdup_printf(
        "sweep " FIRST " --out @/sweep -q --set '/guests/0/memory=16MiB' --set '/guests/0/workload/working_set=8MiB' "
        "--set '/timeline/0={\"at\":\"0s\",\"do\":\"evacuate\",\"host\":\"left\"%s}' "
        "--set '/sweep={\"axes\":[{\"pointer\":\"/guests/0/workload/rate\",\"values\":[\"100/s\",\"200/s\"]},"
        "{\"pointer\":\"/timeline/0/order\",\"values\":[\"listed\",\"drawn\"]}],\"repeats\":3}'",
        deadline);

    plots_make(words);
}

START_TEST(a_window_shows_share_duration_and_downtime_of_every_point)
{
    sweep(",\"deadline\":\"300s\"");
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(WINDOW ".csv", "\n1,"), 2);
    ck_assert_uint_eq(plots_count_in(WINDOW ".csv", "\n2,"), 2);
    /* three of three in time: 1 / (1 + 1.96^2 / 3) = 0.4385 at least */
    ck_assert_uint_eq(plots_count_in(WINDOW ".csv", ",1,0.4385"), 4);
    ck_assert(plots_shows(WINDOW ".svg", ">Evacuation within a window: left, 5 min<"));
    ck_assert(plots_shows(WINDOW ".svg", ">3 runs of each point; share: 95 % Wilson interval<"));
    ck_assert(plots_shows(WINDOW ".svg", ">drawn<"));
    ck_assert(!plots_shows(WINDOW ".svg", "hollow"));
    ck_assert(!plots_shows(WINDOW ".svg", "no run emptied"));
}
END_TEST

START_TEST(runs_that_did_not_empty_the_host_are_said)
{
    sweep(",\"deadline\":\"300s\"");
    g_autofree char *points = program_read(plots_folder, "sweep/points.csv");
    g_autoptr(GString) some = g_string_new(points);
    g_auto(GStrv) header = g_strsplit(points, "\n", 2);
    g_auto(GStrv) names = g_strsplit(header[0], ",", 0);
    guint duration = 0;

    while (!g_str_equal(names[duration], "evacuation.left.duration_s"))
        duration++;
    g_string_truncate(some, 0);
    g_auto(GStrv) lines = g_strsplit(points, "\n", 0);
    for (guint i = 0; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", 0);
        /* of the first point one run, of the second none has emptied the host */
        if (g_str_has_prefix(lines[i], "1,1,") || g_str_has_prefix(lines[i], "2,"))
            *cells[duration] = '\0';
        g_autofree char *line = g_strjoinv(",", cells);
        g_string_append_printf(some, "%s\n", line);
    }
    program_write(plots_folder, "sweep/points.csv", some->str);
    plots_make("plot @/sweep");
    ck_assert(plots_shows(WINDOW ".svg", "hollow: only of the runs that emptied the host"));
    ck_assert(plots_shows(WINDOW ".svg", "ring on the axis: no run emptied the host"));
    ck_assert_uint_eq(plots_count_in(WINDOW ".csv", ",1\n"), 1);
    ck_assert_uint_eq(plots_count_in(WINDOW ".csv", ",2\n"), 1);
}
END_TEST

START_TEST(without_a_deadline_there_is_no_window)
{
    sweep("");
    plots_make("plot @/sweep");
    g_autofree char *path = g_build_filename(plots_folder, WINDOW ".csv", NULL);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("window_figure");

    tcase_add_checked_fixture(tcase, plots_set_up, plots_tear_down);
    tcase_add_test(tcase, a_window_shows_share_duration_and_downtime_of_every_point);
    tcase_add_test(tcase, runs_that_did_not_empty_the_host_are_said);
    tcase_add_test(tcase, without_a_deadline_there_is_no_window);
    return check_main("window_figure", tcase, NULL);
}
