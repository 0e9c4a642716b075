#include "sim/cli/verb.h"
#include "sim/scenario/schema.h"
#include "sim/specs/scenario_spec.h"

#include <stdio.h>

int
verb_schema(int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL}};

    if (!verb_parse(entries, "", "Prints the JSON Schema of scenario files, for editors.", &argc, &argv))
        return EXIT_BAD_INPUT;
    if (argc > 1)
        return verb_complain(EXIT_BAD_INPUT, "schema: \"%s\" says nothing to it, expected no word behind it", argv[1]);
    g_autofree char *text = schema_text(scenario_table(), "tandem scenario");
    fputs(text, stdout);
    return EXIT_DONE;
}
