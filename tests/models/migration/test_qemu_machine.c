/* What a page costs: in a packet of multifd's, and where its zeros are found. */
#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

#define ALL   32768u
#define STATE 100e3

/* Of a guest without any content, over a link that nothing fills, s. */
static double
time_of_zero_pages(ZeroPages who, guint channels)
{
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.zero_pages = who;
    how.channels = channels;
    how.page.work_s = 0.3e-6;
    how.zero_page_work_s = 2.4e-6;
    rig_begin(&rig, ALL, 0, NULL, &how);
    rig.rate_Bps = 1e9;
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(qemu_totals(rig.qemu).zero_pages, ALL);
    const double spent_s = rig.now_s - STATE / rig.rate_Bps;
    rig_clear(&rig);
    return spent_s;
}

/* multifd-zero-page.c: the pages of a packet are read by the channel that has it, as many packets at a time as there
 * are channels; the main thread cannot hand pages on faster than it finds them. */
START_TEST(channels_read_zero_pages_at_the_same_time)
{
    const double slack_s = 3e-3; /* three synchronizations, sections */

    ck_assert_double_eq_tol(time_of_zero_pages(ZERO_PAGES_MAIN, 4), ALL * 2.4e-6, slack_s);
    ck_assert_double_eq_tol(time_of_zero_pages(ZERO_PAGES_CHANNELS, 2), ALL * 1.2e-6, slack_s);
    ck_assert_double_eq_tol(time_of_zero_pages(ZERO_PAGES_CHANNELS, 4), ALL * 0.6e-6, slack_s);
    ck_assert_double_eq_tol(time_of_zero_pages(ZERO_PAGES_CHANNELS, 16), ALL * 0.3e-6, slack_s);
}
END_TEST

/* Bytes of a guest half of which is zero. */
static double
bytes_in_packets(guint packet_pages, ZeroPages who)
{
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.packet_pages = packet_pages;
    how.channels = 4;
    how.zero_pages = who;
    how.section_bytes = 0;
    rig_begin(&rig, ALL, ALL / 2, NULL, &how);
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(qemu_totals(rig.qemu).data_pages, ALL / 2);
    const double bytes = qemu_totals(rig.qemu).bytes - STATE;
    rig_clear(&rig);
    return bytes;
}

/* MultiFDPacket_t: 320 bytes and one number of 8 for each of 128 pages, 1,344 in all; a packet without pages, by which
 * each channel is synchronized, has as many. */
START_TEST(a_packet_has_a_header_and_a_number_for_each_page)
{
    const double half = ALL / 2, packet = 1344.0 / 128;
    const double syncs = 2 * 4 * 1344; /* the search passes the end once while the guest runs, and once at the stop */

    ck_assert_double_eq_tol(bytes_in_packets(0, ZERO_PAGES_MAIN), half * (PAGE + 8) + half * 9, 1);
    ck_assert_double_eq_tol(bytes_in_packets(128, ZERO_PAGES_MAIN), half * (PAGE + packet) + half * 9 + syncs, 1);
    ck_assert_double_eq_tol(bytes_in_packets(128, ZERO_PAGES_CHANNELS), half * (PAGE + packet) + half * packet + syncs,
                            1);
}
END_TEST

/* Mean rate under a limit of 8 MB/s on a link of 12, B/s. */
static double
rate_under_a_limit(guint packet_pages)
{
    QemuRules how = qemu_rig_rules();
    Rig rig;

    how.channels = 4;
    how.packet_pages = packet_pages;
    how.limit_sees_flushes = TRUE;
    how.max_bandwidth_Bps = 8e6;
    rig_begin(&rig, ALL, ALL, NULL, &how);
    ck_assert(!rig_run(&rig, 10));
    const double rate_Bps = rig.sent_bytes / rig.now_s;
    rig_clear(&rig);
    return rate_Bps;
}

/* The limit sees a packet when it is written: a window of 800 kB ends with the flush, or the packet, that exceeds it.
 */
START_TEST(a_window_ends_with_a_whole_packet)
{
    const double flush = 32 * (PAGE + 8),
                 packet = 128 * PAGE + 1344; /* 131 and 526 kB: the 7th and the 2nd exceed it */

    ck_assert_double_eq_tol(rate_under_a_limit(0), 7 * flush / 0.1, 0.02 * 8e6);
    ck_assert_double_eq_tol(rate_under_a_limit(128), 2 * packet / 0.1, 0.02 * 8e6);
}
END_TEST

/* What the cache holds. With one slot a page that is hit in each live round keeps it to the stop, two synchronizations
 * after its last sending: the next one that missed could take it. */
#define CACHED 8u

static void
write_some(Rig *rig)
{
    for (guint64 page = CACHED; page < CACHED + 8; page++)
        dirty_write(rig->log, rig->now_s, page);
}

/* Pages on either side of the cached one, whichever the search for dirty pages comes to first. */
static void
write_others_too(Rig *rig)
{
    write_some(rig);
    dirty_write(rig->log, rig->now_s, 4);
    dirty_write(rig->log, rig->now_s, 20);
}

/* last_stage: the guest stands still, and what misses the cache is not put into it (save_xbzrle_page). */
START_TEST(the_last_stage_looks_into_the_cache_and_leaves_it_as_it_is)
{
    QemuRules how = qemu_rig_rules();
    guint64 live_hits = 0;
    Rig rig;

    how.policy.max_rounds = 20;
    how.policy.downtime_limit_s = 1e-4; /* what is written never fits it */
    how.xbzrle = (XbzrleRules){.slots = 1, .write_bytes = 1};
    random_init(&how.xbzrle.random, 1, "xbzrle", "test");
    rig_begin(&rig, 4096, 4096, NULL, &how);
    while (rig_step(&rig) != COPY_FINISHED) {
        if (rig.suspends == 0)
            qemu_totals(rig.qemu).rounds->len + 1 < how.policy.max_rounds ? write_some(&rig) : write_others_too(&rig);
        else if (live_hits == 0)
            live_hits = qemu_totals(rig.qemu).xbzrle.pages;
    }
    ck_assert_int_eq(qemu_totals(rig.qemu).stop, STOP_ROUNDS);
    ck_assert_uint_gt(live_hits, 10);
    ck_assert_uint_eq(qemu_totals(rig.qemu).xbzrle.pages - live_hits, 1);
    rig_clear(&rig);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("qemu_machine");

    tcase_add_test(tcase, channels_read_zero_pages_at_the_same_time);
    tcase_add_test(tcase, a_packet_has_a_header_and_a_number_for_each_page);
    tcase_add_test(tcase, a_window_ends_with_a_whole_packet);
    tcase_add_test(tcase, the_last_stage_looks_into_the_cache_and_leaves_it_as_it_is);
    return check_main("qemu_machine", tcase, NULL);
}
