#define _GNU_SOURCE /* sched_getaffinity, posix_openpt */
/* What the command line takes and the screen says beside errors: summaries, progress, interruptions, streams. */
#include "sim/run/crew.h"

#include "tests/check_main.h"
#include "tests/program.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#define EXAMPLES TANDEM_SOURCE_DIR "/scenarios/examples/"

static char *work;

static void
set_up(void)
{
    work = program_folder();
    ck_assert_int_eq(chdir(work), 0);
}

static void
tear_down(void)
{
    (void)!chdir("/");
    program_remove(work);
    g_clear_pointer(&work, g_free);
}

static void
expect_out(const char *words, const char *text, gboolean there)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_msg(ended.status == 0, "%s: %s", words, ended.err);
    ck_assert_msg((strstr(ended.out, text) != NULL) == there, "%s: \"%s\" in \"%s\"", words, text, ended.out);
}

/* One measured case in a folder of its own. */
static void
take_a_case(void)
{
    static const char measured[] = TANDEM_SOURCE_DIR "/tests/data/measured/study";
    g_autoptr(GDir) dir = g_dir_open(measured, 0, NULL);
    const char *name = g_dir_read_name(dir);
    g_autofree char *text = program_read(measured, name);

    ck_assert_int_eq(g_mkdir("cases", 0777), 0);
    program_write("cases", name, text);
}

/* ---- the summary ---- */

START_TEST(the_summary_says_what_was_set)
{
    expect_out("run " EXAMPLES "first-migration.json --set /seed=3 --set /title=T", "\nwith /seed=3\nwith /title=T\n",
               TRUE);
    expect_out("run " EXAMPLES "first-migration.json", "\nwith ", FALSE);
}
END_TEST

/* A title of two lines would forge the summary's last. */
START_TEST(a_title_stays_on_its_line)
{
    expect_out("run " EXAMPLES "first-migration.json --set '/title=T\nended at 0 s'",
               "first-migration: T\\u000aended at 0 s\nwith /title=T\\u000aended at 0 s\nmigration", TRUE);
}
END_TEST

START_TEST(sockets_have_a_line)
{
    expect_out("run " EXAMPLES "sockets.json", "\nsocket stream: closed, ", TRUE);
}
END_TEST

/* Twenty of a kind are told one by one, of more the first twenty and how many there are. */
START_TEST(many_of_a_kind_are_cut_short_and_counted)
{
    for (int n = 20; n <= 23; n += 3) {
        g_autoptr(GString) json = g_string_new("{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],\"guests\":[{\"name\":"
                                               "\"g\",\"host\":\"a\",\"memory\":\"1MiB\"},{\"name\":\"h\",\"host\":"
                                               "\"a\",\"memory\":\"1MiB\"}],\"run_until\":\"1ms\",\"sockets\":[");
        for (int i = 0; i < n; i++)
            g_string_append_printf(json, "%s{\"name\":\"s%d\",\"from\":\"g\",\"to\":\"h\",\"application\":\"bulk\"}",
                                   i ? "," : "", i);
        g_string_append(json, "]}");
        program_write(work, "x.json", json->str);
        expect_out("run x.json", "\nsocket s19: ", TRUE);
        expect_out("run x.json", "\nsocket s20: ", FALSE);
        expect_out("run x.json", "\nand 3 more sockets (result.json has them)\n", n > 20);
    }
}
END_TEST

/* Of many migrations totals over all, and by name only those that did not complete. */
START_TEST(many_migrations_are_told_in_all)
{
    g_autoptr(GString) json = g_string_new("{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"},{\"name\":\"b\",\"memory\":"
                                           "\"2GiB\",\"dom0_memory\":\"2GiB\"},{\"name\":\"c\"}],\"links\":[{\"name\":"
                                           "\"l\",\"ends\":[\"a\",\"b\"]},{\"name\":\"m\",\"ends\":[\"a\",\"c\"]}],"
                                           "\"guests\":[{\"name\":\"g\",\"host\":\"a\",\"memory\":\"1MiB\"}],"
                                           "\"timeline\":[");
    for (int i = 0; i < 24; i++)
        g_string_append_printf(json, "%s{\"at\":\"%ds\",\"do\":\"migrate\",\"vm\":\"g\",\"to\":\"%s\"}", i ? "," : "",
                               10 * i,
                               i < 2   ? "b"
                               : i % 2 ? "a"
                                       : "c");
    g_string_append(json, "]}");
    program_write(work, "x.json", json->str);
    expect_out("run x.json", "\n24 migrations: 22 completed, 2 no-memory; ", TRUE);
    expect_out("run x.json", "\n  total time: median ", TRUE);
    expect_out("run x.json", "\nmigration g: ", TRUE);
    expect_out("run x.json", "\nmigration g.3", FALSE);
}
END_TEST

