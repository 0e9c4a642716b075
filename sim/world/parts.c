#include "sim/world/card_world.h"
#include "sim/world/collect.h"
#include "sim/world/flow.h"
#include "sim/world/part.h"
#include "sim/world/socket_world.h"
#include "sim/world/timeline.h"
#include "sim/world/vtpm_service.h"

/* In the order of their results and of their actors. */
const Part *const parts[] = {&socket_part, &host_part, &card_part, &flow_part, &vtpm_part, &timeline_part, NULL};
