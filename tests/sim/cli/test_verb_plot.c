#include "tests/check_main.h"
#include "tests/program.h"

#include <glib/gstdio.h>
#include <string.h>

#define RUN_SCENARIO TANDEM_SOURCE_DIR "/scenarios/papers/vm-vtpm/testbed.json"

static const char sweep_text[] =
    "{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"64MiB\"}],"
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\"}],"
    " \"sweep\": {\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"16MiB\", \"32MiB\", \"64MiB\"]},"
    " {\"pointer\": \"/links/0/bandwidth\", \"from\": \"100Mbps\", \"to\": \"1Gbps\", \"count\": 3}], \"repeats\": 2}}";

static char *folder;

static void
set_up(void)
{
    folder = program_folder();
    program_write(folder, "s.json", sweep_text);
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

static void
make(const char *format)
{
    g_autoptr(GString) words = g_string_new(format);

    g_string_replace(words, "@", folder, 0);
    g_auto(Ended) ended = program_run("%s", words->str);
    ck_assert_msg(ended.status == 0, "tandem %s: %s", words->str, ended.err);
}

/* A PNG by its signature, an SVG that is well-formed, and the script and data that they were drawn from. */
static void
expect_figure(const char *name)
{
    static const char *const endings[] = {".png", ".svg", ".gp", ".csv"};

    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strconcat(name, endings[i], NULL);
        g_autofree char *text = program_read(folder, file);
        ck_assert_uint_gt(strlen(text), 3);
        if (i == 0)
            ck_assert(g_str_has_prefix(text, "\x89PNG"));
        if (i == 1) {
            static const GMarkupParser nothing = {NULL};
            g_autoptr(GMarkupParseContext) parser = g_markup_parse_context_new(&nothing, 0, NULL, NULL);
            ck_assert(g_markup_parse_context_parse(parser, text, -1, NULL));
            ck_assert(g_markup_parse_context_end_parse(parser, NULL));
        }
    }
}

START_TEST(a_run_shows_rounds_steps_and_latencies)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run");
    expect_figure("run/figures/rounds");
    expect_figure("run/figures/time-line");
    expect_figure("run/figures/latency");
}
END_TEST

/* The lecture's three phases: each has its own step and its own rounds, in words of both languages. */
START_TEST(push_stop_and_pull_are_told_apart)
{
    make("run " TANDEM_SOURCE_DIR "/scenarios/examples/qemu.json --out @/run");
    make("plot @/run");
    g_autofree char *steps = program_read(folder, "run/figures/time-line.csv");
    g_autofree char *time_line = program_read(folder, "run/figures/time-line.svg");
    g_autofree char *rounds = program_read(folder, "run/figures/rounds.svg");
    ck_assert_msg(strstr(steps, "\n2,6,63.5"), "%s", steps); /* the pull is a step of its own, the sixth, … */
    ck_assert_msg(strstr(steps, "\n2,7,65."), "%s", steps);  /* … before activation */
    ck_assert(strstr(time_line, ">post-copy<") && strstr(time_line, ">pre-copy<") && strstr(time_line, ">activation<"));
    ck_assert(strstr(rounds, ">post-copy<") && strstr(rounds, ">stop-and-copy<"));
    make("plot @/run --lang zh");
    g_autofree char *chinese = program_read(folder, "run/figures/time-line.svg");
    ck_assert(strstr(chinese, ">后拷贝<") && strstr(chinese, ">预拷贝<"));
}
END_TEST

START_TEST(a_migration_without_pull_has_none_in_the_key)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run");
    g_autofree char *svg = program_read(folder, "run/figures/time-line.svg");
    ck_assert(strstr(svg, ">activation<") && !strstr(svg, ">post-copy<"));
}
END_TEST

/* Drawn as part of a reproduction too, whose next results take its figures away, and no table that they were drawn
 * from.
 */
START_TEST(a_validation_shows_predicted_against_measured)
{
    make("validate " TANDEM_SOURCE_DIR "/tests/data/validation --seeds 1 --out @/papers/validate");
    make("plot @/papers/validate");
    g_autofree char *svg = program_read(folder, "papers/validate/validation.svg");
    g_autofree char *png = program_read(folder, "papers/validate/validation.png");
    ck_assert(strstr(svg, ">measured downtime (ms)<") && g_str_has_prefix(png, "\x89PNG"));

    program_write(folder, "papers/claims.json", "{}");
    make("plot @/papers");
    g_autofree char *drawn = program_read(folder, "papers/figures.json");
    ck_assert(strstr(drawn, "validate/validation.svg") && !strstr(drawn, "validate/validation.csv"));
}
END_TEST

