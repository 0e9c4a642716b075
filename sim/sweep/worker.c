#include "sim/sweep/worker.h"

#include "sim/output/csv.h"
#include "sim/run/run.h"
#include "sim/sweep/journal.h"

#include <string.h>

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

/* "migration.web" of "migration.web.outcome"; NULL: the metric does not say how something ended. (transfer full) */
static char *
ended_thing(const cJSON *metric)
{
    const char *last = strrchr(metric->string, '.');

    return last && (cJSON_IsBool(metric) || g_str_equal(last, WORKER_OUTCOME))
               ? g_strndup(metric->string, (gsize)(last - metric->string))
               : NULL;
}

/* Of whatever is wanted all that it belongs to: "migration", "migration.web", … (transfer full) */
static GHashTable *
wanted_things(const Plan *plan, const Result *result)
{
    GHashTable *things = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const cJSON *metric;

    cJSON_ArrayForEach(metric, result_metrics(result))
    {
        if (!is_wanted(plan, metric->string))
            continue;
        for (const char *dot = strchr(metric->string, '.'); dot; dot = strchr(dot + 1, '.'))
            g_hash_table_add(things, g_strndup(metric->string, (gsize)(dot - metric->string)));
    }
    return things;
}

/* How a thing ended is kept with any number of it: a mean over those that completed must not hide that others did not.
 */
static gboolean
is_kept(const Plan *plan, GHashTable *things, const cJSON *metric)
{
    g_autofree char *thing = ended_thing(metric);

    return is_wanted(plan, metric->string) || (thing && g_hash_table_contains(things, thing));
}

static char *
pack_result(const Plan *plan, const Result *result)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GString) cells = g_string_new(NULL);
    g_autofree char *violation = result_violation(result);
    g_autoptr(GHashTable) things = wanted_things(plan, result);
    const cJSON *metric;
    gboolean first = TRUE;

    cJSON_ArrayForEach(metric, result_metrics(result))
    {
        if (!is_kept(plan, things, metric))
            continue;
        const char kind = cJSON_IsString(metric) ? '"' : cJSON_IsBool(metric) ? '?' : '#';
        g_autofree char *name = csv_quote(metric->string);
        g_autofree char *cell = cJSON_IsString(metric) ? csv_quote(metric->valuestring)
                                : cJSON_IsNull(metric) ? g_strdup("") /* not known */
                                                       : csv_number(result_number(result, metric->string));
        g_string_append_printf(names, "%s%c%s", first ? "" : ",", kind, name);
        g_string_append_printf(cells, "%s%s", first ? "" : ",", cell);
        first = FALSE;
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
