#include "models/placement/nova_scheduler.h"
#include "tests/check_main.h"

#include <math.h>

#define MIB (1024.0 * 1024)

static const NovaRequest small = {.memory_bytes = 512 * MIB, .vcpus = 1};

/* Rules by which one weigher alone counts. */
static NovaRules
only(NovaWeigher weigher, double multiplier)
{
    NovaRules rules = NOVA_RULES_DEFAULT;

    for (guint w = 0; w < NOVA_WEIGHERS; w++)
        rules.multipliers[w] = w == weigher ? multiplier : 0;
    return rules;
}

static void
expect_weights(const NovaRules *rules, const NovaHost *hosts, const double *expected, guint n)
{
    double weights[8];

    nova_weigh(rules, hosts, n, &small, weights);
    for (guint i = 0; i < n; i++)
        ck_assert_double_eq_tol(weights[i], expected[i], 1e-12);
}

/* nova/tests/unit/scheduler/weights/test_weights_ram.py: hosts of 512, 1024, 3072 and 8192 MiB free, and one of -512.
 */
START_TEST(ram_rows_of_novas_tests)
{
    const double free_MiB[] = {512, 1024, 3072, 8192, -512};
    NovaHost hosts[5] = {{FALSE}};
    const NovaRules one = only(NOVA_RAM, 1), none = only(NOVA_RAM, 0), two = only(NOVA_RAM, 2);

    for (guint i = 0; i < 5; i++) {
        hosts[i].memory_bytes = 16384 * MIB;
        hosts[i].memory_used_bytes = (16384 - free_MiB[i]) * MIB;
    }
    expect_weights(&one, hosts, (const double[]){512 / 8192., 1024 / 8192., 3072 / 8192., 1}, 4);
    expect_weights(&none, hosts, (const double[]){0, 0, 0, 0}, 4);
    expect_weights(&two, hosts, (const double[]){0.125, 0.25, 0.75, 2}, 4);
    expect_weights(&one, hosts, (const double[]){0.0625, 0.125, 0.375, 1, 0}, 5); /* the negative one counts as 0 */
}
END_TEST

/* test_weights_cpu.py: 0, 2, 6 and 16 free, the last by an allocation ratio; and -2. */
START_TEST(cpu_rows_of_novas_tests)
{
    NovaRules rules = only(NOVA_CPU, 1);
    const NovaHost hosts[] = {{.vcpus = 8, .vcpus_used = 8},
                              {.vcpus = 4, .vcpus_used = 2},
                              {.vcpus = 6},
                              {.vcpus = 16},
                              {.vcpus = 4, .vcpus_used = 6}};

    rules.cpu_allocation_ratio = 1;
    expect_weights(&rules, hosts, (const double[]){0, 0.125, 0.375, 1, 0}, 5);
    rules.multipliers[NOVA_CPU] = -1; /* stacking: the full host wins */
    expect_weights(&rules, hosts, (const double[]){0, -0.125, -0.375, -1}, 4);
    rules.cpu_allocation_ratio = 4; /* 24 14 24 64 */
    rules.multipliers[NOVA_CPU] = 1;
    expect_weights(&rules, hosts, (const double[]){24 / 64., 14 / 64., 24 / 64., 1}, 4);
}
END_TEST

/* test_weights.py IoOpsWeigherTestCase: 1, 2, 0 and 4; by default the idle one wins with a weight of 0. */
START_TEST(io_ops_rows_of_novas_tests)
{
    const NovaHost hosts[] = {{.io_ops = 1}, {.io_ops = 2}, {.io_ops = 0}, {.io_ops = 4}};
    const NovaRules usual = only(NOVA_IO_OPS, NOVA_RULES_DEFAULT.multipliers[NOVA_IO_OPS]), two = only(NOVA_IO_OPS, 2);

    expect_weights(&usual, hosts, (const double[]){-0.25, -0.5, 0, -1}, 4);
    expect_weights(&two, hosts, (const double[]){0.5, 1, 0, 2}, 4);
}
END_TEST

/* The least of a weigher without one is that of the list: versions 5 and 7 are 0 and 1. All alike are 0. */
START_TEST(scales_begin_at_the_least_or_at_zero)
{
    const NovaHost versions[] = {{.hypervisor_version = 7, .pci_free = 200}, {.hypervisor_version = 5, .pci_free = 99}};
    const NovaHost alike[] = {{.hypervisor_version = 7, .memory_bytes = 5},
                              {.hypervisor_version = 7, .memory_bytes = 5}};
    const NovaRules version = only(NOVA_HYPERVISOR_VERSION, 1), pci = only(NOVA_PCI, 1), ram = only(NOVA_RAM, 1);

    expect_weights(&version, versions, (const double[]){1, 0}, 2);
    expect_weights(&version, alike, (const double[]){0, 0}, 2);
    expect_weights(&ram, alike, (const double[]){1, 1}, 2);    /* from 0 to 5: both are 1, which changes nothing */
    expect_weights(&pci, versions, (const double[]){0, 0}, 2); /* 99 devices are as many as 200 */
}
END_TEST

