#include "models/evacuation/evacuation.h"
#include "tests/check_main.h"

#include <math.h>

#define GIB (1024.0 * 1024 * 1024)

static const EvacuationPolicy one_by_one = {.outgoing = 1, .in_all = 100, .attempts = 1};

/* Memory in GiB, dirtied bytes per second, a drawn number. */
static const EvacuationVm vms[] = {
    {4 * GIB, 1, 300, 0.4}, {1 * GIB, 1, 100, 0.9}, {2 * GIB, 1, 200, 0.1}, {1 * GIB, 1, 400, 0.2}};

static Evacuation *
evacuation_of(const EvacuationPolicy *policy)
{
    Evacuation *evacuation = evacuation_new(policy);

    for (guint i = 0; i < G_N_ELEMENTS(vms); i++)
        ck_assert_uint_eq(evacuation_add(evacuation, &vms[i]), i);
    return evacuation;
}

/* Two hosts with room for all. */
static const EvacuationPlace roomy[] = {{TRUE, 100 * GIB, INFINITY, 0}, {TRUE, 200 * GIB, INFINITY, 0}};

static EvacuationView
view_of(const Evacuation *evacuation, const EvacuationPlace *places, guint n, double now_s)
{
    return (EvacuationView){
        .now_s = now_s, .moving_in_all = evacuation_moving(evacuation), .places = places, .n_places = n};
}

/* The next one of two places; the VM, or -1. */
static int
next_of(const Evacuation *evacuation, const EvacuationPlace *places, guint *place)
{
    const EvacuationView view = view_of(evacuation, places, 2, 0);
    guint vm;

    return evacuation_next(evacuation, &view, &vm, place) ? (int)vm : -1;
}

static void
expect_order(EvacuationOrder order, const guint *expected)
{
    EvacuationPolicy policy = one_by_one;
    policy.order = order;
    g_autoptr(Evacuation) evacuation = evacuation_of(&policy);

    for (guint i = 0; i < G_N_ELEMENTS(vms); i++) {
        guint place;
        ck_assert_int_eq(next_of(evacuation, roomy, &place), (int)expected[i]);
        evacuation_begin(evacuation, expected[i], place);
        evacuation_end(evacuation, expected[i], EVACUATION_FATE_MOVED, i);
    }
}

START_TEST(the_order_is_what_its_word_says_and_equal_ones_stay_as_listed)
{
    expect_order(EVACUATION_LISTED, (const guint[]){0, 1, 2, 3});
    expect_order(EVACUATION_SMALLEST_FIRST, (const guint[]){1, 3, 2, 0});
    expect_order(EVACUATION_LARGEST_FIRST, (const guint[]){0, 2, 1, 3});
    expect_order(EVACUATION_LEAST_DIRTY_FIRST, (const guint[]){1, 2, 0, 3});
    expect_order(EVACUATION_DRAWN, (const guint[]){2, 3, 0, 1});
}
END_TEST

START_TEST(no_more_go_at_a_time_than_either_limit_says)
{
    EvacuationPolicy policy = one_by_one;
    policy.outgoing = 2;
    policy.in_all = 3;
    g_autoptr(Evacuation) evacuation = evacuation_of(&policy);
    guint place, vm;

    evacuation_begin(evacuation, 0, 0);
    ck_assert_int_eq(next_of(evacuation, roomy, &place), 1);
    EvacuationView full = view_of(evacuation, roomy, 2, 0);
    full.moving_in_all = 3; /* two of another evacuation */
    ck_assert(!evacuation_next(evacuation, &full, &vm, &place));
    evacuation_begin(evacuation, 1, 0);
    ck_assert_int_eq(next_of(evacuation, roomy, &place), -1);
    evacuation_end(evacuation, 0, EVACUATION_FATE_MOVED, 1);
    ck_assert_int_eq(next_of(evacuation, roomy, &place), 2);
}
END_TEST

/* The place of the first VM, and of the one after it. */
static void
expect_places(EvacuationChoice choice, const EvacuationPlace *places, guint first, guint second)
{
    EvacuationPolicy policy = one_by_one;
    policy.choice = choice;
    policy.outgoing = 4;
    policy.incoming = 3;
    g_autoptr(Evacuation) evacuation = evacuation_of(&policy);
    guint place;

    ck_assert_int_eq(next_of(evacuation, places, &place), 0);
    ck_assert_uint_eq(place, first);
    evacuation_begin(evacuation, 0, place);
    ck_assert_int_eq(next_of(evacuation, places, &place), 1);
    ck_assert_uint_eq(place, second);
}

