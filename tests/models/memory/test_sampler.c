#include "models/memory/sampler.h"
#include "tests/check_main.h"
#include "tests/models/memory/guest.h"

static Sampler
make_sampler(guint64 seed)
{
    RandomStream random = guest_random(seed);
    Sampler sampler;

    sampler_init(&sampler, &random);
    return sampler;
}

/* Each of 64 x n lanes is set with probability p: chi-square over the lanes, and the total within five standard errors.
 * The extreme p's lie beyond the digits that all lanes draw, so that the single decisions carry them. */
START_TEST(filled_bits_have_their_probability_in_every_lane)
{
    const double ps[] = {0x1p-14, 0.0007, 0.013, 0.25, 1 / 3.0, 0.5, 0.77, 0.999, 1 - 0x1p-12};
    const gsize sizes[] = {1, 2, 3, 7, 8, 9, 15, 16};
    const double p = ps[_i % 9];
    const gsize n_words = sizes[_i / 9];
    Sampler sampler = make_sampler((guint64)_i);
    guint counts[16 * 64] = {0};
    const guint draws = 200000 / (guint)n_words;
    double total = 0, chi2 = 0;

    for (guint d = 0; d < draws; d++) {
        guint64 words[16];
        sampler_fill(&sampler, p, n_words, words);
        for (guint64 bit = 0; bitmap_next(words, n_words, &bit); bit++)
            counts[bit]++;
    }
    const double lanes = (double)n_words * 64, variance = draws * p * (1 - p);
    for (gsize lane = 0; lane < n_words * 64; lane++) {
        total += counts[lane];
        chi2 += pow(counts[lane] - draws * p, 2) / variance;
    }
    ck_assert_double_lt(fabs(total - lanes * draws * p), 5 * sqrt(lanes * variance));
    if (variance >= 5) /* a chi-square wants cells that are not nearly empty */
        ck_assert_double_lt(chi2, chi_square_bound(lanes));
}
END_TEST

START_TEST(probability_zero_sets_nothing_and_one_sets_all)
{
    Sampler sampler = make_sampler(1);
    guint64 words[16];

    sampler_fill(&sampler, 0, 16, words);
    ck_assert_uint_eq(bitmap_count(words, 16), 0);
    sampler_fill(&sampler, 1, 16, words);
    ck_assert_uint_eq(bitmap_count(words, 16), 1024);
}
END_TEST

/* Lanes are independent: products of neighbours (in a word, across words, from fill to fill) average p². */
START_TEST(filled_bits_are_independent_of_each_other)
{
    const double p = 0.3, variance = p * (1 - p);
    Sampler sampler = make_sampler(5);
    double within = 0, across = 0, between = 0;
    guint64 last[16] = {0};
    const guint draws = 4000;

    for (guint d = 0; d < draws; d++) {
        guint64 words[16];
        sampler_fill(&sampler, p, 16, words);
        for (guint64 bit = 0; bit < 1024 - 64; bit++) {
            const double x = bitmap_test(words, bit) - p;
            within += x * (bitmap_test(words, bit + 1) - p);
            across += x * (bitmap_test(words, bit + 64) - p);
            between += d > 0 ? x * (bitmap_test(last, bit) - p) : 0;
        }
        memcpy(last, words, sizeof last);
    }
    const double bound = 5 * variance * sqrt(draws * 960.0); /* five standard errors of each sum */
    ck_assert_double_lt(fabs(within), bound);
    ck_assert_double_lt(fabs(across), bound);
    ck_assert_double_lt(fabs(between), bound);
}
END_TEST

/* Spending m in unequal portions gives Poisson(m) writes: mean and variance within five standard errors. */
START_TEST(writes_of_spent_intensity_are_poisson)
{
    Sampler sampler = make_sampler(3);
    const double portions[] = {0.001, 1.3, 0, 0.2, 4.0, 0.05};
    const int n = 100000;
    double mean = 0, sum = 0, squares = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(portions); i++)
        mean += portions[i];
    for (int d = 0; d < n; d++) {
        double count = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(portions); i++)
            for (double intensity = portions[i]; sampler_next_write(&sampler, &intensity);)
                count++;
        sum += count;
        squares += (count - mean) * (count - mean);
    }
    ck_assert_double_lt(fabs(sum / n - mean), 5 * sqrt(mean / n));
    ck_assert_double_lt(fabs(squares / n - mean), 5 * sqrt((mean + 2 * mean * mean) / n));
}
END_TEST

/* The same on every machine, whatever its vectors: what baseline x86-64, AVX2 and AVX-512 were seen to give. */
START_TEST(bits_do_not_depend_on_the_processor)
{
    Sampler sampler = make_sampler(2014);
    guint64 words[16], hash = 0;

    for (int d = 0; d < 1000; d++) {
        sampler_fill(&sampler, 0.37, 16, words);
        for (int w = 0; w < 16; w++)
            hash = hash * G_GUINT64_CONSTANT(6364136223846793005) + words[w];
    }
    ck_assert_uint_eq(hash, G_GUINT64_CONSTANT(0x3d933790849499e4));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("sampler");

    tcase_add_loop_test(tcase, filled_bits_have_their_probability_in_every_lane, 0, 72);
    tcase_add_test(tcase, probability_zero_sets_nothing_and_one_sets_all);
    tcase_add_test(tcase, filled_bits_are_independent_of_each_other);
    tcase_add_test(tcase, writes_of_spent_intensity_are_poisson);
    tcase_add_test(tcase, bits_do_not_depend_on_the_processor);
    return check_main("sampler", tcase, NULL);
}
