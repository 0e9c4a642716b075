/* A run's metrics by the thing that they tell of, each with its unit and its meaning, as the records declare them. */
#ifndef TANDEM_SIM_REPORT_PAGE_METRICS_H
#define TANDEM_SIM_REPORT_PAGE_METRICS_H

#include "sim/report/page.h"

/* metrics: of a result.json, an object. */
void page_metrics_append(Page *page, const cJSON *metrics);

/* The value as a person reads it, in the unit that its name ends in: "18.1 s". (transfer full) */
char *page_metrics_value(const Page *page, const char *name, const cJSON *value);

#endif
