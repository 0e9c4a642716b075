#include "sim/output/trace.h"

#include "models/socket/socketlog.h"
#include "sim/output/csv.h"
#include "sim/output/table.h"
#include "sim/scenario/units.h"

#include <math.h>

typedef enum { GROUP_VM = 1, GROUP_VTPM, GROUP_MIGRATION, GROUP_LINK, GROUP_CARD, GROUP_SOCKET } Group;

static const char *const group_names[] = {
    [GROUP_VM] = "VMs",     [GROUP_VTPM] = "vTPMs",        [GROUP_MIGRATION] = "migrations",
    [GROUP_LINK] = "links", [GROUP_CARD] = "crypto cards", [GROUP_SOCKET] = "sockets"};

typedef struct {
    GString *out;
    const Result *result;
    const cJSON *resolved;
    GHashTable *tracks; /* owned: name to 1 + thread number */
    double end_s;
    gboolean has_event;
} Trace;

static void
append_text(GString *out, const char *text)
{
    cJSON *string = cJSON_CreateString(text);
    char *printed = cJSON_PrintUnformatted(string);

    g_string_append(out, printed);
    cJSON_free(printed);
    cJSON_Delete(string);
}

/* Microseconds with three decimals: nanoseconds. */
static void
append_us(GString *out, double s)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(out, g_ascii_formatd(text, sizeof text, "%.3f", s * 1e6));
}

/* {"ph":"X","pid":1,"tid":2,"name":"…" : left open. */
static void
begin_event(Trace *trace, const char *phase, guint group, guint track, const char *name)
{
    g_string_append_printf(trace->out,
                           "%s\n{\"ph\":\"%s\",\"pid\":%u,\"tid\":%u,\"name\":", trace->has_event ? "," : "", phase,
                           group, track);
    append_text(trace->out, name);
    trace->has_event = TRUE;
}

static void
name_track(Trace *trace, const char *what, guint group, guint track, const char *name)
{
    begin_event(trace, "M", group, track, what);
    g_string_append(trace->out, ",\"args\":{\"name\":");
    append_text(trace->out, name);
    g_string_append(trace->out, "}}");
}

/* The number of the track, which is announced when it is new. */
static guint
track_of(Trace *trace, Group group, const char *name)
{
    g_autofree char *key = g_strdup_printf("%d %s", group, name);
    guint track = GPOINTER_TO_UINT(g_hash_table_lookup(trace->tracks, key));

    if (track > 0)
        return track;
    track = g_hash_table_size(trace->tracks) + 1;
    g_hash_table_insert(trace->tracks, g_steal_pointer(&key), GUINT_TO_POINTER(track));
    name_track(trace, "thread_name", group, track, name);
    return track;
}

/* Left open for its arguments; FALSE, and nothing is written, when it has no dates. */
static gboolean
begin_slice(Trace *trace, Group group, const char *track, const char *name, double start_s, double duration_s)
{
    if (!(start_s >= 0 && duration_s >= 0))
        return FALSE;
    const guint number = track_of(trace, group, track);
    begin_event(trace, "X", group, number, name);
    g_string_append(trace->out, ",\"ts\":");
    append_us(trace->out, start_s);
    g_string_append(trace->out, ",\"dur\":");
    append_us(trace->out, duration_s);
    return TRUE;
}

static void
add_slice(Trace *trace, Group group, const char *track, const char *name, double start_s, double duration_s)
{
    if (begin_slice(trace, group, track, name, start_s, duration_s))
        g_string_append_c(trace->out, '}');
}

static void
add_counter(Trace *trace, Group group, const char *name, const char *series, double at_s, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!isfinite(value))
        return;
    begin_event(trace, "C", group, 0, name);
    g_string_append(trace->out, ",\"ts\":");
    append_us(trace->out, at_s);
    g_string_append_printf(trace->out, ",\"args\":{\"%s\":%s}}", series,
                           g_ascii_formatd(text, sizeof text, "%.10g", value));
}

static Table *
load(const Trace *trace, const char *name)
{
    return table_parse(result_table(trace->result, name));
}

/* ---- domains ---- */

static Group
group_of(const Trace *trace, const char *domain)
{
    const cJSON *vtpm;

    cJSON_ArrayForEach(vtpm, cJSON_GetObjectItemCaseSensitive(trace->resolved, "vtpms"))
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(vtpm, "name"));
        if (g_strcmp0(name, domain) == 0)
            return GROUP_VTPM;
    }
    return GROUP_VM;
}

