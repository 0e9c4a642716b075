#include "sim/output/trace.h"

#include "sim/output/csv.h"

#include <math.h>

typedef struct {
    char phase; /* the format's letter */
    guint group, track;
    char *name; /* owned */
    gint64 at_ns;
    gint64 end_ns;   /* of a slice */
    char *arguments; /* owned: the members of a JSON object; NULL: none */
    guint arrow;     /* of its two ends; counted from 1 */
} Event;

struct TraceTrack {
    Trace *trace;
    guint group, number; /* counted from 1 */
    gint64 last_ns;      /* no later date lies before it */
    GArray *open;        /* owned, of guint: the events of its open slices, the innermost at the end */
    guint begun;         /* the event of the slice that was begun last */
};

struct Trace {
    GArray *events; /* owned, of Event; of a track in the order of their dates, an outer slice before its inner ones */
    GPtrArray *groups;   /* owned, of owned names */
    GPtrArray *tracks;   /* owned, of owned TraceTrack */
    GHashTable *by_name; /* owned; "group\nname" to track */
    guint arrows;
};

/* ---- making it ---- */

static void
clear_event(gpointer data)
{
    Event *event = data;

    g_free(event->name);
    g_free(event->arguments);
}

static void
free_track(gpointer data)
{
    TraceTrack *track = data;

    g_array_unref(track->open);
    g_free(track);
}

Trace *
trace_new(void)
{
    Trace *trace = g_new0(Trace, 1);

    trace->events = g_array_new(FALSE, FALSE, sizeof(Event));
    g_array_set_clear_func(trace->events, clear_event);
    trace->groups = g_ptr_array_new_with_free_func(g_free);
    trace->tracks = g_ptr_array_new_with_free_func(free_track);
    trace->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return trace;
}

void
trace_free(Trace *trace)
{
    if (!trace)
        return;
    g_array_unref(trace->events);
    g_ptr_array_unref(trace->groups);
    g_hash_table_unref(trace->by_name);
    g_ptr_array_unref(trace->tracks);
    g_free(trace);
}

/* ---- dates and events ---- */

/* Chosen: far behind any run, and still a whole number of nanoseconds in 64 bits. */
#define LATEST_S 9e9

static gint64
nanoseconds(double at_s)
{
    return at_s > 0 ? (gint64)llround(MIN(at_s, LATEST_S) * 1e9) : 0;
}

/* Two dates that are the same but for the last digit may be rounded apart; a track goes on from the later one. */
static gint64
date_on(TraceTrack *track, double at_s)
{
    const gint64 at_ns = nanoseconds(at_s);

    if (at_ns < track->last_ns - 1)
        g_critical("a trace goes back by %" G_GINT64_FORMAT " ns", track->last_ns - at_ns);
    track->last_ns = MAX(track->last_ns, at_ns);
    return track->last_ns;
}

static Event *
event_at(const Trace *trace, guint index)
{
    return &g_array_index(trace->events, Event, index);
}

/* Returns its index. */
static guint
add_event(Trace *trace, char phase, guint group, guint track, const char *name, gint64 at_ns)
{
    const Event event = {
        .phase = phase, .group = group, .track = track, .name = g_strdup(name), .at_ns = at_ns, .end_ns = at_ns};

    g_array_append_val(trace->events, event);
    return trace->events->len - 1;
}

static guint
add_on_track(const TraceTrack *track, char phase, const char *name, gint64 at_ns)
{
    return add_event(track->trace, phase, track->group, track->number, name, at_ns);
}

/* As JSON writes it, with its quotation marks. */
static void
append_text(GString *out, const char *text)
{
    cJSON *string = cJSON_CreateString(text);
    char *printed = cJSON_PrintUnformatted(string);

    g_string_append(out, printed);
    cJSON_free(printed);
    cJSON_Delete(string);
}

static void
add_name(Trace *trace, const char *what, guint group, guint track, const char *name)
{
    g_autoptr(GString) arguments = g_string_new("\"name\":");
    const guint event = add_event(trace, 'M', group, track, what, 0);

    append_text(arguments, name);
    event_at(trace, event)->arguments = g_string_free(g_steal_pointer(&arguments), FALSE);
}

/* ---- groups and tracks ---- */

/* Its number, counted from 1; it is announced when it is new. */
static guint
group_of(Trace *trace, const char *name)
{
    guint index;

    if (g_ptr_array_find_with_equal_func(trace->groups, name, g_str_equal, &index))
        return index + 1;
    g_ptr_array_add(trace->groups, g_strdup(name));
    add_name(trace, "process_name", trace->groups->len, 0, name);
    return trace->groups->len;
}

