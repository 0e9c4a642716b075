#include "sim/figures/sweep_figure.h"
#include "tests/check_main.h"
#include "tests/sim/figures/plots.h"

#define FIRST   TANDEM_SOURCE_DIR "/scenarios/examples/first-migration.json"
#define FIGURES "sweep/figures/"
#define LINES   FIGURES "lines-migration.web.total_s"
#define HEAT    FIGURES "heat-migration.web.total_s"

/* axes: of first-migration's sweep. */
static void
sweep(const char *axes)
{
    g_autofree char *words =
        g_strdup_printf("sweep " FIRST " --out @/sweep -q --set '/guests/0/memory=16MiB' "
                        "--set '/guests/0/workload/working_set=8MiB' --set '/sweep={\"axes\":[%s]}'",
                        axes);

    plots_make(words);
}

/* n rates in no order, zipped to bandwidths: as a sampler writes them. */
static char *
sampled_axes(guint n)
{
    g_autoptr(GString) rates = g_string_new(NULL);
    g_autoptr(GString) bandwidths = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        g_string_append_printf(rates, "%s\"%u/s\"", i > 0 ? "," : "", 100 + i * 37 % n);
        g_string_append_printf(bandwidths, "%s\"%uMbps\"", i > 0 ? "," : "", 1000 - i);
    }
    return g_strdup_printf("{\"zip\":[{\"pointer\":\"/guests/0/workload/rate\",\"values\":[%s]},"
                           "{\"pointer\":\"/links/0/bandwidth\",\"values\":[%s]}]}",
                           rates->str, bandwidths->str);
}

START_TEST(a_sampled_sweep_shows_every_point)
{
    g_autofree char *axes = sampled_axes(50);

    sweep(axes);
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(LINES ".csv", "\n1,"), 50);
    ck_assert_uint_eq(plots_count_in(LINES ".gp", "joined = 0\n"), 1);
    ck_assert(plots_shows(LINES ".svg", ">links.lan.bandwidth (Mbit/s)<")); /* along the colours */
    g_autofree char *heat = g_build_filename(plots_folder, HEAT ".svg", NULL);
    ck_assert(!g_file_test(heat, G_FILE_TEST_EXISTS)); /* a diagonal says nothing */
}
END_TEST

START_TEST(twelve_lines_are_twelve_lines)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"500Mbps\",\"1Gbps\",\"2Gbps\"]},"
          "{\"pointer\":\"/guests/0/workload/rate\",\"from\":\"1k/s\",\"to\":\"12k/s\",\"count\":12}");
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(LINES ".csv", "\n12,"), 3);
    ck_assert(plots_shows(LINES ".svg", ">12000<"));
    ck_assert(plots_shows(HEAT ".svg", ">8000<"));  /* not 8e+03 */
    ck_assert(!plots_shows(HEAT ".svg", "<image")); /* which is blurred */
}
END_TEST

START_TEST(twenty_lines_have_the_colours_of_a_scale)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"500Mbps\",\"1Gbps\"]},"
          "{\"pointer\":\"/guests/0/workload/rate\",\"from\":\"1k/s\",\"to\":\"20k/s\",\"count\":20}");
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(LINES ".csv", "\n20,"), 2);
    ck_assert_uint_eq(plots_count_in(LINES ".gp", "many = 1\n"), 1);
    ck_assert(plots_shows(LINES ".svg", ">guests.web.workload.rate (1/s)<"));
}
END_TEST

/* What is zipped to x is drawn whole; only the other axis is held, and the figure says at what. */
START_TEST(an_axis_that_is_held_is_named)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"1Gbps\",\"2Gbps\"]},"
          "{\"zip\":[{\"pointer\":\"/guests/0/workload/rate\",\"values\":[\"100/s\",\"200/s\"]},"
          "{\"pointer\":\"/guests/0/vcpus\",\"values\":[1,2]}]},"
          "{\"pointer\":\"/timeline/0/at\",\"values\":[\"5s\",\"6s\"]}");
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(LINES ".csv", "\n2,"), 2);
    ck_assert(plots_shows(LINES ".svg", ">200, 2<")); /* the second line's name */
    ck_assert(plots_shows(LINES ".svg", "at timeline.0.at (s) = 5"));
}
END_TEST

