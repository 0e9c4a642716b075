#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/folder.h"
#include "sim/sensitivity/study_tables.h"
#include "sim/sensitivity/study_text.h"
#include "sim/validate/case_folder.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CASES_LIST "validation" /* the parameters behind predictions of measured cases */

typedef struct {
    char *folder;
    char **parameters;
    char *by;
    double by_percent;
    int workers, seeds;
    gboolean quiet;
} SensitivityOptions;

/* Of the terminal; 160 when the output is a file. */
static guint
terminal_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 160;
}

/* Its tables go to a folder of the target's name. */
static int
report(const Study *study, FileSet *files)
{
    g_autofree char *text = study_text(study, terminal_columns());
    g_autoptr(FileSet) own = files_new();

    verb_say("%s", text);
    study_tables_take_files(study, own);
    files_take_all(files, study->target.name, own);
    return EXIT_DONE;
}

static int
study_target(const Target *target, const SensitivityOptions *options, FileSet *files)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ParameterList) list = parameters_load(target->name, &error);

    if (!list || (options->parameters && !parameters_keep(list, (const char *const *)options->parameters, &error)))
        return verb_fail(EXIT_BAD_INPUT, error);
    parameters_add_chance(list);
    if (!options->quiet)
        fprintf(stderr, "%s: %u parameters lower and higher by %g %%\n", target->name, list->parameters->len - 1,
                options->by_percent);
    g_autoptr(Study) study =
        study_run(target, list, options->by_percent, (guint)options->workers, options->quiet, &error);
    if (!study)
        return verb_fail(error->domain == PARAMETERS_ERROR ? EXIT_BAD_INPUT : EXIT_OTHER, error);
    return report(study, files);
}

static int
complain_of_target(const char *what)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (const Paper *known = papers; known->name; known++)
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", known->name);
    return verb_complain(EXIT_BAD_INPUT,
                         "sensitivity: \"%s\" is no paper and no folder, expected one of %s, or a folder of measured "
                         "cases",
                         what, names->str);
}

static int
study_what(const char *what, const SensitivityOptions *options, FileSet *files)
{
    const Paper *paper = paper_find(what);
    Target target = {.name = what, .paper = paper, .seeds = (guint)options->seeds};
    g_autoptr(GPtrArray) cases = NULL;

    if (!paper) {
        g_autoptr(GError) error = NULL;
        if (!g_file_test(what, G_FILE_TEST_IS_DIR))
            return complain_of_target(what);
        cases = case_file_read_all(what, &error);
        if (!cases)
            return verb_fail(EXIT_BAD_INPUT, error);
        target.name = CASES_LIST;
        target.cases = cases;
    }
    return study_target(&target, options, files);
}

static int
study_all(char **what, const SensitivityOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FileSet) files = files_new();
    g_autoptr(OutputFolder) folder = options->folder ? output_folder_open(options->folder, NULL, &error) : NULL;
    int status = EXIT_DONE;

    if (error)
        return verb_fail(EXIT_BAD_INPUT, error);
    interrupt_say("%s", folder ? "nothing was written" : "no study was ended");
    for (char **each = what; status == EXIT_DONE && *each; each++) {
        if (each != what)
            putchar('\n');
        status = study_what(*each, options, files);
    }
    for (const Paper *paper = papers; !*what && status == EXIT_DONE && paper->name; paper++) {
        if (paper != papers)
            putchar('\n');
        status = study_what(paper->name, options, files);
    }
    interrupt_say_nothing();
    if (status != EXIT_DONE || !folder)
        return status;
    if (!output_folder_write(folder, files, NULL, &error))
        return verb_fail_writing(error);
    verb_say("files in %s\n", options->folder);
    return status;
}

static gboolean
read_options(SensitivityOptions *options)
{
    char *end = NULL;

    options->by_percent = options->by ? g_ascii_strtod(options->by, &end) : 10;
    if (options->by && (end == options->by || *end || !(options->by_percent > 0 && options->by_percent < 100)))
        verb_complain(0, "sensitivity: --by %s: expected a percentage above 0 and below 100", options->by);
    else if (options->workers < 0 || options->seeds < 1 || options->seeds > 10000)
        verb_complain(0, "sensitivity: -j %d --seeds %d: expected 0 or more jobs and 1 to 10000 seeds",
                      options->workers, options->seeds);
    else
        return TRUE;
    return FALSE;
}

int
verb_sensitivity(int argc, char **argv)
{
    SensitivityOptions options = {.seeds = VALIDATE_SEEDS};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write tables there, in a folder for each WHAT", "DIR"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &options.by, "how far each parameter is changed (default 10)", "PERCENT"},
        {"parameter", 'p', 0, G_OPTION_ARG_STRING_ARRAY, &options.parameters, "only this one; may be repeated", "NAME"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "changed worlds at a time (default: one per processor)",
         "N"},
        {"seeds", 0, 0, G_OPTION_ARG_INT, &options.seeds,
         "of measured cases: runs per case (default " G_STRINGIFY(VALIDATE_SEEDS) ")", "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no progress", NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "[WHAT...]",
                   "Changes each fitted or assumed parameter behind a paper's claims (WHAT: its name; default: every "
                   "paper), or behind the predictions of a folder of measured cases, and says what hangs on it.",
                   &argc, &argv) &&
        read_options(&options))
        status = study_all(argv + 1, &options);
    g_free(options.folder);
    g_free(options.by);
    g_strfreev(options.parameters);
    return status;
}
