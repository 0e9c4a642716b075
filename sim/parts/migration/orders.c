#include "sim/parts/migration/orders.h"

#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/outlook.h"
#include "sim/world/part.h"

#include <math.h>

/* A sleep may end so much early, at each of a few steps. */
#define DATE_SLACK_S (10 * ENGINE_PRECISION_S)

/* What became of it. */
static const Outcome given = {"done", "it took effect"};
static const Outcome no_migration = {"no-migration", "no such migration of the VM is at work"};
static const Outcome too_late = {"too-late",
                                 "the migration has ended, or its guest was stopped or is at the destination already"};
static const Outcome not_live = {"not-live", "the method stops the guest for all of its time"};
static const Outcome no_post_copy = {"no-post-copy", "the hypervisor has no post-copy"};
static const Outcome no_rate_limit = {"no-rate-limit", "the hypervisor has no limit of the rate"};

typedef struct {
    const ActionSpec *action; /* borrowed */
    const OrderKeys *keys;    /* borrowed */
    OrderKind kind;
    const Domain *vm;
    const Outcome *outcome;     /* NULL: not given yet */
    const Migration *migration; /* borrowed; to which it has come; NULL: its date has not, or none was at work */
    const Leg *leg;             /* borrowed; NULL: none was at work */
} Order;

struct Orders {
    GPtrArray *at_work; /* owned, of borrowed Migration, in the order in which they began */
    GPtrArray *all;     /* owned, of owned Order, by date */
    GHashTable *of_vm;  /* owned; Domain to owned GPtrArray of borrowed Order, by date */
};

static void
unref_array(gpointer data)
{
    g_ptr_array_unref(data);
}

static void
add_order(World *world, Orders *orders, const ActionSpec *action)
{
    OrderKind kind;
    const OrderKeys *keys = migration_keys_order(action, &kind);

    if (!keys)
        return;
    Order *order = g_new0(Order, 1);
    *order = (Order){.action = action, .keys = keys, .kind = kind, .vm = world_domain(world, keys->guest)};
    g_ptr_array_add(orders->all, order);
    GPtrArray *of_vm = g_hash_table_lookup(orders->of_vm, order->vm);
    if (!of_vm)
        g_hash_table_insert(orders->of_vm, (gpointer)order->vm, of_vm = g_ptr_array_new());
    g_ptr_array_add(of_vm, order);
}

Orders *
orders_new(World *world)
{
    Orders *orders = g_new(Orders, 1);

    orders->at_work = g_ptr_array_new();
    orders->all = g_ptr_array_new_with_free_func(g_free);
    orders->of_vm = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, unref_array);
    for (guint i = 0; i < world->scenario->timeline->len; i++)
        add_order(world, orders, scenario_action(world->scenario, i));
    return orders;
}

void
orders_free(Orders *orders)
{
    g_hash_table_unref(orders->of_vm);
    g_ptr_array_unref(orders->all);
    g_ptr_array_unref(orders->at_work);
    g_free(orders);
}

void
orders_begin(Orders *orders, Migration *migration)
{
    const MigrationTuning untuned = {NAN, NAN, NAN, TUNE_TIME_UP_NOT};

    migration->tuning = untuned;
    migration->orders = g_hash_table_contains(orders->of_vm, migration->vm) ? orders : NULL;
    if (migration->orders)
        g_ptr_array_add(orders->at_work, migration);
}

/* ---- what is said ---- */

static gboolean
is_for(const Order *order, const Migration *migration)
{
    return order->vm == migration->vm &&
           (!order->keys->migration || g_str_equal(order->keys->migration, migration->name));
}

/* Of two at a time, of which one moves the VM and the other its vTPM, the one that began first. */
static Migration *
find_migration(const Orders *orders, const Order *order)
{
    for (guint i = 0; i < orders->at_work->len; i++) {
        Migration *migration = g_ptr_array_index(orders->at_work, i);
        if (is_for(order, migration))
            return migration;
    }
    return NULL;
}

static gboolean
command(Leg *leg, CopyCommandKind kind, double value, StopReason reason)
{
    const CopyCommand said = {kind, value, reason};

    return copier_command(&leg->copier, world_now(), &said);
}

