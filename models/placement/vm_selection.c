#include "models/placement/vm_selection.h"

#include "models/placement/counters.h"

#include <math.h>

/* A series of which less than this share is left when what earlier ones explain is taken away counts as explained by
 * them: chosen, some hundred times the rounding of sums of 100 values. */
#define COLLINEAR 1e-10

/* The number by which VMs are compared; the largest is taken. */
typedef double (*Merit)(const SelectionVm *vm, guint last);

static double
merit_of_memory(const SelectionVm *vm, guint last)
{
    (void)last;
    return -vm->memory_bytes;
}

static double
merit_of_load(const SelectionVm *vm, guint last)
{
    (void)last;
    return counters_last(vm->cpu, vm->n_cpu);
}

static double
merit_of_idleness(const SelectionVm *vm, guint last)
{
    return -merit_of_load(vm, last);
}

static gint
pick_largest(const SelectionVm *vms, guint n, Merit merit, guint last)
{
    double largest = 0;
    gint found = -1;

    for (guint i = 0; i < n; i++) {
        const double m = vms[i].fixed ? NAN : merit(&vms[i], last);

        if (!isnan(m) && (found < 0 || m > largest)) {
            largest = m;
            found = (gint)i;
        }
    }
    return found;
}

/* algorithms.py minimum_migration_time_max_cpu: the least memory is that of all VMs, the load must be above 0 */
static gint
pick_memory_then_cpu(const SelectionVm *vms, guint n, guint last)
{
    const gint smallest = pick_largest(vms, n, merit_of_memory, last);
    double largest = 0;
    gint found = -1;

    for (guint i = 0; i < n; i++) {
        if (vms[i].fixed || vms[i].memory_bytes > vms[smallest].memory_bytes)
            continue;
        const double mean = counters_mean_of_last(vms[i].cpu, vms[i].n_cpu, last);

        if (mean > largest) {
            largest = mean;
            found = (gint)i;
        }
    }
    return found;
}

static gint
pick_random(const SelectionVm *vms, guint n, RandomStream *stream)
{
    guint movable = 0;

    for (guint i = 0; i < n; i++)
        movable += !vms[i].fixed;
    if (!movable)
        return -1;
    guint64 left = random_below(stream, movable);

    for (guint i = 0; i < n; i++)
        if (!vms[i].fixed && left-- == 0)
            return (gint)i;
    return -1;
}

static double
dot(const double *a, const double *b, guint m)
{
    double sum = 0;

    for (guint k = 0; k < m; k++)
        sum += a[k] * b[k];
    return sum;
}

static void
centre(const double *values, double *centred, guint m)
{
    const double mean = counters_mean_of_last(values, m, m);

    for (guint k = 0; k < m; k++)
        centred[k] = values[k] - mean;
}

/* Takes from v what the orthogonal directions explain of it. Twice: once leaves rounding of the size of v. */
static void
take_explained(double *v, double *const *directions, guint n, guint m)
{
    for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < n; i++) {
            const double share = dot(v, directions[i], m) / dot(directions[i], directions[i], m);

            for (guint k = 0; k < m; k++)
                v[k] -= share * directions[i][k];
        }
}

double
vm_selection_correlation(const double *const *series, guint n, guint m)
{
    g_autofree double *room = g_new(double, (gsize)n *m);
    g_autofree double **directions = g_new(double *, n);
    guint found = 0;

    /* Gram and Schmidt: the others' directions, without those that the ones before them span */
    for (guint i = 1; i < n; i++) {
        double *v = room + (gsize)found * m;

        centre(series[i], v, m);
        const double all = dot(v, v, m);

        take_explained(v, directions, found, m);
        if (dot(v, v, m) > COLLINEAR * all)
            directions[found++] = v;
    }
    double *rest = room + (gsize)found * m;

    centre(series[0], rest, m);
    const double all = dot(rest, rest, m);

    take_explained(rest, directions, found, m);
    return all > 0 ? 1 - dot(rest, rest, m) / all : 0;
}

/* The last values of each, as many as all have. */
static guint
common_length(const SelectionVm *vms, guint n)
{
    guint m = G_MAXUINT;

    for (guint i = 0; i < n; i++)
        if (!vms[i].fixed)
            m = MIN(m, vms[i].n_cpu);
    return m;
}

static gint
pick_correlated(const SelectionVm *vms, guint n, gboolean most)
{
    const guint m = common_length(vms, n);
    g_autofree const double **series = g_new(const double *, n + 1u);
    g_autofree gint *index = g_new(gint, n + 1u);
    double best = 0;
    gint found = -1;
    guint movable = 0;

    for (guint i = 0; i < n; i++)
        if (!vms[i].fixed) {
            index[movable] = (gint)i;
            series[movable++] = vms[i].cpu + vms[i].n_cpu - m;
        }
    if (movable == 0 || m <= movable)
        return pick_largest(vms, n, merit_of_memory, 1);
    for (guint i = 0; i < movable; i++) {
        const double *first = series[0];

        series[0] = series[i];
        series[i] = first;
        const double r2 = vm_selection_correlation(series, movable, m);

        series[i] = series[0];
        series[0] = first;
        if (found < 0 || (most ? r2 > best : r2 < best)) {
            best = r2;
            found = index[i];
        }
    }
    return found;
}

gint
vm_selection_pick(SelectionRule rule, guint last, const SelectionVm *vms, guint n, RandomStream *stream)
{
    switch (rule) {
    case SELECTION_LEAST_MEMORY:
        return pick_largest(vms, n, merit_of_memory, last);
    case SELECTION_MEMORY_THEN_CPU:
        return pick_memory_then_cpu(vms, n, last);
    case SELECTION_MAX_CPU:
        return pick_largest(vms, n, merit_of_load, last);
    case SELECTION_MIN_CPU:
        return pick_largest(vms, n, merit_of_idleness, last);
    case SELECTION_RANDOM:
        return pick_random(vms, n, stream);
    case SELECTION_MAX_CORRELATION:
    case SELECTION_MIN_CORRELATION:
        return pick_correlated(vms, n, rule == SELECTION_MAX_CORRELATION);
    }
    return -1;
}
