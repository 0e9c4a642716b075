/* A connection on its own calendar: against the closed form, against the oracle bulk.h, and under random stops,
 * moves and wires. */
#include "models/socket/socketrun.h"
#include "tests/check_main.h"
#include "tests/models/socket/bulk.h"
#include "tests/models/socket/systems.h"

#include <math.h>

typedef struct {
    StreamHashKey key;
    SocketLog log;
    SocketRun *run;
    SocketAppLoad load;
    guint64 size;
    double share;
} Fixture;

static void
start(Fixture *f, const char *system, const SocketAppLoad *load, guint64 bytes, guint64 buffer, guint host1)
{
    const SocketRunSetting setting = {
        .system = systems_find(system),
        .network = systems_find("netback"),
        .conn = {.buffer_bytes = buffer, .tcp_bytes = 1 << 20, .segment_bytes = 1, .gid = {1, 1}, .listening = TRUE},
        .retransmit_s = 0.2,
        .host = {0, host1}};

    f->size = bytes;
    f->share = 1;
    f->load = *load;
    f->load.sizes = &f->size;
    f->load.cumulated = &f->share;
    f->load.n_sizes = 1;
    f->load.answer_bytes = G_MAXUINT64;
    streamhash_key_init(&f->key, 1);
    socketlog_init(&f->log, 0);
    f->run = socketrun_new(&setting, &f->load, &f->key, &f->log, 1, "test");
}

static void
finish(Fixture *f)
{
    socketrun_free(f->run);
    socketlog_clear(&f->log);
}

/* One message at a time takes what the formula says, on every system. */
START_TEST(lone_messages_take_the_formulas_time)
{
    const SocketSystem *system = &systems_table[_i];
    const SocketAppLoad load = {.application = SOCKETAPP_REQUEST, .messages = 100, .stop_s = INFINITY, .burst = 1};
    Fixture f;

    start(&f, system->name, &load, 1000, 65536, 0);
    socketrun_advance(f.run, INFINITY);
    ck_assert_int_eq(socketrun_outcome(f.run), SOCKETRUN_CLOSED);
    ck_assert_uint_eq(f.log.messages, 100);
    const SocketPeriod *period = &g_array_index(f.log.periods, SocketPeriod, 0);
    const double expected_s = 2 * socketsystem_one_way_s(system, SOCKETSYSTEM_TCP, 1000);
    /* steps pay packets by the byte, the formula whole ones after the first: at most one each way */
    ck_assert_double_eq_tol(histogram_mean(&period->latency), expected_s, 2 * system->packet_s + 1e-9);
    finish(&f);
}
END_TEST

/* Messages that a wide buffer holds: the slower side's rate, as in bulk.h. */
START_TEST(a_stream_runs_at_the_rate_of_the_slower_side)
{
    const SocketAppLoad load = {.application = SOCKETAPP_BULK, .messages = 100000, .stop_s = INFINITY, .burst = 1};
    const SocketSystem *system = systems_find("XenLoop");
    BulkCosts costs;
    Fixture f;

    start(&f, "XenLoop", &load, 1024, 1 << 20, 0);
    socketrun_advance(f.run, INFINITY);
    bulk_costs_of(system, 1 << 20, &costs);
    g_autoptr(Bulk) bulk = bulk_new(&costs, &f.key);
    for (int i = 0; i < 100000; i++)
        bulk_send(bulk, bulk_sender_free_s(bulk), 1024);
    bulk_advance(bulk, INFINITY);
    /* 15 %, never faster: a side that was notified but is not yet awake is notified again, which bulk.h does not pay */
    ck_assert_double_ge(socketrun_ended_s(f.run) / bulk_stats(bulk)->last_s, 1);
    ck_assert_double_le(socketrun_ended_s(f.run) / bulk_stats(bulk)->last_s, 1.15);
    ck_assert_uint_eq(socketrun_received_bytes(f.run), bulk_stats(bulk)->bytes);
    finish(&f);
}
END_TEST

/* Carries whatever waits for the wire after a random time. */
static void
play_wire(Fixture *f, RandomStream *random, double arrives_s[2], double now_s)
{
    guint64 bytes;

    for (int flow = 0; flow < 2; flow++) {
        if (arrives_s[flow] <= now_s) {
            socketrun_wire_arrived(f->run, flow, now_s);
            arrives_s[flow] = INFINITY;
        }
        if (isinf(arrives_s[flow]) && socketrun_wire_take(f->run, flow, &bytes))
            arrives_s[flow] = now_s + random_exponential(random, 1e-3);
    }
}