/* One cancelled migration alone: it was not compared, so there is nothing to draw. */
START_TEST(a_validation_without_numbers_is_not_drawn)
{
    g_autofree char *plot = g_strdup_printf("plot %s/validation", folder);
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents(TANDEM_SOURCE_DIR "/tests/data/validation/nonconverge-01.json", &text, NULL, NULL));
    program_write(folder, "case.json", text);
    g_autofree char *scenario = g_build_filename(folder, "s.json", NULL);
    ck_assert_int_eq(g_unlink(scenario), 0);
    make("validate @ --seeds 1 --out @/validation");
    program_expect(2, "nothing to draw, no case has a counter to compare", plot);
}
END_TEST

START_TEST(a_run_shows_card_sessions_and_sockets_over_time)
{
    make("run " TANDEM_SOURCE_DIR "/scenarios/papers/inter-vm-sockets/one-platform.json --out @/run");
    make("plot @/run");
    expect_figure("run/figures/card-rate");
    expect_figure("run/figures/socket-throughput");
    g_autofree char *data = program_read(folder, "run/figures/socket-throughput.csv");
    ck_assert_msg(g_str_has_prefix(data, "series,start_s,value\n1,0,"), "%.60s", data);
    ck_assert_ptr_nonnull(strstr(data, "\n5,0.064,")); /* to-peer, the fifth */
}
END_TEST

/* Median, 99th percentile and worst are lines 1 to 3; pre-copy and the stop are bands 6 and 7. */
START_TEST(a_run_shows_response_times_with_the_migrations_steps_behind)
{
    make("run " TANDEM_SOURCE_DIR "/scenarios/examples/applications.json --out @/run");
    make("plot --lang zh @/run");
    expect_figure("run/figures/response-web");
    expect_figure("run/figures/response-mail");
    g_autofree char *data = program_read(folder, "run/figures/response-web.csv");
    g_autofree char *figure = program_read(folder, "run/figures/response-web.svg");
    ck_assert(strstr(data, "\n1,0,0.0") && strstr(data, "\n2,0,0.0") && strstr(data, "\n3,0,0.0"));
    ck_assert(strstr(data, "\n6,10") && strstr(data, "\n7,"));
    ck_assert(strstr(data, "\n3,40,NaN,")); /* nobody was answered: a gap */
    ck_assert_ptr_nonnull(strstr(figure, "预拷贝"));
}
END_TEST

START_TEST(a_sweep_shows_lines_with_bands_and_a_heat_map)
{
    make("sweep @/s.json --out @/sweep -q");
    make("plot @/sweep");
    expect_figure("sweep/figures/lines-migration.vm.total_s");
    expect_figure("sweep/figures/heat-migration.vm.total_s");
    make("plot @/sweep --metric migration.vm.downtime_s --x links.l.bandwidth_Bps --by guests.vm.memory_bytes --log x");
    expect_figure("sweep/figures/lines-migration.vm.downtime_s");
    g_autofree char *data = program_read(folder, "sweep/figures/lines-migration.vm.downtime_s.csv");
    ck_assert_msg(g_str_has_prefix(data, "line,x,mean,low,high,state,by\n1,100,"), "%s", data);
}
END_TEST

START_TEST(the_drawn_means_are_the_summarys)
{
    make("sweep @/s.json --out @/sweep -q --set /sweep/repeats=1");
    make("plot @/sweep --metric migration.vm.total_s --by links.l.bandwidth_Bps");
    g_autofree char *data = program_read(folder, "sweep/figures/lines-migration.vm.total_s.csv");
    g_autofree char *points = program_read(folder, "sweep/points.csv");
    g_auto(GStrv) lines = g_strsplit(data, "\n", 0), rows = g_strsplit(points, "\n", 0);
    g_auto(GStrv) drawn = g_strsplit(lines[1], ",", 0), names = g_strsplit(rows[0], ",", 0),
                  cells = g_strsplit(rows[1], ",", 0);
    guint metric = 0;

    while (!g_str_equal(names[metric], "migration.vm.total_s"))
        metric++;
    ck_assert_str_eq(drawn[2], cells[metric]);
}
END_TEST

