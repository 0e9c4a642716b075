#include "models/placement/consolidation.h"

#include "models/placement/counters.h"

#include <math.h>

void
consolidation_init(Consolidation *plan)
{
    *plan = (Consolidation){.moves = g_array_new(FALSE, FALSE, sizeof(ConsolidationMove)),
                            .wakes = g_array_new(FALSE, FALSE, sizeof(guint)),
                            .sleeps = g_array_new(FALSE, FALSE, sizeof(guint))};
}

void
consolidation_clear(Consolidation *plan)
{
    g_clear_pointer(&plan->moves, g_array_unref);
    g_clear_pointer(&plan->wakes, g_array_unref);
    g_clear_pointer(&plan->sleeps, g_array_unref);
}

static void
start_plan(Consolidation *plan)
{
    plan->outcome = CONSOLIDATION_DONE;
    g_array_set_size(plan->moves, 0);
    g_array_set_size(plan->wakes, 0);
    g_array_set_size(plan->sleeps, 0);
}

static void
append_number(GArray *numbers, gint number)
{
    const guint value = (guint)number;

    g_array_append_val(numbers, value);
}

/* The VMs of a host, by their numbers. */
static GArray *
vms_of(const ConsolidationView *view, guint host)
{
    GArray *vms = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < view->n_vms; i++)
        if (view->vms[i].host == host)
            g_array_append_val(vms, i);
    return vms;
}

static gint
select_vm(const ConsolidationRules *rules, const ConsolidationView *view, const GArray *vms, RandomStream *stream)
{
    g_autofree SelectionVm *candidates = g_new(SelectionVm, vms->len + 1u);

    for (guint i = 0; i < vms->len; i++) {
        const ConsolidationVm *vm = &view->vms[g_array_index(vms, guint, i)];

        candidates[i] = (SelectionVm){vm->memory_bytes, vm->cpu, vm->n_cpu, vm->fixed || vm->n_cpu == 0};
    }
    const gint picked = vm_selection_pick(rules->selection, rules->last_n, candidates, vms->len, stream);

    return picked < 0 ? -1 : (gint)g_array_index(vms, guint, picked);
}

double *
consolidation_utilization(const ConsolidationView *view, guint host, const GArray *vms, guint *n)
{
    *n = 0;
    for (guint i = 0; i < vms->len; i++)
        *n = MAX(*n, view->vms[g_array_index(vms, guint, i)].n_cpu);
    double *utilization = g_new0(double, *n + 1u);

    for (guint i = 0; i < vms->len; i++) {
        const ConsolidationVm *vm = &view->vms[g_array_index(vms, guint, i)];

        for (guint k = 0; k < vm->n_cpu; k++)
            utilization[*n - vm->n_cpu + k] += vm->cpu[k] / view->hosts[host].capacity;
    }
    return utilization;
}

/* Those of them that the host's own counters have. */
static GArray *
vms_read_by(const ConsolidationView *view, guint host)
{
    g_autoptr(GArray) all = vms_of(view, host);
    GArray *vms = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < all->len; i++)
        if (!view->vms[g_array_index(all, guint, i)].unread)
            g_array_append_val(vms, g_array_index(all, guint, i));
    return vms;
}

ConsolidationRequest
consolidation_local(const ConsolidationRules *rules, OverloadState *state, const ConsolidationView *view, guint host,
                    RandomStream *stream)
{
    const ConsolidationHost *h = &view->hosts[host];
    ConsolidationRequest request = {CONSOLIDATION_NOTHING, host, -1};

    if (h->asleep || h->closed)
        return request;
    guint n;
    g_autoptr(GArray) vms = vms_read_by(view, host);
    g_autofree double *utilization = consolidation_utilization(view, host, vms, &n);

    if (n == 0)
        return request; /* locals/manager.py: "The host is idle" */
    if (underload_detect(&rules->underload, utilization, n)) {
        request.kind = CONSOLIDATION_UNDERLOAD;
    } else if (overload_detect(&rules->overload, state, utilization, n, rules->migration_steps)) {
        request.kind = CONSOLIDATION_OVERLOAD;
        request.vm = select_vm(rules, view, vms, stream);
    }
    return request;
}

/* What is laid on what, and for whom the caller's refusals are asked. */
typedef struct {
    const ConsolidationRules *rules;
    const ConsolidationView *view;
    PackingHost *hosts; /* owned, one for each host */
    GArray *vms;        /* of guint, those that are asked for; borrowed */
} Packer;

static gboolean
refuse(gpointer data, guint vm, guint host)
{
    const Packer *packer = data;

    return packer->view->refuses &&
           packer->view->refuses(packer->view->data, g_array_index(packer->vms, guint, vm), host);
}

static PackingHost
packing_host(const ConsolidationHost *host)
{
    return (PackingHost){.cpu = host->capacity,
                         .memory_bytes = host->memory_bytes,
                         .asleep = host->asleep,
                         .closed = host->closed,
                         .curve = host->curve,
                         .asleep_W = host->asleep_W};
}

