#include "sim/specs/scenario_check.h"

#include "sim/specs/card_check.h"
#include "sim/specs/guest_layout.h"
#include "sim/specs/pages_check.h"
#include "sim/specs/socket_check.h"

#include <math.h>

#define DOMAIN_0 "Domain-0"

GQuark
scenario_check_error_quark(void)
{
    return g_quark_from_static_string("tandem-scenario-check-error");
}

static gboolean misfit(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
misfit(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, SCENARIO_CHECK_ERROR, SCENARIO_CHECK_ERROR_MISFIT, text);
    return FALSE;
}

/* ---- network ---- */

/* Which part of the network each host and switch belongs to: nodes of one part reach each other. */
typedef struct {
    GHashTable *leader_of; /* name to name: one step nearer to the part's leader */
} Parts;

static const char *
leader(const Parts *parts, const char *node)
{
    for (;;) {
        const char *next = g_hash_table_lookup(parts->leader_of, node);
        if (!next)
            return node;
        node = next;
    }
}

static void
join_parts(Parts *parts, const ScenarioSpec *scenario)
{
    parts->leader_of = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < scenario->links->len; i++) {
        const GArray *ends = g_array_index(scenario->links, LinkSpec, i).ends;
        const char *first = leader(parts, g_array_index(ends, char *, 0));
        const char *second = leader(parts, g_array_index(ends, char *, 1));
        if (!g_str_equal(first, second))
            g_hash_table_insert(parts->leader_of, (gpointer)first, (gpointer)second);
    }
}

static gboolean
join_the_same(const LinkSpec *a, const LinkSpec *b)
{
    const char *first = g_array_index(a->ends, char *, 0);
    const char *second = g_array_index(a->ends, char *, 1);
    const char *one = g_array_index(b->ends, char *, 0);
    const char *other = g_array_index(b->ends, char *, 1);

    return (g_str_equal(first, one) && g_str_equal(second, other)) ||
           (g_str_equal(first, other) && g_str_equal(second, one));
}

/* A route is the shortest one, and of two cables side by side neither is shorter. */
static gboolean
check_parallel(const ScenarioSpec *scenario, guint index, GError **error)
{
    const LinkSpec *link = &g_array_index(scenario->links, LinkSpec, index);

    for (guint i = 0; i < index; i++) {
        const LinkSpec *other = &g_array_index(scenario->links, LinkSpec, i);
        if (join_the_same(link, other))
            return misfit(error, "/links/%u/ends: \"%s\" joins the same two already, expected one cable between them",
                          index, other->name);
    }
    return TRUE;
}

