#include "sim/validate/case_runs.h"

#include "models/base/statistics.h"
#include "sim/output/csv.h"
#include "sim/scenario/data_folder.h"

#include <math.h>

void
case_settings_add(GPtrArray *settings, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(settings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

Scenario *
case_scenario_load(const char *file, GPtrArray *settings, const char *const *more, const char *case_path,
                   GError **error)
{
    g_autofree char *name = g_build_filename("scenarios", "validation", file, NULL);
    g_autofree char *path = data_folder_file(name);

    for (; more && *more; more++)
        g_ptr_array_add(settings, g_strdup(*more));
    g_ptr_array_add(settings, NULL);
    Scenario *scenario = scenario_load(path, (const char *const *)settings->pdata, error);
    if (!scenario)
        g_prefix_error(error, "%s: ", case_path);
    return scenario;
}

GArray *
case_runs(const Scenario *scenario, guint seeds, guint workers, GError **error)
{
    g_autoptr(GArray) runs = g_array_new(FALSE, TRUE, sizeof(Run));

    g_array_set_clear_func(runs, (GDestroyNotify)run_clear);
    for (guint i = 0; i < seeds; i++) {
        const Run run = {.scenario = scenario, .seed = i + 1};
        g_array_append_val(runs, run);
    }
    run_all((Run *)runs->data, seeds, workers);
    for (guint i = 0; i < seeds; i++)
        if (!g_array_index(runs, Run, i).result) {
            g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, g_array_index(runs, Run, i).error);
            return NULL;
        }
    return g_steal_pointer(&runs);
}

CaseErrors
case_errors_of(GArray *errors)
{
    statistics_sort(errors);
    return (CaseErrors){errors->len, statistics_nearest_rank(errors, 0.5), statistics_nearest_rank(errors, 1)};
}

void
case_append_id(GString *out, const char *id, int column)
{
    const glong length = g_utf8_strlen(id, -1);
    g_autofree char *cut = g_utf8_substring(id, 0, MIN(length, column));

    g_string_append_printf(out, "%s%*s", cut, (int)(column - MIN(length, column)), "");
}

Comparison
case_compare(double measured, GArray *values)
{
    if (values->len == 0)
        return (Comparison){measured, NAN, NAN, NAN, NAN};
    statistics_sort(values);
    return (Comparison){measured, statistics_nearest_rank(values, 0.5), g_array_index(values, double, 0),
                        g_array_index(values, double, values->len - 1), NAN};
}

void
case_append_comparison(GString *csv, const Comparison *comparison)
{
    csv_append_known(csv, comparison->measured);
    csv_append_known(csv, comparison->predicted);
    csv_append_known(csv, comparison->low);
    csv_append_known(csv, comparison->high);
    csv_append_known(csv, comparison->error);
}
