/* What tiles make of a log and of what goes out. */
#include "models/migration/page_tiles.h"
#include "tests/check_main.h"

static const guint64 all[4] = {G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, G_MAXUINT64};

/* 200 pages are four words; two tiles have two each, the last one 72 pages. */
START_TEST(tiles_are_whole_words_and_the_last_one_ends_with_the_memory)
{
    g_autoptr(PageTiles) tiles = page_tiles_new((const guint64[]){200}, 1, 2);

    page_tiles_caught(tiles, 0, NULL);
    page_tiles_sent(tiles, 0, 0, 1, all);
    ck_assert_uint_eq(page_tiles_count(tiles, 0), 2);
    const PageTile first = page_tiles_get(tiles, 0, 0, 0), last = page_tiles_get(tiles, 0, 0, 1);
    ck_assert_uint_eq(first.pages, 128);
    ck_assert_uint_eq(first.sent, 64);
    ck_assert_uint_eq(last.first_page, 128);
    ck_assert_uint_eq(last.pages, 72);
    ck_assert_uint_eq(last.to_send, 72);
}
END_TEST

/* A page that is dirty again when its turn comes is skipped, and to be sent in the next round with what the log caught.
 */
START_TEST(what_was_skipped_is_to_be_sent_again)
{
    const guint64 again = 0xff, rest = ~again, caught = 0xff00;
    g_autoptr(PageTiles) tiles = page_tiles_new((const guint64[]){64}, 1, 8);

    page_tiles_caught(tiles, 0, NULL);
    page_tiles_peeked(tiles, 0, 0, 1, &again);
    page_tiles_sent(tiles, 0, 0, 1, &rest);
    page_tiles_turn(tiles);
    page_tiles_caught(tiles, 0, &caught);
    page_tiles_sent(tiles, 0, 0, 1, &caught);
    ck_assert_uint_eq(page_tiles_rounds(tiles), 2);
    const PageTile one = page_tiles_get(tiles, 0, 0, 0), two = page_tiles_get(tiles, 1, 0, 0);
    ck_assert_uint_eq(one.to_skip, 8);
    ck_assert_uint_eq(one.sent, 56);
    ck_assert_uint_eq(two.to_send, 16);
    ck_assert_uint_eq(two.to_skip, 0);
    ck_assert_uint_eq(two.sent, 8);
}
END_TEST

START_TEST(a_synchronization_before_anything_went_out_ends_no_round)
{
    g_autoptr(PageTiles) tiles = page_tiles_new((const guint64[]){64, 128}, 2, 8);

    page_tiles_caught(tiles, 0, NULL);
    page_tiles_turn(tiles);
    ck_assert_uint_eq(page_tiles_rounds(tiles), 0);
    page_tiles_sent(tiles, 1, 1, 1, all);
    page_tiles_turn(tiles);
    ck_assert_uint_eq(page_tiles_rounds(tiles), 1);
    ck_assert_uint_eq(page_tiles_get(tiles, 0, 0, 0).to_send, 64);
    ck_assert_uint_eq(page_tiles_get(tiles, 0, 1, 1).sent, 64);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("page_tiles");

    tcase_add_test(tcase, tiles_are_whole_words_and_the_last_one_ends_with_the_memory);
    tcase_add_test(tcase, what_was_skipped_is_to_be_sent_again);
    tcase_add_test(tcase, a_synchronization_before_anything_went_out_ends_no_round);
    return check_main("page_tiles", tcase, NULL);
}
