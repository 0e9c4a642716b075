/* The claims of a reproduction, by paper, each with why it was judged so. */
#ifndef TANDEM_SIM_REPORT_PAGE_CLAIMS_H
#define TANDEM_SIM_REPORT_PAGE_CLAIMS_H

#include "sim/report/page.h"

/* claims: of claims.json, a list. The summary comes first. */
void page_claims_append(Page *page, const cJSON *claims);

#endif