START_TEST(quiet_says_nothing)
{
    static const char *const words[] = {"run " EXAMPLES "first-migration.json --quiet --out o",
                                        "validate " TANDEM_SOURCE_DIR
                                        "/tests/data/measured/study -q --seeds 1 --out o"};

    take_a_case();
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_auto(Ended) ended = program_run("%s", words[i]);
        ck_assert_int_eq(ended.status, 0);
        ck_assert_str_eq(ended.out, "");
        ck_assert_str_eq(ended.err, "");
    }
}
END_TEST

START_TEST(commands_can_be_left_out)
{
    g_auto(Ended) listed = program_run("run " EXAMPLES "joint.json --out o");
    g_autofree char *rows = program_read("o", "commands.csv");
    g_auto(Ended) left_out = program_run("run " EXAMPLES "joint.json --set /engine/list_commands=false --out o");
    g_autofree char *none = program_read("o", "commands.csv");

    ck_assert_int_eq(listed.status + left_out.status, 0);
    ck_assert_str_eq(strchr(none, '\n'), "\n"); /* its header */
    ck_assert_uint_gt(strlen(rows), strlen(none));
}
END_TEST

/* ---- streams and words ---- */

START_TEST(a_dash_is_standard_input_and_two_end_the_options)
{
    g_autofree char *text = program_read(EXAMPLES, "first-migration.json");
    int wait_status;

    program_write(work, "-x.json", text);
    expect_out("run -- -x.json", "first-migration: ", TRUE);
    FILE *out = tmpfile(), *err = tmpfile();
    const int kept = dup(STDIN_FILENO), in = open("-x.json", O_RDONLY);
    dup2(in, STDIN_FILENO);
    const pid_t pid = program_start("run -", out, err);
    ck_assert_int_eq(waitpid(pid, &wait_status, 0), pid);
    dup2(kept, STDIN_FILENO);
    close(in);
    close(kept);
    g_autofree char *said = program_said(out), *complained = program_said(err);
    ck_assert_msg(strstr(said, "first-migration: "), "%s", complained);
}
END_TEST

START_TEST(a_byte_order_mark_belongs_to_no_header)
{
    g_autofree char *scenario = program_read(EXAMPLES, "workloads.json"),
                    *writes = program_read(EXAMPLES, "writes.csv");
    g_autofree char *marked = g_strconcat("\xef\xbb\xbf", writes, NULL);

    program_write(work, "w.json", scenario);
    program_write(work, "writes.csv", marked);
    expect_out("run w.json", "all invariants held", TRUE);
}
END_TEST

/* ---- how many at a time ---- */

START_TEST(as_many_workers_as_processors_may_be_used)
{
    cpu_set_t usable, one;
    guint all;

    g_unsetenv("SLURM_CPUS_PER_TASK");
    ck_assert_int_eq(sched_getaffinity(0, sizeof usable, &usable), 0);
    all = (guint)CPU_COUNT(&usable);
    ck_assert_uint_eq(crew_processors(), all);
    g_setenv("SLURM_CPUS_PER_TASK", "1", TRUE);
    ck_assert_uint_eq(crew_processors(), 1);
    g_setenv("SLURM_CPUS_PER_TASK", "100000", TRUE);
    ck_assert_uint_eq(crew_processors(), all);
    g_setenv("SLURM_CPUS_PER_TASK", "none", TRUE);
    ck_assert_uint_eq(crew_processors(), all);
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &usable))
            CPU_SET(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    ck_assert_uint_eq(crew_processors(), 1);
}
END_TEST

/* ---- a sweep's own settings ---- */

START_TEST(a_setting_of_the_sweep_is_heard_in_either_kind_of_file)
{
    static const char sweep[] =
        "\"sweep\":{\"axes\":[{\"pointer\":\"/title\",\"values\":[\"a\",\"b\"]}],\"repeats\":3}";
    g_autofree char *own = g_strdup_printf("{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],%s}", sweep);
    g_autofree char *file = g_strdup_printf("{\"scenario\":\"plain.json\",%s}", sweep);

    program_write(work, "own.json", own);
    program_write(work, "file.json", file);
    program_write(work, "plain.json", "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}]}");
    expect_out("sweep own.json --set /sweep/repeats=2 --dry-run", "2 points x 2 repeats", TRUE);
    expect_out("sweep file.json --set /sweep/repeats=2 --dry-run", "2 points x 2 repeats", TRUE);
    program_expect(2, "/sweep/repeats", "sweep file.json --set /sweep/repeats=-1 --dry-run");
    program_expect(2, "stands for a stream", "sweep - --dry-run");
}
END_TEST

/* ---- interruptions ---- */

