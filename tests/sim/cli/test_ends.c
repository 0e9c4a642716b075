/* However it is asked, a verb ends: with one line and status 2 or 3 where it cannot do what was asked, never by a
 * signal, never by waiting for a pipe, and nothing but regular files is ever replaced. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOSTS                                                                                                          \
    "\"name\":\"x\",\"hosts\":[{\"name\":\"a\",\"memory\":\"64TiB\"},{\"name\":\"b\",\"memory\":\"64TiB\"}],"          \
    "\"links\":[{\"name\":\"l\",\"ends\":[\"a\",\"b\"]}]"
#define GUEST(rest)   "\"guests\":[{\"name\":\"g\",\"host\":\"a\"" rest "}]"
#define SMALL         GUEST(",\"memory\":\"1MiB\"")
#define MIGRATE       "\"timeline\":[{\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"g\",\"to\":\"b\"}]"
#define GOOD          "{" HOSTS "," SMALL "," MIGRATE "}"
#define SESSION(load) "\"card_sessions\":[{\"name\":\"s\",\"card\":\"c\",\"path\":\"p\",\"workload\":" load "}]"
#define CARD                                                                                                           \
    "\"cards\":[{\"name\":\"c\",\"host\":\"a\",\"profile\":\"sjk1828\"}],\"card_paths\":[{\"name\":\"p\","             \
    "\"profile\":\"host\"}]"
#define SWEEP(axes)      "{" HOSTS "," SMALL "," MIGRATE ",\"sweep\":{\"axes\":[" axes "]}}"
#define LABELS(one, two) "{\"pointer\":\"/description\",\"values\":[\"1\",\"2\"],\"labels\":[\"" one "\",\"" two "\"]}"
#define TITLES(one, two) "{\"pointer\":\"/title\",\"values\":[\"1\",\"2\"],\"labels\":[\"" one "\",\"" two "\"]}"

#define PROGRAM "$T "

static char *folder; /* each test's own, and its working directory */

static void
set_up(void)
{
    folder = program_folder();
    ck_assert_int_eq(chdir(folder), 0);
    program_write(folder, "good.json", GOOD);
}

static void
tear_down(void)
{
    (void)!chdir("/");
    program_remove(folder);
    g_clear_pointer(&folder, g_free);
}

/* As the shell does it, but by forks (tests/program.h) and not from the program's file, whose loading takes far longer
 * than what is tried: for hundreds of lines. What the first ones said stands before what the last one said. */
static Ended
run_in_turn(char *const *commands)
{
    g_autoptr(GString) out = g_string_new(NULL), err = g_string_new(NULL);
    int status = 0;

    for (; *commands && status == 0; commands++) {
        g_auto(Ended) ended = program_run("%s", *commands + strlen(PROGRAM));
        g_string_append(out, ended.out);
        g_string_append(err, ended.err);
        status = ended.status;
    }
    return (Ended){status, g_string_free(g_steal_pointer(&out), FALSE), g_string_free(g_steal_pointer(&err), FALSE)};
}

static gboolean
needs_shell(char *const *commands)
{
    for (; *commands; commands++)
        if (!g_str_has_prefix(*commands, PROGRAM) || strpbrk(*commands + strlen(PROGRAM), "|;&<>()$`*"))
            return TRUE;
    return FALSE;
}

/* The shell's words, where $T is the program; 124: it did not end. */
static Ended
shell(const char *words)
{
    g_auto(GStrv) commands = g_strsplit(words, " && ", 0);
    if (!needs_shell(commands))
        return run_in_turn(commands);

    Ended ended = {.status = -1};
    int wait_status = 0;
    g_autofree char *script = g_strdup_printf("T='timeout %.0f " TANDEM_PROGRAM "'; %s", check_limit_s() / 2, words);
    const char *const argv[] = {"/bin/bash", "-c", script, NULL};

    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &ended.out, &ended.err, &wait_status,
                           NULL));
    if (WIFEXITED(wait_status))
        ended.status = WEXITSTATUS(wait_status);
    (void)sanitizer_notes_cut(ended.err);
    return ended;
}

