#include "models/card/card.h"

#include "models/card/cardcore.h"

#include <math.h>

Card *
card_new(const CardSpec *spec, guint64 seed, double start_s)
{
    Card *card = g_new0(Card, 1);

    card->spec = *spec;
    card->seed = seed;
    card->now_s = card->statistics_s = start_s;
    calendar_init(&card->calendar);
    ziggurat_init(&card->ziggurat);
    card->rows = g_array_new(FALSE, FALSE, sizeof(CardRow));
    card->resources = g_array_new(FALSE, FALSE, sizeof(CardResource));
    card->routes = g_ptr_array_new_with_free_func(g_free);
    card->vms = g_ptr_array_new();
    card->free_head = card->ready_head = card->ready_tail = CARD_NONE;
    card->key_owners = g_new0(char *, spec->key_slots + 1);
    cardroute_add_card_rows(card);
    card->processor_idle_s = -INFINITY;
    card->processors_idle_from_s = -INFINITY;
    if (spec->processors > 0 && (spec->processor_switch_s > 0 || spec->processor_halts_s > 0)) {
        card->processor_states = g_new(CardProcessor, spec->processors);
        cardprocessor_reset(card);
    }
    return card;
}

static void
vm_free(CardVm *vm)
{
    histogram_clear(&vm->latency);
    g_free(vm->name);
    g_free(vm);
}

void
card_free(Card *card)
{
    if (!card)
        return;
    for (guint i = 0; i < card->vms->len; i++)
        vm_free(cardcore_vm(card, i));
    for (guint slot = 0; slot <= card->spec.key_slots; slot++)
        g_free(card->key_owners[slot]);
    g_free(card->key_owners);
    calendar_clear(&card->calendar);
    g_array_unref(card->rows);
    g_array_unref(card->resources);
    g_ptr_array_unref(card->routes);
    g_ptr_array_unref(card->vms);
    g_free(card->requests);
    g_free(card->processor_states);
    g_free(card);
}

guint
card_add_path(Card *card, const CardPath *path)
{
    g_ptr_array_add(card->routes, cardroute_compile(card, path));
    return card->routes->len - 1;
}

/* Requests ------------------------------------------------------------------------------------------------------- */

void
card_set_key_owner(Card *card, guint slot, const char *vm_name)
{
    g_return_if_fail(slot > 0 && slot <= card->spec.key_slots);

    g_free(card->key_owners[slot]);
    card->key_owners[slot] = g_strdup(vm_name);
}

static void
card_issue(Card *card, CardVm *vm, double issued_s)
{
    const guint64 id = vm->player.issued;
    CardDemand demand;

    cardload_draw_demand(&vm->player, &demand);
    vm->offered++;
    card_submit(card, vm, &(CardPending){id, issued_s, demand.bytes, CARD_OWN, demand.key, demand.algorithm});
}

/* A request was answered: a closed caller asks again, after thinking; an error makes it look at it for a moment. */
void
card_answered(Card *card, CardVm *vm, CardStatus status)
{
    if (cardload_is_over(&vm->player))
        return;
    const double think_s = MAX(cardload_think_s(&vm->player), status == CARD_DONE ? 0 : CARD_ERROR_RETRY_S);
    if (think_s > 0)
        calendar_add(&card->calendar, card->now_s + think_s, CARD_EVENT_DUE, vm->number);
    else if (vm->paused)
        vm->parked++;
    else
        card_issue(card, vm, card->now_s);
}

/* An arrival is due: of an open load, or the end of a closed caller's thinking. */
static void
handle_due(Card *card, guint vm_index)
{
    CardVm *vm = cardcore_vm(card, vm_index);

    if (!vm->attached || cardload_is_over(&vm->player))
        return;
    if (cardload_is_closed(&vm->player.load)) {
        if (vm->paused)
            vm->parked++;
        else
            card_issue(card, vm, card->now_s);
        return;
    }
    if (vm->outstanding - vm->calls >= vm->player.load.queue_limit) {
        CardDemand lost;
        cardload_draw_demand(&vm->player, &lost); /* its number and its place in the replay are used up */
        vm->dropped++;
        vm->dropped_ever++;
        vm->offered++;
    } else {
        card_issue(card, vm, vm->player.next_due_s);
    }
    if (cardload_is_over(&vm->player))
        return;
    cardload_draw_due(&vm->player);
    calendar_add(&card->calendar, MAX(vm->player.next_due_s, card->now_s), CARD_EVENT_DUE, vm_index);
}

/* VMs ------------------------------------------------------------------------------------------------------------ */

static gboolean
offers(const Card *card, CardAlgorithm algorithm)
{
    return algorithm == CARD_ECHO || card->spec.services[algorithm].offered;
}

