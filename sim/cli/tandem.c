#include "sim/cli/tandem.h"

#include "sim/cli/verb.h"
#include "sim/cli/verbs.h"
#include "sim/run/fatal.h"
#include "sim/scenario/provenance.h"
#include "sim/version.h"

#include <locale.h>
#include <stdio.h>

static void
print_help(FILE *to)
{
    fprintf(to,
            "tandem %s: " VERBS_ABOUT "\n\n"
            "Usage: tandem VERB ...\n\n",
            tandem_version());
    for (const Verb *verb = verbs; verb->word; verb++)
        fprintf(to, "  tandem %s%s%s\n      %s\n", verb->word, *verb->arguments ? " " : "", verb->arguments,
                verb->about);
    fprintf(to, "\n`tandem VERB --help` explains a verb. Exit status:");
    for (int status = EXIT_DONE; status <= EXIT_OTHER; status++)
        fprintf(to, "%s%d %s%s", status == EXIT_BAD_INPUT ? "\n" : " ", status, verbs_exit_status(status),
                status < EXIT_OTHER ? "," : ".\n");
}

static int
complain_of_verb(const char *word)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (const Verb *verb = verbs; verb->word; verb++)
        g_string_append_printf(known, "%s%s", verb == verbs ? "" : verb[1].word ? ", " : " or ", verb->word);
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
    const Verb *verb = verbs_find(argv[1]);
    return verb ? verb->act(argc - 1, argv + 1) : complain_of_verb(argv[1]);
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