/* Starts it, waits until it is at work, and stops it as a terminal does. What it said on its way out. */
static char *
interrupted(const char *words, int number, int *wait_status)
{
    FILE *out = tmpfile(), *err = tmpfile();
    const pid_t pid = program_start(words, out, err);

    for (int tries = 0; tries < 6000 && !g_file_test("o", G_FILE_TEST_IS_DIR); tries++)
        g_usleep(10000);
    g_usleep(300000);
    kill(pid, number);
    ck_assert_int_eq(waitpid(pid, wait_status, 0), pid);
    fclose(out);
    return program_said(err);
}

#define LONG_SWEEP                                                                                                     \
    "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],\"sweep\":{\"axes\":[{\"pointer\":\"/title\",\"values\":[\"a\"]}],"  \
    "\"repeats\":10000}}"

START_TEST(who_stops_a_sweep_is_told_how_to_go_on)
{
    int wait_status;

    program_write(work, "x.json", LONG_SWEEP);
    g_autofree char *said = interrupted("sweep x.json --out o -q -j 1", SIGINT, &wait_status);
    ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGINT);
    ck_assert_str_eq(said, "tandem: interrupted: the runs that ended are kept; "
                           "tandem sweep x.json --out o -q -j 1 --resume goes on\n");
}
END_TEST

START_TEST(who_stops_a_validation_is_told_that_nothing_is_there)
{
    int wait_status;

    take_a_case();
    g_autofree char *said = interrupted("validate cases -q --seeds 10000 --out o", SIGTERM, &wait_status);

    ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGTERM);
    ck_assert_str_eq(said, "tandem: interrupted: nothing was written\n");
    ck_assert(!g_file_test("o/summary.csv", G_FILE_TEST_EXISTS) && !g_file_test("o/run.log", G_FILE_TEST_EXISTS));
}
END_TEST

#define LONG_RUN                                                                                                       \
    "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],\"guests\":[{\"name\":\"g\",\"host\":\"a\"}],"                       \
    "\"vtpms\":[{\"name\":\"v\",\"vm\":\"g\",\"script\":{\"interval\":\"1ms\"}}],\"run_until\":\"1000000s\"}"

/* SimGrid has an interrupt handler of its own. */
START_TEST(who_stops_a_run_is_told_that_nothing_is_there)
{
    int wait_status;

    program_write(work, "x.json", LONG_RUN);
    g_autofree char *said = interrupted("run x.json -q --out o", SIGINT, &wait_status);

    ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGINT);
    ck_assert_str_eq(said, "tandem: interrupted: nothing was written\n");
    ck_assert(!g_file_test("o", G_FILE_TEST_EXISTS)); /* which it had made */
}
END_TEST

/* A gnuplot that has written half a figure, and is at it still. */
START_TEST(who_stops_a_plot_finds_no_half_of_a_figure)
{
    g_autofree char *path = g_strdup_printf("%s/bin:%s", work, g_getenv("PATH"));
    FILE *out = tmpfile(), *err = tmpfile();
    int wait_status;

    g_auto(Ended) run = program_run("run " EXAMPLES "first-migration.json --out r");
    ck_assert_int_eq(run.status, 0);
    ck_assert_int_eq(g_mkdir("bin", 0777), 0);
    program_write("bin", "gnuplot",
                  "#!/bin/sh\nfile=$(echo \"$2\" | sed -n \"s/.*draft='\\(.*\\)'.*/\\1/p\")${3%.gp}.png\n"
                  "echo half >$file; echo $$ >../../pid.part; mv ../../pid.part ../../pid; exec sleep 600\n");
    ck_assert_int_eq(g_chmod("bin/gnuplot", 0755), 0);
    g_setenv("PATH", path, TRUE);
    const pid_t pid = program_start("plot r", out, err);
    for (int tries = 0; tries < 6000 && !g_file_test("pid", G_FILE_TEST_EXISTS); tries++)
        g_usleep(10000);
    kill(pid, SIGINT);
    ck_assert_int_eq(waitpid(pid, &wait_status, 0), pid);
    g_autofree char *drawing = program_read(work, "pid"), *said = program_said(err);
    kill((pid_t)atoi(drawing), SIGKILL);
    fclose(out);
    ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGINT);
    ck_assert_str_eq(said, "tandem: interrupted: not all figures were drawn; tandem plot r draws them\n");
    g_autoptr(GDir) dir = g_dir_open("r/figures", 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        ck_assert_msg(!strstr(name, ".png"), "%s", name);
}
END_TEST

