/* One fitted or assumed parameter: its places, its values, and those a little lower and higher. */
#ifndef TANDEM_SIM_PARAMETERS_PARAMETER_H
#define TANDEM_SIM_PARAMETERS_PARAMETER_H

#include <cjson/cJSON.h>
#include <glib.h>

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
    cJSON *instead[2];  /* owned; of a word or a switch: lower and higher side; NULL: it is scaled */
    double least, most; /* no value goes beyond, in SI; NAN: no limit */
} Parameter;

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
/* A number, or a quantity with a unit, that is not 0. */
gboolean parameter_is_scalable(const cJSON *value);
/* Such a value in SI. */
double parameter_in_si(const cJSON *value);
/* Twelve digits: 510 × 1.1 is 561. */
double parameter_rounded(double value);

#endif
