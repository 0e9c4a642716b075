/* The encoding's length against an encoder that compares bytes, the cache page by page, and how many writes a page had
 * against a process that is followed write by write. */
#include "models/migration/xbzrle.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

#define PAGE 4096u

/* ---- the encoding ---- */

static guint
length_bytes(guint run)
{
    return run < 128 ? 1 : 2;
}

/* Of the bytes that are set. */
static guint
encoded(const guint8 *changed)
{
    guint bytes = 0, i = 0;

    for (;;) {
        guint gap = 0, run = 0;
        for (; i < PAGE && !changed[i]; i++)
            gap++;
        if (i == PAGE)
            return bytes;
        for (; i < PAGE && changed[i]; i++)
            run++;
        bytes += length_bytes(gap) + length_bytes(run) + run;
    }
}

static double
mean_of_encoder(guint writes, guint write_bytes, guint times)
{
    RandomStream random;
    double sum = 0;

    random_init(&random, 7, "encoder", "page");
    for (guint k = 0; k < times; k++) {
        guint8 changed[PAGE] = {0};
        for (guint i = 0; i < writes; i++)
            memset(changed + random_below(&random, PAGE - write_bytes + 1), 1, write_bytes);
        sum += encoded(changed);
    }
    return sum / times;
}

/* 0.4 %: four standard errors of 2000 encodings, whose lengths' deviation is below 5 % of their mean; and runs of 128
 * and more bytes of shorter writes, 1/128 of these at most. */
START_TEST(the_mean_length_is_that_of_an_encoder_which_compares_bytes)
{
    static const struct {
        guint writes, write_bytes;
    } rows[] = {{1, 1}, {2, 1},  {10, 1},  {100, 1}, {1000, 1}, {2500, 1},
                {1, 8}, {20, 8}, {200, 8}, {3, 200}, {12, 200}};

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const double expected = mean_of_encoder(rows[i].writes, rows[i].write_bytes, 2000);
        const double mean = xbzrle_encoded_bytes(rows[i].writes, rows[i].write_bytes, PAGE);
        ck_assert_msg(fabs(mean / expected - 1) < 0.004, "%u writes of %u bytes: %g, by the encoder %g", rows[i].writes,
                      rows[i].write_bytes, mean, expected);
    }
}
END_TEST

/* Nearly always 1 + 1 + 1, or one byte more behind 128 unchanged ones. */
START_TEST(one_changed_byte_takes_four_bytes_but_at_the_beginning_of_its_page)
{
    ck_assert_double_eq_tol(xbzrle_encoded_bytes(1, 1, PAGE), 4 - 128.0 / PAGE, 1e-9);
    ck_assert_double_eq(xbzrle_encoded_bytes(0, 1, PAGE), 0);
}
END_TEST

/* A length of 0 before it, two bytes of its own length: longer than the page. */
START_TEST(a_page_of_which_each_byte_is_new_overflows)
{
    ck_assert_double_eq_tol(xbzrle_encoded_bytes(1, PAGE, PAGE), PAGE + 3, 1e-9);
}
END_TEST

/* ---- the cache ---- */

static Xbzrle *
cache_of(guint64 slots)
{
    RandomStream random;

    random_init(&random, 1, "xbzrle", "vm");
    return xbzrle_new(slots, 1 << 20, 1, PAGE, &random);
}

static XbzrleKind
send(Xbzrle *xbzrle, guint64 page, guint64 age)
{
    const XbzrlePage sent = {.page = page, .age = age, .rate = NAN, .dirty = TRUE, .keeps = TRUE};

    return xbzrle_send(xbzrle, &sent).kind;
}

START_TEST(a_page_misses_once_and_then_is_encoded)
{
    g_autoptr(Xbzrle) xbzrle = cache_of(4);

    ck_assert_int_eq(send(xbzrle, 1, 1), XBZRLE_MISS);
    ck_assert_int_eq(send(xbzrle, 1, 2), XBZRLE_ENCODED);
    ck_assert_uint_eq(xbzrle_counts(xbzrle).cache_misses, 1);
    ck_assert_uint_eq(xbzrle_counts(xbzrle).pages, 1);
}
END_TEST

/* cache_insert: it_age + CACHED_PAGE_LIFETIME > current_age. A hit makes it fresh again. */
START_TEST(a_page_keeps_its_slot_for_two_synchronizations)
{
    g_autoptr(Xbzrle) xbzrle = cache_of(4);

    ck_assert_int_eq(send(xbzrle, 1, 1), XBZRLE_MISS);
    ck_assert_int_eq(send(xbzrle, 5, 2), XBZRLE_MISS); /* the same slot */
    ck_assert_int_eq(send(xbzrle, 1, 2), XBZRLE_ENCODED);
    ck_assert_int_eq(send(xbzrle, 5, 3), XBZRLE_MISS);
    ck_assert_int_eq(send(xbzrle, 5, 4), XBZRLE_MISS); /* two later: it takes the slot */
    ck_assert_int_eq(send(xbzrle, 5, 4), XBZRLE_ENCODED);
    ck_assert_int_eq(send(xbzrle, 1, 4), XBZRLE_MISS);
}
END_TEST