static gboolean
offers_mix(const Card *card, const CardMix *mix, gsize n_mix)
{
    for (gsize i = 0; i < n_mix; i++)
        if (!offers(card, mix[i].algorithm))
            return FALSE;
    return TRUE;
}

static gboolean
offers_all(const Card *card, const CardLoad *load)
{
    if (!offers_mix(card, load->mix, load->n_mix) || !offers_mix(card, load->calls, load->n_calls))
        return FALSE;
    for (gsize i = 0; load->kind == CARD_LOAD_REPLAY && i < load->n_replay; i++)
        if (!offers(card, load->replay[i].algorithm))
            return FALSE;
    return TRUE;
}

static gboolean
owns_all_keys(const Card *card, const char *vm_name, const CardMix *mix, gsize n_mix)
{
    for (gsize i = 0; i < n_mix; i++)
        if (!card_owns_key(card, mix[i].key, vm_name))
            return FALSE;
    return TRUE;
}

/* A synchronous call that takes no time would be made for ever at one instant. */
static gboolean
takes_time(const Card *card, const CardRoute *route, const CardLoad *load)
{
    for (gsize i = 0; cardload_is_closed(load) && load->think_s <= 0 && i < load->n_mix; i++) {
        const CardMix *mix = &load->mix[i];
        double sum_s = 0;
        for (guint v = 0; v < route->n_visits; v++)
            if (cardcore_visits(&route->visits[v], mix->algorithm, CARD_DONE))
                sum_s += cardcore_mean_s(card, &route->visits[v], mix->algorithm, mix->bytes,
                                         cardspec_output_bytes(&card->spec, mix->algorithm, mix->bytes));
        if (sum_s <= 0)
            return FALSE;
    }
    return TRUE;
}

CardAttach
card_may_attach(const Card *card, guint path, const char *vm_name, const CardLoad *load)
{
    const CardRoute *route = cardcore_route(card, path);

    if (route->path->vms_max > 0 && route->vms >= route->path->vms_max)
        return CARD_REFUSES_VMS;
    if (route->path->needs_virtual_function && card->functions_used >= card->spec.virtual_functions_max)
        return CARD_REFUSES_VMS;
    if (!offers_all(card, load))
        return CARD_REFUSES_ALGORITHM;
    if (load->require_keys && !(owns_all_keys(card, vm_name, load->mix, load->n_mix) &&
                                owns_all_keys(card, vm_name, load->calls, load->n_calls)))
        return CARD_REFUSES_KEYS;
    return takes_time(card, route, load) ? CARD_ATTACHED : CARD_REFUSES_NO_TIME;
}

void
card_take_place(Card *card, guint path)
{
    CardRoute *route = cardcore_route(card, path);

    route->vms++;
    card->functions_used += route->path->needs_virtual_function ? 1 : 0;
}

void
card_give_place(Card *card, guint path)
{
    CardRoute *route = cardcore_route(card, path);

    g_return_if_fail(route->vms > 0);

    route->vms--;
    card->functions_used -= route->path->needs_virtual_function ? 1 : 0;
}

static void
vm_take_resources(Card *card, CardVm *vm, const CardRoute *route)
{
    for (guint v = 0; v < route->n_visits; v++) {
        const guint row = route->visits[v].row;
        guint32 resource = g_array_index(card->rows, CardRow, row).shared;
        for (guint other = 0; other < v && resource == CARD_NONE; other++)
            if (route->visits[other].row == row)
                resource = vm->resources[other];
        vm->resources[v] = resource == CARD_NONE ? cardroute_add_resource(card, row) : resource;
    }
}

/* Every station of every VM draws from a stream of its own. */
static void
vm_take_streams(Card *card, CardVm *vm, const CardRoute *route)
{
    for (guint v = 0; v < route->n_visits; v++) {
        g_autofree char *purpose = g_strdup_printf("card/service/%u", v);
        random_init(&vm->services[v], card->seed, purpose, vm->name);
    }
}

guint
card_place_vm(Card *card, guint path, const char *vm_name, const CardPlayer *player)
{
    const CardRoute *route = cardcore_route(card, path);
    CardVm *vm = g_new0(CardVm, 1);

    vm->name = g_strdup(vm_name);
    vm->route = route;
    vm->path = path;
    vm->number = card->vms->len;
    vm->attached = TRUE;
    vm->attached_s = card->now_s;
    vm->player = *player;
    vm->gate_head = vm->gate_tail = CARD_NONE;
    histogram_init(&vm->latency);
    vm_take_resources(card, vm, route);
    vm_take_streams(card, vm, route);
    card_take_place(card, path);
    g_ptr_array_add(card->vms, vm);
    return card->vms->len - 1;
}

