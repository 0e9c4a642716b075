#include "sim/report/page_summary.h"

#include "sim/report/page_metrics.h"

#include <string.h>

enum { MAX_SHOWN = 6 }; /* chosen: migrations that fit above the fold; Metrics has the rest */

static void
append_metric(Page *page, const cJSON *metrics, const char *thing, const char *member, const char *says)
{
    g_autofree char *name = g_strdup_printf("%s.%s", thing, member);
    const cJSON *metric = cJSON_GetObjectItemCaseSensitive(metrics, name);

    if (!metric || cJSON_IsNull(metric))
        return;
    g_autofree char *value = page_metrics_value(page, name, metric);
    const char *own = strchr(thing, '.'); /* migration.NAME is called NAME */
    g_autofree char *label = g_strdup_printf("%s: %s", own ? own + 1 : thing, page_say(page, says));
    const gboolean is_outcome = g_str_equal(member, "outcome");
    const char *class = !is_outcome ? "" : g_str_equal(metric->valuestring, "completed") ? "pass" : "fail";
    page_append_fact(page, label, class, value);
}

/* Names of things that ended somehow: "migration.mig" of "migration.mig.outcome". (transfer full) */
static GPtrArray *
migrations(const cJSON *metrics)
{
    GPtrArray *things = g_ptr_array_new_with_free_func(g_free);
    const cJSON *metric;

    cJSON_ArrayForEach(metric, metrics)
    {
        if (g_str_has_prefix(metric->string, "migration.") && g_str_has_suffix(metric->string, ".completed"))
            g_ptr_array_add(things, g_strndup(metric->string, strlen(metric->string) - strlen(".completed")));
    }
    return things;
}

static gboolean
all_hold(const cJSON *invariants)
{
    const cJSON *invariant;

    cJSON_ArrayForEach(invariant, invariants)
    {
        if (cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(invariant, "violations")) > 0)
            return FALSE;
    }
    return TRUE;
}

void
page_summary_append_run(Page *page, const cJSON *result)
{
    const cJSON *metrics = cJSON_GetObjectItemCaseSensitive(result, "metrics");
    g_autoptr(GPtrArray) things = migrations(metrics);
    const gboolean hold = all_hold(cJSON_GetObjectItemCaseSensitive(result, "invariants"));

    page_append_heading(page, "Summary");
    g_string_append(page->out, "<dl id=\"summary\">\n");
    for (guint i = 0; i < MIN(things->len, MAX_SHOWN); i++) {
        const char *thing = g_ptr_array_index(things, i);
        append_metric(page, metrics, thing, "outcome", "outcome");
        append_metric(page, metrics, thing, "total_s", "total time");
        append_metric(page, metrics, thing, "downtime_s", "downtime");
    }
    if (things->len > MAX_SHOWN) {
        g_autofree char *more = g_strdup_printf("%u", things->len - MAX_SHOWN);
        g_autofree char *name = g_strdup_printf("%s (%s)", page_say(page, "migrations"), page_say(page, "more"));
        page_append_fact(page, name, "", more);
    }
    const cJSON *end = cJSON_GetObjectItemCaseSensitive(metrics, "run.end_s");
    g_autofree char *ended = page_metrics_value(page, "run.end_s", end);
    page_append_fact(page, page_say(page, "the run's end"), "", ended);
    page_append_fact(page, page_say(page, "invariants"), hold ? "pass" : "fail",
                     page_say(page, hold ? "all hold" : "violated"));
    g_string_append(page->out, "</dl>\n");
}
