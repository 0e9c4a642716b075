#include "models/placement/nova_scheduler.h"

#include <math.h>

#define PCI_MAX_DEVS 100.0 /* weights/pci.py MAX_DEVS */

const NovaRules NOVA_RULES_DEFAULT = {
    .multipliers =
        {
            [NOVA_RAM] = 1,
            [NOVA_CPU] = 1,
            [NOVA_DISK] = 1,
            [NOVA_IO_OPS] = -1,
            [NOVA_PCI] = 1,
            [NOVA_SOFT_AFFINITY] = 1,
            [NOVA_SOFT_ANTI_AFFINITY] = 1,
            [NOVA_HYPERVISOR_VERSION] = 1,
            [NOVA_NUM_INSTANCES] = 0,
            [NOVA_BUILD_FAILURE] = -1e6,
        },
    .host_subset_size = 1,
    .max_server_per_host = 1,
    .cpu_allocation_ratio = 4,
    .ram_allocation_ratio = 1,
    .disk_allocation_ratio = 1,
};

gboolean
nova_fits(const NovaRules *rules, const NovaHost *host, const NovaRequest *request)
{
    return host->memory_used_bytes + request->memory_bytes <= host->memory_bytes * rules->ram_allocation_ratio &&
           host->vcpus_used + request->vcpus <= host->vcpus * rules->cpu_allocation_ratio &&
           host->disk_used_bytes + request->disk_bytes <= host->disk_bytes * rules->disk_allocation_ratio;
}

static gboolean
passes_group(const NovaRules *rules, const NovaHost *host, const NovaRequest *request)
{
    switch (request->group) {
    case NOVA_ANTI_AFFINITY:
        return host->group_members < rules->max_server_per_host;
    case NOVA_AFFINITY:
        return request->group_members == 0 || host->group_members > 0;
    default:
        return TRUE;
    }
}

gboolean
nova_passes(const NovaRules *rules, const NovaHost *host, const NovaRequest *request)
{
    return !host->disabled && !host->down && !host->incapable && !host->image_misfits &&
           passes_group(rules, host, request);
}

static double
raw_weight(const NovaRules *rules, NovaWeigher weigher, const NovaHost *host, const NovaRequest *request)
{
    switch (weigher) {
    case NOVA_RAM:
        return host->memory_bytes - host->memory_used_bytes;
    case NOVA_CPU:
        return host->vcpus * rules->cpu_allocation_ratio - host->vcpus_used;
    case NOVA_DISK:
        return host->disk_bytes - host->disk_used_bytes;
    case NOVA_IO_OPS:
        return host->io_ops;
    case NOVA_PCI:
        return PCI_MAX_DEVS - MIN(host->pci_free, PCI_MAX_DEVS - 1);
    case NOVA_SOFT_AFFINITY:
        return request->group == NOVA_SOFT ? host->group_members : 0;
    case NOVA_SOFT_ANTI_AFFINITY:
        return request->group == NOVA_SOFT_ANTI ? -(double)host->group_members : 0;
    case NOVA_HYPERVISOR_VERSION:
        return host->hypervisor_version;
    case NOVA_NUM_INSTANCES:
        return host->instances;
    case NOVA_BUILD_FAILURE:
        return host->failed_builds;
    default:
        return 0;
    }
}

/* minval = 0 in weights/ram.py, cpu.py, disk.py, io_ops.py: 0 is the least, and the lower end of the scale */
static gboolean
has_least(NovaWeigher weigher)
{
    return weigher <= NOVA_IO_OPS;
}

static void
add_weigher(const NovaRules *rules, NovaWeigher weigher, const NovaHost *hosts, guint n, const NovaRequest *request,
            double *raw, double *weights)
{
    double least = INFINITY, largest = -INFINITY;

    for (guint i = 0; i < n; i++) {
        raw[i] = raw_weight(rules, weigher, &hosts[i], request);
        if (has_least(weigher))
            raw[i] = MAX(raw[i], 0);
        least = MIN(least, raw[i]);
        largest = MAX(largest, raw[i]);
    }
    if (has_least(weigher))
        least = 0;
    if (largest == least)
        return; /* nova/weights.py normalize: all are 0 */
    for (guint i = 0; i < n; i++)
        weights[i] += rules->multipliers[weigher] * (raw[i] - least) / (largest - least);
}

void
nova_weigh(const NovaRules *rules, const NovaHost *hosts, guint n, const NovaRequest *request, double *weights)
{
    g_autofree double *raw = g_new(double, n + 1u);

    for (guint i = 0; i < n; i++)
        weights[i] = 0;
    if (n <= 1)
        return; /* get_weighed_objects: nothing to compare */
    for (guint w = 0; w < NOVA_WEIGHERS; w++)
        add_weigher(rules, w, hosts, n, request, raw, weights);
}

typedef struct {
    guint host;
    guint place; /* among those that passed */
    double weight;
} Weighed;

/* Heaviest first; Python's sort leaves equal ones in their order, reversed or not. */
static int
compare_weighed(gconstpointer a, gconstpointer b)
{
    const Weighed *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void
swap(Weighed *weighed, guint i, guint j)
{
    const Weighed other = weighed[i];

    weighed[i] = weighed[j];
    weighed[j] = other;
}

static void
shuffle_best(Weighed *weighed, guint n, RandomStream *stream)
{
    guint best = 0;

    while (best < n && weighed[best].weight == weighed[0].weight)
        best++;
    for (guint i = best; i > 1; i--) /* Fisher and Yates, as random.shuffle */
        swap(weighed, i - 1, (guint)random_below(stream, i));
}

/* The chosen one leaves its place and goes to the front; the others keep their order. */
static void
choose(const NovaRules *rules, Weighed *weighed, guint n, RandomStream *stream)
{
    const guint subset = MIN(rules->host_subset_size, n);
    const guint chosen = subset > 1 ? (guint)random_below(stream, subset) : 0;

    for (guint i = chosen; i > 0; i--)
        swap(weighed, i, i - 1);
}

guint
nova_sort_hosts(const NovaRules *rules, const NovaHost *hosts, guint n, const NovaRequest *request,
                RandomStream *stream, guint *order)
{
    g_autofree Weighed *weighed = g_new(Weighed, n + 1u);
    g_autofree NovaHost *passed = g_new(NovaHost, n + 1u);
    g_autofree double *weights = g_new(double, n + 1u);
    guint left = 0;

    for (guint i = 0; i < n; i++)
        if (nova_fits(rules, &hosts[i], request) && nova_passes(rules, &hosts[i], request)) {
            weighed[left] = (Weighed){.host = i, .place = left};
            passed[left++] = hosts[i];
        }
    if (!left)
        return 0;
    nova_weigh(rules, passed, left, request, weights);
    for (guint i = 0; i < left; i++)
        weighed[i].weight = weights[i];
    qsort(weighed, left, sizeof *weighed, compare_weighed);
    if (rules->shuffle_best)
        shuffle_best(weighed, left, stream);
    choose(rules, weighed, left, stream);
    for (guint i = 0; i < left; i++)
        order[i] = weighed[i].host;
    return left;
}
