/* Names of groups: NAME with a "count" of N stands for NAME-1 … NAME-N. */
#ifndef TANDEM_SIM_SCENARIO_GROUP_NAMES_H
#define TANDEM_SIM_SCENARIO_GROUP_NAMES_H

#include "sim/scenario/fields.h"

typedef enum {
    GROUP_NAME_UNKNOWN,
    GROUP_NAME_SINGLE, /* of an element that is no group */
    GROUP_NAME_GROUP,  /* of a group as a whole */
    GROUP_NAME_MEMBER, /* NAME-K, of one of its members */
} GroupNameKind;

/* Whether elements of the list ("/hosts") of a document of that table may be groups. */
gboolean group_names_may_be_groups(const FieldTable *table, const char *list);

/* How many members an element of such a list, as written or resolved, has; 0: it is no group, or its count is wrong. */
guint group_names_count(const cJSON *element);

/* The names in a list of the document ("/hosts"), of that table, as written, each with its count. The texts are
 * borrowed from root. (transfer full) */
GHashTable *group_names_new(const FieldTable *table, const cJSON *root, const char *list);

/* What name is among them; count, of a group: how many members it has; may be NULL. */
GroupNameKind group_names_find(GHashTable *names, const char *name, guint *count);

/* The group of which name would be a member, among names; NULL: of none. Borrowed from names. */
const char *group_names_owner(GHashTable *names, const char *name);

/* Of the member of that index, from 0. (transfer full) */
char *group_names_member(const char *group, guint index);

#endif
