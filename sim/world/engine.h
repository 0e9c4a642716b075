/* SimGrid's settings, all of them that bend results, in one place. */
#ifndef TANDEM_SIM_WORLD_ENGINE_H
#define TANDEM_SIM_WORLD_ENGINE_H

#include "sim/specs/platform_spec.h"

/* Initialises SimGrid's engine; once per process. */
void engine_start(const EngineSpec *spec);

#endif
