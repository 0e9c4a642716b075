#include "sim/parts/device/device_keys.h"

#include "sim/specs/reject.h"

#include <math.h>

static const char *const during_words[] = {
    [DEVICE_LIVE] = "live", [DEVICE_STOPPED] = "stopped", [DEVICE_UNPLUGGED] = "unplugged", NULL};

static const Field dma_fields[] = {
    {"rate", FIELD_FREQUENCY(DmaSpec, rate_pages_s), .required = TRUE,
     .help = "page writes per second, whatever speed the guest's processors have; none while the guest is stopped or "
             "without the device"},
    {"buffer", FIELD_SIZE(DmaSpec, buffer_bytes), .required = TRUE, .above = "0B",
     .help = "memory of the guest that it writes to, every page alike"},
    {"first", FIELD_SIZE(DmaSpec, first_bytes), .preset = "0B", .help = "where the buffer begins"},
    {NULL},
};
static const FieldTable dma_table = {"dma", sizeof(DmaSpec), dma_fields,
                                     .help = "what a device writes to its guest's memory by itself"};

static const Field device_fields[] = {
    {"name", FIELD_NAME(DeviceSpec, name), .required = TRUE, .help = "what the results call the device"},
    {"vm", FIELD_REFERENCE(DeviceSpec, vm), .refers = "/guests", .required = TRUE, .help = "whose it is"},
    {"state", FIELD_SIZE(DeviceSpec, state_bytes), .preset = "0B", .max = "16TiB",
     .help = "sent while the guest is stopped, besides the hypervisor's device_state"},
    {"save", FIELD_TIME(DeviceSpec, save_s), .preset = "0s",
     .help = "reading that state from the device, after the last page; downtime"},
    {"load", FIELD_TIME(DeviceSpec, load_s), .preset = "0s",
     .help = "loading it, or connecting to a back end anew, before the guest runs; downtime"},
    {"during", FIELD_ENUM(DeviceSpec, rules.during), .words = during_words, .preset = "live",
     .help = "a migration: it works until the guest is stopped; is stopped from the beginning on (vDPA); or is taken "
             "from the guest before and given to it afterwards (a virtual function)"},
    {"unplug", FIELD_TIME(DeviceSpec, rules.unplug_s), .preset = "0s",
     .help = "until it is taken from the running guest, before the first page is sent"},
    {"plug", FIELD_TIME(DeviceSpec, rules.plug_s), .preset = "0s",
     .help = "until the guest's driver has another one, after the migration"},
    {"dma", FIELD_OBJECT(DeviceSpec, dma), .table = &dma_table, .help = "absent: it writes no page by itself"},
    {NULL},
};
static const FieldTable device_table = {"device", sizeof(DeviceSpec), device_fields, .groups = TRUE,
                                        .help = "a device of a guest, which a migration has to carry or to replace"};

static const Field fields[] = {
    {"devices", FIELD_LIST(DeviceKeys, devices, OBJECT), .table = &device_table,
     .help = "devices of guests, beyond the hypervisor's device_state"},
    {NULL},
};

const DeviceKeys *
device_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &device_keys);
}

static gboolean
check_times(const DeviceSpec *device, guint index, GError **error)
{
    if (device->rules.during == DEVICE_UNPLUGGED)
        return TRUE;
    if (device->rules.unplug_s > 0)
        return reject(error, "/devices/%u/unplug: is given, expected \"during\": \"unplugged\" with it", index);
    if (device->rules.plug_s > 0)
        return reject(error, "/devices/%u/plug: is given, expected \"during\": \"unplugged\" with it", index);
    return TRUE;
}

/* A guest whose memory lies as Linux leaves it has room for a program's buffers only. */
static gboolean
check_dma(const ScenarioSpec *scenario, const DeviceSpec *device, guint index, GError **error)
{
    const GuestSpec *guest = scenario_guest(scenario, device->vm);
    const double room_bytes = guest_spec_workload_room(guest);

    if (!device->dma || device->dma->first_bytes + device->dma->buffer_bytes <= room_bytes)
        return TRUE;
    return reject(error, "/devices/%u/dma/buffer: ends beyond the memory that \"%s\" uses, expected at most %.0f bytes",
                  index, guest->name, MAX(room_bytes - device->dma->first_bytes, 0));
}

static gboolean
check_counted(const ScenarioSpec *scenario, const DeviceSpec *device, guint index, GError **error)
{
    if (!device->dma || scenario->engine->pages != PAGES_COUNTED)
        return TRUE;
    return reject(error,
                  "/engine/pages: is \"counted\", but /devices/%u/dma writes pages of its own, expected \"auto\" or "
                  "\"each\"",
                  index);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const GArray *devices = device_keys_of(scenario)->devices;

    for (guint i = 0; i < devices->len; i++) {
        const DeviceSpec *device = &g_array_index(devices, DeviceSpec, i);
        if (!check_times(device, i, error) || !check_dma(scenario, device, i, error) ||
            !check_counted(scenario, device, i, error))
            return FALSE;
    }
    return TRUE;
}

const PartKeys device_keys = {"device", .fields = fields, .size = sizeof(DeviceKeys), .check = check};
