/* A data centre's numbers and table. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_RESULTS_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_RESULTS_H

#include "sim/output/record.h"
#include "sim/parts/datacentre/datacentre_world.h"

extern const Record *const datacentre_records[];

void datacentre_results_check(const DatacentreWorld *own);
void datacentre_results_collect(const DatacentreWorld *own, Result *result);

#endif