static void
use_host(PackingHost *host, const ConsolidationVm *vm)
{
    host->cpu_used += vm->n_cpu ? counters_last(vm->cpu, vm->n_cpu) : 0;
    host->memory_used_bytes += vm->memory_bytes;
}

static void
leave_host(PackingHost *host, const ConsolidationVm *vm)
{
    host->cpu_used = MAX(host->cpu_used - (vm->n_cpu ? counters_last(vm->cpu, vm->n_cpu) : 0), 0);
    host->memory_used_bytes -= vm->memory_bytes;
}

static Packer
packer_of(const ConsolidationRules *rules, const ConsolidationView *view)
{
    Packer packer = {rules, view, g_new0(PackingHost, view->n_hosts + 1u), NULL};
    g_autofree guint *vms = g_new0(guint, view->n_hosts + 1u);

    for (guint i = 0; i < view->n_hosts; i++)
        packer.hosts[i] = packing_host(&view->hosts[i]);
    for (guint i = 0; i < view->n_vms; i++) {
        use_host(&packer.hosts[view->vms[i].host], &view->vms[i]);
        vms[view->vms[i].host]++;
    }
    for (guint i = 0; i < view->n_hosts; i++)
        if (!vms[i])
            packer.hosts[i].asleep = TRUE; /* globals/manager.py: a host of no VM is inactive */
    return packer;
}

/* where: owned, one for each of vms. */
static gint *
pack(Packer *packer, GArray *vms, gboolean may_wake, gboolean all_or_nothing)
{
    PackingRules rules = packer->rules->packing;
    g_autofree PackingVm *wanted = g_new(PackingVm, vms->len + 1u);
    gint *where = g_new(gint, vms->len + 1u);

    rules.wakes = rules.wakes && may_wake;
    rules.all_or_nothing = all_or_nothing;
    for (guint i = 0; i < vms->len; i++) {
        const ConsolidationVm *vm = &packer->view->vms[g_array_index(vms, guint, i)];

        wanted[i] = (PackingVm){counters_mean_of_last(vm->cpu, vm->n_cpu, packer->rules->last_n), vm->memory_bytes};
    }
    packer->vms = vms;
    packing_solve(&rules, packer->hosts, packer->view->n_hosts, wanted, vms->len, refuse, packer, where);
    return where;
}

/* Those that have a place go there; FALSE: some have none. */
static gboolean
add_moves(Packer *packer, const GArray *vms, const gint *where, Consolidation *plan)
{
    gboolean all = TRUE;

    for (guint i = 0; i < vms->len; i++) {
        const guint number = g_array_index(vms, guint, i);
        const ConsolidationVm *vm = &packer->view->vms[number];

        if (where[i] < 0) {
            all = FALSE;
            continue;
        }
        const ConsolidationMove move = {number, vm->host, (guint)where[i]};
        PackingHost *to = &packer->hosts[move.to];

        if (to->asleep)
            g_array_append_val(plan->wakes, move.to);
        to->asleep = FALSE;
        use_host(to, vm);
        g_array_append_val(plan->moves, move);
    }
    return all;
}

static gboolean
can_all_go(const ConsolidationView *view, const GArray *vms)
{
    for (guint i = 0; i < vms->len; i++) {
        const ConsolidationVm *vm = &view->vms[g_array_index(vms, guint, i)];

        if (vm->fixed || vm->n_cpu == 0)
            return FALSE;
    }
    return TRUE;
}

void
consolidation_answer(const ConsolidationRules *rules, const ConsolidationView *view,
                     const ConsolidationRequest *request, Consolidation *plan)
{
    const gboolean underload = request->kind == CONSOLIDATION_UNDERLOAD;
    g_autoptr(GArray) vms = underload ? vms_of(view, request->host) : g_array_new(FALSE, FALSE, sizeof(guint));

    start_plan(plan);
    if (request->kind == CONSOLIDATION_OVERLOAD && request->vm >= 0)
        append_number(vms, request->vm);
    if (vms->len == 0)
        return;
    if (!can_all_go(view, vms)) {
        plan->outcome = CONSOLIDATION_DROPPED;
        return;
    }
    Packer packer = packer_of(rules, view);

    packer.hosts[request->host].closed = TRUE; /* "Exclude the underloaded host", "… the overloaded host" */
    g_autofree gint *where = pack(&packer, vms, !underload, rules->packing.all_or_nothing);

    if (!add_moves(&packer, vms, where, plan))
        plan->outcome = CONSOLIDATION_NO_PLACE;
    else if (underload)
        g_array_append_val(plan->sleeps, request->host);
    g_free(packer.hosts);
}

/* What a sweep keeps of each host. */
typedef struct {
    Packer packer;
    OverloadState *states;
    RandomStream *stream;
    gboolean *overloaded, *excluded; /* owned; excluded: not to be emptied */
    GArray **vms;                    /* owned: of each host, those that have not left */
} Sweep;

