#include "sim/parts/datacentre/datacentre_decide.h"

#include "sim/parts/datacentre/datacentre_read.h"

#include <math.h>

static DatacentreHost *
host_at(const DatacentreWorld *own, guint i)
{
    return &g_array_index(own->hosts, DatacentreHost, i);
}

static void
add_move(DatacentreWorld *own, const DatacentreSight *sight, const ConsolidationMove *planned, DatacentreReason why)
{
    DatacentreMove *move = g_new0(DatacentreMove, 1);

    *move = (DatacentreMove){.own = own,
                             .vm = g_array_index(sight->numbers, guint, planned->vm),
                             .from = planned->from,
                             .to = planned->to,
                             .why = why,
                             .decided_s = world_now(),
                             .turned_s = NAN,
                             .start_s = NAN,
                             .end_s = NAN,
                             .known_s = NAN,
                             .downtime_s = NAN};
    g_ptr_array_add(own->moves, move);
}

static void
follow(DatacentreWorld *own, const DatacentreSight *sight, const Consolidation *plan, DatacentreReason why)
{
    own->dropped += plan->outcome == CONSOLIDATION_DROPPED;
    own->no_place += plan->outcome == CONSOLIDATION_NO_PLACE;
    if (plan->moves->len == 0)
        return;
    for (guint i = 0; i < plan->moves->len; i++)
        add_move(own, sight, &g_array_index(plan->moves, ConsolidationMove, i), why);
    for (guint i = 0; i < plan->sleeps->len; i++)
        host_at(own, g_array_index(plan->sleeps, guint, i))->leaving = TRUE;
    own->busy = TRUE;
    if (own->keys->clocks == DATACENTRE_COMMON_CLOCK)
        sg_sem_release(own->work);
}

static ConsolidationRequest
ask_local(DatacentreWorld *own, const DatacentreSight *sight, guint host)
{
    const ConsolidationRequest request =
        consolidation_local(&own->rules, &host_at(own, host)->state, &sight->view, host, &own->random);

    own->underloads += request.kind == CONSOLIDATION_UNDERLOAD;
    own->overloads += request.kind == CONSOLIDATION_OVERLOAD;
    return request;
}

static void
answer(DatacentreWorld *own, const DatacentreSight *sight, const ConsolidationRequest *request, Consolidation *plan)
{
    consolidation_answer(&own->rules, &sight->view, request, plan);
    follow(own, sight, plan,
           request->kind == CONSOLIDATION_UNDERLOAD ? DATACENTRE_FOR_UNDERLOAD : DATACENTRE_FOR_OVERLOAD);
}

/* Each host asks; a manager that is busy refuses. */
static void
ask_each(DatacentreWorld *own, const DatacentreSight *sight, Consolidation *plan)
{
    for (guint i = 0; i < own->hosts->len; i++) {
        const ConsolidationRequest request = ask_local(own, sight, i);

        if (request.kind == CONSOLIDATION_NOTHING)
            continue;
        if (own->busy)
            own->refused++;
        else
            answer(own, sight, &request, plan);
    }
}

static void
ask_all(DatacentreWorld *own, const DatacentreSight *sight, Consolidation *plan)
{
    g_autofree OverloadState *states = g_new(OverloadState, own->hosts->len);

    if (own->busy) {
        own->refused++;
        return;
    }
    for (guint i = 0; i < own->hosts->len; i++)
        states[i] = host_at(own, i)->state;
    consolidation_sweep(&own->rules, states, &sight->view, &own->random, plan);
    for (guint i = 0; i < own->hosts->len; i++)
        host_at(own, i)->state = states[i];
    follow(own, sight, plan, DATACENTRE_FOR_BOTH);
}

/* What a balance looks at. (transfer full) */
static BalanceHost *
balance_hosts(const DatacentreSight *sight)
{
    const ConsolidationView *view = &sight->view;
    BalanceHost *hosts = g_new(BalanceHost, view->n_hosts);

    for (guint i = 0; i < view->n_hosts; i++)
        hosts[i] = (BalanceHost){.capacity = view->hosts[i].capacity,
                                 .free_memory_bytes = view->hosts[i].memory_bytes,
                                 .closed = view->hosts[i].closed || view->hosts[i].asleep};
    for (guint i = 0; i < view->n_vms; i++)
        hosts[view->vms[i].host].free_memory_bytes -= view->vms[i].memory_bytes;
    return hosts;
}

static void
balance(DatacentreWorld *own, const DatacentreSight *sight, Consolidation *plan)
{
    const ConsolidationView *view = &sight->view;
    const BalanceRules rules = datacentre_keys_balance(own->keys);
    g_autofree BalanceHost *hosts = balance_hosts(sight);
    g_autofree BalanceVm *vms = g_new(BalanceVm, view->n_vms + 1u);
    g_autofree BalanceMove *moves = g_new(BalanceMove, rules.moves);

    if (own->busy) {
        own->refused++;
        return;
    }
    for (guint i = 0; i < view->n_vms; i++) {
        const ConsolidationVm *vm = &view->vms[i];
        const double load = counters_mean_of_last(vm->cpu, vm->n_cpu, own->rules.last_n);

        vms[i] = (BalanceVm){vm->host, isnan(load) ? 0 : load, vm->memory_bytes, vm->fixed || vm->n_cpu == 0};
    }
    const guint n = balance_plan(&rules, hosts, view->n_hosts, vms, view->n_vms, moves);

    for (guint i = 0; i < n; i++) {
        const ConsolidationMove move = {moves[i].vm, moves[i].from, moves[i].to};
        g_array_append_val(plan->moves, move);
    }
    follow(own, sight, plan, DATACENTRE_FOR_BALANCE);
}

void
datacentre_decide(DatacentreWorld *own)
{
    DatacentreSight sight;
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    datacentre_look(own, &sight);
    own->deciding = TRUE;
    if (own->keys->decides == DATACENTRE_EACH_HOST)
        ask_each(own, &sight, &plan);
    else if (own->keys->decides == DATACENTRE_ALL_HOSTS)
        ask_all(own, &sight, &plan);
    else
        balance(own, &sight, &plan);
    own->deciding = FALSE;
    own->rounds++;
    datacentre_sight_clear(&sight);
}

/* ---- own clocks ---- */

DatacentreAsked
datacentre_ask(DatacentreWorld *own, guint host)
{
    DatacentreSight sight;

    datacentre_look(own, &sight);
    const ConsolidationRequest request = ask_local(own, &sight, host);
    const gint vm = request.vm < 0 ? -1 : (gint)g_array_index(sight.numbers, guint, request.vm);

    datacentre_sight_clear(&sight);
    own->rounds++;
    return (DatacentreAsked){request.kind, host, vm};
}

/* Its number in what is seen now; -1: it is not there any more. */
static gint
seen_number(const DatacentreSight *sight, gint vm)
{
    for (guint i = 0; i < sight->numbers->len; i++)
        if ((gint)g_array_index(sight->numbers, guint, i) == vm)
            return (gint)i;
    return -1;
}

void
datacentre_answer(DatacentreWorld *own, const DatacentreAsked *asked)
{
    DatacentreSight sight;
    g_auto(Consolidation) plan;

    consolidation_init(&plan);
    datacentre_look(own, &sight);
    own->deciding = TRUE;
    const ConsolidationRequest request = {asked->kind, asked->host, seen_number(&sight, asked->vm)};

    answer(own, &sight, &request, &plan);
    own->deciding = FALSE;
    datacentre_sight_clear(&sight);
}
