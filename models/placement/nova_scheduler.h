/* Nova's scheduler: hosts pass filters, those that pass are weighed, the heaviest is taken.
 *
 * Source: openstack/nova, nova/scheduler/manager.py _get_sorted_hosts; nova/scheduler/filters/compute_filter.py,
 * affinity_filter.py; nova/scheduler/weights/ (ram, cpu, disk, io_ops, pci, affinity, hypervisor_version,
 * num_instances, compute); nova/weights.py normalize and get_weighed_objects; nova/conf/scheduler.py for the defaults.
 * What placement answers before (free resources within the allocation ratios) is nova_fits().
 *
 *   filter (enabled_filters)        | passes
 *   ComputeFilter                   | the service is enabled and up
 *   ComputeCapabilitiesFilter       | the flavor's extra specs are the host's: `capable`
 *   ImagePropertiesFilter           | the image's properties are the host's: `image_fits`
 *   ServerGroupAntiAffinityFilter   | fewer of the group are there than max_server_per_host (1)
 *   ServerGroupAffinityFilter       | one of the group is there, or it has none yet
 *
 *   weigher            | raw weight                                   | multiplier | least
 *   RAM                | free memory                                  | 1          | 0
 *   CPU                | vcpus_total cpu_allocation_ratio - vcpus_used | 1         | 0
 *   DISK               | free disk                                    | 1          | 0
 *   IO_OPS             | instances that are built, resized, moved …   | -1         | 0
 *   PCI                | 100 - min(free devices, 99)                  | 1          |
 *   SOFT_AFFINITY      | members of the group there                   | 1          |
 *   SOFT_ANTI_AFFINITY | minus these                                  | 1          |
 *   HYPERVISOR_VERSION | version                                      | 1          |
 *   NUM_INSTANCES      | instances                                    | 0          |
 *   BUILD_FAILURE      | failed builds                                | -1000000   |
 *
 * A weigher's weights are scaled to 0 … 1 between their least and largest, or between 0 and the largest for those with
 * a least of 0, of which smaller ones count as 0; when both ends are equal all are 0. A host's weight is the sum over
 * weighers of multiplier times scaled weight; of one host alone it is 0, without weighing. Hosts of equal weight stay
 * in their order. The host is drawn from the host_subset_size (1) heaviest; shuffle_best (off) mixes those of the
 * heaviest weight first.
 *
 * Scope: no aggregates, zones, NUMA, cells, metrics or image_props (multiplier 0). Devices and versions are numbers.
 */
#ifndef TANDEM_MODELS_PLACEMENT_NOVA_SCHEDULER_H
#define TANDEM_MODELS_PLACEMENT_NOVA_SCHEDULER_H

#include "models/base/random.h"

typedef enum {
    NOVA_RAM,
    NOVA_CPU,
    NOVA_DISK,
    NOVA_IO_OPS,
    NOVA_PCI,
    NOVA_SOFT_AFFINITY,
    NOVA_SOFT_ANTI_AFFINITY,
    NOVA_HYPERVISOR_VERSION,
    NOVA_NUM_INSTANCES,
    NOVA_BUILD_FAILURE,
    NOVA_WEIGHERS,
} NovaWeigher;

typedef enum { NOVA_NO_GROUP, NOVA_AFFINITY, NOVA_ANTI_AFFINITY, NOVA_SOFT, NOVA_SOFT_ANTI } NovaGroup;

typedef struct {
    double multipliers[NOVA_WEIGHERS];
    guint host_subset_size; /* >= 1 */
    gboolean shuffle_best;
    guint max_server_per_host;                                                /* of an anti-affinity group; >= 1 */
    double cpu_allocation_ratio, ram_allocation_ratio, disk_allocation_ratio; /* initial_…: 4, 1, 1 */
} NovaRules;

extern const NovaRules NOVA_RULES_DEFAULT;

typedef struct {
    gboolean disabled, down; /* the service */
    gboolean incapable, image_misfits;
    double memory_bytes, memory_used_bytes;
    double disk_bytes, disk_used_bytes;
    double vcpus, vcpus_used;
    guint io_ops, pci_free, instances, failed_builds;
    double hypervisor_version;
    guint group_members; /* of the request's group, on this host */
} NovaHost;

typedef struct {
    double memory_bytes, disk_bytes, vcpus;
    NovaGroup group;
    guint group_members; /* anywhere, without the one that is asked for */
} NovaRequest;

/* Whether placement offers the host: used + wanted is at most the total times the allocation ratio, for each resource.
 */
gboolean nova_fits(const NovaRules *rules, const NovaHost *host, const NovaRequest *request);
/* Whether all default filters let it pass. */
gboolean nova_passes(const NovaRules *rules, const NovaHost *host, const NovaRequest *request);
/* Of n hosts, each of which has passed; weights: n places. */
void nova_weigh(const NovaRules *rules, const NovaHost *hosts, guint n, const NovaRequest *request, double *weights);

/* All of it: order gets the numbers of the hosts that fit and pass, the chosen one first, then the others by weight,
 * the alternates of a retry; it has n places. Returns how many there are. stream: of host_subset_size and shuffle_best;
 * may be NULL at the defaults. */
guint nova_sort_hosts(const NovaRules *rules, const NovaHost *hosts, guint n, const NovaRequest *request,
                      RandomStream *stream, guint *order);

#endif