START_TEST(the_defaults_spread)
{
    /* 8 GiB and 4 vCPUs each; the first has one guest more, the third one fewer */
    NovaHost hosts[3];
    guint order[3];

    for (guint i = 0; i < 3; i++)
        hosts[i] = (NovaHost){.memory_bytes = 8192 * MIB,
                              .memory_used_bytes = (3 - i) * 1024 * MIB,
                              .vcpus = 4,
                              .vcpus_used = 3 - i,
                              .hypervisor_version = 7};
    ck_assert_uint_eq(nova_sort_hosts(&NOVA_RULES_DEFAULT, hosts, 3, &small, NULL, order), 3);
    ck_assert_uint_eq(order[0], 2);
    ck_assert_uint_eq(order[1], 1);
    ck_assert_uint_eq(order[2], 0);
    /* weights: RAM 5/7 6/7 1 and CPU (16 - used): 13/15 14/15 1 */
    double weights[3];

    nova_weigh(&NOVA_RULES_DEFAULT, hosts, 3, &small, weights);
    /* DISK, IO_OPS, VERSION and the affinities are alike */
    ck_assert_double_eq_tol(weights[2] - weights[0], 2 / 7. + 2 / 15., 1e-12);
    hosts[2].failed_builds = 1;
    nova_sort_hosts(&NOVA_RULES_DEFAULT, hosts, 3, &small, NULL, order);
    ck_assert_uint_eq(order[2], 2); /* a failed build outweighs everything */
}
END_TEST

/* test_get_sorted_hosts_…: equal ones stay in their order; only the best are mixed. */
START_TEST(ties_stay_in_order_unless_they_are_shuffled)
{
    NovaHost hosts[6];
    NovaRules rules = NOVA_RULES_DEFAULT;
    RandomStream stream;
    guint order[6], first[6] = {0};

    random_init(&stream, 1, "scheduler", "nova");
    for (guint i = 0; i < 6; i++)
        hosts[i] = (NovaHost){.memory_bytes = 8192 * MIB, .vcpus = 4, .vcpus_used = i < 4 ? 0 : 1};
    ck_assert_uint_eq(nova_sort_hosts(&rules, hosts, 6, &small, NULL, order), 6);
    for (guint i = 0; i < 6; i++)
        ck_assert_uint_eq(order[i], i);
    rules.shuffle_best = TRUE;
    for (guint i = 0; i < 2000; i++) {
        nova_sort_hosts(&rules, hosts, 6, &small, &stream, order);
        first[order[0]]++;
        ck_assert_uint_eq(order[4], 4);
        ck_assert_uint_eq(order[5], 5);
    }
    for (guint i = 0; i < 4; i++) /* 5 standard errors of 1/4 of 2000 are 4.8 % */
        ck_assert_double_eq_tol(first[i] / 2000.0, 0.25, 0.049);
}
END_TEST

START_TEST(a_subset_is_drawn_from_and_the_rest_are_alternates)
{
    NovaHost hosts[4];
    NovaRules rules = NOVA_RULES_DEFAULT;
    RandomStream stream;
    guint order[4], first[4] = {0};

    random_init(&stream, 2, "scheduler", "nova");
    for (guint i = 0; i < 4; i++)
        hosts[i] = (NovaHost){.memory_bytes = (4 - i) * 4096 * MIB, .vcpus = 4};
    rules.host_subset_size = 2;
    for (guint i = 0; i < 2000; i++) {
        nova_sort_hosts(&rules, hosts, 4, &small, &stream, order);
        first[order[0]]++;
        ck_assert_uint_eq(order[1], 1 - order[0]);
        ck_assert_uint_eq(order[2], 2);
    }
    ck_assert_double_eq_tol(first[0] / 2000.0, 0.5, 0.056);
    rules.host_subset_size = 100; /* more than there are */
    ck_assert_uint_eq(nova_sort_hosts(&rules, hosts, 4, &small, &stream, order), 4);
}
END_TEST

