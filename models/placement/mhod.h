/* MHOD: a host's overload is detected so that it is overloaded for at most a given share of its time, by a Markov chain
 * whose transitions are estimated over windows of several sizes.
 *
 * Source: A. Beloglazov and R. Buyya, "Managing overloaded hosts for dynamic consolidation of virtual machines in cloud
 * data centers under quality of service constraints", IEEE TPDS 24(7), 2013, as OpenStack Neat has it:
 * neat/locals/overload/mhod/core.py mhod, multisize_estimation.py, bruteforce.py optimize, l_2_states.py.
 *
 *   there            | here           | Neat's runs  | meaning
 *   state_config     | border         | 0.8          | utilization from which the host is in state N
 *   otf              | allowed        | 0.2 to 0.4   | the share of time in N that may not be exceeded
 *   window_sizes     | windows        | 30 … 100     | transitions that an estimate looks at, rising
 *   bruteforce_step  | step           | 0.5          | the grid on which policies are tried
 *   learning_steps   | learning       | 10           | utilizations before it decides anything
 *   time_in_states   | calls          |              | calls so far: the detector's own time, in intervals
 *   time_in_state_n  | calls_in_n     |              | of these, those that found the host in N
 *   p_ij             | MhodChain.p    |              | probability that state j follows state i
 *   m_i              | m[i]           |              | probability of a migration in state i: the policy
 *   L_i              | mhod_times     |              | expected intervals in state i before the migration
 *
 * With Q_ij = (1 - m_i) p_ij and p0 the state now, L = p0 (I - Q)^-1. A policy is allowed when
 * (T_m + calls_in_n + L_N) / (T_m + calls + L_0 + L_N) <= allowed, T_m being a migration's intervals. A host that is in
 * N now, and stays there with a probability above 0, is overloaded when no policy of the grid is allowed.
 *
 * Departures: where no policy migrates and the chain has no end, I - Q is singular and L has no bound; Neat's floating
 * point decides by its rounding there, this takes the limit, where the share is the chain's own. Neat's key
 * history_size is read by nothing there and is not here.
 *
 * Scope: two states, as the published code; the estimates need not sum to 1 while a window is not full.
 */
#ifndef TANDEM_MODELS_PLACEMENT_MHOD_H
#define TANDEM_MODELS_PLACEMENT_MHOD_H

#include <glib.h>

#define MHOD_WINDOWS_MAX 16u

typedef struct {
    double border;                   /* > 0 */
    double allowed;                  /* 0 to 1 */
    guint windows[MHOD_WINDOWS_MAX]; /* >= 2 each */
    guint n_windows;                 /* >= 1 */
    double step;                     /* 0 < step <= 1 */
    guint learning;
} MhodRules;

#define MHOD_RULES_NEAT                                                                                                \
    ((MhodRules){.border = 0.8,                                                                                        \
                 .allowed = 0.2,                                                                                       \
                 .windows = {30, 40, 50, 60, 70, 80, 90, 100},                                                         \
                 .n_windows = 8,                                                                                       \
                 .step = 0.5,                                                                                          \
                 .learning = 10})

/* What a detector keeps from call to call; begins as all zeros. */
typedef struct {
    guint calls, calls_in_n;
} MhodState;

typedef struct {
    double p[2][2];
    guint window[2][2]; /* the one that each was estimated over */
} MhodChain;

/* The chain as n utilizations, the oldest first, give it; the host is taken to have come from state 0. */
void mhod_estimate(const MhodRules *rules, const double *utilization, guint n, MhodChain *chain);

/* L_0 and L_N of the chain under the policy m, from the state now (0 or 1); FALSE: they have no bound, and times[1] is
 * the share of time in N instead. */
gboolean mhod_times(const MhodChain *chain, const double m[2], guint now, double times[2]);

/* Whether a policy of the grid keeps the share. migration_steps: T_m; time that was, in intervals: state. */
gboolean mhod_is_feasible(const MhodRules *rules, const MhodChain *chain, const MhodState *state, guint now,
                          double migration_steps);

/* One call of the detector: n >= 1 utilizations, the oldest first, the last one of now. TRUE: overloaded. */
gboolean mhod_detect(const MhodRules *rules, MhodState *state, const double *utilization, guint n,
                     double migration_steps);

#endif
