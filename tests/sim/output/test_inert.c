/* Texts of others act nowhere: not on a terminal, in a spreadsheet, a browser or a shell. */
#include "sim/output/inert.h"

#include "sim/output/csv.h"
#include "sim/output/result.h"
#include "sim/scenario/json_text.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

/* Colours, a bell, one of C1's, a turned direction, no width, a line's separator. As JSON writes it, and as the shell.
 */
#define EVIL_JSON  "\\u001b[31m\\u0007\\u009b2J\\u202egnp\\u200b\\u2028\\r\\nfake: ok"
#define EVIL_BYTES "\033[31m\007\302\2332J\342\200\256gnp\342\200\213\342\200\250\r\nfake: ok"
#define SHOWN      "\\u001b[31m\\u0007\\u009b2J\\u202egnp\\u200b\\u2028\\u000d\\u000afake: ok"

#define SCENARIO                                                                                                       \
    "{\"name\": \"s\", \"title\": \"" EVIL_JSON "\", \"description\": \"<script>alert(1)</script>" EVIL_JSON "\","     \
    " \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"    \
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"4MiB\"}],"                                        \
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\"}],"                           \
    " \"sweep\": {\"axes\": [{\"pointer\": \"/title\", \"values\": [\"1\", \"2\"],"                                    \
    "   \"labels\": [\"" EVIL_JSON "\", \"=1+1\"]}]}}"

static char *folder; /* of one test */

static void
set_up(void)
{
    folder = program_folder();
    program_write(folder, "s.json", SCENARIO);
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

/* What is printed holds nothing that a terminal obeys but newlines and tabs. */
static void
expect_inert(const char *text, const char *what)
{
    ck_assert_msg(g_utf8_validate(text, -1, NULL), "%s: no UTF-8", what);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        const gunichar c = g_utf8_get_char(p);
        ck_assert_msg(c == '\n' || c == '\t' || (g_unichar_isprint(c) && c != 0x2028), "%s prints U+%04X: %s", what, c,
                      text);
    }
}

static void
expect_inert_run(int status, const char *words)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_msg(ended.status == status, "tandem %s: status %d: %s", words, ended.status, ended.err);
    expect_inert(ended.out, words);
    expect_inert(ended.err, words);
    if (status != 0)
        ck_assert_msg(strchr(ended.err, '\n') == ended.err + strlen(ended.err) - 1, "not one line: %s", ended.err);
}

