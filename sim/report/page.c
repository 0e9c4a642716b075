#include "sim/report/page.h"

#include "sim/output/csv.h"
#include "sim/output/exact.h"
#include "sim/output/inert.h"
#include "sim/report/phrase.h"

#include <math.h>
#include <string.h>

const char *
page_say(const Page *page, const char *english)
{
    return phrase_say(english, page->language);
}

/* ---- pieces of HTML ---- */

void
page_append_text(Page *page, const char *text)
{
    g_autofree char *inert = inert_text(text ? text : "");
    g_autofree char *escaped = g_markup_escape_text(inert, -1);

    g_string_append(page->out, escaped);
}

void
page_append_heading(Page *page, const char *english)
{
    g_string_append(page->out, "<h2>");
    page_append_text(page, page_say(page, english));
    g_string_append(page->out, "</h2>\n");
}

void
page_append_cell_of(Page *page, const char *head, const char *text)
{
    char *end = NULL;
    const gboolean is_number = text && *text && (g_ascii_strtod(text, &end), *end == '\0');
    const char *class = is_number                      ? " class=\"n\""
                        : g_strcmp0(text, "pass") == 0 ? " class=\"pass\""
                        : g_strcmp0(text, "fail") == 0 ? " class=\"fail\""
                                                       : "";

    g_string_append_printf(page->out, "<td%s", class);
    if (head) {
        g_string_append(page->out, " data-head=\"");
        page_append_text(page, head);
        g_string_append(page->out, "\"");
    }
    g_string_append(page->out, ">");
    page_append_text(page, *class && !is_number ? page_say(page, text) : text);
    g_string_append(page->out, "</td>");
}

void
page_append_cell(Page *page, const char *text)
{
    page_append_cell_of(page, NULL, text);
}

void
page_append_head(Page *page, const char *text)
{
    g_string_append(page->out, "<th scope=\"col\">");
    page_append_text(page, text);
    g_string_append(page->out, "</th>");
}

void
page_append_fact(Page *page, const char *name, const char *class, const char *text)
{
    g_string_append(page->out, "<div><dt>");
    page_append_text(page, name);
    g_string_append_printf(page->out, "</dt><dd class=\"%s\">", class);
    page_append_text(page, text);
    g_string_append(page->out, "</dd></div>\n");
}

/* A value as a table shows it. (transfer full) */
char *
page_value_text(const cJSON *value)
{
    if (cJSON_IsString(value))
        return g_strdup(value->valuestring);
    if (!value || cJSON_IsNull(value))
        return g_strdup("");
    if (cJSON_IsNumber(value))
        return csv_number(value->valuedouble);
    return exact_print(value, FALSE);
}

/* The same to five digits, which a reader compares, and a range of two as such. (transfer full) */
char *
page_rounded_text(const cJSON *value)
{
    if (cJSON_IsNumber(value) && value->valuedouble != floor(value->valuedouble))
        return g_strdup_printf("%.5g", value->valuedouble);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) != 2)
        return page_value_text(value);
    g_autofree char *low = page_rounded_text(value->child), *high = page_rounded_text(value->child->next);
    return g_strdup_printf("%s … %s", low, high);
}

/* Keys of each object in the list, a column each; heads are what the columns are called. */
void
page_append_list(Page *page, const char *id, const cJSON *list, const char *const *keys, const char *const *heads)
{
    const cJSON *item;

    g_string_append_printf(page->out, "<table id=\"%s\" class=\"wide stack\"><thead><tr>", id);
    for (const char *const *head = heads; *head; head++)
        page_append_head(page, page_say(page, *head));
    g_string_append(page->out, "</tr></thead><tbody>\n");
    cJSON_ArrayForEach(item, list)
    {
        g_string_append(page->out, "<tr>");
        for (guint i = 0; keys[i]; i++) {
            g_autofree char *text = page_rounded_text(cJSON_GetObjectItemCaseSensitive(item, keys[i]));
            page_append_cell_of(page, page_say(page, heads[i]),
                                g_str_equal(keys[i], "meaning") ? page_say(page, text) : text);
        }
        g_string_append(page->out, "</tr>\n");
    }
    g_string_append(page->out, "</tbody></table>\n");
}

void
page_append_row(Page *page, const char *name, const char *value)
{
    g_string_append(page->out, "<tr>");
    page_append_cell(page, name);
    page_append_cell(page, value);
    g_string_append(page->out, "</tr>\n");
}

void
page_append_code(Page *page, const char *text)
{
    g_string_append(page->out, "<pre>");
    page_append_text(page, text);
    g_string_append(page->out, "</pre>\n");
}

void
page_append_details(Page *page, const char *summary, const cJSON *json)
{
    g_autofree char *printed = exact_print(json, TRUE);

    g_string_append(page->out, "<details><summary>");
    page_append_text(page, page_say(page, summary));
    g_string_append(page->out, "</summary>");
    page_append_code(page, printed);
    g_string_append(page->out, "</details>\n");
}
