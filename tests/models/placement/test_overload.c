#include "models/placement/overload.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>

static gboolean
detects(const OverloadRules *rules, const double *values, guint n)
{
    OverloadState state = {{0, 0}};

    return overload_detect(rules, &state, values, n, 0.5);
}

START_TEST(the_threshold_is_exceeded_strictly)
{
    const OverloadRules at_80 = {.rule = OVERLOAD_THRESHOLD, .threshold = 0.8};
    const OverloadRules at_100 = {.rule = OVERLOAD_THRESHOLD, .threshold = 1};
    const OverloadRules never = {.rule = OVERLOAD_NEVER};

    ck_assert(!detects(&at_80, (const double[]){1, 1, 0.8}, 3));
    ck_assert(detects(&at_80, (const double[]){0, 0, 0.81}, 3));
    ck_assert(!detects(&at_80, NULL, 0));
    /* counters are never above 1, so that 1.0 and MAX-ITF are one policy */
    ck_assert(!detects(&at_100, (const double[]){1, 1, 1}, 3));
    ck_assert(!detects(&never, (const double[]){1, 1, 1}, 3));
}
END_TEST

/* Neat's own tests of mad and iqr (test_statistics.py). */
START_TEST(dispersions_are_neats)
{
    const double mad[] = {1, 1, 2, 2, 4, 6, 9};
    const double eleven[] = {105, 109, 107, 112, 102, 118, 115, 104, 110, 116, 108};
    const double twenty[] = {2, 4, 7, -20, 22, -1, 0, -1, 7, 15, 8, 4, -4, 11, 11, 12, 3, 12, 18, 1};

    ck_assert_double_eq(overload_mad(mad, 7), 1);
    ck_assert_double_eq(overload_iqr(eleven, 11), 10);
    ck_assert_double_eq(overload_iqr(twenty, 20), 12);
    ck_assert_double_eq(overload_iqr(mad, 1), 0);
}
END_TEST

/* {0.5, 0.7, 0.6, 0.6, x}: median 0.6, distances 0.1 0.1 0 0 |x - 0.6|, MAD 0.1; threshold 1 - 2 x 0.1 = 0.8. IQR:
 * ranks [1.5] and [4.5] of five, both rounded upwards, 0.6 and x: threshold 1 - (x - 0.6), exceeded from 0.8. */
START_TEST(adaptive_thresholds_by_hand)
{
    OverloadRules mad = {.rule = OVERLOAD_MAD, .safety = 2, .length = 5};
    OverloadRules iqr = {.rule = OVERLOAD_IQR, .safety = 1, .length = 5};
    const double below[] = {0.5, 0.7, 0.6, 0.6, 0.79}, above[] = {0.5, 0.7, 0.6, 0.6, 0.81};

    ck_assert(!detects(&mad, below, 5));
    ck_assert(detects(&mad, above, 5));
    ck_assert(!detects(&iqr, below, 5));
    ck_assert(detects(&iqr, above, 5));
    ck_assert(!detects(&mad, above + 1, 4)); /* too few */
    mad.fallback = 0.7;
    ck_assert(detects(&mad, above + 1, 4));
    ck_assert(!detects(&mad, (const double[]){0.9, 0.7}, 2));
}
END_TEST

/* All alike: no dispersion, and the threshold is 1, which Neat's >= reaches and CloudSim's > does not. */
START_TEST(at_the_threshold_neat_and_cloudsim_differ)
{
    OverloadRules rules = {.rule = OVERLOAD_MAD, .safety = 2.5, .length = 3};
    const double full[] = {1, 1, 1};

    ck_assert(detects(&rules, full, 3));
    rules.strictly = TRUE;
    ck_assert(!detects(&rules, full, 3));
}
END_TEST

/* 30 values on the line 0.3 + 0.01 i, i = 1 … 30: at 30 + t, t = 0.5, it is 0.605. */
START_TEST(lines_are_prolonged_to_the_migrations_end)
{
    double rising[31];
    OverloadRules rules = {.safety = 1, .length = 30};

    rising[0] = 5; /* older than the length: not looked at */
    for (guint i = 1; i <= 30; i++)
        rising[i] = 0.3 + 0.01 * i;
    const OverloadRule lines[] = {OVERLOAD_LR, OVERLOAD_LRR, OVERLOAD_LINE};
    const double predicted[] = {0.605, 0.605, 0.61}; /* LINE rounds t up to 1 */

    for (guint k = 0; k < 3; k++) {
        rules.rule = lines[k];
        rules.threshold = predicted[k] - 1e-6;
        ck_assert(detects(&rules, rising, 31));
        rules.threshold = predicted[k] + 1e-6;
        ck_assert(!detects(&rules, rising, 31));
        rules.safety = 1.1;
        ck_assert(detects(&rules, rising, 31));
        rules.safety = 1;
        ck_assert(!detects(&rules, rising + 2, 29));
    }
}
END_TEST

