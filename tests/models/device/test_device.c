#include "models/device/device.h"
#include "tests/check_main.h"

#include <math.h>

static Device
device_of(DeviceDuring during)
{
    const DeviceRules rules = {.during = during, .unplug_s = 0.5, .plug_s = 1.5};
    Device device;

    device_init(&device, &rules);
    return device;
}

START_TEST(one_that_is_live_never_leaves)
{
    Device device = device_of(DEVICE_LIVE);

    device_leave(&device, 1);
    ck_assert(device_works(&device));
    ck_assert(isnan(device_left_s(&device, 1)));
    ck_assert(isnan(device_come_back(&device, 5)));
    ck_assert_uint_eq(device.times, 0);
    ck_assert_double_eq(device_away_s(&device, 9), 0);
}
END_TEST

START_TEST(one_that_is_stopped_is_away_until_its_guest_runs_at_the_destination)
{
    Device device = device_of(DEVICE_STOPPED);

    device_leave(&device, 1);
    ck_assert(!device_works(&device));
    ck_assert(isnan(device_left_s(&device, 1))); /* the first page waits for nothing */
    ck_assert_double_eq(device_away_s(&device, 3), 2);
    device_guest_runs(&device, 4);
    ck_assert(device_works(&device));
    ck_assert(isnan(device_come_back(&device, 6)));
    ck_assert_double_eq(device_away_s(&device, 9), 3);
    ck_assert_double_eq(device.longest_s, 3);
}
END_TEST

START_TEST(one_that_is_stopped_works_again_when_the_migration_fails)
{
    Device device = device_of(DEVICE_STOPPED);

    device_leave(&device, 1);
    ck_assert(isnan(device_come_back(&device, 3)));
    ck_assert(device_works(&device));
    ck_assert_double_eq(device.away_s, 2);
}
END_TEST

START_TEST(one_that_is_unplugged_takes_its_time_at_both_ends)
{
    Device device = device_of(DEVICE_UNPLUGGED);

    device_leave(&device, 1);
    ck_assert_double_eq(device_left_s(&device, 1), 1.5);
    ck_assert(isnan(device_left_s(&device, 1.5)));
    device_guest_runs(&device, 4); /* it was taken away: that the guest runs gives it none */
    ck_assert(!device_works(&device));
    ck_assert_double_eq(device_come_back(&device, 5), 6.5);
    ck_assert_double_eq(device_come_back(&device, 6), 6.5); /* asked again, it does not begin again */
    device_arrived(&device, 6);
    ck_assert(!device_works(&device));
    device_arrived(&device, 6.5);
    ck_assert(device_works(&device));
    ck_assert_double_eq(device.away_s, 5.5);
    ck_assert_uint_eq(device.times, 1);
}
END_TEST

/* The guest migrates again before it has its device back: that is one absence. */
START_TEST(one_that_leaves_while_it_comes_was_away_all_the_time)
{
    Device device = device_of(DEVICE_UNPLUGGED);

    device_leave(&device, 1);
    (void)device_left_s(&device, 1.5);
    (void)device_come_back(&device, 5);
    device_leave(&device, 6);
    ck_assert_double_eq(device_left_s(&device, 6), 6.5);
    device_arrived(&device, 6.5); /* of the first time: too late */
    ck_assert(!device_works(&device));
    (void)device_left_s(&device, 6.5);
    ck_assert_double_eq(device_come_back(&device, 8), 9.5);
    device_arrived(&device, 9.5);
    ck_assert_double_eq(device.away_s, 8.5);
    ck_assert_uint_eq(device.times, 1);
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("device");

    tcase_add_test(tests, one_that_is_live_never_leaves);
    tcase_add_test(tests, one_that_is_stopped_is_away_until_its_guest_runs_at_the_destination);
    tcase_add_test(tests, one_that_is_stopped_works_again_when_the_migration_fails);
    tcase_add_test(tests, one_that_is_unplugged_takes_its_time_at_both_ends);
    tcase_add_test(tests, one_that_leaves_while_it_comes_was_away_all_the_time);
    return check_main("device", tests, NULL);
}
