#include "models/placement/consolidation.h"
#include "tests/check_main.h"

#define MHZ 22336.0

/* Four hosts of Neat's test bed and VMs that have shown two values each. */
typedef struct {
    ConsolidationHost hosts[4];
    ConsolidationVm vms[32];
    double seen[32][2];
    ConsolidationView view;
} Bed;

static void
lay_out(Bed *bed)
{
    for (guint i = 0; i < 4; i++)
        bed->hosts[i] = (ConsolidationHost){.capacity = MHZ, .memory_bytes = 24576};
    bed->view = (ConsolidationView){.hosts = bed->hosts, .n_hosts = 4, .vms = bed->vms};
}

static guint
add_vm(Bed *bed, guint host, double before, double last)
{
    const guint i = bed->view.n_vms++;

    bed->seen[i][0] = before;
    bed->seen[i][1] = last;
    bed->vms[i] = (ConsolidationVm){.host = host, .memory_bytes = 128, .cpu = bed->seen[i], .n_cpu = 2};
    return i;
}

static void
add_vms(Bed *bed, guint host, guint n, double each)
{
    for (guint i = 0; i < n; i++)
        add_vm(bed, host, each, each);
}

static ConsolidationRules
neat(double threshold)
{
    return (ConsolidationRules){.underload = UNDERLOAD_RULES_NEAT,
                                .overload = {.rule = OVERLOAD_THRESHOLD, .threshold = threshold},
                                .selection = SELECTION_MEMORY_THEN_CPU,
                                .last_n = 2,
                                .packing = PACKING_RULES_NEAT};
}

static ConsolidationRequest
ask(Bed *bed, const ConsolidationRules *rules, guint host)
{
    OverloadState state = {{0, 0}};

    return consolidation_local(rules, &state, &bed->view, host, NULL);
}

static guint
number(const GArray *numbers, guint i)
{
    return g_array_index(numbers, guint, i);
}

static const ConsolidationMove *
move(const Consolidation *plan, guint i)
{
    return &g_array_index(plan->moves, ConsolidationMove, i);
}

/* Its list has nine of ten VMs: an overload is not seen before the tenth is read, and that one is not picked. */
START_TEST(a_host_does_not_know_whom_it_has_not_read)
{
    Bed bed = {.view = {0}};
    const ConsolidationRules rules = neat(0.8);

    lay_out(&bed);
    add_vms(&bed, 0, 9, 1900); /* 0.77 of the host */
    const guint late = add_vm(&bed, 0, 2500, 2500);

    ck_assert_int_eq(ask(&bed, &rules, 0).kind, CONSOLIDATION_OVERLOAD);
    ck_assert_int_eq(ask(&bed, &rules, 0).vm, (gint)late);
    bed.vms[late].unread = TRUE;
    ck_assert_int_eq(ask(&bed, &rules, 0).kind, CONSOLIDATION_NOTHING);
    add_vm(&bed, 0, 2000, 2000);
    ck_assert_int_eq(ask(&bed, &rules, 0).kind, CONSOLIDATION_OVERLOAD);
    ck_assert_int_ne(ask(&bed, &rules, 0).vm, (gint)late);
}
END_TEST

START_TEST(a_hosts_utilizations_are_the_sums_of_its_vms_pasts)
{
    Bed bed = {.view = {0}};
    const double longer[] = {2233.6, 4467.2, 2233.6};
    guint n;

    lay_out(&bed);
    add_vm(&bed, 0, 2233.6, 0);
    bed.vms[add_vm(&bed, 0, 0, 0)] = (ConsolidationVm){.host = 0, .cpu = longer, .n_cpu = 3};
    bed.vms[add_vm(&bed, 0, 0, 0)].n_cpu = 0; /* it has just come to be */
    g_autoptr(GArray) vms = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < 3; i++)
        g_array_append_val(vms, i);
    g_autofree double *utilization = consolidation_utilization(&bed.view, 0, vms, &n);

    ck_assert_uint_eq(n, 3);
    ck_assert_double_eq_tol(utilization[0], 0.1, 1e-12);
    ck_assert_double_eq_tol(utilization[1], 0.3, 1e-12);
    ck_assert_double_eq_tol(utilization[2], 0.1, 1e-12);
}
END_TEST

