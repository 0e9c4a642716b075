#include "sim/parts/evacuation/evacuation_keys.h"

static const char *const order_words[] = {
    [EVACUATION_LISTED] = "listed",
    [EVACUATION_SMALLEST_FIRST] = "smallest-first",
    [EVACUATION_LARGEST_FIRST] = "largest-first",
    [EVACUATION_LEAST_DIRTY_FIRST] = "least-dirty-first",
    [EVACUATION_DRAWN] = "drawn",
    NULL,
};
static const char *const choice_words[] = {
    [EVACUATION_MOST_FREE_MEMORY] = "most-free-memory",
    [EVACUATION_BY_LIST] = "listed",
    [EVACUATION_ROUND_ROBIN] = "round-robin",
    NULL,
};

/* Those of "migrate" but "vtpm": a vTPM that goes alone leaves its VM behind. */
enum { JOINT, CONCATENATED, VM, VM_THEN_VTPM, VTPM_THEN_VM, VTPM_AT_PUSH };
static const char *const method_words[] = {
    [JOINT] = "joint",
    [CONCATENATED] = "concatenated",
    [VM] = "vm",
    [VM_THEN_VTPM] = "vm-then-vtpm",
    [VTPM_THEN_VM] = "vtpm-then-vm",
    [VTPM_AT_PUSH] = "vtpm-at-push",
    NULL,
};
static const MigrationMethod methods[] = {
    [JOINT] = METHOD_JOINT,
    [CONCATENATED] = METHOD_CONCATENATED,
    [VM] = METHOD_VM,
    [VM_THEN_VTPM] = METHOD_VM_THEN_VTPM,
    [VTPM_THEN_VM] = METHOD_VTPM_THEN_VM,
    [VTPM_AT_PUSH] = METHOD_VTPM_AT_PUSH,
};

static const Field evacuate_fields[] = {
    {"host", FIELD_REFERENCE(EvacuateKeys, host), .refers = "/hosts", .required = TRUE, .help = "the host to empty"},
    {"to", FIELD_LIST(EvacuateKeys, to, REFERENCE), .refers = "/hosts",
     .help = "hosts that may take its VMs; absent: every other host that a route leads to"},
    {"order", FIELD_ENUM(EvacuateKeys, order), .words = order_words, .preset = "listed",
     .help = "which VM goes first: as the scenario lists them, by memory, by the rate at which their workload is "
             "configured to dirty memory, or drawn for each seed"},
    {"choose", FIELD_ENUM(EvacuateKeys, choose), .words = choice_words, .preset = "most-free-memory",
     .help = "where a VM goes, of the hosts that have room: the one with most memory left, the first of the list, or "
             "each in turn"},
    {"outgoing", FIELD_COUNT(EvacuateKeys, outgoing), .preset = "2", .min = "1", .max = "1000000",
     .help = "migrations out of the host at a time, at most (KubeVirt's parallelOutboundMigrationsPerNode)"},
    {"in_all", FIELD_COUNT(EvacuateKeys, in_all), .preset = "5", .min = "1", .max = "1000000",
     .help = "this evacuation begins no migration while so many of all evacuations go on (KubeVirt's "
             "parallelMigrationsPerCluster)"},
    {"incoming", FIELD_COUNT(EvacuateKeys, incoming), .preset = "0", .min = "0", .max = "1000000",
     .help = "nor one to a host to which so many go on; 0: any number"},
    {"attempts", FIELD_COUNT(EvacuateKeys, attempts), .preset = "1", .min = "1", .max = "1000",
     .help = "migrations that are tried of one VM, at most"},
    {"retry_after", FIELD_TIME(EvacuateKeys, retry_after_s), .preset = "10s",
     .help = "from the end of a migration that failed to the next try of its VM"},
    {"deadline", FIELD_TIME(EvacuateKeys, deadline_s), .above = "0s",
     .help = "the maintenance window: a host that is not empty so long after the evacuation began was not evacuated in "
             "time; the evacuation goes on all the same. Absent: there is none"},
    {"method", FIELD_ENUM(EvacuateKeys, method), .words = method_words, .preset = "joint",
     .help = "as of migrate, for VMs that have a vTPM; the others go alone"},
    {"hypervisor", FIELD_OBJECT(EvacuateKeys, hypervisor), .table = &hypervisor_table, .preset = "xen-4.5",
     .help = "pre-copy policy and costs"},
    {"name", FIELD_NAME(EvacuateKeys, name), .help = "what the results call this evacuation; absent: the host's name"},
    {NULL},
};
const FieldCase evacuation_keys_actions[] = {
    {"evacuate", evacuate_fields, "live-migrate every VM of a host to other hosts, a few at a time"},
    {NULL},
};

const EvacuateKeys *
evacuation_keys_of(const ActionSpec *action)
{
    return action_keys(action, &evacuation_keys);
}

MigrationMethod
evacuation_keys_method(const EvacuateKeys *keys, gboolean has_vtpm)
{
    return has_vtpm ? methods[keys->method] : METHOD_VM;
}

EvacuationPolicy
evacuation_keys_policy(const EvacuateKeys *keys)
{
    return (EvacuationPolicy){.order = keys->order,
                              .choice = keys->choose,
                              .outgoing = keys->outgoing,
                              .in_all = keys->in_all,
                              .incoming = keys->incoming,
                              .attempts = keys->attempts,
                              .retry_after_s = keys->retry_after_s};
}

const char *
evacuation_keys_name(const EvacuateKeys *keys)
{
    return keys->name ? keys->name : keys->host;
}
