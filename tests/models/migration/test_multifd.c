/* What multifd's channels hold, against what follows from uniform places in their packets. */
#include "models/migration/multifd.h"

#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

#define L    525632.0 /* a packet of 128 pages, 1,344 bytes of header */
#define W    24e6
#define MANY 400

/* Sockets that hold many packets, so that none runs empty, and wake their writers for a small part of one. They differ,
 * so that channels do not stay in step. */
static Multifd *
channels_of(guint n, guint64 seed)
{
    MultifdSockets sockets = {.wake_share = 0.998, .segment_bytes = 1448};
    double bytes[64];

    random_init(&sockets.phases, seed, "test", "multifd");
    for (guint i = 0; i < n; i++)
        bytes[i] = 8 * L * (1 + random_unit(&sockets.phases));
    return multifd_new(n, bytes, &sockets);
}

typedef struct {
    Multifd *multifd;
    MultifdPace pace;
    SendBuffer beside;
    double now_s, drained_bytes;
} Bench;

static void
run(Bench *bench, double most_s, MultifdUntil until)
{
    bench->now_s += multifd_run(bench->multifd, &bench->pace, &bench->beside, most_s, until, &bench->drained_bytes);
}

/* The main thread has a packet whenever a channel is free. */
static void
keep_busy(Bench *bench, double work_s, double until_s)
{
    while (bench->now_s < until_s) {
        while (multifd_has_free(bench->multifd))
            multifd_hand(bench->multifd, L, work_s);
        run(bench, until_s - bench->now_s, MULTIFD_UNTIL_FREE);
    }
}

/* A channel sleeps somewhere in its packet: n L / 2 in all, and the last of n places that are uniform is
 * n / (n + 1) of a packet from its end, while each socket drains at W / n. */
START_TEST(channels_hold_half_a_packet_each_and_the_last_is_written_later)
{
    static const guint of[] = {1, 2, 4, 8};
    const guint n = of[_i];
    double held = 0, last_s = 0;

    for (guint i = 0; i < MANY; i++) {
        const double start_s = (20 + 0.37 * i) * n * L / W; /* full, and then at some place of a packet */
        Bench bench = {.multifd = channels_of(n, i), .pace = {W, INFINITY}};
        keep_busy(&bench, 0, start_s);
        held += multifd_held_bytes(bench.multifd) / MANY;
        run(&bench, INFINITY, MULTIFD_UNTIL_IDLE);
        last_s += (bench.now_s - start_s) / MANY;
        multifd_free(bench.multifd);
    }
    /* 400 means of n uniform numbers are off by 3 % at most in the mean, of 0.058 / sqrt(400 n); steps are 0.03 L */
    ck_assert_double_eq_tol(held / (n * L / 2), 1, 0.09);
    ck_assert_double_eq_tol(last_s / (n / (n + 1.0) * n * L / W), 1, 0.09);
}
END_TEST

/* Sending threads that work for a packet before they write it (multifd_nocomp_send_prepare, a compressor) share the
 * cores that they have; sockets take all. */
START_TEST(threads_that_work_share_their_cores)
{
    Bench bench = {.multifd = channels_of(4, 1), .pace = {W, 2}};

    for (guint i = 0; i < 4; i++)
        multifd_hand(bench.multifd, L, 0.01 * (i + 1));
    ck_assert(!multifd_has_free(bench.multifd));
    run(&bench, INFINITY, MULTIFD_UNTIL_FREE);
    ck_assert_double_eq_tol(bench.now_s, 0.02, 1e-9); /* four at half a core */
    run(&bench, INFINITY, MULTIFD_UNTIL_IDLE);
    /* three more of 0.01 s at 2/3 of a core, and of the two that are left each has its own */
    ck_assert_double_eq_tol(bench.now_s, 0.02 + 0.015 + 0.02, 1e-9);
    multifd_free(bench.multifd);
}
END_TEST

/* multifd_send_sync_main: all channels write a packet without pages, those with a packet behind that, and what they
 * have written counts then (mig_stats.multifd_bytes). */
START_TEST(a_synchronization_waits_for_every_channel)
{
    Bench bench = {.multifd = channels_of(4, 1), .pace = {W, INFINITY}};

    keep_busy(&bench, 0, 10);
    const double handed = multifd_handed_bytes(bench.multifd);
    ck_assert_double_gt(handed - multifd_written_bytes(bench.multifd), L);
    multifd_sync(bench.multifd, 1344);
    ck_assert(!multifd_is_idle(bench.multifd));
    run(&bench, INFINITY, MULTIFD_UNTIL_IDLE);
    ck_assert_double_eq_tol(multifd_written_bytes(bench.multifd), handed + 4 * 1344, 1);
    ck_assert_double_eq_tol(multifd_put_bytes(bench.multifd), multifd_written_bytes(bench.multifd), 1);
    ck_assert_double_eq_tol(multifd_held_bytes(bench.multifd), 0, 1e-9);
    ck_assert_double_eq_tol(multifd_level_bytes(bench.multifd), multifd_put_bytes(bench.multifd) - bench.drained_bytes,
                            1);
    multifd_free(bench.multifd);
}
END_TEST