/* The digest of a figure of half a gibibyte takes a while. */
START_TEST(who_stops_a_report_is_told_that_no_page_was_written)
{
    g_auto(Ended) run = program_run("run " EXAMPLES "first-migration.json --out r");
    FILE *out = tmpfile(), *err = tmpfile();
    int wait_status;

    ck_assert_int_eq(run.status, 0);
    ck_assert_int_eq(g_mkdir("r/figures", 0777), 0);
    program_write("r", "figures.json", "{\"drawings\":[{\"from\":{},\"files\":{\"figures/large.svg\":\"0\"}}]}");
    program_write("r", "figures/large.svg", "");
    ck_assert_int_eq(truncate("r/figures/large.svg", 512 << 20), 0);
    const pid_t pid = program_start("report r", out, err);
    g_usleep(100000);
    kill(pid, SIGTERM);
    ck_assert_int_eq(waitpid(pid, &wait_status, 0), pid);
    fclose(out);
    g_autofree char *said = program_said(err);
    ck_assert(WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGTERM);
    ck_assert_str_eq(said, "tandem: interrupted: no page was written\n");
    ck_assert(!g_file_test("r/report.html", G_FILE_TEST_EXISTS));
}
END_TEST

/* ---- progress ---- */

/* What it writes on a terminal; it is stopped when it has written enough. NULL: it is not. */
static char *
on_a_terminal_until(const char *words, const char *enough)
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    FILE *out = tmpfile();
    g_autoptr(GString) text = g_string_new(NULL);
    gboolean stopped = FALSE;
    char piece[4096];
    int wait_status;
    ssize_t n;

    ck_assert(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    FILE *err = fopen(ptsname(terminal), "w");
    const pid_t pid = program_start(words, out, err);
    fclose(err);
    while ((n = read(terminal, piece, sizeof piece)) > 0) { /* an error when the last one closes it */
        g_string_append_len(text, piece, n);
        if (enough && !stopped && strstr(text->str, enough)) {
            stopped = TRUE;
            kill(pid, SIGINT);
        }
    }
    ck_assert_int_eq(waitpid(pid, &wait_status, 0), pid);
    close(terminal);
    fclose(out);
    return sanitizer_notes_cut(g_string_free(g_steal_pointer(&text), FALSE));
}

static char *
on_a_terminal(const char *words)
{
    return on_a_terminal_until(words, NULL);
}

/* One line that is written over, and then by what the interruption says; a short run has none. */
START_TEST(a_terminal_sees_how_far_a_run_is)
{
    program_write(work, "x.json", LONG_RUN);
    g_autofree char *said = on_a_terminal_until("run x.json", " of the time line, after ");
    g_autofree char *brief = on_a_terminal("run " EXAMPLES "first-migration.json");

    ck_assert_msg(
        g_regex_match_simple("^\r[0-9.e+]+ s simulated, [0-9]+ % of the time line, after [0-9]+ s\033\\[K", said, 0, 0),
        "%s", said);
    ck_assert_msg(g_str_has_suffix(said, "\r\033[Ktandem: interrupted: no result\r\n"), "%s", said);
    ck_assert_str_eq(brief, "");
}
END_TEST

START_TEST(a_terminal_sees_how_far_it_is)
{
    take_a_case();
    g_autofree char *said = on_a_terminal("validate cases --seeds 40");

    ck_assert_msg(strstr(said, " runs, "), "%s", said);
    ck_assert_msg(g_str_has_suffix(said, "\r\033[K"), "%s", said);
    g_autofree char *quiet = on_a_terminal("validate cases --seeds 5 --quiet");
    ck_assert_str_eq(quiet, "");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("screen");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_summary_says_what_was_set);
    tcase_add_test(tcase, a_title_stays_on_its_line);
    tcase_add_test(tcase, sockets_have_a_line);
    tcase_add_test(tcase, many_of_a_kind_are_cut_short_and_counted);
    tcase_add_test(tcase, many_migrations_are_told_in_all);
    tcase_add_test(tcase, quiet_says_nothing);
    tcase_add_test(tcase, commands_can_be_left_out);
    tcase_add_test(tcase, a_dash_is_standard_input_and_two_end_the_options);
    tcase_add_test(tcase, a_byte_order_mark_belongs_to_no_header);
    tcase_add_test(tcase, as_many_workers_as_processors_may_be_used);
    tcase_add_test(tcase, a_setting_of_the_sweep_is_heard_in_either_kind_of_file);
    tcase_add_test(tcase, who_stops_a_sweep_is_told_how_to_go_on);
    tcase_add_test(tcase, who_stops_a_validation_is_told_that_nothing_is_there);
    tcase_add_test(tcase, who_stops_a_run_is_told_that_nothing_is_there);
    tcase_add_test(tcase, who_stops_a_plot_finds_no_half_of_a_figure);
    tcase_add_test(tcase, who_stops_a_report_is_told_that_no_page_was_written);
    tcase_add_test(tcase, a_terminal_sees_how_far_a_run_is);
    tcase_add_test(tcase, a_terminal_sees_how_far_it_is);
    return check_main("screen", tcase, NULL);
}