CardAttach
card_attach(Card *card, guint path, const char *vm_name, const CardLoad *load, guint *vm)
{
    const CardAttach answer = card_may_attach(card, path, vm_name, load);
    CardPlayer player;

    if (answer != CARD_ATTACHED)
        return answer;
    cardload_start(&player, load, card->seed, vm_name, card->now_s);
    *vm = card_place_vm(card, path, vm_name, &player);
    if (!cardload_is_closed(load)) {
        if (!cardload_is_over(&player))
            calendar_add(&card->calendar, player.next_due_s, CARD_EVENT_DUE, *vm);
        return answer;
    }
    for (guint i = 0; i < load->outstanding; i++)
        card_answered(card, cardcore_vm(card, *vm), CARD_DONE);
    cardflow_settle(card);
    return answer;
}

void
card_pause(Card *card, guint vm_index)
{
    cardcore_vm(card, vm_index)->paused = TRUE;
}

void
card_resume(Card *card, guint vm_index)
{
    CardVm *vm = cardcore_vm(card, vm_index);

    vm->paused = FALSE;
    while (vm->gate_head != CARD_NONE) {
        const guint32 index = vm->gate_head;
        vm->gate_head = card->requests[index].next;
        card->requests[index].flags &= (guint16)~CARD_FLAG_GATED;
        cardflow_ready(card, index);
    }
    vm->gate_tail = CARD_NONE;
    vm->gated = 0;
    for (; vm->parked > 0; vm->parked--)
        if (!cardload_is_over(&vm->player))
            card_issue(card, vm, card->now_s);
    cardflow_settle(card);
}

guint
card_outstanding(const Card *card, guint vm_index)
{
    const CardVm *vm = cardcore_vm(card, vm_index);

    return vm->outstanding - vm->gated;
}

guint64
card_issued(const Card *card, guint vm_index)
{
    return cardcore_vm(card, vm_index)->player.issued;
}

guint
card_under_way(const Card *card, guint vm_index)
{
    return cardcore_vm(card, vm_index)->outstanding;
}

guint64
card_dropped(const Card *card, guint vm_index)
{
    return cardcore_vm(card, vm_index)->dropped_ever;
}

gboolean
card_drain(Card *card, guint vm_index, double limit_s)
{
    card_pause(card, vm_index);
    while (card_outstanding(card, vm_index) > 0) {
        const double next_s = calendar_next_time(&card->calendar);
        if (next_s > limit_s || card_is_stuck(card))
            return FALSE;
        card_advance(card, next_s);
    }
    return TRUE;
}

guint
card_vms(const Card *card)
{
    return card->vms->len;
}

/* Time ----------------------------------------------------------------------------------------------------------- */

/* The events other than the end of a service. */
void
card_handle(Card *card, const CalendarEvent *event)
{
    if (event->kind == CARD_EVENT_DUE)
        handle_due(card, event->id);
    else if (event->id == card->coalesce_generation)
        cardflow_coalesced(card);
}

void
card_advance(Card *card, double until_s)
{
    g_return_if_fail(until_s >= card->now_s);

    cardflow_run(card, until_s, G_MAXUINT64);
    card->now_s = until_s;
}

double
card_advance_requests(Card *card, guint64 completions, double limit_s)
{
    const guint64 enough = card->answers + completions;

    cardflow_run(card, limit_s, enough);
    if (card->answers < enough)
        card->now_s = MAX(card->now_s, MIN(limit_s, calendar_next_time(&card->calendar)));
    return card->now_s;
}

gboolean
card_is_stuck(const Card *card)
{
    return progress_is_stuck(&card->progress);
}

double
card_now_s(const Card *card)
{
    return card->now_s;
}

double
card_next_event_s(Card *card)
{
    return calendar_next_time(&card->calendar);
}

void
card_on_done(Card *card, CardOnDone on_done, gpointer data)
{
    card->on_done = on_done;
    card->on_done_data = data;
}

static void
vm_reset_statistics(CardVm *vm)
{
    histogram_reset(&vm->latency);
    vm->done = vm->bytes = vm->rejected = vm->refused = vm->dropped = vm->discarded = vm->offered = 0;
}

void
card_reset_statistics(Card *card)
{
    card->statistics_s = card->now_s;
    for (guint i = 0; i < card->resources->len; i++) {
        CardResource *resource = cardcore_resource(card, i);
        resource->last_s = card->now_s;
        resource->busy_area = resource->queue_area = resource->sojourn_sum_s = resource->stalled_s = 0;
        resource->departures = resource->wakes = 0;
        resource->queued_max = (guint32)resource->queued;
    }
    for (guint i = 0; i < card->vms->len; i++)
        vm_reset_statistics(cardcore_vm(card, i));
}
