#include "sim/parts/device/device_part.h"

#include "sim/parts/device/device_results.h"
#include "sim/world/domain.h"
#include "sim/world/outlook.h"
#include "sim/world/table_check.h"
#include "sim/world/task.h"

#include <math.h>
#include <simgrid/actor.h>

/* ---- of a domain ---- */

/* Its devices; NULL: it has none. */
static GPtrArray *
devices_of(const Domain *domain)
{
    return part_of_domain(domain, &device_part);
}

static guint64
pages_of(const Domain *domain, double bytes)
{
    return (guint64)ceil(bytes / domain->page_bytes);
}

/* It writes as long as it works: what the guest's stop does to it is the dirty log's. */
static void
follow_writes(GuestDevice *device)
{
    const DmaSpec *dma = device->spec->dma;
    Domain *domain = device->domain;
    const gboolean writes = device_works(&device->state);

    if (!dma || writes == device->writes)
        return;
    device->writes = writes;
    dirty_set_device(domain->log, world_now(), device->writer,
                     domain->layout.program_first + (guint64)(dma->first_bytes / domain->page_bytes),
                     pages_of(domain, dma->buffer_bytes), writes ? dma->rate_pages_s : 0);
}

static void
note_left(GuestDevice *device)
{
    const DeviceAbsence absence = {
        .from_s = world_now(), .to_s = NAN, .source = domain_host(device->domain), .host = 0};

    device->from = absence.source;
    g_array_append_val(device->absences, absence);
    follow_writes(device);
}

static void
note_back(GuestDevice *device)
{
    DeviceAbsence *absence = &g_array_index(device->absences, DeviceAbsence, device->absences->len - 1);

    absence->to_s = world_now();
    absence->host = domain_host(device->domain);
    follow_writes(device);
}

/* What changes whether the device works is noted. */
static double
change(GuestDevice *device, double (*step)(Device *state, double now_s))
{
    const gboolean worked = device_works(&device->state);
    const double at_s = step(&device->state, world_now());
    const gboolean works = device_works(&device->state);

    if (worked && !works)
        note_left(device);
    else if (works && !worked)
        note_back(device);
    return at_s;
}

static double
guest_runs(Device *state, double now_s)
{
    device_guest_runs(state, now_s);
    return NAN;
}

static double
arrive(Device *state, double now_s)
{
    device_arrived(state, now_s);
    return NAN;
}

/* The first call of a migration takes it from the guest. */
static double
leave(Device *state, double now_s)
{
    if (device_works(state) || state->place == DEVICE_COMING)
        device_leave(state, now_s);
    return device_left_s(state, now_s);
}

/* ---- its guest migrates ---- */

static double
prepare(Domain *domain)
{
    const GPtrArray *devices = devices_of(domain);
    double last_s = NAN;

    for (guint i = 0; devices && i < devices->len; i++)
        last_s = fmax(last_s, change(g_ptr_array_index(devices, i), leave)); /* a number rather than NAN */
    return last_s;
}

static void
stop_needs(const Domain *domain, StopNeeds *needs)
{
    const GPtrArray *devices = devices_of(domain);

    for (guint i = 0; devices && i < devices->len; i++) {
        const GuestDevice *device = g_ptr_array_index(devices, i);
        if (device->spec->rules.during == DEVICE_UNPLUGGED) /* the guest has none then */
            continue;
        needs->state_bytes += device->spec->state_bytes;
        needs->save_s += device->spec->save_s;
        needs->load_s += device->spec->load_s;
    }
}

static void
notice(Domain *domain)
{
    const GPtrArray *devices = devices_of(domain);

    for (guint i = 0; devices && i < devices->len; i++) {
        GuestDevice *device = g_ptr_array_index(devices, i);
        if (domain_is_running(domain) && domain_host(domain) != device->from)
            (void)change(device, guest_runs);
    }
}

