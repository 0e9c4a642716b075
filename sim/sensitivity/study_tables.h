/* What a study found, as files. */
#ifndef TANDEM_SIM_SENSITIVITY_STUDY_TABLES_H
#define TANDEM_SIM_SENSITIVITY_STUDY_TABLES_H

#include "sim/output/files.h"
#include "sim/sensitivity/study.h"

/* sensitivity.csv (every change), hangs-on.csv (a row per number), parameters.csv (a row per parameter), and heat.csv
 * and tornado.csv for the figures. Columns: docs/sensitivity.md. */
void study_tables_take_files(const Study *study, FileSet *files);

#endif
