#include "models/memory/dirty.h"
#include "models/memory/dma.h"
#include "tests/check_main.h"

#include <math.h>

#define PAGES 4096u

typedef struct {
    DirtyLog *log;
    guint device;
} Fixture;

static Fixture
new_fixture(void)
{
    RandomStream random;
    Fixture fixture;

    random_init(&random, 1, "memory", "vm");
    fixture.log = dirty_new(PAGES, &random, 0);
    random_init(&random, 1, "dma", "d");
    fixture.device = dirty_add_device(fixture.log, &random);
    return fixture;
}

static double
expected_pages(double pages, double rate_s, double duration_s)
{
    return pages * -expm1(-rate_s * duration_s / pages);
}

/* Few writes are drawn one by one, many page by page: both have the same law. 5 standard deviations. */
START_TEST(as_many_pages_are_written_as_the_law_says)
{
    const double rates_s[] = {100, 1000, 4000, 20000};
    const double rate_s = rates_s[_i];
    Fixture fixture = new_fixture();
    double found = 0;

    dirty_set_device(fixture.log, 0, fixture.device, 1024, 2048, rate_s);
    for (guint k = 1; k <= 50; k++)
        found += (double)dirty_fetch_and_clear(fixture.log, 0.2 * k, NULL);
    const double expected = 50 * expected_pages(2048, rate_s, 0.2);
    ck_assert_double_eq_tol(found, expected, 5 * sqrt(expected));
    dirty_free(fixture.log);
}
END_TEST

START_TEST(only_its_buffer_is_written)
{
    Fixture fixture = new_fixture();
    guint64 bits[PAGES / 64];

    dirty_set_device(fixture.log, 0, fixture.device, 64, 128, 1e6);
    (void)dirty_fetch_and_clear(fixture.log, 1, bits);
    for (guint word = 0; word < PAGES / 64; word++)
        ck_assert_uint_eq(bits[word], word == 1 || word == 2 ? G_MAXUINT64 : 0);
    dirty_free(fixture.log);
}
END_TEST

/* Auto-converge leaves a tenth of the processors: devices do not notice; a stopped guest's devices are stopped too. */
START_TEST(a_throttle_does_not_slow_it_and_a_stop_does)
{
    Fixture fixture = new_fixture();

    dirty_set_device(fixture.log, 0, fixture.device, 0, PAGES, 1000);
    dirty_set_speed(fixture.log, 0, 0.1);
    const double throttled = (double)dirty_fetch_and_clear(fixture.log, 1, NULL);
    ck_assert_double_eq_tol(throttled, expected_pages(PAGES, 1000, 1), 150);
    ck_assert(dirty_is_active(fixture.log, 1));
    dirty_set_speed(fixture.log, 1, 0);
    ck_assert_uint_eq(dirty_fetch_and_clear(fixture.log, 5, NULL), 0);
    dirty_set_speed(fixture.log, 5, 1);
    ck_assert_double_eq_tol((double)dirty_fetch_and_clear(fixture.log, 6, NULL), expected_pages(PAGES, 1000, 1), 150);
    dirty_free(fixture.log);
}
END_TEST

START_TEST(it_ends_when_it_is_told_to)
{
    Fixture fixture = new_fixture();

    dirty_set_device(fixture.log, 0, fixture.device, 0, PAGES, 1000);
    dirty_set_device(fixture.log, 2, fixture.device, 0, PAGES, 0);
    ck_assert_uint_gt(dirty_fetch_and_clear(fixture.log, 9, NULL), 500); /* of the first two seconds */
    ck_assert_uint_eq(dirty_fetch_and_clear(fixture.log, 20, NULL), 0);
    ck_assert(!dirty_is_active(fixture.log, 20));
    ck_assert_ptr_null(dirty_tally(fixture.log, PAGES)); /* which pages it writes cannot be counted */
    dirty_free(fixture.log);
}
END_TEST

/* A device draws from a stream of its own. */
START_TEST(it_moves_no_digit_of_the_workload)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 1024, .rate_pages_s = 500};
    guint64 counts[2];

    for (guint with = 0; with < 2; with++) {
        Fixture fixture = new_fixture();
        guint64 bits[PAGES / 64], count = 0;
        dirty_set_workload(fixture.log, 0, &workload);
        if (with)
            dirty_set_device(fixture.log, 0, fixture.device, 2048, 1024, 700);
        (void)dirty_fetch_and_clear(fixture.log, 1.5, bits);
        for (guint word = 0; word < 1024 / 64; word++)
            count = count * 31 + bits[word];
        counts[with] = count;
        dirty_free(fixture.log);
    }
    ck_assert_uint_eq(counts[0], counts[1]);
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("dma");

    tcase_add_loop_test(tests, as_many_pages_are_written_as_the_law_says, 0, 4);
    tcase_add_test(tests, only_its_buffer_is_written);
    tcase_add_test(tests, a_throttle_does_not_slow_it_and_a_stop_does);
    tcase_add_test(tests, it_ends_when_it_is_told_to);
    tcase_add_test(tests, it_moves_no_digit_of_the_workload);
    return check_main("dma", tests, NULL);
}
