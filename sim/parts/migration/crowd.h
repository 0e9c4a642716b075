/* What a person is told of more migrations than can be looked through one by one: how they ended, and their times. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_CROWD_H
#define TANDEM_SIM_PARTS_MIGRATION_CROWD_H

#include "sim/output/result.h"
#include "sim/parts/migration/migration.h"

/* Of Migration. Says totals over all, and of those that did not complete the first ones by name. */
void crowd_say(const GPtrArray *migrations, Result *result);

/* Whether each of them has metrics and rows of its own. */
gboolean crowd_is_told_singly(const GPtrArray *migrations);

#endif
