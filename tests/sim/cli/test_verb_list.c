/* `tandem list` over a small data folder, text by text. */
#include "tests/check_main.h"

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
    static const char *const files[] = {
        "scenarios/labs/b.json",
        "scenarios/a.json",
        "scenarios/a.csv",
        "scenarios/empty.json",
        "configs/links/fast.json",
        "configs/hosts/big.json",
        "scenarios/labs",
        "scenarios",
        "configs/links",
        "configs/hosts",
        "scenarios/c.json",
        "configs/schema/scenario.schema.json",
        "configs/schema",
        "configs",
        ".",
    };

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(data, files[i], NULL);
        (void)g_remove(path);
    }
    (void)g_rmdir(data);
    g_free(data);
}

/* Runs `tandem list WORD` (NULL: without) on the data folder; output and complaint are allocated. */
static int
list(const char *word, char **output, char **complaint)
{
    char *argv[] = {(char *)TANDEM_PROGRAM, (char *)"list", (char *)word, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "TANDEM_DATA", data, TRUE);
    int status;

    ck_assert(g_spawn_sync(NULL, argv, environment, 0, NULL, NULL, output, complaint, &status, NULL));
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
                              "\nscenario.name ";
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

START_TEST(an_unknown_list_is_refused)
{
    expect("cards", 2, "", "tandem: list: no list \"cards\", expected scenarios, profiles, keys, metrics or tables\n");
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
    tcase_add_test(tcase, an_unknown_list_is_refused);
    return check_main("verb_list", tcase, NULL);
}
