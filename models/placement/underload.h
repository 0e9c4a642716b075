/* Which host has so little to do that its VMs should go elsewhere and it should sleep.
 *
 * Sources: OpenStack Neat, neat/locals/underload/trivial.py last_n_average_threshold (each host asks for itself);
 * CloudSim 3.0.3, PowerVmAllocationPolicyMigrationAbstract.getUnderUtilizedHost (the least utilized of all hosts, one
 * after the other).
 */
#ifndef TANDEM_MODELS_PLACEMENT_UNDERLOAD_H
#define TANDEM_MODELS_PLACEMENT_UNDERLOAD_H

#include <glib.h>

typedef struct {
    double threshold; /* share of capacity; below 0: no host is underloaded */
    guint last;       /* values whose mean is compared; >= 1 */
} UnderloadRules;

#define UNDERLOAD_RULES_NEAT ((UnderloadRules){.threshold = 0.5, .last = 2})

/* Whether the mean of the last values, of all when there are fewer, is at most the threshold. FALSE of none. */
gboolean underload_detect(const UnderloadRules *rules, const double *utilization, guint n);

/* Of n hosts that which is utilized least, above 0 and below 1, and not excluded; of equal ones the first. -1: none. */
gint underload_least_utilized(const double *utilization, const gboolean *excluded, guint n);

#endif
