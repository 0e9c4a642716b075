#include "sim/parts/cpu_demand/cpu_demand_part.h"

#include "sim/parts/cpu_demand/cpu_demand_world.h"
#include "sim/world/guard.h"
#include "sim/world/processors.h"

#include <math.h>
#include <simgrid/actor.h>

/* ---- which trace ---- */

static void
free_file(gpointer data)
{
    demand_trace_clear(&((DemandFile *)data)->trace);
    g_free(data);
}

/* Of the file of that name from the scenario's folder on, read once. NULL with error set. */
static const DemandFile *
open_file(World *world, DemandWorld *own, const DemandSpec *spec, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(spec->folder ? spec->folder : "", name, NULL);
    g_autofree char *full = g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(world->folder, path, NULL);
    g_autofree char *key = g_strdup_printf("%.17g %s", spec->interval_s, full);
    DemandFile *file = g_hash_table_lookup(own->files, key);

    if (file)
        return file;
    file = g_new0(DemandFile, 1);
    if (!cpu_demand_file_read(full, spec->interval_s, file, error)) {
        g_free(file);
        return NULL;
    }
    g_hash_table_insert(own->files, g_steal_pointer(&key), file);
    return file;
}

/* Names of the traces, in the order in which guests take them; owned by own. NULL with error set. */
static GPtrArray *
list_traces(World *world, DemandWorld *own, const DemandSpec *spec, guint index, GError **error)
{
    g_autofree char *folder = spec->folder && !g_path_is_absolute(spec->folder)
                                  ? g_build_filename(world->folder, spec->folder, NULL)
                                  : g_strdup(spec->folder);
    GPtrArray *names = spec->folder ? cpu_demand_file_list(folder, error) : g_ptr_array_new_with_free_func(g_free);
    g_autofree char *entity = g_strdup_printf("%u", index);
    RandomStream random;

    if (!names) {
        g_prefix_error(error, "/demands/%u/folder: ", index);
        return NULL;
    }
    g_ptr_array_add(own->names, names);
    for (guint i = 0; !spec->folder && i < spec->files->len; i++)
        g_ptr_array_add(names, g_strdup(g_array_index(spec->files, char *, i)));
    if (spec->order != DEMAND_SHUFFLED)
        return names;
    random_init(&random, world->seed, "order of traces", entity);
    for (guint i = names->len; i > 1; i--) { /* Fisher and Yates */
        const guint k = (guint)random_below(&random, i);
        gpointer last = names->pdata[i - 1];
        names->pdata[i - 1] = names->pdata[k];
        names->pdata[k] = last;
    }
    return names;
}

static const char *
trace_of(const World *world, const DemandSpec *spec, const GPtrArray *names, guint k, const char *guest)
{
    RandomStream random;

    if (spec->order != DEMAND_DRAWN)
        return g_ptr_array_index(names, k % names->len);
    random_init(&random, world->seed, "trace", guest);
    return g_ptr_array_index(names, random_below(&random, names->len));
}

/* ---- whether it fits ---- */

static gboolean
fail(GError **error, guint index, const char *key, const char *trace, const char *what)
{
    g_set_error(error, CPU_DEMAND_FILE_ERROR, CPU_DEMAND_FILE_ERROR_ROW, "/demands/%u/%s: the trace %s %s", index, key,
                trace, what);
    return FALSE;
}

static gboolean
check_trace(const World *world, const DemandSpec *spec, guint index, const DemandFile *file, const char *name,
            const Domain *domain, GError **error)
{
    const double until_s = world->scenario->run_until_s;

    if (file->in_vcpus && file->largest > domain->vcpus) {
        g_autofree char *what = g_strdup_printf("wants %g virtual processors, expected at most the %u of \"%s\"",
                                                file->largest, domain->vcpus, domain->name);
        return fail(error, index, "guests", name, what);
    }
    if (file->in_vcpus && spec->after == DEMAND_REPEAT)
        return fail(error, index, "after", name, "has times of its own and no end to begin anew at, expected \"hold\"");
    if (spec->after == DEMAND_REFUSE && file->trace.length_s < until_s) {
        g_autofree char *what =
            g_strdup_printf("ends at %g s, before run_until, %g s, expected a longer one, or \"hold\" or \"repeat\"",
                            file->trace.length_s, until_s);
        return fail(error, index, "after", name, what);
    }
    return TRUE;
}

/* ---- guests ---- */

/* Wants what its trace says now; its next step stands in the calendar. */
static void
follow(DemandWorld *own, guint index)
{
    const DemandGuest *guest = &g_array_index(own->guests, DemandGuest, index);

    processors_set_demand(guest->domain, MIN(guest->walk.value * guest->scale, 1));
    if (isfinite(guest->walk.until_s))
        calendar_add(&own->steps, guest->walk.until_s, 0, index);
}

