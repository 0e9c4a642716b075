#include "models/memory/phases.h"

#include <math.h>

static double
share_of(const PhaseWalk *walk, guint i, gboolean of_time)
{
    const double weight = walk->order == PHASES_DRAWN ? walk->phases[i].weight : 1;

    return of_time ? weight * walk->phases[i].mean_s : weight;
}

/* One of them, each as likely as its share of the time, or of their number. */
static guint
draw(PhaseWalk *walk, gboolean of_time)
{
    double sum = 0;
    guint last = 0;

    for (guint i = 0; i < walk->n; i++)
        sum += share_of(walk, i, of_time);
    double left = random_unit(&walk->random) * sum;
    for (guint i = 0; i < walk->n; i++) {
        const double share = share_of(walk, i, of_time);
        if (left < share)
            return i;
        last = share > 0 ? i : last;
        left -= share;
    }
    return last; /* rounding */
}

static double
draw_length_s(PhaseWalk *walk)
{
    const Phase *phase = &walk->phases[walk->current];

    return phase->law == PHASE_LASTS_EXPONENTIAL ? random_exponential(&walk->random, phase->mean_s) : phase->mean_s;
}

static gboolean
is_last(const PhaseWalk *walk)
{
    return walk->order == PHASES_ONCE && walk->current + 1 == walk->n;
}

void
phase_walk_begin(PhaseWalk *walk, const Phase *phases, guint n, PhaseOrder order, gboolean anywhere,
                 const RandomStream *random, double start_s)
{
    g_return_if_fail(walk && phases && n > 0 && random && !(anywhere && order == PHASES_ONCE));

    *walk = (PhaseWalk){.phases = phases, .n = n, .order = order, .random = *random};
    if (anywhere || order == PHASES_DRAWN)
        walk->current = draw(walk, anywhere);
    if (is_last(walk))
        walk->until_s = INFINITY;
    else if (anywhere && phases[walk->current].law == PHASE_LASTS_CONSTANT)
        walk->until_s = start_s + random_unit(&walk->random) * phases[walk->current].mean_s;
    else
        walk->until_s = start_s + draw_length_s(walk);
}

void
phase_walk_next(PhaseWalk *walk)
{
    g_return_if_fail(walk && !is_last(walk));

    walk->current = walk->order == PHASES_DRAWN ? draw(walk, FALSE) : (walk->current + 1) % walk->n;
    walk->until_s = is_last(walk) ? INFINITY : walk->until_s + draw_length_s(walk);
}
