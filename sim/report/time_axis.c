#include "sim/report/time_axis.h"

#include "sim/output/exact.h"
#include "sim/output/table.h"
#include "sim/report/resource.h"
#include "sim/scenario/json_text.h"

#include <math.h>
#include <string.h>

enum {
    MAX_MARKS = 1500, /* chosen, in a lane: as many as a wide screen has columns */
    MAX_ROWS = 400    /* chosen, of the tables: what a reader looks through; the files hold the rest */
};

/* What of a table makes lanes. */
typedef struct {
    const char *title, *file;
    const char *lane[3];     /* the columns whose words name a lane */
    const char *start, *end; /* columns; end NULL: see duration */
    const char *duration;    /* NULL, as end: until the lane's next row, or the run's end */
    const char *what;        /* of marks: the column that says what it is */
    const char *format;      /* of what; NULL: as it is */
    const char *value;       /* of curves: the column; what is NULL then */
    const char *unit;
    double factor; /* from the column to the unit */
} AxisSource;

static const AxisSource sources[] = {
    {"Domains, from their first change on", "states.csv", {"domain", "host"}, "time_s", .what = "state"},
    {"Steps of migrations", "steps.csv", {"migration", "leg"}, "start_s", .duration = "duration_s", .what = "step"},
    {"Rounds of migrations",
     "rounds.csv",
     {"migration", "leg"},
     "start_s",
     .duration = "duration_s",
     .what = "round",
     .format = "round %s"},
    {"vTPM commands", "commands.csv", {"vtpm"}, "issued_s", "ended_s", .what = "outcome"},
    {"Attestations", "attestations.csv", {"verifier"}, "asked_s", "ended_s", .what = "verdict"},
    {"Guests without a device", "devices.csv", {"guest", "device"}, "from_s", "to_s", .what = "device"},
    {"Probes without an answer", "probes.csv", {"probe", "guest"}, "from_s", "to_s", .what = "end"},
    {"Card sessions, requests",
     "card-series.csv",
     {"session"},
     "start_s",
     .value = "requests_per_s",
     .unit = "1/s",
     .factor = 1},
    {"Sockets, throughput",
     "sockets.csv",
     {"socket"},
     "start_s",
     .value = "throughput_Bps",
     .unit = "Mbit/s",
     .factor = 8e-6},
    {"Applications, answered in a bin",
     "application-series.csv",
     {"application"},
     "start_s",
     .value = "answered",
     .unit = "",
     .factor = 1},
};

typedef struct {
    double start_s, end_s;
    const char *what; /* owned by the table */
    guint n;          /* neighbours drawn as one */
} Mark;

typedef struct {
    char *name;     /* owned */
    GArray *marks;  /* of Mark; of curves end_s is the value */
    gboolean fewer; /* than there are: neighbours became one */
} Lane;

static void
lane_free(gpointer data)
{
    Lane *lane = data;

    g_free(lane->name);
    g_array_unref(lane->marks);
    g_free(lane);
}

/* ---- from tables to lanes ---- */

/* (transfer full) */
static char *
lane_name(const AxisSource *source, const Table *table, guint row)
{
    GString *name = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(source->lane) && source->lane[i]; i++) {
        const char *word = table_text(table, row, source->lane[i]);
        g_string_append_printf(name, "%s%s", i ? " · " : "", word ? word : "");
    }
    return g_string_free(name, FALSE);
}

static Lane *
find_lane(GPtrArray *lanes, const char *name)
{
    for (guint i = lanes->len; i > 0; i--) { /* mostly that of the row before */
        Lane *lane = g_ptr_array_index(lanes, i - 1);
        if (g_str_equal(lane->name, name))
            return lane;
    }
    Lane *lane = g_new0(Lane, 1);
    lane->name = g_strdup(name);
    lane->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    g_ptr_array_add(lanes, lane);
    return lane;
}

static double
end_of_row(const AxisSource *source, const Table *table, guint row, double end_s)
{
    const double end = source->end
                           ? table_number(table, row, source->end)
                           : table_number(table, row, source->start) + table_number(table, row, source->duration);

    return isnan(end) ? end_s : end;
}

