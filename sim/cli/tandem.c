#include "sim/cli/tandem.h"

#include "sim/cli/verb.h"
#include "sim/run/fatal.h"
#include "sim/scenario/provenance.h"
#include "sim/version.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *word;
    int (*act)(int argc, char **argv);
    const char *arguments;
    const char *about;
} Verb;

static const Verb verbs[] = {
    {"run", verb_run, "SCENARIO.json [--set POINTER=VALUE]... [--seed N] [--out DIR] [--json]",
     "one run: a summary on the screen, files in DIR"},
    {"check", verb_check, "SCENARIO.json... [--set POINTER=VALUE]...", "reads and validates only"},
    {"reproduce", verb_reproduce, "[PAPER...] [--out DIR] [-j N]",
     "the papers' claims as a table, their data in DIR; exit 1 when one fails"},
    {"validate", verb_validate, "DIR [--out DIR] [--set POINTER=VALUE]... [-j N]",
     "measured migrations and shared crypto services against their predictions: a table, CSV in DIR"},
    {"sensitivity", verb_sensitivity, "[WHAT...] [--by PERCENT] [--parameter NAME]... [--seeds N] [--out DIR] [-j N]",
     "what claims and predictions hang on: every fitted or assumed parameter a little lower and higher"},
    {"sweep", verb_sweep, "FILE --out DIR [-j N] [--engine local|slurm] [--resume]",
     "many runs over axes of values; tables and intervals in DIR"},
    {"merge", verb_merge, "DIR... --out DIR", "shards of a sweep into one"},
    {"plot", verb_plot, "DIR [--metric NAME] [--x PARAMETER] [--by PARAMETER] [--log x|y|xy] [--lang en|zh]",
     "figures of a run, a sweep, a reproduction or a validation, in DIR"},
    {"report", verb_report, "DIR [--out FILE] [--lang en|zh]", "one HTML page about a run, a sweep or a reproduction"},
    {"list", verb_list, "[scenarios|profiles|keys|metrics|tables]", "what there is, with one line each"},
    {"schema", verb_schema, "", "the JSON Schema of scenario files, for editors"},
};

static void
print_help(FILE *to)
{
    fprintf(to,
            "tandem %s: simulates live migration of VMs with their vTPMs, shared crypto cards and inter-VM sockets\n\n"
            "Usage: tandem VERB ...\n\n",
            tandem_version());
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        fprintf(to, "  tandem %s%s%s\n      %s\n", verbs[i].word, *verbs[i].arguments ? " " : "", verbs[i].arguments,
                verbs[i].about);
    fprintf(to, "\n`tandem VERB --help` explains a verb. Exit status: 0 done, 1 a claim or an invariant failed,\n"
                "2 bad usage or bad input, 3 anything else.\n");
}

static int
complain_of_verb(const char *word)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_string_append_printf(known, "%s%s", i == 0 ? "" : i + 1 < G_N_ELEMENTS(verbs) ? ", " : " or ", verbs[i].word);
    return verb_complain(EXIT_BAD_INPUT, "no verb \"%s\", expected %s (see tandem --help)", word, known->str);
}

static int
act(int argc, char **argv)
{
    if (argc >= 2 && g_str_equal(argv[1], "--version")) {
        printf("tandem %s (SimGrid %s)\n", tandem_version(), tandem_simgrid_version());
        return EXIT_DONE;
    }
    if (argc >= 2 && (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h"))) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (argc < 2) {
        print_help(stderr);
        return EXIT_BAD_INPUT;
    }
    provenance_begin(argc - 1, argv + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (g_str_equal(argv[1], verbs[i].word))
            return verbs[i].act(argc - 1, argv + 1);
    return complain_of_verb(argv[1]);
}

/* Messages and results are UTF-8, so that another word could be repeated by neither. */
static int
complain_of_encoding(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!g_utf8_validate(argv[i], -1, NULL))
            return verb_complain(EXIT_BAD_INPUT, "argument %d, \"%s\": is no text in UTF-8, expected UTF-8", i,
                                 argv[i]);
    return EXIT_DONE;
}

int
tandem_main(int argc, char **argv)
{
    fatal_install();
    setlocale(LC_CTYPE, ""); /* numbers stay in the C locale: results are the same everywhere */
    const int status = complain_of_encoding(argc, argv);
    return verb_end(status == EXIT_DONE ? act(argc, argv) : status);
}
