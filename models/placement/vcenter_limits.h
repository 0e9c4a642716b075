/* vCenter's limits on simultaneous operations: each costs something of each resource it uses, and waits while one of
 * them would have to give more than it has.
 *
 * Source: VMware vSphere 6.5 and 6.7, "vCenter Server and Host Management", "Limits on simultaneous migrations" (tables
 * of network, datastore and host limits; the same costs since ESXi 5.0).
 *
 *   operation                     | host, of 8 | datastore, of 128 | network, of 4 at 1 Gbit/s, of 8 at 10
 *   VCENTER_VMOTION               | 1          | 1                 | 1
 *   VCENTER_STORAGE_VMOTION       | 4          | 16                | 0
 *   VCENTER_VMOTION_UNSHARED      | 4          | 16                | 1
 *   VCENTER_PROVISIONING          | 1          | 0                 | 0
 *
 * An operation costs this of both hosts, of both datastores and of both hosts' networks that it uses; a Storage vMotion
 * has one host. "vMotion without shared storage is equivalent to a Storage vMotion with a network cost of 1." A network
 * of a speed between the two, or above, is taken to be of the next one below; one below 1 Gbit/s as 1.
 */
#ifndef TANDEM_MODELS_PLACEMENT_VCENTER_LIMITS_H
#define TANDEM_MODELS_PLACEMENT_VCENTER_LIMITS_H

#include <glib.h>

typedef enum {
    VCENTER_VMOTION,
    VCENTER_STORAGE_VMOTION,
    VCENTER_VMOTION_UNSHARED,
    VCENTER_PROVISIONING,
    VCENTER_OPERATIONS,
} VcenterOperation;

typedef enum { VCENTER_HOST, VCENTER_DATASTORE, VCENTER_NETWORK, VCENTER_RESOURCES } VcenterResource;

guint vcenter_cost(VcenterOperation operation, VcenterResource resource);
/* bandwidth_Bps: of a network; of the others it is not looked at. */
guint vcenter_maximum(VcenterResource resource, double bandwidth_Bps);

/* One thing that operations use, and what those under way cost it. */
typedef struct {
    VcenterResource resource;
    guint maximum;
    guint used;
} VcenterBudget;

void vcenter_budget_init(VcenterBudget *budget, VcenterResource resource, double bandwidth_Bps);

/* Begins the operation when each of the n budgets has room for it, and takes its cost from all; else takes nothing, and
 * it waits. A budget that is named twice pays twice. */
gboolean vcenter_begin(VcenterOperation operation, VcenterBudget *const *budgets, guint n);
void vcenter_end(VcenterOperation operation, VcenterBudget *const *budgets, guint n);

#endif
