/* Measured curves: lists of objects, each with the same numbers, of which the first goes up. */
#ifndef TANDEM_SIM_VALIDATE_CASE_LIST_H
#define TANDEM_SIM_VALIDATE_CASE_LIST_H

#include "sim/validate/case_json.h"

/* Rows of so many bytes, in which the numbers stand, and the first of them at the row's beginning. A list that is not
 * there is empty; NULL: an error names the place. (transfer full) */
GArray *case_list_read(const char *path, const cJSON *costs, const char *key, const CaseNumber *numbers, gsize n,
                       gsize row_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waking a sleeper of another processor. */
typedef struct {
    double gap_us;  /* how long it has slept */
    double call_us; /* the writer's own time */
    double runs_us; /* from before the call until the sleeper runs, the median */
} CaseWake;

/* wake_other_by_gap. (transfer full; element CaseWake) */
GArray *case_wakes_read(const char *path, const cJSON *costs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
