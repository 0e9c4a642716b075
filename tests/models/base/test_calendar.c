#include "models/base/calendar.h"
#include "models/base/random.h"
#include "tests/check_main.h"

START_TEST(events_leave_in_the_order_of_time)
{
    g_auto(Calendar) calendar;
    RandomStream random;
    CalendarEvent event;
    double last = -1;

    calendar_init(&calendar);
    random_init(&random, 1, "test", "calendar");
    for (guint32 i = 0; i < 5000; i++)
        calendar_add(&calendar, random_unit(&random), i % CALENDAR_KINDS, i);
    for (guint32 i = 0; i < 5000; i++) {
        ck_assert_uint_eq(calendar_pending(&calendar), 5000 - i);
        const double next = calendar_next_time(&calendar);
        ck_assert(calendar_take(&calendar, &event));
        ck_assert_double_eq(next, event.time_s);
        ck_assert_double_ge(event.time_s, last);
        ck_assert_uint_eq(event.kind, event.id % CALENDAR_KINDS);
        last = event.time_s;
    }
    ck_assert(!calendar_take(&calendar, &event));
    ck_assert_double_eq(calendar_next_time(&calendar), G_MAXDOUBLE);
}
END_TEST

START_TEST(equal_times_leave_in_the_order_of_insertion)
{
    g_auto(Calendar) calendar;
    CalendarEvent event;

    calendar_init(&calendar);
    for (guint32 i = 0; i < 1000; i++)
        calendar_add(&calendar, i % 3, 0, i);
    for (guint32 time = 0; time < 3; time++)
        for (guint32 i = time; i < 1000; i += 3) {
            ck_assert(calendar_take(&calendar, &event));
            ck_assert_double_eq(event.time_s, time);
            ck_assert_uint_eq(event.id, i);
        }
}
END_TEST

/* The oracle is a linear scan for the least (time, insertion number). */
START_TEST(takes_and_additions_mixed_agree_with_a_linear_scan)
{
    g_auto(Calendar) calendar;
    RandomStream random;
    double times[4096];
    gboolean present[4096] = {FALSE};
    guint32 added = 0;

    calendar_init(&calendar);
    random_init(&random, 2, "test", "calendar");
    for (int step = 0; step < 6000; step++) {
        if (added < 4096 && random_unit(&random) < 0.6) {
            times[added] = (double)random_below(&random, 50);
            present[added] = TRUE;
            calendar_add(&calendar, times[added], 3, added);
            added++;
            continue;
        }
        CalendarEvent event;
        guint32 best = G_MAXUINT32;
        for (guint32 i = 0; i < added; i++)
            if (present[i] && (best == G_MAXUINT32 || times[i] < times[best]))
                best = i;
        ck_assert_int_eq(calendar_take(&calendar, &event), best != G_MAXUINT32);
        if (best == G_MAXUINT32)
            continue;
        ck_assert_uint_eq(event.id, best);
        present[best] = FALSE;
    }
}
END_TEST

START_TEST(order_survives_the_renumbering)
{
    g_auto(Calendar) calendar;
    CalendarEvent event;

    calendar_init(&calendar);
    calendar.order = (1u << CALENDAR_ORDER_BITS) - 500;
    for (guint32 i = 0; i < 1000; i++)
        calendar_add(&calendar, 7.0, i % 5, i);
    ck_assert_uint_lt(calendar.order, 2000);
    for (guint32 i = 0; i < 1000; i++) {
        ck_assert(calendar_take(&calendar, &event));
        ck_assert_uint_eq(event.id, i);
        ck_assert_uint_eq(event.kind, i % 5);
        ck_assert_double_eq(event.time_s, 7.0);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("calendar");

    tcase_add_test(tcase, events_leave_in_the_order_of_time);
    tcase_add_test(tcase, equal_times_leave_in_the_order_of_insertion);
    tcase_add_test(tcase, takes_and_additions_mixed_agree_with_a_linear_scan);
    tcase_add_test(tcase, order_survives_the_renumbering);
    return check_main("calendar", tcase, NULL);
}
