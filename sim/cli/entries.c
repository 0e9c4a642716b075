#include "sim/cli/entries.h"

#include "sim/cli/verb.h"

#include <string.h>

static void
clear_entry(gpointer entry)
{
    g_free(((Entry *)entry)->name);
    g_free(((Entry *)entry)->text);
}

GArray *
entries_new(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

    g_array_set_clear_func(entries, clear_entry);
    return entries;
}

void
entries_take(GArray *entries, char *name, char *text)
{
    const Entry entry = {name, text};

    g_array_append_val(entries, entry);
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

void
entries_sort(GArray *entries)
{
    g_array_sort(entries, compare_entries); /* a stable sort */
}

void
entries_print(const GArray *entries)
{
    int width = 0;

    for (guint i = 0; i < entries->len; i++)
        width = MAX(width, (int)strlen(g_array_index(entries, Entry, i).name));
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);
        verb_say("%-*s  %s\n", width, entry->name, entry->text);
    }
}
