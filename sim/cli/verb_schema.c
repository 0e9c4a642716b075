#include "sim/cli/verb.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/schema.h"
#include "sim/specs/scenario_spec.h"

#include <stdio.h>

int
verb_schema(int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL}};

    if (!verb_parse(
            entries, "[scenario|sweep]",
            "Prints the JSON Schema of scenario files, or of sweep files, for editors. The profiles that it names are "
            "those that a scenario in this folder finds.",
            &argc, &argv))
        return EXIT_BAD_INPUT;
    const gboolean of_sweep = argc == 2 && g_str_equal(argv[1], "sweep");
    if (argc > 2 || (argc == 2 && !of_sweep && !g_str_equal(argv[1], "scenario")))
        return verb_complain(EXIT_BAD_INPUT,
                             "schema: \"%s\" is none of the schemas, expected scenario or sweep, or nothing",
                             argv[argc > 2 ? 2 : 1]);
    profile_look_beside((const char *const[]){".", NULL});
    g_autofree char *text = of_sweep ? schema_text(&sweep_file_table, "tandem sweep file")
                                     : schema_text(scenario_table(), "tandem scenario");
    fputs(text, stdout);
    return EXIT_DONE;
}
