/* What a list must keep to as a whole: how many elements it has, and that their names differ. */
#ifndef TANDEM_SIM_SCENARIO_LIST_RULES_H
#define TANDEM_SIM_SCENARIO_LIST_RULES_H

#include "sim/scenario/resolver.h"

gboolean list_rules_check_length(const Resolver *r, const Field *field, const cJSON *list, const PointerStep *at,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* list: resolved. Of a list whose elements have no names nothing is asked. */
gboolean list_rules_check_names(const Resolver *r, const Field *field, const cJSON *list, const PointerStep *at,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