/* Whether it is overloaded by the VMs that have not left. */
static gboolean
is_overloaded(const Sweep *sweep, guint host, OverloadState *state)
{
    const ConsolidationRules *rules = sweep->packer.rules;
    guint n;
    g_autofree double *utilization = consolidation_utilization(sweep->packer.view, host, sweep->vms[host], &n);

    return overload_detect(&rules->overload, state, utilization, n, rules->migration_steps);
}

static void
drop_vm(GArray *vms, guint vm)
{
    for (guint i = 0; i < vms->len; i++)
        if (g_array_index(vms, guint, i) == vm) {
            g_array_remove_index(vms, i);
            return;
        }
}

/* 1: getVmsToMigrateFromHosts */
static void
relieve(Sweep *sweep, guint host, GArray *leaving)
{
    /* a detector that counts its calls does not count these trials */
    for (OverloadState trial = sweep->states[host]; is_overloaded(sweep, host, &trial); trial = sweep->states[host]) {
        const gint vm = select_vm(sweep->packer.rules, sweep->packer.view, sweep->vms[host], sweep->stream);

        if (vm < 0)
            return;
        append_number(leaving, vm);
        drop_vm(sweep->vms[host], (guint)vm);
        leave_host(&sweep->packer.hosts[host], &sweep->packer.view->vms[vm]);
    }
}

static void
relieve_overloaded(Sweep *sweep, Consolidation *plan)
{
    const ConsolidationView *view = sweep->packer.view;
    g_autoptr(GArray) leaving = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < view->n_hosts; i++) {
        const ConsolidationHost *h = &view->hosts[i];

        if (h->closed || sweep->packer.hosts[i].asleep)
            continue;
        sweep->overloaded[i] = is_overloaded(sweep, i, &sweep->states[i]);
        sweep->packer.hosts[i].closed |= sweep->overloaded[i];
    }
    for (guint i = 0; i < view->n_hosts; i++)
        if (sweep->overloaded[i])
            relieve(sweep, i, leaving);
    g_autofree gint *where = pack(&sweep->packer, leaving, TRUE, FALSE); /* 2 */

    if (!add_moves(&sweep->packer, leaving, where, plan))
        plan->outcome = CONSOLIDATION_NO_PLACE;
}

/* 3: getMigrationMapFromUnderUtilizedHosts, one step; FALSE: no host is left that might be emptied. */
static gboolean
empty_least_utilized(Sweep *sweep, Consolidation *plan, const double *utilization)
{
    const ConsolidationView *view = sweep->packer.view;
    const gint host = underload_least_utilized(utilization, sweep->excluded, view->n_hosts);

    if (host < 0)
        return FALSE;
    sweep->excluded[host] = TRUE;
    sweep->packer.hosts[host].closed = TRUE;
    if (sweep->vms[host]->len == 0 || !can_all_go(view, sweep->vms[host]))
        return TRUE;
    g_autofree gint *where = pack(&sweep->packer, sweep->vms[host], FALSE, TRUE);

    if (where[0] < 0)
        return TRUE;
    for (guint i = 0; i < sweep->vms[host]->len; i++)
        sweep->excluded[where[i]] = TRUE; /* it has been chosen to take VMs */
    add_moves(&sweep->packer, sweep->vms[host], where, plan);
    append_number(plan->sleeps, host);
    return TRUE;
}

static void
empty_underloaded(Sweep *sweep, Consolidation *plan)
{
    const ConsolidationView *view = sweep->packer.view;
    g_autofree double *utilization = g_new(double, view->n_hosts + 1u);

    for (guint i = 0; i < view->n_hosts; i++) {
        const PackingHost *host = &sweep->packer.hosts[i];

        utilization[i] = host->cpu_used / host->cpu;
        sweep->excluded[i] = host->closed || host->asleep;
    }
    for (guint i = 0; i < plan->moves->len; i++)
        sweep->excluded[g_array_index(plan->moves, ConsolidationMove, i).to] = TRUE;
    while (empty_least_utilized(sweep, plan, utilization))
        ;
}

void
consolidation_sweep(const ConsolidationRules *rules, OverloadState *states, const ConsolidationView *view,
                    RandomStream *stream, Consolidation *plan)
{
    Sweep sweep = {.packer = packer_of(rules, view),
                   .states = states,
                   .stream = stream,
                   .overloaded = g_new0(gboolean, view->n_hosts + 1u),
                   .excluded = g_new0(gboolean, view->n_hosts + 1u),
                   .vms = g_new(GArray *, view->n_hosts + 1u)};

    start_plan(plan);
    for (guint i = 0; i < view->n_hosts; i++)
        sweep.vms[i] = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < view->n_vms; i++)
        g_array_append_val(sweep.vms[view->vms[i].host], i);
    relieve_overloaded(&sweep, plan);
    empty_underloaded(&sweep, plan);
    for (guint i = 0; i < view->n_hosts; i++)
        g_array_unref(sweep.vms[i]);
    g_free(sweep.vms);
    g_free(sweep.overloaded);
    g_free(sweep.excluded);
    g_free(sweep.packer.hosts);
}
