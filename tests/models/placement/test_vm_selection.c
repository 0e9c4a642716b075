#include "models/placement/vm_selection.h"
#include "tests/check_main.h"
#include "tests/models/placement/neat_traces.h"

#include <math.h>

static const double rising[] = {0.1, 0.9}, falling[] = {0.95, 0.2}, idle[] = {0, 0}, busy[] = {0.6, 0.6};

static const SelectionVm vms[] = {
    {.memory_bytes = 4, .cpu = busy, .n_cpu = 2},
    {.memory_bytes = 1, .cpu = rising, .n_cpu = 2},
    {.memory_bytes = 1, .cpu = falling, .n_cpu = 2},
    {.memory_bytes = 2, .cpu = idle, .n_cpu = 2},
    {.memory_bytes = 0.5, .cpu = busy, .n_cpu = 2, .fixed = TRUE},
};

START_TEST(each_rule_takes_its_vm)
{
    const struct {
        SelectionRule rule;
        guint last;
        gint vm;
    } table[] = {
        {SELECTION_LEAST_MEMORY, 1, 1},    {SELECTION_MEMORY_THEN_CPU, 1, 1}, {SELECTION_MEMORY_THEN_CPU, 2, 2},
        {SELECTION_MAX_CPU, 1, 1},         {SELECTION_MIN_CPU, 1, 3},         {SELECTION_MAX_CORRELATION, 1, 1},
        {SELECTION_MIN_CORRELATION, 1, 1}, /* too few values: least memory */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        ck_assert_msg(vm_selection_pick(table[i].rule, table[i].last, vms, 5, NULL) == table[i].vm, "row %zu", i);
}
END_TEST

START_TEST(none_goes_when_none_may_and_neat_lets_idle_ones_stay)
{
    RandomStream stream;

    random_init(&stream, 1, "selection", "host1");
    for (SelectionRule rule = SELECTION_LEAST_MEMORY; rule <= SELECTION_MIN_CORRELATION; rule++)
        ck_assert_int_eq(vm_selection_pick(rule, 2, vms + 4, 1, &stream), -1);
    ck_assert_int_eq(vm_selection_pick(SELECTION_MEMORY_THEN_CPU, 2, vms + 3, 1, &stream), -1);
    ck_assert_int_eq(vm_selection_pick(SELECTION_LEAST_MEMORY, 2, vms + 3, 1, &stream), 0);
}
END_TEST

/* 4,000 draws of four: 5 standard errors of 1/4 are 3.4 %. */
START_TEST(random_takes_each_alike)
{
    RandomStream stream;
    guint taken[5] = {0};

    random_init(&stream, 1, "selection", "host1");
    for (guint i = 0; i < 4000; i++)
        taken[vm_selection_pick(SELECTION_RANDOM, 1, vms, 5, &stream)]++;
    ck_assert_uint_eq(taken[4], 0);
    for (guint i = 0; i < 4; i++)
        ck_assert_double_eq_tol(taken[i] / 4000.0, 0.25, 0.035);
}
END_TEST

/* R^2 of two series is the square of Pearson's correlation, of three has a closed form:
 * (r_12^2 + r_13^2 - 2 r_12 r_13 r_23) / (1 - r_23^2). */
static double
pearson(const double *x, const double *y, guint m)
{
    double mx = 0, my = 0, xy = 0, xx = 0, yy = 0;

    for (guint k = 0; k < m; k++) {
        mx += x[k] / m;
        my += y[k] / m;
    }
    for (guint k = 0; k < m; k++) {
        xy += (x[k] - mx) * (y[k] - my);
        xx += (x[k] - mx) * (x[k] - mx);
        yy += (y[k] - my) * (y[k] - my);
    }
    return xy / sqrt(xx * yy);
}

START_TEST(multiple_correlation_has_its_closed_forms_on_neats_traces)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];

    neat_traces_read(traces);
    for (guint t = 0; t + 2 < NEAT_TRACES; t++) {
        const double *series[] = {traces[t], traces[t + 1], traces[t + 2]};
        const double r12 = pearson(series[0], series[1], NEAT_VALUES), r13 = pearson(series[0], series[2], NEAT_VALUES),
                     r23 = pearson(series[1], series[2], NEAT_VALUES);

        ck_assert_double_eq_tol(vm_selection_correlation(series, 2, NEAT_VALUES), r12 * r12, 1e-9);
        ck_assert_double_eq_tol(vm_selection_correlation(series, 3, NEAT_VALUES),
                                (r12 * r12 + r13 * r13 - 2 * r12 * r13 * r23) / (1 - r23 * r23), 1e-9);
    }
}
END_TEST

START_TEST(what_is_the_sum_of_others_is_explained_and_goes)
{
    static double traces[NEAT_TRACES][NEAT_VALUES];
    static double sum[NEAT_VALUES];
    const double flat[NEAT_VALUES] = {0};

    neat_traces_read(traces);
    for (guint k = 0; k < NEAT_VALUES; k++)
        sum[k] = 0.3 + 0.5 * traces[0][k] + 0.25 * traces[1][k];
    const double *series[] = {sum, traces[0], traces[1], traces[1], flat};
    const double *of_flat[] = {flat, traces[0]};

    ck_assert_double_eq_tol(vm_selection_correlation(series, 3, NEAT_VALUES), 1, 1e-12);
    ck_assert_double_eq_tol(vm_selection_correlation(series, 5, NEAT_VALUES), 1, 1e-12); /* collinear ones do no harm */
    ck_assert_double_eq(vm_selection_correlation(of_flat, 2, NEAT_VALUES), 0);
    const SelectionVm host[] = {{.memory_bytes = 1, .cpu = traces[2], .n_cpu = NEAT_VALUES},
                                {.memory_bytes = 1, .cpu = traces[3], .n_cpu = NEAT_VALUES},
                                {.memory_bytes = 1, .cpu = sum, .n_cpu = NEAT_VALUES},
                                {.memory_bytes = 1, .cpu = traces[0], .n_cpu = NEAT_VALUES},
                                {.memory_bytes = 1, .cpu = flat, .n_cpu = NEAT_VALUES},
                                {.memory_bytes = 1, .cpu = traces[1], .n_cpu = NEAT_VALUES}};
    const gint most = vm_selection_pick(SELECTION_MAX_CORRELATION, 1, host, 6, NULL);

    /* each of the three that are bound together is explained by the other two, up to rounding */
    ck_assert(most == 2 || most == 3 || most == 5);
    ck_assert_int_eq(vm_selection_pick(SELECTION_MIN_CORRELATION, 1, host, 6, NULL), 4);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vm_selection");

    tcase_add_test(tcase, each_rule_takes_its_vm);
    tcase_add_test(tcase, none_goes_when_none_may_and_neat_lets_idle_ones_stay);
    tcase_add_test(tcase, random_takes_each_alike);
    tcase_add_test(tcase, multiple_correlation_has_its_closed_forms_on_neats_traces);
    tcase_add_test(tcase, what_is_the_sum_of_others_is_explained_and_goes);
    return check_main("vm_selection", tcase, NULL);
}
