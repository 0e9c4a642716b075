/* One run of a scenario: in this process, or many in children of it. */
#ifndef TANDEM_SIM_RUN_RUN_H
#define TANDEM_SIM_RUN_RUN_H

#include "sim/output/result.h"
#include "sim/specs/scenario_load.h"

/* Once per process. FALSE: a file that the scenario names is wrong. (transfer full) */
Result *run_here(const Scenario *scenario, guint64 seed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, with its time line (collect_trace); trace: NULL: not wanted. */
Result *run_traced(const Scenario *scenario, guint64 seed, char **trace, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What children would otherwise do again and again, before they are forked: asking the system for memory in small
 * pieces. Results do not depend on it. */
void run_warm_up(void);

/* One run of a set: what is run and what came of it. */
typedef struct {
    const Scenario *scenario; /* borrowed */
    guint64 seed;
    Result *result; /* owned; NULL: the run failed */
    char *error;    /* owned; why, when result is NULL */
} Run;

/* Runs all of them in children, so many at a time (0: as many as there are processors). */
void run_all(Run *runs, guint n, guint workers);
void run_clear(Run *run);

#endif
