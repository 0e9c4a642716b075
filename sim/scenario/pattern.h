/* Patterns of JSON Pointers: in a token behind a list, '*' stands for any text of the elements' names, and "*" alone
 * for every element.
 *
 *     tokens            names
 *     hosts, *, memory  the memory of each host
 *     guests, web-*     each guest whose name begins so; a group, when that holds for all of its members
 */
#ifndef TANDEM_SIM_SCENARIO_PATTERN_H
#define TANDEM_SIM_SCENARIO_PATTERN_H

#include "sim/scenario/fields.h"

#define PATTERN_ERROR (pattern_error_quark())
GQuark pattern_error_quark(void);

typedef enum {
    PATTERN_ERROR_NOTHING, /* nothing has such a name */
    PATTERN_ERROR_PART,    /* some members of a group have, others have not */
    PATTERN_ERROR_LIST,    /* the token stands behind something that is no list */
} PatternError;

gboolean pattern_is(const char *token);

/* The place of the first of the tokens that is a pattern; -1: none is. */
int pattern_first(char **tokens);

/* Indices, guint, of the elements of the list that token names: at least one. where: the list's pointer in a document
 * of that table. (transfer full); NULL with error set. */
GArray *pattern_elements(const FieldTable *table, const cJSON *list, const char *token, const char *where,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The pointers without patterns into tree, a document of that table, for which the pointer stands; for one without,
 * itself, wherever it leads. Of char *, owned. (transfer full); NULL with error set. */
GPtrArray *pattern_pointers(const FieldTable *table, const cJSON *tree, const char *pointer, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
