/* A scenario made small: list elements and keys are left out one by one, as long as it fails in the same way. */
#ifndef TANDEM_TESTS_FUZZ_REDUCER_H
#define TANDEM_TESTS_FUZZ_REDUCER_H

#include <cjson/cJSON.h>
#include <glib.h>

/* TRUE: it still fails in the same way. */
typedef gboolean (*ReducerFails)(const cJSON *scenario, gpointer data);

/* Changes the scenario; asks at most so many times. */
void reducer_reduce(cJSON *scenario, guint tries, ReducerFails fails, gpointer data);

#endif
