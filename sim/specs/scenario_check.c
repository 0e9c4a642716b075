#include "sim/specs/scenario_check.h"

#include "sim/specs/guest_layout.h"
#include "sim/specs/network.h"
#include "sim/specs/reject.h"
#include "sim/specs/workload_check.h"

#include <math.h>
#include <string.h>

#define DOMAIN_0 "Domain-0"

/* ---- network ---- */

/* The two that a cable joins, whichever end comes first; no name has a blank. (transfer full) */
static char *
pair_of(const LinkSpec *link)
{
    const char *one = g_array_index(link->ends, char *, 0), *other = g_array_index(link->ends, char *, 1);

    return strcmp(one, other) < 0 ? g_strconcat(one, " ", other, NULL) : g_strconcat(other, " ", one, NULL);
}

/* A route is the shortest one, and of two cables side by side neither is shorter. */
static gboolean
check_links(const ScenarioSpec *scenario, GError **error)
{
    g_autoptr(GHashTable) joined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < scenario->links->len; i++) {
        const LinkSpec *link = &g_array_index(scenario->links, LinkSpec, i);
        g_autofree char *pair = pair_of(link);
        if (g_str_equal(g_array_index(link->ends, char *, 0), g_array_index(link->ends, char *, 1)))
            return reject(error, "/links/%u/ends: both ends are \"%s\", expected two different ones", i,
                          g_array_index(link->ends, char *, 0));
        const LinkSpec *other = g_hash_table_lookup(joined, pair);
        if (other)
            return reject(error, "/links/%u/ends: \"%s\" joins the same two already, expected one cable between them",
                          i, other->name);
        g_hash_table_insert(joined, g_steal_pointer(&pair), (gpointer)link);
    }
    return TRUE;
}

/* Hosts and switches are nodes of one network; those of a fabric have names that no list has looked at. */
static gboolean
check_nodes(const ScenarioSpec *scenario, GError **error)
{
    g_autoptr(GHashTable) nodes = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) links = g_hash_table_new(g_str_hash, g_str_equal);

    if (scenario->hosts->len == 0)
        return reject(error, "/hosts: has 0 elements, expected at least 1, or a \"fabric\"");
    for (guint i = 0; i < scenario->hosts->len; i++) {
        char *name = g_array_index(scenario->hosts, HostSpec, i).name;
        if (!g_hash_table_add(nodes, name))
            return reject(error, "/hosts/%u/name: \"%s\" stands in /hosts already, expected another name", i, name);
    }
    for (guint i = 0; i < scenario->switches->len; i++) {
        char *name = g_array_index(scenario->switches, SwitchSpec, i).name;
        if (!g_hash_table_add(nodes, name))
            return reject(error, "/switches/%u/name: \"%s\" is a host already, expected another name", i, name);
    }
    for (guint i = 0; i < scenario->links->len; i++) {
        char *name = g_array_index(scenario->links, LinkSpec, i).name;
        if (!g_hash_table_add(links, name))
            return reject(error, "/links/%u/name: \"%s\" stands in /links already, expected another name", i, name);
    }
    return TRUE;
}

/* ---- guests ---- */

static gboolean
check_phases_order(const GuestSpec *guest, guint index, GError **error)
{
    double weights = 0;

    for (guint i = 0; i < guest->phases->len; i++)
        weights += g_array_index(guest->phases, WorkloadSpec, i).weight;
    if (guest->phases_order == PHASES_ONCE)
        return !guest->phases_anywhere ||
               reject(error,
                      "/guests/%u/phases_anywhere: its phases come once, expected phases that repeat or are drawn",
                      index);
    if (guest->phases->len == 0)
        return reject(error, "/guests/%u/phases_order: it has no phases, expected some", index);
    return guest->phases_order != PHASES_DRAWN || weights > 0 ||
           reject(error, "/guests/%u/phases: all have weight 0, expected one that can be drawn", index);
}

#define PHASE_LEAST_S 1e-6 /* chosen: a thousand of the engine's steps; of 1 ns a second is 10^9 phases */