/* A state lasts until the next line of the same domain and host. */
typedef struct {
    char *state;
    double since_s;
} Since;

static void
free_since(gpointer data)
{
    Since *since = data;

    g_free(since->state);
    g_free(since);
}

static void
end_state(Trace *trace, const char *domain, const char *track, const Since *since, double until_s)
{
    if (!g_str_equal(since->state, "none"))
        add_slice(trace, group_of(trace, domain), track, since->state, since->since_s, until_s - since->since_s);
}

static void
add_states(Trace *trace)
{
    g_autoptr(Table) table = load(trace, "states.csv");
    g_autoptr(GHashTable) open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_since);
    GHashTableIter iter;
    gpointer key, value;

    for (guint row = 0; row < table_rows(table); row++) {
        const char *domain = table_text(table, row, "domain"), *state = table_text(table, row, "state");
        g_autofree char *track = g_strdup_printf("%s on %s", domain, table_text(table, row, "host"));
        const double at_s = table_number(table, row, "time_s");
        const Since *before = g_hash_table_lookup(open, track);
        if (before && g_str_equal(before->state, state))
            continue;
        if (before)
            end_state(trace, domain, track, before, at_s);
        Since *since = g_new(Since, 1);
        *since = (Since){g_strdup(state), at_s};
        g_hash_table_insert(open, g_steal_pointer(&track), since);
    }
    g_hash_table_iter_init(&iter, open);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        g_auto(GStrv) names = g_strsplit(key, " on ", 2);
        end_state(trace, names[0], key, value, trace->end_s);
    }
}

static void
add_commands(Trace *trace)
{
    g_autoptr(Table) table = load(trace, "commands.csv");
    const guint every = table_rows(table) / TRACE_MAX_SLICES + 1;
    guint failed = 0;

    for (guint row = 0; row < table_rows(table); row++) {
        const gboolean well = g_strcmp0(table_text(table, row, "outcome"), "done") == 0;
        if (row % every != 0 && (well || failed++ >= TRACE_MAX_SLICES))
            continue;
        const double start_s = table_number(table, row, "issued_s");
        g_autofree char *track = g_strdup_printf("%s commands", table_text(table, row, "vtpm"));
        add_slice(trace, GROUP_VTPM, track, well ? "command" : "failed command", start_s,
                  table_number(table, row, "ended_s") - start_s);
    }
}

/* ---- migrations ---- */

static char *
leg_name(const Table *table, guint row)
{
    return g_strdup_printf("%s %s", table_text(table, row, "migration"), table_text(table, row, "leg"));
}

static void
add_steps(Trace *trace)
{
    g_autoptr(Table) table = load(trace, "steps.csv");

    for (guint row = 0; row < table_rows(table); row++) {
        g_autofree char *track = leg_name(table, row);
        add_slice(trace, GROUP_MIGRATION, track, table_text(table, row, "step"), table_number(table, row, "start_s"),
                  table_number(table, row, "duration_s"));
    }
}

static void
add_rounds(Trace *trace)
{
    g_autoptr(Table) table = load(trace, "rounds.csv");

    for (guint row = 0; row < table_rows(table); row++) {
        const double start_s = table_number(table, row, "start_s");
        const double duration_s = table_number(table, row, "duration_s");
        const gboolean final = table_number(table, row, "final") > 0;
        g_autofree char *leg = leg_name(table, row);
        g_autofree char *track = g_strdup_printf("%s rounds", leg);
        g_autofree char *pages = g_strdup_printf("%s dirtied pages", leg);
        g_autofree char *rate = g_strdup_printf("%s throughput", leg);
        g_autofree char *name =
            final ? g_strdup("last round, stopped") : g_strdup_printf("round %s", table_text(table, row, "round"));
        add_slice(trace, GROUP_MIGRATION, track, name, start_s, duration_s);
        add_counter(trace, GROUP_MIGRATION, pages, "pages", start_s + duration_s,
                    table_number(table, row, "dirtied_pages"));
        add_counter(trace, GROUP_MIGRATION, rate, "Bps", start_s, table_number(table, row, "rate_Bps"));
        add_counter(trace, GROUP_MIGRATION, rate, "Bps", start_s + duration_s, 0);
    }
}

/* ---- links ---- */

static double
date_of(const cJSON *action)
{
    const char *at = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "at"));
    double at_s;

    return at && units_parse(at, UNITS_TIME, &at_s, NULL) ? at_s : NAN;
}

