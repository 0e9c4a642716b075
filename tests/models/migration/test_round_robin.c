#include "models/memory/bitmap.h"
#include "models/migration/round_robin.h"
#include "tests/check_main.h"

#define PAGES 5000u

typedef struct {
    RandomStream random;
    DirtyLog *log;
    Image *image;
    guint64 content[(PAGES + 63) / 64];
    PageSet set;
    RoundRobin robin;
} Rig;

static void
rig_begin(Rig *rig, guint64 seed, guint entries)
{
    random_init(&rig->random, seed, "robin", "test");
    rig->log = dirty_new(PAGES, &rig->random, 0);
    rig->image = image_new(rig->log);
    dirty_set_translation(rig->log, 0, entries);
    page_set_init(&rig->set, 4096);
    page_set_add(&rig->set, rig->log, rig->image, 0, PAGES);
    memset(rig->content, 0xff, sizeof rig->content);
    for (guint64 page = 0; page < PAGES; page += 1 + random_below(&rig->random, 400))
        rig->content[page / 64] &= ~(G_GUINT64_CONSTANT(1) << page % 64); /* zero pages here and there */
    page_set_track_content(&rig->set, 0, rig->content);
    round_robin_init(&rig->robin, &rig->set, 0);
}

static void
rig_clear(Rig *rig)
{
    round_robin_clear(&rig->robin);
    image_free(rig->image);
    dirty_free(rig->log);
}

/* The dirty page that comes next by looking at every one. */
static guint64
next_by_looking(const guint64 *dirty, guint64 from)
{
    for (guint64 k = 0; k < PAGES; k++)
        if (bitmap_test(dirty, (from + k) % PAGES))
            return (from + k) % PAGES;
    return PAGES;
}

/* In groups of whatever size and with synchronizations between them, the pages go out as one by one. */
START_TEST(pages_go_round_robin)
{
    Rig rig;
    g_autofree guint64 *left = g_new0(guint64, bitmap_words(PAGES));
    guint64 from = 0, sent_pages = 0;

    rig_begin(&rig, (guint64)_i, _i % 2 ? 512 : 0);
    bitmap_fill(left, PAGES);
    for (int step = 0; step < 3000; step++) {
        const PageGroup *group = round_robin_group(&rig.robin, 0);
        if (!group || random_below(&rig.random, 20) == 0) {
            for (guint64 k = random_below(&rig.random, 60); k > 0; k--) {
                const guint64 page = random_below(&rig.random, PAGES);
                dirty_write(rig.log, 0, page);
                bitmap_set(left, page);
            }
            round_robin_merge_log(&rig.robin, 0);
            ck_assert_uint_eq(rig.robin.remaining, bitmap_count(left, bitmap_words(PAGES)));
            continue;
        }
        const guint64 before = group->sent;
        const guint64 n = 1 + random_below(&rig.random, group->pages - group->sent);
        for (guint64 k = 0; k < n; k++) {
            const guint64 page = next_by_looking(left, from);
            ck_assert_uint_eq(page_group_page(group, before + k), page);
            ck_assert_int_eq(group->content, bitmap_test(rig.content, page));
            left[page / 64] &= ~(G_GUINT64_CONSTANT(1) << page % 64);
            from = page + 1;
        }
        round_robin_sent(&rig.robin, n);
        sent_pages += n;
    }
    ck_assert_uint_gt(sent_pages, PAGES);
    rig_clear(&rig);
}
END_TEST

START_TEST(a_jump_goes_on_from_its_page)
{
    Rig rig;

    rig_begin(&rig, 1, 0);
    round_robin_sent(&rig.robin, MIN(round_robin_group(&rig.robin, 0)->pages, 1));
    ck_assert(!round_robin_jump(&rig.robin, 0, 1)); /* sent */
    ck_assert(round_robin_jump(&rig.robin, 3000, 3001));
    ck_assert_uint_eq(page_group_page(round_robin_group(&rig.robin, 0), 0), 3000);
    rig_clear(&rig);
}
END_TEST

/* Every page sent, and those written meanwhile sent again: the copies are equal. A page that is left out differs. */
START_TEST(the_image_is_told_what_was_sent)
{
    Rig rig;
    const PageGroup *group;

    rig_begin(&rig, 2, _i ? 512 : 0);
    dirty_write(rig.log, 0, 17);
    while ((group = round_robin_group(&rig.robin, 0)) && rig.robin.remaining > 5)
        round_robin_sent(&rig.robin, MIN(group->pages - group->sent, rig.robin.remaining - 5));
    round_robin_tell_image(&rig.robin, 0);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, 0), 6); /* 17 is in the log and will be sent again */
    dirty_write(rig.log, 0, 18);
    ck_assert_uint_eq(round_robin_merge_log(&rig.robin, 0), 2);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, 0), 7);
    while ((group = round_robin_group(&rig.robin, 0)))
        round_robin_sent(&rig.robin, group->pages - group->sent);
    round_robin_tell_image(&rig.robin, 0);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, 0), 0);
    rig_clear(&rig);
}
END_TEST

/* Pages 0 to 15 and 3,000 are dirty: host pages of 16 pages from 0 and from 2,992 on. */
START_TEST(a_host_page_that_is_dirty_in_part_becomes_dirty_as_a_whole)
{
    Rig rig;
    const PageGroup *group;

    rig_begin(&rig, 1, 0);
    while ((group = round_robin_group(&rig.robin, 0)))
        round_robin_sent(&rig.robin, group->pages - group->sent);
    dirty_write(rig.log, 0, 5);
    dirty_write(rig.log, 0, 3000);
    ck_assert_uint_eq(round_robin_merge_log(&rig.robin, 0), 2);
    round_robin_widen(&rig.robin, 16);
    ck_assert_uint_eq(rig.robin.remaining, 32);
    ck_assert(round_robin_jump(&rig.robin, 2992, 3008));
    ck_assert_uint_eq(page_group_page(round_robin_group(&rig.robin, 0), 0), 2992);
    ck_assert(!round_robin_jump(&rig.robin, 16, 2992));
    rig_clear(&rig);
}
END_TEST

START_TEST(frozen_pages_are_told_at_once)
{
    Rig rig;

    rig_begin(&rig, 3, 0);
    round_robin_freeze(&rig.robin, 0);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, 0), 0);
    ck_assert_uint_eq(rig.robin.remaining, PAGES);
    rig_clear(&rig);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("cases");

    tcase_add_loop_test(cases, pages_go_round_robin, 0, 6);
    tcase_add_test(cases, a_jump_goes_on_from_its_page);
    tcase_add_test(cases, a_host_page_that_is_dirty_in_part_becomes_dirty_as_a_whole);
    tcase_add_loop_test(cases, the_image_is_told_what_was_sent, 0, 2);
    tcase_add_test(cases, frozen_pages_are_told_at_once);
    return check_main("round_robin", cases, NULL);
}