#ifndef TANDEM_SANITIZED /* minutes there; test_vm_vtpm runs a reproduction sanitized */
START_TEST(a_reproductions_figures_are_drawn_with_their_scripts_beside_them)
{
    make("reproduce vm-vtpm --out @/papers -j 2");
    make("plot @/papers");
    g_autofree char *script = program_read(folder, "papers/vm-vtpm/table-4.gp");
    g_autofree char *png = program_read(folder, "papers/vm-vtpm/table-4.png");
    ck_assert(strstr(script, "set datafile separator") && g_str_has_prefix(png, "\x89PNG"));
}
END_TEST
#endif

START_TEST(labels_are_chinese_on_request)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run --lang zh");
    g_autofree char *svg = program_read(folder, "run/figures/rounds.svg");
    ck_assert(strstr(svg, "各轮发送的页数"));
}
END_TEST

START_TEST(a_script_beside_a_figure_draws_it_again)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run");
    g_autofree char *before = program_read(folder, "run/figures/rounds.svg");
    g_autofree char *line =
        g_strdup_printf("sh -c \"cd %s/run/figures && rm rounds.svg && gnuplot -e \\\"format='svg'\\\" "
                        "rounds.gp\"",
                        folder);
    int status = 1;
    ck_assert(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL) && status == 0);
    g_autofree char *after = program_read(folder, "run/figures/rounds.svg");
    ck_assert_str_eq(before, after);
}
END_TEST

/* By the program and by the script beside it, which a reader is told to run. */
START_TEST(a_figure_for_a_paper_is_a_pdf)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run --format pdf");
    g_autofree char *pdf = program_read(folder, "run/figures/rounds.pdf");
    g_autofree char *line = g_strdup_printf("sh -c \"cd %s/run/figures && gnuplot -e \\\"format='pdf'\\\" "
                                            "time-line.gp; gnuplot -e \\\"format='pfd'\\\" rounds.gp\"",
                                            folder);
    int status = 0;
    ck_assert(g_str_has_prefix(pdf, "%PDF"));
    ck_assert(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL) && status != 0); /* no such format */
    g_autofree char *again = program_read(folder, "run/figures/time-line.pdf");
    ck_assert(g_str_has_prefix(again, "%PDF"));
}
END_TEST

/* The 24th byte of a PNG ends its height. */
static guint
height_of(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *png = NULL;
    gsize length;

    ck_assert(g_file_get_contents(path, &png, &length, NULL) && length > 24);
    return (guint)(guint8)png[22] << 8 | (guint8)png[23];
}

/* In a PNG their lines are higher than in an SVG, and the axis's name lay on the key: 30 pixels for the axes, 4 for
 * each of the key's lines, of which there is one. */
START_TEST(a_picture_has_room_for_chinese_letters)
{
    make("run " RUN_SCENARIO " --out @/run");
    make("plot @/run --format png");
    const guint english = height_of("run/figures/rounds.png");
    make("plot @/run --format png --lang zh");
    ck_assert_uint_eq(height_of("run/figures/rounds.png"), english + 30 + 4);
}
END_TEST

/* fontconfig's list of Chinese fonts is made empty. */
START_TEST(without_chinese_letters_a_figure_is_english_and_the_package_is_named)
{
    g_autofree char *list = g_build_filename(folder, "fc-list", NULL);
    g_autofree char *path = g_strdup_printf("%s:%s", folder, g_getenv("PATH"));
    g_autofree char *plot = g_strdup_printf("plot %s/run --lang zh", folder);

    make("run " RUN_SCENARIO " --out @/run");
    program_write(folder, "fc-list", "#!/bin/sh\n[ $# -gt 0 ] || echo a font\n");
    ck_assert_int_eq(g_chmod(list, 0755), 0);
    g_setenv("PATH", path, TRUE);
    program_expect(0, "no font here has Chinese letters, drawn in English instead (Debian: fonts-noto-cjk)", plot);
    g_autofree char *svg = program_read(folder, "run/figures/rounds.svg");
    ck_assert(strstr(svg, "of\u00a0each\u00a0round"));
    g_autofree char *figures = g_build_filename(folder, "run", "figures", NULL);
    program_remove(figures);
    program_write(folder, "fc-list", "#!/bin/sh\n");
    ck_assert_int_eq(g_chmod(list, 0755), 0);
    program_expect(3, "no font is here, and figures would have no letters (Debian: fonts-dejavu-core)", plot);
    ck_assert(!g_file_test(figures, G_FILE_TEST_EXISTS));
}
END_TEST