static void
expect(int status, const char *text, const char *words)
{
    g_auto(Ended) ended = shell(words);

    ck_assert_msg(ended.status == status, "%s: status %d, expected %d: %s", words, ended.status, status, ended.err);
    ck_assert_msg(strstr(ended.err, text), "%s: said \"%s\", expected \"%s\"", words, ended.err, text);
    if (status != 0)
        ck_assert_msg(strchr(ended.err, '\n') == ended.err + strlen(ended.err) - 1, "not one line: %s", ended.err);
}

static void
expect_scenario(int status, const char *text, const char *scenario, const char *words)
{
    program_write(folder, "x.json", scenario);
    expect(status, text, words);
}

/* ---- runs ---- */

START_TEST(a_kernel_without_a_page_to_write_to_is_refused)
{
    static const char text[] = "/guests/0/kernel: writes to pages that are used, but /guests/0/used leaves none";

    expect_scenario(2, text, "{" HOSTS "," GUEST(",\"used\":\"0B\",\"kernel\":{}") "," MIGRATE "}", "$T run x.json");
    expect_scenario(0, "", "{" HOSTS "," GUEST(",\"used\":\"1B\",\"kernel\":{}") "," MIGRATE "}", "$T run x.json");
}
END_TEST

START_TEST(a_number_beyond_what_the_model_counts_is_refused)
{
    static const char *const rows[][2] = {
        {"/guests/0/kernel={\"pages\":1000000,\"interval\":\"1ns\"}", "/guests/0/kernel/interval: makes more than"},
        {"/timeline/0/hypervisor/check_pages=4294967296", "check_pages: is 4294967296, expected at most 1048576"},
        {"/timeline/0/hypervisor/flush_pages=4294967296", "flush_pages: is 4294967296, expected at most 1048576"},
        {"/timeline/0/hypervisor/device_state=32TiB", "device_state: is \"32TiB\", expected at most 16TiB"},
        {"/guests/0/layout={\"kind\":\"linux\",\"program\":\"8000000TiB\"}", "/guests/0/layout: "},
        {"/card_sessions/0/workload/rate=1e15/s", "/card_sessions/0/workload/rate: makes more than"},
        {"/timeline/0/at=1e9s", "/card_measurement/batch: makes more than 1000000 batches"},
    };

    program_write(
        folder, "x.json",
        "{" HOSTS "," SMALL "," CARD "," SESSION(
            "{\"kind\":\"poisson\",\"rate\":\"1/s\",\"mix\":[{\"algorithm\":\"sm3\"}]}") ",\"timeline\":[{\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"g\",\"to\":\"b\",\"hypervisor\":\"qemu-kvm\"}]}");
    expect(0, "", "$T run x.json");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *quoted = g_shell_quote(rows[i][0]);
        g_autofree char *words = g_strconcat("$T run x.json --set ", quoted, NULL);
        expect(2, rows[i][1], words);
    }
}
END_TEST

START_TEST(an_interval_of_nothing_has_no_half_width)
{
    program_write(folder, "x.json",
                  "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}],\"cards\":[{\"name\":\"c\",\"host\":\"a\",\"profile\":"
                  "\"sjk1828\"},{\"name\":\"idle\",\"host\":\"a\",\"profile\":\"sjk1828\"}],\"card_paths\":[{\"name\":"
                  "\"p\",\"profile\":\"host\"}]," SESSION("{\"kind\":\"poisson\",\"rate\":\"100/s\",\"mix\":[{"
                                                          "\"algorithm\":\"sm3\"}]}") ",\"run_until\":\"2s\"}");
    g_auto(Ended) ended = shell("$T run x.json --json --out o");
    ck_assert_msg(strstr(ended.out, "\"card.idle.latency_s_half_width\":\tnull"), "%s", ended.out);
    g_auto(Ended) found = shell("grep -riE '(\\binf|e\\+30[0-9])' o");
    ck_assert_msg(found.status == 1, "%s", found.out);
}
END_TEST

