#include "models/placement/vcenter_limits.h"

#define TEN_GBPS_IN_BPS 1.25e9

static const guint costs[VCENTER_OPERATIONS][VCENTER_RESOURCES] = {
    [VCENTER_VMOTION] = {[VCENTER_HOST] = 1, [VCENTER_DATASTORE] = 1, [VCENTER_NETWORK] = 1},
    [VCENTER_STORAGE_VMOTION] = {[VCENTER_HOST] = 4, [VCENTER_DATASTORE] = 16, [VCENTER_NETWORK] = 0},
    [VCENTER_VMOTION_UNSHARED] = {[VCENTER_HOST] = 4, [VCENTER_DATASTORE] = 16, [VCENTER_NETWORK] = 1},
    [VCENTER_PROVISIONING] = {[VCENTER_HOST] = 1, [VCENTER_DATASTORE] = 0, [VCENTER_NETWORK] = 0},
};

guint
vcenter_cost(VcenterOperation operation, VcenterResource resource)
{
    g_return_val_if_fail(operation < VCENTER_OPERATIONS && resource < VCENTER_RESOURCES, 0);
    return costs[operation][resource];
}

guint
vcenter_maximum(VcenterResource resource, double bandwidth_Bps)
{
    switch (resource) {
    case VCENTER_HOST:
        return 8;
    case VCENTER_DATASTORE:
        return 128;
    default:
        return bandwidth_Bps >= TEN_GBPS_IN_BPS ? 8 : 4;
    }
}

void
vcenter_budget_init(VcenterBudget *budget, VcenterResource resource, double bandwidth_Bps)
{
    *budget = (VcenterBudget){.resource = resource, .maximum = vcenter_maximum(resource, bandwidth_Bps)};
}

void
vcenter_end(VcenterOperation operation, VcenterBudget *const *budgets, guint n)
{
    for (guint i = 0; i < n; i++) {
        const guint cost = vcenter_cost(operation, budgets[i]->resource);

        g_return_if_fail(budgets[i]->used >= cost);
        budgets[i]->used -= cost;
    }
}

gboolean
vcenter_begin(VcenterOperation operation, VcenterBudget *const *budgets, guint n)
{
    for (guint i = 0; i < n; i++) {
        const guint cost = vcenter_cost(operation, budgets[i]->resource);

        if (budgets[i]->used + cost > budgets[i]->maximum) {
            vcenter_end(operation, budgets, i); /* those before it get back what they have paid */
            return FALSE;
        }
        budgets[i]->used += cost;
    }
    return TRUE;
}