static void
make_up(const World *world, const DemandSpec *spec, DemandGuest *guest)
{
    const SyntheticLaw law = cpu_demand_law(spec);
    const guint n = (guint)ceil(spec->length_s / spec->interval_s);
    g_autofree double *values = g_new(double, n);
    RandomStream random;

    random_init(&random, world->seed, "demand", guest->domain->name);
    synthetic_draw(&law, spec->interval_s, &random, n, values);
    demand_trace_from_samples(&guest->own, values, n, spec->interval_s);
    guest->scale = 0.01;
}

/* names: NULL: made up. */
static gboolean
add_guest(World *world, DemandWorld *own, const DemandSpec *spec, guint index, const GPtrArray *names, guint k,
          GError **error)
{
    DemandGuest guest = {.domain = world_domain(world, g_array_index(spec->guests, char *, k)), .scale = 1};
    const DemandFile *file = NULL;

    if (names) {
        guest.name = trace_of(world, spec, names, k, guest.domain->name);
        file = open_file(world, own, spec, guest.name, error);
        if (!file || !check_trace(world, spec, index, file, guest.name, guest.domain, error))
            return FALSE;
        guest.scale = file->in_vcpus ? 1.0 / guest.domain->vcpus : 1;
    } else {
        make_up(world, spec, &guest);
    }
    guest.scale *= spec->scale;
    g_array_append_val(own->guests, guest);
    DemandGuest *kept = &g_array_index(own->guests, DemandGuest, own->guests->len - 1);
    kept->walk.repeats = spec->after == DEMAND_REPEAT;
    kept->walk.trace = file ? &file->trace : NULL; /* its own one may still move with the array */
    return TRUE;
}

static gboolean
add_demand(World *world, DemandWorld *own, const DemandSpec *spec, guint index, GError **error)
{
    const GPtrArray *names = spec->kind == DEMAND_SYNTHETIC ? NULL : list_traces(world, own, spec, index, error);

    if (!names && spec->kind != DEMAND_SYNTHETIC)
        return FALSE;
    for (guint k = 0; k < spec->guests->len; k++)
        if (!add_guest(world, own, spec, index, names, k, error))
            return FALSE;
    return TRUE;
}

static void
clear_guest(gpointer data)
{
    demand_trace_clear(&((DemandGuest *)data)->own);
}

static gboolean
create(World *world, GError **error)
{
    const GArray *demands = cpu_demand_keys_of(world->scenario)->demands;
    DemandWorld *own = g_new0(DemandWorld, 1);

    own->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_file);
    own->names = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    own->guests = g_array_new(FALSE, FALSE, sizeof(DemandGuest));
    g_array_set_clear_func(own->guests, clear_guest);
    calendar_init(&own->steps);
    part_set_world(world, &cpu_demand_part, own);
    for (guint i = 0; i < demands->len; i++)
        if (!add_demand(world, own, &g_array_index(demands, DemandSpec, i), i, error))
            return FALSE;
    for (guint i = 0; i < own->guests->len; i++) {
        DemandGuest *guest = &g_array_index(own->guests, DemandGuest, i);
        demand_walk_begin(&guest->walk, guest->own.steps ? &guest->own : guest->walk.trace, guest->walk.repeats);
        follow(own, i);
    }
    processors_settle_demands(world);
    return TRUE;
}

/* ---- as time goes by ---- */

/* All steps of one date, then each host once. */
static void
make_steps(World *world, DemandWorld *own, double at_s)
{
    CalendarEvent event;

    while (calendar_next_time(&own->steps) <= at_s && calendar_take(&own->steps, &event)) {
        demand_walk_next(&g_array_index(own->guests, DemandGuest, event.id).walk);
        follow(own, event.id);
        own->changes++;
    }
    processors_settle_demands(world);
}

static void
go_through_steps(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    World *world = sg_actor_self_get_data();
    DemandWorld *own = part_of_world(world, &cpu_demand_part);

    while (calendar_pending(&own->steps) > 0) {
        const double at_s = calendar_next_time(&own->steps);
        guard_pass();
        sg_actor_sleep_until(at_s);
        make_steps(world, own, at_s);
    }
}

static void
start(World *world)
{
    const DemandWorld *own = part_of_world(world, &cpu_demand_part);

    if (calendar_pending(&own->steps) > 0)
        world_start_actor("demand", world->hosts[0].sg, go_through_steps, world, TRUE);
}

static void
collect(World *world, Result *result)
{
    DemandWorld *own = part_of_world(world, &cpu_demand_part);

    if (own->guests->len > 0)
        cpu_demand_results_collect(own, result);
}

static void
forget(World *world)
{
    DemandWorld *own = part_of_world(world, &cpu_demand_part);

    if (!own)
        return;
    g_array_unref(own->guests);
    g_ptr_array_unref(own->names);
    g_hash_table_unref(own->files);
    calendar_clear(&own->steps);
    g_free(own);
}

const Part cpu_demand_part = {.name = "cpu_demand",
                              .keys = &cpu_demand_keys,
                              .create = create,
                              .start = start,
                              .collect = collect,
                              .records = cpu_demand_records,
                              .forget = forget};