START_TEST(with_the_guest_stopped_nothing_is_put_into_the_cache)
{
    g_autoptr(Xbzrle) xbzrle = cache_of(4);
    const XbzrlePage last = {.page = 1, .age = 1, .rate = NAN, .dirty = TRUE, .keeps = FALSE};

    ck_assert_int_eq(xbzrle_send(xbzrle, &last).kind, XBZRLE_MISS);
    ck_assert_int_eq(send(xbzrle, 1, 1), XBZRLE_MISS);
}
END_TEST

START_TEST(a_page_of_zeros_is_in_the_cache_as_others_are)
{
    g_autoptr(Xbzrle) xbzrle = cache_of(4);
    const XbzrlePage zero = {.page = 1, .age = 1, .rate = NAN, .keeps = TRUE};

    xbzrle_send_zero(xbzrle, &zero);
    ck_assert_int_eq(send(xbzrle, 1, 1), XBZRLE_ENCODED);
}
END_TEST

/* ---- how many writes a page had ---- */

#define PERIOD_S 1.0 /* of synchronizations; a page is sent DELAY_S after the one that has caught it */
#define DELAY_S  0.4
#define RATE     1.3
#define SENDINGS 40000

typedef struct {
    double mean_bytes, identical;
} Means;

/* Followed write by write, its length is that of the writes between two sendings. */
static Means
follow_writes(void)
{
    RandomStream random;
    double next_s = 0, bytes = 0;
    guint64 writes = 0, identical = 0, sendings = 0;
    gboolean bit = FALSE;

    random_init(&random, 3, "writes", "page");
    for (guint64 period = 1; sendings < SENDINGS; period++) {
        const double look_s = (double)period * PERIOD_S, send_s = look_s + DELAY_S;
        for (; next_s < look_s; next_s += random_exponential(&random, 1 / RATE), writes++)
            bit = TRUE;
        const gboolean caught = bit;
        bit = FALSE;
        for (; next_s < send_s; next_s += random_exponential(&random, 1 / RATE), writes++)
            bit = TRUE;
        if (!caught)
            continue;
        bytes += xbzrle_encoded_bytes(writes, 1, PAGE);
        identical += writes == 0;
        writes = 0;
        sendings++;
    }
    return (Means){bytes / SENDINGS, (double)identical / SENDINGS};
}

/* The same, of which the cache is told only what the log tells. */
static Means
draw_writes(void)
{
    g_autoptr(Xbzrle) xbzrle = cache_of(1);
    RandomStream random;
    const guint64 page_bit = 1, no_bit = 0;
    double bytes = 0;
    guint64 sendings = 0;
    gboolean before = FALSE; /* written between the last look and the sending */

    random_init(&random, 4, "log", "page");
    const XbzrlePage first = {.age = 1, .now_s = DELAY_S, .rate = RATE, .keeps = TRUE};
    xbzrle_send(xbzrle, &first);
    double clean_s = DELAY_S;
    for (guint64 period = 1; sendings < SENDINGS; period++) {
        const double look_s = (double)period * PERIOD_S;
        const gboolean caught = before || random_unit(&random) < 1 - exp(-RATE * (look_s - clean_s));
        xbzrle_synchronized(xbzrle, caught ? &page_bit : &no_bit, 1, look_s);
        clean_s = look_s;
        before = FALSE;
        if (!caught)
            continue;
        before = random_unit(&random) < 1 - exp(-RATE * DELAY_S);
        clean_s = look_s + DELAY_S;
        const XbzrlePage page = {
            .age = period + 1, .now_s = look_s + DELAY_S, .rate = RATE, .dirty = before, .keeps = TRUE};
        bytes += xbzrle_send(xbzrle, &page).bytes;
        sendings++;
    }
    return (Means){bytes / SENDINGS, (double)xbzrle_counts(xbzrle).identical / SENDINGS};
}

/* Four standard errors of 40000 sendings: of the share 0.006, of the mean 2 %. */
START_TEST(the_log_tells_enough_of_how_often_a_page_was_written)
{
    const Means followed = follow_writes(), drawn = draw_writes();

    ck_assert_double_eq_tol(drawn.identical, followed.identical, 0.008);
    ck_assert_double_eq_tol(drawn.mean_bytes / followed.mean_bytes, 1, 0.02);
    ck_assert_double_gt(followed.identical, 0.02);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("xbzrle");

    tcase_add_test(cases, the_mean_length_is_that_of_an_encoder_which_compares_bytes);
    tcase_add_test(cases, one_changed_byte_takes_four_bytes_but_at_the_beginning_of_its_page);
    tcase_add_test(cases, a_page_of_which_each_byte_is_new_overflows);
    tcase_add_test(cases, a_page_misses_once_and_then_is_encoded);
    tcase_add_test(cases, a_page_keeps_its_slot_for_two_synchronizations);
    tcase_add_test(cases, with_the_guest_stopped_nothing_is_put_into_the_cache);
    tcase_add_test(cases, a_page_of_zeros_is_in_the_cache_as_others_are);
    tcase_add_test(cases, the_log_tells_enough_of_how_often_a_page_was_written);
    return check_main("xbzrle", cases, NULL);
}
