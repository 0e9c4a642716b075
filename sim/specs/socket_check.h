/* What no single key of a socket or of a VM's group can tell. */
#ifndef TANDEM_SIM_SPECS_SOCKET_CHECK_H
#define TANDEM_SIM_SPECS_SOCKET_CHECK_H

#include "sim/specs/scenario_spec.h"

/* The first misfit, beginning with its JSON Pointer, or NULL. (transfer full) */
char *socket_check_misfit(const ScenarioSpec *scenario);

#endif
