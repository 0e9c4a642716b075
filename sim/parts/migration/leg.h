/* One leg of a migration: the six steps for a VM, a vTPM, or both as one. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_H

#include "sim/parts/migration/migration.h"

/* From its begin to its end, in the actor of the migration; the leg's outcome says how it ended. */
void leg_run(Leg *leg);
/* Frees what only the copying needed. */
void leg_release_pages(Leg *leg);

#endif
