#include "sim/parts/migration/migration_warn.h"

#include "sim/parts/migration/migration.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/validity.h"
#include "sim/parts/vtpm/vtpm_keys.h"

#include <math.h>
#include <string.h>

/* What is certain of a guest at a date of the time line. A migration that may complete makes the place uncertain. One
 * that was begun, also in vain, is certainly at work at its own date, and may be at every later one. */
typedef struct {
    const GuestSpec *spec;
    const VtpmSpec *vtpm; /* NULL: it has none */
    const char *host;     /* NULL: not certain */
    gboolean created;     /* or was to be */
    gboolean gone;        /* destroyed or lost, for good */
    gboolean running;     /* FALSE: it certainly does not run */
    gboolean moved;       /* a migration was begun that may complete */
    gboolean begun;       /* one was begun */
    double begun_s;       /* the last one's date; what it and others of this date move: */
    gboolean begun_vm, begun_vtpm;
} Known;

typedef struct {
    GHashTable *guests; /* owned; name to owned Known */
    GHashTable *hosts;  /* owned; name to HostSpec */
    GHashTable *lost;   /* owned; names of hosts that have failed */
} Walk;

static void
clear_walk(Walk *walk)
{
    g_hash_table_unref(walk->guests);
    g_hash_table_unref(walk->hosts);
    g_hash_table_unref(walk->lost);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, clear_walk)

static Walk
begin_walk(const ScenarioSpec *scenario)
{
    Walk walk = {g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
                 g_hash_table_new(g_str_hash, g_str_equal), g_hash_table_new(g_str_hash, g_str_equal)};
    g_autoptr(GHashTable) vtpms = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *spec = &g_array_index(scenario->guests, GuestSpec, i);
        const Known known = {.spec = spec,
                             .vtpm = g_hash_table_lookup(vtpms, spec->name),
                             .host = spec->host,
                             .created = !scenario_creation(scenario, spec->name),
                             .running = !scenario_creation(scenario, spec->name)};
        g_hash_table_insert(walk.guests, spec->name, g_memdup2(&known, sizeof known));
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        g_hash_table_insert(walk.hosts, host->name, host);
    }
    return walk;
}

/* ---- what happens to guests ---- */

static void
change_guest(const Walk *walk, const ActionSpec *action)
{
    Known *known = g_hash_table_lookup(walk->guests, action->guest);

    if (action->kind == ACTION_CREATE_GUEST && !known->created) {
        known->created = known->running = TRUE;
        known->host = action->host ? action->host : known->spec->host;
    } else if (action->kind == ACTION_START_GUEST) {
        known->running = known->created && !known->gone;
    } else if (action->kind != ACTION_CREATE_GUEST && !known->begun) { /* a migration at work would refuse it */
        known->running = FALSE;
        known->gone = known->gone || action->kind == ACTION_DESTROY_GUEST;
    }
}

static void
lose_host(const Walk *walk, const char *host)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_add(walk->lost, (gpointer)host);
    g_hash_table_iter_init(&iter, walk->guests);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Known *known = value;
        if (known->created && g_strcmp0(known->host, host) == 0) {
            known->running = FALSE;
            known->gone = TRUE;
        }
    }
}

/* ---- what stands against a migration ---- */

static gboolean
binds_another(const Known *known)
{
    return known->spec->vtpm_uuid && known->vtpm->uuid && !g_str_equal(known->spec->vtpm_uuid, known->vtpm->uuid);
}

/* What is to be reserved, or is free. */
typedef struct {
    double bytes, vcpus;
} Room;

static Room
room_of(const Known *known, gboolean vm, gboolean vtpm)
{
    return (Room){(vm ? known->spec->memory_bytes : 0) + (vtpm ? known->vtpm->memory_bytes : 0),
                  (vm ? (double)known->spec->vcpus : 0) + (vtpm ? VTPM_VCPUS : 0)};
}

/* What the destination says of the domains of a leg, had it so much room. */
static const Outcome *
leg_outcome(const Known *known, const HostSpec *host, gboolean vm, gboolean vtpm, Room left)
{
    const Room needs = room_of(known, vm, vtpm);

    if ((vm && host_spec_lacks_config(host, known->spec->name)) ||
        (vtpm && host_spec_lacks_config(host, known->vtpm->name)))
        return &outcome_no_config;
    if (needs.bytes > left.bytes)
        return &outcome_no_memory;
    return needs.vcpus > left.vcpus ? &outcome_no_cpu : &outcome_running;
}

