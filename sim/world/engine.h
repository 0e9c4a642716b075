/* SimGrid's settings, all of them that bend results, in one place. */
#ifndef TANDEM_SIM_WORLD_ENGINE_H
#define TANDEM_SIM_WORLD_ENGINE_H

#include "sim/specs/platform_spec.h"

/* Dates closer than this are one to SimGrid: below a page's time on any link of today. A sleep may end so much early.
 */
#define ENGINE_PRECISION_S 1e-9

/* LV08's corrections (P. Velho and A. Legrand, SIMUTools 2009), told to SimGrid so that migrations plan with the same.
 */
#define ENGINE_LV08_BANDWIDTH_FACTOR 0.97
#define ENGINE_LV08_LATENCY_FACTOR   13.01
#define ENGINE_LV08_WEIGHT_S         20537.0

#define ENGINE_STACK_KIB 256 /* of an actor; chosen: four times what the deepest one was seen to need */

/* Initialises SimGrid's engine; once per process. */
void engine_start(const EngineSpec *spec);

#endif