/* When the cable is repaired after that date; the end when it is not. */
static double
repair_after(const Trace *trace, const char *link, double after_s)
{
    double repaired_s = trace->end_s;
    const cJSON *action;

    cJSON_ArrayForEach(action, cJSON_GetObjectItemCaseSensitive(trace->resolved, "timeline"))
    {
        const char *what = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "do"));
        const char *which = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "link"));
        if (g_strcmp0(what, "restore-link") == 0 && g_strcmp0(which, link) == 0 && date_of(action) >= after_s)
            repaired_s = MIN(repaired_s, date_of(action));
    }
    return repaired_s;
}

static void
add_links(Trace *trace)
{
    const cJSON *link, *action;

    cJSON_ArrayForEach(link, cJSON_GetObjectItemCaseSensitive(trace->resolved, "links"))
        track_of(trace, GROUP_LINK, cJSON_GetObjectItemCaseSensitive(link, "name")->valuestring);
    cJSON_ArrayForEach(action, cJSON_GetObjectItemCaseSensitive(trace->resolved, "timeline"))
    {
        const char *what = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "do"));
        const char *which = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "link"));
        const double at_s = date_of(action);
        if (g_strcmp0(what, "fail-link") == 0 && at_s <= trace->end_s)
            add_slice(trace, GROUP_LINK, which, "down", at_s, repair_after(trace, which, at_s) - at_s);
    }
}

/* ---- series: the lines of one name follow each other, a line per equal time ---- */

static guint
series_end(const Table *table, guint first, const char *column)
{
    guint end = first + 1;

    while (end < table_rows(table) && g_str_equal(table_text(table, end, column), table_text(table, first, column)))
        end++;
    return end;
}

typedef struct {
    Group group;
    const char *of;     /* the column of the name */
    const char *column; /* of the value */
    const char *what, *unit;
} Series;

/* A counter that is back at zero after the last line. */
static void
add_series(Trace *trace, const Table *table, guint first, guint end, const Series *series)
{
    g_autofree char *name = g_strdup_printf("%s %s", table_text(table, first, series->of), series->what);
    const guint every = (end - first) / TRACE_MAX_SLICES + 1;
    const double last_s = table_number(table, end - 1, "start_s");
    const double line_s = end - first > 1 ? last_s - table_number(table, end - 2, "start_s") : trace->end_s;

    for (guint row = first; row < end; row += every)
        add_counter(trace, series->group, name, series->unit, table_number(table, row, "start_s"),
                    table_number(table, row, series->column));
    if (last_s + line_s < trace->end_s)
        add_counter(trace, series->group, name, series->unit, last_s + line_s, 0);
}

/* ---- crypto cards ---- */

static void
add_arguments(Trace *trace, const Table *table, guint row, const char *const *columns)
{
    const char *before = "";

    g_string_append(trace->out, ",\"args\":{");
    for (; *columns; columns++) {
        const double value = table_number(table, row, *columns);
        g_autofree char *text = csv_number(value);
        if (!isfinite(value))
            continue;
        g_string_append_printf(trace->out, "%s\"%s\":%s", before, *columns, text);
        before = ",";
    }
    g_string_append_c(trace->out, '}');
}

/* "12.5 % busy"; a station that always has a free server is never that. */
static char *
busy_text(const Table *table, guint row)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!(table_number(table, row, "servers") > 0))
        return g_strdup("always free");
    g_ascii_formatd(text, sizeof text, "%.3g", 100 * table_number(table, row, "utilization"));
    return g_strdup_printf("%s %% busy", text);
}

/* A station's results are means over the measured time: one slice. Stations that nothing visited are left out. */
static void
add_stations(Trace *trace)
{
    static const char *const columns[] = {"utilization", "utilization_max", "queue_mean", "queue_max",
                                          "visits",      "sojourn_mean_s",  "bottleneck", NULL};
    g_autoptr(Table) table = load(trace, "card-stations.csv");

    for (guint row = 0; row < table_rows(table); row++) {
        const char *card = table_text(table, row, "card");
        g_autofree char *track =
            g_strdup_printf("%s %s %s", card, table_text(table, row, "path"), table_text(table, row, "station"));
        g_autofree char *name = busy_text(table, row);
        g_autofree char *warm_up = g_strdup_printf("card.%s.warm_up_s", card);
        g_autofree char *measured = g_strdup_printf("card.%s.measured_s", card);
        if (!(table_number(table, row, "visits") > 0))
            continue;
        if (begin_slice(trace, GROUP_CARD, track, name, result_number(trace->result, warm_up),
                        result_number(trace->result, measured))) {
            add_arguments(trace, table, row, columns);
            g_string_append_c(trace->out, '}');
        }
    }
}

