/* The fitted and assumed parameters behind a paper's claims or a set of predictions: configs/parameters/NAME.json.
 *
 * A list says where each parameter stands, never its value: "guests/qi-meng-vm: /workload/rate" is a JSON Pointer in
 * configs/guests/qi-meng-vm.json, "scenarios/….json: POINTER" one in a scenario. Places of one parameter move together.
 * Where a value is a sum of which the parameter is one part, the other values in the file say which part:
 * {"at": "sockets/ivc: /path", "except": "/wake"}. What a source states is no parameter here.
 */
#ifndef TANDEM_SIM_SENSITIVITY_PARAMETERS_H
#define TANDEM_SIM_SENSITIVITY_PARAMETERS_H

#include <cjson/cJSON.h>
#include <glib.h>

#define PARAMETERS_ERROR (parameters_error_quark())
GQuark parameters_error_quark(void);
typedef enum {
    PARAMETERS_ERROR_PLACE, /* leads nowhere, or to nothing that can be scaled */
    PARAMETERS_ERROR_NAME   /* no such parameter */
} ParametersError;

/* fitted: to a value that the source states, or to a measurement. assumed: chosen, derived with a choice, or a proxy.
 * chance: no parameter, but other random numbers; what it changes is the noise under all the others. */
typedef enum { PARAMETER_FITTED, PARAMETER_ASSUMED, PARAMETER_CHANCE } ParameterKind;

/* One value of a parameter. */
typedef struct {
    char *file; /* from the data folder on: "configs/guests/qi-meng-vm.json" */
    char *pointer;
    cJSON *value; /* as written: a number, or a text with a unit */
    double share; /* of the value that is the parameter: 1, or less where it is one part of a sum */
} Place;

typedef struct {
    char *name;
    ParameterKind kind;
    GArray *places;     /* of Place, one at least; none of PARAMETER_CHANCE */
    char *source;       /* why it has this value */
    char *listed;       /* what `tandem reproduce` calls it in its list of fitted parameters; NULL: not there */
    double least, most; /* no value goes beyond, in SI; NAN: no limit */
} Parameter;

/* A number of the target that a figure gives a panel. */
typedef struct {
    char *finding; /* id of a claim, ID.MEASURE, or of a prediction */
    char *title;
} Headline;

typedef struct {
    char *path;
    GPtrArray *parameters; /* of Parameter */
    GArray *headlines;     /* of Headline */
    GHashTable *listed;    /* every parameter's .listed, also when it is not kept */
} ParameterList;

/* name: "vm-vtpm". Every place is looked up. (transfer full) */
ParameterList *parameters_load(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void parameters_free(ParameterList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ParameterList, parameters_free)

/* Keeps only those names (ended by NULL), in the list's order. */
gboolean parameters_keep(ParameterList *list, const char *const *names, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds the row of kind PARAMETER_CHANCE. */
void parameters_add_chance(ParameterList *list);

/* A value of the parameter × factor, in the unit that it is written in. A number written without a fraction stays whole
 * and moves by one at least. (transfer full) */
cJSON *parameter_scaled(const Parameter *parameter, const Place *place, double factor);
/* By how many percent the parameter really changes, by the first of its values; 0 without values. */
double parameter_step(const Parameter *parameter, double factor);
/* The values that differ, with blanks between: "0.6s 3.6s". factor 1: as written. (transfer full) */
char *parameter_text(const Parameter *parameter, double factor);
/* Makes the parameter's values those × factor in this process (override.h). */
void parameter_override(const Parameter *parameter, double factor);

const char *parameter_kind_text(ParameterKind kind);

#endif