START_TEST(a_sweep_that_multiplies_is_drawn_logarithmic_unless_told_otherwise)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"from\":\"100Mbps\",\"to\":\"10Gbps\",\"count\":3,"
          "\"scale\":\"logarithmic\"}");
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(LINES ".gp", "log_x = 1\n"), 1);
    plots_make("plot @/sweep --log none");
    ck_assert_uint_eq(plots_count_in(LINES ".gp", "log_x = 0\n"), 1);
}
END_TEST

/* Of three points none, some and all runs completed; what is not a number has no axis that begins below zero. */
START_TEST(points_whose_runs_did_not_complete_are_hollow_and_named)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"1Gbps\",\"2Gbps\",\"4Gbps\"]}");
    program_write(plots_folder, "sweep/summary.csv",
                  "point,links.lan.bandwidth_Bps,runs,ok,migration.web.completed.share,migration.web.total_s.mean,"
                  "migration.web.total_s.ci95_low,migration.web.total_s.ci95_high\n"
                  "1,125000000,4,4,0,,,\n2,250000000,4,4,0.5,20,19,21\n3,500000000,4,4,1,10,9,11\n");
    plots_make("plot @/sweep");
    g_autofree char *data = program_read(plots_folder, LINES ".csv");
    ck_assert_msg(strstr(data, "\n1,1000,nan,nan,nan,2,") && strstr(data, "\n1,2000,20,19,21,1,") &&
                      strstr(data, "\n1,4000,10,9,11,0,"),
                  "%s", data);
    ck_assert(plots_shows(LINES ".svg", ">did not complete<"));
    ck_assert(plots_shows(LINES ".svg", ">not all runs completed<"));
    ck_assert(plots_shows(LINES ".svg", "mean of 4 runs"));
}
END_TEST

START_TEST(a_sweep_of_which_nothing_completed_is_drawn_and_says_so)
{
    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"1Gbps\",\"2Gbps\"]}");
    program_write(plots_folder, "sweep/summary.csv",
                  "point,links.lan.bandwidth_Bps,runs,ok,migration.web.completed.share,migration.web.total_s.mean,"
                  "migration.web.total_s.ci95_low,migration.web.total_s.ci95_high\n"
                  "1,125000000,1,1,0,,,\n2,250000000,1,1,0,,,\n");
    plots_make("plot @/sweep");
    ck_assert(plots_shows(LINES ".svg", ">did not complete<"));
}
END_TEST

START_TEST(a_heat_map_marks_what_did_not_complete)
{
    g_autoptr(GString) csv = g_string_new(
        "point,links.lan.bandwidth_Bps,guests.web.workload.rate_per_s,runs,ok,migration.web.completed.share,"
        "migration.web.total_s.mean,migration.web.total_s.ci95_low,migration.web.total_s.ci95_high\n");

    sweep("{\"pointer\":\"/links/0/bandwidth\",\"values\":[\"1Gbps\",\"2Gbps\",\"4Gbps\"]},"
          "{\"pointer\":\"/guests/0/workload/rate\",\"values\":[\"100/s\",\"200/s\",\"300/s\"]}");
    for (guint i = 0; i < 9; i++)
        g_string_append_printf(csv, "%u,%u,%u,2,2,%s,%s,,\n", i + 1, 125000000 * (1 << (i / 3)), 100 * (i % 3 + 1),
                               i == 0   ? "0"
                               : i == 1 ? "0.5"
                                        : "1",
                               i == 0 ? "" : "12.5");
    program_write(plots_folder, "sweep/summary.csv", csv->str);
    plots_make("plot @/sweep");
    ck_assert_uint_eq(plots_count_in(HEAT ".csv", "\n0,0,nan,×,2\n0,1,12.5,(12.5),1\n"), 1);
    ck_assert(plots_shows(HEAT ".svg", "×: did not complete"));
    ck_assert(plots_shows(HEAT ".svg", "(…): not all runs completed"));
}
END_TEST