START_TEST(a_clock_that_cannot_advance_ends_the_run_and_says_where)
{
    static const char vtpm[] = "{" HOSTS "," SMALL ",\"vtpms\":[{\"name\":\"v\",\"vm\":\"g\",\"service_time\":\"0s\","
                               "\"script\":{\"interval\":\"1ns\",\"start\":\"%s\"}}],\"run_until\":\"%s\"}";
    g_autofree char *still = g_strdup_printf(vtpm, "9e8s", "9.1e8s");
    g_autofree char *beyond = g_strdup_printf(vtpm, "1e15s", "1.1e15s");

    expect_scenario(3, "script of g: the clock stands still at 900000000 s after", still, "$T run x.json");
    expect_scenario(3, "script of g: the clock is at 1e+15 s, expected the run to end before", beyond, "$T run x.json");
    /* a sweep's run is one of its rows */
    g_autofree char *swept =
        g_strdup_printf("%.*s,\"sweep\":{\"axes\":[" LABELS("a", "b") "]}}", (int)strlen(still) - 1, still);
    expect_scenario(3, "of 2 runs 2 invalid", swept, "$T sweep x.json --out s -q");
}
END_TEST

START_TEST(a_card_whose_times_vanish_in_its_dates_ends_the_run)
{
    expect_scenario(
        3, "card c: the clock stands still at",
        "{" HOSTS "," CARD
        "," SESSION("{\"kind\":\"closed\",\"mix\":[{\"algorithm\":\"sm3\"}]},"
                    "\"start\":\"9e11s\"") ",\"card_measurement\":{\"batch\":\"1e9s\"},\"run_until\":\"9.0001e11s\"}",
        "$T run x.json");
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which takes terabytes of address space for itself */
START_TEST(what_the_process_cannot_hold_is_refused)
{
    g_autofree char *connections =
        g_strdup("{" HOSTS ",\"guests\":[{\"name\":\"g\",\"host\":\"a\",\"memory\":\"1MiB\"},{\"name\":\"h\",\"host\":"
                 "\"a\",\"memory\":\"1MiB\"}],\"sockets\":[{\"name\":\"s\",\"from\":\"g\",\"to\":\"h\",\"application\":"
                 "\"request-response\",\"connections\":100000,\"count\":1}]}");

    expect_scenario(3, "/sockets/0/connections: 100000 connections with those before, expected at most", connections,
                    "ulimit -v 4000000; $T run x.json");
    expect_scenario(3, "needs some 1 GiB of memory", "{" HOSTS "," GUEST(",\"memory\":\"16TiB\"") "," MIGRATE "}",
                    "ulimit -v 1000000; $T run x.json");
    expect_scenario(3, "out of memory",
                    "{\"engine\":{\"pages\":\"each\"}," HOSTS "," GUEST(
                        ",\"memory\":\"16TiB\",\"workload\":{\"kind\":\"uniform\",\"working_set\":\"1GiB\",\"rate\":"
                        "\"1000/s\"}") "," MIGRATE "}",
                    "ulimit -v 2000000; $T run x.json");
}
END_TEST
#endif

/* ---- what is read ---- */

/* words with each kind of file that is none in the place of @. */
static void
expect_no_file(const char *text, const char *words)
{
    static const char *const names[] = {"pipe", "/dev/zero", "/dev/null", "dir", "link"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GString) replaced = g_string_new(words);
        g_string_replace(replaced, "@", names[i], 0);
        expect(2, text, replaced->str);
    }
}

