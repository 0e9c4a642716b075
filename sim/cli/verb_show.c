#include "sim/cli/shown_values.h"
#include "sim/cli/verb.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/key_sections.h"
#include "sim/specs/scenario_load.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char **settings;
    gboolean json;
    const char *below; /* only what stands there; NULL: all */
} ShowOptions;

/* ---- rows ---- */

enum { COLUMN_MOST = 44 }; /* chosen: a longer text moves the rest of its own line only */

static int
width_of(const char *text)
{
    return (int)g_utf8_strlen(text, -1);
}

static gboolean
is_below(const char *pointer, const char *below)
{
    const gsize length = below ? strlen(below) : 0;

    return length == 0 || (strncmp(pointer, below, length) == 0 && strchr("/", pointer[length]));
}

static void
say_cell(const char *text, int width)
{
    verb_say("%s%*s  ", text, MAX(0, width - width_of(text)), "");
}

/* FALSE: nothing stands below. */
static gboolean
say_rows(const GArray *rows, const char *below)
{
    int pointers = 0, values = 0, from = 0;
    gboolean any = FALSE;

    for (guint i = 0; i < rows->len; i++) {
        const ShownValue *row = &g_array_index(rows, ShownValue, i);
        if (!is_below(row->pointer, below))
            continue;
        pointers = MIN(COLUMN_MOST, MAX(pointers, width_of(row->pointer)));
        values = MIN(COLUMN_MOST, MAX(values, width_of(row->value)));
        from = MIN(COLUMN_MOST, MAX(from, width_of(row->from)));
    }
    for (guint i = 0; i < rows->len; i++) {
        const ShownValue *row = &g_array_index(rows, ShownValue, i);
        if (!is_below(row->pointer, below))
            continue;
        say_cell(row->pointer, pointers);
        say_cell(row->value, values);
        say_cell(row->from, *row->note ? from : 0);
        verb_say("%s\n", row->note);
        any = TRUE;
    }
    return any;
}

/* ---- a profile ---- */

/* The table whose objects name profiles of that folder; NULL: none does. */
static const FieldTable *
table_of(const char *folder)
{
    g_autoptr(GArray) sections = key_sections();

    for (guint i = 0; i < sections->len; i++) {
        const FieldTable *table = g_array_index(sections, KeySection, i).table;
        if (table->profiles && g_str_equal(table->profiles, folder))
            return table;
    }
    return NULL;
}

/* "links/ethernet-1000", or the file of a profile, whose data folder is then looked into first. (out, transfer full) */
static gboolean
is_profile(const char *word, char **data, char **folder, char **name)
{
    g_autofree char *base = g_path_get_basename(word), *above = g_path_get_dirname(word);
    g_autofree char *configs = g_path_get_dirname(above), *last = g_path_get_basename(configs);
    const gboolean is_file = g_str_has_suffix(word, ".json");
    const gboolean in_configs = g_str_equal(last, "configs") && g_file_test(word, G_FILE_TEST_IS_REGULAR);

    if (is_file ? !in_configs : !strchr(word, '/') || g_file_test(word, G_FILE_TEST_IS_REGULAR))
        return FALSE;
    *data = is_file ? g_path_get_dirname(configs) : g_strdup(".");
    *folder = is_file ? g_path_get_basename(above) : g_steal_pointer(&above);
    *name = g_strndup(base, strlen(base) - (is_file ? strlen(".json") : 0));
    return TRUE;
}

static int
show_profile(const char *data, const char *folder, const char *name, const ShowOptions *options)
{
    const FieldTable *table = table_of(folder);
    g_autoptr(GError) error = NULL;

    profile_look_beside((const char *const[]){data, NULL});
    if (!table)
        return verb_complain(
            EXIT_BAD_INPUT,
            "show: no folder \"%s\" in configs/ has profiles, expected one that tandem list profiles shows, or a scenario's file",
            folder);
    g_autoptr(cJSON) values = resolve_profile(table, name, &error);
    if (!values)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (options->json) {
        char *printed = cJSON_Print(values);
        printf("%s\n", printed);
        cJSON_free(printed);
        return EXIT_DONE;
    }
    g_autofree char *file = profile_file(folder, name);
    g_autofree char *text = json_text_line(file, "description");
    g_autoptr(GArray) rows = shown_values(table, values);
    verb_say("%s/%s: %s\n%s\n\n", folder, name, text, file);
    if (!say_rows(rows, options->below))
        return verb_complain(EXIT_BAD_INPUT, "show: %s/%s has nothing at %s", folder, name, options->below);
    return EXIT_DONE;
}

/* ---- a scenario ---- */

static int
show_scenario(const char *path, const ShowOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_load(path, (const char *const *)options->settings, &error);

    if (!scenario)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (options->json) {
        char *printed = cJSON_Print(scenario->resolved);
        printf("%s\n", printed);
        cJSON_free(printed);
        return EXIT_DONE;
    }
    g_autoptr(GArray) rows = shown_values(scenario_table(), scenario->resolved);
    verb_say("%s: %s\n\n", scenario->spec.name, scenario->spec.title);
    if (!say_rows(rows, options->below))
        return verb_complain(EXIT_BAD_INPUT, "show: %s: has nothing at %s, expected a JSON Pointer such as /hosts/0",
                             path, options->below);
    return EXIT_DONE;
}

static int
show(const char *word, const ShowOptions *options)
{
    g_autofree char *data = NULL, *folder = NULL, *name = NULL;

    if (!is_profile(word, &data, &folder, &name))
        return show_scenario(word, options);
    if (options->settings)
        return verb_complain(EXIT_BAD_INPUT, "show: --set is for scenarios, expected none with the profile %s", word);
    return show_profile(data, folder, name, options);
}

int
verb_show(int argc, char **argv)
{
    ShowOptions options = {NULL};
    const GOptionEntry entries[] = {
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings, "put VALUE at a JSON Pointer of the scenario",
         "POINTER=VALUE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json,
         "print what it becomes as JSON, a scenario with all its values", NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(
            entries, "PROFILE|SCENARIO.json [POINTER]",
            "Shows what a profile holds, or what a scenario becomes: each value, where it comes from (the scenario, a "
            "profile, --set, a default), and why it is what it is or what it means. POINTER: only what stands there.",
            &argc, &argv)) {
        options.below = argc > 2 ? argv[2] : NULL;
        if (argc < 2 || argc > 3)
            verb_complain(
                0,
                "show: %d words given, expected a profile such as links/ethernet-1000 or a scenario's file (see tandem show --help)",
                argc - 1);
        else if (options.below && *options.below && *options.below != '/')
            verb_complain(0, "show: %s: is no JSON Pointer, expected one such as /hosts/0", options.below);
        else
            status = show(argv[1], &options);
    }
    g_strfreev(options.settings);
    return status;
}
