#include "models/base/random.h"
#include "models/socket/streamhash.h"
#include "tests/check_main.h"

START_TEST(the_cut_into_messages_does_not_matter)
{
    StreamHashKey key;
    RandomStream random;

    streamhash_key_init(&key, 5);
    random_init(&random, 1, "test", "streamhash");
    for (int round = 0; round < 200; round++) {
        StreamHash hash;
        streamhash_init(&hash);
        for (int i = 0; i < 20; i++)
            streamhash_take(&key, &hash, hash.next, hash.next + random_below(&random, 100000));
        ck_assert_uint_eq(hash.hash, streamhash_expected(&key, hash.bytes));
    }
}
END_TEST

/* The same sum byte by byte: h := h x + g^i, with runs of one byte, whose closed form is g^from alone. */
START_TEST(a_run_is_the_sum_over_its_bytes)
{
    StreamHashKey key;
    StreamHash bytewise, at_once;

    streamhash_key_init(&key, 9);
    streamhash_init(&bytewise);
    streamhash_init(&at_once);
    for (guint64 i = 100; i < 1100; i++)
        streamhash_take(&key, &bytewise, i, i + 1);
    streamhash_take(&key, &at_once, 100, 1100);
    ck_assert_uint_eq(bytewise.hash, at_once.hash);
}
END_TEST

typedef struct {
    const char *what;
    guint64 run[4][2];
} Damage;

static const Damage damages[] = {
    {"a byte lost", {{0, 500}, {501, 1000}}},
    {"a byte repeated", {{0, 501}, {500, 1000}}},
    {"two runs exchanged", {{0, 300}, {600, 900}, {300, 600}, {900, 1000}}},
    {"the last byte lost", {{0, 999}}},
    {"the first byte lost", {{1, 1000}}},
};

START_TEST(damage_changes_the_hash)
{
    StreamHashKey key;
    StreamHash hash;

    streamhash_key_init(&key, 3);
    streamhash_init(&hash);
    for (int i = 0; i < 4 && damages[_i].run[i][1] > 0; i++)
        streamhash_take(&key, &hash, damages[_i].run[i][0], damages[_i].run[i][1]);
    ck_assert_msg(hash.hash != streamhash_expected(&key, 1000), "%s", damages[_i].what);
}
END_TEST

START_TEST(nothing_taken_is_nothing_hashed)
{
    StreamHashKey key;
    StreamHash hash;

    streamhash_key_init(&key, 3);
    streamhash_init(&hash);
    streamhash_take(&key, &hash, 0, 0);
    ck_assert_uint_eq(hash.hash, 0);
    ck_assert_uint_ne(streamhash_expected(&key, 1), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("streamhash");

    tcase_add_test(tcase, the_cut_into_messages_does_not_matter);
    tcase_add_test(tcase, a_run_is_the_sum_over_its_bytes);
    tcase_add_loop_test(tcase, damage_changes_the_hash, 0, G_N_ELEMENTS(damages));
    tcase_add_test(tcase, nothing_taken_is_nothing_hashed);
    return check_main("streamhash", tcase, NULL);
}
