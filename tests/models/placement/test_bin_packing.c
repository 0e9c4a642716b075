#include "models/placement/bin_packing.h"
#include "tests/check_main.h"

#define MHZ 22336.0 /* a host of Neat's test bed */

static PackingHost
host_of(double used)
{
    return (PackingHost){.cpu = MHZ, .cpu_used = used, .memory_bytes = 24000, .memory_used_bytes = 2000};
}

static guint
solve(const PackingRules *rules, const PackingHost *hosts, guint n_hosts, const PackingVm *vms, guint n_vms,
      gint *where)
{
    return packing_solve(rules, hosts, n_hosts, vms, n_vms, NULL, NULL, where);
}

/* free = 0.8 x 22336 - use: 17868.8 - 17000 = 868.8 */
START_TEST(a_host_takes_what_is_left_of_its_share)
{
    const PackingRules rules = PACKING_RULES_NEAT;
    const PackingHost hosts[] = {host_of(17000)};
    gint where[1];

    ck_assert_uint_eq(solve(&rules, hosts, 1, &(PackingVm){868, 128}, 1, where), 1);
    ck_assert_uint_eq(solve(&rules, hosts, 1, &(PackingVm){869, 128}, 1, where), 0);
    ck_assert_int_eq(where[0], -1);
    /* 0.95 x 24000 - 2000 = 20800 */
    ck_assert_uint_eq(solve(&rules, hosts, 1, &(PackingVm){1, 20800}, 1, where), 1);
    ck_assert_uint_eq(solve(&rules, hosts, 1, &(PackingVm){1, 20801}, 1, where), 0);
}
END_TEST

START_TEST(best_fit_fills_the_fullest_host_first_with_the_largest_vm)
{
    const PackingRules rules = PACKING_RULES_NEAT;
    const PackingHost hosts[] = {host_of(1000), host_of(15000), host_of(8000)};
    const PackingVm vms[] = {{500, 128}, {2700, 128}, {2600, 128}};
    gint where[3];

    ck_assert_uint_eq(solve(&rules, hosts, 3, vms, 3, where), 3);
    ck_assert_int_eq(where[1], 1); /* of 2868.8 that are free */
    ck_assert_int_eq(where[2], 2);
    ck_assert_int_eq(where[0], 2); /* 168.8 are left of the first: it goes on to the next of the order */
}
END_TEST

/* The order of hosts is that of the begin: a host that has been filled up further stays where it stood. */
START_TEST(best_fit_does_not_sort_hosts_again)
{
    const PackingRules rules = PACKING_RULES_NEAT;
    const PackingHost hosts[] = {host_of(5000), host_of(6000)};
    const PackingVm vms[] = {{12000, 128}, {100, 128}, {5000, 128}};
    gint where[3];

    /* 12000 does not fit on the second (11868.8), but on the first (12868.8), which is then the fuller one */
    ck_assert_uint_eq(solve(&rules, hosts, 2, vms, 3, where), 3);
    ck_assert_int_eq(where[0], 0);
    ck_assert_int_eq(where[2], 1);
    ck_assert_int_eq(where[1], 1);
}
END_TEST

START_TEST(ties_are_neats_tuples)
{
    const PackingRules rules = PACKING_RULES_NEAT;
    PackingHost hosts[] = {host_of(15000), host_of(15000), host_of(15000)};
    const PackingVm vms[] = {{2800, 128}, {2800, 128}, {2800, 256}};
    gint where[3];

    hosts[2].memory_used_bytes = 3000; /* least free memory: first */
    ck_assert_uint_eq(solve(&rules, hosts, 3, vms, 3, where), 3);
    ck_assert_int_eq(where[2], 2); /* of equal CPU that with more memory is first, then the one with the larger name */
    ck_assert_int_eq(where[1], 0);
    ck_assert_int_eq(where[0], 1);
}
END_TEST

