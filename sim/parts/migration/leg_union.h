/* What the source checks and puts together before a VM and its vTPM go as one, and what the destination checks. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_UNION_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_UNION_H

#include "sim/parts/migration/migration.h"

/* Algorithm 1, and for page n of both Definition 2: looks for a CUMP of the pair, and makes one or updates it. FALSE:
 * the leg has failed. */
gboolean leg_union_prepare(Leg *leg);
/* Definition 3, before the destination is the domains' home: a VM and a vTPM that are both there then must be the pair
 * that they were at the source. FALSE: the leg has failed, and its domains are to go on where they were. */
gboolean leg_union_arrives(Leg *leg);

#endif
