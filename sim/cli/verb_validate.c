#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/folder.h"
#include "sim/run/progress.h"
#include "sim/validate/card_predict.h"
#include "sim/validate/case_folder.h"
#include "sim/validate/guest_predict.h"
#include "sim/validate/socket_predict.h"
#include "sim/validate/tcp_predict.h"
#include "sim/validate/validate.h"

#include <stdio.h>

#define NO_SEEDS G_MININT /* none were asked for */

typedef struct {
    char *folder;
    char **settings;
    int workers, seeds;
    gboolean quiet;
} ValidateOptions;

typedef struct {
    GArray *of[N_CASE_KINDS]; /* owned; as many as there are cases of the kind */
} Predictions;

static void
predictions_clear(Predictions *predictions)
{
    for (guint i = 0; i < N_CASE_KINDS; i++)
        g_clear_pointer(&predictions->of[i], g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Predictions, predictions_clear)

static gboolean
predict(const ValidateOptions *options, const CaseFolder *cases, Predictions *predictions, GError **error)
{
    for (guint i = 0; i < N_CASE_KINDS; i++) {
        const guint seeds = options->seeds == NO_SEEDS ? case_kinds[i].seeds : (guint)options->seeds;
        predictions->of[i] = case_kinds[i].predict(cases->of[i], (const char *const *)options->settings, seeds,
                                                   (guint)options->workers, error);
        if (!predictions->of[i])
            return FALSE;
    }
    return TRUE;
}

static void
say_tables(const Predictions *predictions)
{
    gboolean said = FALSE;

    for (guint i = 0; i < N_CASE_KINDS; i++) {
        g_autofree char *table = predictions->of[i]->len > 0 ? case_kinds[i].table(predictions->of[i]) : g_strdup("");
        verb_say("%s%s", said && *table ? "\n" : "", table);
        said = said || *table;
    }
}

static void
take_files(const Predictions *predictions, FileSet *files)
{
    for (guint i = 0; i < N_CASE_KINDS; i++)
        if (predictions->of[i]->len > 0)
            case_kinds[i].take_files(predictions->of[i], files);
}

/* A file that is there whatever else is. */
static const char *
first_file(const CaseFolder *cases)
{
    for (guint i = 0; i < N_CASE_KINDS; i++)
        if (cases->of[i]->len > 0)
            return case_kinds[i].file;
    return NULL;
}

static int
validate(const ValidateOptions *options, const char *cases_folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OutputFolder) folder = NULL;
    g_autoptr(CaseFolder) cases = case_folder_read(cases_folder, &error);
    g_auto(Predictions) predictions = {{NULL}};

    if (!cases || (options->folder && !(folder = output_folder_open(options->folder, first_file(cases), &error))))
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!options->quiet)
        progress_allow();
    interrupt_say("%s", folder ? "nothing was written" : "no case was judged");
    if (!predict(options, cases, &predictions, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    interrupt_say_nothing();
    if (!options->quiet)
        say_tables(&predictions);
    if (!folder)
        return EXIT_DONE;
    g_autoptr(FileSet) files = files_new();
    take_files(&predictions, files);
    if (!output_folder_write(folder, files, NULL, &error))
        return verb_fail_writing(error);
    if (!options->quiet)
        verb_say("files in %s\n", options->folder);
    return EXIT_DONE;
}

int
verb_validate(int argc, char **argv)
{
    ValidateOptions options = {.seeds = NO_SEEDS};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
         "write validation.csv and summary.csv there, of cards validation-cards.csv and summary-cards.csv, of sockets …-sockets.csv, of migrations that were watched …-vtpm.csv and …-client.csv",
         "DIR"},
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings, "put VALUE at a JSON Pointer of every run",
         "POINTER=VALUE"},
        {"seeds", 0, 0, G_OPTION_ARG_INT, &options.seeds,
         "runs per case; a prediction is their median (default " G_STRINGIFY(VALIDATE_SEEDS) ", of a card " G_STRINGIFY(CARD_SEEDS) ", of a socket " G_STRINGIFY(
             SOCKET_SEEDS) ", of TCP's timers " G_STRINGIFY(TCP_SEEDS) ", of a migration that was watched " G_STRINGIFY(GUEST_SEEDS) ")",
         "N"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "runs at a time (default: one per processor)", "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no table and no progress", NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(
            entries, "DIR",
            "Predicts the measured cases of a folder (JSON from scripts/measure-qemu.sh, measure-card.sh and measure-sockets.sh) from their inputs.",
            &argc, &argv)) {
        if (argc != 2)
            verb_complain(0, "validate: %d folders given, expected one (see tandem validate --help)", argc - 1);
        else if (options.workers < 0)
            verb_complain(0, "validate: -j %d: expected 0 or more jobs", options.workers);
        else if ((options.seeds < 1 && options.seeds != NO_SEEDS) || options.seeds > 10000)
            verb_complain(0, "validate: --seeds %d: expected 1 to 10000 seeds", options.seeds);
        else
            status = validate(&options, argv[1]);
    }
    g_free(options.folder);
    g_strfreev(options.settings);
    return status;
}
