/* Live migrations in the world: whoever requests one, what forbids it, its legs one after the other. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_PART_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_PART_H

#include "sim/parts/migration/orders.h"
#include "sim/world/part.h"

typedef struct {
    GPtrArray *migrations; /* owned, of owned Migration, in the order in which they were asked for */
    GHashTable *names;     /* owned; names that are taken, with the highest number that follows each */
    Orders *orders;        /* owned */
    GPtrArray *cumps;      /* owned, of owned CumpDirectory; by host: of its hypervisor */
} MigrationWorld;

extern const Part migration_part;

#endif
