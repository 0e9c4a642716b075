/* Steps of a connection's state machines per second of one core. */
#include "models/socket/socketsystem.h"

#include <stdio.h>

static double
seconds(void)
{
    return (double)g_get_monotonic_time() * 1e-6;
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
    bench_steps();
    return 0;
}
