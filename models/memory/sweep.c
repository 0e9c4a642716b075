#include "models/memory/sweep.h"

#include <math.h>

void
sweep_init(Sweep *sweep, const Workload *workload)
{
    *sweep = (Sweep){0};
    if (workload->kind == WORKLOAD_SWEEP)
        *sweep = (Sweep){.first = workload->first_page, .pages = workload->pages, .rate = workload->rate_pages_s};
}

/* fmod of a whole number >= 0; as integers where both have one, which is several times faster. */
static guint64
whole_remainder(double number, guint64 divisor)
{
    return number < 0x1p53 ? (guint64)number % divisor : (guint64)fmod(number, (double)divisor);
}

/* The next n writes, of which more than a round are as good as one. */
static void
write_next(const Sweep *sweep, Marks *marks, double n)
{
    const guint64 from = whole_remainder(sweep->written, sweep->pages);
    const guint64 to = from + (guint64)MIN(n, (double)sweep->pages);

    marks_write_range(marks, sweep->first + from, sweep->first + MIN(to, sweep->pages));
    if (to > sweep->pages) /* round the corner */
        marks_write_range(marks, sweep->first, sweep->first + to - sweep->pages);
}

void
sweep_advance(Sweep *sweep, Marks *marks, double to_s)
{
    if (sweep->rate <= 0)
        return;
    const double due = floor(sweep->rate * to_s);
    if (due <= sweep->written)
        return;
    write_next(sweep, marks, due - sweep->written);
    sweep->written = due;
}

void
sweep_skip(Sweep *sweep, double to_s)
{
    sweep->written = MAX(sweep->written, floor(sweep->rate * to_s));
}
