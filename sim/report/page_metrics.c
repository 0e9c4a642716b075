#include "sim/report/page_metrics.h"

#include "sim/world/collect.h"

#include <math.h>
#include <string.h>

enum { MAX_OPEN = 24 }; /* chosen: groups that a reader looks through; of more, each unfolds when it is asked for */

/* ---- which record declares a metric ---- */

typedef struct {
    const Record *record;
    const RecordField *field;
    gsize prefix; /* length of the thing's name in the metric's */
} Declared;

/* Whether words, the thing's name, are those of the record's: "migration.mig.vm" is one of "migration.NAME.LEG". What
 * the scenario calls a thing may hold points: a word in capitals stands for one or more. */
static gboolean
is_called(const char *pattern, const char *pattern_end, const char *name, const char *name_end)
{
    const char *point = memchr(pattern, '.', (gsize)(pattern_end - pattern));
    const char *word_end = point ? point : pattern_end;

    for (const char *end = name; end <= name_end; end++) {
        if (end < name_end && *end != '.')
            continue;
        const gsize length = (gsize)(word_end - pattern);
        const gboolean is_any = g_ascii_isupper(*pattern) && end > name;
        const gboolean is_same = (gsize)(end - name) == length && strncmp(pattern, name, length) == 0;
        if ((is_any || is_same) &&
            (point ? end < name_end && is_called(point + 1, pattern_end, end + 1, name_end) : end == name_end))
            return TRUE;
    }
    return FALSE;
}

static guint
words(const char *name)
{
    guint n = 1;

    for (; *name; name++)
        n += *name == '.';
    return n;
}

/* Of several, the one whose members leave the shortest name of a thing, and of these the one that says most of it. */
static Declared
declared(const GPtrArray *records, const char *metric)
{
    const gsize length = strlen(metric);
    Declared best = {.prefix = length};

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        for (const RecordField *field = record->fields; !record_is_of_rows(record) && field->name; field++) {
            const gsize own = strlen(field->name);
            if (own + 1 >= length || metric[length - own - 1] != '.' ||
                !g_str_equal(metric + length - own, field->name))
                continue;
            const gsize prefix = length - own - 1;
            if ((prefix < best.prefix || (prefix == best.prefix && words(record->name) > words(best.record->name))) &&
                is_called(record->name, record->name + strlen(record->name), metric, metric + prefix))
                best = (Declared){record, field, prefix};
        }
    }
    return best;
}

/* ---- values ---- */

char *
page_metrics_value(const Page *page, const char *name, const cJSON *value)
{
    if (cJSON_IsBool(value))
        return g_strdup(page_say(page, cJSON_IsTrue(value) ? "yes" : "no"));
    if (cJSON_IsString(value))
        return g_strdup(page_say(page, value->valuestring));
    if (!cJSON_IsNumber(value))
        return g_strdup(cJSON_IsNull(value) ? page_say(page, "unknown") : "");
    Label label = label_column(name, fabs(value->valuedouble), page->language);
    g_autofree char *text = label.text, *number = label_number(value->valuedouble * label.factor);
    char *unit = g_str_has_suffix(text, ")") ? strrchr(text, '(') : NULL;

    if (!unit || !memchr(name, '_', strlen(name)))
        return g_steal_pointer(&number);
    unit[strlen(unit) - 1] = '\0';
    return g_strdup_printf("%s %s", number, unit + 1);
}

static void
append_metric(Page *page, const cJSON *metric, const Declared *by)
{
    g_autofree char *value = page_metrics_value(page, metric->string, metric);

    g_string_append(page->out, "<tr><td><code>");
    page_append_text(page, by->field ? by->field->name : metric->string);
    g_string_append_printf(page->out, "</code></td><td class=\"%s\">", strlen(value) < 24 ? "n" : "w");
    page_append_text(page, value);
    g_string_append(page->out, "</td><td>");
    page_append_text(page, by->field ? page_say(page, by->field->meaning) : "");
    g_string_append(page->out, "</td></tr>\n");
}

/* ---- groups ---- */

static void
begin_group(Page *page, const char *metric, const Declared *by, gboolean open)
{
    g_autofree char *thing = by->record ? g_strndup(metric, by->prefix) : g_strdup("…");

    g_string_append_printf(page->out, "<details%s><summary><strong>", open ? " open" : "");
    page_append_text(page, thing);
    g_string_append(page->out, "</strong> <span class=\"quiet\">");
    page_append_text(page, by->record ? page_say(page, by->record->meaning) : "");
    g_string_append(page->out, "</span></summary><table class=\"metrics wide stack\"><thead class=\"quiet\"><tr>");
    for (const char *const *head = (const char *const[]){"metric", "value", "meaning", NULL}; *head; head++) {
        g_string_append(page->out, "<th scope=\"col\">");
        page_append_text(page, page_say(page, *head));
        g_string_append(page->out, "</th>");
    }
    g_string_append(page->out, "</tr></thead><tbody>\n");
}

static gboolean
is_same_thing(const char *metric, const Declared *by, const char *before, const Declared *by_before)
{
    return before && by->record && by_before->record && by->prefix == by_before->prefix &&
           strncmp(metric, before, by->prefix) == 0;
}

static guint
count_groups(const GPtrArray *records, const cJSON *metrics)
{
    const char *before = NULL;
    Declared by_before = {0};
    const cJSON *metric;
    guint n = 0;

    cJSON_ArrayForEach(metric, metrics)
    {
        const Declared by = declared(records, metric->string);
        n += !is_same_thing(metric->string, &by, before, &by_before);
        before = metric->string;
        by_before = by;
    }
    return n;
}

void
page_metrics_append(Page *page, const cJSON *metrics)
{
    g_autoptr(GPtrArray) records = collect_records();
    const gboolean open = count_groups(records, metrics) <= MAX_OPEN;
    const char *before = NULL;
    Declared by_before = {0};
    const cJSON *metric;

    page_append_heading(page, "Metrics");
    g_string_append(page->out, "<div id=\"metrics\">\n");
    cJSON_ArrayForEach(metric, metrics)
    {
        const Declared by = declared(records, metric->string);
        if (!is_same_thing(metric->string, &by, before, &by_before)) {
            g_string_append(page->out, before ? "</tbody></table></details>\n" : "");
            begin_group(page, metric->string, &by, open);
        }
        append_metric(page, metric, &by);
        before = metric->string;
        by_before = by;
    }
    g_string_append(page->out, before ? "</tbody></table></details>\n</div>\n" : "</div>\n");
}
