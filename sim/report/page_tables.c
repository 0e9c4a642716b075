#include "sim/report/page_tables.h"

#include "sim/output/table.h"
#include "sim/report/phrase.h"
#include "sim/scenario/wording.h"

#include <string.h>

enum { MAX_ROWS = 200, MAX_COLUMNS = 12 }; /* chosen: what a reader looks through; the files hold the rest */

static const TablesKind kinds[] = {
    {"Validation", (const char *const[]){"summary", "validation", NULL},
     (const char *const[]){"Summary", "Cases", NULL}},
    {"Sensitivity", (const char *const[]){"hangs-on", "parameters", "sensitivity", NULL},
     (const char *const[]){"What the results hang on", "Parameters", "Sensitivities", NULL}},
};

/* Of the folder and those in it: "NAME.csv" and "NAME-….csv", sorted. (transfer full) */
static GPtrArray *
tables_of(const char *folder, const char *prefix, gboolean below)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        const char *end = g_str_has_prefix(name, prefix) ? name + strlen(prefix) : "";
        if (below && g_file_test(path, G_FILE_TEST_IS_DIR)) {
            GPtrArray *own = tables_of(path, prefix, FALSE);
            g_ptr_array_extend_and_steal(paths, own);
        } else if (g_str_has_suffix(name, ".csv") && (*end == '.' || *end == '-')) {
            g_ptr_array_add(paths, g_steal_pointer(&path));
        }
    }
    g_ptr_array_sort(paths, wording_order);
    return paths;
}

const TablesKind *
page_tables_kind(const char *folder)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gboolean all = TRUE;
        for (const char *const *prefix = kinds[i].prefixes; *prefix; prefix++) {
            g_autoptr(GPtrArray) paths = tables_of(folder, *prefix, TRUE);
            all = all && paths->len > 0;
        }
        if (all)
            return &kinds[i];
    }
    return NULL;
}

/* "completed" is a column here, and elsewhere an outcome. */
static const char *
column_title(const Page *page, const char *column)
{
    g_autofree char *key = g_strdup_printf("column %s", column);

    return phrase_has(key, page->language) ? page_say(page, key) : column;
}

static void
append_rows(Page *page, const Table *table)
{
    const char *const *columns = table_columns(table);

    for (guint row = 0; row < MIN(table_rows(table), MAX_ROWS); row++) {
        g_string_append(page->out, "<tr>");
        for (guint i = 0; i < MAX_COLUMNS && columns[i]; i++) {
            const double value = table_number(table, row, columns[i]);
            g_autofree char *number = g_strdup_printf("%.5g", value);
            const gboolean is_number = g_ascii_strcasecmp(number, "nan") != 0;
            page_append_cell_of(page, column_title(page, columns[i]),
                                is_number ? number : table_text(table, row, columns[i]));
        }
        g_string_append(page->out, "</tr>\n");
    }
}

/* A table by its name from the folder on; what is not shown of it is said. */
static void
append_table(Page *page, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table = table_read(path, NULL, &error);
    const char *below = path + strlen(page->folder);

    g_string_append(page->out, "<h3>");
    page_append_text(page, below + strspn(below, "/"));
    g_string_append(page->out, "</h3>\n");
    if (!table) {
        g_string_append(page->out, "<p class=\"fail\">");
        page_append_text(page, error->message);
        g_string_append(page->out, "</p>\n");
        return;
    }
    const char *const *columns = table_columns(table);
    const guint n_columns = g_strv_length((char **)columns);
    g_string_append(page->out, "<div class=\"scroll\"><table class=\"stack\"><thead><tr>");
    for (guint i = 0; i < MIN(n_columns, MAX_COLUMNS); i++)
        page_append_head(page, column_title(page, columns[i]));
    g_string_append(page->out, "</tr></thead><tbody>\n");
    append_rows(page, table);
    g_string_append(page->out, "</tbody></table></div>\n");
    if (table_rows(table) > MAX_ROWS || n_columns > MAX_COLUMNS)
        g_string_append_printf(page->out, "<p class=\"quiet\">%s: %u × %u; %s %s</p>\n", page_say(page, "shown"),
                               MIN(table_rows(table), MAX_ROWS), MIN(n_columns, MAX_COLUMNS),
                               page_say(page, "all is in"), below + strspn(below, "/"));
}

void
page_tables_append(Page *page, const TablesKind *kind)
{
    for (guint i = 0; kind->prefixes[i]; i++) {
        g_autoptr(GPtrArray) paths = tables_of(page->folder, kind->prefixes[i], TRUE);
        page_append_heading(page, kind->titles[i]);
        for (guint t = 0; t < paths->len; t++)
            append_table(page, g_ptr_array_index(paths, t));
    }
}