START_TEST(what_is_not_printed_is_named)
{
    static const char *const rows[][2] = {{"plain 终端 é", "plain 终端 é"},
                                          {EVIL_BYTES, SHOWN},
                                          {"soft\302\255hyphen", "soft\\u00adhyphen"},
                                          {"\342\201\246isolate\342\201\251", "\\u2066isolate\\u2069"},
                                          {"\357\273\277bom", "\\ufeffbom"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *line = inert_line(rows[i][0]);
        ck_assert_str_eq(line, rows[i][1]);
    }
    g_autofree char *text = inert_text("a\n\tb\rc");
    ck_assert_str_eq(text, "a\n\tb\\u000dc");
}
END_TEST

START_TEST(no_text_of_a_table_is_a_formula)
{
    static const char *const rows[][2] = {
        {"=1+1", "'=1+1"},     {"+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
        {"-2+3", "'-2+3"},     {"@SUM(1,2)", "\"'@SUM(1,2)\""},
        {"\t=1", "\\u0009=1"}, {"\r=1", "\\u000d=1"},
        {"-5", "-5"},          {"+0.5e3", "+0.5e3"},
        {"-", "'-"},           {"'=1", "''=1"},
        {"'90s", "'90s"},      {"＝1", "'＝1"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *cell = csv_quote(rows[i][0]);
        ck_assert_str_eq(cell, rows[i][1]);
        g_auto(GStrv) split = csv_split(cell);
        if (rows[i][0][0] != '\t' && rows[i][0][0] != '\r') /* controls stay as they are shown */
            ck_assert_str_eq(split[0], rows[i][0]);
    }
}
END_TEST

/* A label turns nothing around, in what is written or drawn; and the figures' code finds it again. */
START_TEST(nothing_acts_in_tables_and_figures)
{
    static const char *const files[] = {"points.csv", "summary.csv", "figures/lines-migration.vm.total_s.svg",
                                        "figures/lines-migration.vm.total_s.gp"};
    g_auto(Ended) sweep = program_run("sweep %s/s.json --out %s/o -q", folder, folder);
    g_auto(Ended) plot = program_run("plot %s/o --format svg", folder);

    ck_assert_msg(sweep.status == 0 && plot.status == 0, "%s%s", sweep.err, plot.err);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *name = g_build_filename("o", files[i], NULL), *text = program_read(folder, name);
        expect_inert(text, files[i]);
        ck_assert_msg(strstr(text, "\\u001b[31m"), "%s: %s", files[i], text); /* of a long label its begin */
    }
}
END_TEST

START_TEST(nothing_acts_on_a_terminal)
{
    const char *const words[] = {"run %s/s.json", "check %s/s.json", "sweep %s/s.json --list",
                                 "sweep %s/s.json --point 1"};
    const char *const paths[] = {"run '%s/" EVIL_BYTES ".json'",
                                 "check '%s/" EVIL_BYTES ".json'",
                                 "report '%s/" EVIL_BYTES "'",
                                 "merge '%s/" EVIL_BYTES "' --out x",
                                 "sweep '%s/" EVIL_BYTES ".json' --list",
                                 "run '%s/s.json' --set '/title/" EVIL_BYTES "=1'",
                                 "run '%s/s.json' --set '/guests/0/host=" EVIL_BYTES "'",
                                 "'" EVIL_BYTES "' '%s'"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *line = g_strdup_printf(words[i], folder);
        expect_inert_run(0, line);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *line = g_strdup_printf(paths[i], folder);
        expect_inert_run(2, line);
    }
    g_autofree char *out = g_strdup_printf("run %s/s.json --out '%s/" EVIL_BYTES "'", folder, folder);
    expect_inert_run(0, out);
}
END_TEST

START_TEST(a_line_of_the_summary_is_one_line)
{
    g_autoptr(cJSON) scenario = cJSON_CreateObject();
    g_autoptr(Result) result = result_new(scenario, 1);

    result_say(result, "one: %s", "a\nended at 0 s");
    result_say_one(result, "things", "two: %s", "b\nended at 0 s");
    ck_assert_str_eq(result_said(result), "one: a\\u000aended at 0 s\ntwo: b\\u000aended at 0 s\n");
}
END_TEST

/* A second line about a thing makes no second thing of it. */
START_TEST(things_that_are_not_said_are_counted_once)
{
    g_autoptr(cJSON) scenario = cJSON_CreateObject();
    g_autoptr(Result) result = result_new(scenario, 1);

    for (guint i = 0; i < RESULT_SAID_MAX + 2; i++) {
        result_say_one(result, "things", "thing %u", i);
        result_say_also(result, "  its length");
    }
    const char *said = result_said(result);
    ck_assert_ptr_nonnull(strstr(said, "thing 19\n  its length\nand 2 more things (result.json has them)\n"));
    ck_assert_ptr_null(strstr(said, "thing 20"));
}
END_TEST

#define FOREIGN "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(document.domain)</script></svg>"

static guint
occurrences(const char *text, const char *what)
{
    guint n = 0;

    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

/* But its own script, which the page's policy names by its digest. */
START_TEST(a_report_holds_nothing_that_runs)
{
    g_auto(Ended) run = program_run("run %s/s.json --out %s/o", folder, folder);
    ck_assert_int_eq(run.status, 0);
    program_write(folder, "o/evil.svg", FOREIGN);
    program_write(folder, "o/\" onerror=\"x.svg", FOREIGN);
    g_auto(Ended) report = program_run("report %s/o", folder);
    g_autofree char *page = program_read(folder, "o/report.html");

    ck_assert_int_eq(report.status, 0);
    ck_assert_ptr_null(strstr(page, "<script>alert"));
    ck_assert_ptr_nonnull(
        strstr(page, "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"));
    ck_assert_uint_eq(occurrences(page, "<script"), 1 + occurrences(page, "<script type=\"application/json\""));
    ck_assert_ptr_null(strstr(page, "<svg"));
    ck_assert_ptr_null(strstr(page, "alt=\"\" onerror"));
    ck_assert_ptr_null(strstr(page, "<img")); /* tandem plot drew neither */
    ck_assert(strstr(page, "<li>evil.svg: not shown"));
    expect_inert(page, "the report");
    ck_assert(strstr(page, "\\u202e"));
}
END_TEST

START_TEST(what_a_reader_pastes_is_words)
{
    static const char *const forgeries[] = {"\"tandem sweep x; touch owned", "\"touch owned", "\"tandem sweep 'x",
                                            "\"tandem sweep $(touch owned) "};

    for (gsize i = 0; i < G_N_ELEMENTS(forgeries); i++) {
        g_auto(Ended) swept = program_run("sweep %s/s.json --out %s/o%zu -q", folder, folder, i);
        ck_assert_int_eq(swept.status, 0);
        g_autofree char *name = g_strdup_printf("o%zu/manifest.json", i),
                        *html = g_strdup_printf("o%zu/report.html", i);
        g_autofree char *manifest = program_read(folder, name);
        g_auto(GStrv) parts = g_strsplit(manifest, "\"tandem sweep ", 0);
        g_autofree char *forged = g_strjoinv(forgeries[i], parts);
        ck_assert_uint_eq(g_strv_length(parts), 2);
        program_write(folder, name, forged);
        g_auto(Ended) report = program_run("report %s/o%zu", folder, i);
        g_autofree char *page = program_read(folder, html);
        ck_assert_int_eq(report.status, 0);
        ck_assert(strstr(page, "<pre>tandem sweep FILE --out DIR"));
    }
}
END_TEST

START_TEST(a_job_s_script_runs_nothing_else)
{
    static const char *const refused[] = {"--out '%s/a\nrm -rf x'", "--out '%s/a\"b'", "--out '%s/%%a'",
                                          "--out '%s/o' --set '/title=a\nb'",
                                          "--out '%s/o' --slurm '--time=1\nreboot'"};

    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *options = g_strdup_printf(refused[i], folder);
        g_autofree char *words = g_strdup_printf("sweep %s/s.json --engine slurm --dry-run %s", folder, options);
        expect_inert_run(2, words);
    }
    /* the script's own line, run by a shell with echo for the program, prints the words as they were given */
    g_auto(Ended) ended = program_run("sweep %s/s.json --engine slurm --dry-run --out \"%s/\\$(touch owned) '`;&\" "
                                      "--set \"/title=it's \\$HOME; x\"",
                                      folder, folder);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    const char *line = strstr(ended.out, "\nexec ");
    ck_assert_ptr_nonnull(line);
    g_auto(GStrv) argv = NULL;
    ck_assert(g_shell_parse_argv(line + strlen("\nexec "), NULL, &argv, NULL));
    g_autofree char *out = g_strdup_printf("%s/$(touch owned) '`;&/shards/$SLURM_ARRAY_TASK_ID", folder);
    ck_assert(g_strv_contains((const char *const *)argv, out));
    ck_assert(g_strv_contains((const char *const *)argv, "/title=it's $HOME; x"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("inert");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_set_timeout(tcase, 100);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, what_is_not_printed_is_named);
    tcase_add_test(tcase, no_text_of_a_table_is_a_formula);
    tcase_add_test(tcase, nothing_acts_in_tables_and_figures);
    tcase_add_test(tcase, nothing_acts_on_a_terminal);
    tcase_add_test(tcase, a_line_of_the_summary_is_one_line);
    tcase_add_test(tcase, things_that_are_not_said_are_counted_once);
    tcase_add_test(tcase, a_report_holds_nothing_that_runs);
    tcase_add_test(tcase, what_a_reader_pastes_is_words);
    tcase_add_test(tcase, a_job_s_script_runs_nothing_else);
    return check_main("inert", tcase, NULL);
}