/* Neat's series of its tests of loess: with safety 1.2 and a threshold of 1. */
START_TEST(neats_series_are_told_apart)
{
    const double high[] = {1.05, 1.09, 1.07, 1.12, 1.02, 1.18, 1.15, 1.04, 1.10, 1.16, 1.08};
    const double low[] = {0.55, 0.60, 0.62, 0.59, 0.67, 0.73, 0.85, 0.97, 0.73, 0.68, 0.69,
                          0.52, 0.51, 0.55, 0.48, 0.46, 0.52, 0.55, 0.58, 0.65, 0.70};
    OverloadRules rules = {.threshold = 1, .safety = 1.2, .length = 11};

    for (rules.rule = OVERLOAD_LR; rules.rule <= OVERLOAD_LRR; rules.rule++) {
        rules.length = G_N_ELEMENTS(high);
        ck_assert(detects(&rules, high, G_N_ELEMENTS(high)));
        rules.length = G_N_ELEMENTS(low);
        ck_assert(!detects(&rules, low, G_N_ELEMENTS(low)));
    }
}
END_TEST

/* An outlier bends the plain line and hardly the robust one. */
START_TEST(the_robust_line_forgives_an_outlier)
{
    double values[30];
    OverloadRules rules = {.rule = OVERLOAD_LR, .threshold = 0.6, .safety = 1, .length = 30};

    for (guint i = 0; i < 30; i++)
        values[i] = 0.5 + 0.01 * (i % 3);
    values[28] = 1;
    ck_assert(detects(&rules, values, 30));
    rules.rule = OVERLOAD_LRR;
    ck_assert(!detects(&rules, values, 30));
}
END_TEST

static int
compare(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The k-th smallest, from 1. */
static double
ranked(const double *values, guint n, guint k)
{
    double sorted[NEAT_VALUES];

    memcpy(sorted, values, n * sizeof *values);
    qsort(sorted, n, sizeof *sorted, compare);
    return sorted[k - 1];
}

/* Over the sum of eight of Neat's traces on one host, the adaptive thresholds said again; odd n, of which the median is
 * a value. */
START_TEST(adaptive_thresholds_are_their_definitions_on_neats_traces)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    double host[NEAT_VALUES], distances[NEAT_VALUES];
    OverloadRules mad = {.rule = OVERLOAD_MAD, .safety = 1.5, .length = 12};
    OverloadRules iqr = {.rule = OVERLOAD_IQR, .safety = 0.6, .length = 12};
    guint found = 0, asked = 0;

    neat_traces_read(traces);
    for (guint k = 0; k < NEAT_VALUES; k++) {
        host[k] = 0;
        for (guint t = 0; t < 8; t++)
            host[k] += traces[3 * t][k] / 6;
        host[k] = MIN(host[k], 1);
    }
    for (guint n = 13; n <= NEAT_VALUES; n += 2) {
        const double median = ranked(host, n, (n + 1) / 2);

        for (guint i = 0; i < n; i++)
            distances[i] = fabs(host[i] - median);
        const gboolean by_mad = host[n - 1] >= 1 - 1.5 * ranked(distances, n, (n + 1) / 2);
        const guint q1 = (guint)(0.25 * (n + 1) + 0.5), q3 = (guint)(0.75 * (n + 1) + 0.5);
        const gboolean by_iqr = host[n - 1] >= 1 - 0.6 * (ranked(host, n, q3) - ranked(host, n, q1));

        ck_assert_int_eq(detects(&mad, host, n), by_mad);
        ck_assert_int_eq(detects(&iqr, host, n), by_iqr);
        found += by_mad + by_iqr;
        asked += 2;
    }
    ck_assert_uint_gt(found, 0); /* both answers occur */
    ck_assert_uint_lt(found, asked);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("overload");

    tcase_add_test(tcase, the_threshold_is_exceeded_strictly);
    tcase_add_test(tcase, dispersions_are_neats);
    tcase_add_test(tcase, adaptive_thresholds_by_hand);
    tcase_add_test(tcase, at_the_threshold_neat_and_cloudsim_differ);
    tcase_add_test(tcase, lines_are_prolonged_to_the_migrations_end);
    tcase_add_test(tcase, neats_series_are_told_apart);
    tcase_add_test(tcase, the_robust_line_forgives_an_outlier);
    tcase_add_test(tcase, adaptive_thresholds_are_their_definitions_on_neats_traces);
    return check_main("overload", tcase, NULL);
}
