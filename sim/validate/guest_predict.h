/* What callers of a vTPM, or clients, feel of a measured migration, predicted from its inputs: the migration as in
 * validate.h, beside a program that calls the vTPM as often, or clients that ask as often. */
#ifndef TANDEM_SIM_VALIDATE_GUEST_PREDICT_H
#define TANDEM_SIM_VALIDATE_GUEST_PREDICT_H

#include "sim/validate/guest_case.h"

/* Chosen: as many as a downtime's median wants (VALIDATE_SEEDS) would take ten minutes for a series. */
#define GUEST_SEEDS 51

typedef struct {
    const GuestCase *of; /* borrowed */
    guint seeds, completed;
    Comparison measures[N_GUEST_MEASURES]; /* the error in percent; of what was measured as 0, or cannot be had, NAN */
} GuestPrediction;

/* The case as a scenario that runs long enough to see what comes after. (transfer full) */
Scenario *guest_scenario(const GuestCase *one, const char *const *more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full; element GuestPrediction) */
GArray *guest_predict(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