START_TEST(the_sleeping_host_with_least_capacity_is_woken_and_used_whole)
{
    PackingRules rules = PACKING_RULES_NEAT;
    PackingHost hosts[] = {host_of(17000),
                           {.cpu = 9000, .memory_bytes = 900, .asleep = TRUE},
                           {.cpu = 8000, .memory_bytes = 900, .asleep = TRUE}};
    gint where[2];

    ck_assert_uint_eq(solve(&rules, hosts, 3, &(PackingVm){2000, 128}, 1, where), 1);
    ck_assert_int_eq(where[0], 2);
    ck_assert_uint_eq(solve(&rules, hosts, 3, &(PackingVm){8000, 900}, 1, where), 1); /* all of it */
    ck_assert_int_eq(where[0], 2);
    ck_assert_uint_eq(solve(&rules, hosts, 3, &(PackingVm){8500, 128}, 1, where), 1);
    ck_assert_int_eq(where[0], 1);
    rules.wakes = FALSE;
    ck_assert_uint_eq(solve(&rules, hosts, 3, &(PackingVm){2000, 128}, 1, where), 0);
}
END_TEST

START_TEST(all_or_nothing)
{
    PackingRules rules = PACKING_RULES_NEAT;
    const PackingHost hosts[] = {host_of(15000)};
    const PackingVm vms[] = {{2000, 128}, {2000, 128}};
    gint where[2];

    ck_assert_uint_eq(solve(&rules, hosts, 1, vms, 2, where), 0);
    ck_assert_int_eq(where[0], -1);
    ck_assert_int_eq(where[1], -1);
    rules.all_or_nothing = FALSE;
    ck_assert_uint_eq(solve(&rules, hosts, 1, vms, 2, where), 1);
    ck_assert_int_eq(where[1], 0);
}
END_TEST

START_TEST(first_fit_keeps_both_orders_and_worst_fit_spreads)
{
    const PackingHost hosts[] = {host_of(15000), host_of(1000), host_of(500)};
    const PackingVm vms[] = {{500, 128}, {2700, 128}, {2000, 128}};
    PackingRules rules = PACKING_RULES_NEAT;
    gint where[3];

    rules.rule = PACKING_FIRST_FIT;
    solve(&rules, hosts, 3, vms, 3, where);
    ck_assert_int_eq(where[0], 0); /* asked first: 2368.8 are left of the first host */
    ck_assert_int_eq(where[1], 1);
    ck_assert_int_eq(where[2], 0);
    rules.rule = PACKING_WORST_FIT;
    solve(&rules, hosts, 3, vms, 3, where);
    ck_assert_int_eq(where[1], 2); /* the emptiest; after it 1000 + 2000 < 500 + 2700 */
    ck_assert_int_eq(where[2], 1);
    ck_assert_int_eq(where[0], 1); /* 3000 < 3200 are used there */
}
END_TEST

/* ML110 G4 and G5 at 50 %: the next tenth costs 4 W (of 3720 MIPS) and 5 W (of 5320). A VM of 500 MIPS is 13.4 % of a
 * G4, 102 + 1.344 x 4 + … against 9.4 % of a G5: 0.94 x 5 = 4.7 W; the G4: 4 + 0.344 x 2 = 4.69 W. One of 1000
 * MIPS: 26.9 %: 4 + 2 + 0.688 x 4 = 8.75 W, and 18.8 %: 5 + 0.88 x 4 = 8.52 W. */
START_TEST(power_aware_takes_the_least_rise)
{
    const PowerCurve *g4 = power_curve_named("ml110-g4"), *g5 = power_curve_named("ml110-g5");
    const PackingRules rules = {
        .rule = PACKING_POWER_AWARE, .cpu_share = 1, .memory_share = 1, .wakes = TRUE, .waking_counts = TRUE};
    PackingHost hosts[] = {{.cpu = 3720, .cpu_used = 1860, .memory_bytes = 4000, .curve = g4, .asleep_W = 10},
                           {.cpu = 5320, .cpu_used = 2660, .memory_bytes = 4000, .curve = g5, .asleep_W = 10}};
    gint where[1];

    solve(&rules, hosts, 2, &(PackingVm){500, 600}, 1, where);
    ck_assert_int_eq(where[0], 0);
    solve(&rules, hosts, 2, &(PackingVm){1000, 600}, 1, where);
    ck_assert_int_eq(where[0], 1);
}
END_TEST