/* After each change of a thing there is a row for every place where it is: what was open there is over. */
static void
end_open(const GPtrArray *lanes, const char *thing, double at_s, double end_s)
{
    for (guint i = 0; i < lanes->len; i++) {
        const Lane *lane = g_ptr_array_index(lanes, i);
        const gsize length = strlen(thing);
        Mark *last = lane->marks->len > 0 ? &g_array_index(lane->marks, Mark, lane->marks->len - 1) : NULL;
        if (last && last->end_s == end_s && last->start_s < at_s && strncmp(lane->name, thing, length) == 0 &&
            (lane->name[length] == ' ' || lane->name[length] == '\0'))
            last->end_s = at_s;
    }
}

/* Whether the lane's last mark says the same up to there, and now goes on instead. */
static gboolean
go_on(const Lane *lane, const Mark *mark)
{
    Mark *last = lane->marks->len > 0 ? &g_array_index(lane->marks, Mark, lane->marks->len - 1) : NULL;

    if (!last || last->end_s != mark->start_s || g_strcmp0(last->what, mark->what) != 0)
        return FALSE;
    last->end_s = mark->end_s;
    return TRUE;
}

/* A mark whose end is not known yet ends with the run, unless its lane's next row ends it. */
static void
add_row(const AxisSource *source, const Table *table, guint row, double end_s, GPtrArray *lanes)
{
    const double start_s = table_number(table, row, source->start);
    const double value = source->value ? table_number(table, row, source->value) * source->factor : 0;
    Mark mark = {start_s, end_s, source->what ? table_text(table, row, source->what) : "", 1};

    if (isnan(start_s) || isnan(value))
        return;
    g_autofree char *name = lane_name(source, table, row);
    Lane *lane = find_lane(lanes, name);
    if (source->value)
        mark.end_s = value;
    else if (source->end || source->duration)
        mark.end_s = end_of_row(source, table, row, end_s);
    else
        end_open(lanes, table_text(table, row, source->lane[0]), start_s, end_s);
    if (!source->value && !source->end && !source->duration && go_on(lane, &mark))
        return;
    g_array_append_val(lane->marks, mark);
}

/* Of curves one point of several; of marks, those that say the same and lie closer than a screen tells apart. */
static void
thin(const AxisSource *source, Lane *lane, double end_s)
{
    const guint n = lane->marks->len, stride = n / MAX_MARKS + 1;
    const double apart_s = end_s / MAX_MARKS;
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Mark));

    for (guint i = 0; i < n; i++) {
        const Mark *mark = &g_array_index(lane->marks, Mark, i);
        Mark *last = kept->len > 0 ? &g_array_index(kept, Mark, kept->len - 1) : NULL;
        if (source->value ? i % stride != 0
                          : last && g_strcmp0(last->what, mark->what) == 0 && mark->end_s - last->start_s < apart_s) {
            if (!source->value) {
                last->end_s = MAX(last->end_s, mark->end_s);
                last->n++;
            }
            continue;
        }
        g_array_append_vals(kept, mark, 1);
    }
    lane->fewer = kept->len < n;
    g_array_unref(lane->marks);
    lane->marks = kept;
}

/* (transfer full) NULL: the folder has no such table. */
static GPtrArray *
read_lanes(const Page *page, const AxisSource *source, double end_s, Table **table)
{
    g_autofree char *path = g_build_filename(page->folder, source->file, NULL);
    const char *const needed[] = {source->start, source->lane[0], source->what ? source->what : source->value, NULL};

    *table = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? table_read(path, needed, NULL) : NULL;
    if (!*table)
        return NULL;
    GPtrArray *lanes = g_ptr_array_new_with_free_func(lane_free);
    for (guint row = 0; row < table_rows(*table); row++)
        add_row(source, *table, row, end_s, lanes);
    for (guint i = 0; i < lanes->len; i++) {
        Lane *lane = g_ptr_array_index(lanes, i);
        if (lane->marks->len > MAX_MARKS)
            thin(source, lane, end_s);
    }
    return lanes;
}

/* ---- from lanes to the page ---- */

