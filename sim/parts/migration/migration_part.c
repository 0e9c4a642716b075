#include "sim/parts/migration/migration_part.h"

#include "sim/parts/migration/leg.h"
#include "sim/parts/migration/leg_cards.h"
#include "sim/parts/migration/leg_images.h"
#include "sim/parts/migration/leg_stop.h"
#include "sim/parts/migration/leg_stream.h"
#include "sim/parts/migration/leg_tables.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/migration/migration_results.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/listing.h"
#include "sim/world/outlook.h"
#include "sim/world/task.h"

#include <math.h>
#include <simgrid/actor.h>

static Leg *
add_leg(Migration *migration, const char *label, Domain *first, Domain *second)
{
    Leg *leg = g_new0(Leg, 1);

    leg->migration = migration;
    leg->label = label;
    leg->domains[0] = first;
    leg->domains[1] = second;
    leg->n_domains = second ? 2 : 1;
    leg->outcome = &outcome_running;
    g_ptr_array_add(migration->legs, leg);
    return leg;
}

/* "The most usual practice is to migrate the vTPM when the push phase of the VM's live migration begins" (section 1.2).
 */
static void
add_legs_at_push(Migration *migration)
{
    Leg *vm = add_leg(migration, "vm", migration->vm, NULL);

    vm->at_push = add_leg(migration, "vtpm", vtpm_part_of(migration->vm), NULL);
    vm->at_push->within = TRUE;
}

static void
add_legs(Migration *migration)
{
    Domain *vm = migration->vm;

    switch (migration->method) {
    case METHOD_VM:
        add_leg(migration, "vm", vm, NULL);
        break;
    case METHOD_VTPM:
        add_leg(migration, "vtpm", vtpm_part_of(vm), NULL);
        break;
    case METHOD_VM_THEN_VTPM:
        add_leg(migration, "vm", vm, NULL);
        add_leg(migration, "vtpm", vtpm_part_of(vm), NULL);
        break;
    case METHOD_VTPM_THEN_VM:
        add_leg(migration, "vtpm", vtpm_part_of(vm), NULL);
        add_leg(migration, "vm", vm, NULL);
        break;
    case METHOD_VTPM_AT_PUSH:
        add_legs_at_push(migration);
        break;
    case METHOD_JOINT:
    case METHOD_CONCATENATED:
        add_leg(migration, "joint", vm, vtpm_part_of(vm));
        break;
    case METHOD_COLD:
    case METHOD_SAVE_RESTORE:
        add_leg(migration, vtpm_part_of(vm) ? "joint" : "vm", vm, vtpm_part_of(vm));
        break;
    }
}

static const Outcome *
domain_outcome(const Migration *migration, const Domain *domain)
{
    if (domain->migrating)
        return &outcome_busy;
    if (!domain_is_running(domain))
        return &outcome_not_running;
    return domain_host(domain) == migration->destination ? &outcome_already_there : &outcome_running;
}

static gboolean
moves_both(const Migration *migration)
{
    return vtpm_part_of(migration->vm) && migration_method_moves(migration->method, FALSE) &&
           migration_method_moves(migration->method, TRUE);
}

/* What forbids the migration before its first step. */
static const Outcome *
first_outcome(Migration *migration)
{
    if (migration_method_needs_vtpm(migration->method) && !vtpm_part_of(migration->vm))
        return &outcome_no_vtpm;
    if (moves_both(migration) && domain_host(migration->vm) != domain_host(vtpm_part_of(migration->vm)))
        return &outcome_apart;
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        for (guint k = 0; k < leg->n_domains; k++) {
            const Outcome *outcome = domain_outcome(migration, leg->domains[k]);
            if (outcome == &outcome_running &&
                !part_may_move(leg->domains[k], migration->destination, &migration->refusal))
                outcome = &migration->refusal;
            if (outcome != &outcome_running)
                return outcome;
        }
    }
    return leg_stop_first_host(migration) == migration->source ? &outcome_at_storage : &outcome_running;
}

static void
mark_migrating(const Migration *migration, gboolean migrating)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        for (guint k = 0; k < leg->n_domains; k++) {
            leg->domains[k]->migrating = migrating;
            leg->domains[k]->destination = migration->destination;
        }
    }
}

static void
list_hosts(const Migration *migration, const char *when)
{
    if (!migration->world->scenario->engine->list_domains)
        return;
    g_autofree char *label = g_strdup_printf("%s %s", when, migration->name);

    listing_append_host(migration->world, label, migration->source);
    listing_append_host(migration->world, label, migration->destination);
}

/* A second leg is not begun when the first one failed: its domain stays with its partner. */
static void
run_legs(Migration *migration)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        Leg *leg = g_ptr_array_index(migration->legs, i);
        if (leg->within)
            continue;
        leg_run(leg);
        migration->outcome = leg->outcome;
        if (leg->outcome != &outcome_completed)
            return;
    }
}

