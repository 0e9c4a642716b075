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
    guint members;        /* of the group whose element is being resolved; 0: it is none */
} Resolver;

void resolver_open(Resolver *r);
void resolver_close(Resolver *r);

/* Sets error to "FILE: POINTER: message"; the root has no pointer to show. Returns NULL for the caller to return. */
gpointer resolver_fail(const Resolver *r, const PointerStep *at, ResolveError code, GError **error, const char *format,
                       ...) G_GNUC_PRINTF(5, 6);

/* The names in a list of the document ("/hosts") as written, as group_names_new() gives them: a profile cannot give a
 * name, so none is missed. Borrowed from r. */
GHashTable *resolver_names(Resolver *r, const char *list);

#endif