/* Stops and resumes either VM at random on three hosts while messages go both ways; all must arrive, once, in order. */
START_TEST(random_moves_lose_nothing)
{
    static const SocketAppKind applications[] = {SOCKETAPP_BULK, SOCKETAPP_REQUEST, SOCKETAPP_BURSTY};
    const SocketAppLoad load = {.application = applications[_i % 3],
                                .nonblocking = _i % 2,
                                .messages = 300,
                                .stop_s = INFINITY,
                                .burst = 7,
                                .pause_s = _i % 3 ? 1e-4 : 0};
    double arrives_s[2] = {INFINITY, INFINITY}, stops_s[2] = {INFINITY, INFINITY}, now_s = 0;
    RandomStream random;
    Fixture f;

    random_init(&random, (guint64)_i, "moves", "socketrun");
    start(&f, _i % 5 ? "invention" : "XenLoop", &load, 1 + random_below(&random, 20000),
          2 + random_below(&random, 9000), _i % 2 ? 0 : 1);
    for (int i = 0; i < 200000 && !socketrun_is_over(f.run); i++) {
        const int side = (int)random_below(&random, 2);
        now_s += random_exponential(&random, i < 4000 ? 1e-4 : 1e-2);
        socketrun_advance(f.run, now_s);
        play_wire(&f, &random, arrives_s, now_s);
        if (isinf(stops_s[side]) && i < 4000 && random_below(&random, 200) == 0) {
            socketrun_stop(f.run, side, now_s);
            stops_s[side] = now_s + random_exponential(&random, 5e-3);
        } else if (stops_s[side] <= now_s) {
            socketrun_resume(f.run, side, (guint)random_below(&random, 3), now_s);
            stops_s[side] = INFINITY;
        }
    }
    ck_assert_int_eq(socketrun_outcome(f.run), SOCKETRUN_CLOSED);
    ck_assert_uint_eq(f.log.messages, 300);
    ck_assert(socketrun_bytes_are_right(f.run));
    ck_assert(socketrun_is_reclaimed(f.run));
    finish(&f);
}
END_TEST

/* 0.2 + 0.4 + 0.8 s after the batch met the stopped VM: RFC 6298, 5.5 */
START_TEST(a_stopped_vm_gets_its_batch_after_the_time_outs)
{
    const SocketAppLoad load = {.application = SOCKETAPP_BULK, .messages = 1, .stop_s = INFINITY, .burst = 1};
    Fixture f;

    start(&f, "netback", &load, 100, 65536, 0);
    socketrun_stop(f.run, 1, 0);
    socketrun_advance(f.run, 1);
    socketrun_resume(f.run, 1, 0, 1);
    socketrun_advance(f.run, INFINITY);
    ck_assert_double_eq_tol(f.log.last_s, 1.4, 1e-3); /* the network path itself */
    finish(&f);
}
END_TEST

START_TEST(the_time_line_folds_without_losing_bytes)
{
    SocketLog log;
    guint64 bytes = 0;

    socketlog_init(&log, 0);
    for (int i = 0; i < 10000; i++) {
        socketlog_bytes(&log, i * 0.0137, (guint64)i, i % 2);
        socketlog_message(&log, i * 0.0137, 1e-3);
    }
    ck_assert_uint_le(log.bins->len, SOCKETLOG_BINS);
    for (guint i = 0; i < log.bins->len; i++)
        bytes += g_array_index(log.bins, SocketBin, i).bytes;
    ck_assert_uint_eq(bytes, log.bytes);
    ck_assert_double_eq_tol(g_array_index(log.periods, SocketPeriod, 0).stall_s, 0.0137, 1e-9);
    socketlog_clear(&log);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socketrun");

    tcase_add_loop_test(tcase, lone_messages_take_the_formulas_time, 0, G_N_ELEMENTS(systems_table));
    tcase_add_test(tcase, a_stream_runs_at_the_rate_of_the_slower_side);
    tcase_add_loop_test(tcase, random_moves_lose_nothing, 0, 120);
    tcase_add_test(tcase, a_stopped_vm_gets_its_batch_after_the_time_outs);
    tcase_add_test(tcase, the_time_line_folds_without_losing_bytes);
    return check_main("socketrun", tcase, NULL);
}
