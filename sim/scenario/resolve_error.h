/* What may be wrong with a scenario as it is resolved. */
#ifndef TANDEM_SIM_SCENARIO_RESOLVE_ERROR_H
#define TANDEM_SIM_SCENARIO_RESOLVE_ERROR_H

#include <glib.h>

#define RESOLVE_ERROR (resolve_error_quark())
GQuark resolve_error_quark(void);

typedef enum {
    RESOLVE_ERROR_KEY,       /* unknown, or missing */
    RESOLVE_ERROR_TYPE,      /* a list where text is due */
    RESOLVE_ERROR_VALUE,     /* unit, range, word, number of elements */
    RESOLVE_ERROR_NAME,      /* malformed or taken */
    RESOLVE_ERROR_REFERENCE, /* to a name that is not there */
    RESOLVE_ERROR_PROFILE,   /* unknown, or in a circle */
} ResolveError;

#endif