static void
add_sessions(Trace *trace)
{
    static const Series rate = {GROUP_CARD, "session", "requests_per_s", "rate", "requests_per_s"};
    static const Series latency = {GROUP_CARD, "session", "latency_mean_s", "mean latency", "s"};
    g_autoptr(Table) table = load(trace, "card-series.csv");

    for (guint first = 0, end; first < table_rows(table); first = end) {
        end = series_end(table, first, "session");
        add_series(trace, table, first, end, &rate);
        add_series(trace, table, first, end, &latency);
    }
}

/* ---- sockets ---- */

/* Bins without a byte, after the first byte: a stall, or a load that pauses. */
static void
add_silences(Trace *trace, const Table *table, guint first, guint end)
{
    const char *socket = table_text(table, first, "socket");
    gboolean heard = FALSE;
    double since_s = NAN;

    for (guint row = first; row < end; row++) {
        const double start_s = table_number(table, row, "start_s");
        if (table_number(table, row, "bytes") > 0) {
            add_slice(trace, GROUP_SOCKET, socket, "nothing received", since_s, start_s - since_s);
            since_s = NAN;
            heard = TRUE;
        } else if (heard && isnan(since_s)) {
            since_s = start_s;
        }
    }
    add_slice(trace, GROUP_SOCKET, socket, "nothing received", since_s,
              table_number(table, end - 1, "end_s") - since_s);
}

static void
add_socket_bins(Trace *trace)
{
    static const Series throughput = {GROUP_SOCKET, "socket", "throughput_Bps", "throughput", "Bps"};
    g_autoptr(Table) table = load(trace, "sockets.csv");

    for (guint first = 0, end; first < table_rows(table); first = end) {
        end = series_end(table, first, "socket");
        add_series(trace, table, first, end, &throughput);
        add_silences(trace, table, first, end);
    }
}

/* Until when the paths of a socket are known: its end, or its last line when the table may lack some. */
static double
paths_end(const Trace *trace, const Table *table, guint first, guint end)
{
    g_autofree char *over = g_strdup_printf("socket.%s.end_s", table_text(table, first, "socket"));
    const double over_s = result_number(trace->result, over);

    if (end - first >= SOCKETLOG_SWITCHES)
        return table_number(table, end - 1, "time_s");
    return isfinite(over_s) ? MIN(over_s, trace->end_s) : trace->end_s;
}

/* A connection's path lasts until the connection's next line. */
static void
add_paths(Trace *trace, const Table *table, guint first, guint end)
{
    g_autoptr(GHashTable) next = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    const double until_s = paths_end(trace, table, first, end);

    for (guint row = end; row-- > first;) {
        const char *connection = table_text(table, row, "connection");
        g_autofree char *track = g_strdup_printf("%s connection %s", table_text(table, row, "socket"), connection);
        const double at_s = table_number(table, row, "time_s");
        const double *next_s = g_hash_table_lookup(next, connection);
        add_slice(trace, GROUP_SOCKET, track, table_text(table, row, "path"), at_s,
                  (next_s ? *next_s : until_s) - at_s);
        g_hash_table_insert(next, (gpointer)connection, g_memdup2(&at_s, sizeof at_s));
    }
}

static void
add_socket_paths(Trace *trace)
{
    g_autoptr(Table) table = load(trace, "socket-paths.csv");

    for (guint first = 0, end; first < table_rows(table); first = end) {
        end = series_end(table, first, "socket");
        add_paths(trace, table, first, end);
    }
}

char *
trace_json(const Result *result, const cJSON *resolved)
{
    g_autoptr(GHashTable) tracks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Trace trace = {g_string_new("{\"displayTimeUnit\":\"ms\",\"traceEvents\":["), result, resolved, tracks,
                   result_number(result, "run.end_s")};

    for (guint group = GROUP_VM; group <= GROUP_SOCKET; group++)
        name_track(&trace, "process_name", group, 0, group_names[group]);
    add_states(&trace);
    add_commands(&trace);
    add_steps(&trace);
    add_rounds(&trace);
    add_links(&trace);
    add_stations(&trace);
    add_sessions(&trace);
    add_socket_bins(&trace);
    add_socket_paths(&trace);
    g_string_append(trace.out, "\n]}\n");
    return g_string_free(trace.out, FALSE);
}
