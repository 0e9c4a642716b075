/* What a reader of a run wants to know first: how each migration ended, how long it took, and whether all held. */
#ifndef TANDEM_SIM_REPORT_PAGE_SUMMARY_H
#define TANDEM_SIM_REPORT_PAGE_SUMMARY_H

#include "sim/report/page.h"

void page_summary_append_run(Page *page, const cJSON *result);

#endif
