#include "models/base/random.h"
#include "models/placement/load_balance.h"
#include "tests/check_main.h"

#include <math.h>

/* Loads 0.8 and 0.2: sigma 0.3. */
START_TEST(the_deviation_is_that_of_loads_over_capacity)
{
    const BalanceHost hosts[] = {{10, 100, FALSE}, {20, 100, FALSE}, {10, 100, TRUE}};
    const BalanceVm vms[] = {{0, 8, 1, FALSE}, {1, 4, 1, FALSE}, {2, 10, 1, FALSE}};

    ck_assert_double_eq_tol(balance_deviation(hosts, 3, vms, 3), 0.3, 1e-12); /* the closed one does not count */
    ck_assert_double_eq(balance_deviation(hosts, 0, vms, 0), 0);
}
END_TEST

/* 9 = 4 + 3 + 2 on one of two hosts of 10: moving 4 leaves 0.5 and 0.4, sigma 0.05; 3 leaves 0.6 and 0.3. */
START_TEST(the_best_move_is_taken_first_and_the_round_ends_at_the_target)
{
    const BalanceHost hosts[] = {{10, 100, FALSE}, {10, 100, FALSE}};
    const BalanceVm vms[] = {{0, 2, 1, FALSE}, {0, 3, 1, FALSE}, {0, 4, 1, FALSE}};
    BalanceRules rules = {.target = 0.1, .moves = 5};
    BalanceMove moves[5];

    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 1);
    ck_assert_uint_eq(moves[0].vm, 2);
    ck_assert_uint_eq(moves[0].to, 1);
    ck_assert_double_eq_tol(moves[0].deviation, 0.05, 1e-9);
    rules.target = 0; /* nothing is better than 0.05 */
    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 1);
    rules.target = 0.45;
    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 0);
    rules.target = 0;
    rules.gain = 0.41; /* 0.45 to 0.05 is not worth it */
    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 0);
}
END_TEST

START_TEST(memory_fixed_vms_and_closed_hosts_hold_back)
{
    BalanceHost hosts[] = {{10, 100, FALSE}, {10, 2, FALSE}};
    BalanceVm vms[] = {{0, 2, 1, FALSE}, {0, 3, 3, FALSE}, {0, 4, 1, TRUE}};
    const BalanceRules rules = {.moves = 5};
    BalanceMove moves[5];

    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 1);
    ck_assert_uint_eq(moves[0].vm, 0);
    hosts[1].closed = TRUE;
    ck_assert_uint_eq(balance_plan(&rules, hosts, 2, vms, 3, moves), 0);
}
END_TEST

/* Each move lowers the deviation, and what is said of it is what it is. */
START_TEST(rounds_only_improve)
{
    RandomStream random;
    BalanceHost hosts[6];
    BalanceVm vms[40];
    BalanceMove moves[40];
    const BalanceRules rules = {.moves = 40};

    random_init(&random, 1, "test", "balance");
    for (guint run = 0; run < 50; run++) {
        for (guint i = 0; i < 6; i++)
            hosts[i] = (BalanceHost){10 + 10 * random_unit(&random), 30, FALSE};
        for (guint i = 0; i < 40; i++)
            vms[i] = (BalanceVm){(guint)random_below(&random, 6), random_unit(&random), 1, FALSE};
        double deviation = balance_deviation(hosts, 6, vms, 40);
        const guint n = balance_plan(&rules, hosts, 6, vms, 40, moves);

        for (guint k = 0; k < n; k++) {
            ck_assert_uint_eq(vms[moves[k].vm].host, moves[k].from);
            vms[moves[k].vm].host = moves[k].to;
            const double after = balance_deviation(hosts, 6, vms, 40);

            ck_assert_double_eq_tol(after, moves[k].deviation, 1e-7); /* sums of squares lose half the digits */
            ck_assert(after < deviation + 1e-7);
            deviation = after;
        }
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("load_balance");

    tcase_add_test(tcase, the_deviation_is_that_of_loads_over_capacity);
    tcase_add_test(tcase, the_best_move_is_taken_first_and_the_round_ends_at_the_target);
    tcase_add_test(tcase, memory_fixed_vms_and_closed_hosts_hold_back);
    tcase_add_test(tcase, rounds_only_improve);
    return check_main("load_balance", tcase, NULL);
}
