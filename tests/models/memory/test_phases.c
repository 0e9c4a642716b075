/* Phases of a guest's work: their order, their lengths, and where a process that has no beginning stands. */
#include "models/memory/phases.h"
#include "tests/check_main.h"

#include <math.h>

#define TURNS 40000

static PhaseWalk
begin(const Phase *phases, guint n, PhaseOrder order, gboolean anywhere, guint64 seed)
{
    RandomStream random;
    PhaseWalk walk;

    random_init(&random, seed, "phases", "vm");
    phase_walk_begin(&walk, phases, n, order, anywhere, &random, 5);
    return walk;
}

START_TEST(once_ends_in_the_last_one)
{
    const Phase phases[] = {{.mean_s = 2}, {.mean_s = 3}, {.mean_s = NAN}};
    PhaseWalk walk = begin(phases, 3, PHASES_ONCE, FALSE, 1);

    ck_assert_uint_eq(walk.current, 0);
    ck_assert_double_eq(walk.until_s, 7);
    phase_walk_next(&walk);
    ck_assert_double_eq(walk.until_s, 10);
    phase_walk_next(&walk);
    ck_assert_uint_eq(walk.current, 2);
    ck_assert(isinf(walk.until_s));
}
END_TEST

START_TEST(the_first_follows_the_last)
{
    const Phase phases[] = {{.mean_s = 2}, {.mean_s = 3}};
    PhaseWalk walk = begin(phases, 2, PHASES_REPEAT, FALSE, 1);

    for (guint i = 0; i < 20; i++) {
        ck_assert_uint_eq(walk.current, i % 2);
        ck_assert_double_eq_tol(walk.until_s, 5 + i / 2 * 5 + (i % 2 ? 5 : 2), 1e-9);
        phase_walk_next(&walk);
    }
}
END_TEST

/* By number as the weights are, by time as weight times mean; 5 standard deviations. */
START_TEST(drawn_ones_come_as_often_as_their_weights_say)
{
    const Phase phases[] = {{.mean_s = 4, .weight = 1},
                            {.mean_s = 1, .law = PHASE_LASTS_EXPONENTIAL, .weight = 3},
                            {.mean_s = 1, .weight = 0}};
    PhaseWalk walk = begin(phases, 3, PHASES_DRAWN, FALSE, 1);
    double number[3] = {0}, time_s[3] = {0}, since_s = 5;

    for (guint i = 0; i < TURNS; i++) {
        number[walk.current]++;
        time_s[walk.current] += walk.until_s - since_s;
        since_s = walk.until_s;
        phase_walk_next(&walk);
    }
    ck_assert_double_eq_tol(number[0] / TURNS, 0.25, 5 * sqrt(0.25 * 0.75 / TURNS));
    ck_assert_double_eq(number[2], 0);
    ck_assert_double_eq_tol(time_s[0] / number[0], 4, 1e-6);
    ck_assert_double_eq_tol(time_s[1] / number[1], 1, 5 / sqrt(number[1]));
}
END_TEST

/* Over seeds: the share of those that begin in each phase, and the mean of what is left of it. */
START_TEST(begun_anywhere_it_is_where_time_is_spent)
{
    const Phase phases[] = {{.mean_s = 6}, {.mean_s = 2, .law = PHASE_LASTS_EXPONENTIAL}};
    double number[2] = {0}, left_s[2] = {0};

    for (guint64 seed = 1; seed <= TURNS; seed++) {
        const PhaseWalk walk = begin(phases, 2, PHASES_REPEAT, TRUE, seed);
        number[walk.current]++;
        left_s[walk.current] += walk.until_s - 5;
    }
    ck_assert_double_eq_tol(number[0] / TURNS, 0.75, 5 * sqrt(0.75 * 0.25 / TURNS));
    ck_assert_double_eq_tol(left_s[0] / number[0], 3, 5 * 6 / sqrt(12 * number[0]));
    ck_assert_double_eq_tol(left_s[1] / number[1], 2, 5 * 2 / sqrt(number[1]));
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("phases");

    tcase_add_test(tests, once_ends_in_the_last_one);
    tcase_add_test(tests, the_first_follows_the_last);
    tcase_add_test(tests, drawn_ones_come_as_often_as_their_weights_say);
    tcase_add_test(tests, begun_anywhere_it_is_where_time_is_spent);
    return check_main("phases", tests, NULL);
}
