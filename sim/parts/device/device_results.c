#include "sim/parts/device/device_results.h"

#include "sim/output/shown.h"

#include <math.h>

typedef struct {
    guint64 absences;
    double away_s, longest_s;
    gboolean works;
} DeviceNumbers;

static const RecordField device_fields[] = {
    {"absences", RECORD_COUNT(DeviceNumbers, absences), "how often the guest was left without the device"},
    {"away_s", RECORD_NUMBER(DeviceNumbers, away_s), "how long it was without it, in all"},
    {"away_max_s", RECORD_NUMBER(DeviceNumbers, longest_s), "the longest of these times"},
    {"works", RECORD_FLAG(DeviceNumbers, works), "whether the guest has it at the run's end"},
    {NULL},
};
static const Record device_record = {"device.NAME", device_fields, "a device of a guest"};

typedef struct {
    const char *device, *guest, *source, *host;
    double from_s, to_s, away_s;
} AbsenceRow;

static const RecordField absence_fields[] = {
    {"device", RECORD_WORD(AbsenceRow, device), "as in the metrics"},
    {"guest", RECORD_WORD(AbsenceRow, guest), "whose it is"},
    {"from_s", RECORD_NUMBER(AbsenceRow, from_s), "since when the guest was without it"},
    {"source", RECORD_WORD(AbsenceRow, source), "where the guest was then"},
    {"to_s", RECORD_NUMBER(AbsenceRow, to_s), "when it worked again; empty: it did not"},
    {"host", RECORD_WORD(AbsenceRow, host), "where the guest was then"},
    {"away_s", RECORD_NUMBER(AbsenceRow, away_s), "between the two"},
    {NULL},
};
static const Record absence_record = {"devices.csv", absence_fields, "when guests were without their devices"};

const Record *const device_records[] = {&device_record, &absence_record, NULL};

static const char *
host_name(const GuestDevice *device, guint host)
{
    return device->world->hosts[host].spec->name;
}

static void
append_absences(const GuestDevice *device, GString *table)
{
    for (guint i = 0; i < device->absences->len; i++) {
        const DeviceAbsence *absence = &g_array_index(device->absences, DeviceAbsence, i);
        const gboolean over = !isnan(absence->to_s);
        const AbsenceRow row = {.device = device->spec->name,
                                .guest = device->spec->vm,
                                .source = host_name(device, absence->source),
                                .host = over ? host_name(device, absence->host) : NULL,
                                .from_s = absence->from_s,
                                .to_s = absence->to_s,
                                .away_s = absence->to_s - absence->from_s};
        record_append_row(&absence_record, &row, table);
    }
}

static void
collect_device(const GuestDevice *device, Result *result)
{
    const Device *state = &device->state;
    const double away_s = device_away_s(state, world_now());
    const DeviceNumbers numbers = {.absences = state->times,
                                   .away_s = away_s,
                                   .longest_s = MAX(state->longest_s, away_s - state->away_s),
                                   .works = device_works(state)};
    char text[SHOWN_SIZE];

    record_add(&device_record, &numbers, result, "device.%s", device->spec->name);
    if (state->times > 0)
        result_say_one(result, "devices", "device %s of %s: away for %s s%s", device->spec->name, device->spec->vm,
                       shown_seconds(text, away_s), numbers.works ? "" : ", and not back at the end");
}

void
device_results_collect(const GPtrArray *devices, Result *result)
{
    GString *table = record_table(&absence_record);

    for (guint i = 0; i < devices->len; i++) {
        const GuestDevice *device = g_ptr_array_index(devices, i);
        collect_device(device, result);
        append_absences(device, table);
    }
    record_take_table(&absence_record, table, result);
}

void
device_results_trace(const GPtrArray *devices, Trace *trace)
{
    for (guint i = 0; i < devices->len; i++) {
        const GuestDevice *device = g_ptr_array_index(devices, i);
        TraceTrack *track = trace_track(trace, "devices", "%s of %s", device->spec->name, device->spec->vm);
        for (guint k = 0; k < device->absences->len; k++) {
            const DeviceAbsence *absence = &g_array_index(device->absences, DeviceAbsence, k);
            trace_slice(track, "away", absence->from_s, isnan(absence->to_s) ? world_now() : absence->to_s);
        }
    }
}

/* The table's times are the metric's, and do not overlap. */
char *
device_results_fault(const GuestDevice *device)
{
    double sum_s = 0, last_s = 0;

    for (guint i = 0; i < device->absences->len; i++) {
        const DeviceAbsence *absence = &g_array_index(device->absences, DeviceAbsence, i);
        const double to_s = isnan(absence->to_s) ? world_now() : absence->to_s;
        if (absence->from_s < last_s || to_s < absence->from_s)
            return g_strdup_printf("the absence of %.10g s begins or ends too early", absence->from_s);
        last_s = to_s;
        sum_s += to_s - absence->from_s;
    }
    const double away_s = device_away_s(&device->state, world_now());
    return fabs(sum_s - away_s) <= 1e-6 ? NULL : g_strdup_printf("%.10g s away of %.10g s in the table", away_s, sum_s);
}
