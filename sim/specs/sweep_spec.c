#include "sim/specs/sweep_spec.h"

static const char *const scale_words[] = {"linear", "logarithmic", NULL};
static const char *const seed_words[] = {"common", "per-point", NULL};

#define RANGE_FIELDS                                                                                                   \
    {"name", FIELD_NAME(AxisSpec, name), .help = "the column's name, without its unit; absent: from the pointer"},     \
        {"pointer", FIELD_STRING(AxisSpec, pointer), .help = "JSON Pointer of the value in the scenario"},             \
        {"values", FIELD_LIST(AxisSpec, values, VALUE), .help = "what it takes, one after the other"},                 \
        {"labels", FIELD_LIST(AxisSpec, labels, STRING), .help = "what the tables call the values, one each"},         \
        {"from", FIELD_VALUE(AxisSpec, from), .help = "a range's first value, as the scenario would write it"},        \
        {"to", FIELD_VALUE(AxisSpec, to), .help = "its last value"},                                                   \
        {"count", FIELD_NUMBER(AxisSpec, count), .min = "1", .help = "how many values, both ends included"},           \
        {"step", FIELD_VALUE(AxisSpec, step), .help = "instead of count: added each time; logarithmic: the factor"},   \
    {                                                                                                                  \
        "scale", FIELD_ENUM(AxisSpec, scale), .words = scale_words, .preset = "linear", .help = "of the range"         \
    }

/* One table does not hold itself, so a zipped axis is a table without "zip". */
static const Field zipped_fields[] = {RANGE_FIELDS, {NULL}};
static const FieldTable zipped_table = {"zipped-axis", sizeof(AxisSpec), zipped_fields,
                                        .help = "an axis that steps together with others"};

static const Field axis_fields[] = {
    RANGE_FIELDS,
    {"zip", FIELD_LIST(AxisSpec, zip, OBJECT), .table = &zipped_table,
     .help = "axes of one length that step together, instead of a pointer"},
    {NULL},
};
static const FieldTable axis_table = {"axis", sizeof(AxisSpec), axis_fields,
                                      .help = "a value of the scenario and what it takes in turn"};

static const Field sweep_fields[] = {
    {"axes", FIELD_LIST(SweepSpec, axes, OBJECT), .table = &axis_table,
     .help = "every combination is a point; the last axis changes fastest"},
    {"repeats", FIELD_INTEGER(SweepSpec, repeats), .preset = "1", .min = "1", .max = "1000000",
     .help = "runs of each point, with seeds derived from the scenario's"},
    {"seeds", FIELD_ENUM(SweepSpec, seeds), .words = seed_words, .preset = "common",
     .help = "common: repeat r has one seed at all points; per-point: each run has its own"},
    {"metrics", FIELD_LIST(SweepSpec, metrics, STRING), .help = "which to keep, with * and ?; absent: all"},
    {NULL},
};
const FieldTable sweep_table = {"sweep", sizeof(SweepSpec), sweep_fields, .help = "many runs over axes of values"};

static const Field sweep_file_fields[] = {
    {"scenario", FIELD_STRING(SweepFileSpec, scenario), .required = TRUE, .help = "its file, relative to this one"},
    {"sweep", FIELD_OBJECT(SweepFileSpec, sweep), .table = &sweep_table, .required = TRUE, .help = "over what"},
    {NULL},
};
const FieldTable sweep_file_table = {"sweep-file", sizeof(SweepFileSpec), sweep_file_fields,
                                     .help = "a sweep of a scenario that lies in a file of its own"};
