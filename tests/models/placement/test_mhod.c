#include "models/placement/mhod.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>

/* l_2_states.py's own test (tests/locals/overload/mhod/test_l_2_states.py) and the cases below by hand. */
START_TEST(expected_times_are_those_of_the_published_functions)
{
    const MhodChain chain = {.p = {{0.4, 0.6}, {0.9, 0.1}}};
    const struct {
        double m[2], l0, l1;
    } table[] = {{{0.2, 0.8}, 1.690, 0.828}, {{0.62, 0.38}, 1.404, 0.341}, {{1, 1}, 1, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        double times[2];

        ck_assert(mhod_times(&chain, table[i].m, 0, times));
        ck_assert_double_eq_tol(times[0], table[i].l0, 5e-4);
        ck_assert_double_eq_tol(times[1], table[i].l1, 5e-4);
    }
}
END_TEST

/* The same sums step by step: the probability of being in each state after k intervals without a migration. */
START_TEST(expected_times_are_the_sums_over_steps)
{
    const MhodChain chain = {.p = {{0.5, 0.3}, {0.2, 0.7}}}; /* the first row's window is not full */

    for (guint now = 0; now < 2; now++)
        for (double m0 = 0; m0 <= 1; m0 += 0.25)
            for (double m1 = 0; m1 <= 1; m1 += 0.25) {
                double times[2], p[2] = {now == 0, now == 1}, sums[2] = {0, 0};

                for (guint k = 0; k < 2000; k++) {
                    sums[0] += p[0];
                    sums[1] += p[1];
                    const double a = (1 - m0) * p[0], b = (1 - m1) * p[1];

                    p[0] = a * chain.p[0][0] + b * chain.p[1][0];
                    p[1] = a * chain.p[0][1] + b * chain.p[1][1];
                }
                ck_assert(mhod_times(&chain, (const double[]){m0, m1}, now, times));
                ck_assert_double_eq_tol(times[0], sums[0], 1e-9);
                ck_assert_double_eq_tol(times[1], sums[1], 1e-9);
            }
}
END_TEST

START_TEST(a_chain_without_end_gives_its_share)
{
    const MhodChain chain = {.p = {{0.9, 0.1}, {0.3, 0.7}}}, stays = {.p = {{1, 0}, {0, 1}}};
    double times[2];

    for (guint now = 0; now < 2; now++) {
        ck_assert(!mhod_times(&chain, (const double[]){0, 0}, now, times));
        ck_assert_double_eq_tol(times[1], 0.25, 1e-12); /* 0.1 / (0.1 + 0.3) */
        ck_assert(!mhod_times(&stays, (const double[]){0, 0}, now, times));
        ck_assert_double_eq(times[1], now);
    }
}
END_TEST

/* test_core_real_data.py's first calls: windows 30 … 100, border 0.99. */
START_TEST(first_estimates_are_those_of_neats_test)
{
    MhodRules rules = MHOD_RULES_NEAT;
    const double utilization[] = {0.859, 0.6988333333333333, 0.811};
    MhodChain chain;

    rules.border = 0.99;
    for (guint n = 1; n <= 3; n++) {
        mhod_estimate(&rules, utilization, n, &chain);
        ck_assert_double_eq_tol(chain.p[0][0], n / 30.0, 1e-12);
        ck_assert_double_eq(chain.p[0][1], 0);
        ck_assert_double_eq(chain.p[1][0], 0);
        ck_assert_double_eq(chain.p[1][1], 0);
        ck_assert_uint_eq(chain.window[0][0], 30);
        ck_assert_uint_eq(chain.window[0][1], 30);
        ck_assert_uint_eq(chain.window[1][0], 100); /* nothing followed state N: all variances are equal */
        ck_assert_uint_eq(chain.window[1][1], 100);
    }
}
END_TEST

/* An implementation of the estimation as it is told in words, with every window and list kept: what followed each
 * state, at each step the estimates of all windows, at the end their variances. */
static double
told(const MhodRules *rules, const double *utilization, guint n, guint from, guint to, guint *window)
{
    g_autofree guint *followed = g_new(guint, n + 1u);
    guint previous = 0, m = 0, selected = 0;
    double result = 0;

    for (guint i = 0; i < n; i++) {
        const guint state = utilization[i] < rules->border ? 0 : 1;

        if (previous == from)
            followed[m++] = state;
        previous = state;
    }
    for (guint k = 0; k < rules->n_windows; k++) {
        const guint w = rules->windows[k];
        g_autofree double *estimates = g_new0(double, m + 1u);
        double mean = 0, variance = 1, acceptable = 1, last = 0;

        for (guint i = 0; i < m; i++) {
            guint count = 0;

            for (guint j = i + 1 > w ? i + 1 - w : 0; j <= i; j++)
                count += followed[j] == to;
            estimates[i] = last = (double)count / w;
        }
        if (m >= w) {
            for (guint i = m - w; i < m; i++)
                mean += estimates[i];
            mean /= w; /* after the sum, so that estimates of 1 have no variance */
            variance = 0;
            for (guint i = m - w; i < m; i++)
                variance += pow(estimates[i] - mean, 2) / (w - 1);
        }
        if (m > 0)
            acceptable = last * (1 - last) / w;
        if (k > 0 && variance > acceptable)
            break;
        selected = w;
        result = last;
        if (variance > acceptable)
            break;
    }
    *window = selected;
    return result;
}

static void
expect_as_told(const MhodRules *rules, const double *utilization, guint n)
{
    MhodChain chain;

    mhod_estimate(rules, utilization, n, &chain);
    for (guint i = 0; i < 2; i++)
        for (guint j = 0; j < 2; j++) {
            guint window;

            ck_assert_double_eq_tol(chain.p[i][j], told(rules, utilization, n, i, j, &window), 1e-12);
            ck_assert_uint_eq(chain.window[i][j], window);
        }
}

START_TEST(estimates_are_those_of_an_independent_implementation_on_neats_traces)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    MhodRules rules = MHOD_RULES_NEAT, small = MHOD_RULES_NEAT;

    memcpy(small.windows, (const guint[]){2, 3, 5, 8}, 4 * sizeof(guint)); /* where windows change in a trace */
    small.n_windows = 4;
    neat_traces_read(traces);
    for (guint t = 0; t < NEAT_TRACES; t++)
        for (guint n = 1; n <= NEAT_VALUES; n += 7) {
            const guint seen = MIN(n, 100); /* Neat hands over 100 values at most */

            expect_as_told(&rules, traces[t] + n - seen, seen);
            expect_as_told(&small, traces[t] + n - seen, seen);
        }
}
END_TEST