START_TEST(filters_pass_as_they_say)
{
    const NovaHost good = {.memory_bytes = 1024 * MIB, .vcpus = 1, .group_members = 1};
    const struct {
        NovaHost host;
        NovaRequest request;
        gboolean passes;
    } table[] = {
        {good, {.group = NOVA_NO_GROUP}, TRUE},
        {{.disabled = TRUE}, {.group = NOVA_NO_GROUP}, FALSE},
        {{.down = TRUE}, {.group = NOVA_NO_GROUP}, FALSE},
        {{.incapable = TRUE}, {.group = NOVA_NO_GROUP}, FALSE},
        {{.image_misfits = TRUE}, {.group = NOVA_NO_GROUP}, FALSE},
        {good, {.group = NOVA_ANTI_AFFINITY, .group_members = 1}, FALSE},
        {{.group_members = 0}, {.group = NOVA_ANTI_AFFINITY, .group_members = 1}, TRUE},
        {good, {.group = NOVA_AFFINITY, .group_members = 1}, TRUE},
        {{.group_members = 0}, {.group = NOVA_AFFINITY, .group_members = 1}, FALSE},
        {{.group_members = 0}, {.group = NOVA_AFFINITY}, TRUE}, /* the first of its group goes anywhere */
        {good, {.group = NOVA_SOFT_ANTI, .group_members = 1}, TRUE},
    };
    NovaRules two = NOVA_RULES_DEFAULT;

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        ck_assert_msg(nova_passes(&NOVA_RULES_DEFAULT, &table[i].host, &table[i].request) == table[i].passes, "row %zu",
                      i);
    two.max_server_per_host = 2;
    ck_assert(nova_passes(&two, &good, &(NovaRequest){.group = NOVA_ANTI_AFFINITY}));
}
END_TEST

START_TEST(soft_groups_are_weighed)
{
    const NovaHost hosts[] = {{.group_members = 0}, {.group_members = 1}, {.group_members = 2}};
    const NovaRequest together = {.group = NOVA_SOFT}, apart = {.group = NOVA_SOFT_ANTI};
    guint order[3];

    nova_sort_hosts(&NOVA_RULES_DEFAULT, hosts, 3, &together, NULL, order);
    ck_assert_uint_eq(order[0], 2);
    nova_sort_hosts(&NOVA_RULES_DEFAULT, hosts, 3, &apart, NULL, order);
    ck_assert_uint_eq(order[0], 0);
}
END_TEST

/* Allocation ratios 4, 1, 1. */
START_TEST(placement_offers_what_the_ratios_leave)
{
    NovaHost host = {.memory_bytes = 1024 * MIB, .vcpus = 1, .vcpus_used = 3, .disk_bytes = 100};
    guint order[1];

    ck_assert(nova_fits(&NOVA_RULES_DEFAULT, &host, &(NovaRequest){1024 * MIB, 100, 1, NOVA_NO_GROUP, 0}));
    ck_assert(!nova_fits(&NOVA_RULES_DEFAULT, &host, &(NovaRequest){1025 * MIB, 100, 1, NOVA_NO_GROUP, 0}));
    ck_assert(!nova_fits(&NOVA_RULES_DEFAULT, &host, &(NovaRequest){1024 * MIB, 101, 1, NOVA_NO_GROUP, 0}));
    ck_assert(!nova_fits(&NOVA_RULES_DEFAULT, &host, &(NovaRequest){1024 * MIB, 100, 2, NOVA_NO_GROUP, 0}));
    ck_assert_uint_eq(nova_sort_hosts(&NOVA_RULES_DEFAULT, &host, 1, &small, NULL, order), 1);
    host.down = TRUE;
    ck_assert_uint_eq(nova_sort_hosts(&NOVA_RULES_DEFAULT, &host, 1, &small, NULL, order), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("nova_scheduler");

    tcase_add_test(tcase, ram_rows_of_novas_tests);
    tcase_add_test(tcase, cpu_rows_of_novas_tests);
    tcase_add_test(tcase, io_ops_rows_of_novas_tests);
    tcase_add_test(tcase, scales_begin_at_the_least_or_at_zero);
    tcase_add_test(tcase, the_defaults_spread);
    tcase_add_test(tcase, ties_stay_in_order_unless_they_are_shuffled);
    tcase_add_test(tcase, a_subset_is_drawn_from_and_the_rest_are_alternates);
    tcase_add_test(tcase, filters_pass_as_they_say);
    tcase_add_test(tcase, soft_groups_are_weighed);
    tcase_add_test(tcase, placement_offers_what_the_ratios_leave);
    return check_main("nova_scheduler", tcase, NULL);
}
