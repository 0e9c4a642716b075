/* The fitted and assumed parameters behind a paper's claims or a set of predictions: configs/parameters/NAME.json.
 *
 * A list says where each parameter stands, never its value: "guests/qi-meng-vm: /workload/rate" is a JSON Pointer in
 * configs/guests/qi-meng-vm.json, "scenarios/….json: POINTER" one in a scenario. Places of one parameter move together.
 * Where a value is a sum of which the parameter is one part, the other values in the file say which part:
 * {"at": "sockets/ivc: /path", "except": "/wake"}. What a source states is no parameter here.
 */
#ifndef TANDEM_SIM_PARAMETERS_PARAMETERS_H
#define TANDEM_SIM_PARAMETERS_PARAMETERS_H

#include "sim/parameters/parameter.h"

#define PARAMETERS_ERROR (parameters_error_quark())
GQuark parameters_error_quark(void);
typedef enum {
    PARAMETERS_ERROR_PLACE, /* leads nowhere, or to nothing that can be scaled */
    PARAMETERS_ERROR_NAME   /* no such parameter */
} ParametersError;

/* A number of the target that a figure gives a panel. */
typedef struct {
    char *finding; /* id of a claim, ID.MEASURE, or of a prediction */
    char *title;
} Headline;

typedef struct {
    char *path;
    GPtrArray *parameters; /* of Parameter */
    GArray *headlines;     /* of Headline */
    GHashTable *listed;    /* what each is called in lists, also when it is not kept */
} ParameterList;

/* name: "vm-vtpm". Every place is looked up. (transfer full) */
ParameterList *parameters_load(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void parameters_free(ParameterList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ParameterList, parameters_free)

/* Keeps only those names (ended by NULL), in the list's order. */
gboolean parameters_keep(ParameterList *list, const char *const *names, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds the row of kind PARAMETER_CHANCE. */
void parameters_add_chance(ParameterList *list);

#endif