START_TEST(a_local_manager_asks_underload_first_and_then_overload)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};

    lay_out(&bed);
    add_vms(&bed, 0, 4, 2792);                         /* 0.5 */
    add_vms(&bed, 1, 7, 2500);                         /* 0.78 */
    add_vms(&bed, 2, 6, 2500);                         /* 0.67 and */
    const guint busiest = add_vm(&bed, 2, 2600, 3000); /* 0.13: 0.806 */

    ck_assert_int_eq(ask(&bed, &rules, 0).kind, CONSOLIDATION_UNDERLOAD);
    ck_assert_int_eq(ask(&bed, &rules, 1).kind, CONSOLIDATION_NOTHING);
    ck_assert_int_eq(ask(&bed, &rules, 2).kind, CONSOLIDATION_OVERLOAD);
    ck_assert_int_eq(ask(&bed, &rules, 2).vm, (gint)busiest);
    ck_assert_int_eq(ask(&bed, &rules, 3).kind, CONSOLIDATION_NOTHING); /* it has no VM */
    bed.hosts[2].closed = TRUE;
    ck_assert_int_eq(ask(&bed, &rules, 2).kind, CONSOLIDATION_NOTHING);
}
END_TEST

START_TEST(an_underloaded_host_is_emptied_onto_active_ones_and_sleeps)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    add_vms(&bed, 0, 2, 1000);
    add_vms(&bed, 1, 5, 2500);
    add_vms(&bed, 2, 6, 2500);
    const ConsolidationRequest request = ask(&bed, &rules, 0);

    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_int_eq(plan.outcome, CONSOLIDATION_DONE);
    ck_assert_uint_eq(plan.moves->len, 2);
    for (guint i = 0; i < 2; i++) {
        ck_assert_uint_eq(move(&plan, i)->from, 0);
        ck_assert_uint_eq(move(&plan, i)->to, 2); /* the fullest with room: 2868.8 MHz */
    }
    ck_assert_uint_eq(plan.sleeps->len, 1);
    ck_assert_uint_eq(number(plan.sleeps, 0), 0);
    ck_assert_uint_eq(plan.wakes->len, 0);
}
END_TEST

/* The fourth host has no VM: it would have room, and is not woken for an underload. */
START_TEST(no_host_is_woken_for_an_underload_and_nothing_is_moved_by_half)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    add_vms(&bed, 0, 4, 2700);
    add_vms(&bed, 1, 6, 2500); /* one of four would fit */
    add_vms(&bed, 2, 6, 2500);
    const ConsolidationRequest request = ask(&bed, &rules, 0);

    ck_assert_int_eq(request.kind, CONSOLIDATION_UNDERLOAD);
    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_int_eq(plan.outcome, CONSOLIDATION_NO_PLACE);
    ck_assert_uint_eq(plan.moves->len, 0);
    ck_assert_uint_eq(plan.sleeps->len, 0);
}
END_TEST

START_TEST(an_overload_wakes_the_smallest_sleeper)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    bed.hosts[2].asleep = bed.hosts[3].asleep = TRUE;
    bed.hosts[3].capacity = MHZ / 2;
    add_vms(&bed, 0, 8, 2700);
    add_vms(&bed, 1, 7, 2500); /* 368.8 MHz are left */
    const ConsolidationRequest request = ask(&bed, &rules, 0);

    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_uint_eq(plan.moves->len, 1);
    ck_assert_uint_eq(move(&plan, 0)->to, 3);
    ck_assert_uint_eq(plan.wakes->len, 1);
    ck_assert_uint_eq(number(plan.wakes, 0), 3);
    ck_assert_uint_eq(plan.sleeps->len, 0);
}
END_TEST

START_TEST(requests_with_vms_on_the_move_or_without_counters_are_dropped)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    add_vms(&bed, 0, 2, 1000);
    add_vms(&bed, 1, 5, 2500);
    const ConsolidationRequest request = ask(&bed, &rules, 0);

    bed.vms[1].fixed = TRUE;
    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_int_eq(plan.outcome, CONSOLIDATION_DROPPED);
    ck_assert_uint_eq(plan.moves->len, 0);
    bed.vms[1].fixed = FALSE;
    bed.vms[1].n_cpu = 0;
    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_int_eq(plan.outcome, CONSOLIDATION_DROPPED);
}
END_TEST

static gboolean
refuse_second(gpointer data, guint vm, guint host)
{
    (void)data;
    (void)vm;
    return host == 1;
}

START_TEST(who_may_refuse_is_asked)
{
    const ConsolidationRules rules = neat(0.8);
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    add_vms(&bed, 0, 1, 1000);
    add_vms(&bed, 1, 6, 2500);
    add_vms(&bed, 2, 5, 2500);
    bed.view.refuses = refuse_second;
    const ConsolidationRequest request = ask(&bed, &rules, 0);

    consolidation_answer(&rules, &bed.view, &request, &plan);
    ck_assert_uint_eq(move(&plan, 0)->to, 2);
}
END_TEST

