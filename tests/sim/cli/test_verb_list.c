/* `tandem list` over a small data folder, text by text. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static char *data; /* a temporary data folder */

static void
put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(data, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);

    ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void
make_data(void)
{
    data = g_dir_make_tmp("tandem-list-XXXXXX", NULL);
    ck_assert_ptr_nonnull(data);
    put("scenarios/labs/b.json", "{\"title\": \"Second\"}");
    put("scenarios/a.json", "{\"title\": \"First\\nline\"}");
    put("scenarios/a.csv", "not a scenario");
    put("scenarios/empty.json", "{}");
    put("configs/links/fast.json", "{\"description\": \"A fast link\"}");
    put("configs/hosts/big.json", "{\"description\": \"A big host\"}");
    put("configs/schema/scenario.schema.json", "{\"description\": \"no profile\"}");
}

static void
remove_data(void)
{
    program_remove(data);
    g_free(data);
}

/* Runs `tandem list WORD` (NULL: without) on the data folder; output and complaint are allocated. */
static int
list(const char *word, char **output, char **complaint)
{
    char *argv[] = {(char *)TANDEM_PROGRAM, (char *)"list", (char *)word, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "TANDEM_DATA", data, TRUE);
    int status;

    environment = g_environ_setenv(environment, "XDG_CONFIG_HOME", "/nonexistent", TRUE);
    ck_assert(g_spawn_sync(data, argv, environment, 0, NULL, NULL, output, complaint, &status, NULL));
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
expect(const char *word, int expected_status, const char *expected, const char *expected_complaint)
{
    g_autofree char *output = NULL;
    g_autofree char *complaint = NULL;

    ck_assert_int_eq(list(word, &output, &complaint), expected_status);
    ck_assert_str_eq(output, expected);
    ck_assert_str_eq(complaint, expected_complaint);
}

#define SCENARIOS                                                                                                      \
    "scenarios/a.json       First line\n"                                                                              \
    "scenarios/empty.json   (no text)\n"                                                                               \
    "scenarios/labs/b.json  Second\n"
#define PROFILES                                                                                                       \
    "hosts/big   A big host\n"                                                                                         \
    "links/fast  A fast link\n"

START_TEST(scenarios_are_listed_by_file_with_their_titles)
{
    expect("scenarios", 0, SCENARIOS, "");
}
END_TEST

START_TEST(a_scenario_that_cannot_be_read_is_listed_with_the_reason)
{
    put("scenarios/c.json", "{");
    g_autofree char *expected =
        g_strdup_printf("scenarios/a.json       First line\n"
                        "scenarios/c.json       %s/scenarios/c.json: line 1, column 2: the text "
                        "ends too early, expected a key in double quotes\n"
                        "scenarios/empty.json   (no text)\n"
                        "scenarios/labs/b.json  Second\n",
                        data);

    expect("scenarios", 0, expected, "");
}
END_TEST

START_TEST(profiles_are_listed_as_scenarios_name_them)
{
    expect("profiles", 0, PROFILES, "");
}
END_TEST

START_TEST(everything_is_listed_under_headings)
{
    g_autofree char *output = NULL;
    g_autofree char *complaint = NULL;
    const char *const start = "scenarios\n\n" SCENARIOS "\nprofiles, FOLDER/NAME in configs/\n\n" PROFILES
                              "\nkeys of a scenario, OBJECT.KEY; OBJECT.WORD.KEY where the object's kind is that word\n"
                              "\nscenario.extends ";
    const char *const next = "\n\nmetrics of a run (NAME: what the scenario calls it; LEG: vm, vtpm or joint)\n"
                             "\nrun.end_s ";

    ck_assert_int_eq(list(NULL, &output, &complaint), 0);
    ck_assert_int_eq(strncmp(output, start, strlen(start)), 0);
    ck_assert_ptr_nonnull(strstr(output, next));
}
END_TEST

/* A key with bounds and a default, one of a kind that is required, one that may be absent. */
START_TEST(keys_are_listed_with_what_they_take_and_what_holds_without_them)
{
    g_autofree char *output = NULL;
    g_autofree char *complaint = NULL;

    ck_assert_int_eq(list("keys", &output, &complaint), 0);
    ck_assert_ptr_nonnull(
        strstr(output, "  guest memory (a size such as \"512MiB\"; at least 64KiB; at most 16TiB), default 512MiB\n"));
    ck_assert_ptr_nonnull(strstr(output, "\naction.migrate.vm  "));
    ck_assert_ptr_nonnull(strstr(output, "  the VM to migrate (a name in /guests), required\n"));
    ck_assert_ptr_nonnull(strstr(output, "  absent: derived from the name (text)\n"));
}
END_TEST

/* Every kind can be listed, and the kinds are told. */
START_TEST(each_kind_has_its_list)
{
    static const char *const rows[][2] = {
        {"links", "links/fast  A fast link\n"},
        {"cards", ""},
        {"templates", "simple  A template\n"},
        {"papers", "vm-vtpm"},
        {"claims", "table-1  mine: it does so\n"},
        {"parameters", "mine/rate  fitted: to table 4\n"},
        {"actions", "\nfail-link "},
        {"verbs", "\nlist "},
    };
    g_autofree char *kinds = NULL, *said = NULL;

    put("scenarios/templates/simple.json", "{\"title\": \"A template\"}");
    put("configs/claims/mine.json", "{\"mechanisms\": [{\"claims\": [\"table-1\"], \"mechanism\": \"it does so\"}]}");
    put("configs/parameters/mine.json",
        "{\"parameters\": [{\"name\": \"rate\", \"kind\": \"fitted\", \"source\": \"to table 4\"}]}");
    ck_assert_int_eq(list("kinds", &kinds, &said), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *output = NULL, *complaint = NULL;
        ck_assert_int_eq(list(rows[i][0], &output, &complaint), 0);
        ck_assert_msg(strstr(output, rows[i][1]) != NULL, "list %s: %s", rows[i][0], output);
        ck_assert_ptr_nonnull(strstr(kinds, rows[i][0]));
    }
}
END_TEST

START_TEST(an_unknown_list_is_refused)
{
    g_autofree char *output = NULL;
    g_autofree char *complaint = NULL;

    ck_assert_int_eq(list("metric", &output, &complaint), 2);
    ck_assert(g_str_has_prefix(complaint, "tandem: list: no list \"metric\", expected one of "));
    ck_assert(g_str_has_suffix(complaint, " (did you mean \"metrics\"?)\n"));
    ck_assert_str_eq(output, "");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verb_list");

    tcase_add_checked_fixture(tcase, make_data, remove_data);
    tcase_add_test(tcase, scenarios_are_listed_by_file_with_their_titles);
    tcase_add_test(tcase, a_scenario_that_cannot_be_read_is_listed_with_the_reason);
    tcase_add_test(tcase, profiles_are_listed_as_scenarios_name_them);
    tcase_add_test(tcase, everything_is_listed_under_headings);
    tcase_add_test(tcase, keys_are_listed_with_what_they_take_and_what_holds_without_them);
    tcase_add_test(tcase, each_kind_has_its_list);
    tcase_add_test(tcase, an_unknown_list_is_refused);
    return check_main("verb_list", tcase, NULL);
}