static gboolean
check_phases(const GuestSpec *guest, guint index, GError **error)
{
    for (guint i = 0; i < guest->phases->len; i++) {
        const WorkloadSpec *phase = &g_array_index(guest->phases, WorkloadSpec, i);
        g_autofree char *pointer = g_strdup_printf("/guests/%u/phases/%u", index, i);
        if (!workload_check(phase, guest_spec_workload_room(guest), guest->page_bytes, pointer, error))
            return FALSE;
        if (isnan(phase->lasts_s) && (guest->phases_order != PHASES_ONCE || i + 1 < guest->phases->len))
            return reject(error, "%s: has no \"lasts\" but is not the last phase, expected how long it lasts", pointer);
        if (guest->phases_order != PHASES_ONCE && phase->lasts_s < PHASE_LEAST_S)
            return reject(error, "%s/lasts: is less than a run can follow for ever, expected at least 1us", pointer);
    }
    return check_phases_order(guest, index, error);
}

static gboolean
is_power_of_two(double bytes)
{
    return !(fabs(log2(bytes) - round(log2(bytes))) > 0);
}

#define KERNEL_WRITES_MAX 1e8 /* a second; chosen: ten times what a guest's program can make */

static gboolean
check_kernel(const KernelSpec *kernel, const Layout *layout, guint index, GError **error)
{
    if (!kernel)
        return TRUE;
    if (layout_body_pages(layout) == 0)
        return reject(error,
                      "/guests/%u/kernel: writes to pages that are used, but /guests/%u/used leaves none for it, "
                      "expected more, or no \"kernel\"",
                      index, index);
    return (double)kernel->pages / kernel->interval_s <= KERNEL_WRITES_MAX ||
           reject(error, "/guests/%u/kernel/interval: makes more than %.0f page writes a second, expected a longer one",
                  index, KERNEL_WRITES_MAX);
}

static gboolean
check_host_page(const GuestSpec *guest, guint index, GError **error)
{
    const double bytes = guest->host_page_bytes;

    if (isnan(bytes))
        return TRUE;
    if (!is_power_of_two(bytes))
        return reject(error, "/guests/%u/host_page: is %.0f bytes, expected a power of two", index, bytes);
    if (bytes < guest->page_bytes)
        return reject(error, "/guests/%u/host_page: is %.0f bytes, expected a multiple of page, %.0f bytes", index,
                      bytes, guest->page_bytes);
    if (fmod(guest->memory_bytes, bytes) > 0)
        return reject(error, "/guests/%u/host_page: is %.0f bytes, expected a size that divides memory, %.0f bytes",
                      index, bytes, guest->memory_bytes);
    return TRUE;
}

static gboolean
check_guest(const GuestSpec *guest, guint index, GError **error)
{
    g_autofree char *pointer = g_strdup_printf("/guests/%u/workload", index);

    if (!check_host_page(guest, index, error))
        return FALSE;
    if (!isnan(guest->used_bytes) && guest->used_bytes > guest->memory_bytes)
        return reject(error, "/guests/%u/used: is more than the guest's memory, expected at most that", index);
    const Layout layout = guest_layout_named(guest);
    const char *fault = layout_fault(&layout);
    if (fault)
        return reject(error, "/guests/%u/layout: %s, expected sizes that fit", index, fault);
    return check_kernel(guest->kernel, &layout, index, error) &&
           workload_check(guest->workload, guest_spec_workload_room(guest), guest->page_bytes, pointer, error) &&
           check_phases(guest, index, error);
}

/* ---- domains, whoever creates them ---- */

static gboolean
check_domain(const DomainSpec *domain, GError **error)
{
    if (g_str_equal(domain->name, DOMAIN_0))
        return reject(error, "/%s/%u/name: is \"" DOMAIN_0 "\", a host's own domain, expected another name",
                      domain->list, domain->index);
    if (!is_power_of_two(domain->page_bytes))
        return reject(error, "/%s/%u/page: is %.0f bytes, expected a power of two", domain->list, domain->index,
                      domain->page_bytes);
    return TRUE;
}

