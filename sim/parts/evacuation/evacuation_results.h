/* What is told of evacuations: metrics, the table evacuations.csv, the summary and the time line. */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_RESULTS_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_RESULTS_H

#include "sim/output/record.h"
#include "sim/output/trace.h"
#include "sim/parts/evacuation/evacuation_world.h"

extern const Record *const evacuation_records[];

void evacuation_results_check(const EvacuationWorld *own);
void evacuation_results_collect(const EvacuationWorld *own, Result *result);
void evacuation_results_trace(const EvacuationWorld *own, Trace *trace);

#endif
