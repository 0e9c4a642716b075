#include "models/evacuation/evacuation.h"

#include <math.h>

typedef struct {
    EvacuationVm needs;
    EvacuationPresence presence;
    EvacuationFate fate;
    gboolean moving; /* by this evacuation */
    guint attempts;  /* that were begun */
    double not_before_s;
} Entry;

struct Evacuation {
    EvacuationPolicy policy;
    GArray *entries; /* owned, of Entry, as they were added */
    GArray *order;   /* owned, of guint: their numbers, as they are asked */
    guint moving;
    guint turn; /* ROUND_ROBIN: the first place to look at */
    gboolean over;
};

Evacuation *
evacuation_new(const EvacuationPolicy *policy)
{
    Evacuation *evacuation = g_new0(Evacuation, 1);

    g_return_val_if_fail(policy->outgoing >= 1 && policy->in_all >= 1 && policy->attempts >= 1, evacuation);
    evacuation->policy = *policy;
    evacuation->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    evacuation->order = g_array_new(FALSE, FALSE, sizeof(guint));
    return evacuation;
}

void
evacuation_free(Evacuation *evacuation)
{
    g_array_unref(evacuation->entries);
    g_array_unref(evacuation->order);
    g_free(evacuation);
}

static Entry *
entry_of(const Evacuation *evacuation, guint vm)
{
    return &g_array_index(evacuation->entries, Entry, vm);
}

/* ---- the order ---- */

/* What comes first has the smaller key. */
static double
key_of(EvacuationOrder order, const EvacuationVm *vm)
{
    switch (order) {
    case EVACUATION_LISTED:
        break;
    case EVACUATION_SMALLEST_FIRST:
        return vm->memory_bytes;
    case EVACUATION_LARGEST_FIRST:
        return -vm->memory_bytes;
    case EVACUATION_LEAST_DIRTY_FIRST:
        return vm->dirty_Bps;
    case EVACUATION_DRAWN:
        return vm->drawn;
    }
    return 0;
}

/* Behind those with an equal key: these stay as they were added. */
guint
evacuation_add(Evacuation *evacuation, const EvacuationVm *vm)
{
    const EvacuationOrder order = evacuation->policy.order;
    const Entry entry = {.needs = *vm, .presence = EVACUATION_HERE, .not_before_s = -INFINITY};
    const guint number = evacuation->entries->len;
    guint place = evacuation->order->len;

    while (place > 0 &&
           key_of(order, &entry_of(evacuation, g_array_index(evacuation->order, guint, place - 1))->needs) >
               key_of(order, vm))
        place--;
    g_array_append_val(evacuation->entries, entry);
    g_array_insert_val(evacuation->order, place, number);
    return number;
}

/* ---- what becomes of a VM ---- */

static gboolean
waits(const Entry *entry)
{
    return entry->fate == EVACUATION_FATE_OPEN && !entry->moving;
}

void
evacuation_see(Evacuation *evacuation, guint vm, EvacuationPresence presence)
{
    Entry *entry = entry_of(evacuation, vm);

    if (waits(entry))
        entry->presence = presence;
}

void
evacuation_leave(Evacuation *evacuation, guint vm, EvacuationFate fate)
{
    Entry *entry = entry_of(evacuation, vm);

    g_return_if_fail(fate == EVACUATION_FATE_LEFT || fate == EVACUATION_FATE_GONE);
    if (waits(entry) || entry->fate == EVACUATION_FATE_FAILED)
        entry->fate = fate;
}

void
evacuation_return(Evacuation *evacuation, guint vm)
{
    Entry *entry = entry_of(evacuation, vm);

    g_return_if_fail(evacuation_has_left(evacuation, vm));
    entry->fate = EVACUATION_FATE_OPEN;
    entry->presence = EVACUATION_HERE;
    entry->attempts = 0;
    entry->not_before_s = -INFINITY;
}

void
evacuation_begin(Evacuation *evacuation, guint vm, guint place)
{
    Entry *entry = entry_of(evacuation, vm);

    g_return_if_fail(waits(entry));
    entry->moving = TRUE;
    entry->attempts++;
    evacuation->moving++;
    evacuation->turn = place + 1;
}

void
evacuation_end(Evacuation *evacuation, guint vm, EvacuationFate how, double now_s)
{
    Entry *entry = entry_of(evacuation, vm);

    g_return_if_fail(entry->moving);
    entry->moving = FALSE;
    evacuation->moving--;
    if (how == EVACUATION_FATE_FAILED && entry->attempts < evacuation->policy.attempts)
        entry->not_before_s = now_s + evacuation->policy.retry_after_s;
    else
        entry->fate = how;
}

/* ---- where to ---- */

static gboolean
has_room(const Evacuation *evacuation, guint vm, const EvacuationView *view, guint place)
{
    const EvacuationVm *needs = &entry_of(evacuation, vm)->needs;
    const EvacuationPlace *at = &view->places[place];
    const guint most = evacuation->policy.incoming;

    return at->open && at->free_bytes >= needs->memory_bytes && at->free_vcpus >= needs->vcpus &&
           (most == 0 || at->incoming < most) && (!view->admits || view->admits(view->data, vm, place));
}

