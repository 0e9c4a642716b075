#include "sim/report/page_claims.h"

#include "sim/claims/paper.h"
#include "sim/report/verdicts.h"

static const char *
text_of(const cJSON *claim, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(claim, key));

    return text ? text : "";
}

/* Of a paper, in the order in which they stand; borrowed copies. (transfer full) */
static cJSON *
claims_of(const cJSON *claims, const char *paper)
{
    cJSON *own = cJSON_CreateArray();
    cJSON *claim;

    cJSON_ArrayForEach(claim, claims)
    {
        if (g_str_equal(text_of(claim, "paper"), paper))
            cJSON_AddItemReferenceToArray(own, claim);
    }
    return own;
}

static const char *
paper_title(const char *name)
{
    for (const Paper *paper = papers; paper->name; paper++)
        if (g_str_equal(paper->name, name))
            return paper->title;
    return "";
}

static void
append_value(Page *page, const cJSON *claim, const char *key, const char *head)
{
    g_autofree char *text = page_rounded_text(cJSON_GetObjectItemCaseSensitive(claim, key));

    page_append_cell_of(page, page_say(page, head), text);
}

/* A small line under a cell's text, when there is one. */
static void
append_small(Page *page, const char *text)
{
    if (!*text)
        return;
    g_string_append(page->out, "<small>");
    page_append_text(page, text);
    g_string_append(page->out, "</small>");
}

static void
append_claim(Page *page, const cJSON *claim)
{
    g_string_append(page->out, "<tr><td>");
    page_append_text(page, text_of(claim, "id"));
    append_small(page, text_of(claim, "source"));
    g_string_append(page->out, "</td>");
    append_value(page, claim, "paper_value", "paper");
    append_value(page, claim, "simulated", "simulated");
    append_value(page, claim, "deviation", "deviation");
    append_value(page, claim, "tolerance", "tolerance");
    page_append_cell_of(page, page_say(page, "role"), page_say(page, text_of(claim, "role")));
    page_append_cell_of(page, page_say(page, "verdict"), text_of(claim, "verdict"));
    g_string_append(page->out, "<td data-head=\"");
    page_append_text(page, page_say(page, "why"));
    g_string_append(page->out, "\">");
    page_append_text(page, text_of(claim, "why"));
    append_small(page, text_of(claim, "reason"));
    append_small(page, text_of(claim, "mechanism"));
    g_string_append(page->out, "</td></tr>\n");
}

static void
append_paper(Page *page, const char *name, const cJSON *claims)
{
    static const char *const heads[] = {"claim", "paper",   "simulated", "deviation", "tolerance",
                                        "role",  "verdict", "why",       NULL};
    g_autofree char *counts = verdicts_text(claims, page->language);
    const cJSON *claim;

    g_string_append(page->out, "<h3>");
    page_append_text(page, name);
    g_string_append(page->out, " <small>");
    page_append_text(page, paper_title(name));
    g_string_append_printf(page->out, "</small></h3>\n<p>%s</p>\n<table class=\"wide stack\"><thead><tr>", counts);
    for (const char *const *head = heads; *head; head++)
        page_append_head(page, page_say(page, *head));
    g_string_append(page->out, "</tr></thead><tbody>\n");
    cJSON_ArrayForEach(claim, claims) append_claim(page, claim);
    g_string_append(page->out, "</tbody></table>\n");
}

static void
append_summary(Page *page, const cJSON *claims, guint n_papers)
{
    g_autofree char *papers_text = g_strdup_printf("%u", n_papers);
    g_autofree char *claims_text = g_strdup_printf("%d", cJSON_GetArraySize(claims));
    g_autofree char *counts = verdicts_text(claims, page->language);

    page_append_heading(page, "Summary");
    g_string_append(page->out, "<dl id=\"summary\">\n");
    page_append_fact(page, page_say(page, "papers"), "", papers_text);
    page_append_fact(page, page_say(page, "claims"), "", claims_text);
    g_string_append(page->out, "</dl>\n<p>");
    page_append_text(page, counts);
    g_string_append(page->out, "</p>\n");
}

void
page_claims_append(Page *page, const cJSON *claims)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const cJSON *claim;

    cJSON_ArrayForEach(claim, claims)
    {
        const char *paper = text_of(claim, "paper");
        if (!g_ptr_array_find_with_equal_func(names, paper, g_str_equal, NULL))
            g_ptr_array_add(names, (gpointer)paper);
    }
    append_summary(page, claims, names->len);
    page_append_heading(page, "Claims");
    g_string_append(page->out, "<div id=\"claims\">\n");
    for (guint i = 0; i < names->len; i++) {
        cJSON *own = claims_of(claims, g_ptr_array_index(names, i));
        append_paper(page, g_ptr_array_index(names, i), own);
        cJSON_Delete(own);
    }
    g_string_append(page->out, "</div>\n");
}
