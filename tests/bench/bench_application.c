/* How many requests of applications a second of processor time serves. The bar: 1,000 applications with 1,000
 * requests/s each for 60 s beside a migration in 60 s, which is a million requests a second.
 *
 *     bench_application [applications] [requests_per_s] [seconds]
 */
#include "models/application/appgraph.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
processor_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef struct {
    const char *name;
    AppDiscipline discipline;
    AppWaits waits;
    AppTimeKind service;
    double speed; /* of the guest, from 30 % to 60 % of the run */
    gboolean stops;
} Case;

/* Each application by itself, at a load of 0.7; the guest of the first one is slowed and stopped. */
static void
run(const Case *what, guint applications, double rate_per_s, double seconds)
{
    const double begun_s = processor_s();
    guint64 answered = 0;

    for (guint i = 0; i < applications; i++) {
        g_autoptr(AppGraph) graph = appgraph_new(i);
        const AppSetting setting = {.name = "web",
                                    .load = {APP_LOAD_STEADY, .rate_per_s = rate_per_s, .stop_s = INFINITY},
                                    .service = {what->service, .mean_s = 0.7 / rate_per_s, .cv = 1.5},
                                    .servers = 1,
                                    .discipline = what->discipline,
                                    .limit = G_MAXUINT,
                                    .waits = what->waits,
                                    .timer = tcp_timer_default(0),
                                    .bin_s = 1,
                                    .batch_s = 1};
        appgraph_add(graph, &setting);
        appgraph_set_speed(graph, 0, 0.3 * seconds, what->speed);
        appgraph_set_speed(graph, 0, 0.6 * seconds, what->stops ? 0 : 1);
        appgraph_set_reachable(graph, 0, 0.6 * seconds, !what->stops);
        appgraph_set_speed(graph, 0, 0.6 * seconds + 0.3, 1);
        appgraph_set_reachable(graph, 0, 0.6 * seconds + 0.3, TRUE);
        appgraph_advance(graph, seconds);
        answered += appgraph_log(graph, 0)->total.answered;
    }
    const double took_s = processor_s() - begun_s;
    printf("%-34s %10.2f s of processor time, %6.3f million requests/s\n", what->name, took_s,
           (double)answered / took_s / 1e6);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        {"first come, exponential", APP_FIRST_COME, APP_WAITS_QUEUE, APP_TIME_EXPONENTIAL, 0.8, TRUE},
        {"first come, TCP sends again", APP_FIRST_COME, APP_WAITS_CLIENT, APP_TIME_EXPONENTIAL, 0.8, TRUE},
        {"first come, lognormal", APP_FIRST_COME, APP_WAITS_QUEUE, APP_TIME_LOGNORMAL, 0.8, TRUE},
        {"sharing, exponential", APP_SHARING, APP_WAITS_QUEUE, APP_TIME_EXPONENTIAL, 0.8, TRUE},
        {"first come, above capacity for 30 %", APP_FIRST_COME, APP_WAITS_QUEUE, APP_TIME_EXPONENTIAL, 0.5, FALSE},
    };
    const guint applications = argc > 1 ? (guint)atoi(argv[1]) : 1000;
    const double rate_per_s = argc > 2 ? atof(argv[2]) : 1000, seconds = argc > 3 ? atof(argv[3]) : 60;

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        run(&cases[i], applications, rate_per_s, seconds);
    return EXIT_SUCCESS;
}
