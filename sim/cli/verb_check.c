#include "sim/cli/verb.h"
#include "sim/specs/scenario_load.h"

/* Prints all that is wrong with a scenario that was refused, of which error is the first. A result's scenario, which
 * was whole when it was run, has one mistake: that of whoever changed it. */
static void
complain_of_all(const char *path, const char *const *settings, const GError *error)
{
    g_autoptr(GPtrArray) mistakes = scenario_load_mistakes(path, settings);

    for (guint i = 0; i < mistakes->len; i++)
        verb_complain(0, "%s", (const char *)g_ptr_array_index(mistakes, i));
    if (mistakes->len == 0)
        verb_fail(0, error);
}

static int
check(const char *path, const char *const *settings, gboolean all)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) warnings = NULL;
    g_autoptr(Scenario) scenario = scenario_load_warned(path, settings, &warnings, &error);

    for (guint w = 0; scenario && w < warnings->len; w++)
        verb_complain(0, "warning: %s: %s", path, (const char *)g_ptr_array_index(warnings, w));
    if (scenario)
        verb_say("%s: ok\n", path);
    else if (all)
        complain_of_all(path, settings, error);
    else
        verb_fail(0, error);
    return scenario ? EXIT_DONE : EXIT_BAD_INPUT;
}

int
verb_check(int argc, char **argv)
{
    char **settings = NULL;
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &settings, "put VALUE at a JSON Pointer of each scenario",
         "POINTER=VALUE"},
        {"all", 'a', 0, G_OPTION_ARG_NONE, &all, "show all that is wrong with a scenario, not only the first mistake",
         NULL},
        {NULL},
    };
    int status = EXIT_DONE;

    if (!verb_parse(entries, "SCENARIO.json...",
                    "Reads and validates scenarios without running them; warns of migrations that cannot complete.",
                    &argc, &argv))
        return EXIT_BAD_INPUT;
    if (argc < 2)
        status = verb_complain(EXIT_BAD_INPUT, "check: no scenario given (see tandem check --help)");
    for (int i = 1; all && i < argc; i++)
        if (g_str_equal(argv[i], "-"))
            status = verb_complain(EXIT_BAD_INPUT, "check: --all reads a scenario again, expected a file instead of -");
    for (int i = 1; i < argc && (i > 1 || status == EXIT_DONE); i++)
        if (check(argv[i], (const char *const *)settings, all) != EXIT_DONE)
            status = EXIT_BAD_INPUT;
    g_strfreev(settings);
    return status;
}
