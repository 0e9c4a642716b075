/* Claims: what a source states, beside what tandem simulates, with a verdict.
 *
 *   role exact       follows from definitions; any difference is a defect
 *        calibrated  the value was used to fit a parameter: agreement shows that the model can, not that it is right
 *        predicted   nothing was fitted to it
 */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_H
#define TANDEM_SIM_CLAIMS_CLAIM_H

#include "sim/output/files.h"

#include <glib.h>

typedef enum { ROLE_EXACT, ROLE_CALIBRATED, ROLE_PREDICTED } ClaimRole;

/* One value of a claim: a number with a unit, a range of numbers, or words. */
typedef struct {
    char *words;      /* owned; NULL: it is a number or a range */
    double low, high; /* equal: a number */
} ClaimValue;

/* A number that a claim's verdict looks at, or that a reader would follow when parameters change (sim/sensitivity). */
typedef struct {
    char *name; /* "" when the claim has only this one */
    char *unit;
    double value;
} ClaimMeasure;

typedef struct {
    char *id;     /* "table-4-vm-mean" */
    char *paper;  /* "vm-vtpm" */
    char *source; /* "Table 4, row VM" */
    ClaimValue paper_value;
    ClaimValue simulated;
    char *unit;       /* "s", "%", "" */
    double deviation; /* (simulated - paper) / |paper|; NAN when they are not numbers */
    double tolerance; /* of the deviation; NAN: see why */
    char *why;        /* why the tolerance is what it is, or what the verdict looks at */
    ClaimRole role;
    gboolean passes;
    GArray *measures; /* of ClaimMeasure; of a value the simulated one, of a range its two ends */
} Claim;

/* A parameter that was fitted, for the list beside the claims. */
typedef struct {
    char *name; /* JSON Pointer in its profile: "guests/qi-meng-vm: /workload/rate" */
    char *value;
    char *fitted_to;
} FittedParameter;

typedef struct ClaimSet ClaimSet;

ClaimSet *claims_new(void);
void claims_free(ClaimSet *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClaimSet, claims_free)

/* What the following claims are about. */
void claims_set_paper(ClaimSet *claims, const char *paper);

/* |simulated - paper| <= tolerance * |paper|. unit: "s", "", … */
void claims_add_value(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit,
                      double paper_value, double simulated, double tolerance, const char *why);
/* low <= simulated <= high, for the smallest and the largest of several runs. */
void claims_add_range(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit,
                      double low, double high, double simulated_min, double simulated_max, const char *why);
/* A statement that holds or does not. paper_value and simulated: words. */
void claims_add_statement(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *paper_value,
                          const char *simulated, gboolean holds, const char *why);
/* One more number behind the claim that was added last; they are not in its files. */
void claims_add_measure(ClaimSet *claims, const char *name, const char *unit, double value);
/* A number that no source states and that is no claim, but whose sensitivity is of interest. */
void claims_add_prediction(ClaimSet *claims, const char *id, const char *unit, double value);
void claims_add_fitted(ClaimSet *claims, const char *name, const char *value, const char *fitted_to);

guint claims_failed(const ClaimSet *claims);
guint claims_count(const ClaimSet *claims);
guint claims_fitted_count(const ClaimSet *claims);
const Claim *claims_get(const ClaimSet *claims, guint index);
const FittedParameter *claims_fitted(const ClaimSet *claims, guint index);
/* Of ClaimMeasure, whose name is the prediction's id; owned by the set. */
const GArray *claims_predictions(const ClaimSet *claims);
/* "exact", "calibrated", "predicted" */
const char *claim_role_text(ClaimRole role);

/* claims.json, claims.csv and fitted.csv into files. */
void claims_take_files(const ClaimSet *claims, FileSet *files);
/* A table for a terminal of so many columns, and the fitted parameters under it. (transfer full) */
char *claims_table(const ClaimSet *claims, guint columns);

#endif