/* One leg after the other, into a host that was empty. */
static const Outcome *
legs_outcome(const Known *known, const HostSpec *host, MigrationMethod method)
{
    /* the VM has its place when the vTPM asks for one at the start of its push phase */
    const gboolean vm_first = method == METHOD_VM_THEN_VTPM || method == METHOD_VTPM_AT_PUSH;
    const Room room = {host->memory_bytes - host->dom0_memory_bytes, host_spec_vcpus(host)};

    if (!vm_first && method != METHOD_VTPM_THEN_VM)
        return leg_outcome(known, host, migration_method_moves(method, FALSE),
                           known->vtpm && migration_method_moves(method, TRUE), room);
    const Outcome *first = leg_outcome(known, host, vm_first, !vm_first, room);
    const Room taken = room_of(known, vm_first, !vm_first);
    if (first != &outcome_running)
        return first;
    return leg_outcome(known, host, !vm_first, vm_first, (Room){room.bytes - taken.bytes, room.vcpus - taken.vcpus});
}

/* At the date of another migration of the same domains, which is at work. */
static gboolean
is_busy(const Known *known, const MigrateKeys *migrate, double at_s)
{
    return known->begun && !(at_s > known->begun_s) &&
           ((known->begun_vm && migration_method_moves(migrate->method, FALSE)) ||
            (known->begun_vtpm && migration_method_moves(migrate->method, TRUE)));
}

/* What forbids the migration before its first step, as the run asks for it. */
static const Outcome *
first_outcome(const Known *known, const MigrateKeys *migrate, double at_s)
{
    if (migration_method_needs_vtpm(migrate->method) && !known->vtpm)
        return &outcome_no_vtpm;
    if (is_busy(known, migrate, at_s))
        return &outcome_busy;
    if (!known->running)
        return &outcome_not_running;
    if (!known->moved && g_strcmp0(known->host, migrate->host) == 0)
        return &outcome_already_there;
    return &outcome_running;
}

/* What ends it in its first two steps, in their order. */
static const Outcome *
step_outcome(const Walk *walk, const Known *known, const MigrateKeys *migrate)
{
    const gboolean both = migrate->method == METHOD_JOINT || migrate->method == METHOD_CONCATENATED ||
                          (known->vtpm && migration_method_stops(migrate->method));

    if (g_hash_table_contains(walk->lost, migrate->host))
        return &outcome_destination_lost;
    if (both && binds_another(known))
        return &outcome_binding_mismatch;
    return legs_outcome(known, g_hash_table_lookup(walk->hosts, migrate->host), migrate->method);
}

static void
note_begun(Known *known, const MigrateKeys *migrate, double at_s)
{
    const gboolean same_date = known->begun && !(at_s > known->begun_s);

    known->begun = TRUE;
    known->begun_s = at_s;
    known->begun_vm = (same_date && known->begun_vm) || migration_method_moves(migrate->method, FALSE);
    known->begun_vtpm = (same_date && known->begun_vtpm) || migration_method_moves(migrate->method, TRUE);
}

static void
look_at(const Walk *walk, const MigrateKeys *migrate, double at_s, guint index, GPtrArray *warnings)
{
    Known *known = g_hash_table_lookup(walk->guests, migrate->guest);
    const Outcome *outcome = first_outcome(known, migrate, at_s);

    if (outcome == &outcome_running) {
        outcome = step_outcome(walk, known, migrate);
        note_begun(known, migrate, at_s);
    }
    if (outcome != &outcome_running) {
        g_ptr_array_add(warnings, g_strdup_printf("/timeline/%u: the migration of \"%s\" cannot complete, %s: %s",
                                                  index, migrate->guest, outcome->word, outcome->text));
        return;
    }
    known->moved = TRUE;
    known->host = NULL;
}

/* ---- migrations that others begin ---- */

static gboolean
may_migrate(const ActionSpec *action)
{
    const PartKeys *part = action_part(action, NULL);

    return part && part->migrates;
}

