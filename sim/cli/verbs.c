#include "sim/cli/verbs.h"

#include "sim/cli/verb.h"

const Verb verbs[] = {
    {"run", verb_run, "SCENARIO.json [--set POINTER=VALUE]... [--seed N] [--out DIR] [--json]",
     "one run: a summary on the screen, files in DIR"},
    {"check", verb_check, "SCENARIO.json... [--set POINTER=VALUE]... [--all]", "reads and validates only"},
    {"show", verb_show, "PROFILE|SCENARIO.json [POINTER] [--set POINTER=VALUE]... [--json]",
     "what a profile holds, or what a scenario becomes, and where each value comes from"},
    {"new", verb_new, "TEMPLATE [FILE]", "a scenario to begin with, from a commented template"},
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
    {"report", verb_report, "DIR [--out FILE] [--lang en|zh]",
     "one HTML page about a run, sweep, reproduction, validation or study"},
    {"list", verb_list, "[KIND]",
     "what there is of scenarios, profiles, templates, keys, metrics, …, with one line each"},
    {"schema", verb_schema, "[scenario|sweep]", "the JSON Schema of scenario or sweep files, for editors"},
    {"man", verb_man, "[VERB] [--out DIR]", "a manual page, made of the text that --help prints"},
    {"completion", verb_completion, "bash|zsh", "what completes commands in a shell"},
    {NULL, NULL, NULL, NULL},
};

const Verb *
verbs_find(const char *word)
{
    for (const Verb *verb = verbs; verb->word; verb++)
        if (g_str_equal(word, verb->word))
            return verb;
    return NULL;
}

const char *
verbs_exit_status(int status)
{
    static const char *const words[] = {
        [EXIT_DONE] = "done",
        [EXIT_CLAIM_FAILED] = "a claim or an invariant failed",
        [EXIT_BAD_INPUT] = "bad usage or bad input",
        [EXIT_OTHER] = "anything else",
    };

    return words[status];
}