/* The texts along the axis: gnuplot takes "_" and "^" for low and high letters, and leaves out "{" and "&". */
START_TEST(words_along_the_axis_are_drawn_as_they_are)
{
    sweep("{\"pointer\":\"/description\",\"values\":[\"1\",\"2\",\"3\",\"4\"],"
          "\"labels\":[\"stop_and_copy\",\"x^2\",\"{c}\",\"Q&A\"]}");
    plots_make("plot @/sweep --format svg");
    ck_assert(plots_shows(LINES ".svg", ">stop_and_copy<"));
    ck_assert(plots_shows(LINES ".svg", ">x^2<"));
    ck_assert(plots_shows(LINES ".svg", ">{c}<"));
    ck_assert(plots_shows(LINES ".svg", ">Q&amp;A<"));
}
END_TEST

/* gnuplot takes bounds that are not known for zero, and drew a bar there. */
START_TEST(a_point_of_one_run_has_no_bar)
{
    sweep("{\"pointer\":\"/description\",\"values\":[\"1\",\"2\"],\"labels\":[\"one\",\"two\"]}");
    plots_make("plot @/sweep --format svg");
    g_autofree char *svg = program_read(plots_folder, LINES ".svg");
    g_auto(GStrv) before = g_strsplit(svg, "id=\"gnuplot_plot_1\"", 2);
    ck_assert_uint_eq(g_strv_length(before), 2);
    g_auto(GStrv) bars = g_strsplit(before[1], "id=\"gnuplot_plot_2\"", 2);
    ck_assert_uint_eq(g_strv_length(bars), 2);
    ck_assert_ptr_null(strstr(bars[0], "<path"));
}
END_TEST

/* Sixty words along x, of which every third has its name: the second one's may be of any length. */
static char *
height_with(const char *second)
{
    g_autoptr(GString) labels = g_string_new(NULL), values = g_string_new(NULL);

    for (guint i = 0; i < 60; i++) {
        g_string_append_printf(values, "%s\"%u\"", i ? "," : "", i);
        g_string_append_printf(labels, "%s\"%s%u\"", i ? "," : "", i == 1 ? second : "n", i);
    }
    g_autofree char *text = g_strdup_printf(
        "{\"name\":\"s\",\"hosts\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"links\":[{\"name\":\"l\",\"ends\":[\"a\",\"b\"]}],"
        "\"guests\":[{\"name\":\"vm\",\"host\":\"a\",\"memory\":\"1MiB\"}],\"timeline\":[{\"at\":\"1s\",\"do\":\"migrate\","
        "\"vm\":\"vm\",\"to\":\"b\"}],\"sweep\":{\"axes\":[{\"pointer\":\"/title\",\"values\":[%s],\"labels\":[%s]}]}}",
        values->str, labels->str);
    program_write(plots_folder, "words.json", text);
    plots_make("sweep @/words.json --out @/words -q");
    plots_make("plot @/words --format svg");
    g_autofree char *svg = program_read(plots_folder, "words/figures/lines-migration.vm.total_s.svg");
    g_autofree char *words = g_build_filename(plots_folder, "words", NULL);
    program_remove(words);
    const char *box = strstr(svg, "viewBox=\"");
    return g_strndup(box, strcspn(box, ">"));
}

START_TEST(a_name_that_is_not_shown_needs_no_room)
{
    g_autofree char *brief = height_with("n"), *lengthy = height_with("a name of many letters that nobody sees ");

    ck_assert_str_eq(brief, lengthy);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("sweep_figure");

    tcase_add_checked_fixture(tcase, plots_set_up, plots_tear_down);
    tcase_add_test(tcase, a_sampled_sweep_shows_every_point);
    tcase_add_test(tcase, twelve_lines_are_twelve_lines);
    tcase_add_test(tcase, twenty_lines_have_the_colours_of_a_scale);
    tcase_add_test(tcase, an_axis_that_is_held_is_named);
    tcase_add_test(tcase, a_sweep_that_multiplies_is_drawn_logarithmic_unless_told_otherwise);
    tcase_add_test(tcase, points_whose_runs_did_not_complete_are_hollow_and_named);
    tcase_add_test(tcase, a_sweep_of_which_nothing_completed_is_drawn_and_says_so);
    tcase_add_test(tcase, a_heat_map_marks_what_did_not_complete);
    tcase_add_test(tcase, words_along_the_axis_are_drawn_as_they_are);
    tcase_add_test(tcase, a_point_of_one_run_has_no_bar);
    tcase_add_test(tcase, a_name_that_is_not_shown_needs_no_room);
    return check_main("sweep_figure", tcase, NULL);
}
