/* The folder of a command's results: one command's at a time, of one command only, and enough to do it again. */
#include "sim/output/drawn.h"
#include "sim/output/folder.h"
#include "sim/output/run_log.h"

#include "tests/check_main.h"
#include "tests/program.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#define EXAMPLES TANDEM_SOURCE_DIR "/scenarios/examples/"

static char *work;

static void
set_up(void)
{
    work = program_folder();
}

static void
tear_down(void)
{
    program_remove(work);
    g_clear_pointer(&work, g_free);
}

static gboolean
is_there(const char *name)
{
    g_autofree char *path = g_build_filename(work, "out", name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
run(const char *words, int status)
{
    g_auto(Ended) ended = program_run("%s --out %s/out", words, work);

    ck_assert_msg(ended.status == status, "%s: status %d: %s", words, ended.status, ended.err);
}

/* Of two runs into one folder the second one's files are there, and what somebody else put there. */
START_TEST(an_earlier_run_goes_whole)
{
    run("run " EXAMPLES "sockets.json", 0);
    ck_assert(is_there("sockets.csv") && is_there("socket-paths.csv"));
    program_write(work, "out/notes.txt", "mine");
    run("run " EXAMPLES "first-migration.json", 0);
    ck_assert(!is_there("sockets.csv") && !is_there("socket-paths.csv"));
    ck_assert(is_there("rounds.csv") && is_there("notes.txt"));
}
END_TEST

/* Somebody else's file has the name of one that would be written: nothing is, whether it was found before the run or
 * after it. */
START_TEST(a_file_of_somebody_else_is_not_replaced)
{
    static const char *const names[] = {"result.json", "rounds.csv", "run.log"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(work, "out", NULL), *name = g_build_filename("out", names[i], NULL);
        g_autofree char *text =
            g_strdup_printf("%s: is there and no run.log says that tandem wrote it, expected another --out\n", name);
        g_autofree char *words =
            g_strdup_printf("run " EXAMPLES "first-migration.json --out %s --trace %s/t.json", path, work);
        ck_assert_int_eq(g_mkdir(path, 0777), 0);
        program_write(work, name, "mine\n");
        program_expect(2, text, words);
        g_autofree char *after = program_read(work, name);
        ck_assert_str_eq(after, "mine\n");
        ck_assert_int_eq(is_there("result.json") + is_there("rounds.csv") + is_there("run.log"), 1);
        g_autofree char *trace = g_build_filename(work, "t.json", NULL);
        ck_assert(!g_file_test(trace, G_FILE_TEST_EXISTS));
        program_remove(path);
    }
}
END_TEST

/* A log of one run is no word about the file that somebody put there since. */
START_TEST(a_log_speaks_of_its_own_files_only)
{
    run("run " EXAMPLES "first-migration.json", 0);
    ck_assert(!is_there("sockets.csv"));
    program_write(work, "out/sockets.csv", "mine\n");
    run("run " EXAMPLES "sockets.json", 2);
    g_autofree char *after = program_read(work, "out/sockets.csv");
    ck_assert_str_eq(after, "mine\n");
    run("run " EXAMPLES "first-migration.json --seed 2", 0);
}
END_TEST

/* The other verbs that write into a folder, before they run for long. */
START_TEST(no_verb_replaces_a_file_of_somebody_else)
{
    static const char *const rows[][2] = {
        {"claims.json", "reproduce vm-vtpm"},
        {"validation.csv", "validate " TANDEM_SOURCE_DIR "/tests/data/validation --seeds 1"},
        {"run.log", "sensitivity vm-vtpm"},
        {"points.csv", "sweep " EXAMPLES "workloads.json"},
    };
    g_autofree char *path = g_build_filename(work, "out", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *name = g_build_filename("out", rows[i][0], NULL);
        ck_assert_int_eq(g_mkdir(path, 0777), 0);
        program_write(work, name, "mine\n");
        run(rows[i][1], 2);
        g_autofree char *after = program_read(work, name);
        ck_assert_str_eq(after, "mine\n");
        program_remove(path);
    }
}
END_TEST

/* What was made for results that did not come, with the folders around it. */
START_TEST(a_folder_of_no_results_goes_again)
{
    static const char *const failing[] = {
        "run " EXAMPLES "first-migration.json --trace /nowhere/t",
        "sensitivity /nowhere",
        "validate " TANDEM_SOURCE_DIR "/tests/data/validation --set /nowhere=1 --seeds 1",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(failing); i++) {
        g_autofree char *around = g_build_filename(work, "a", NULL);
        g_auto(Ended) ended = program_run("%s --out %s/b/c", failing[i], around);
        ck_assert_msg(ended.status == 2, "%s: status %d: %s", failing[i], ended.status, ended.err);
        ck_assert_msg(!g_file_test(around, G_FILE_TEST_EXISTS), "%s: left its folder", failing[i]);
        ck_assert_int_eq(g_mkdir(around, 0777), 0);
        g_auto(Ended) again = program_run("%s --out %s", failing[i], around);
        ck_assert_msg(g_file_test(around, G_FILE_TEST_IS_DIR), "%s: took somebody else's folder", failing[i]);
        ck_assert_int_eq(g_rmdir(around), 0);
    }
}
END_TEST

/* A name in a log that was tampered with leads nowhere else. */
START_TEST(nothing_outside_goes)
{
    g_autofree char *outside = g_build_filename(work, "precious.csv", NULL);

    run("run " EXAMPLES "first-migration.json", 0);
    program_write(work, "precious.csv", "mine");
    g_autofree char *log = program_read(work, "out/run.log");
    g_autofree char *more = g_strconcat(log, "wrote 0 ../precious.csv\nwrote 0 ", outside, "\nwrote 0 .\n", NULL);
    program_write(work, "out/run.log", more);
    run("run " EXAMPLES "first-migration.json", 0);
    ck_assert(g_file_test(outside, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(two_at_once_do_not_mix)
{
    run("run " EXAMPLES "first-migration.json", 0);
    g_autofree char *before = program_read(work, "out/result.json"), *path = g_build_filename(work, "out", NULL);
    const int other = open(path, O_RDONLY | O_DIRECTORY);

    ck_assert_int_eq(flock(other, LOCK_EX | LOCK_NB), 0);
    g_auto(Ended) ended = program_run("run " EXAMPLES "first-migration.json --seed 9 --out %s", path);
    ck_assert_int_eq(ended.status, 2);
    ck_assert_ptr_nonnull(strstr(ended.err, "another tandem is at work in this folder"));
    close(other);
    g_autofree char *after = program_read(work, "out/result.json");
    ck_assert_str_eq(before, after);
    run("run " EXAMPLES "first-migration.json --seed 9", 0);
}
END_TEST

START_TEST(a_sweeps_folder_is_refused)
{
    g_autofree char *path = g_build_filename(work, "out", NULL);

    ck_assert_int_eq(g_mkdir(path, 0777), 0);
    program_write(work, "out/manifest.json", "{\"kind\":\"sweep\"}");
    run("run " EXAMPLES "first-migration.json", 2);
    ck_assert(!is_there("result.json") && !is_there("run.log"));
}
END_TEST

START_TEST(a_stream_is_no_folder)
{
    program_expect(2, "stands for a stream, expected the name of a folder",
                   "run " EXAMPLES "first-migration.json --out -");
    program_expect(2, "stands for a stream, expected the name of a file",
                   "run " EXAMPLES "first-migration.json --trace -");
}
END_TEST

/* Every example, from its result.json: the same bytes. */
START_TEST(a_result_runs_again)
{
    static const char *const names[] = {"first-migration.json", "workloads.json", "sockets.json", "joint.json"};
    g_autofree char *again = g_build_filename(work, "again", NULL);

    g_autofree char *words = g_strdup_printf("run " EXAMPLES "%s --seed 7", names[_i]);

    run(words, 0);
    g_auto(Ended) ended = program_run("run %s/out/result.json --out %s", work, again);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    g_autofree char *first = program_read(work, "out/result.json"), *second = program_read(again, "result.json");
    ck_assert_str_eq(first, second);
}
END_TEST

/* The command, what it read and wrote; whoever changes a file of it is found out. */
START_TEST(the_log_says_what_was_done)
{
    run("run " EXAMPLES "first-migration.json --set '/title=a b'", 0);
    g_autofree char *path = g_build_filename(work, "out", NULL);
    g_autofree char *command = run_log_said(path, "command"), *log = program_read(work, "out/run.log");
    g_autofree char *expected =
        g_strdup_printf("tandem run " EXAMPLES "first-migration.json --set '/title=a b' --out %s", path);

    ck_assert_str_eq(command, expected);
    g_autofree char *text = NULL;
    gsize length;
    ck_assert(g_file_get_contents(EXAMPLES "first-migration.json", &text, &length, NULL));
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, (gssize)length);
    g_autofree char *line = g_strdup_printf("read %s " EXAMPLES "first-migration.json\n", digest);
    ck_assert_ptr_nonnull(strstr(log, line));
    ck_assert_ptr_nonnull(strstr(log, "configs/hypervisors/xen-4.5.json\n"));
    ck_assert(run_log_has(path, "rounds.csv"));
    program_write(work, "out/rounds.csv", "migration\n");
    ck_assert(!run_log_has(path, "rounds.csv") && !run_log_has(path, "no.csv"));
}
END_TEST

/* A line's end in an argument: the log keeps its lines, and a shell reads the command back. */
START_TEST(the_command_has_every_character)
{
    run("run " EXAMPLES "first-migration.json --set '/description=a\nb\033[1m it'\\''s \\ c'", 0);
    g_autofree char *path = g_build_filename(work, "out", NULL);
    g_autofree char *before = program_read(work, "out/result.json"), *command = run_log_said(path, "command");

    ck_assert_msg(strstr(command, "--set $'/description=a\\012b\\033[1m it\\'s \\\\ c'") != NULL, "%s", command);
    /* as bash reads it */
    g_autofree char *said = NULL;
    g_autofree char *words = g_strdup_printf("set -- %s; printf %%s \"$5\"", command);
    const char *const bash[] = {"bash", "-c", words, NULL};
    ck_assert(g_spawn_sync(NULL, (char **)bash, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, NULL, NULL));
    ck_assert_str_eq(said, "/description=a\nb\033[1m it's \\ c");
    ck_assert_ptr_nonnull(strstr(before, "a\\nb"));
}
END_TEST

/* What the report calls "how to repeat it" is the command, and it gives the same files. */
START_TEST(a_report_has_the_command_and_what_was_read)
{
    run("run " EXAMPLES "first-migration.json --seed 5 --set '/title=a b'", 0);
    g_autofree char *before = program_read(work, "out/result.json");
    g_auto(Ended) ended = program_run("report %s/out", work);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    g_autofree char *html = program_read(work, "out/report.html"), *path = g_build_filename(work, "out", NULL);
    g_autofree char *command = run_log_said(path, "command"), *shown = g_markup_escape_text(command, -1);
    ck_assert_ptr_nonnull(strstr(html, shown));
    ck_assert_ptr_nonnull(strstr(html, EXAMPLES "first-migration.json</td><td>"));
    g_auto(Ended) again = program_run("%s", command + strlen("tandem "));
    ck_assert_int_eq(again.status, 0);
    g_autofree char *after = program_read(work, "out/result.json");
    ck_assert_str_eq(before, after);
}
END_TEST

static void
plot(const char *options, int status)
{
    g_auto(Ended) ended = program_run("plot %s/out %s", work, options);

    ck_assert_msg(ended.status == status, "plot %s: status %d: %s", options, ended.status, ended.err);
}

static char *
reported(const char *options)
{
    g_auto(Ended) ended = program_run("report %s/out %s", work, options);

    ck_assert_msg(ended.status == 0, "%s", ended.err);
    return program_read(work, "out/report.html");
}

/* A report shows the figures of its results, and says which others it leaves out. */
START_TEST(a_report_takes_in_no_other_runs_figures)
{
    run("run " EXAMPLES "first-migration.json", 0);
    plot("", 0);
    g_autofree char *first = reported("");
    ck_assert_ptr_nonnull(strstr(first, "<figcaption>rounds</figcaption>"));
    ck_assert_ptr_null(strstr(first, "not shown"));

    ck_assert_ptr_null(strstr(first, "id=\"doubt\""));

    g_autofree char *other_language = reported("--lang zh");
    ck_assert_ptr_nonnull(strstr(other_language, "<figcaption>rounds</figcaption>"));
    ck_assert_ptr_nonnull(strstr(other_language, "<li>figures/rounds.svg: "));

    g_autofree char *rounds = program_read(work, "out/rounds.csv"), *more = g_strconcat(rounds, "\n", NULL);
    program_write(work, "out/rounds.csv", more);
    program_write(work, "out/figures/mine.svg", "<svg/>");
    g_autofree char *result = program_read(work, "out/result.json"), *edited = g_strconcat(result, "\n", NULL);
    program_write(work, "out/result.json", edited);
    g_autofree char *stale = reported("");
    ck_assert_ptr_nonnull(strstr(stale, "id=\"doubt\">result.json: not as run.log says"));
    ck_assert_ptr_null(strstr(stale, "<figure>"));
    ck_assert_ptr_nonnull(strstr(stale, "<li>figures/rounds.svg: not shown, it was drawn from other results</li>"));
    ck_assert_ptr_nonnull(strstr(stale, "<li>figures/mine.svg: not shown, it is not as tandem plot drew it</li>"));
}
END_TEST

/* What was drawn from results goes with them; a figure that somebody else put there stays. */
START_TEST(figures_and_report_go_with_their_results)
{
    run("run " EXAMPLES "first-migration.json", 0);
    plot("--format svg", 0);
    plot("--lang zh --format svg", 0);
    program_write(work, "out/figures/mine.svg", "<svg/>");
    g_autofree char *html = reported("");
    ck_assert(is_there("figures.json") && is_there("figures/rounds.svg") && is_there("report.html"));
    run("run " EXAMPLES "first-migration.json --seed 2", 0);
    ck_assert(!is_there("figures.json") && !is_there("figures/rounds.svg") && !is_there("figures/rounds.gp"));
    ck_assert(!is_there("report.html") && is_there("figures/mine.svg") && is_there("result.json"));
}
END_TEST

/* An option that says nothing about what the folder holds is refused. */
START_TEST(a_plot_hears_every_option_or_refuses_it)
{
    run("run " EXAMPLES "first-migration.json", 0);
    plot("--metric migration.web.total_s", 2);
    plot("--x seed", 2);
    plot("--by seed", 2);
    plot("--log x", 2);
    program_write(work, "out/claims.json", "[]");
    plot("--lang zh", 2);
    plot("--metric m", 2);
}
END_TEST

/* A sweep's manifest has the command that runs it again, wherever its results go, and what was read for it. */
START_TEST(a_manifest_has_the_command_and_what_was_read)
{
    program_write(work, "x.json",
                  "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],\"sweep\":{\"axes\":[{"
                  "\"pointer\":\"/title\",\"values\":[\"a\",\"b\"]}]}}");
    g_autofree char *first = g_strdup_printf("sweep %s/x.json -q -j 1 --set '/description=c d'", work);
    run(first, 0);
    g_autofree char *manifest = program_read(work, "out/manifest.json");
    g_autofree char *command =
        g_strdup_printf("\"command\":\t\"tandem sweep %s/x.json --set '/description=c d'\"", work);
    g_autofree char *source = g_strdup_printf("\"%s/x.json\":\t\"", work);
    ck_assert_msg(strstr(manifest, command) && strstr(manifest, source), "%s", manifest);
    g_auto(Ended) again = program_run("sweep %s/x.json --set '/description=c d' --out %s/again -q -j 2", work, work);
    ck_assert_int_eq(again.status, 0);
    g_autofree char *after = program_read(work, "again/manifest.json");
    ck_assert_str_eq(manifest, after);
}
END_TEST

/* A file that a scenario names is found from the scenario's folder, also when its result is run again. */
START_TEST(a_result_finds_the_scenarios_files)
{
    g_autofree char *trace = NULL;

    ck_assert(g_file_get_contents(EXAMPLES "workloads.json", &trace, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(trace, "\"file\""));
    run("run " EXAMPLES "workloads.json", 0);
    g_autofree char *log = g_build_filename(work, "out", "run.log", NULL);
    ck_assert_int_eq(g_unlink(log), 0);
    g_auto(Ended) ended = program_run("run %s/out/result.json", work);
    ck_assert_int_eq(ended.status, 2); /* nobody says any more where it lay */
}
END_TEST

/* A result of a result, too: the files lie where the first scenario lay. */
START_TEST(a_result_of_a_result_finds_the_scenarios_files)
{
    g_autofree char *second = g_build_filename(work, "second", NULL), *third = g_build_filename(work, "third", NULL);

    run("run " EXAMPLES "workloads.json", 0);
    g_auto(Ended) again = program_run("run %s/out/result.json --out %s", work, second);
    ck_assert_msg(again.status == 0, "%s", again.err);
    g_auto(Ended) once_more = program_run("run %s/result.json --out %s", second, third);
    ck_assert_msg(once_more.status == 0, "%s", once_more.err);
    g_autofree char *first = program_read(work, "out/result.json"), *last = program_read(third, "result.json");
    ck_assert_str_eq(first, last);
}
END_TEST

/* The tables of papers and studies stand in folders of the folder. */
START_TEST(files_stand_in_folders_of_the_folder)
{
    g_autoptr(FileSet) files = files_new(), own = files_new();
    g_autofree char *path = g_build_filename(work, "out", NULL);
    g_autoptr(GError) error = NULL;

    files_take(own, "a.csv", g_strdup("a\n"));
    files_take_all(files, "paper", own);
    files_take(files, "b.csv", g_strdup("b\n"));
    for (int i = 0; i < 2; i++) { /* the second one writes nothing of its own */
        g_autoptr(OutputFolder) folder = output_folder_open(path, NULL, &error);
        ck_assert_ptr_nonnull(folder);
        ck_assert(output_folder_write(folder, i == 0 ? files : own, "about x\n", &error));
        ck_assert_int_eq(is_there("paper/a.csv"), i == 0);
        ck_assert_int_eq(is_there("paper"), i == 0);
        ck_assert_int_eq(is_there("b.csv"), i == 0);
        g_autofree char *about = run_log_said(path, "about");
        ck_assert_str_eq(about, "x");
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("folder");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, an_earlier_run_goes_whole);
    tcase_add_test(tcase, a_file_of_somebody_else_is_not_replaced);
    tcase_add_test(tcase, a_log_speaks_of_its_own_files_only);
    tcase_add_test(tcase, no_verb_replaces_a_file_of_somebody_else);
    tcase_add_test(tcase, a_folder_of_no_results_goes_again);
    tcase_add_test(tcase, nothing_outside_goes);
    tcase_add_test(tcase, two_at_once_do_not_mix);
    tcase_add_test(tcase, a_sweeps_folder_is_refused);
    tcase_add_test(tcase, a_stream_is_no_folder);
    tcase_add_loop_test(tcase, a_result_runs_again, 0, 4);
    tcase_add_test(tcase, the_log_says_what_was_done);
    tcase_add_test(tcase, the_command_has_every_character);
    tcase_add_test(tcase, a_report_has_the_command_and_what_was_read);
    tcase_add_test(tcase, a_report_takes_in_no_other_runs_figures);
    tcase_add_test(tcase, figures_and_report_go_with_their_results);
    tcase_add_test(tcase, a_plot_hears_every_option_or_refuses_it);
    tcase_add_test(tcase, a_manifest_has_the_command_and_what_was_read);
    tcase_add_test(tcase, a_result_finds_the_scenarios_files);
    tcase_add_test(tcase, a_result_of_a_result_finds_the_scenarios_files);
    tcase_add_test(tcase, files_stand_in_folders_of_the_folder);
    return check_main("folder", tcase, NULL);
}