/* CloudSim's round: the overloaded host gives until it is not, the least utilized one is emptied. */
static ConsolidationRules
cloudsim(void)
{
    return (ConsolidationRules){
        .underload = {-1, 1},
        .overload = {.rule = OVERLOAD_THRESHOLD, .threshold = 0.8},
        .selection = SELECTION_LEAST_MEMORY,
        .last_n = 1,
        .packing = {.rule = PACKING_POWER_AWARE, .cpu_share = 0.8, .memory_share = 1, .wakes = TRUE}};
}

START_TEST(a_sweep_relieves_until_no_host_is_overloaded_and_empties_the_least_utilized)
{
    const ConsolidationRules rules = cloudsim();
    OverloadState states[4] = {{{0, 0}}};
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;
    guint left = 8;

    consolidation_init(&plan);
    lay_out(&bed);
    for (guint i = 0; i < 4; i++)
        bed.hosts[i].curve = power_curve_named("ml110-g5");
    bed.hosts[3].asleep = TRUE;
    add_vms(&bed, 0, 8, 2700); /* 0.967: two must go, 0.725 is left */
    add_vms(&bed, 1, 4, 2500); /* 0.448 */
    add_vms(&bed, 2, 1, 1000); /* 0.045 */
    consolidation_sweep(&rules, states, &bed.view, NULL, &plan);
    for (guint i = 0; i < plan.moves->len; i++)
        left -= move(&plan, i)->from == 0;
    ck_assert_uint_eq(left, 6);
    ck_assert_int_eq(plan.outcome, CONSOLIDATION_DONE);
    for (guint i = 0; i < plan.moves->len; i++)
        ck_assert_uint_ne(move(&plan, i)->to, 0); /* an overloaded host takes nothing */
    /* what it took from the overloaded one keeps a host from being emptied in the same round */
    for (guint i = 0; i < plan.sleeps->len; i++)
        for (guint k = 0; k < plan.moves->len; k++)
            ck_assert_uint_ne(move(&plan, k)->to, number(plan.sleeps, i));
}
END_TEST

START_TEST(a_sweep_empties_hosts_one_after_the_other_onto_those_that_are_awake)
{
    ConsolidationRules rules = cloudsim();
    OverloadState states[4] = {{{0, 0}}};
    Bed bed = {.view = {0}};
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    lay_out(&bed);
    for (guint i = 0; i < 4; i++)
        bed.hosts[i].curve = power_curve_named("ml110-g5");
    bed.hosts[3].asleep = TRUE;
    rules.packing.rule = PACKING_BEST_FIT;
    add_vms(&bed, 0, 5, 2500); /* 0.56 */
    add_vms(&bed, 1, 1, 2500); /* 0.11: emptied first; 0 takes it, 0.67 */
    add_vms(&bed, 2, 2, 1400); /* 0.125: emptied second; 0 takes both, 0.797 */
    consolidation_sweep(&rules, states, &bed.view, NULL, &plan);
    ck_assert_uint_eq(plan.moves->len, 3);
    for (guint i = 0; i < 3; i++)
        ck_assert_uint_eq(move(&plan, i)->to, 0);
    ck_assert_uint_eq(plan.sleeps->len, 2);
    ck_assert_uint_eq(number(plan.sleeps, 0), 1);
    ck_assert_uint_eq(number(plan.sleeps, 1), 2);
    ck_assert_uint_eq(plan.wakes->len, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("consolidation");

    tcase_add_test(tcase, a_host_does_not_know_whom_it_has_not_read);
    tcase_add_test(tcase, a_hosts_utilizations_are_the_sums_of_its_vms_pasts);
    tcase_add_test(tcase, a_local_manager_asks_underload_first_and_then_overload);
    tcase_add_test(tcase, an_underloaded_host_is_emptied_onto_active_ones_and_sleeps);
    tcase_add_test(tcase, no_host_is_woken_for_an_underload_and_nothing_is_moved_by_half);
    tcase_add_test(tcase, an_overload_wakes_the_smallest_sleeper);
    tcase_add_test(tcase, requests_with_vms_on_the_move_or_without_counters_are_dropped);
    tcase_add_test(tcase, who_may_refuse_is_asked);
    tcase_add_test(tcase, a_sweep_relieves_until_no_host_is_overloaded_and_empties_the_least_utilized);
    tcase_add_test(tcase, a_sweep_empties_hosts_one_after_the_other_onto_those_that_are_awake);
    return check_main("consolidation", tcase, NULL);
}
