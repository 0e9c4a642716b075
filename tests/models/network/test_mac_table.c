#include "models/network/mac_table.h"
#include "tests/check_main.h"

#include <math.h>

enum { ADDRESS = 7, OTHER = 8, LEFT = 1, RIGHT = 2 };

START_TEST(an_unknown_address_goes_everywhere)
{
    g_auto(MacTable) table;

    mac_table_init(&table, 300, 0);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 0), MAC_TABLE_FLOOD);
    ck_assert_double_eq(mac_table_next_change_s(&table, ADDRESS, 0), INFINITY);
    mac_table_hear(&table, ADDRESS, LEFT, 1);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 1), LEFT);
    ck_assert_uint_eq(mac_table_port(&table, OTHER, 1), MAC_TABLE_FLOOD);
}
END_TEST

START_TEST(an_entry_ages_since_the_last_frame)
{
    g_auto(MacTable) table;

    mac_table_init(&table, 300, 0);
    mac_table_hear(&table, ADDRESS, LEFT, 1);
    mac_table_hear(&table, ADDRESS, LEFT, 101);
    ck_assert_double_eq(mac_table_next_change_s(&table, ADDRESS, 101), 401);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 400.999), LEFT);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 401), MAC_TABLE_FLOOD);
}
END_TEST

START_TEST(a_frame_through_another_port_moves_the_entry)
{
    g_auto(MacTable) table;

    mac_table_init(&table, INFINITY, 0);
    mac_table_hear(&table, ADDRESS, LEFT, 1);
    mac_table_hear(&table, ADDRESS, RIGHT, 2);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 2), RIGHT);
}
END_TEST

START_TEST(what_is_learned_is_in_force_after_the_delay)
{
    g_auto(MacTable) table;

    mac_table_init(&table, 300, 0.5);
    mac_table_hear(&table, ADDRESS, LEFT, 1);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 1.4), MAC_TABLE_FLOOD);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 1.5), LEFT);
    mac_table_hear(&table, ADDRESS, RIGHT, 10);
    mac_table_hear(&table, ADDRESS, RIGHT, 10.4); /* makes it no later, */
    ck_assert_double_eq(mac_table_next_change_s(&table, ADDRESS, 10.4), 10.5);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 10.49), LEFT);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 10.5), RIGHT);
    ck_assert_double_eq(mac_table_next_change_s(&table, ADDRESS, 10.5), 310.4); /* but counts for its age */
}
END_TEST

START_TEST(a_port_that_is_gone_is_forgotten)
{
    g_auto(MacTable) table;

    mac_table_init(&table, 300, 0);
    mac_table_hear(&table, ADDRESS, LEFT, 1);
    mac_table_forget(&table, ADDRESS, RIGHT);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 2), LEFT);
    mac_table_forget(&table, ADDRESS, LEFT);
    ck_assert_uint_eq(mac_table_port(&table, ADDRESS, 2), MAC_TABLE_FLOOD);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("mac_table");

    tcase_add_test(tcase, an_unknown_address_goes_everywhere);
    tcase_add_test(tcase, an_entry_ages_since_the_last_frame);
    tcase_add_test(tcase, a_frame_through_another_port_moves_the_entry);
    tcase_add_test(tcase, what_is_learned_is_in_force_after_the_delay);
    tcase_add_test(tcase, a_port_that_is_gone_is_forgotten);
    return check_main("mac_table", tcase, NULL);
}
