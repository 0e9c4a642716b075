/* Seeded random schedules with buffers of many bytes: what the explorer cannot enumerate. */
#include "models/base/random.h"
#include "models/socket/streamhash.h"
#include "tests/check_main.h"
#include "tests/models/socket/scripts.h"

#include <stdio.h>

#define SCHEDULES 100000 /* asked for: at least as many */
#define PARTS     8      /* ctest loop indices, so that a failure names its part */

static ExploreCall
call_of(ConnCall kind, guint64 until, RandomStream *random)
{
    const gboolean polled = random_below(random, 4) == 0;
    return (ExploreCall){kind, until, polled, polled};
}

/* Up to three sends of A, one answer of B, cut differently by the receivers. */
static void
random_script(Explore *x, RandomStream *random)
{
    const guint64 total = 1 + random_below(random, 300000);
    const guint64 answer = random_below(random, 50000);
    const guint64 first = random_below(random, total + 1);

    memset(x->script, 0, sizeof x->script);
    x->script[0][0] = (ExploreCall)CONNECT;
    x->script[0][1] = call_of(CONN_CALL_SEND, first, random);
    x->script[0][2] = call_of(CONN_CALL_SEND, total, random);
    x->script[0][3] = call_of(CONN_CALL_RECEIVE, answer + random_below(random, 2), random);
    x->script[1][0] = (ExploreCall)ACCEPT;
    x->script[1][1] = call_of(CONN_CALL_RECEIVE, random_below(random, total + 1), random);
    x->script[1][2] = call_of(CONN_CALL_RECEIVE, total, random);
    x->script[1][3] = call_of(CONN_CALL_SEND, answer, random);
    for (int i = 0; i < 2; i++) {
        x->script[i][4] = (ExploreCall){CONN_CALL_CLOSE, 0, FALSE, FALSE};
        x->script[i][5] = (ExploreCall){CONN_CALL_SHUTDOWN, 0, FALSE, FALSE};
    }
}

static void
random_explore(Explore *x, RandomStream *random)
{
    script_set_up(x, SCRIPT_ONE, 0, random_below(random, 2) == 0, (guint8)random_below(random, 9));
    x->config.buffer_bytes = 1 + random_below(random, 65536);
    x->config.tcp_bytes = 1 + random_below(random, 87380);
    x->config.segment_bytes = 1 + random_below(random, 65536);
    /* no schedule should take a thousand rounds only because a buffer holds one byte */
    x->config.buffer_bytes = MAX(x->config.buffer_bytes, 4096);
    x->config.tcp_bytes = MAX(x->config.tcp_bytes, 4096);
    x->config.segment_bytes = MAX(x->config.segment_bytes, 1448);
    random_script(x, random);
}

/* Migrations are rare among the possible steps, so that bytes move in between. */
static ConnStep
choose(const ConnStep *steps, int n, RandomStream *random)
{
    int quiet = 0;

    while (quiet < n && steps[quiet].kind != CONN_STEP_MOVE)
        quiet++;
    if (quiet > 0 && (quiet == n || random_below(random, 40) > 0))
        return steps[random_below(random, (guint64)quiet)];
    return steps[random_below(random, (guint64)n)];
}

typedef struct {
    guint64 steps, moves, bytes;
} Totals;

static void
run_schedule(guint64 seed, const StreamHashKey *key, Totals *totals)
{
    RandomStream random;
    Explore x;
    ExploreState state;
    StreamHash hash[2];
    ConnStep steps[32];
    int n;

    random_init(&random, seed, "test", "schedules");
    random_explore(&x, &random);
    explore_start(&x, &state);
    streamhash_init(&hash[0]);
    streamhash_init(&hash[1]);
    for (guint64 taken = 0; (n = explore_steps(&x, &state, steps)) > 0 && !explore_over(&state); taken++) {
        ConnEffect effect;
        const ConnStep step = choose(steps, n, &random);
        if (taken == 200000) /* a passed ck_assert writes to Check's pipe: too slow for every step */
            ck_abort_msg("seed %" G_GUINT64_FORMAT ": does not end", seed);
        explore_take(&x, &state, step, &effect);
        if (effect.taken.to > 0)
            streamhash_take(key, &hash[!step.side], effect.taken.from, effect.taken.to);
        if (state.conn.faults)
            ck_abort_msg("seed %" G_GUINT64_FORMAT ": faults %u", seed, state.conn.faults);
        totals->steps++;
    }
    while ((n = explore_steps(&x, &state, steps)) > 0)
        explore_take(&x, &state, steps[0], NULL);
    ck_assert_msg(explore_judge(&x, &state, 0) < 0, "seed %" G_GUINT64_FORMAT ": finding %d", seed,
                  explore_judge(&x, &state, 0));
    for (int i = 0; i < 2; i++)
        ck_assert_msg(hash[i].hash == streamhash_expected(key, state.conn.flow[i].sent),
                      "seed %" G_GUINT64_FORMAT ": flow %d's hash", seed, i);
    totals->moves += state.moves;
    totals->bytes += state.conn.flow[0].sent + state.conn.flow[1].sent;
}

START_TEST(random_schedules_deliver_the_stream_and_end_clean)
{
    StreamHashKey key;
    Totals totals = {0, 0, 0};

    streamhash_key_init(&key, 1);
    for (guint64 seed = (guint64)_i; seed < SCHEDULES; seed += PARTS)
        run_schedule(seed, &key, &totals);
    printf("part %d: %d schedules, %" G_GUINT64_FORMAT " steps, %" G_GUINT64_FORMAT " migrations, %" G_GUINT64_FORMAT
           " bytes\n",
           _i, SCHEDULES / PARTS, totals.steps, totals.moves, totals.bytes);
    ck_assert_uint_gt(totals.moves, SCHEDULES / PARTS); /* on average more than one each */
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("schedules");

    tcase_add_loop_test(tcase, random_schedules_deliver_the_stream_and_end_clean, 0, PARTS);
    return check_main("schedules", tcase, NULL);
}
