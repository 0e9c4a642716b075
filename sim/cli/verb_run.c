#include "sim/cli/summary.h"
#include "sim/cli/verb.h"
#include "sim/output/files.h"
#include "sim/run/run.h"
#include "sim/world/guard.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char **settings;
    char *seed_text;
    char *folder;
    char *trace;
    gboolean json;
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

static gboolean
read_seed(const RunOptions *options, const Scenario *scenario, guint64 *seed)
{
    *seed = (guint64)scenario->spec.seed;
    return !options->seed_text ||
           g_ascii_string_to_unsigned(options->seed_text, 10, 0, G_GUINT64_CONSTANT(1) << 53, seed, NULL);
}

/* What changes from run to run goes here and nowhere else. */
static gboolean
write_log(const char *folder, const Scenario *scenario, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *path = g_build_filename(folder, "run.log", NULL);
    g_autofree char *text =
        g_strdup_printf("scenario %s\nended %s\nhost %s\n", scenario->path, date, g_get_host_name());

    return files_write_text(path, text, error);
}

static int
report(const RunOptions *options, const Scenario *scenario, const Result *result, const char *trace)
{
    g_autoptr(GError) error = NULL;

    if (options->folder &&
        (!result_write(result, options->folder, &error) || !write_log(options->folder, scenario, &error)))
        return verb_fail_writing(error);
    if (trace && !files_write_text(options->trace, trace, &error))
        return verb_fail_writing(error);
    if (options->json) {
        g_autofree char *text = result_to_json(result);
        fputs(text, stdout);
    } else {
        summary_print(scenario, result);
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

/* Before the run, which may take long, rather than after it. */
static gboolean
check_targets(const RunOptions *options, GError **error)
{
    static const char *const names[] = {"result.json", "run.log"};

    if (options->folder && !files_check_folder(options->folder, error))
        return FALSE;
    for (gsize i = 0; options->folder && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(options->folder, names[i], NULL);
        if (!files_check_target(path, error))
            return FALSE;
    }
    return !options->trace || files_check_target(options->trace, error);
}

static int
run(const RunOptions *options, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_load(path, (const char *const *)options->settings, &error);
    guint64 seed;

    if (!scenario)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!read_seed(options, scenario, &seed))
        return verb_complain(EXIT_BAD_INPUT, "--seed %s: expected a whole number from 0 to 2^53", options->seed_text);
    if (!check_targets(options, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    g_autofree char *trace = NULL;
    g_autoptr(Result) result = run_traced(scenario, seed, options->trace ? &trace : NULL, &error);
    if (!result) {
        if (error->domain == GUARD_ERROR)
            g_prefix_error(&error, "%s: ", path);
        return verb_fail_run(error);
    }
    return report(options, scenario, result, trace);
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