START_TEST(the_place_is_what_the_choice_says_of_those_with_room)
{
    const EvacuationPlace small_first[] = {{TRUE, 5 * GIB, INFINITY, 0}, {TRUE, 4.5 * GIB, INFINITY, 0}};
    const EvacuationPlace closed[] = {{FALSE, 900 * GIB, INFINITY, 0}, {TRUE, 8 * GIB, INFINITY, 0}};
    const EvacuationPlace no_cpu[] = {{TRUE, 900 * GIB, 0.5, 0}, {TRUE, 8 * GIB, 1, 0}};
    const EvacuationPlace busy[] = {{TRUE, 900 * GIB, INFINITY, 3}, {TRUE, 8 * GIB, INFINITY, 2}};
    const EvacuationPlace tight[] = {{TRUE, 3 * GIB, INFINITY, 0}, {TRUE, 4 * GIB, INFINITY, 0}};

    expect_places(EVACUATION_MOST_FREE_MEMORY, roomy, 1, 1);
    expect_places(EVACUATION_MOST_FREE_MEMORY, small_first, 0, 0);
    expect_places(EVACUATION_BY_LIST, roomy, 0, 0);
    expect_places(EVACUATION_ROUND_ROBIN, roomy, 0, 1);
    expect_places(EVACUATION_BY_LIST, closed, 1, 1);
    expect_places(EVACUATION_BY_LIST, no_cpu, 1, 1);
    expect_places(EVACUATION_BY_LIST, busy, 1, 1);
    expect_places(EVACUATION_BY_LIST, tight, 1, 0);
}
END_TEST

static gboolean
admits_only_second(gpointer data G_GNUC_UNUSED, guint vm G_GNUC_UNUSED, guint place)
{
    return place == 1;
}

START_TEST(a_place_that_does_not_admit_the_vm_is_not_taken)
{
    g_autoptr(Evacuation) evacuation = evacuation_of(&one_by_one);
    EvacuationView view = view_of(evacuation, roomy, 2, 0);
    guint vm, place;

    view.admits = admits_only_second;
    ck_assert(evacuation_next(evacuation, &view, &vm, &place));
    ck_assert_uint_eq(place, 1);
}
END_TEST

START_TEST(who_finds_no_room_does_not_hold_up_the_others_and_is_told_so_at_the_end)
{
    const EvacuationPlace small[] = {{TRUE, 3 * GIB, INFINITY, 0}, {FALSE, 0, 0, 0}};
    g_autoptr(Evacuation) evacuation = evacuation_of(&one_by_one);
    guint place;
    double until_s;

    for (guint i = 1; i < G_N_ELEMENTS(vms); i++) {
        ck_assert_int_eq(next_of(evacuation, small, &place), (int)i);
        evacuation_begin(evacuation, i, place);
        const EvacuationView view = view_of(evacuation, small, 2, 0);
        ck_assert(!evacuation_ends(evacuation, &view, &until_s));
        evacuation_end(evacuation, i, EVACUATION_FATE_MOVED, 0);
    }
    EvacuationView view = view_of(evacuation, small, 2, 0);
    view.others_move = TRUE; /* may make room */
    ck_assert(!evacuation_ends(evacuation, &view, &until_s));
    view.others_move = FALSE;
    ck_assert(evacuation_ends(evacuation, &view, &until_s));
    ck_assert_int_eq(evacuation_fate(evacuation, 0), EVACUATION_FATE_NO_ROOM);
    ck_assert_int_eq(evacuation_fate(evacuation, 1), EVACUATION_FATE_MOVED);
    ck_assert(evacuation_is_over(evacuation));
}
END_TEST

