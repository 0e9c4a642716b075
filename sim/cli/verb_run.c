#include "sim/cli/interrupt.h"
#include "sim/cli/summary.h"
#include "sim/cli/verb.h"
#include "sim/output/folder.h"
#include "sim/output/run_log.h"
#include "sim/run/progress.h"
#include "sim/run/run.h"
#include "sim/scenario/provenance.h"
#include "sim/world/guard.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char **settings;
    char *seed_text;
    char *folder;
    char *trace;
    gboolean json, quiet;
    gboolean fail_on_migration;
} RunOptions;

static void
clear_options(RunOptions *options)
{
    g_strfreev(options->settings);
    g_free(options->seed_text);
    g_free(options->folder);
    g_free(options->trace);
}

/* --seed is one more --set: a result holds the seed of its run in its scenario. FALSE: it is no seed. */
static gboolean
take_seed(RunOptions *options)
{
    const guint n = options->settings ? g_strv_length(options->settings) : 0;
    guint64 seed;

    if (!options->seed_text)
        return TRUE;
    if (!g_ascii_string_to_unsigned(options->seed_text, 10, 0, G_GUINT64_CONSTANT(1) << 53, &seed, NULL))
        return FALSE;
    options->settings = g_renew(char *, options->settings, n + 2);
    options->settings[n] = g_strdup_printf("/seed=%" G_GUINT64_FORMAT, seed);
    options->settings[n + 1] = NULL;
    return TRUE;
}

static gboolean
write_files(OutputFolder *folder, const Scenario *scenario, const Result *result, GError **error)
{
    g_autoptr(FileSet) files = files_new();
    g_autoptr(GString) about = g_string_new(NULL);

    g_autofree char *files_from = g_canonicalize_filename(scenario->folder, NULL);
    provenance_append_line(about, "scenario", scenario->path);
    provenance_append_line(about, "files_from", files_from);
    g_string_append_printf(about, "seed %" G_GINT64_FORMAT "\n", scenario->spec.seed);
    result_take_files(result, files);
    return output_folder_write(folder, files, about->str, error);
}

static int
report(const RunOptions *options, const Scenario *scenario, Result *result)
{
    if (options->json) {
        g_autofree char *text = result_to_json(result);
        fputs(text, stdout);
    } else if (!options->quiet) {
        summary_print(scenario, (const char *const *)options->settings, result);
        if (options->folder)
            verb_say("files in %s\n", options->folder);
    }
    if (fflush(stdout) != 0)
        return verb_complain(EXIT_OTHER, "cannot write the summary");
    g_autofree char *violation = result_violation(result);
    if (violation)
        return verb_complain(EXIT_CLAIM_FAILED, "%s: %s", scenario->path, violation);
    g_autofree char *incomplete = options->fail_on_migration ? result_incomplete(result) : NULL;
    return incomplete ? verb_complain(EXIT_CLAIM_FAILED, "%s: %s", scenario->path, incomplete) : EXIT_DONE;
}

static gboolean
is_same_file(const char *one, const char *other)
{
    GStatBuf a, b;

    return g_stat(one, &a) == 0 && g_stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A trace that would take the scenario's place, or whose place a file of --out would take. */
static gboolean
check_trace(const RunOptions *options, const char *scenario, GError **error)
{
    g_autofree char *base = g_path_get_basename(options->trace), *own = g_path_get_dirname(options->trace);

    if (*options->trace == '\0')
        g_set_error(error, FILES_ERROR, FILES_ERROR_KIND, "--trace: no name, expected that of a file");
    else if (!files_check_target(options->trace, error))
        return FALSE;
    else if (is_same_file(options->trace, scenario))
        g_set_error(error, FILES_ERROR, FILES_ERROR_KIND, "--trace %s: is the scenario, expected another file",
                    options->trace);
    else if (options->folder && is_same_file(own, options->folder) &&
             (g_str_equal(base, "result.json") || g_str_equal(base, RUN_LOG) || g_str_has_suffix(base, ".csv")))
        g_set_error(error, FILES_ERROR, FILES_ERROR_KIND,
                    "--trace %s: has the name of a file of --out, expected another", options->trace);
    else
        return TRUE;
    return FALSE;
}

/* Before the run, which may take long, rather than after it. */
static gboolean
open_targets(const RunOptions *options, const char *scenario, OutputFolder **folder, GError **error)
{
    if (options->folder) {
        *folder = output_folder_open(options->folder, "result.json", error);
        if (!*folder)
            return FALSE;
    }
    return !options->trace || check_trace(options, scenario, error);
}

/* The last date that the scenario knows; what goes on after it ends by itself. */
static double
end_of_timeline(const ScenarioSpec *scenario)
{
    const guint n = scenario->timeline->len;

    return MAX(scenario->run_until_s, n > 0 ? scenario_action(scenario, n - 1)->at_s : 0);
}

static int
run(RunOptions *options, const char *path)
{
    g_autoptr(GError) error = NULL;

    if (!take_seed(options))
        return verb_complain(EXIT_BAD_INPUT, "--seed %s: expected a whole number from 0 to 2^53", options->seed_text);
    g_autoptr(OutputFolder) folder = NULL;
    g_autoptr(Scenario) scenario = scenario_load(path, (const char *const *)options->settings, &error);

    if (!scenario)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!open_targets(options, path, &folder, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!options->quiet)
        progress_allow();
    interrupt_say("%s", options->folder || options->trace ? "nothing was written" : "no result");
    g_autofree char *trace = NULL;
    progress_watch_run(end_of_timeline(&scenario->spec));
    g_autoptr(Result) result =
        run_traced(scenario, (guint64)scenario->spec.seed, options->trace ? &trace : NULL, &error);
    progress_end_run();
    interrupt_say_nothing();
    if (!result) {
        if (error->domain == GUARD_ERROR)
            g_prefix_error(&error, "%s: ", path);
        return verb_fail_run(error);
    }
    if ((folder && !write_files(folder, scenario, result, &error)) ||
        (trace && !files_write_text(options->trace, trace, &error)))
        return verb_fail_writing(error);
    return report(options, scenario, result);
}

int
verb_run(int argc, char **argv)
{
    RunOptions options = {0};
    const GOptionEntry entries[] = {
        {"set", 's', 0, G_OPTION_ARG_STRING_ARRAY, &options.settings, "put VALUE at a JSON Pointer of the scenario",
         "POINTER=VALUE"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed_text, "instead of the scenario's", "N"},
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write result.json and the tables there", "DIR"},
        {"trace", 0, 0, G_OPTION_ARG_FILENAME, &options.trace, "write the time line as Chrome trace events (Perfetto)",
         "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print result.json and nothing else", NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no summary and no progress", NULL},
        {"fail-on-migration", 0, 0, G_OPTION_ARG_NONE, &options.fail_on_migration,
         "exit with 1 when a migration did not complete", NULL},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "SCENARIO.json", "Runs one scenario: a summary on the screen, files in DIR.", &argc,
                   &argv)) {
        if (argc == 2)
            status = run(&options, argv[1]);
        else
            verb_complain(0, "run: %d scenarios given, expected one (see tandem run --help)", argc - 1);
    }
    clear_options(&options);
    return status;
}