/* Results and the time line know domains by name, and bindings go by uuid: no two domains may have the same. */
static gboolean
check_identities(const GArray *domains, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) uuids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < domains->len; i++) {
        const DomainSpec *domain = &g_array_index(domains, DomainSpec, i);
        if (!g_hash_table_add(names, (gpointer)domain->name))
            return reject(error, "/%s/%u/name: \"%s\" is a guest already, expected another name", domain->list,
                          domain->index, domain->name);
        const char *owner = domain->uuid ? g_hash_table_lookup(uuids, domain->uuid) : NULL;
        if (owner)
            return reject(error, "/%s/%u/uuid: is that of \"%s\" already, expected one of its own", domain->list,
                          domain->index, owner);
        if (domain->uuid)
            g_hash_table_insert(uuids, (gpointer)domain->uuid, (gpointer)domain->name);
    }
    return TRUE;
}

/* By name of host, what Domain-0 leaves of its memory. NULL with error set: it leaves less than nothing. */
static GHashTable *
memory_for_guests(const ScenarioSpec *scenario, GError **error)
{
    g_autoptr(GHashTable) free_bytes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (guint i = 0; i < scenario->hosts->len; i++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        double *left = g_new(double, 1);
        *left = host->memory_bytes - host->dom0_memory_bytes;
        g_hash_table_insert(free_bytes, host->name, left);
        if (*left < 0) {
            reject(error, "/hosts/%u/dom0_memory: is more than the host's memory, expected at most that", i);
            return NULL;
        }
    }
    return g_steal_pointer(&free_bytes);
}

/* Whether the domains that start on each host fit its memory. */
static gboolean
check_host_memory(const ScenarioSpec *scenario, const GArray *domains, GError **error)
{
    g_autoptr(GHashTable) free_bytes = memory_for_guests(scenario, error);

    for (guint i = 0; free_bytes && i < domains->len; i++) {
        const DomainSpec *domain = &g_array_index(domains, DomainSpec, i);
        if (scenario_creation(scenario, domain->guest))
            continue;
        double *left = g_hash_table_lookup(free_bytes, domain->host);
        *left -= domain->memory_bytes;
        if (*left < 0)
            return reject(error, "/%s/%u/memory: the guests of \"%s\" do not fit its memory, expected %.0f bytes less",
                          domain->list, domain->index, domain->host, -*left);
    }
    return free_bytes != NULL;
}

typedef struct {
    const DomainSpec *first; /* that finds no place; NULL: all do */
    double left;
} VcpuRoom;

/* Whose cores they are must not hang on a third. */
static gboolean
check_processors_of(const ScenarioSpec *scenario, guint i, GError **error)
{
    const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);

    for (guint k = 0; host->processors_of && k < scenario->hosts->len; k++) {
        const HostSpec *owner = &g_array_index(scenario->hosts, HostSpec, k);
        if (g_str_equal(owner->name, host->processors_of) && owner->processors_of)
            return reject(error,
                          "/hosts/%u/processors_of: \"%s\" has those of \"%s\" itself, expected a host of its own", i,
                          owner->name, owner->processors_of);
    }
    return TRUE;
}

/* Whether the virtual processors of the domains that start on each host find a place there: of the first host where
 * they do not, the first domain is told. */
static gboolean
check_host_processors(const ScenarioSpec *scenario, const GArray *domains, GError **error)
{
    g_autoptr(GHashTable) rooms = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

    for (guint i = 0; i < scenario->hosts->len; i++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        VcpuRoom *room = g_new(VcpuRoom, 1);
        *room = (VcpuRoom){NULL, host_spec_vcpus(host)};
        g_hash_table_insert(rooms, host->name, room);
    }
    for (guint i = 0; i < domains->len; i++) {
        const DomainSpec *domain = &g_array_index(domains, DomainSpec, i);
        VcpuRoom *room = g_hash_table_lookup(rooms, domain->host);
        if (scenario_creation(scenario, domain->guest))
            continue;
        room->left -= domain->vcpus;
        if (room->left < 0 && !room->first)
            room->first = domain;
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        if (!check_processors_of(scenario, i, error))
            return FALSE;
        const DomainSpec *domain = ((const VcpuRoom *)g_hash_table_lookup(rooms, host->name))->first;
        if (domain)
            return reject(error,
                          "/%s/%u/host: the virtual processors on \"%s\" are more than its vcpus_per_core times its "
                          "cores, expected at most %g",
                          domain->list, domain->index, host->name, host_spec_vcpus(host));
    }
    return TRUE;
}

