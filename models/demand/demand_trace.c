#include "models/demand/demand_trace.h"

#include <math.h>

static void
append_step(DemandTrace *trace, double at_s, double value)
{
    const DemandStep step = {at_s, value};
    const guint n = trace->steps->len;

    if (n == 0 || g_array_index(trace->steps, DemandStep, n - 1).value != value)
        g_array_append_val(trace->steps, step);
}

void
demand_trace_from_samples(DemandTrace *trace, const double *values, guint n, double interval_s)
{
    g_return_if_fail(n > 0 && interval_s > 0);

    *trace = (DemandTrace){g_array_new(FALSE, FALSE, sizeof(DemandStep)), n * interval_s};
    for (guint i = 0; i < n; i++)
        append_step(trace, i * interval_s, values[i]);
}

void
demand_trace_from_steps(DemandTrace *trace, const DemandStep *steps, guint n, double length_s)
{
    g_return_if_fail(n > 0);

    *trace = (DemandTrace){g_array_new(FALSE, FALSE, sizeof(DemandStep)), length_s};
    for (guint i = 0; i < n; i++)
        append_step(trace, steps[i].at_s, steps[i].value);
}

void
demand_trace_clear(DemandTrace *trace)
{
    g_clear_pointer(&trace->steps, g_array_unref);
}

static void
enter_step(DemandWalk *walk)
{
    const GArray *steps = walk->trace->steps;
    const gboolean last = walk->step + 1 == steps->len;

    walk->value = g_array_index(steps, DemandStep, walk->step).value;
    if (!last)
        walk->until_s = walk->round_s + g_array_index(steps, DemandStep, walk->step + 1).at_s;
    else /* one value that repeats is one value */
        walk->until_s = walk->repeats && steps->len > 1 ? walk->round_s + walk->trace->length_s : INFINITY;
}

void
demand_walk_begin(DemandWalk *walk, const DemandTrace *trace, gboolean repeats)
{
    *walk = (DemandWalk){.trace = trace, .repeats = repeats};
    enter_step(walk);
}

void
demand_walk_next(DemandWalk *walk)
{
    g_return_if_fail(isfinite(walk->until_s));

    if (++walk->step == walk->trace->steps->len) {
        walk->round_s += walk->trace->length_s;
        walk->step = 0;
    }
    enter_step(walk);
}