static gboolean
check_links(const ScenarioSpec *scenario, GError **error)
{
    for (guint i = 0; i < scenario->links->len; i++) {
        const GArray *ends = g_array_index(scenario->links, LinkSpec, i).ends;
        if (g_str_equal(g_array_index(ends, char *, 0), g_array_index(ends, char *, 1)))
            return misfit(error, "/links/%u/ends: both ends are \"%s\", expected two different ones", i,
                          g_array_index(ends, char *, 0));
        if (!check_parallel(scenario, i, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_nodes(const ScenarioSpec *scenario, GError **error)
{
    for (guint i = 0; i < scenario->switches->len; i++)
        for (guint k = 0; k < scenario->hosts->len; k++)
            if (g_str_equal(g_array_index(scenario->switches, SwitchSpec, i).name,
                            g_array_index(scenario->hosts, HostSpec, k).name))
                return misfit(error, "/switches/%u/name: \"%s\" is a host already, expected another name", i,
                              g_array_index(scenario->switches, SwitchSpec, i).name);
    return TRUE;
}

static gboolean
check_flows(const ScenarioSpec *scenario, const Parts *parts, GError **error)
{
    for (guint i = 0; i < scenario->flows->len; i++) {
        const FlowSpec *flow = &g_array_index(scenario->flows, FlowSpec, i);
        if (g_str_equal(flow->from, flow->to))
            return misfit(error, "/flows/%u/to: is the sending host, expected another one", i);
        if (!g_str_equal(leader(parts, flow->from), leader(parts, flow->to)))
            return misfit(error, "/flows/%u/to: no route from \"%s\" to \"%s\", expected links that join them", i,
                          flow->from, flow->to);
    }
    return TRUE;
}

/* ---- guests ---- */

/* Sizes are held to each other as they were written; then all to the model's own rules, in pages. */
static gboolean
check_workload(const WorkloadSpec *workload, double memory_bytes, double page_bytes, const char *pointer,
               GError **error)
{
    if (workload->kind == WORKLOAD_IDLE || workload->kind == WORKLOAD_REPLAY)
        return TRUE;
    if (workload->first_bytes + workload->working_set_bytes > memory_bytes)
        return misfit(error, "%s/working_set: ends beyond the guest's used memory of %.0f bytes, expected less",
                      pointer, memory_bytes);
    if (workload->kind == WORKLOAD_HOT_COLD && workload->hot_set_bytes >= workload->working_set_bytes)
        return misfit(error, "%s/hot_set: is not smaller than the working set, expected less", pointer);
    const Workload in_pages = guest_spec_workload(workload, page_bytes);
    const char *fault = workload_fault(&in_pages, (guint64)ceil(memory_bytes / page_bytes));
    return !fault || misfit(error, "%s: in pages of %.0f bytes, %s, expected a workload that the guest can run",
                            pointer, page_bytes, fault);
}

/* What a guest's workloads may write to. */
static double
workload_room(const GuestSpec *guest)
{
    if (guest->layout->kind == GUEST_LAYOUT_LINUX)
        return guest->layout->program_bytes;
    return isnan(guest->used_bytes) ? guest->memory_bytes : guest->used_bytes;
}

static gboolean
check_phases(const GuestSpec *guest, guint index, GError **error)
{
    for (guint i = 0; i < guest->phases->len; i++) {
        const WorkloadSpec *phase = &g_array_index(guest->phases, WorkloadSpec, i);
        g_autofree char *pointer = g_strdup_printf("/guests/%u/phases/%u", index, i);
        if (!check_workload(phase, workload_room(guest), guest->page_bytes, pointer, error))
            return FALSE;
        if (isnan(phase->lasts_s) && i + 1 < guest->phases->len)
            return misfit(error, "%s: has no \"lasts\" but is not the last phase, expected how long it lasts", pointer);
    }
    return TRUE;
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
        return misfit(error,
                      "/guests/%u/kernel: writes to pages that are used, but /guests/%u/used leaves none for it, "
                      "expected more, or no \"kernel\"",
                      index, index);
    return (double)kernel->pages / kernel->interval_s <= KERNEL_WRITES_MAX ||
           misfit(error, "/guests/%u/kernel/interval: makes more than %.0f page writes a second, expected a longer one",
                  index, KERNEL_WRITES_MAX);
}

/* Rules that VMs and vTPM domains share. list: "guests" or "vtpms". */
static gboolean
check_domain(const char *list, guint index, const char *name, double page_bytes, GError **error)
{
    if (g_str_equal(name, DOMAIN_0))
        return misfit(error, "/%s/%u/name: is \"" DOMAIN_0 "\", a host's own domain, expected another name", list,
                      index);
    if (!is_power_of_two(page_bytes))
        return misfit(error, "/%s/%u/page: is %.0f bytes, expected a power of two", list, index, page_bytes);
    return TRUE;
}

static gboolean
check_host_page(const GuestSpec *guest, guint index, GError **error)
{
    const double bytes = guest->host_page_bytes;

    if (isnan(bytes))
        return TRUE;
    if (!is_power_of_two(bytes))
        return misfit(error, "/guests/%u/host_page: is %.0f bytes, expected a power of two", index, bytes);
    if (bytes < guest->page_bytes)
        return misfit(error, "/guests/%u/host_page: is %.0f bytes, expected a multiple of page, %.0f bytes", index,
                      bytes, guest->page_bytes);
    if (fmod(guest->memory_bytes, bytes) > 0)
        return misfit(error, "/guests/%u/host_page: is %.0f bytes, expected a size that divides memory, %.0f bytes",
                      index, bytes, guest->memory_bytes);
    return TRUE;
}

static gboolean
check_guests(const ScenarioSpec *scenario, GError **error)
{
    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        g_autofree char *pointer = g_strdup_printf("/guests/%u/workload", i);
        if (!check_domain("guests", i, guest->name, guest->page_bytes, error) || !check_host_page(guest, i, error))
            return FALSE;
        if (!isnan(guest->used_bytes) && guest->used_bytes > guest->memory_bytes)
            return misfit(error, "/guests/%u/used: is more than the guest's memory, expected at most that", i);
        const Layout layout = guest_layout_named(guest);
        const char *fault = layout_fault(&layout);
        if (fault)
            return misfit(error, "/guests/%u/layout: %s, expected sizes that fit", i, fault);
        if (!check_kernel(guest->kernel, &layout, i, error))
            return FALSE;
        if (!check_workload(guest->workload, workload_room(guest), guest->page_bytes, pointer, error) ||
            !check_phases(guest, i, error))
            return FALSE;
    }
    return TRUE;
}

static const VtpmSpec *
vtpm_of(const ScenarioSpec *scenario, const char *vm)
{
    for (guint i = 0; i < scenario->vtpms->len; i++)
        if (g_str_equal(g_array_index(scenario->vtpms, VtpmSpec, i).vm, vm))
            return &g_array_index(scenario->vtpms, VtpmSpec, i);
    return NULL;
}

static gboolean
check_vtpms(const ScenarioSpec *scenario, GError **error)
{
    for (guint i = 0; i < scenario->vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(scenario->vtpms, VtpmSpec, i);
        g_autofree char *pointer = g_strdup_printf("/vtpms/%u/workload", i);
        if (!check_domain("vtpms", i, vtpm->name, vtpm->page_bytes, error))
            return FALSE;
        if (scenario_guest(scenario, vtpm->name))
            return misfit(error, "/vtpms/%u/name: \"%s\" is a guest already, expected another name", i, vtpm->name);
        if (vtpm_of(scenario, vtpm->vm) != vtpm)
            return misfit(error, "/vtpms/%u/vm: \"%s\" has a vTPM already, expected a VM without one", i, vtpm->vm);
        if (!check_workload(vtpm->workload, vtpm->memory_bytes, vtpm->page_bytes, pointer, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
take_uuid(GHashTable *owners, const char *uuid, const char *list, guint index, const char *name, GError **error)
{
    const char *owner = uuid ? g_hash_table_lookup(owners, uuid) : NULL;

    if (owner)
        return misfit(error, "/%s/%u/uuid: is that of \"%s\" already, expected one of its own", list, index, owner);
    if (uuid)
        g_hash_table_insert(owners, (gpointer)uuid, (gpointer)name);
    return TRUE;
}

/* Binding goes by uuid, so no two domains may have the same. */
static gboolean
check_uuids(const ScenarioSpec *scenario, GError **error)
{
    g_autoptr(GHashTable) owners = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        if (!take_uuid(owners, guest->uuid, "guests", i, guest->name, error))
            return FALSE;
    }
    for (guint i = 0; i < scenario->vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(scenario->vtpms, VtpmSpec, i);
        if (!take_uuid(owners, vtpm->uuid, "vtpms", i, vtpm->name, error))
            return FALSE;
    }
    return TRUE;
}

/* Whether the domains that start on each host fit its memory. */
static gboolean
check_host_memory(const ScenarioSpec *scenario, GError **error)
{
    for (guint h = 0; h < scenario->hosts->len; h++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, h);
        double free_bytes = host->memory_bytes - host->dom0_memory_bytes;
        if (free_bytes < 0)
            return misfit(error, "/hosts/%u/dom0_memory: is more than the host's memory, expected at most that", h);
        for (guint i = 0; i < scenario->guests->len; i++) {
            const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
            if (!g_str_equal(guest->host, host->name))
                continue;
            const VtpmSpec *vtpm = vtpm_of(scenario, guest->name);
            free_bytes -= guest->memory_bytes + (vtpm ? vtpm->memory_bytes : 0);
            if (free_bytes < 0)
                return misfit(error,
                              "/guests/%u/memory: the guests of \"%s\" do not fit its memory, expected %.0f bytes less",
                              i, host->name, -free_bytes);
        }
    }
    return TRUE;
}

/* A migration keeps to its VM's part of the network (check_migration), so this is enough for all times. */
static gboolean
check_socket_routes(const ScenarioSpec *scenario, const Parts *parts, GError **error)
{
    for (guint i = 0; i < scenario->sockets->len; i++) {
        const SocketSpec *socket = &g_array_index(scenario->sockets, SocketSpec, i);
        const char *from = scenario_guest(scenario, socket->from)->host;
        const char *to = scenario_guest(scenario, socket->to)->host;
        if (!g_str_equal(from, to) && !g_str_equal(leader(parts, from), leader(parts, to)))
            return misfit(error, "/sockets/%u/to: no route from \"%s\" to \"%s\", expected links that join them", i,
                          from, to);
    }
    return TRUE;
}

/* ---- time line ---- */

/* Under QEMU a limit of no downtime at all ends pre-copy after one pass over memory, without a look at the log at whose
 * end other rules would be asked (docs/models/qemu.md, "At the edges"). */
static gboolean
check_rules_are_asked(const HypervisorSpec *spec, guint index, GError **error)
{
    const char *key = spec->min_pages > 0      ? "min_pages"
                      : spec->max_factor > 0   ? "max_factor"
                      : spec->stall_rounds > 0 ? "stall_rounds"
                                               : NULL;

    if (!key || spec->mechanism != MECHANISM_QEMU || spec->downtime_limit_s > 0 || spec->downtime_step_s > 0)
        return TRUE;
    return misfit(
        error,
        "/timeline/%u/hypervisor/%s: is never looked at, as a downtime_limit of 0s ends QEMU's pre-copy after "
        "one pass, expected 0 or a longer limit",
        index, key);
}

/* Limits that contradict each other, where one of them would never have an effect. */
static gboolean
check_limits(const HypervisorSpec *spec, guint index, GError **error)
{
    if (spec->downtime_step_s > 0 && !(spec->downtime_most_s > spec->downtime_limit_s))
        return misfit(
            error,
            "/timeline/%u/hypervisor/downtime_most: is not above downtime_limit, expected more, as downtime_step "
            "is given",
            index);
    if (spec->mechanism == MECHANISM_XEN && spec->rate_first_Bps > spec->rate_most_Bps)
        return misfit(error, "/timeline/%u/hypervisor/rate_most: is below rate_first, expected at least that", index);
    if (spec->mechanism == MECHANISM_QEMU && spec->buffer_most_bytes < spec->buffer_least_bytes)
        return misfit(error, "/timeline/%u/hypervisor/buffer_most: is below buffer_least, expected at least that",
                      index);
    if (spec->mechanism == MECHANISM_QEMU && spec->auto_converge &&
        spec->auto_converge->most < spec->auto_converge->first)
        return misfit(error, "/timeline/%u/hypervisor/auto_converge/most: is below first, expected at least that",
                      index);
    return check_rules_are_asked(spec, index, error);
}

static gboolean
check_migration(const ScenarioSpec *scenario, const Parts *parts, guint index, GError **error)
{
    const ActionSpec *action = &g_array_index(scenario->timeline, ActionSpec, index);
    const GuestSpec *guest = scenario_guest(scenario, action->guest);
    const VtpmSpec *vtpm = vtpm_of(scenario, action->guest);

    if (!g_str_equal(leader(parts, guest->host), leader(parts, action->host)))
        return misfit(error, "/timeline/%u/to: no route from \"%s\" to \"%s\", expected links that join them", index,
                      guest->host, action->host);
    if (action->hypervisor->mechanism == MECHANISM_QEMU && action->method != METHOD_VM &&
        action->method != METHOD_JOINT)
        return misfit(error, "/timeline/%u/method: QEMU moves a vTPM's state with its VM's, expected vm or joint",
                      index);
    if ((action->method == METHOD_JOINT || action->method == METHOD_CONCATENATED) &&
        action->hypervisor->mechanism == MECHANISM_XEN && vtpm && vtpm->page_bytes != guest->page_bytes)
        return misfit(error, "/timeline/%u/method: the VM's and its vTPM's pages differ in size, expected equal ones",
                      index);
    return check_limits(action->hypervisor, index, error);
}

static gboolean
check_new_workload(const ScenarioSpec *scenario, guint index, GError **error)
{
    const ActionSpec *action = &g_array_index(scenario->timeline, ActionSpec, index);
    const GuestSpec *guest = scenario_guest(scenario, action->guest);
    g_autofree char *pointer = g_strdup_printf("/timeline/%u/workload", index);
    double memory_bytes = 0, page_bytes = 1;

    if (guest) {
        memory_bytes = workload_room(guest);
        page_bytes = guest->page_bytes;
    }
    for (guint i = 0; i < scenario->vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(scenario->vtpms, VtpmSpec, i);
        if (g_str_equal(vtpm->name, action->guest)) {
            memory_bytes = vtpm->memory_bytes;
            page_bytes = vtpm->page_bytes;
        }
    }
    return check_workload(action->workload, memory_bytes, page_bytes, pointer, error);
}

static gboolean
check_timeline(const ScenarioSpec *scenario, const Parts *parts, GError **error)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionKind kind = g_array_index(scenario->timeline, ActionSpec, i).kind;
        if (kind == ACTION_MIGRATE && !check_migration(scenario, parts, i, error))
            return FALSE;
        if (kind == ACTION_SET_WORKLOAD && !check_new_workload(scenario, i, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_sockets(const ScenarioSpec *scenario, GError **error)
{
    g_autofree char *what = socket_check_misfit(scenario);

    return !what || misfit(error, "%s", what);
}

static gboolean
check_pages(const ScenarioSpec *scenario, GError **error)
{
    g_autofree char *what = pages_check_misfit(scenario);

    return !what || misfit(error, "%s", what);
}

gboolean
scenario_check(const ScenarioSpec *scenario, GError **error)
{
    Parts parts;

    if (!check_links(scenario, error) || !check_nodes(scenario, error) || !check_guests(scenario, error) ||
        !check_vtpms(scenario, error) || !check_uuids(scenario, error) || !check_host_memory(scenario, error) ||
        !card_check(scenario, error) || !check_sockets(scenario, error))
        return FALSE;
    join_parts(&parts, scenario);
    const gboolean fits = check_flows(scenario, &parts, error) && check_socket_routes(scenario, &parts, error) &&
                          check_timeline(scenario, &parts, error) && check_pages(scenario, error);
    g_hash_table_unref(parts.leader_of);
    return fits;
}
