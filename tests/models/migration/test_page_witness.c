/* What a witness of joint copying makes of two logs and of what goes out. */
#include "models/migration/page_witness.h"
#include "tests/check_main.h"

enum { PAGES = 100, ROUND_1 = 0xc }; /* row 12: both are to be sent, neither is skipped */

static void
catch_all(PageWitness *witness)
{
    page_witness_turn(witness);
    page_witness_caught(witness, 0, NULL);
    page_witness_caught(witness, 1, NULL);
}

/* Row r stands for the inputs whose digits make r. */
START_TEST(a_row_has_its_inputs)
{
    g_autoptr(PageWitness) witness = page_witness_new(PAGES);
    const PageWitnessRow row = page_witness_row(witness, 6); /* 0110 */

    ck_assert(!row.to_send[0] && row.to_send[1] && row.to_skip[0] && !row.to_skip[1]);
}
END_TEST

START_TEST(pages_are_counted_by_what_was_said_of_them_up_to_the_last_one)
{
    const guint64 none[2] = {0, 0}, low[2] = {0xff, 0}, all[2] = {G_MAXUINT64, G_MAXUINT64};
    g_autoptr(PageWitness) witness = page_witness_new(PAGES);

    catch_all(witness);
    page_witness_peeked(witness, 0, 0, 2, low); /* the VM's first eight are dirty again */
    page_witness_peeked(witness, 1, 0, 2, none);
    page_witness_sent(witness, 0, 0, 2, all);
    page_witness_turn(witness);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1).pages, PAGES - 8);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1).sent[0], PAGES - 8);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1).sent[1], 0);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1 | 2).pages, 8);
}
END_TEST

/* A word that a batch cut in two is peeked twice: of what went out the first time counts, of the rest the second. */
START_TEST(the_peek_before_a_pages_turn_counts)
{
    const guint64 first = 0x0, second = 0xf, sent = 0x3;
    g_autoptr(PageWitness) witness = page_witness_new(PAGES);

    catch_all(witness);
    page_witness_peeked(witness, 0, 0, 1, &first);
    page_witness_sent(witness, 0, 0, 1, &sent);
    page_witness_peeked(witness, 0, 0, 1, &second);
    page_witness_turn(witness);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1 | 2).pages, 2);
    ck_assert_uint_eq(page_witness_row(witness, ROUND_1 | 2).sent[0], 0);
}
END_TEST

START_TEST(a_round_without_a_peek_is_no_live_round)
{
    const guint64 all = G_MAXUINT64;
    g_autoptr(PageWitness) witness = page_witness_new(PAGES);

    catch_all(witness);
    page_witness_sent(witness, 0, 0, 1, &all);
    page_witness_turn(witness);
    for (guint row = 0; row < PAGE_WITNESS_ROWS; row++)
        ck_assert_uint_eq(page_witness_row(witness, row).pages, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("page_witness");

    tcase_add_test(tcase, a_row_has_its_inputs);
    tcase_add_test(tcase, pages_are_counted_by_what_was_said_of_them_up_to_the_last_one);
    tcase_add_test(tcase, the_peek_before_a_pages_turn_counts);
    tcase_add_test(tcase, a_round_without_a_peek_is_no_live_round);
    return check_main("page_witness", tcase, NULL);
}
