#include "models/network/fabric.h"
#include "tests/check_main.h"

#include <math.h>

/*      TOP
 *     /   \
 *   LEFT  RIGHT
 *   / \     \
 *  A   B     C          ALONE */
enum { A, B, C, LEFT, RIGHT, TOP, ALONE, NODES };

static Fabric *
tree(void)
{
    Fabric *fabric = fabric_new(NODES);
    const guint cables[][2] = {{LEFT, A}, {LEFT, B}, {RIGHT, C}, {TOP, LEFT}, {TOP, RIGHT}};

    for (guint i = 0; i < NODES; i++)
        fabric_set_table(fabric, i, 300, 0);
    for (guint i = 0; i < G_N_ELEMENTS(cables); i++)
        ck_assert(fabric_join(fabric, cables[i][0], cables[i][1]));
    return fabric;
}

START_TEST(a_ring_is_refused)
{
    g_autoptr(Fabric) fabric = tree();

    ck_assert(!fabric_join(fabric, C, A));
    ck_assert(!fabric_join(fabric, LEFT, A));
    ck_assert(!fabric_join(fabric, TOP, TOP));
    ck_assert(fabric_connects(fabric, A, C));
    ck_assert(!fabric_connects(fabric, A, ALONE));
    ck_assert(fabric_join(fabric, B, ALONE));
    ck_assert(fabric_connects(fabric, ALONE, C));
}
END_TEST

START_TEST(a_frame_to_nobody_known_reaches_every_joined_node)
{
    g_autoptr(Fabric) fabric = tree();

    for (guint from = 0; from < ALONE; from++)
        for (guint to = 0; to < ALONE; to++)
            ck_assert(fabric_reaches(fabric, 1, from, to, 0) && fabric_floods(fabric, 1, from, to, 0));
    ck_assert(!fabric_reaches(fabric, 1, A, ALONE, 0));
}
END_TEST

START_TEST(after_a_broadcast_frames_go_there_only)
{
    g_autoptr(Fabric) fabric = tree();

    fabric_broadcast(fabric, 1, B, 0);
    for (guint from = 0; from < ALONE; from++)
        for (guint to = 0; to < ALONE; to++)
            ck_assert_int_eq(fabric_reaches(fabric, 1, from, to, 1), to == B);
    ck_assert(!fabric_floods(fabric, 1, C, B, 1));
    ck_assert_double_eq(fabric_next_change_s(fabric, 1, C, B, 1), 300);
}
END_TEST

/* B moved from A's place: the answer to a client at TOP is heard by LEFT and TOP, not by RIGHT and C, which did not
 * have to learn anything either. A's own bridge still believes that it is at home. */
START_TEST(an_answer_teaches_the_bridges_on_its_way)
{
    g_autoptr(Fabric) fabric = tree();

    fabric_broadcast(fabric, 1, A, 0);
    ck_assert(!fabric_reaches(fabric, 1, TOP, B, 1));
    fabric_unicast(fabric, 1, B, TOP, 1);
    ck_assert(fabric_reaches(fabric, 1, TOP, B, 1));
    ck_assert(fabric_reaches(fabric, 1, C, B, 1)); /* RIGHT sends it up as before, and TOP knows */
    ck_assert(!fabric_reaches(fabric, 1, A, B, 1));
    fabric_depart(fabric, 1, A);
    ck_assert(fabric_reaches(fabric, 1, A, B, 1));
}
END_TEST

/* A move across the top: a bridge that was not on the answer's way sends frames to the old place until it forgets. */
START_TEST(a_bridge_that_heard_nothing_sends_to_the_old_place)
{
    g_autoptr(Fabric) fabric = tree();

    fabric_broadcast(fabric, 1, A, 0);
    fabric_unicast(fabric, 1, C, TOP, 10);
    ck_assert(fabric_reaches(fabric, 1, TOP, C, 10));
    ck_assert(!fabric_reaches(fabric, 1, B, C, 10));
    ck_assert_double_eq(fabric_next_change_s(fabric, 1, B, C, 10), 300);
    ck_assert(fabric_reaches(fabric, 1, B, C, 300));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("fabric");

    tcase_add_test(tcase, a_ring_is_refused);
    tcase_add_test(tcase, a_frame_to_nobody_known_reaches_every_joined_node);
    tcase_add_test(tcase, after_a_broadcast_frames_go_there_only);
    tcase_add_test(tcase, an_answer_teaches_the_bridges_on_its_way);
    tcase_add_test(tcase, a_bridge_that_heard_nothing_sends_to_the_old_place);
    return check_main("fabric", tcase, NULL);
}