/* FALSE: no place has room now. */
static gboolean
choose_place(const Evacuation *evacuation, guint vm, const EvacuationView *view, guint *chosen)
{
    const EvacuationChoice choice = evacuation->policy.choice;
    const guint first = choice == EVACUATION_ROUND_ROBIN ? evacuation->turn : 0;
    gboolean found = FALSE;

    for (guint i = 0; i < view->n_places; i++) {
        const guint place = (first + i) % view->n_places;
        if (found && !(view->places[place].free_bytes > view->places[*chosen].free_bytes))
            continue;
        if (!has_room(evacuation, vm, view, place))
            continue;
        *chosen = place;
        found = TRUE;
        if (choice != EVACUATION_MOST_FREE_MEMORY)
            return TRUE;
    }
    return found;
}

/* ---- what next ---- */

/* Below both limits, the first VM of the order that may go and finds a place. */
gboolean
evacuation_next(const Evacuation *evacuation, const EvacuationView *view, guint *vm, guint *place)
{
    const gboolean below =
        evacuation->moving < evacuation->policy.outgoing && view->moving_in_all < evacuation->policy.in_all;

    for (guint i = 0; below && i < evacuation->order->len; i++) {
        const guint next = g_array_index(evacuation->order, guint, i);
        const Entry *entry = entry_of(evacuation, next);
        if (waits(entry) && entry->presence == EVACUATION_HERE && entry->not_before_s <= view->now_s &&
            choose_place(evacuation, next, view, place)) {
            *vm = next;
            return TRUE;
        }
    }
    return FALSE;
}

/* A VM that somebody else moves is waited for; the others only have to wait while something may change for them. */
static gboolean
awaits_another(const Evacuation *evacuation)
{
    for (guint i = 0; i < evacuation->entries->len; i++)
        if (waits(entry_of(evacuation, i)) && entry_of(evacuation, i)->presence == EVACUATION_MOVING)
            return TRUE;
    return FALSE;
}

/* The first date after now at which a VM may be tried again; INFINITY: there is none. */
static double
next_try_s(const Evacuation *evacuation, double now_s)
{
    double next_s = INFINITY;

    for (guint i = 0; i < evacuation->entries->len; i++) {
        const Entry *entry = entry_of(evacuation, i);
        if (waits(entry) && entry->presence == EVACUATION_HERE && entry->not_before_s > now_s)
            next_s = MIN(next_s, entry->not_before_s);
    }
    return next_s;
}

static EvacuationFate
fate_of_waiting(const Entry *entry)
{
    switch (entry->presence) {
    case EVACUATION_STOPPED:
        return EVACUATION_FATE_STOPPED;
    case EVACUATION_ABSENT:
        return EVACUATION_FATE_ABSENT;
    case EVACUATION_HERE:
    case EVACUATION_MOVING:
        break;
    }
    return EVACUATION_FATE_NO_ROOM;
}

static void
give_up(Evacuation *evacuation)
{
    evacuation->over = TRUE;
    for (guint i = 0; i < evacuation->entries->len; i++) {
        Entry *entry = entry_of(evacuation, i);
        if (waits(entry))
            entry->fate = fate_of_waiting(entry);
    }
}

/* A place that is full now may not be when a migration has ended, of an evacuation or of anybody. */
gboolean
evacuation_ends(Evacuation *evacuation, const EvacuationView *view, double *until_s)
{
    *until_s = next_try_s(evacuation, view->now_s);
    if (evacuation->moving > 0)
        return FALSE;
    if (evacuation_waiting(evacuation) > 0 &&
        (view->moving_in_all > 0 || view->others_move || isfinite(*until_s) || awaits_another(evacuation)))
        return FALSE;
    give_up(evacuation);
    return TRUE;
}

/* ---- what is known of it ---- */

guint
evacuation_vms(const Evacuation *evacuation)
{
    return evacuation->entries->len;
}

guint
evacuation_moving(const Evacuation *evacuation)
{
    return evacuation->moving;
}

guint
evacuation_waiting(const Evacuation *evacuation)
{
    guint n = 0;

    for (guint i = 0; i < evacuation->entries->len; i++)
        n += waits(entry_of(evacuation, i)) && entry_of(evacuation, i)->presence != EVACUATION_STOPPED &&
             entry_of(evacuation, i)->presence != EVACUATION_ABSENT;
    return n;
}

guint
evacuation_attempts(const Evacuation *evacuation, guint vm)
{
    return entry_of(evacuation, vm)->attempts;
}

EvacuationFate
evacuation_fate(const Evacuation *evacuation, guint vm)
{
    return entry_of(evacuation, vm)->fate;
}

gboolean
evacuation_has_left(const Evacuation *evacuation, guint vm)
{
    const EvacuationFate fate = evacuation_fate(evacuation, vm);

    return fate == EVACUATION_FATE_MOVED || fate == EVACUATION_FATE_LEFT;
}

gboolean
evacuation_is_over(const Evacuation *evacuation)
{
    return evacuation->over;
}
