/* The processors of a guest, request by request. */
#include "models/application/appstation.h"
#include "tests/check_main.h"

#include <math.h>

static void
leaves_at(AppStation *station, double at_s, guint32 request)
{
    guint32 next;

    ck_assert_double_eq_tol(station->due_s, at_s, 1e-12);
    ck_assert_uint_eq(appstation_leave(station), request);
    (void)appstation_begin(station, &next);
}

START_TEST(first_come_are_first_served_by_as_many_as_there_are_processors)
{
    g_auto(AppStation) station;

    appstation_init(&station, 2, APP_FIRST_COME, G_MAXUINT);
    ck_assert_int_eq(appstation_enter(&station, 0, 0, 3), APP_BEGUN);
    ck_assert_int_eq(appstation_enter(&station, 0, 1, 1), APP_BEGUN);
    ck_assert_int_eq(appstation_enter(&station, 0, 2, 1), APP_QUEUED);
    ck_assert_int_eq(appstation_enter(&station, 0, 3, 5), APP_QUEUED);
    ck_assert_uint_eq(appstation_present(&station), 4);
    ck_assert_uint_eq(appstation_excess(&station), 2);
    leaves_at(&station, 1, 1);
    leaves_at(&station, 2, 2);
    leaves_at(&station, 3, 0);
    leaves_at(&station, 7, 3);
    ck_assert(isinf(station.due_s));
    ck_assert_double_eq_tol(appstation_busy_s(&station, 10), 10, 1e-12);
}
END_TEST

START_TEST(sharers_are_given_equal_parts)
{
    g_auto(AppStation) station;

    appstation_init(&station, 1, APP_SHARING, G_MAXUINT);
    appstation_enter(&station, 0, 0, 2);
    appstation_enter(&station, 1, 1, 2); /* the first has one second left: both go on at half speed */
    leaves_at(&station, 3, 0);
    leaves_at(&station, 4, 1);
}
END_TEST

START_TEST(no_sharer_uses_more_than_one_processor)
{
    g_auto(AppStation) station;

    appstation_init(&station, 2, APP_SHARING, G_MAXUINT);
    for (guint32 i = 0; i < 4; i++)
        appstation_enter(&station, 0, i, i < 3 ? 1 : 2);
    for (guint32 i = 0; i < 3; i++)
        leaves_at(&station, 2, i);
    leaves_at(&station, 3, 3); /* alone, at one processor's speed */
}
END_TEST

START_TEST(a_change_of_speed_changes_what_is_in_service)
{
    g_auto(AppStation) station;

    appstation_init(&station, 1, APP_FIRST_COME, G_MAXUINT);
    appstation_enter(&station, 0, 0, 2);
    appstation_set_speed(&station, 1, 0.25);
    ck_assert_double_eq_tol(station.due_s, 5, 1e-12);
    appstation_set_speed(&station, 2, 0);
    ck_assert(isinf(station.due_s));
    appstation_set_speed(&station, 10, 1);
    leaves_at(&station, 10.75, 0);
    ck_assert_double_eq_tol(appstation_busy_s(&station, 20), 2.75, 1e-12); /* stopped processors are not busy */
}
END_TEST

START_TEST(a_limit_refuses_who_would_wait_beyond_it)
{
    static const AppDiscipline disciplines[] = {APP_FIRST_COME, APP_SHARING};

    for (gsize d = 0; d < G_N_ELEMENTS(disciplines); d++) {
        g_auto(AppStation) station;
        appstation_init(&station, 2, disciplines[d], 1);
        for (guint32 i = 0; i < 3; i++)
            ck_assert_int_ne(appstation_enter(&station, 0, i, 1), APP_REFUSED);
        ck_assert_int_eq(appstation_enter(&station, 0, 3, 1), APP_REFUSED);
    }
}
END_TEST

static void
count(guint32 request, gpointer data)
{
    *(guint *)data += 1u << request;
}

START_TEST(a_dropped_station_is_empty_and_serves_on)
{
    g_auto(AppStation) station;
    guint told = 0;

    appstation_init(&station, 1, APP_FIRST_COME, G_MAXUINT);
    for (guint32 i = 0; i < 20; i++)
        appstation_enter(&station, 0, i, 1);
    appstation_drop(&station, 0.5, count, &told);
    ck_assert_uint_eq(told, (1u << 20) - 1);
    ck_assert_uint_eq(appstation_present(&station), 0);
    ck_assert(isinf(station.due_s));
    appstation_enter(&station, 1, 7, 1);
    leaves_at(&station, 2, 7);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("station");

    tcase_add_test(cases, first_come_are_first_served_by_as_many_as_there_are_processors);
    tcase_add_test(cases, sharers_are_given_equal_parts);
    tcase_add_test(cases, no_sharer_uses_more_than_one_processor);
    tcase_add_test(cases, a_change_of_speed_changes_what_is_in_service);
    tcase_add_test(cases, a_limit_refuses_who_would_wait_beyond_it);
    tcase_add_test(cases, a_dropped_station_is_empty_and_serves_on);
    return check_main("appstation", cases, NULL);
}
