#include "models/base/random.h"
#include "models/migration/send_buffer.h"
#include "tests/check_main.h"

#include <math.h>

#define SEGMENT 65160.0
#define WAKE    (2.0 / 3)

/* From the waking level to the full one; the first acknowledgement below two thirds wakes, the first segment beyond the
 * buffer is the last one put. */
START_TEST(a_writer_moves_in_whole_segments)
{
    RandomStream random;

    random_init(&random, 1, "phases", "test");
    for (int i = 0; i < 1000; i++) {
        SendBuffer buffer = {0};
        const double bytes = 2e5 + 4e6 * random_unit(&random);
        send_buffer_align(&buffer, bytes, WAKE, SEGMENT, random_unit(&random));
        const double woken = buffer.wake_share * buffer.capacity_bytes;
        const double segments = (buffer.capacity_bytes - woken) / SEGMENT;
        ck_assert_double_eq_tol(segments, round(segments), 1e-6);
        ck_assert(buffer.capacity_bytes >= bytes - 1e-3 && buffer.capacity_bytes < bytes + SEGMENT);
        ck_assert(woken <= WAKE * bytes + 1e-3 && woken > WAKE * bytes - SEGMENT);
    }
}
END_TEST

/* The mean over the places of segments is a third and one segment: with 1.313 MB of memory, 1.296 MB of payload, 7.63
 * (measured at 50 to 150 Mb/s: 7 to 8, 7.4 on average). */
START_TEST(a_step_has_a_segment_more_than_a_third_on_average)
{
    const double bytes = 1.296e6;
    double sum = 0;

    for (int i = 0; i < 1000; i++) {
        SendBuffer buffer = {.level_bytes = bytes / 2};
        send_buffer_align(&buffer, bytes, WAKE, SEGMENT, (i + 0.5) / 1000);
        ck_assert_double_gt(send_buffer_put(&buffer, 1e7), 0);
        sum += send_buffer_wait_bytes(&buffer) / SEGMENT;
    }
    ck_assert_double_eq_tol(sum / 1000, bytes / 3 / SEGMENT + 1, 2e-3); /* phases in steps of a thousandth */
}
END_TEST

START_TEST(without_segments_it_is_a_fluid)
{
    SendBuffer buffer = {0};

    send_buffer_align(&buffer, 1.2e6, WAKE, 0, 0);
    ck_assert_double_eq(buffer.capacity_bytes, 1.2e6);
    ck_assert_double_eq_tol(buffer.wake_share, WAKE, 1e-12);
}
END_TEST

START_TEST(what_it_holds_stays_in_it)
{
    SendBuffer buffer = {.level_bytes = 2e6};

    send_buffer_align(&buffer, 1.2e6, WAKE, SEGMENT, 0.5);
    ck_assert_double_eq(send_buffer_put(&buffer, 1e5), 0);
    ck_assert_double_eq(buffer.level_bytes, 2e6);
    ck_assert_double_gt(send_buffer_wait_bytes(&buffer), 1.2e6);
}
END_TEST

/* With bursts of 10 ms: at 50 and 100 Mb/s the buffer of TCP's start, at 400 Mb/s 2.5 to 3.2 MB measured. */
START_TEST(the_buffer_grows_with_the_rate)
{
    const double start = 1.28e6, most = 4.14e6;
    const double at_50 = send_buffer_grown(start, most, SEGMENT, 5.98e6 * 0.01);
    const double at_100 = send_buffer_grown(start, most, SEGMENT, 11.96e6 * 0.01);
    const double at_400 = send_buffer_grown(start, most, SEGMENT, 47.8e6 * 0.01);

    ck_assert_double_eq(at_50, start);
    ck_assert_double_eq(at_100, start);
    ck_assert(at_400 > 2.5e6 && at_400 < 3.2e6);
    ck_assert_double_eq(send_buffer_grown(start, most, SEGMENT, 1e9), most);
    ck_assert_double_eq(send_buffer_grown(start, 0, SEGMENT, 1e9), start); /* no ceiling given: as it starts */
}
END_TEST

/* Four sockets of 1 MB whose writer wakes at two thirds of one: 333 kB free of 4 MB. */
START_TEST(the_first_of_several_sockets_that_has_room_wakes_the_writer)
{
    ck_assert_double_eq_tol((1 - send_buffer_wake_of(4, WAKE)) * 4e6, 1e6 / 3, 1e-3);
    ck_assert_double_eq(send_buffer_wake_of(1, WAKE), WAKE);
    ck_assert_double_eq(send_buffer_wake_of(0, WAKE), WAKE);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("cases");

    tcase_add_test(cases, a_writer_moves_in_whole_segments);
    tcase_add_test(cases, a_step_has_a_segment_more_than_a_third_on_average);
    tcase_add_test(cases, without_segments_it_is_a_fluid);
    tcase_add_test(cases, what_it_holds_stays_in_it);
    tcase_add_test(cases, the_buffer_grows_with_the_rate);
    tcase_add_test(cases, the_first_of_several_sockets_that_has_room_wakes_the_writer);
    return check_main("send_buffer", cases, NULL);
}
