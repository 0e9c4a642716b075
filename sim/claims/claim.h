/* Claims: what a source states, beside what tandem simulates, with a verdict.
 *
 *   role definition  reads back a setting, a flag of a profile or the state at the beginning: it informs about the
 *                    input, not about the simulation, and is counted apart
 *        exact       follows from the mechanism; any difference is a defect
 *        calibrated  the value, or a choice that it needs, was used to fit a parameter: agreement shows that the model
 *                    can, not that it is right
 *        derived     follows by arithmetic from calibrated values
 *        predicted   nothing was fitted to it
 *
 *   verdict pass, fail
 *           known-miss  fails, and configs/claims/PAPER.json says why: a published number that tandem does not meet
 *           disputed    the source contradicts itself there; the same file says how
 *           skipped     published, and nothing in tandem answers it
 *
 * A claim that tells the same number as another one is shown, and counted with it.
 */
#ifndef TANDEM_SIM_CLAIMS_CLAIM_H
#define TANDEM_SIM_CLAIMS_CLAIM_H

#include <glib.h>

typedef enum { ROLE_DEFINITION, ROLE_EXACT, ROLE_CALIBRATED, ROLE_DERIVED, ROLE_PREDICTED, N_CLAIM_ROLES } ClaimRole;
typedef enum { CLAIM_PASS, CLAIM_FAIL, CLAIM_KNOWN_MISS, CLAIM_DISPUTED, CLAIM_SKIPPED, N_CLAIM_VERDICTS } ClaimVerdict;

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
    gboolean passes; /* whether it holds, whatever is known about it */
    ClaimVerdict verdict;
    char *reason;     /* of a miss, a dispute or a skip; "" */
    char *mechanism;  /* what makes it true, and … */
    char *mutations;  /* … whose changes make it fail (tests/mutations), with blanks between; "" */
    char *same_as;    /* id of an earlier claim that tells the same number; NULL: none */
    GArray *measures; /* of ClaimMeasure; of a value the simulated one, of a range its two ends */
} Claim;

/* A parameter that was fitted, for the list beside the claims. */
typedef struct {
    char *name; /* JSON Pointer in its profile: "guests/qi-meng-vm: /workload/rate" */
    char *kind; /* "fitted", "assumed" */
    char *value;
    char *fitted_to; /* or why it was chosen */
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
/* A published number that no run answers. */
void claims_add_skipped(ClaimSet *claims, const char *id, const char *source, const char *paper_value,
                        const char *reason);
/* The claim that was added last tells the same number as that one, such as its complement to an input. */
void claims_same_as(ClaimSet *claims, const char *id);
/* One more number behind the claim that was added last; they are not in its files. */
void claims_add_measure(ClaimSet *claims, const char *name, const char *unit, double value);
/* A number that no source states and that is no claim, but whose sensitivity is of interest. */
void claims_add_prediction(ClaimSet *claims, const char *id, const char *unit, double value);
void claims_add_fitted(ClaimSet *claims, const char *name, const char *kind, const char *value, const char *fitted_to);

/* Claims that count: no definitions, and none whose number is another's. Of a role and a verdict, or of all. */
guint claims_counted(const ClaimSet *claims, int role, int verdict);
/* Of all, definitions too. */
guint claims_failed(const ClaimSet *claims);
guint claims_count(const ClaimSet *claims);
guint claims_fitted_count(const ClaimSet *claims);
Claim *claims_get(const ClaimSet *claims, guint index);
const FittedParameter *claims_fitted(const ClaimSet *claims, guint index);
/* Of ClaimMeasure, whose name is the prediction's id; owned by the set. */
const GArray *claims_predictions(const ClaimSet *claims);
/* "definition", "exact", … */
const char *claim_role_text(ClaimRole role);
/* "pass", "fail", "known-miss", … */
const char *claim_verdict_text(ClaimVerdict verdict);

/* "60.2", "58 … 62", the words, or "none" of a run without the number. (transfer full) */
char *claim_value_text(const ClaimValue *value, char *(*number_text)(double number));

#endif
