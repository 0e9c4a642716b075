/* Simulated messages per second of one core: the bulk path, and steps of the state machines for comparison. */
#include "models/base/random.h"
#include "models/socket/socketsystem.h"
#include "tests/models/socket/systems.h"

#include <math.h>
#include <stdio.h>

#define MESSAGES 20000000

static double
seconds(void)
{
    return (double)g_get_monotonic_time() * 1e-6;
}

/* Statistics and the receiver's running hash included. */
static void
bench_bulk(const char *name, gboolean random_sizes, gboolean request_response)
{
    StreamHashKey key;
    BulkCosts costs;
    RandomStream random;
    double now_s = 0;

    streamhash_key_init(&key, 1);
    random_init(&random, 1, "bench", name);
    socketsystem_bulk_costs(systems_find("invention"), 65536, &costs);
    g_autoptr(Bulk) bulk = bulk_new(&costs, &key, NULL, 0);
    const double start_s = seconds();
    for (int i = 0; i < MESSAGES; i++) {
        const guint64 bytes = random_sizes ? 1 + random_below(&random, 8192) : 1024;
        const double done_s = bulk_send(bulk, now_s, bytes);
        now_s = request_response ? done_s : bulk_sender_free_s(bulk);
        bulk_advance(bulk, now_s);
    }
    bulk_advance(bulk, INFINITY);
    const double wall_s = seconds() - start_s;
    const BulkStats *stats = bulk_stats(bulk);
    printf("%-34s %6.2f M messages/s   simulated: %.0f messages/s, %.2f Gb/s, p99 %.1f us, hash %s\n", name,
           MESSAGES / wall_s / 1e6, (double)stats->messages / stats->last_s,
           (double)stats->bytes * 8e-9 / stats->last_s, bulk_latency_quantile_s(bulk, 0.99) * 1e6,
           bulk_hash(bulk)->hash == streamhash_expected(&key, stats->bytes) ? "right" : "WRONG");
}

/* The state machines, one message after another between two VMs on one machine. */
static void
bench_steps(void)
{
    const ConnConfig config = {
        .buffer_bytes = 65536, .tcp_bytes = 65536, .segment_bytes = 65536, .gid = {1, 1}, .listening = TRUE};
    ConnState s;
    guint64 steps = 0;

    conn_init(&config, &s, 0, 0);
    conn_begin(&config, &s, 0, CONN_CALL_CONNECT, 0, FALSE);
    const double start_s = seconds();
    for (int message = 0; message < 1000000;) {
        for (guint8 i = 0; i < 4; i++) {
            const ConnStep step = {i < 2 ? CONN_STEP_TASK : CONN_STEP_EVENT, i & 1, 0};
            while (conn_enabled(&config, &s, step)) {
                conn_step(&config, &s, step, NULL);
                steps++;
            }
        }
        if (conn_idle(&s, 0))
            conn_begin(&config, &s, 0, CONN_CALL_SEND, 1024, FALSE);
        if (conn_idle(&s, 1)) {
            conn_begin(&config, &s, 1, CONN_CALL_RECEIVE, 1024, FALSE);
            message++;
        }
    }
    const double wall_s = seconds() - start_s;
    printf("%-34s %6.2f M messages/s   %.1f M steps/s\n", "state machines, step by step", 1 / wall_s,
           (double)steps / wall_s / 1e6);
}

int
main(void)
{
    bench_bulk("bulk stream, 1 KiB", FALSE, FALSE);
    bench_bulk("bulk stream, 1 B to 8 KiB", TRUE, FALSE);
    bench_bulk("one at a time, 1 KiB", FALSE, TRUE);
    bench_steps();
    return 0;
}
