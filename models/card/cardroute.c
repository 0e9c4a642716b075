#include "models/card/cardcore.h"

#include <math.h>

static guint
add_row(Card *card, CardRow row)
{
    const guint index = card->rows->len;

    row.shared = CARD_NONE;
    g_array_append_val(card->rows, row);
    if (!row.per_vm) {
        const guint32 resource = cardroute_add_resource(card, index);
        g_array_index(card->rows, CardRow, index).shared = resource;
    }
    return index;
}

guint32
cardroute_add_resource(Card *card, guint row)
{
    const guint servers = g_array_index(card->rows, CardRow, row).servers;
    const CardResource resource = {.servers = servers ? servers : G_MAXDOUBLE,
                                   .head = CARD_NONE,
                                   .tail = CARD_NONE,
                                   .row = row,
                                   .idle_since_s = -INFINITY,
                                   .last_s = card->now_s};

    g_array_append_val(card->resources, resource);
    card->resource = (CardResource *)(void *)card->resources->data;
    return card->resources->len - 1;
}

/* The engines come first, so that resource number = row number = rows_engine + group for them. */
void
cardroute_add_card_rows(Card *card)
{
    static const char *const GROUP_NAMES[CARD_GROUPS_MAX] = {"engine", "engine-1", "engine-2", "engine-3"};
    const CardSpec *spec = &card->spec;

    card->rows_engine = card->rows->len;
    for (guint group = 0; group < spec->groups; group++)
        add_row(card, (CardRow){GROUP_NAMES[group], NULL, CARD_ON_CARD, spec->engines[group], .engine_group = group});
    const CardRow own = {.place = CARD_ON_CARD, .engine_group = CARD_NONE};
    CardRow row = own;
    row.name = "ring", row.servers = spec->ring_slots, row.token = TRUE;
    card->row_ring = add_row(card, row);
    row = own, row.name = "dma-in", row.servers = spec->dma_channels;
    card->row_dma_in = add_row(card, row);
    row.name = "dma-out";
    card->row_dma_out = add_row(card, row);
    row.name = "interrupt", row.servers = 0;
    card->row_interrupt = add_row(card, row);
    card->processors = CARD_NONE;
    if (spec->processors == 0)
        return;
    row.name = "processors", row.place = CARD_HOST, row.servers = spec->processors;
    card->processors = g_array_index(card->rows, CardRow, add_row(card, row)).shared;
}

/* The row of a station: that of an earlier station of the same server, or a new one. */
static guint
station_row(Card *card, CardRoute *route, guint index, const guint *row_of)
{
    const CardStation *station = &route->path->stations[index];

    for (guint i = 0; i < index && station->server; i++)
        if (g_strcmp0(route->path->stations[i].server, station->server) == 0)
            return row_of[i];
    return add_row(card, (CardRow){station->server ? station->server : station->name, route->path->name, station->place,
                                   station->servers, (station->flags & CARD_PER_VM) != 0,
                                   (station->flags & CARD_TOKEN) != 0, .engine_group = CARD_NONE});
}

static CardVisit
station_visit(const CardStation *station, guint row)
{
    return (CardVisit){.kind = CARD_VISIT_SOFTWARE,
                       .row = row,
                       .acquires = TRUE,
                       .card_only = (station->flags & CARD_CARD_ONLY) != 0,
                       .direction = station->direction,
                       .fixed_s = station->fixed_s,
                       .per_byte_s = station->per_byte_s,
                       .spread = station->spread,
                       .share = station->spread_share,
                       .wake_s = station->wake_s,
                       .notify_s = station->notify_s,
                       .notify_queued_s = station->notify_queued_s > 0 ? station->notify_queued_s : station->notify_s,
                       .poll_s = station->poll_s,
                       .group_max = station->group_max,
                       .group_bytes_max = station->group_bytes_max};
}

static void
append_card_visits(Card *card, CardRoute *route)
{
    const CardSpec *spec = &card->spec;
    CardVisit *visit = &route->visits[route->n_visits];
    const CardVisit own = {.acquires = TRUE, .card_only = TRUE, .in_card = TRUE};
    guint ring = card->row_ring;

    if (route->path->ring_per_vm)
        ring = add_row(card, (CardRow){"ring", route->path->name, CARD_ON_CARD, spec->ring_slots, TRUE, TRUE,
                                       .engine_group = CARD_NONE});
    for (guint i = 0; i < 5; i++)
        visit[i] = own;
    visit[0].kind = CARD_VISIT_RING, visit[0].row = ring, visit[0].in_card = FALSE;
    visit[1].kind = CARD_VISIT_DMA, visit[1].row = card->row_dma_in;
    visit[2].kind = CARD_VISIT_ENGINE, visit[2].row = card->rows_engine, visit[2].engine_mask = G_MAXUINT32;
    visit[3].kind = CARD_VISIT_DMA, visit[3].row = card->row_dma_out, visit[3].direction = CARD_RETURN;
    visit[4].kind = CARD_VISIT_INTERRUPT, visit[4].row = card->row_interrupt, visit[4].fixed_s = spec->interrupt_s;
    for (guint i = 1; i < 4; i += 2)
        visit[i].fixed_s = spec->dma_setup_s, visit[i].per_byte_s = spec->dma_per_byte_s;
    route->n_visits += 5;
}

