#include "models/placement/mhod.h"

#include <math.h>

/* I - Q counts as singular below this: 1 - p of estimates k/w differ from 0 by 1/w at least, or by rounding. */
#define SINGULAR 1e-12

/* What followed one state: after[k] of the first k transitions out of it led to N. */
typedef struct {
    guint n;
    guint *after; /* owned, n + 1 of them */
} Followers;

static guint
state_of(const MhodRules *rules, double utilization)
{
    return utilization >= rules->border; /* core.py utilization_to_state: below it is state 0 */
}

static void
find_followers(const MhodRules *rules, const double *utilization, guint n, Followers followers[2])
{
    guint previous = 0; /* core.py mhod: previous_state = 0 */

    for (guint i = 0; i < n; i++) {
        Followers *f = &followers[previous];
        const guint state = state_of(rules, utilization[i]);

        f->after[f->n + 1] = f->after[f->n] + state;
        f->n++;
        previous = state;
    }
}

/* The estimate after the first k transitions: of the last w of them (fewer while there are not so many) the share, of
 * w, that led to state j. multisize_estimation.py estimate_probability */
static double
estimate(const Followers *f, guint k, guint w, guint j)
{
    const guint looked_at = MIN(k, w);
    const guint to_n = f->after[k] - f->after[k - looked_at];

    return (double)(j ? to_n : looked_at - to_n) / w;
}

/* Of the last w estimates; 1 while there are fewer. multisize_estimation.py update_variances, variance */
static double
variance_of_estimates(const Followers *f, guint w, guint j)
{
    double sum = 0, squares = 0;

    if (f->n < w)
        return 1;
    for (guint k = f->n - w + 1; k <= f->n; k++)
        sum += estimate(f, k, w, j);
    const double mean = sum / w;

    for (guint k = f->n - w + 1; k <= f->n; k++) {
        const double distance = estimate(f, k, w, j) - mean;
        squares += distance * distance;
    }
    return squares / (w - 1);
}

/* The largest window up to which no estimate varies more than p (1 - p) / w; the first one when that does already.
 * multisize_estimation.py select_window. Where nothing has followed the state, all windows are as good, and the
 * estimate is 0. */
static guint
select_window(const MhodRules *rules, const Followers *f, guint j)
{
    guint selected = rules->windows[0];

    for (guint i = 0; i < rules->n_windows; i++) {
        const guint w = rules->windows[i];
        const double p = estimate(f, f->n, w, j);

        if (f->n > 0 && variance_of_estimates(f, w, j) > p * (1 - p) / w)
            break;
        selected = w;
    }
    return selected;
}

void
mhod_estimate(const MhodRules *rules, const double *utilization, guint n, MhodChain *chain)
{
    Followers followers[2] = {{0, g_new0(guint, (gsize)n + 1)}, {0, g_new0(guint, (gsize)n + 1)}};

    find_followers(rules, utilization, n, followers);
    for (guint i = 0; i < 2; i++)
        for (guint j = 0; j < 2; j++) {
            const guint w = select_window(rules, &followers[i], j);

            chain->window[i][j] = w;
            chain->p[i][j] = estimate(&followers[i], followers[i].n, w, j);
        }
    for (guint i = 0; i < 2; i++)
        g_free(followers[i].after);
}

gboolean
mhod_times(const MhodChain *chain, const double m[2], guint now, double times[2])
{
    const double q00 = (1 - m[0]) * chain->p[0][0], q01 = (1 - m[0]) * chain->p[0][1];
    const double q10 = (1 - m[1]) * chain->p[1][0], q11 = (1 - m[1]) * chain->p[1][1];
    const double determinant = (1 - q00) * (1 - q11) - q01 * q10;

    /* the row `now` of the adjugate of I - Q */
    times[0] = now ? q10 : 1 - q11;
    times[1] = now ? 1 - q00 : q01;
    if (fabs(determinant) < SINGULAR) {
        const double all = times[0] + times[1];

        /* a state that is never left gives zeros: the host stays where it is */
        times[1] = all > 0 ? times[1] / all : now;
        times[0] = 1 - times[1];
        return FALSE;
    }
    times[0] /= determinant;
    times[1] /= determinant;
    return TRUE;
}

static gboolean
is_allowed(const MhodRules *rules, const MhodChain *chain, const MhodState *state, guint now, double migration_steps,
           const double m[2])
{
    double times[2];

    if (!mhod_times(chain, m, now, times))
        return times[1] <= rules->allowed;
    /* bruteforce.py solve2 takes a policy only that lets the host work for a while */
    return times[0] + times[1] > 0 &&
           (migration_steps + state->calls_in_n + times[1]) / (migration_steps + state->calls + times[0] + times[1]) <=
               rules->allowed;
}

gboolean
mhod_is_feasible(const MhodRules *rules, const MhodChain *chain, const MhodState *state, guint now,
                 double migration_steps)
{
    for (double m0 = 0; m0 <= 1; m0 += rules->step)
        for (double m1 = 0; m1 <= 1; m1 += rules->step)
            if (is_allowed(rules, chain, state, now, migration_steps, (const double[]){m0, m1}))
                return TRUE;
    return FALSE;
}

gboolean
mhod_detect(const MhodRules *rules, MhodState *state, const double *utilization, guint n, double migration_steps)
{
    g_return_val_if_fail(n >= 1 && rules->n_windows >= 1 && rules->step > 0, FALSE);
    const guint now = state_of(rules, utilization[n - 1]);

    state->calls++;
    state->calls_in_n += now;
    if (!now || n < rules->learning)
        return FALSE;
    MhodChain chain;

    mhod_estimate(rules, utilization, n, &chain);
    /* core.py mhod: current_state == state_n and p[state_n][state_n] > 0 */
    return chain.p[1][1] > 0 && !mhod_is_feasible(rules, &chain, state, now, migration_steps);
}
