/* Folders whose results are tables alone: of tandem validate and tandem sensitivity. */
#ifndef TANDEM_SIM_REPORT_PAGE_TABLES_H
#define TANDEM_SIM_REPORT_PAGE_TABLES_H

#include "sim/report/page.h"

typedef struct TablesKind TablesKind;

struct TablesKind {
    const char *title;                           /* in English */
    const char *const *prefixes, *const *titles; /* of its tables' names, the summary's first; ended by NULL */
};

/* What the folder holds; NULL: neither of them. */
const TablesKind *page_tables_kind(const char *folder);
/* Every such table in the folder, or in the folders in it, of at most so many rows as a reader looks through. */
void page_tables_append(Page *page, const TablesKind *kind);

#endif
