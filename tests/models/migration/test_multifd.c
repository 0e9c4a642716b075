/* What multifd's channels hold, against what follows from uniform places in their packets. */
#include "models/migration/multifd.h"

#include "tests/check_main.h"

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
    bench->now_s +=
        multifd_run(bench->multifd, &bench->pace, &bench->beside, most_s, until, &bench->drained_bytes);
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

int
main(void)
{
    TCase *tcase = tcase_create("multifd");

    tcase_add_loop_test(tcase, channels_hold_half_a_packet_each_and_the_last_is_written_later, 0, 4);
    return check_main("multifd", tcase, NULL);
}
