/* A report's page while it is written: pieces of HTML, whose texts are escaped and act on nothing. */
#ifndef TANDEM_SIM_REPORT_PAGE_H
#define TANDEM_SIM_REPORT_PAGE_H

#include "sim/figures/label.h"

#include <cjson/cJSON.h>
#include <glib.h>

typedef struct {
    GString *out;       /* owned by who began it */
    const char *folder; /* what the page is about */
    Language language;
} Page;

/* The phrase in the page's language. */
const char *page_say(const Page *page, const char *english);
void page_append_text(Page *page, const char *text);
void page_append_heading(Page *page, const char *english);
/* Of a table; numbers stand to the right, "pass" and "fail" have their colours. */
void page_append_cell(Page *page, const char *text);
/* The same of a column of that head, which stands before the cell where a narrow page shows rows as paragraphs. */
void page_append_cell_of(Page *page, const char *head, const char *text);
/* The head of a table's column. */
void page_append_head(Page *page, const char *text);
/* One of the summary's facts; class: "", "pass" or "fail". */
void page_append_fact(Page *page, const char *name, const char *class, const char *text);
/* A row of a table: two cells. */
void page_append_row(Page *page, const char *name, const char *value);
/* A table: a row for each object of the list, a cell for each key; heads are what the columns are called. */
void page_append_list(Page *page, const char *id, const cJSON *list, const char *const *keys, const char *const *heads);
void page_append_code(Page *page, const char *text);
/* What unfolds when it is asked for. */
void page_append_details(Page *page, const char *summary, const cJSON *json);
/* A value as a table shows it. (transfer full) */
char *page_value_text(const cJSON *value);

/* The same to five digits, which a reader compares, and a range of two as such. (transfer full) */
char *page_rounded_text(const cJSON *value);

/* The figures of the folder that were drawn from the results in it, and which others are left out. */
void page_append_figures(Page *page);

#endif
