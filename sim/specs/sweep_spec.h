/* What a scenario, or a sweep file that names one, says about a campaign of runs: axes, repeats, seeds. */
#ifndef TANDEM_SIM_SPECS_SWEEP_SPEC_H
#define TANDEM_SIM_SPECS_SWEEP_SPEC_H

#include "sim/scenario/fields.h"

typedef enum { SCALE_LINEAR, SCALE_LOGARITHMIC } AxisScale;

/* A value of the scenario and what it takes in turn: a list, or a range. */
typedef struct {
    char *name;     /* of the column, without its unit; NULL: made from the pointer */
    char *pointer;  /* NULL in an axis that zips others */
    GArray *values; /* of cJSON * */
    GArray *labels; /* of char *: what the tables call the values */
    cJSON *from;    /* NULL: no range */
    cJSON *to;
    double count; /* NAN: by step */
    cJSON *step;  /* added, or multiplied by when logarithmic */
    AxisScale scale;
    GArray *zip; /* of AxisSpec that step together */
} AxisSpec;

typedef enum {
    SEEDS_COMMON,   /* repeat r has the same seed at every point: differences between points are sharper */
    SEEDS_PER_POINT /* every run has its own */
} SeedChoice;

typedef struct {
    GArray *axes; /* of AxisSpec; the last one changes fastest */
    gint64 repeats;
    SeedChoice seeds;
    GArray *metrics; /* of char *, with * and ?: what the tables keep; empty: all */
} SweepSpec;

/* A sweep file of its own. */
typedef struct {
    char *scenario; /* path, relative to this file */
    SweepSpec *sweep;
} SweepFileSpec;

extern const FieldTable sweep_table;
extern const FieldTable sweep_file_table;

#endif
