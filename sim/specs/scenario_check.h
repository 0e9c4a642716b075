/* What no single key of a scenario can tell: parts that do not fit each other. */
#ifndef TANDEM_SIM_SPECS_SCENARIO_CHECK_H
#define TANDEM_SIM_SPECS_SCENARIO_CHECK_H

#include "sim/specs/scenario_spec.h"

#define SCENARIO_CHECK_ERROR scenario_check_error_quark()
GQuark scenario_check_error_quark(void);
typedef enum { SCENARIO_CHECK_ERROR_MISFIT } ScenarioCheckError;

/* The error's message begins with the JSON Pointer of the part that does not fit. */
gboolean scenario_check(const ScenarioSpec *scenario, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