/* What would be ignored is refused; --by alone leaves another parameter to x. */
START_TEST(axes_that_would_not_be_heard_are_refused)
{
    static const char *const rows[][2] = {
        {"sweep --x links.l.bandwidth_Bps --by links.l.bandwidth_Bps",
         "--by \"links.l.bandwidth_Bps\": is the parameter along x already, expected another one"},
        {"one --by description",
         "--by \"description\": is the sweep's only parameter, which is along x, expected no --by"},
        {"one --log x", "--log x: description has words, expected numbers above 0"},
        {"zero --log xy", "--log x: links.l.latency_s has values that are not above 0, expected numbers above 0"},
        {"zero --metric migration.vm.vm.pull_s --log y",
         "--log y: migration.vm.vm.pull_s has values that are not above 0, expected numbers above 0"},
    };
    static const char axis[] = "sweep @/s.json --out @/%s -q --set /sweep/axes=[{\\\"pointer\\\":\\\"%s\\\",%s}]";
    g_autofree char *one = g_strdup_printf(axis, "one", "/description", "\\\"values\\\":[\\\"a\\\",\\\"b\\\"]");
    g_autofree char *zero =
        g_strdup_printf(axis, "zero", "/links/0/latency", "\\\"values\\\":[\\\"0s\\\",\\\"1ms\\\"]");

    make("sweep @/s.json --out @/sweep -q");
    make(one);
    make(zero);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = g_strdup_printf("plot %s/%s", folder, rows[i][0]);
        program_expect(2, rows[i][1], words);
    }
    make("plot @/sweep --by guests.vm.memory_bytes --format svg");
    g_autofree char *data = program_read(folder, "sweep/figures/lines-migration.vm.total_s.csv");
    ck_assert_msg(g_str_has_prefix(data, "line,x,mean,low,high,state,by\n1,100,"), "%s", data);
}
END_TEST

START_TEST(what_cannot_be_drawn_is_said)
{
    g_autofree char *here = g_strdup_printf("plot %s", folder);
    g_autofree char *metric = g_strdup_printf("plot %s/sweep --metric migration.vm.totla_s", folder);
    g_autofree char *x = g_strdup_printf("plot %s/sweep --x memory", folder);
    g_autofree char *again = g_strdup_printf("plot %s/sweep", folder);

    program_expect(2, "nothing to draw, expected a folder of run --out, sweep, reproduce, sensitivity or validate",
                   here);
    program_expect(2, "expected one", "plot");
    program_expect(2, "--lang fr: expected en or zh", "plot x --lang fr");
    program_expect(2, "--format jpg: expected png, svg or pdf", "plot x --format jpg");
    program_expect(2, "--log z: expected x, y, xy or none", "plot x --log z");
    make("sweep @/s.json --out @/sweep -q");
    program_expect(2, "(did you mean \"migration.vm.total_s\"?)", metric);
    program_expect(2, "no parameter \"memory\", expected one of guests.vm.memory_bytes, links.l.bandwidth_Bps", x);
    g_setenv("PATH", "/nonexistent", TRUE);
    program_expect(3, "gnuplot is not installed", again);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("plot");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_run_shows_rounds_steps_and_latencies);
    tcase_add_test(tcase, push_stop_and_pull_are_told_apart);
    tcase_add_test(tcase, a_migration_without_pull_has_none_in_the_key);
    tcase_add_test(tcase, a_validation_shows_predicted_against_measured);
    tcase_add_test(tcase, a_validation_without_numbers_is_not_drawn);
    tcase_add_test(tcase, a_run_shows_card_sessions_and_sockets_over_time);
    tcase_add_test(tcase, a_run_shows_response_times_with_the_migrations_steps_behind);
    tcase_add_test(tcase, a_sweep_shows_lines_with_bands_and_a_heat_map);
    tcase_add_test(tcase, the_drawn_means_are_the_summarys);
#ifndef TANDEM_SANITIZED
    tcase_add_test(tcase, a_reproductions_figures_are_drawn_with_their_scripts_beside_them);
#endif
    tcase_add_test(tcase, labels_are_chinese_on_request);
    tcase_add_test(tcase, a_script_beside_a_figure_draws_it_again);
    tcase_add_test(tcase, a_figure_for_a_paper_is_a_pdf);
    tcase_add_test(tcase, a_picture_has_room_for_chinese_letters);
    tcase_add_test(tcase, without_chinese_letters_a_figure_is_english_and_the_package_is_named);
    tcase_add_test(tcase, axes_that_would_not_be_heard_are_refused);
    tcase_add_test(tcase, what_cannot_be_drawn_is_said);
    return check_main("verb_plot", tcase, NULL);
}
