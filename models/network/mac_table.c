#include "models/network/mac_table.h"

#include <math.h>

typedef struct {
    guint port;     /* MAC_TABLE_FLOOD: none was learned */
    double heard_s; /* the last frame through it */
    guint next_port;
    double next_heard_s;
    double next_s; /* from when on next_port is in force; INFINITY: nothing is under way */
} MacEntry;

void
mac_table_init(MacTable *table, double ageing_s, double delay_s)
{
    *table = (MacTable){ageing_s, delay_s, g_hash_table_new_full(NULL, NULL, NULL, g_free)};
}

void
mac_table_clear(MacTable *table)
{
    g_clear_pointer(&table->entries, g_hash_table_unref);
}

/* What has been learned in the meantime is in force. NULL: nothing was ever learned. */
static MacEntry *
entry_at(MacTable *table, guint address, double now_s)
{
    MacEntry *entry = g_hash_table_lookup(table->entries, GUINT_TO_POINTER(address));

    if (entry && entry->next_s <= now_s) {
        entry->port = entry->next_port;
        entry->heard_s = entry->next_heard_s;
        entry->next_s = INFINITY;
    }
    return entry;
}

static MacEntry *
add_entry(MacTable *table, guint address)
{
    MacEntry *entry = g_new(MacEntry, 1);

    *entry = (MacEntry){MAC_TABLE_FLOOD, -INFINITY, MAC_TABLE_FLOOD, -INFINITY, INFINITY};
    g_hash_table_insert(table->entries, GUINT_TO_POINTER(address), entry);
    return entry;
}

static gboolean
holds(const MacTable *table, const MacEntry *entry, double now_s)
{
    return entry->port != MAC_TABLE_FLOOD && now_s < entry->heard_s + table->ageing_s;
}

void
mac_table_hear(MacTable *table, guint address, guint port, double now_s)
{
    MacEntry *entry = entry_at(table, address, now_s);

    if (!entry)
        entry = add_entry(table, address);
    if (entry->port == port && holds(table, entry, now_s)) {
        entry->heard_s = now_s;
        entry->next_s = INFINITY;
        return;
    }
    /* further frames through a port that is being learned do not make it later */
    if (entry->next_port != port || isinf(entry->next_s))
        entry->next_s = now_s + table->delay_s;
    entry->next_port = port;
    entry->next_heard_s = now_s;
}

guint
mac_table_port(MacTable *table, guint address, double now_s)
{
    const MacEntry *entry = entry_at(table, address, now_s);

    return entry && holds(table, entry, now_s) ? entry->port : MAC_TABLE_FLOOD;
}

void
mac_table_forget(MacTable *table, guint address, guint port)
{
    MacEntry *entry = g_hash_table_lookup(table->entries, GUINT_TO_POINTER(address));

    if (!entry)
        return;
    if (entry->port == port)
        entry->port = MAC_TABLE_FLOOD;
    if (entry->next_port == port)
        entry->next_s = INFINITY;
}

double
mac_table_next_change_s(MacTable *table, guint address, double now_s)
{
    const MacEntry *entry = entry_at(table, address, now_s);

    if (!entry)
        return INFINITY;
    return MIN(entry->next_s, holds(table, entry, now_s) ? entry->heard_s + table->ageing_s : INFINITY);
}
