#include "sim/run/batch.h"

#include <math.h>

struct Batch {
    GPtrArray *scenarios; /* of Scenario, owned */
    GArray *runs;         /* of Run */
};

Batch *
batch_new(void)
{
    Batch *batch = g_new(Batch, 1);

    batch->scenarios = g_ptr_array_new_with_free_func((GDestroyNotify)scenario_free);
    batch->runs = g_array_new(FALSE, TRUE, sizeof(Run));
    g_array_set_clear_func(batch->runs, (GDestroyNotify)run_clear);
    return batch;
}

void
batch_free(Batch *batch)
{
    if (!batch)
        return;
    g_array_unref(batch->runs);
    g_ptr_array_unref(batch->scenarios);
    g_free(batch);
}

guint
batch_add(Batch *batch, const char *path, guint seeds, GError **error, ...)
{
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    const guint first = batch->runs->len;
    va_list arguments;

    va_start(arguments, error);
    for (char *setting = va_arg(arguments, char *); setting; setting = va_arg(arguments, char *))
        g_ptr_array_add(settings, setting);
    va_end(arguments);
    g_ptr_array_add(settings, NULL);
    Scenario *scenario = scenario_load(path, (const char *const *)settings->pdata, error);
    if (!scenario)
        return G_MAXUINT;
    g_ptr_array_add(batch->scenarios, scenario);
    for (guint64 seed = 1; seed <= seeds; seed++) {
        const Run run = {.scenario = scenario, .seed = seed};
        g_array_append_val(batch->runs, run);
    }
    return first;
}

guint
batch_size(const Batch *batch)
{
    return batch->runs->len;
}

gboolean
batch_run(Batch *batch, guint workers, GError **error)
{
    run_all((Run *)batch->runs->data, batch->runs->len, workers);
    for (guint i = 0; i < batch->runs->len; i++) {
        const Run *run = &g_array_index(batch->runs, Run, i);
        if (run->result)
            continue;
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, run->error);
        return FALSE;
    }
    return TRUE;
}

const Result *
batch_result(const Batch *batch, guint index)
{
    return g_array_index(batch->runs, Run, index).result;
}

Spread
batch_spread(const Batch *batch, guint first, guint n, const char *metric)
{
    Spread spread = {0, INFINITY, -INFINITY};

    for (guint i = 0; i < n; i++) {
        const double value = result_number(batch_result(batch, first + i), metric);
        if (isnan(value))
            return (Spread){NAN, NAN, NAN};
        spread.mean += value / n;
        spread.min = MIN(spread.min, value);
        spread.max = MAX(spread.max, value);
    }
    return spread;
}