START_TEST(a_pipe_or_a_device_is_not_waited_for)
{
    ck_assert_int_eq(mkfifo("pipe", 0666), 0);
    ck_assert_int_eq(mkdir("dir", 0777), 0);
    ck_assert_int_eq(symlink("pipe", "link"), 0);
    program_write(folder, "x.json",
                  "{" HOSTS "," GUEST(",\"workload\":{\"kind\":\"replay\",\"file\":\"w\"}") "," CARD "," SESSION(
                      "{\"kind\":\"closed\",\"mix\":[{\"algorithm\":\"sm3\"}]}") ",\"run_until\":\"1s\"}");
    expect_no_file(", expected a regular file", "$T run x.json --set /guests/0/workload/file=@");
    expect_no_file(", expected a regular file", "$T run x.json --set '/guests/0/workload={\"kind\":\"intervals\","
                                                "\"working_set\":\"1MiB\",\"file\":\"@\"}'");
    expect_no_file(", expected a regular file", "$T run x.json --set '/guests/0/workload={\"kind\":\"idle\"}' --set "
                                                "'/card_sessions/0/workload={\"kind\":\"replay\",\"file\":\"@\"}'");
    expect_no_file(", expected a JSON file", "$T check @");
    expect_no_file(", expected a JSON file", "$T sweep @ --out s -q");
    expect_no_file("", "$T report @");
}
END_TEST

START_TEST(a_scenario_may_come_through_a_pipe_that_somebody_writes_to)
{
    expect(0, "", "cat good.json | $T run /dev/stdin");
    expect(0, "", "$T run <(sleep 0.2; cat good.json)");
}
END_TEST

/* ---- what is written ---- */

static mode_t
kind_of(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 ? info.st_mode & S_IFMT : 0;
}

/* words write to PATH: not where something else than a regular file is, which stays. */
static void
expect_kept(const char *path, const char *words)
{
    static const char *const makers[] = {"mkfifo %s", "mkdir %s", "ln -s /nowhere %s", "ln -s good.json %s",
                                         "ln -s /dev/null %s"};

    for (gsize i = 0; i < G_N_ELEMENTS(makers); i++) {
        g_autofree char *make = g_strdup_printf(makers[i], path);
        program_remove(path);
        g_auto(Ended) made = shell(make);
        ck_assert_int_eq(made.status, 0);
        const mode_t kind = kind_of(path);
        expect(2, ", expected a regular file or none", words);
        ck_assert_msg(kind_of(path) == kind, "%s, then %s: it was replaced", make, words);
        program_remove(path);
    }
    g_autofree char *good = program_read(folder, "good.json");
    ck_assert_str_eq(good, GOOD);
}

START_TEST(only_regular_files_are_replaced)
{
    g_auto(Ended) run = shell("$T run good.json --out run && $T plot run");
    ck_assert_msg(run.status == 0, "%s", run.err);

    expect(2, "/dev/null: a device is there, expected a regular file or none", "$T run good.json --trace /dev/null");
    expect(2, "/dev/full: a device is there, expected a regular file or none", "$T report run --out /dev/full");
    expect_kept("t", "$T run good.json --trace t");
    expect_kept("t", "$T report run --out t");
    for (const char *const *name = (const char *const[]){"result.json", "run.log", "rounds.csv", NULL}; *name; name++) {
        g_autofree char *path = g_build_filename("o", *name, NULL);
        g_autofree char *words = g_strdup("$T run good.json --out o");
        (void)mkdir("o", 0777);
        expect_kept(path, words);
    }
    (void)g_remove("run/figures/rounds.gp");
    expect_kept("run/figures/rounds.gp", "$T plot run");
    expect_kept("run/report.html", "$T report run");
}
END_TEST

