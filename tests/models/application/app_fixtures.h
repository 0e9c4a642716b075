/* What the tests of applications share: one application as simple as can be, and a graph of it. */
#ifndef TANDEM_TESTS_APPLICATION_APP_FIXTURES_H
#define TANDEM_TESTS_APPLICATION_APP_FIXTURES_H

#include "models/application/appgraph.h"
#include "tests/check_main.h"

#include <math.h>

/* Open, 100 requests/s, each 5 ms of the only processor, first come first served; all exactly so. */
static inline AppSetting
fixture_application(void)
{
    return (AppSetting){.name = "web",
                        .load = {.kind = APP_LOAD_STEADY, .rate_per_s = 100, .constant = TRUE, .stop_s = INFINITY},
                        .service = {APP_TIME_CONSTANT, .mean_s = 0.005},
                        .servers = 1,
                        .limit = G_MAXUINT,
                        .waits = APP_WAITS_QUEUE,
                        .timer = tcp_timer_default(0),
                        .bin_s = 1,
                        .batch_s = 1};
}

/* The guest is stopped from then to then. */
static inline void
fixture_stop(AppGraph *graph, guint application, double from_s, double to_s)
{
    appgraph_note_stop(graph, application, from_s, TRUE);
    appgraph_set_speed(graph, application, from_s, 0);
    appgraph_set_reachable(graph, application, from_s, FALSE);
    appgraph_set_speed(graph, application, to_s, 1);
    appgraph_set_reachable(graph, application, to_s, TRUE);
    appgraph_note_stop(graph, application, to_s, FALSE);
}

/* Everything that was asked has ended in one way, or has not ended. */
static inline void
fixture_check_counts(const AppGraph *graph, guint application)
{
    const AppCounts *total = &appgraph_log(graph, application)->total;

    ck_assert_uint_eq(total->offered,
                      total->answered + total->lost + total->gave_up + appgraph_waiting(graph, application));
}

#endif
