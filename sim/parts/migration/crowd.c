#include "sim/parts/migration/crowd.h"

#include "sim/output/shown.h"
#include "sim/parts/migration/leg.h"
#include "sim/parts/migration/outcome.h"

typedef struct {
    double value;
    const char *name; /* of the migration */
} Entry;

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    const double first = ((const Entry *)a)->value, second = ((const Entry *)b)->value;

    return (first > second) - (first < second);
}

/* "total time: median 0.431 s, longest 1.2 s (v7)" */
static void
say_spread(GArray *entries, const char *what, Result *result)
{
    char median[SHOWN_SIZE], longest[SHOWN_SIZE];

    if (entries->len == 0)
        return;
    g_array_sort(entries, compare_entries);
    const Entry *last = &g_array_index(entries, Entry, entries->len - 1);
    result_say(result, "  %s: median %s s, longest %s s (%s)", what,
               shown_seconds(median, g_array_index(entries, Entry, (entries->len - 1) / 2).value),
               shown_seconds(longest, last->value), last->name);
}

static void
count(GHashTable *counts, const char *word)
{
    g_hash_table_insert(counts, (gpointer)word,
                        GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, word)) + 1));
}

static void
say_outcomes(const GPtrArray *migrations, GHashTable *counts, double bytes, Result *result)
{
    g_autoptr(GString) others = g_string_new(NULL);
    g_autoptr(GList) words = g_list_sort(g_hash_table_get_keys(counts), (GCompareFunc)g_strcmp0);
    char gigabytes[SHOWN_SIZE];

    for (const GList *word = words; word; word = word->next)
        if (!g_str_equal(word->data, outcome_completed.word))
            g_string_append_printf(others, ", %u %s", GPOINTER_TO_UINT(g_hash_table_lookup(counts, word->data)),
                                   (const char *)word->data);
    result_say(result, "%u migrations: %u completed%s; %s GB sent", migrations->len,
               GPOINTER_TO_UINT(g_hash_table_lookup(counts, outcome_completed.word)), others->str,
               shown_number(gigabytes, bytes / 1e9, 3));
}

void
crowd_say(const GPtrArray *migrations, Result *result)
{
    g_autoptr(GArray) totals = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GArray) downtimes = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    double bytes = 0;

    for (guint i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        const Entry total = {migration->end_s - migration->start_s, migration->name};
        const Entry downtime = {migration_stopped_s(migration), migration->name};
        count(counts, migration->outcome->word);
        bytes += migration_sent_bytes(migration);
        if (migration->outcome != &outcome_completed)
            continue;
        g_array_append_val(totals, total);
        g_array_append_val(downtimes, downtime);
    }
    say_outcomes(migrations, counts, bytes, result);
    say_spread(totals, "total time", result);
    say_spread(downtimes, "downtime of the VM", result);
    for (guint i = 0; i < migrations->len; i++) {
        const Migration *migration = g_ptr_array_index(migrations, i);
        if (migration->outcome != &outcome_completed)
            result_say_one(result, "migrations that did not complete", "migration %s: %s", migration->name,
                           migration->outcome->text);
    }
}

gboolean
crowd_is_told_singly(const GPtrArray *migrations)
{
    const Migration *first = migrations->len > 0 ? g_ptr_array_index(migrations, 0) : NULL;
    const guint most = first ? first->world->migrations_told_most : 0;

    return most == 0 || migrations->len <= most;
}