static void
tell_end(const Migration *migration)
{
    const MigrationEnd end = {.name = migration->name,
                              .completed = migration->outcome == &outcome_completed,
                              .outcome = migration->outcome,
                              .start_s = migration->start_s,
                              .end_s = migration->end_s,
                              .stopped_s = migration_stopped_s(migration),
                              .sent_bytes = migration_sent_bytes(migration)};

    if (migration->ended)
        migration->ended(&end, migration->data);
}

static void
run_migration(gpointer data)
{
    Migration *migration = data;

    list_hosts(migration, "before");
    run_legs(migration);
    mark_migrating(migration, FALSE);
    part_migration_ended(migration->vm, migration->name);
    orders_end(migration);
    migration->end_s = world_now();
    list_hosts(migration, "after");
    path_leave(migration->world, migration->path, stream_flows(&migration->hypervisor->stream));
    tell_end(migration);
}

static void
free_leg(gpointer data)
{
    Leg *leg = data;

    copier_clear(&leg->copier);
    page_witness_free(leg->witness);
    page_tiles_free(leg->tiles);
    leg_release_pages(leg);
    leg_cards_free(leg);
    g_free(leg);
}

static void
free_migration(gpointer data)
{
    Migration *migration = data;

    g_ptr_array_unref(migration->legs);
    g_free(migration->name);
    g_free(migration);
}

/* Metrics of a migration's parts are called NAME.vm and so on: those are no other migration's names. */
static const char *const leg_labels[] = {"vm", "vtpm", "joint"};

static gboolean
name_is_free(GHashTable *names, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(leg_labels); i++) {
        g_autofree char *part = g_strconcat(name, ".", leg_labels[i], NULL);
        if (g_hash_table_contains(names, part))
            return FALSE;
    }
    return !g_hash_table_contains(names, name);
}

static void
take_name(GHashTable *names, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(leg_labels); i++)
        g_hash_table_insert(names, g_strconcat(name, ".", leg_labels[i], NULL), GUINT_TO_POINTER(1));
    g_hash_table_insert(names, g_strdup(name), GUINT_TO_POINTER(1));
}

/* The name that was asked for, or the VM's; the second of that name is NAME.2. (transfer full) */
static char *
unique_name(GHashTable *names, const char *wanted)
{
    /* the number goes on where the last one of that name stopped, so that a thousand moves of one VM stay cheap */
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(names, wanted));
    char *name = g_strdup(wanted);

    while (!name_is_free(names, name)) {
        g_free(name);
        n = MAX(n, 1) + 1;
        name = g_strdup_printf("%s.%u", wanted, n);
    }
    take_name(names, name);
    if (n > 0)
        g_hash_table_insert(names, g_strdup(wanted), GUINT_TO_POINTER(n));
    return name;
}

static void
begin(World *world, const MigrationRequest *request)
{
    MigrationWorld *own = part_of_world(world, &migration_part);
    Domain *vtpm = vtpm_part_of(request->guest);
    Migration *migration = g_new0(Migration, 1);

    migration->world = world;
    migration->method = request->method;
    migration->hypervisor = request->hypervisor;
    migration->stops = request->stops;
    migration->ended = request->ended;
    migration->data = request->data;
    migration->name = unique_name(own->names, request->name ? request->name : request->guest->name);
    migration->vm = request->guest;
    migration->source = domain_host(request->method == METHOD_VTPM && vtpm ? vtpm : request->guest);
    migration->destination = request->destination;
    migration->cumps = g_ptr_array_index(own->cumps, migration->source);
    migration->legs = g_ptr_array_new_with_free_func(free_leg);
    migration->start_s = migration->end_s = world_now();
    random_init(&migration->costs, world->seed, "costs", migration->name);
    g_ptr_array_add(own->migrations, migration);

    if (!migration_method_needs_vtpm(request->method) || vtpm)
        add_legs(migration);
    migration->outcome = first_outcome(migration);
    if (migration->outcome != &outcome_running) {
        g_ptr_array_set_size(migration->legs, 0);
        tell_end(migration);
        return;
    }
    part_migration_began(migration->vm, migration->name);
    mark_migrating(migration, TRUE); /* here: the actor begins after other actions of the same date */
    orders_begin(own->orders, migration);
    migration->path = path_between(world, migration->source, leg_stop_first_host(migration));
    path_join(world, migration->path, stream_flows(&migration->hypervisor->stream));
    task_start(world, migration->name, world->hosts[migration->source].sg, run_migration, migration);
}

/* ---- the part ---- */

