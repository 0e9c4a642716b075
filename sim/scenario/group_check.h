/* What holds for groups and their names while a document is resolved. */
#ifndef TANDEM_SIM_SCENARIO_GROUP_CHECK_H
#define TANDEM_SIM_SCENARIO_GROUP_CHECK_H

#include "sim/scenario/resolver.h"

/* Whether the names in a list of objects of that table, of which key is the key, differ, and none is that of a member
 * of a group in it. */
gboolean group_check_names(const Resolver *r, const FieldTable *table, const char *key, const cJSON *list,
                           const PointerStep *at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the keys of groups of an object of the table fit each other and the object. */
gboolean group_check_keys(Resolver *r, const FieldTable *table, const cJSON *object, const PointerStep *at,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
