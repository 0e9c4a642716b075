/* Values that hold no others: numbers, quantities, words, names and references, held to their field. */
#ifndef TANDEM_SIM_SCENARIO_SCALAR_H
#define TANDEM_SIM_SCENARIO_SCALAR_H

#include "sim/scenario/resolver.h"

/* Whether a value is what a field, which is no object and no list, wants; FALSE with error set. */
gboolean scalar_check(Resolver *r, const Field *field, const cJSON *value, const PointerStep *at, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Sets error: the value is of another type than the field's. Returns NULL. */
gpointer scalar_fail_type(const Resolver *r, const Field *field, const cJSON *value, const PointerStep *at,
                          GError **error);

gboolean scalar_is_name(const char *text);

#endif
