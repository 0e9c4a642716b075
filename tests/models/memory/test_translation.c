/* The dirty log behind a translation buffer, the writes in order, and the pages that a kernel keeps writing. */
#include "models/memory/translation.h"

#include "models/memory/serial.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

START_TEST(a_write_is_seen_when_its_entry_was_another_pages)
{
    Translation buffer = {0};

    translation_init(&buffer, 4);
    ck_assert(translation_write(&buffer, 1));  /* empty */
    ck_assert(!translation_write(&buffer, 1)); /* writable already */
    ck_assert(translation_write(&buffer, 2));  /* another slot */
    ck_assert(!translation_write(&buffer, 1));
    ck_assert(translation_write(&buffer, 5)); /* takes page 1's slot */
    ck_assert(translation_write(&buffer, 1));
    translation_clear(&buffer);
}
END_TEST

/* A working set that fits the buffer is logged once and never again; who watches sees every write. */
START_TEST(a_working_set_that_fits_is_logged_once)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .first_page = 100, .pages = 400, .rate_pages_s = 100000};
    g_autoptr(DirtyLog) log = guest_log(2048, 1, &workload);
    guint64 out[32], watched[32] = {0};

    dirty_set_translation(log, 0, 512);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1, out), 400); /* 250 writes each: all touched */
    dirty_watch(log, watched);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 2, out), 0);
    ck_assert_uint_eq(bitmap_count(watched, 32), 400);
    dirty_set_translation(log, 2, 0);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 3, out), 400);
}
END_TEST

/* k pages share a slot, each written n times on average; the page that holds the slot is missed when no other one of
 * its slot is written before its last write. For a working set of 2 per slot, in an interval in which each page expects
 * m writes: the other page is logged with 1 - exp(-m); the holder as soon as the other page came before its last write.
 * By symmetry of the order, P(holder logged) = sum over its i and the other's j writes of 1 - i! j! / (i + j)!. */
START_TEST(the_share_that_is_missed_is_as_computed)
{
    enum { SLOTS = 512, ROUNDS = 400 };
    const double m = 0.8;
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 2 * SLOTS, .rate_pages_s = 2 * SLOTS * m};
    g_autoptr(DirtyLog) dirty = guest_log(2 * SLOTS, 1, &workload);
    double expected = 1 - exp(-m), logged = 0;

    for (int i = 1; i < 30; i++)
        for (int j = 1; j < 30; j++) {
            const double both = exp(-2 * m + (i + j) * log(m) - lgamma(i + 1) - lgamma(j + 1));
            expected += both * (1 - exp(lgamma(i + 1) + lgamma(j + 1) - lgamma(i + j + 1)));
        }
    dirty_set_translation(dirty, 0, SLOTS);
    dirty_fetch_and_clear(dirty, 20, NULL); /* every slot is taken by now */
    for (int round = 1; round <= ROUNDS; round++)
        logged += (double)dirty_fetch_and_clear(dirty, 20 + round, NULL);
    /* 512 slots x 400 rounds, at most 2 a slot: a standard error below 0.002 */
    ck_assert_double_eq_tol(logged / (SLOTS * ROUNDS), expected, 0.01);
}
END_TEST

/* Without a buffer the log sampled in order agrees with the log sampled by regions. */
START_TEST(in_order_writes_are_the_workloads)
{
    for (int g = 0; g < N_GUESTS; g++) {
        const Workload *workload = &guests[g].workload;
        RandomStream random = guest_random(1);
        Sampler sampler;
        Serial serial;
        guint64 hits = 0;

        sampler_init(&sampler, &random);
        serial_init(&serial, workload);
        const guint64 n = serial_count(&serial, &sampler, 20000);
        for (guint64 i = 0; i < n; i++) {
            const guint64 page = serial_page(&serial, &sampler);
            ck_assert(page >= workload->first_page && page < workload->first_page + workload->pages);
            hits += page == workload->first_page;
        }
        const double share = guest_share(workload, 0), sd = sqrt(20000 * share * (1 - share));
        ck_assert_double_eq_tol((double)n, 20000, 5 * sqrt(20000)); /* Poisson: five standard deviations */
        ck_assert_double_eq_tol((double)hits, 20000 * share, 5 * sd + 5 * sqrt(20000) * share);
    }
}
END_TEST

/* The sum of n exponential distances has mean n and variance n; a sweep has no variance. */
START_TEST(writes_are_a_poisson_process_apart)
{
    enum { ROUNDS = 4000, N = 40 };
    for (int g = 0; g < N_GUESTS; g++) {
        const gboolean sweep = guests[g].workload.kind == WORKLOAD_SWEEP;
        RandomStream random = guest_random(2);
        Sampler sampler;
        Serial serial;
        double sum = 0, squares = 0;

        sampler_init(&sampler, &random);
        serial_init(&serial, &guests[g].workload);
        for (int round = 0; round < ROUNDS; round++) {
            const double distance = serial_distance(&serial, &sampler, N) - N;
            sum += distance;
            squares += distance * distance;
        }
        ck_assert_double_eq_tol(sum / ROUNDS, 0, sweep ? 0 : 5 * sqrt((double)N / ROUNDS));
        /* the variance of a squared distance is 2 N^2 + 6 N */
        ck_assert_double_eq_tol(squares / ROUNDS, sweep ? 0 : N, sweep ? 0 : 5 * sqrt((2.0 * N * N + 6 * N) / ROUNDS));
    }
}
END_TEST

/* n pages at rate r: after t each is dirty with 1 - exp(-r t), whatever the workload does. */
START_TEST(background_pages_are_written_at_their_rate)
{
    enum { N = 70, ROUNDS = 300 };
    const Workload idle = {.kind = WORKLOAD_IDLE};
    g_autoptr(DirtyLog) log = guest_log(4096, 1, &idle);
    guint64 pages[N];
    double dirty = 0;

    for (guint64 i = 0; i < N; i++)
        pages[i] = 50 * i;
    ck_assert(!dirty_is_active(log, 0));
    dirty_set_background(log, 0, pages, N, 0.5);
    ck_assert(dirty_is_active(log, 0));
    for (int round = 1; round <= ROUNDS; round++)
        dirty += (double)dirty_fetch_and_clear(log, round * 2, NULL);
    const double p = 1 - exp(-1);
    ck_assert_double_eq_tol(dirty / (N * ROUNDS), p, 5 * sqrt(p * (1 - p) / (N * ROUNDS)));
    dirty_set_speed(log, 600, 0);
    ck_assert_uint_eq(dirty_fetch_and_clear(log, 1000, NULL), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("translation");

    tcase_add_test(tcase, a_write_is_seen_when_its_entry_was_another_pages);
    tcase_add_test(tcase, a_working_set_that_fits_is_logged_once);
    tcase_add_test(tcase, the_share_that_is_missed_is_as_computed);
    tcase_add_test(tcase, in_order_writes_are_the_workloads);
    tcase_add_test(tcase, writes_are_a_poisson_process_apart);
    tcase_add_test(tcase, background_pages_are_written_at_their_rate);
    return check_main("translation", tcase, NULL);
}