/* Which of the six colours: the same word has the same one everywhere, and neighbours differ. */
static int
kind_of(const Mark *mark, guint index, const AxisSource *source)
{
    static const struct {
        const char *word;
        int kind;
    } kinds[] = {{"running", 2}, {"suspended", 1}, {"building", 4},   {"pre_migration", 4}, {"reservation", 3},
                 {"precopy", 0}, {"pull", 0},      {"commitment", 3}, {"activation", 2},    {"stop_and_copy", 1},
                 {"done", 2},    {"failed", 5},    {"lost", 5},       {"destroyed", 5},     {"restore", 4}};

    if (source->format)
        return (int)(index % 2) * 4;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_strcmp0(kinds[i].word, mark->what) == 0)
            return kinds[i].kind;
    return 1;
}

/* (transfer full) */
static char *
what_text(const Page *page, const AxisSource *source, const Mark *mark)
{
    GString *text = g_string_new(NULL);

    if (source->format)
        g_string_append(text, page_say(page, source->format));
    else
        g_string_append(text, page_say(page, mark->what));
    if (source->format)
        g_string_replace(text, "%s", mark->what, 1);
    if (mark->n > 1)
        g_string_append_printf(text, " × %u", mark->n);
    return g_string_free(text, FALSE);
}

static cJSON *
lane_json(const Page *page, const AxisSource *source, const Lane *lane)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, source->value ? "points" : "marks");

    cJSON_AddStringToObject(json, "name", lane->name);
    if (source->value)
        cJSON_AddStringToObject(json, "unit", source->unit);
    for (guint i = 0; i < lane->marks->len; i++) {
        const Mark *mark = &g_array_index(lane->marks, Mark, i);
        cJSON *item = cJSON_CreateDoubleArray((const double[]){mark->start_s, mark->end_s}, 2);
        g_autofree char *what = what_text(page, source, mark);
        if (!source->value) {
            cJSON_AddItemToArray(item, cJSON_CreateString(what));
            cJSON_AddItemToArray(item, cJSON_CreateNumber(kind_of(mark, i, source)));
        }
        cJSON_AddItemToArray(list, item);
    }
    return json;
}

static void
append_table(Page *page, const AxisSource *source, const GPtrArray *lanes)
{
    static const char *const heads[] = {"line", "start (s)", "end (s)", "what", NULL};
    guint rows = 0, all = 0;

    g_string_append(page->out, "<h3>");
    page_append_text(page, page_say(page, source->title));
    g_string_append(page->out, "</h3><div class=\"scroll\"><table><thead><tr>");
    for (guint i = 0; heads[i]; i++)
        if (!source->value || i != 3) {
            g_string_append(page->out, "<th scope=\"col\">");
            page_append_text(page, source->value && i == 2 ? (*source->unit ? source->unit : page_say(page, "value"))
                                                           : page_say(page, heads[i]));
            g_string_append(page->out, "</th>");
        }
    g_string_append(page->out, "</tr></thead><tbody>\n");
    for (guint l = 0; l < lanes->len; l++) {
        const Lane *lane = g_ptr_array_index(lanes, l);
        all += lane->marks->len;
        for (guint i = 0; i < lane->marks->len && rows < MAX_ROWS; i++, rows++) {
            const Mark *mark = &g_array_index(lane->marks, Mark, i);
            g_autofree char *what = what_text(page, source, mark);
            g_string_append(page->out, "<tr>");
            page_append_cell(page, lane->name);
            g_string_append_printf(page->out, "<td class=\"n\">%.6g</td><td class=\"n\">%.6g</td>", mark->start_s,
                                   mark->end_s);
            if (!source->value)
                page_append_cell(page, what);
            g_string_append(page->out, "</tr>\n");
        }
    }
    g_string_append(page->out, "</tbody></table></div>\n");
    if (all > rows)
        g_string_append_printf(page->out, "<p class=\"quiet\">%s: %u; %s %s</p>\n", page_say(page, "more"), all - rows,
                               page_say(page, "rows are in"), source->file);
}

static void
append_notes(Page *page, const AxisSource *source, const GPtrArray *lanes, GString *notes)
{
    for (guint i = 0; i < lanes->len; i++) {
        const Lane *lane = g_ptr_array_index(lanes, i);
        if (!lane->fewer)
            continue;
        g_string_append_printf(
            notes, "%s%s, %s: %s", notes->len ? "; " : "", page_say(page, source->title), lane->name,
            page_say(page, source->value ? "one point of several drawn" : "neighbours drawn as one"));
    }
}