/* Ten calls by hand: windows of 2, border 0.8. After 1 1 1 …: p_11 = 1 by the second call, p_0 whatever. */
START_TEST(a_host_that_stays_overloaded_is_found_when_the_share_is_used_up)
{
    MhodRules rules = {.border = 0.8, .allowed = 0.5, .windows = {2}, .n_windows = 1, .step = 0.5, .learning = 3};
    MhodState state = {0};
    const double utilization[] = {0.1, 0.2, 0.3, 0.9, 0.9, 0.9, 0.9, 0.9};
    gboolean found[8];

    for (guint n = 1; n <= 8; n++)
        found[n - 1] = mhod_detect(&rules, &state, utilization, n, 0);
    ck_assert_uint_eq(state.calls, 8);
    ck_assert_uint_eq(state.calls_in_n, 5);
    /* Not in N; or nothing has followed N yet (p_11 = 0) at n = 4. From n = 5 on p_11 is 0.5, then 1, so that the host
     * stays, and the best policy is m_1 = 1: L_N = 1. (c_n + 1) / (c + 1) is 3/6 at n = 5 (allowed), 4/7 at n = 6. */
    const gboolean expected[] = {FALSE, FALSE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE};

    for (guint i = 0; i < 8; i++)
        ck_assert_msg(found[i] == expected[i], "call %u", i + 1);
}
END_TEST

START_TEST(no_overload_before_it_has_learned_nor_below_the_border)
{
    MhodRules rules = {.border = 0.8, .allowed = 0.01, .windows = {2}, .n_windows = 1, .step = 0.5, .learning = 10};
    MhodState state = {0};
    double utilization[12];

    for (guint i = 0; i < 12; i++)
        utilization[i] = 0.8; /* of the border: in N */
    for (guint n = 1; n <= 12; n++)
        ck_assert_int_eq(mhod_detect(&rules, &state, utilization, n, 0), n >= 10);
    utilization[11] = 0.7999;
    ck_assert(!mhod_detect(&rules, &state, utilization, 12, 0));
    /* for the first time in N: that it stays there has not been seen yet, whatever is allowed */
    for (guint i = 0; i < 11; i++)
        utilization[i] = 0.1;
    utilization[11] = 0.9;
    ck_assert(!mhod_detect(&rules, &state, utilization, 12, 0));
}
END_TEST

/* A long migration is time in N: T_m = 0 allows what T_m = 3 does not. */
START_TEST(the_migrations_own_time_counts)
{
    const MhodRules rules = {.border = 0.8, .allowed = 0.5, .windows = {2}, .n_windows = 1, .step = 0.5};
    const MhodChain chain = {.p = {{1, 0}, {0, 1}}};
    const MhodState state = {5, 2};

    ck_assert(mhod_is_feasible(&rules, &chain, &state, 1, 0));  /* (2 + 1) / (5 + 1) */
    ck_assert(!mhod_is_feasible(&rules, &chain, &state, 1, 3)); /* (3 + 2 + 1) / (3 + 5 + 1) */
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("mhod");

    tcase_add_test(tcase, expected_times_are_those_of_the_published_functions);
    tcase_add_test(tcase, expected_times_are_the_sums_over_steps);
    tcase_add_test(tcase, a_chain_without_end_gives_its_share);
    tcase_add_test(tcase, first_estimates_are_those_of_neats_test);
    tcase_add_test(tcase, estimates_are_those_of_an_independent_implementation_on_neats_traces);
    tcase_add_test(tcase, a_host_that_stays_overloaded_is_found_when_the_share_is_used_up);
    tcase_add_test(tcase, no_overload_before_it_has_learned_nor_below_the_border);
    tcase_add_test(tcase, the_migrations_own_time_counts);
    return check_main("mhod", tcase, NULL);
}
