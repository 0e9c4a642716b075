/* What only the methods do that stop the guest for all of their time.
 *
 * Cold: the guest's system is shut down, nothing of its memory goes anywhere, and it boots at the destination, where
 * its workload begins anew. Its vTPM's state goes along. When the migration fails, it boots where it was.
 *
 * Save and restore (VMotion's first technique in the lecture; libvirt's managed save): the guest is stopped, the pages
 * that it uses and its device state go to a file on the storage of another host, and are read from there at the
 * destination. The wire and the storage work at the same time, so that the slower one gives the rate. The source keeps
 * the stopped guest until the destination has it, and lets it go on when the migration fails.
 *
 * Scope: the source must stay up until then, though the file would do; what the guest's applications and its users'
 * connections lose by a boot; a vTPM keeps its registers over it.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_STOP_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_STOP_H

#include "sim/parts/migration/migration.h"
#include "sim/world/part.h"

gboolean leg_stop_is_cold(const Leg *leg);
gboolean leg_stop_saves(const Leg *leg);
/* Where a leg's stream goes first: to the destination, or to the storage. */
guint leg_stop_first_host(const Migration *migration);
/* At the leg's beginning: how fast the storage writes. */
void leg_stop_begin(Leg *leg);
/* What parts of the world need of the leg's domains while these stand still. */
StopNeeds leg_stop_needs(const Leg *leg);
/* What is sent of them besides their pages: devices' state; of a guest that is shut down, its vTPM's. */
double leg_stop_state_bytes(const Leg *leg);

/* Each returns FALSE when the leg has failed, and has nothing to do under another method. */
gboolean leg_stop_shut_down(Leg *leg);
/* The stopped guest's file, at the destination. A step of its own. */
gboolean leg_stop_restore(Leg *leg);
gboolean leg_stop_boot(Leg *leg);
/* The migration has failed: a guest that was shut down boots where it was, if that host is there. */
void leg_stop_boot_again(Leg *leg);

#endif