START_TEST(a_folder_that_is_none_is_refused_before_anything_runs)
{
    static const char *const makers[] = {"mkfifo o", "echo > o", "ln -s /nowhere o", "ln -s /dev/null o"};
    static const char *const verbs[] = {"$T run good.json --out o",
                                        "$T sweep s.json --out o -q",
                                        "$T validate " TANDEM_SOURCE_DIR "/tests/data/validation --seeds 1 --out o",
                                        "$T reproduce vm-vtpm --out o",
                                        "$T sensitivity vm-vtpm --out o",
                                        "$T merge s --out o"};

    program_write(folder, "s.json", SWEEP(LABELS("a", "b")));
    g_auto(Ended) swept = shell("$T sweep s.json --out s -q");
    ck_assert_msg(swept.status == 0, "%s", swept.err);
    for (gsize i = 0; i < G_N_ELEMENTS(makers); i++) {
        for (gsize v = 0; v < G_N_ELEMENTS(verbs); v++) {
            g_auto(Ended) made = shell(makers[i]);
            const mode_t kind = kind_of("o");
            expect(2, "o: ", verbs[v]);
            ck_assert(kind_of("o") == kind);
            ck_assert_int_eq(unlink("o"), 0);
        }
    }
}
END_TEST

START_TEST(a_trace_that_cannot_be_written_is_found_out_before_the_run)
{
    expect(2, "nowhere/t: cannot be written: its folder is not there", "$T run good.json --out o --trace nowhere/t");
    ck_assert_msg(!g_file_test("o/result.json", G_FILE_TEST_EXISTS), "it ran first");
}
END_TEST

/* ---- texts ---- */

/* A label, as JSON writes it; all of them at once would hide one behind another. */
static const char *const labels[] = {
    "a\\nb",       "'90s",           "'",     "''''",      "\\\"",      "a\\\"b\\\"", "\\\\",  "#1",   "",
    " ",           "`id`",           "$(id)", "@name",     "{/Bold x}", "%s%n",       "a,b",   "=1+1", "-",
    "\\u001b[31m", "\\u0007\\u007f", "终 端", "\\r\\n\\t", "nan",       "1e999",      "\\\"a",
};

START_TEST(any_label_is_drawn)
{
    g_autofree char *longest = g_strnfill(20000, 'w');

    for (gsize i = 0; i <= G_N_ELEMENTS(labels); i++) {
        const char *label = i < G_N_ELEMENTS(labels) ? labels[i] : longest;
        static const char axis[] = "{\"pointer\":\"%s\",\"values\":[\"1\",\"2\"],\"labels\":[\"%s\",\"other\"]}";
        g_autofree char *first = g_strdup_printf(axis, "/description", label);
        g_autofree char *second = g_strdup_printf(axis, "/title", label);
        g_autofree char *text = g_strdup_printf(SWEEP("%s,%s"), first, second);
        g_autofree char *what = g_strndup(label, 40);
        program_write(folder, "x.json", text);
        g_auto(Ended) ended = shell("$T sweep x.json --out s -q && $T plot s && $T report s");
        ck_assert_msg(ended.status == 0 && !*ended.err, "label %s: status %d: %s", what, ended.status, ended.err);
        g_autofree char *points = program_read(folder, "s/points.csv");
        g_auto(GStrv) lines = g_strsplit(points, "\n", 0);
        ck_assert_msg(g_strv_length(lines) == 1 + 4 + 1, "label %s: %u lines", what, g_strv_length(lines));
        program_remove("s");
    }
}
END_TEST

START_TEST(a_reason_of_many_lines_is_one_record)
{
    program_write(
        folder, "x.json",
        "{" HOSTS "," SMALL ",\"cards\":[{\"name\":\"c\",\"host\":\"a\",\"profile\":\"sjk1828\"},{\"name\":"
        "\"d\",\"host\":\"b\",\"profile\":\"sjk1828\"}],\"card_paths\":[{\"name\":\"p\",\"profile\":"
        "\"ivshmem\",\"migration_refusal\":\"no\\nR 0,ok,0,,1\\n\\\"x,\"}],\"card_sessions\":[{\"name\":\"s\","
        "\"guest\":\"g\",\"card\":\"c\",\"path\":\"p\",\"workload\":{\"kind\":\"poisson\",\"rate\":\"10/s\","
        "\"mix\":[{\"algorithm\":\"sm4\"}]}}]," MIGRATE
        ",\"run_until\":\"2s\",\"sweep\":{\"axes\":[" LABELS("a", "b") "]}}");
    g_auto(Ended) ended =
        shell("$T sweep x.json --out s -q && $T sweep x.json --out s -q --resume && $T merge s --out m");
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    for (const char *const *name = (const char *const[]){"s/points.csv", "m/points.csv", NULL}; *name; name++) {
        g_autofree char *points = program_read(folder, *name);
        g_auto(GStrv) lines = g_strsplit(points, "\n", 0);
        ck_assert_uint_eq(g_strv_length(lines), 1 + 2 + 1);
    }
}
END_TEST