static void
tune_machine(Leg *leg, const MigrationTuning *tuning)
{
    if (!isnan(tuning->downtime_limit_s))
        (void)command(leg, COMMAND_DOWNTIME_LIMIT, tuning->downtime_limit_s, STOP_NOT_YET);
    if (!isnan(tuning->max_bandwidth_Bps) && leg->copier.kind->can_limit)
        (void)command(leg, COMMAND_MAX_BANDWIDTH, tuning->max_bandwidth_Bps, STOP_NOT_YET);
}

static const Outcome *
tune(Migration *migration, const OrderKeys *keys)
{
    const CopierKind *kind = copier_kind(migration->hypervisor);
    MigrationTuning *tuning = &migration->tuning;
    Leg *leg = migration->at_work;

    if (!isnan(keys->max_bandwidth_Bps) && !kind->can_limit)
        return &no_rate_limit;
    if (keys->at_time_limit == TUNE_TIME_UP_POSTCOPY && !kind->can_pull)
        return &no_post_copy;
    if (leg->step > STEP_PRECOPY || copier_totals(&leg->copier).stop != STOP_NOT_YET)
        return &too_late;
    tuning->downtime_limit_s = field_or_else(keys->downtime_limit_s, tuning->downtime_limit_s);
    tuning->max_bandwidth_Bps = field_or_else(keys->max_bandwidth_Bps, tuning->max_bandwidth_Bps);
    tuning->time_limit_s = field_or_else(keys->time_limit_s, tuning->time_limit_s);
    if (keys->at_time_limit != TUNE_TIME_UP_NOT)
        tuning->at_time_limit = keys->at_time_limit;
    tune_machine(leg, &(MigrationTuning){keys->downtime_limit_s, keys->max_bandwidth_Bps, NAN, TUNE_TIME_UP_NOT});
    return &given;
}

static const Outcome *
finish(Migration *migration, FinishHow how)
{
    const gboolean pulls = how == FINISH_BY_POSTCOPY;

    if (pulls && !copier_kind(migration->hypervisor)->can_pull)
        return &no_post_copy;
    return command(migration->at_work, pulls ? COMMAND_POSTCOPY : COMMAND_SUSPEND, NAN,
                   pulls ? STOP_POSTCOPY_TOLD : STOP_TOLD)
               ? &given
               : &too_late;
}

static const Outcome *
cancel(Migration *migration)
{
    if (migration->at_work && migration->at_work->committed)
        return &too_late;
    migration->cancelled = TRUE;
    return &given;
}

static const Outcome *
carry_out(const Order *order, Migration *migration)
{
    if (order->kind == ORDER_CANCEL)
        return cancel(migration);
    if (migration_method_stops(migration->method))
        return &not_live;
    return order->kind == ORDER_TUNE ? tune(migration, order->keys) : finish(migration, order->keys->how);
}

static void
give(Order *order, Migration *migration)
{
    order->leg = migration->at_work;
    order->outcome = carry_out(order, migration);
}

/* What is said to a machine waits until it has done what it is doing. */
static void
come_due(const Orders *orders, Order *order)
{
    Migration *migration = find_migration(orders, order);

    order->migration = migration;
    if (!migration)
        order->outcome = &no_migration;
    else if (order->kind == ORDER_CANCEL)
        give(order, migration);
}

void
orders_give(Orders *orders, const ActionSpec *action)
{
    for (guint i = 0; i < orders->all->len; i++) {
        Order *order = g_ptr_array_index(orders->all, i);
        if (order->action == action && !order->migration && !order->outcome)
            come_due(orders, order);
    }
}

/* ---- who runs a migration asks ---- */

static GPtrArray *
orders_to(const Migration *migration)
{
    return migration->orders ? g_hash_table_lookup(migration->orders->of_vm, migration->vm) : NULL;
}

static gboolean
is_due(const Order *order, const Migration *migration)
{
    return !order->outcome && order->action->at_s <= world_now() + DATE_SLACK_S &&
           order->action->at_s >= migration->start_s;
}

void
orders_come_due(Migration *migration)
{
    const GPtrArray *orders = orders_to(migration);

    for (guint i = 0; orders && i < orders->len; i++) {
        Order *order = g_ptr_array_index(orders, i);
        if (!order->migration && is_due(order, migration))
            come_due(migration->orders, order);
    }
}

void
orders_take(Migration *migration)
{
    const GPtrArray *orders = orders_to(migration);

    orders_come_due(migration);
    for (guint i = 0; orders && i < orders->len; i++) {
        Order *order = g_ptr_array_index(orders, i);
        if (order->migration == migration && !order->outcome)
            give(order, migration);
    }
}