static gboolean
check_domains(const ScenarioSpec *scenario, const GArray *domains, GError **error)
{
    for (guint i = 0; i < domains->len; i++)
        if (!check_domain(&g_array_index(domains, DomainSpec, i), error))
            return FALSE;
    return check_identities(domains, error) && check_host_memory(scenario, domains, error) &&
           check_host_processors(scenario, domains, error);
}

/* ---- the time line ---- */

static gboolean
check_new_workloads(const ScenarioSpec *scenario, const GArray *domains, GError **error)
{
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < domains->len; i++) {
        DomainSpec *domain = &g_array_index(domains, DomainSpec, i);
        g_hash_table_insert(by_name, (gpointer)domain->name, domain);
    }
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        g_autofree char *pointer = g_strdup_printf("/timeline/%u/workload", i);
        if (action->kind != ACTION_SET_WORKLOAD)
            continue;
        const DomainSpec *domain = g_hash_table_lookup(by_name, action->guest);
        if (!workload_check(action->workload, domain->room_bytes, domain->page_bytes, pointer, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- all of it ---- */

/* Checks of routes look at a guest's own host: wherever it is created has to be in the same part of the network. */
static gboolean
check_creations(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (action->kind != ACTION_CREATE_GUEST || !action->host)
            continue;
        const char *own = scenario_guest(scenario, action->guest)->host;
        if (!network_connects(network, own, action->host))
            return reject(error, "/timeline/%u/host: no route from \"%s\", the host of \"%s\", to \"%s\", expected one",
                          i, own, action->guest, action->host);
    }
    return TRUE;
}

/* Of several rules that do not build upon each other: whether to go on after one. mistakes: NULL: the first one that is
 * broken ends it, and error is set. */
static gboolean
goes_on(gboolean well, GPtrArray *mistakes, GError **error)
{
    if (well || !mistakes)
        return well;
    g_ptr_array_add(mistakes, g_strdup((*error)->message));
    g_clear_error(error);
    return TRUE;
}

static gboolean
is_whole(const ScenarioSpec *scenario, GError **error)
{
    return !scenario->extends ||
           reject(error, "/extends: is only for a scenario's own file, expected one that is whole");
}

static gboolean
check_platform(const ScenarioSpec *scenario, GPtrArray *mistakes, GError **error)
{
    if (!goes_on(is_whole(scenario, error), mistakes, error) ||
        !goes_on(check_nodes(scenario, error), mistakes, error) ||
        !goes_on(check_links(scenario, error), mistakes, error))
        return FALSE;
    for (guint i = 0; i < scenario->guests->len; i++)
        if (!goes_on(check_guest(&g_array_index(scenario->guests, GuestSpec, i), i, error), mistakes, error))
            return FALSE;
    return TRUE;
}

static gboolean
check_parts(const ScenarioSpec *scenario, GPtrArray *mistakes, GError **error)
{
    g_autoptr(Network) network = network_new(scenario);

    if (!goes_on(check_creations(scenario, network, error), mistakes, error))
        return FALSE;
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->check && !goes_on((*part)->check(scenario, network, error), mistakes, error))
            return FALSE;
    return TRUE;
}

/* Each step asks only what the ones before have left in order. */
static gboolean
check_all(const ScenarioSpec *scenario, GPtrArray *mistakes, GError **error)
{
    if (!check_platform(scenario, mistakes, error))
        return FALSE;
    if (mistakes && mistakes->len > 0)
        return TRUE;
    g_autoptr(GArray) domains = scenario_domains(scenario);
    if (!goes_on(check_domains(scenario, domains, error), mistakes, error) ||
        !goes_on(check_new_workloads(scenario, domains, error), mistakes, error))
        return FALSE;
    return (mistakes && mistakes->len > 0) || check_parts(scenario, mistakes, error);
}

gboolean
scenario_check(const ScenarioSpec *scenario, GError **error)
{
    return check_all(scenario, NULL, error);
}

GPtrArray *
scenario_mistakes(const ScenarioSpec *scenario)
{
    GPtrArray *mistakes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    (void)check_all(scenario, mistakes, &error);
    return mistakes;
}

GPtrArray *
scenario_warnings(const ScenarioSpec *scenario)
{
    GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);

    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->warn)
            (*part)->warn(scenario, warnings);
    return warnings;
}