TraceTrack *
trace_track(Trace *trace, const char *group, const char *name_format, ...)
{
    va_list arguments;

    va_start(arguments, name_format);
    g_autofree char *name = g_strdup_vprintf(name_format, arguments);
    va_end(arguments);
    g_autofree char *key = g_strconcat(group, "\n", name, NULL);
    TraceTrack *track = g_hash_table_lookup(trace->by_name, key);
    if (track)
        return track;
    track = g_new0(TraceTrack, 1);
    g_ptr_array_add(trace->tracks, track);
    *track = (TraceTrack){.trace = trace,
                          .group = group_of(trace, group),
                          .number = trace->tracks->len,
                          .open = g_array_new(FALSE, FALSE, sizeof(guint))};
    g_hash_table_insert(trace->by_name, g_steal_pointer(&key), track);
    add_name(trace, "thread_name", track->group, track->number, name);
    return track;
}

/* ---- what happens on a track ---- */

void
trace_begin(TraceTrack *track, const char *name, double at_s)
{
    track->begun = add_on_track(track, 'X', name, date_on(track, at_s));
    g_array_append_val(track->open, track->begun);
}

static void
end_innermost(TraceTrack *track, gint64 at_ns)
{
    event_at(track->trace, g_array_index(track->open, guint, track->open->len - 1))->end_ns = at_ns;
    g_array_set_size(track->open, track->open->len - 1);
}

void
trace_end(TraceTrack *track, double at_s)
{
    if (track->open->len > 0)
        end_innermost(track, date_on(track, at_s));
}

void
trace_next(TraceTrack *track, const char *name, double at_s)
{
    trace_end(track, at_s);
    trace_begin(track, name, at_s);
}

void
trace_slice(TraceTrack *track, const char *name, double start_s, double end_s)
{
    trace_begin(track, name, start_s);
    trace_end(track, end_s);
}

void
trace_describe(TraceTrack *track, const Record *record, gconstpointer thing)
{
    Event *event = event_at(track->trace, track->begun);

    g_free(event->arguments);
    event->arguments = record_numbers_json(record, thing);
}

void
trace_instant(TraceTrack *track, const char *name, double at_s)
{
    add_on_track(track, 'i', name, nanoseconds(at_s));
}

/* Each end belongs to the slice of its track that lasts at its date; the events stand behind these slices. */
void
trace_arrow(const char *name, TraceTrack *from, double from_s, TraceTrack *to, double to_s)
{
    Trace *trace = from->trace;
    const guint tail = add_on_track(from, 's', name, nanoseconds(from_s));
    const guint head = add_on_track(to, 'f', name, nanoseconds(to_s));

    event_at(trace, tail)->arrow = event_at(trace, head)->arrow = ++trace->arrows;
}

void
trace_counter(Trace *trace, const char *group, const char *name, const char *unit, double at_s, double value)
{
    if (!isfinite(value))
        return;
    g_autofree char *text = csv_number(value);
    const guint event = add_event(trace, 'C', group_of(trace, group), 0, name, nanoseconds(at_s));
    event_at(trace, event)->arguments = g_strdup_printf("\"%s\":%s", unit, text);
}

guint
trace_stride(guint n)
{
    return n / TRACE_MAX_SLICES + 1;
}

/* ---- the file ---- */

/* The format counts microseconds; three decimals are whole nanoseconds, without a floating point number on the way. */
static void
append_us(GString *out, const char *key, gint64 ns)
{
    g_string_append_printf(out, ",\"%s\":%" G_GINT64_FORMAT ".%03d", key, ns / 1000, (int)(ns % 1000));
}

static void
append_event(GString *out, const Event *event)
{
    g_string_append_printf(out, "\n{\"ph\":\"%c\",\"pid\":%u,\"tid\":%u,\"name\":", event->phase, event->group,
                           event->track);
    append_text(out, event->name);
    if (event->phase != 'M')
        append_us(out, "ts", event->at_ns);
    if (event->phase == 'X')
        append_us(out, "dur", event->end_ns - event->at_ns);
    if (event->phase == 'i')
        g_string_append(out, ",\"s\":\"t\""); /* of its track, not of all */
    if (event->arrow > 0)
        g_string_append_printf(out, ",\"cat\":\"arrow\",\"id\":%u", event->arrow);
    if (event->phase == 'f')
        g_string_append(out, ",\"bp\":\"e\""); /* ends at the slice that lasts then, not at the next one */
    if (event->arguments)
        g_string_append_printf(out, ",\"args\":{%s}", event->arguments);
    g_string_append_c(out, '}');
}

static void
end_all(Trace *trace, double end_s)
{
    for (guint i = 0; i < trace->tracks->len; i++) {
        TraceTrack *track = g_ptr_array_index(trace->tracks, i);
        while (track->open->len > 0)
            trace_end(track, end_s);
    }
}

char *
trace_finish(Trace *trace, double end_s)
{
    GString *out = g_string_new("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");

    end_all(trace, end_s);
    for (guint i = 0; i < trace->events->len; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        append_event(out, event_at(trace, i));
    }
    g_string_append(out, "\n]}\n");
    return g_string_free(out, FALSE);
}