static gboolean
others_migrate(const ScenarioSpec *scenario)
{
    for (guint i = 0; i < scenario->timeline->len; i++)
        if (may_migrate(scenario_action(scenario, i)))
            return TRUE;
    return FALSE;
}

/* Of which guests, and where to, is not known here: any of them may be anywhere, and at work, from now on. */
static void
note_any_begun(const Walk *walk)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, walk->guests);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Known *known = value;
        known->moved = known->begun = TRUE;
        known->host = NULL;
    }
}

/* ---- what is said to migrations ---- */

/* NAME, or as a later one of that name: NAME.2. */
static gboolean
may_be_called(const char *name, const char *wanted)
{
    const gsize length = strlen(wanted);

    return g_str_has_prefix(name, wanted) && (name[length] == '\0' || name[length] == '.');
}

/* What is certain of the migrations of the VM that somebody speaks to. */
typedef struct {
    gboolean named;   /* one may have the name that he gives */
    gboolean may_run; /* one does not stop the guest for all of its time */
} Addressed;

static Addressed
addressed_by(const ScenarioSpec *scenario, const OrderKeys *order)
{
    const gboolean others = others_migrate(scenario);
    Addressed addressed = {!order->migration || (others && may_be_called(order->migration, order->guest)), others};

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (!migrate || !g_str_equal(migrate->guest, order->guest))
            continue;
        addressed.named |=
            order->migration && may_be_called(order->migration, migrate->name ? migrate->name : migrate->guest);
        addressed.may_run |= !migration_method_stops(migrate->method);
    }
    return addressed;
}

static void
look_at_order(const ScenarioSpec *scenario, const Walk *walk, const OrderKeys *order, OrderKind kind, guint index,
              GPtrArray *warnings)
{
    const Known *known = g_hash_table_lookup(walk->guests, order->guest);
    const Addressed addressed = addressed_by(scenario, order);
    char *text = NULL;

    if (!known->begun && !others_migrate(scenario))
        text =
            g_strdup_printf("/timeline/%u: is in vain, no migration of \"%s\" has begun by then", index, order->guest);
    else if (!addressed.named)
        text = g_strdup_printf("/timeline/%u/migration: is in vain, no migration of \"%s\" is called \"%s\"", index,
                               order->guest, order->migration);
    else if (!addressed.may_run && kind != ORDER_CANCEL)
        text = g_strdup_printf("/timeline/%u: is in vain, no migration of \"%s\" is a live one", index, order->guest);
    if (text)
        g_ptr_array_add(warnings, text);
}

/* ---- the time line ---- */

/* Those of one date stay in their order. */
static int
compare_dates(gconstpointer a, gconstpointer b, gpointer data)
{
    const guint one = *(const guint *)a, other = *(const guint *)b;
    const double first_s = scenario_action(data, one)->at_s, second_s = scenario_action(data, other)->at_s;

    return first_s != second_s ? (first_s > second_s) - (first_s < second_s) : (one > other) - (one < other);
}

static GArray *
by_date(const ScenarioSpec *scenario)
{
    GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));

    for (guint i = 0; i < scenario->timeline->len; i++)
        g_array_append_val(order, i);
    g_array_sort_with_data(order, compare_dates, (gpointer)scenario);
    return order;
}

void
migration_warn(const ScenarioSpec *scenario, GPtrArray *warnings)
{
    g_auto(Walk) walk = begin_walk(scenario);
    g_autoptr(GArray) order = by_date(scenario);

    for (guint i = 0; i < order->len; i++) {
        const guint index = g_array_index(order, guint, i);
        const ActionSpec *action = scenario_action(scenario, index);
        const MigrateKeys *migrate = migration_keys_of(action);
        OrderKind kind;
        const OrderKeys *said = migration_keys_order(action, &kind);
        if (said)
            look_at_order(scenario, &walk, said, kind, index, warnings);
        else if (migrate)
            look_at(&walk, migrate, action->at_s, index, warnings);
        else if (may_migrate(action))
            note_any_begun(&walk);
        else if (action->kind == ACTION_FAIL_HOST)
            lose_host(&walk, action->host);
        else if (action->kind >= ACTION_CREATE_GUEST && action->kind <= ACTION_DESTROY_GUEST)
            change_guest(&walk, action);
    }
    validity_warn(scenario, warnings);
}
