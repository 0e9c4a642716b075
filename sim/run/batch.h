/* A set of runs that are prepared one by one and then run together. */
#ifndef TANDEM_SIM_RUN_BATCH_H
#define TANDEM_SIM_RUN_BATCH_H

#include "sim/run/run.h"

typedef struct Batch Batch;

Batch *batch_new(void);
void batch_free(Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

/* Adds runs of a scenario file with seeds 1 … seeds, after the settings ("POINTER=VALUE", NULL at the end). Returns the
 * first one's index, G_MAXUINT with error set when the scenario is wrong. */
guint batch_add(Batch *batch, const char *path, guint seeds, GError **error, ...) G_GNUC_NULL_TERMINATED;

guint batch_size(const Batch *batch);
/* Runs all in children, so many at a time (0: as many as there are processors). FALSE: one of them failed. */
gboolean batch_run(Batch *batch, guint workers, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const Result *batch_result(const Batch *batch, guint index);

/* A metric over runs first … first + n - 1. All NAN when one of them lacks it, as a migration that did not complete
 * lacks its total: the others' mean would be the mean of something else. */
typedef struct {
    double mean, min, max;
} Spread;
Spread batch_spread(const Batch *batch, guint first, guint n, const char *metric);

#endif