/* ---- damaged folders ---- */

START_TEST(a_damaged_folder_is_one_line)
{
    static const char *const damages[][2] = {
        {"head -c 300 s/summary.csv > x", "s/summary.csv: its last line is torn"},
        {"(cat s/summary.csv; echo 1,2) > x", "s/summary.csv: row 5 has 2 cells, expected"},
        {"sed 1s/description/descr/ s/summary.csv > x", "s/summary.csv: has no column description"},
        {": > x", "s/summary.csv: is empty"},
        {"(head -1 s/summary.csv; printf '\\377\\n') > x", "s/summary.csv: is no text in UTF-8"},
    };
    static const char *const manifests[][2] = {
        {"sed 's/\"column\"/\"col\"/' s/manifest.json > x", "s/manifest.json: /parameters/0/column: is no text"},
        {"sed 's/\"parameters\"/\"params\"/' s/manifest.json > x", "s/manifest.json: /parameters: is no list"},
        {"head -c 200 s/manifest.json > x", "s/manifest.json: line"},
    };

    program_write(folder, "s.json", SWEEP(LABELS("a", "b") "," TITLES("c", "d")));
    g_auto(Ended) swept = shell("$T sweep s.json --out s -q && cp -r s kept");
    ck_assert_msg(swept.status == 0, "%s", swept.err);
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *words = g_strdup_printf("%s; mv x s/summary.csv; $T plot s; r=$?; $T report s 2>/dev/null "
                                                 ">/dev/null; cp kept/summary.csv s/; exit $r",
                                                 damages[i][0]);
        expect(2, damages[i][1], words);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(manifests); i++) {
        for (const char *const *verb = (const char *const[]){"plot", "report", NULL}; *verb; verb++) {
            g_autofree char *words =
                g_strdup_printf("%s; mv x s/manifest.json; $T %s s; r=$?; cp kept/manifest.json s/; "
                                "exit $r",
                                manifests[i][0], *verb);
            expect(2, manifests[i][1], words);
        }
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("ends");

    tcase_set_timeout(tcase, 500);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_kernel_without_a_page_to_write_to_is_refused);
    tcase_add_test(tcase, a_number_beyond_what_the_model_counts_is_refused);
    tcase_add_test(tcase, an_interval_of_nothing_has_no_half_width);
    tcase_add_test(tcase, a_clock_that_cannot_advance_ends_the_run_and_says_where);
    tcase_add_test(tcase, a_card_whose_times_vanish_in_its_dates_ends_the_run);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(tcase, what_the_process_cannot_hold_is_refused);
#endif
    tcase_add_test(tcase, a_pipe_or_a_device_is_not_waited_for);
    tcase_add_test(tcase, a_scenario_may_come_through_a_pipe_that_somebody_writes_to);
    tcase_add_test(tcase, only_regular_files_are_replaced);
    tcase_add_test(tcase, a_folder_that_is_none_is_refused_before_anything_runs);
    tcase_add_test(tcase, a_trace_that_cannot_be_written_is_found_out_before_the_run);
    tcase_add_test(tcase, any_label_is_drawn);
    tcase_add_test(tcase, a_reason_of_many_lines_is_one_record);
    tcase_add_test(tcase, a_damaged_folder_is_one_line);
    return check_main("ends", tcase, NULL);
}
