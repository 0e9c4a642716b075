/* The names of all metrics that a run can give, with one line each: `tandem list metrics`, docs/results.md.
 *
 * In a name, NAME stands for what the scenario calls a migration, vTPM, socket, domain or host, LEG for a part of a
 * migration: "vm", "vtpm" or "joint", and PERIOD for a part of a run as the migrations of a socket's VMs divide it:
 * "before", "during.MIGRATION" or "after.MIGRATION". A test holds the list to what runs give.
 */
#ifndef TANDEM_SIM_OUTPUT_METRIC_H
#define TANDEM_SIM_OUTPUT_METRIC_H

#include <glib.h>

typedef struct {
    const char *name; /* with NAME, LEG and PERIOD */
    const char *meaning;
} Metric;

extern const Metric metrics[]; /* ends with a NULL name */

/* The listed metric that a run's metric is an instance of; NULL when there is none. A name that could be of a migration
 * or of its leg is taken as the leg's. */
const Metric *metric_find(const char *name);

#endif
