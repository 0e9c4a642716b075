/* The committed schemas are what the tables give, and every committed scenario names its own. After a change of a table
 * or a new profile: TANDEM_UPDATE=1 build/dev/tests/test_scenario_schema */
#include "sim/scenario/json_text.h"
#include "sim/scenario/schema.h"
#include "sim/specs/scenario_spec.h"
#include "tests/check_main.h"

#define SCHEMAS TANDEM_SOURCE_DIR "/configs/schema/"

static void
compare(const FieldTable *table, const char *title, const char *file)
{
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_autofree char *made = schema_text(table, title);
    g_autofree char *committed = NULL;

    if (g_getenv("TANDEM_UPDATE"))
        ck_assert(g_file_set_contents(file, made, -1, NULL));
    ck_assert_msg(g_file_get_contents(file, &committed, NULL, NULL), "no %s", file);
    ck_assert_msg(g_str_equal(made, committed), "%s is out of date; update it with TANDEM_UPDATE=1", file);
}

START_TEST(the_committed_schemas_are_what_the_tables_give)
{
    compare(scenario_table(), "tandem scenario", SCHEMAS "scenario.schema.json");
    compare(&sweep_file_table, "tandem sweep file", SCHEMAS "sweep.schema.json");
}
END_TEST

/* Where the file's "$schema" leads. */
static void
check_schema_of(const char *file)
{
    g_autoptr(cJSON) tree = json_text_load(file, NULL);
    const char *named = cJSON_GetStringValue(cJSON_GetObjectItem(tree, "$schema"));
    g_autofree char *folder = g_path_get_dirname(file);
    g_autofree char *path = g_canonicalize_filename(named ? named : "", folder);
    const char *expected =
        cJSON_GetObjectItem(tree, "scenario") ? SCHEMAS "sweep.schema.json" : SCHEMAS "scenario.schema.json";

    ck_assert_msg(g_str_equal(path, expected), "%s: \"$schema\" leads to %s, expected %s", file, path, expected);
}

static guint
check_schemas_below(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint n = 0;

    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            n += check_schemas_below(path);
        else if (g_str_has_suffix(name, ".json"))
            check_schema_of(path), n++;
    }
    return n;
}

START_TEST(every_committed_scenario_names_its_schema)
{
    ck_assert_uint_ge(check_schemas_below(TANDEM_SOURCE_DIR "/scenarios"), 70);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("scenario_schema");

    tcase_add_test(tcase, the_committed_schemas_are_what_the_tables_give);
    tcase_add_test(tcase, every_committed_scenario_names_its_schema);
    return check_main("scenario_schema", tcase, NULL);
}
