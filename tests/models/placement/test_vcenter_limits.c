#include "models/placement/vcenter_limits.h"
#include "tests/check_main.h"

#define GBPS 1.25e8

START_TEST(costs_and_maxima_are_the_manuals)
{
    const guint rows[VCENTER_OPERATIONS][VCENTER_RESOURCES] = {{1, 1, 1}, {4, 16, 0}, {4, 16, 1}, {1, 0, 0}};

    for (guint o = 0; o < VCENTER_OPERATIONS; o++)
        for (guint r = 0; r < VCENTER_RESOURCES; r++)
            ck_assert_uint_eq(vcenter_cost(o, r), rows[o][r]);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_HOST, 0), 8);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_DATASTORE, 0), 128);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_NETWORK, GBPS), 4);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_NETWORK, 9.9 * GBPS), 4);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_NETWORK, 10 * GBPS), 8);
    ck_assert_uint_eq(vcenter_maximum(VCENTER_NETWORK, 40 * GBPS), 8);
}
END_TEST

/* How many of each go at once on one host, of one network and one datastore. */
static guint
begin_many(VcenterBudget *budgets, VcenterOperation operation)
{
    VcenterBudget *const all[] = {&budgets[0], &budgets[1], &budgets[2]};
    guint n = 0;

    while (n < 1000 && vcenter_begin(operation, all, 3))
        n++;
    return n;
}

static void
fresh(VcenterBudget *budgets, double bandwidth_Bps)
{
    for (guint r = 0; r < VCENTER_RESOURCES; r++)
        vcenter_budget_init(&budgets[r], r, bandwidth_Bps);
}

/* "Derived limit per host": 8 vMotions (4 at 1 Gbit/s), 2 Storage vMotions, 2 without shared storage, 8 others; "you
 * can perform 2 Storage vMotion operations, or 1 Storage vMotion and 4 vMotion operations". */
START_TEST(derived_limits_are_the_manuals)
{
    const guint derived[VCENTER_OPERATIONS] = {8, 2, 2, 8};
    VcenterBudget budgets[VCENTER_RESOURCES];
    VcenterBudget *const all[] = {&budgets[0], &budgets[1], &budgets[2]};

    for (guint o = 0; o < VCENTER_OPERATIONS; o++) {
        fresh(budgets, 10 * GBPS);
        ck_assert_uint_eq(begin_many(budgets, o), derived[o]);
    }
    fresh(budgets, GBPS);
    ck_assert_uint_eq(begin_many(budgets, VCENTER_VMOTION), 4);
    fresh(budgets, 10 * GBPS);
    ck_assert(vcenter_begin(VCENTER_STORAGE_VMOTION, all, 3));
    ck_assert_uint_eq(begin_many(budgets, VCENTER_VMOTION), 4);
    ck_assert(!vcenter_begin(VCENTER_STORAGE_VMOTION, all, 3));
}
END_TEST

/* A datastore of 128: eight Storage vMotions of as many hosts, and not one vMotion more. */
START_TEST(a_datastore_holds_back_hosts_that_have_room)
{
    VcenterBudget datastore, hosts[9];

    vcenter_budget_init(&datastore, VCENTER_DATASTORE, 0);
    for (guint i = 0; i < 9; i++) {
        VcenterBudget *const used[] = {&hosts[i], &datastore};

        vcenter_budget_init(&hosts[i], VCENTER_HOST, 0);
        ck_assert_int_eq(vcenter_begin(VCENTER_STORAGE_VMOTION, used, 2), i < 8);
    }
    ck_assert_uint_eq(datastore.used, 128);
    ck_assert_uint_eq(hosts[8].used, 0); /* who waits has paid nothing */
    VcenterBudget *const first[] = {&hosts[0], &datastore}, *const last[] = {&hosts[8], &datastore};

    ck_assert(!vcenter_begin(VCENTER_VMOTION, last, 2));
    vcenter_end(VCENTER_STORAGE_VMOTION, first, 2);
    ck_assert(vcenter_begin(VCENTER_STORAGE_VMOTION, last, 2));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vcenter_limits");

    tcase_add_test(tcase, costs_and_maxima_are_the_manuals);
    tcase_add_test(tcase, derived_limits_are_the_manuals);
    tcase_add_test(tcase, a_datastore_holds_back_hosts_that_have_room);
    return check_main("vcenter_limits", tcase, NULL);
}