/* Each socket that holds something has an equal share of the wire, the main channel's too. */
START_TEST(the_main_channel_has_its_share_of_the_wire)
{
    Bench bench = {.multifd = channels_of(4, 1), .pace = {W, INFINITY}, .beside = {.level_bytes = 1e5}};

    keep_busy(&bench, 0, 1); /* full by then, and long past */
    ck_assert_double_eq_tol(bench.beside.level_bytes, 0, 1e-9);
    bench.beside.level_bytes = 1e5;
    ck_assert_double_eq_tol(multifd_wire_bytes(bench.multifd, 1e5), 5e5, 1);
    run(&bench, 4.9e5 / W, MULTIFD_ALWAYS);
    ck_assert_double_eq_tol(bench.beside.level_bytes, 2e3, 1);
    multifd_free(bench.multifd);
}
END_TEST

/* ---- QEMU with them ---- */

static QemuRules
rules_of(guint packet_pages, guint64 seed)
{
    QemuRules how = qemu_rig_rules();

    how.channels = 4;
    how.packet_pages = packet_pages;
    how.limit_sees_flushes = TRUE;
    how.zero_pages = ZERO_PAGES_CHANNELS;
    how.channel_least_bytes = 1.2e6;
    how.channel_most_bytes = 1.6e6;
    how.segment_bytes = 65160;
    random_init(&how.phases, seed, "test", "phases");
    return how;
}

#define PAGES 32768u
#define RUNS  40

/* Over 24 MB/s, of a guest that writes 2,000 pages a second, as query-migrate tells it, s. */
static double
mean_downtime_s(guint packet_pages)
{
    const Workload busy = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 2000};
    double downtime_s = 0;

    for (guint64 seed = 0; seed < RUNS; seed++) {
        const QemuRules how = rules_of(packet_pages, seed);
        Rig rig;
        rig_begin(&rig, PAGES, PAGES, &busy, &how);
        rig.rate_Bps = W;
        ck_assert(rig_run(&rig, 1000));
        ck_assert_uint_eq(page_set_differing_pages(&rig.set, rig.now_s), 0);
        downtime_s += qemu_report(rig.qemu).downtime_s / RUNS;
        rig_clear(&rig);
    }
    return downtime_s;
}

/* Packets of a page hold nothing to speak of; of 128 pages channels hold n L / 2 at the stop, and the last one ends
 * n / (n + 1) of n L / W later: 70 ms of 24 MB/s. Bandwidth in whole packets lets the guest be stopped earlier besides,
 * as some window always looks fast: a third more. */
START_TEST(the_stop_waits_for_what_channels_hold)
{
    const double more_s = mean_downtime_s(128) - mean_downtime_s(1), last_s = 0.8 * 4 * L / W;

    ck_assert_double_gt(more_s, 0.9 * last_s);
    ck_assert_double_lt(more_s, 1.8 * last_s);
}
END_TEST

/* What channels hold when post-copy begins goes on over one connection. */
START_TEST(post_copy_gets_what_channels_held)
{
    const Workload busy = {.kind = WORKLOAD_UNIFORM, .pages = 8192, .rate_pages_s = 2000};
    QemuRules how = rules_of(128, 1);
    Rig rig;

    how.postcopy_after_s = 2.02;
    rig_begin(&rig, PAGES, PAGES, &busy, &how);
    rig.rate_Bps = W;
    ck_assert(rig_run(&rig, 1000));
    ck_assert_uint_eq(rig.hand_overs, 1); /* the rig compares images there */
    ck_assert_double_eq_tol(qemu_totals(rig.qemu).bytes, rig.sent_bytes, 1);
    rig_clear(&rig);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("multifd");

    tcase_add_loop_test(tcase, channels_hold_half_a_packet_each_and_the_last_is_written_later, 0, 4);
    tcase_add_test(tcase, threads_that_work_share_their_cores);
    tcase_add_test(tcase, a_synchronization_waits_for_every_channel);
    tcase_add_test(tcase, the_main_channel_has_its_share_of_the_wire);
    tcase_add_test(tcase, the_stop_waits_for_what_channels_hold);
    tcase_add_test(tcase, post_copy_gets_what_channels_held);
    return check_main("multifd", tcase, NULL);
}
