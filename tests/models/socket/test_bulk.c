#include "models/base/random.h"
#include "models/socket/socketsystem.h"
#include "tests/check_main.h"
#include "tests/models/socket/bulk.h"
#include "tests/models/socket/systems.h"

#include <math.h>

static StreamHashKey key;

static void
setup(void)
{
    streamhash_key_init(&key, 1);
}

START_TEST(every_byte_of_a_random_stream_arrives_once_in_order)
{
    const BulkCosts costs = {1e-6, 2e-6, 1e-9, 5e-6, 40e-6, 65536};
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key);
    RandomStream random;
    double now_s = 0;
    guint64 bytes = 0;

    random_init(&random, 1, "test", "bulk");
    for (int i = 0; i < 20000; i++) {
        const guint64 size = 1 + random_below(&random, i % 100 == 0 ? 1000000 : 5000);
        now_s += random_exponential(&random, 5e-6);
        bulk_send(bulk, now_s, size);
        bytes += size;
        if (i % 7 == 0)
            bulk_advance(bulk, now_s);
    }
    bulk_advance(bulk, INFINITY);
    ck_assert_uint_eq(bulk_stats(bulk)->messages, 20000);
    ck_assert_uint_eq(bulk_stats(bulk)->bytes, bytes);
    ck_assert_uint_eq(bulk_stats(bulk)->copies, 2 * bytes);
    ck_assert_uint_eq(bulk_hash(bulk)->hash, streamhash_expected(&key, bytes));
}
END_TEST

/* Oracle: with a free receiver, no wake-ups and a huge buffer the sender is an M/D/1 queue, whose mean time in system
 * is s + ρ s / (2 (1 - ρ)). 5e5 messages at ρ = 0.7: the standard error of the mean, with correlation, is about 0.4 %;
 * 2 % is five of them. */
START_TEST(poisson_messages_wait_as_in_m_d_1)
{
    const double s = 1e-6, rho = 0.7;
    const BulkCosts costs = {s, 0, 0, 0, 0, 1ull << 40};
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key);
    RandomStream random;
    double now_s = 0;

    random_init(&random, 2, "test", "bulk");
    for (int i = 0; i < 500000; i++) {
        now_s += random_exponential(&random, s / rho);
        bulk_send(bulk, now_s, 1);
        bulk_advance(bulk, now_s);
    }
    bulk_advance(bulk, INFINITY);
    const double mean_s = bulk_stats(bulk)->latency_sum_s / 500000;
    ck_assert_double_eq_tol(mean_s / (s + rho * s / (2 * (1 - rho))), 1, 0.02);
}
END_TEST

/* Two stages of fixed times, always a message waiting: the slower stage sets the rate. */
START_TEST(slower_stage_sets_the_rate)
{
    for (int slow = 0; slow < 2; slow++) {
        const BulkCosts costs = {slow ? 1e-6 : 4e-6, slow ? 4e-6 : 1e-6, 0, 0, 0, 1 << 20};
        g_autoptr(Bulk) bulk = bulk_new(&costs, &key);
        double end_s = 0;
        for (int i = 0; i < 10000; i++)
            end_s = bulk_send(bulk, 0, 1000);
        ck_assert_double_eq_tol(end_s, 10000 * 4e-6 + 1e-6, 1e-9); /* plus the first or last piece alone; rounding */
    }
}
END_TEST

START_TEST(lone_message_wakes_the_receiver_and_costs_what_the_system_says)
{
    const SocketSystem *system = systems_find("invention");
    BulkCosts costs;

    bulk_costs_of(system, 1 << 20, &costs);
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key);
    const double end_s = bulk_send(bulk, 1.0, 1000) - 1.0;
    bulk_advance(bulk, 2.0);
    ck_assert_double_eq_tol(end_s, socketsystem_one_way_s(system, SOCKETSYSTEM_TCP, 1000), 1e-12); /* rounding at 1 s */
    ck_assert_uint_eq(bulk_stats(bulk)->receiver_wakes, 1);
    ck_assert_uint_eq(bulk_stats(bulk)->switches, system->switches);
}
END_TEST

START_TEST(a_busy_receiver_is_not_woken)
{
    const BulkCosts costs = {1e-6, 5e-6, 0, 3e-6, 10e-6, 1 << 20};
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key);

    for (int i = 0; i < 100; i++)
        bulk_send(bulk, 0, 10);
    bulk_advance(bulk, 1);
    ck_assert_uint_eq(bulk_stats(bulk)->receiver_wakes, 1);
}
END_TEST

START_TEST(full_buffer_makes_the_sender_sleep)
{
    const BulkCosts costs = {1e-6, 10e-6, 0, 1e-6, 5e-6, 100};
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key);

    for (int i = 0; i < 50; i++)
        bulk_send(bulk, 0, 40);
    bulk_advance(bulk, 1);
    ck_assert_uint_gt(bulk_stats(bulk)->sender_wakes, 10);
    ck_assert_double_gt(bulk_stats(bulk)->stalled_s, 10 * 5e-6);
    ck_assert_uint_eq(bulk_hash(bulk)->hash, streamhash_expected(&key, 2000));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("bulk");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, every_byte_of_a_random_stream_arrives_once_in_order);
    tcase_add_test(tcase, poisson_messages_wait_as_in_m_d_1);
    tcase_add_test(tcase, slower_stage_sets_the_rate);
    tcase_add_test(tcase, lone_message_wakes_the_receiver_and_costs_what_the_system_says);
    tcase_add_test(tcase, a_busy_receiver_is_not_woken);
    tcase_add_test(tcase, full_buffer_makes_the_sender_sleep);
    return check_main("bulk", tcase, NULL);
}
