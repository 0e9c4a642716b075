/* The warm-up is cut and what follows is measured by batches. */
#include "models/base/meter.h"
#include "tests/check_main.h"

START_TEST(batches_begin_behind_the_warm_up)
{
    Meter meter;

    meter_init(&meter, 10, 2);
    for (double t = 0; t < 20; t += 0.5) {
        meter_reach(&meter, t);
        meter_note(&meter, t < 10 ? 100 : 0.25);
    }
    meter_reach(&meter, 20);
    ck_assert_uint_eq(meter_rate(&meter, 0.95).batches, 5);
    ck_assert_double_eq(meter_rate(&meter, 0.95).mean, 2);
    ck_assert_double_eq(meter_latency(&meter, 0.95).mean, 0.25);
    ck_assert_double_eq(meter_latency(&meter, 0.95).half_width, 0);
}
END_TEST

START_TEST(a_batch_that_is_not_over_does_not_count)
{
    Meter meter;

    meter_init(&meter, 0, 1);
    meter_reach(&meter, 0);
    meter_note(&meter, 1);
    meter_reach(&meter, 1.5);
    meter_note(&meter, 9);
    ck_assert_uint_eq(meter_latency(&meter, 0.95).batches, 1);
    ck_assert_double_eq(meter_latency(&meter, 0.95).mean, 1);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("meter");

    tcase_add_test(cases, batches_begin_behind_the_warm_up);
    tcase_add_test(cases, a_batch_that_is_not_over_does_not_count);
    return check_main("meter", cases, NULL);
}