/* The words that the script says. */
static void
add_words(const Page *page, cJSON *json)
{
    cJSON *say = cJSON_AddObjectToObject(json, "say");

    cJSON_AddStringToObject(say, "axis",
                            page_say(page,
                                     "Time line: Tab goes in, arrow keys from mark to mark, plus and minus zoom, 0 "
                                     "shows the whole run"));
    cJSON_AddStringToObject(say, "lasts", page_say(page, "lasts"));
    cJSON_AddStringToObject(say, "from", page_say(page, "from"));
    cJSON_AddStringToObject(say, "until", page_say(page, "to"));
    cJSON_AddStringToObject(say, "most", page_say(page, "at most"));
}

static void
append_button(Page *page, const char *id, const char *sign, const char *says)
{
    g_string_append_printf(page->out, "<button type=\"button\" id=\"%s\" aria-label=\"", id);
    page_append_text(page, page_say(page, says));
    g_string_append(page->out, "\" title=\"");
    page_append_text(page, page_say(page, says));
    g_string_append(page->out, "\">");
    page_append_text(page, sign);
    g_string_append(page->out, "</button>");
}

/* Hidden until the script shows it: without one there are the tables. */
static void
append_box(Page *page, const cJSON *json)
{
    g_autofree char *text = exact_print(json, FALSE);
    g_autoptr(GString) data = g_string_new(text);

    g_string_replace(data, "<", "\\u003c", 0); /* no text of a scenario ends the element */
    g_string_append(page->out, "<div id=\"timeline\" hidden><div class=\"tools\">");
    append_button(page, "zoom-in", "+", "Zoom in");
    append_button(page, "zoom-out", "−", "Zoom out");
    append_button(page, "pan-left", "←", "Earlier");
    append_button(page, "pan-right", "→", "Later");
    append_button(page, "zoom-all", page_say(page, "Whole run"), "Whole run");
    g_string_append(page->out, "<span class=\"quiet\" id=\"span\"></span></div><p id=\"told\" class=\"quiet\" role="
                               "\"status\" aria-live=\"polite\">");
    page_append_text(page,
                     page_say(page, "Arrow keys go from mark to mark, + and − zoom, Enter fills the window with a "
                                    "mark, 0 shows the whole run; drag to pan, Ctrl and the wheel zoom."));
    g_string_append_printf(
        page->out, "</p></div>\n<script type=\"application/json\" id=\"timeline-data\">%s</script>\n", data->str);
}

void
time_axis_append(Page *page, double end_s)
{
    g_autoptr(cJSON) json = cJSON_CreateObject();
    cJSON *groups = cJSON_AddArrayToObject(json, "groups");
    g_autoptr(GString) notes = g_string_new(NULL), tables = g_string_new(NULL);
    Page beside = {tables, page->folder, page->language};

    cJSON_AddNumberToObject(json, "end", end_s);
    add_words(page, json);
    for (gsize i = 0; i < G_N_ELEMENTS(sources) && end_s > 0; i++) {
        g_autoptr(Table) table = NULL;
        g_autoptr(GPtrArray) lanes = read_lanes(page, &sources[i], end_s, &table);
        if (!lanes || lanes->len == 0)
            continue;
        cJSON *group = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(group, "lanes");
        cJSON_AddItemToArray(groups, group);
        cJSON_AddStringToObject(group, "title", page_say(page, sources[i].title));
        for (guint l = 0; l < lanes->len; l++)
            cJSON_AddItemToArray(list, lane_json(page, &sources[i], g_ptr_array_index(lanes, l)));
        append_table(&beside, &sources[i], lanes);
        append_notes(page, &sources[i], lanes, notes);
    }
    if (!groups->child)
        return;
    page_append_heading(page, "Time line");
    append_box(page, json);
    if (notes->len > 0) {
        g_string_append(page->out, "<p class=\"quiet\">");
        page_append_text(page, notes->str);
        g_string_append(page->out, "</p>\n");
    }
    g_string_append(page->out, "<details><summary>");
    page_append_text(page, page_say(page, "The time line as tables"));
    g_string_append_printf(page->out, "</summary>%s</details>\n", tables->str);
    g_string_append_printf(page->out, "<script>%s</script>\n", resource_text("timeline.js"));
}
