#include "sim/sweep/worker.h"

#include "sim/output/csv.h"
#include "sim/run/run.h"
#include "sim/sweep/journal.h"

/* status, message, names, cells: four lines. */
static char *
pack(RunStatus status, const char *message, const char *names, const char *cells)
{
    g_autofree char *line = g_strdup(message ? message : "");

    g_strdelimit(line, "\n\r", ' ');
    g_autofree char *cell = csv_quote(line);
    return g_strdup_printf("%d\n%s\n%s\n%s", (int)status, cell, names, cells);
}

static gboolean
is_wanted(const Plan *plan, const char *name)
{
    const GArray *patterns = plan->spec.metrics;

    for (guint i = 0; i < patterns->len; i++)
        if (g_pattern_match_simple(g_array_index(patterns, char *, i), name))
            return TRUE;
    return patterns->len == 0;
}

static char *
pack_result(const Plan *plan, const Result *result)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GString) cells = g_string_new(NULL);
    g_autofree char *violation = result_violation(result);
    const cJSON *metric;

    cJSON_ArrayForEach(metric, result_metrics(result))
    {
        if (!is_wanted(plan, metric->string))
            continue;
        const gboolean is_word = cJSON_IsString(metric);
        g_autofree char *name = csv_quote(metric->string);
        g_autofree char *cell = is_word                ? csv_quote(metric->valuestring)
                                : cJSON_IsNull(metric) ? g_strdup("nan")
                                                       : csv_number(result_number(result, metric->string));
        g_string_append_printf(names, "%s%c%s", names->len ? "," : "", is_word ? '"' : '#', name);
        g_string_append_printf(cells, "%s%s", cells->len ? "," : "", cell);
    }
    return pack(violation ? RUN_VIOLATED : RUN_OK, violation, names->str, cells->str);
}

char *
worker_answer(const Plan *plan, guint run)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = plan_scenario(plan, run, &error);
    g_autoptr(Result) result = scenario ? run_here(scenario, plan_seed(plan, run), &error) : NULL;

    return result ? pack_result(plan, result) : pack(RUN_INVALID, error->message, "", "");
}
