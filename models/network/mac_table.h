/* What a bridge knows of addresses: through which port each was heard last, and for how long that holds.
 *
 * Source: IEEE 802.1D-2004, 7.8 (the learning process) and 7.9 (the filtering database, ageing time 300 s by table
 * 7-5); Linux, net/bridge/br_fdb.c, does the same. A frame from an address makes the bridge learn the port through
 * which it came; a frame to an address that it does not know goes to every port but that one.
 *
 *     source            | here      | unit | meaning
 *     ageing time       | ageing_s  | s    | an entry holds so long after the last frame from the address
 *     (not in 802.1D)   | delay_s   | s    | a new port is in force so long after the frame from which it was learned
 *
 * The delay stands for switches that learn in software and write their tables afterwards.
 *
 * Scope: one network without VLANs; tables are never full; addresses and ports are numbers of whoever calls.
 */
#ifndef TANDEM_MODELS_NETWORK_MAC_TABLE_H
#define TANDEM_MODELS_NETWORK_MAC_TABLE_H

#include <glib.h>

#define MAC_TABLE_FLOOD G_MAXUINT /* no port is known: all of them */

typedef struct {
    double ageing_s; /* > 0; INFINITY: never */
    double delay_s;  /* >= 0 */
    GHashTable *entries;
} MacTable;

void mac_table_init(MacTable *table, double ageing_s, double delay_s);
void mac_table_clear(MacTable *table);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MacTable, mac_table_clear)

/* A frame from the address came through the port. Dates do not go back. */
void mac_table_hear(MacTable *table, guint address, guint port, double now_s);

/* Where a frame to the address goes: a port, or MAC_TABLE_FLOOD. */
guint mac_table_port(MacTable *table, guint address, double now_s);

/* The port is gone, and what was learned of the address through it with it. */
void mac_table_forget(MacTable *table, guint address, guint port);

/* The first date after now_s at which mac_table_port changes by itself: what was learned is in force, or grows too
 * old. INFINITY: none. */
double mac_table_next_change_s(MacTable *table, guint address, double now_s);

#endif
