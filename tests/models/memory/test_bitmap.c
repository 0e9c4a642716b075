#include "models/base/random.h"
#include "models/memory/bitmap.h"
#include "tests/check_main.h"

#define PAGES 300u
#define WORDS 5u

/* Every helper against the page-by-page definition, on random ranges and words. */
START_TEST(helpers_do_what_their_pages_say)
{
    RandomStream random;

    random_init(&random, (guint64)_i, "test", "bitmap");
    guint64 a[WORDS], b[WORDS], or_ab[WORDS], a_not_b[WORDS], range[WORDS] = {0};
    const guint64 first = random_below(&random, PAGES), end = first + random_below(&random, PAGES - first + 1);
    guint64 count = 0, last = 0;

    for (guint w = 0; w < WORDS; w++) {
        or_ab[w] = a_not_b[w] = a[w] = random_u64(&random) & random_u64(&random) & random_u64(&random);
        b[w] = random_u64(&random);
    }
    bitmap_or(or_ab, b, WORDS);
    bitmap_and_not(a_not_b, b, WORDS);
    bitmap_set_range(range, first, end);
    for (guint64 page = 0; page < WORDS * 64; page++) {
        ck_assert_int_eq(bitmap_test(or_ab, page), bitmap_test(a, page) || bitmap_test(b, page));
        ck_assert_int_eq(bitmap_test(a_not_b, page), bitmap_test(a, page) && !bitmap_test(b, page));
        ck_assert_int_eq(bitmap_test(range, page), page >= first && page < end);
        ck_assert_int_eq((bitmap_range_mask(page / 64, first, end) >> (page % 64)) & 1, bitmap_test(range, page));
        if (!bitmap_test(a, page))
            continue;
        guint64 next = last;
        ck_assert(bitmap_next(a, WORDS, &next) && next == page);
        last = page + 1;
        count++;
    }
    ck_assert(!bitmap_next(a, WORDS, &last));
    ck_assert_uint_eq(bitmap_count(a, WORDS), count);
    ck_assert_uint_eq(bitmap_count_word(b[0]), (guint)__builtin_popcountll(b[0]));
    ck_assert_int_eq(bitmap_any(a_not_b, WORDS), bitmap_count(a_not_b, WORDS) > 0);
}
END_TEST

START_TEST(a_full_bitmap_ends_with_the_last_page)
{
    for (guint64 pages = 1; pages <= WORDS * 64; pages++) {
        guint64 words[WORDS] = {0};
        bitmap_fill(words, pages);
        ck_assert_uint_eq(bitmap_words(pages), (pages + 63) / 64);
        ck_assert_uint_eq(bitmap_count(words, WORDS), pages);
        ck_assert(bitmap_test(words, pages - 1));
        ck_assert_uint_eq(words[(pages - 1) / 64], bitmap_last_mask(pages));
    }
}
END_TEST

START_TEST(empty_bitmaps_and_full_words_have_no_special_case)
{
    guint64 word = ~G_GUINT64_CONSTANT(0), page = 0;

    ck_assert_uint_eq(bitmap_count_word(word), 64);
    ck_assert_uint_eq(bitmap_count_word(0), 0);
    ck_assert(!bitmap_any(&word, 0) && !bitmap_next(&word, 0, &page));
    ck_assert_uint_eq(bitmap_mask(0, 64), word);
    ck_assert_uint_eq(bitmap_mask(64, 64), 0);
    for (guint bit = 0; bit < 64; bit++)
        ck_assert_uint_eq(bitmap_take(&word), bit);
    ck_assert_uint_eq(word, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("bitmap");

    tcase_add_loop_test(tcase, helpers_do_what_their_pages_say, 0, 300);
    tcase_add_test(tcase, a_full_bitmap_ends_with_the_last_page);
    tcase_add_test(tcase, empty_bitmaps_and_full_words_have_no_special_case);
    return check_main("bitmap", tcase, NULL);
}
