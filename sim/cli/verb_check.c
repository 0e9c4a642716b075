#include "sim/cli/verb.h"
#include "sim/specs/scenario_load.h"

#include <stdio.h>

int
verb_check(int argc, char **argv)
{
    char **settings = NULL;
    const GOptionEntry entries[] = {
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &settings, "put VALUE at a JSON Pointer of each scenario",
         "POINTER=VALUE"},
        {NULL},
    };
    int status = EXIT_DONE;

    if (!verb_parse(entries, "SCENARIO.json...",
                    "Reads and validates scenarios without running them; warns of migrations that cannot complete.",
                    &argc, &argv))
        return EXIT_BAD_INPUT;
    if (argc < 2)
        status = verb_complain(EXIT_BAD_INPUT, "check: no scenario given (see tandem check --help)");
    for (int i = 1; i < argc; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) warnings = NULL;
        g_autoptr(Scenario) scenario = scenario_load_warned(argv[i], (const char *const *)settings, &warnings, &error);
        for (guint w = 0; scenario && w < warnings->len; w++)
            verb_complain(0, "warning: %s: %s", argv[i], (const char *)g_ptr_array_index(warnings, w));
        if (scenario)
            verb_say("%s: ok\n", argv[i]);
        else
            status = verb_fail(EXIT_BAD_INPUT, error);
    }
    g_strfreev(settings);
    return status;
}
