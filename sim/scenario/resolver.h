/* What a resolution knows while it goes through a scenario: the document, its names and the profiles that it has
 * loaded. Of resolve.c and scalar.c. */
#ifndef TANDEM_SIM_SCENARIO_RESOLVER_H
#define TANDEM_SIM_SCENARIO_RESOLVER_H

#include "sim/scenario/fields.h"
#include "sim/scenario/group_names.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/resolve_error.h"

typedef struct {
    const char *file;
    const FieldTable *table; /* of the document */
    const cJSON *root;    /* where references are looked up; NULL: a profile on its own, which need not be complete */
    GHashTable *profiles; /* id and file → the profile's values, its own profile merged in */
    GHashTable *names;    /* "/hosts" → the names in that list, each with its count */
    GPtrArray *loading;   /* files of the profiles that are being loaded */
    gboolean is_base;     /* with root NULL: what others extend, which may give names */
    GHashTable *known;    /* names of profiles whose values stand in the tree already, so that they need not be found;
                           * NULL: none. Borrowed */
    GPtrArray *errors;    /* owned texts: all that is wrong is gathered; NULL: the first mistake ends it. Borrowed */
    guint members;        /* of the group whose element is being resolved; 0: it is none */
} Resolver;

void resolver_open(Resolver *r);
void resolver_close(Resolver *r);

/* Sets error to "FILE: POINTER: message"; the root has no pointer to show. Returns NULL for the caller to return. */
gpointer resolver_fail(const Resolver *r, const PointerStep *at, ResolveError code, GError **error, const char *format,
                       ...) G_GNUC_PRINTF(5, 6);

/* The same for a key that the object of that table, of the case chosen (NULL: any), has not. */
gpointer resolver_fail_key(const Resolver *r, const FieldTable *table, const FieldCase *chosen, const PointerStep *step,
                           GError **error);

/* The same for a profile that there is not in a folder of configs/. */
gpointer resolver_fail_profile(const Resolver *r, const char *folder, const char *name, const PointerStep *at,
                               GError **error);

/* Whether to go on after the mistake in error: when all are gathered it is taken there, once. */
gboolean resolver_goes_on(const Resolver *r, GError **error);

/* Takes the mistakes that were gathered in a profile of its own; with some error is set to the first, and what was read
 * is not to be used. mistakes: NULL: none are gathered. */
gboolean resolver_take(const Resolver *r, const GPtrArray *mistakes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The names in a list of the document ("/hosts") as written, as group_names_new() gives them: a profile cannot give a
 * name, so none is missed. Borrowed from r. */
GHashTable *resolver_names(Resolver *r, const char *list);

#endif
