#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/folder.h"
#include "sim/run/progress.h"
#include "sim/validate/validate.h"

#include <stdio.h>

typedef struct {
    char *folder;
    char **settings;
    int workers, seeds;
    gboolean quiet;
} ValidateOptions;

static int
validate(const ValidateOptions *options, const char *cases_folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(OutputFolder) folder = NULL;
    g_autoptr(GPtrArray) cases = case_file_read_all(cases_folder, &error);

    if (!cases || (options->folder && !(folder = output_folder_open(options->folder, "validation.csv", &error))))
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!options->quiet)
        progress_allow();
    interrupt_say("%s", folder ? "nothing was written" : "no case was judged");
    g_autoptr(GArray) predictions = validate_cases(cases, (const char *const *)options->settings, (guint)options->seeds,
                                                   (guint)options->workers, &error);
    if (!predictions)
        return verb_fail(EXIT_BAD_INPUT, error);
    g_autofree char *table = validate_table(predictions);
    interrupt_say_nothing();
    if (!options->quiet)
        verb_say("%s", table);
    if (!folder)
        return EXIT_DONE;
    g_autoptr(FileSet) files = files_new();
    validate_take_files(predictions, files);
    if (!output_folder_write(folder, files, NULL, &error))
        return verb_fail_writing(error);
    if (!options->quiet)
        verb_say("files in %s\n", options->folder);
    return EXIT_DONE;
}

int
verb_validate(int argc, char **argv)
{
    ValidateOptions options = {.seeds = VALIDATE_SEEDS};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write validation.csv and summary.csv there", "DIR"},
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings, "put VALUE at a JSON Pointer of every run",
         "POINTER=VALUE"},
        {"seeds", 0, 0, G_OPTION_ARG_INT, &options.seeds,
         "runs per case; a prediction is their median (default " G_STRINGIFY(VALIDATE_SEEDS) ")", "N"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "runs at a time (default: one per processor)", "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no table and no progress", NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(
            entries, "DIR",
            "Predicts the measured migrations of a folder (JSON from scripts/measure-qemu.sh) from their inputs.",
            &argc, &argv)) {
        if (argc != 2)
            verb_complain(0, "validate: %d folders given, expected one (see tandem validate --help)", argc - 1);
        else if (options.workers < 0 || options.seeds < 1 || options.seeds > 10000)
            verb_complain(0, "validate: -j %d --seeds %d: expected 0 or more jobs and 1 to 10000 seeds",
                          options.workers, options.seeds);
        else
            status = validate(&options, argv[1]);
    }
    g_free(options.folder);
    g_strfreev(options.settings);
    return status;
}
