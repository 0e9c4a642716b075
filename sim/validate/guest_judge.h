/* Tables and files of migrations that were watched: how far off each measure is, by version of QEMU, beside how much
 * repeats of a measurement differ. */
#ifndef TANDEM_SIM_VALIDATE_GUEST_JUDGE_H
#define TANDEM_SIM_VALIDATE_GUEST_JUDGE_H

#include "sim/output/files.h"
#include "sim/validate/guest_predict.h"

/* Of the predictions (elements GuestPrediction) of one base; what was not measured, or not predicted, is left out. */
typedef struct {
    CaseErrors off;     /* in the measure's unit */
    CaseErrors percent; /* but of measured zeros */
    guint within;       /* hold the measure's bar */
    guint repeated;     /* cases that were measured more than once */
    double spread;      /* between such a case's lowest and highest, the median; NAN: there is none */
} GuestErrors;
GuestErrors guest_judge_errors(const GArray *predictions, guint measure, const CaseBase *base);

/* (transfer full) */
char *guest_judge_table(const GArray *predictions);
/* validation-KIND.csv and summary-KIND.csv; all predictions are of one kind. */
void guest_judge_take_files(const GArray *predictions, FileSet *files);

#endif