START_TEST(a_failed_one_is_tried_again_after_a_while_as_often_as_is_allowed)
{
    EvacuationPolicy policy = one_by_one;
    policy.attempts = 2;
    policy.retry_after_s = 10;
    g_autoptr(Evacuation) evacuation = evacuation_new(&policy);
    double until_s;
    guint vm, place;

    evacuation_add(evacuation, &vms[0]);
    evacuation_begin(evacuation, 0, 0);
    evacuation_end(evacuation, 0, EVACUATION_FATE_FAILED, 5);
    EvacuationView view = view_of(evacuation, roomy, 2, 14);
    ck_assert(!evacuation_next(evacuation, &view, &vm, &place));
    ck_assert(!evacuation_ends(evacuation, &view, &until_s));
    ck_assert_double_eq(until_s, 15);
    view.now_s = 15;
    ck_assert(evacuation_next(evacuation, &view, &vm, &place));
    evacuation_begin(evacuation, 0, 0);
    ck_assert_uint_eq(evacuation_attempts(evacuation, 0), 2);
    evacuation_end(evacuation, 0, EVACUATION_FATE_FAILED, 20);
    view.now_s = 100;
    ck_assert(!evacuation_next(evacuation, &view, &vm, &place));
    ck_assert(evacuation_ends(evacuation, &view, &until_s));
    ck_assert_int_eq(evacuation_fate(evacuation, 0), EVACUATION_FATE_FAILED);
}
END_TEST

START_TEST(who_is_moved_by_others_is_waited_for_who_is_stopped_or_absent_is_not)
{
    g_autoptr(Evacuation) evacuation = evacuation_of(&one_by_one);
    EvacuationView view = view_of(evacuation, roomy, 2, 0);
    double until_s;
    guint vm, place;

    evacuation_see(evacuation, 0, EVACUATION_STOPPED);
    evacuation_see(evacuation, 1, EVACUATION_ABSENT);
    evacuation_see(evacuation, 2, EVACUATION_MOVING);
    evacuation_leave(evacuation, 3, EVACUATION_FATE_GONE);
    ck_assert(!evacuation_next(evacuation, &view, &vm, &place));
    ck_assert(!evacuation_ends(evacuation, &view, &until_s));
    ck_assert_double_eq(until_s, INFINITY);
    evacuation_leave(evacuation, 2, EVACUATION_FATE_LEFT);
    ck_assert(evacuation_ends(evacuation, &view, &until_s));
    ck_assert_int_eq(evacuation_fate(evacuation, 0), EVACUATION_FATE_STOPPED);
    ck_assert_int_eq(evacuation_fate(evacuation, 1), EVACUATION_FATE_ABSENT);
    ck_assert_int_eq(evacuation_fate(evacuation, 2), EVACUATION_FATE_LEFT);
    ck_assert_int_eq(evacuation_fate(evacuation, 3), EVACUATION_FATE_GONE);
}
END_TEST

START_TEST(who_comes_back_waits_anew)
{
    g_autoptr(Evacuation) evacuation = evacuation_of(&one_by_one);
    guint place;

    evacuation_begin(evacuation, 0, 0);
    evacuation_end(evacuation, 0, EVACUATION_FATE_MOVED, 1);
    ck_assert(evacuation_has_left(evacuation, 0));
    ck_assert_int_eq(next_of(evacuation, roomy, &place), 1);
    evacuation_return(evacuation, 0);
    ck_assert_int_eq(next_of(evacuation, roomy, &place), 0);
    ck_assert_uint_eq(evacuation_attempts(evacuation, 0), 0);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, the_order_is_what_its_word_says_and_equal_ones_stay_as_listed);
    tcase_add_test(tcase, no_more_go_at_a_time_than_either_limit_says);
    tcase_add_test(tcase, the_place_is_what_the_choice_says_of_those_with_room);
    tcase_add_test(tcase, a_place_that_does_not_admit_the_vm_is_not_taken);
    tcase_add_test(tcase, who_finds_no_room_does_not_hold_up_the_others_and_is_told_so_at_the_end);
    tcase_add_test(tcase, a_failed_one_is_tried_again_after_a_while_as_often_as_is_allowed);
    tcase_add_test(tcase, who_is_moved_by_others_is_waited_for_who_is_stopped_or_absent_is_not);
    tcase_add_test(tcase, who_comes_back_waits_anew);
}

int
main(void)
{
    TCase *tcase = tcase_create("evacuation");

    add_tests(tcase);
    return check_main("evacuation", tcase, NULL);
}
