/* Every scenario of scenarios/examples/ gives the metrics and invariants in tests/golden/examples/, byte by byte.
 * After a change that is meant to move them: TANDEM_UPDATE=1 build/dev/tests/test_examples, and look at the diff. */
#include "sim/output/exact.h"
#include "tests/check_main.h"

#include <cjson/cJSON.h>
#include <glib.h>
#include <string.h>

#define EXAMPLES TANDEM_SOURCE_DIR "/scenarios/examples"
#define GOLDEN   TANDEM_SOURCE_DIR "/tests/golden/examples"

static char **names;

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The JSON files of a folder without their suffix, sorted, NULL at the end. */
static char **
json_names(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *found = g_ptr_array_new();
    const char *entry;

    while (dir && (entry = g_dir_read_name(dir)))
        if (g_str_has_suffix(entry, ".json"))
            g_ptr_array_add(found, g_strndup(entry, strlen(entry) - strlen(".json")));
    g_ptr_array_sort(found, compare_names);
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(found, FALSE);
}

/* What `tandem run --json` prints; the run must have ended well. */
static char *
run_example(const char *name)
{
    g_autofree char *file = g_strconcat(EXAMPLES "/", name, ".json", NULL);
    char *argv[] = {(char *)TANDEM_PROGRAM, (char *)"run", (char *)"--json", file, NULL};
    char *output = NULL;
    g_autofree char *complaint = NULL;
    int status;

    ck_assert(g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, &output, &complaint, &status, NULL));
    ck_assert_msg(g_spawn_check_wait_status(status, NULL), "%s: %s", name, complaint);
    return output;
}

/* The part of result.json that is kept: small, and free of the program's version. */
static char *
golden_part(const char *json)
{
    cJSON *result = cJSON_Parse(json);
    ck_assert_ptr_nonnull(result);
    cJSON *kept = cJSON_CreateObject();

    cJSON_AddItemToObject(kept, "metrics", cJSON_DetachItemFromObjectCaseSensitive(result, "metrics"));
    cJSON_AddItemToObject(kept, "invariants", cJSON_DetachItemFromObjectCaseSensitive(result, "invariants"));
    g_autofree char *printed = exact_print(kept, TRUE);
    char *text = g_strconcat(printed, "\n", NULL);
    cJSON_Delete(kept);
    cJSON_Delete(result);
    return text;
}

START_TEST(gives_the_golden_metrics)
{
    const char *name = names[_i];
    g_autofree char *output = run_example(name);
    g_autofree char *got = golden_part(output);
    g_autofree char *file = g_strconcat(GOLDEN "/", name, ".json", NULL);
    g_autofree char *expected = NULL;

    if (g_getenv("TANDEM_UPDATE"))
        ck_assert(g_file_set_contents(file, got, -1, NULL));
    ck_assert_msg(g_file_get_contents(file, &expected, NULL, NULL), "no %s: make it with TANDEM_UPDATE=1", file);
    ck_assert_msg(g_str_equal(got, expected), "%s: the metrics differ from %s", name, file);
}
END_TEST

START_TEST(every_golden_file_has_its_scenario)
{
    g_auto(GStrv) golden = json_names(GOLDEN);

    for (guint i = 0; golden[i]; i++)
        ck_assert_msg(g_strv_contains((const char *const *)names, golden[i]), "%s has no scenario", golden[i]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("examples");

    names = json_names(EXAMPLES);
    g_assert(names[0]);
    tcase_add_loop_test(tcase, gives_the_golden_metrics, 0, (int)g_strv_length(names));
    tcase_add_test(tcase, every_golden_file_has_its_scenario);
    const int status = check_main("examples", tcase, NULL);
    g_strfreev(names);
    return status;
}
