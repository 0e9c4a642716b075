/* What a tree's values are and where each comes from, as rows for `tandem show`. */
#ifndef TANDEM_SIM_CLI_SHOWN_VALUES_H
#define TANDEM_SIM_CLI_SHOWN_VALUES_H

#include "sim/scenario/fields.h"

typedef struct {
    char *pointer; /* "/links/0/bandwidth" */
    char *value;   /* as JSON writes it, a text without its quotes */
    char *from;    /* "mine.json", "links/ethernet-1000", "--set", "default" */
    char *note;    /* of a profile's value its source, else what the key means */
} ShownValue;

/* Rows for the members of an object of that table, in the table's order: those that are there, and of a profile, which
 * need not be whole, also those that its user gets by default. Array of ShownValue. (transfer full) */
GArray *shown_values(const FieldTable *table, const cJSON *object);

/* "links/ethernet-1000" for a file that a profile lies in, else the file. (transfer full) */
char *shown_values_place(const char *where);

#endif