void
orders_end(Migration *migration)
{
    const GPtrArray *orders = orders_to(migration);

    for (guint i = 0; orders && i < orders->len; i++) {
        Order *order = g_ptr_array_index(orders, i);
        if (order->migration == migration && !order->outcome)
            order->outcome = &too_late;
    }
    if (migration->orders)
        g_ptr_array_remove(migration->orders->at_work, migration);
}

/* Of one kind, or of any (-1). */
static double
next_s(const Migration *migration, int kind)
{
    const GPtrArray *orders = orders_to(migration);

    for (guint i = 0; orders && i < orders->len; i++) {
        const Order *order = g_ptr_array_index(orders, i);
        if (!order->migration && !order->outcome && find_migration(migration->orders, order) == migration &&
            (kind < 0 || (int)order->kind == kind))
            return order->action->at_s;
    }
    return INFINITY;
}

double
orders_next_s(const Migration *migration)
{
    return next_s(migration, -1);
}

double
orders_cancel_s(const Migration *migration)
{
    return next_s(migration, ORDER_CANCEL);
}

void
orders_pass_on(Leg *leg)
{
    tune_machine(leg, &leg->migration->tuning);
}

void
orders_foresee(World *world, const Orders *orders)
{
    for (guint i = 0; i < orders->all->len; i++) {
        const Order *order = g_ptr_array_index(orders->all, i);
        Domain *vm = world_domain(world, order->keys->guest);
        g_autoptr(GArray) hosts = outlook_possible_hosts(vm);
        outlook_add_paths(world, hosts, hosts, order->action->at_s);
        part_foresee_change(vm, order->action->at_s);
    }
}

/* ---- what is told ---- */

static const char *const kind_words[] = {[ORDER_TUNE] = "tune", [ORDER_CANCEL] = "cancel", [ORDER_FINISH] = "finish"};

typedef struct {
    guint64 made, refused;
} OrderNumbers;

static const RecordField number_fields[] = {
    {"made", RECORD_COUNT(OrderNumbers, made), "to change, cancel or finish a migration that runs"},
    {"refused", RECORD_COUNT(OrderNumbers, refused), "of them; migration-requests.csv says why"},
    {NULL},
};
const Record orders_record = {"migration_requests", number_fields, "requests to migrations, when there were any"};

typedef struct {
    double time_s;
    const char *request, *vm, *migration, *outcome;
} OrderRow;

static const RecordField row_fields[] = {
    {"time_s", RECORD_NUMBER(OrderRow, time_s), "when"},
    {"request", RECORD_WORD(OrderRow, request), "tune, cancel or finish"},
    {"vm", RECORD_WORD(OrderRow, vm), "whose migration"},
    {"migration", RECORD_WORD(OrderRow, migration), "as in the metrics; empty: none was at work"},
    {"outcome", RECORD_WORD(OrderRow, outcome), "done, or why it was refused"},
    {NULL},
};
const Record orders_row_record = {"migration-requests.csv", row_fields, "what was said to migrations that run"};

void
orders_collect(const Orders *orders, Result *result)
{
    OrderNumbers numbers = {0};

    if (orders->all->len == 0)
        return;
    GString *table = record_table(&orders_row_record);
    for (guint i = 0; i < orders->all->len; i++) {
        const Order *order = g_ptr_array_index(orders->all, i);
        if (!order->outcome)
            continue;
        const OrderRow row = {order->action->at_s, kind_words[order->kind], order->vm->name,
                              order->migration ? order->migration->name : NULL, order->outcome->word};
        record_append_row(&orders_row_record, &row, table);
        numbers.made++;
        numbers.refused += order->outcome != &given;
        if (order->outcome != &given)
            result_say_one(result, "requests to migrations that were refused", "%s-migration of %s: %s",
                           kind_words[order->kind], order->vm->name, order->outcome->text);
    }
    record_add(&orders_record, &numbers, result, NULL);
    record_take_table(&orders_row_record, table, result);
}

void
orders_trace(const Orders *orders, Trace *trace)
{
    for (guint i = 0; i < orders->all->len; i++) {
        const Order *order = g_ptr_array_index(orders->all, i);
        if (!order->leg)
            continue;
        g_autofree char *text = g_strdup_printf("%s: %s", kind_words[order->kind], order->outcome->word);
        trace_instant(trace_track(trace, "migrations", "%s %s", order->migration->name, order->leg->label), text,
                      order->action->at_s);
    }
}
