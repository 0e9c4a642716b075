/* What an evacuation lets others know who plan ahead: the date at which it begins is known, those at which a VM's turn
 * comes are not.
 */
#ifndef TANDEM_SIM_PARTS_EVACUATION_EVACUATION_PLAN_H
#define TANDEM_SIM_PARTS_EVACUATION_EVACUATION_PLAN_H

#include "sim/parts/evacuation/evacuation_world.h"
#include "sim/world/path.h"

/* Part.foresee and Part.may_send of these evacuations. */
void evacuation_plan_foresee(EvacuationWorld *own);
gboolean evacuation_plan_may_send(const EvacuationWorld *own, const Path *path);

#endif
