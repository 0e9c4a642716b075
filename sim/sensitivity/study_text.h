/* What a study found, for a terminal. */
#ifndef TANDEM_SIM_SENSITIVITY_STUDY_TEXT_H
#define TANDEM_SIM_SENSITIVITY_STUDY_TEXT_H

#include "sim/sensitivity/study.h"

/* Two tables: every number with what it hangs on, and every parameter with what it moves; lines are cut at so many
 * columns. (transfer full) */
char *study_text(const Study *study, guint columns);

#endif