static void
free_directory(gpointer data)
{
    cump_directory_free(data);
}

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    MigrationWorld *own = g_new(MigrationWorld, 1);

    own->migrations = g_ptr_array_new_with_free_func(free_migration);
    own->orders = orders_new(world);
    own->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    own->cumps = g_ptr_array_new_with_free_func(free_directory);
    for (guint i = 0; i < world->n_hosts; i++)
        g_ptr_array_add(own->cumps, cump_directory_new());
    part_set_world(world, &migration_part, own);
    invariant_add(world, &invariant_images_equal);
    invariant_add(world, &invariant_plans_hold);
    return TRUE;
}

static MigrationStops
stops_of(const World *world, const MigrateKeys *keys)
{
    return (MigrationStops){.shutdown_s = field_or_else(keys->shutdown_s, COLD_SHUTDOWN_S),
                            .boot_s = field_or_else(keys->boot_s, COLD_BOOT_S),
                            .through = keys->through ? world_host(world, keys->through) : 0,
                            .write_Bps = keys->write_Bps,
                            .read_Bps = keys->read_Bps};
}

/* The time line asks like anybody else. */
static void
migrate(World *world, const MigrateKeys *keys)
{
    const MigrationRequest request = {.guest = world_domain(world, keys->guest),
                                      .destination = world_host(world, keys->host),
                                      .method = keys->method,
                                      .hypervisor = keys->hypervisor,
                                      .stops = stops_of(world, keys),
                                      .name = keys->name};

    request_migration(world, &request);
}

static void
act(World *world, const ActionSpec *action)
{
    const MigrationWorld *own = part_of_world(world, &migration_part);
    const MigrateKeys *keys = migration_keys_of(action);

    if (keys)
        migrate(world, keys);
    else
        orders_give(own->orders, action);
}

static void
note_destination(Domain *domain, guint to)
{
    g_array_append_val(domain->destinations, to);
}

/* Wherever the VM or its vTPM goes, the other may follow. */
static void
note_destinations(World *world)
{
    for (guint i = 0; i < world->scenario->timeline->len; i++) {
        const MigrateKeys *keys = migration_keys_of(scenario_action(world->scenario, i));
        if (!keys)
            continue;
        Domain *vm = world_domain(world, keys->guest), *vtpm = vtpm_part_of(vm);
        note_destination(vm, world_host(world, keys->host));
        if (vtpm)
            note_destination(vtpm, world_host(world, keys->host));
    }
}

/* Over which a migration sends to its destination, straight or by way of the storage. */
static void
foresee_migration(World *world, const MigrateKeys *keys, double at_s)
{
    Domain *vm = world_domain(world, keys->guest);
    g_autoptr(GArray) from = outlook_possible_hosts(vm);
    g_autoptr(GArray) to = g_array_new(FALSE, FALSE, sizeof(guint));
    const guint destination = world_host(world, keys->host);
    const guint first = keys->through ? world_host(world, keys->through) : destination;

    g_array_append_val(to, first);
    if (first != destination)
        outlook_add_path(world, first, destination, at_s);
    outlook_add_paths(world, from, to, at_s);
    part_foresee_change(vm, at_s);
}

static void
foresee(World *world)
{
    const MigrationWorld *own = part_of_world(world, &migration_part);

    note_destinations(world);
    for (guint i = 0; i < world->scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(world->scenario, i);
        const MigrateKeys *keys = migration_keys_of(action);
        if (keys)
            foresee_migration(world, keys, action->at_s);
    }
    orders_foresee(world, own->orders);
}

static void
check_tables(World *world)
{
    const MigrationWorld *own = part_of_world(world, &migration_part);

    for (guint i = 0; i < own->migrations->len; i++)
        leg_tables_check(world, g_ptr_array_index(own->migrations, i));
}

static void
collect(World *world, Result *result)
{
    const MigrationWorld *own = part_of_world(world, &migration_part);

    migration_results_collect(own->migrations, result);
    orders_collect(own->orders, result);
}

static void
trace(World *world, Trace *to)
{
    const MigrationWorld *own = part_of_world(world, &migration_part);

    migration_results_trace(own->migrations, to);
    orders_trace(own->orders, to);
}

static void
forget(World *world)
{
    MigrationWorld *own = part_of_world(world, &migration_part);

    if (!own)
        return;
    g_ptr_array_unref(own->migrations);
    orders_free(own->orders);
    g_hash_table_unref(own->names);
    g_ptr_array_unref(own->cumps);
    g_free(own);
}

const Part migration_part = {"migration",
                             .keys = &migration_keys,
                             .create = create,
                             .act = act,
                             .migrate = begin,
                             .foresee = foresee,
                             .check_tables = check_tables,
                             .collect = collect,
                             .records = migration_records,
                             .trace = trace,
                             .forget = forget};
