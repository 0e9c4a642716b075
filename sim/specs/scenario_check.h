/* What no single key of a scenario can tell: parts that do not fit each other. */
#ifndef TANDEM_SIM_SPECS_SCENARIO_CHECK_H
#define TANDEM_SIM_SPECS_SCENARIO_CHECK_H

#include "sim/specs/scenario_spec.h"

/* The error's message begins with the JSON Pointer of the part that does not fit. */
gboolean scenario_check(const ScenarioSpec *scenario, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All that the check finds, of owned texts as its error's message: each broken rule once, and of rules that build upon
 * broken ones nothing. (transfer full) */
GPtrArray *scenario_mistakes(const ScenarioSpec *scenario);

/* What fits and still cannot come to anything: of owned texts, each beginning with a JSON Pointer. (transfer full) */
GPtrArray *scenario_warnings(const ScenarioSpec *scenario);

#endif
