/* What predictions of cards are held to, for a terminal and as files. */
#ifndef TANDEM_SIM_VALIDATE_CARD_JUDGE_H
#define TANDEM_SIM_VALIDATE_CARD_JUDGE_H

#include "sim/output/files.h"
#include "sim/validate/card_predict.h"

/* Of a design; CARD_DESIGNS: of all that share a service, that is all but the host. Disturbed cases are left out. */
CaseErrors card_judge_errors(const GArray *predictions, CardDesign design, guint measure);

/* Pairs of designs that were measured alike but for the design: the one that answers more does so in the prediction.
 * Pairs that are within CASE_LEVEL of each other in the measurement say nothing. */
CaseShare card_judge_order(const GArray *predictions);

/* Steps from one number of clients to the next measured one: up, down, or level (within CASE_LEVEL), as measured. */
CaseShare card_judge_shape(const GArray *predictions);

/* (transfer full) */
char *card_judge_table(const GArray *predictions);
/* validation-cards.csv and summary-cards.csv. */
void card_judge_take_files(const GArray *predictions, FileSet *files);

#endif