/* Visit numbers: forward stations keep their index, the card's five follow, return stations come five later. */
static guint
visit_of_station(guint station, guint forward)
{
    return station < forward ? station : station + 5;
}

static guint
visit_of_name(const CardPath *path, guint forward, const char *name)
{
    static const char *const OWN[] = {"ring", "dma-in", "engine", "dma-out", "interrupt"};

    for (guint i = 0; i < G_N_ELEMENTS(OWN); i++)
        if (g_strcmp0(name, OWN[i]) == 0)
            return forward + i;
    for (guint i = 0; i < path->n_stations; i++)
        if (g_strcmp0(path->stations[i].name, name) == 0)
            return visit_of_station(i, forward);
    return CARD_NONE;
}

/* The server of visit `from` is kept until visit `until` is done; visits of the same server between them ride on it. */
static void
add_hold(CardRoute *route, guint from, guint until, guint *holds)
{
    CardVisit *visits = route->visits;

    g_return_if_fail(*holds < CARDPATH_HOLDS_MAX && until < route->n_visits);
    route->hold_visits[*holds] = from;
    visits[from].hold = (guint8)(1u << *holds);
    visits[until].releases |= visits[from].hold;
    for (guint i = from + 1; i <= until; i++)
        if (visits[i].row == visits[from].row)
            visits[i].acquires = FALSE;
    (*holds)++;
}

static void
compile_holds(CardRoute *route, guint forward)
{
    const CardPath *path = route->path;
    guint holds = 0;

    for (guint i = 0; i < path->n_stations; i++) {
        const guint visit = visit_of_station(i, forward);
        if (path->stations[i].held_until && route->visits[visit].acquires)
            add_hold(route, visit, visit_of_name(path, forward, path->stations[i].held_until), &holds);
    }
    /* backpressure: the last software before the ring keeps its server until it has a slot */
    if (forward > 0 && route->visits[forward - 1].acquires && !route->visits[forward - 1].hold)
        add_hold(route, forward - 1, forward, &holds);
    add_hold(route, forward, forward + 3, &holds); /* a slot is free again when the result is in host memory */
}

/* A packet of grouped requests comes apart before the first station of the way back that every VM has for itself. */
static void
compile_split(Card *card, CardRoute *route, guint forward)
{
    for (guint i = forward + 5; i < route->n_visits; i++)
        if (g_array_index(card->rows, CardRow, route->visits[i].row).per_vm) {
            route->visits[i].splits = TRUE;
            return;
        }
}

/* Software works on a processor; who only waits or holds, a permit, and a latency do not. */
static gboolean
needs_processor(const CardSpec *spec, const CardStation *station)
{
    const gboolean of_host = station->place == CARD_HOST_KERNEL || station->place == CARD_HOST_USER;

    if (spec->processors == 0 || station->flags & (CARD_TOKEN | CARD_LATENCY))
        return FALSE;
    return of_host || (station->place == CARD_GUEST && spec->processors_run_guests);
}

static void
compile_times(const Card *card, CardRoute *route, guint forward)
{
    for (guint v = 0; v < route->n_visits; v++) {
        CardVisit *visit = &route->visits[v];
        visit->instant = visit->kind != CARD_VISIT_ENGINE && visit->fixed_s <= 0 && visit->per_byte_s <= 0;
        visit->returns = visit->acquires && !visit->hold;
        route->notifies |= visit->notify_s > 0;
        if (visit->kind == CARD_VISIT_SOFTWARE && !visit->instant)
            visit->works = needs_processor(&card->spec, &route->path->stations[v < forward ? v : v - 5]);
    }
}

CardRoute *
cardroute_compile(Card *card, const CardPath *path)
{
    CardRoute *route = g_new0(CardRoute, 1);
    guint rows[CARDPATH_STATIONS_MAX];
    guint forward = 0;

    route->path = path;
    while (forward < path->n_stations && path->stations[forward].direction == CARD_FORWARD)
        forward++;
    for (guint i = 0; i < path->n_stations; i++) {
        if (i == forward)
            append_card_visits(card, route);
        rows[i] = station_row(card, route, i, rows);
        route->visits[route->n_visits++] = station_visit(&path->stations[i], rows[i]);
    }
    if (forward == path->n_stations)
        append_card_visits(card, route);
    compile_holds(route, forward);
    compile_split(card, route, forward);
    compile_times(card, route, forward);
    return route;
}
