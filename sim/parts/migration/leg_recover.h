/* Post-copy's recovery: a pull that has lost its link waits until it is back, and goes on over a new connection.
 *
 * Source: QEMU 8.2 migration/migration.c, postcopy_pause, postcopy_resume_handshake, qmp_migrate_recover;
 * migration/ram.c, ram_dirty_bitmap_reload.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_RECOVER_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_RECOVER_H

#include "sim/parts/migration/migration.h"

/* A transfer has failed. TRUE: the leg has waited, and may go on; FALSE: it has failed with its outcome. */
gboolean leg_recover(Leg *leg);

#endif