/* An empty G4: 86 to 89.4 W and on, 3.4 W a tenth; a half full G5 5 W. That it must be woken, 86 W, CloudSim forgets.
 */
START_TEST(cloudsim_forgets_what_waking_costs)
{
    PackingRules rules = {.rule = PACKING_POWER_AWARE, .cpu_share = 1, .memory_share = 1, .wakes = TRUE};
    const PackingHost hosts[] = {
        {.cpu = 3720, .memory_bytes = 4000, .asleep = TRUE, .curve = power_curve_named("ml110-g4"), .asleep_W = 10},
        {.cpu = 3720, .cpu_used = 1860, .memory_bytes = 4000, .curve = power_curve_named("ml110-g5")}};
    gint where[1];

    solve(&rules, hosts, 2, &(PackingVm){372, 600}, 1, where);
    ck_assert_int_eq(where[0], 0);
    rules.waking_counts = TRUE;
    solve(&rules, hosts, 2, &(PackingVm){372, 600}, 1, where);
    ck_assert_int_eq(where[0], 1);
}
END_TEST

START_TEST(power_aware_asks_only_hosts_with_load_whether_they_would_be_overloaded)
{
    const PackingRules rules = {.rule = PACKING_POWER_AWARE, .cpu_share = 0.7, .memory_share = 1, .wakes = TRUE};
    PackingHost host = {.cpu = 1000, .memory_bytes = 4000, .curve = power_curve_named("ml110-g4")};
    gint where[1];

    ck_assert_uint_eq(solve(&rules, &host, 1, &(PackingVm){900, 600}, 1, where), 1);
    host.cpu_used = 1;
    ck_assert_uint_eq(solve(&rules, &host, 1, &(PackingVm){900, 600}, 1, where), 0);
    ck_assert_uint_eq(solve(&rules, &host, 1, &(PackingVm){699, 600}, 1, where), 1);
}
END_TEST

static gboolean
refuse_first(gpointer data, guint vm, guint host)
{
    (void)data;
    (void)vm;
    return host == 0;
}

START_TEST(closed_hosts_and_refusals_are_passed_over)
{
    PackingRules rules = PACKING_RULES_NEAT;
    PackingHost hosts[] = {host_of(5000), host_of(1000)};
    gint where[1];

    packing_solve(&rules, hosts, 2, &(PackingVm){10, 1}, 1, refuse_first, NULL, where);
    ck_assert_int_eq(where[0], 1);
    hosts[1].closed = TRUE;
    ck_assert_uint_eq(packing_solve(&rules, hosts, 2, &(PackingVm){10, 1}, 1, refuse_first, NULL, where), 0);
    hosts[1].asleep = TRUE; /* nor is a closed one woken */
    ck_assert_uint_eq(packing_solve(&rules, hosts, 2, &(PackingVm){10, 1}, 1, refuse_first, NULL, where), 0);
    ck_assert_uint_eq(solve(&rules, hosts, 0, &(PackingVm){10, 1}, 1, where), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("bin_packing");

    tcase_add_test(tcase, a_host_takes_what_is_left_of_its_share);
    tcase_add_test(tcase, best_fit_fills_the_fullest_host_first_with_the_largest_vm);
    tcase_add_test(tcase, best_fit_does_not_sort_hosts_again);
    tcase_add_test(tcase, ties_are_neats_tuples);
    tcase_add_test(tcase, the_sleeping_host_with_least_capacity_is_woken_and_used_whole);
    tcase_add_test(tcase, all_or_nothing);
    tcase_add_test(tcase, first_fit_keeps_both_orders_and_worst_fit_spreads);
    tcase_add_test(tcase, power_aware_takes_the_least_rise);
    tcase_add_test(tcase, cloudsim_forgets_what_waking_costs);
    tcase_add_test(tcase, power_aware_asks_only_hosts_with_load_whether_they_would_be_overloaded);
    tcase_add_test(tcase, closed_hosts_and_refusals_are_passed_over);
    return check_main("bin_packing", tcase, NULL);
}