static void
plug_again(gpointer data)
{
    GuestDevice *device = data;

    sg_actor_sleep_until(device->state.due_s);
    if (!domain_is_gone(device->domain))
        (void)change(device, arrive);
}

static void
release(Domain *domain)
{
    const GPtrArray *devices = devices_of(domain);

    for (guint i = 0; devices && i < devices->len && !domain_is_gone(domain); i++) {
        GuestDevice *device = g_ptr_array_index(devices, i);
        if (!isnan(change(device, device_come_back)))
            task_start(domain->world, device->spec->name, domain->world->hosts[domain_host(domain)].sg, plug_again,
                       device);
    }
}

/* Its writes stop and begin at dates that only the migration knows. */
static gboolean
writes_pages(const Domain *domain)
{
    const GPtrArray *devices = devices_of(domain);

    for (guint i = 0; devices && i < devices->len; i++) {
        const GuestDevice *device = g_ptr_array_index(devices, i);
        if (device->spec->dma && device->state.place == DEVICE_COMING)
            return TRUE;
    }
    return FALSE;
}

/* ---- from begin to end ---- */

static void
free_device(gpointer data)
{
    GuestDevice *device = data;

    g_clear_pointer(&device->siblings, g_ptr_array_unref);
    g_array_unref(device->absences);
    g_free(device);
}

static void
add_writer(GuestDevice *device)
{
    RandomStream random;

    if (!device->spec->dma)
        return;
    random_init(&random, device->world->seed, "dma", device->spec->name);
    device->writer = dirty_add_device(device->domain->log, &random);
    follow_writes(device);
}

static GuestDevice *
new_device(World *world, const DeviceSpec *spec)
{
    GuestDevice *device = g_new0(GuestDevice, 1);

    *device = (GuestDevice){.world = world,
                            .spec = spec,
                            .domain = world_domain(world, spec->vm),
                            .absences = g_array_new(FALSE, FALSE, sizeof(DeviceAbsence))};
    device_init(&device->state, &spec->rules);
    device->from = G_MAXUINT;
    add_writer(device);
    return device;
}

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    const GArray *specs = device_keys_of(world->scenario)->devices;

    if (specs->len == 0)
        return TRUE;
    GPtrArray *devices = g_ptr_array_new_with_free_func(free_device);
    part_set_world(world, &device_part, devices);
    for (guint i = 0; i < specs->len; i++) {
        GuestDevice *device = new_device(world, &g_array_index(specs, DeviceSpec, i));
        g_ptr_array_add(devices, device);
        if (!devices_of(device->domain))
            part_set_domain(device->domain, &device_part, device->siblings = g_ptr_array_new());
        g_ptr_array_add(devices_of(device->domain), device);
    }
    return TRUE;
}

static void
check_tables(World *world)
{
    const GPtrArray *devices = part_of_world(world, &device_part);

    for (guint i = 0; devices && i < devices->len; i++) {
        const GuestDevice *device = g_ptr_array_index(devices, i);
        table_check_note(world, "device", device->spec->name, device_results_fault(device));
    }
}

static void
collect(World *world, Result *result)
{
    const GPtrArray *devices = part_of_world(world, &device_part);

    if (devices)
        device_results_collect(devices, result);
}

static void
trace(World *world, Trace *to)
{
    const GPtrArray *devices = part_of_world(world, &device_part);

    if (devices)
        device_results_trace(devices, to);
}

/* Domains may have been freed by now, but not their lists. */
static void
forget(World *world)
{
    GPtrArray *devices = part_of_world(world, &device_part);

    g_clear_pointer(&devices, g_ptr_array_unref);
}

const Part device_part = {"device",           .keys = &device_keys,         .create = create,
                          .prepare = prepare, .stop_needs = stop_needs,     .notice = notice,
                          .release = release, .writes_pages = writes_pages, .check_tables = check_tables,
                          .collect = collect, .records = device_records,    .trace = trace,
                          .forget = forget};
