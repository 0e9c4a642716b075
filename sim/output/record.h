/* Records: what is told of one thing (a leg of a migration, a card) or in one row of a table, as a C struct and a table
 * that says of each member its name, its kind and its meaning.
 *
 * Metrics, CSV files and the lists of both (`tandem list metrics`, `tandem list tables`) follow from it, as reading,
 * defaults and the schema follow from a table of fields (sim/scenario/fields.h):
 *
 *     typedef struct { double total_s; guint64 pages; const char *outcome; } LegNumbers;
 *
 *     static const RecordField leg_fields[] = {
 *         {"total_s", RECORD_NUMBER(LegNumbers, total_s), "from the leg's begin to its end"},
 *         {"sent_pages", RECORD_COUNT(LegNumbers, pages), "in all rounds"},
 *         {"outcome", RECORD_WORD(LegNumbers, outcome), "how it ended"},
 *         {NULL},
 *     };
 *     const Record leg_record = {"migration.NAME.LEG", leg_fields, "a leg of a migration"};
 *
 * A record of metrics is called as they begin; in it NAME stands for what the scenario calls the thing, and other words
 * in capitals for one of a few (the record's meaning says which). A record of rows is called as its file: "rounds.csv".
 *
 * A number that is NAN and a word that is NULL are not known: null in result.json, an empty cell in a row. An optional
 * member is left out of the metrics then. A flag is true or false in result.json, 1 or 0 in a cell.
 */
#ifndef TANDEM_SIM_OUTPUT_RECORD_H
#define TANDEM_SIM_OUTPUT_RECORD_H

#include "sim/output/result.h"

typedef enum { RECORD_KIND_NUMBER, RECORD_KIND_COUNT, RECORD_KIND_WORD, RECORD_KIND_FLAG } RecordKind;

typedef struct {
    const char *name; /* ends in its unit; NULL ends the table */
    RecordKind kind;
    gsize offset;
    const char *meaning;
    gboolean optional;
} RecordField;

typedef struct {
    const char *name;
    const RecordField *fields;
    const char *meaning;
} Record;

/* offsetof, refused by the compiler when the member is not of the type. */
#define RECORD_AT(Struct, member, type)                                                                                \
    (offsetof(Struct, member) +                                                                                        \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((Struct *)0)->member), type) ? 1 : -1]))
#define RECORD_NUMBER(Struct, m) RECORD_KIND_NUMBER, RECORD_AT(Struct, m, double)
#define RECORD_COUNT(Struct, m)  RECORD_KIND_COUNT, RECORD_AT(Struct, m, guint64)
#define RECORD_WORD(Struct, m)   RECORD_KIND_WORD, RECORD_AT(Struct, m, const char *)
#define RECORD_FLAG(Struct, m)   RECORD_KIND_FLAG, RECORD_AT(Struct, m, gboolean)

/* Adds the thing's metrics; prefix: the record's name with the thing's (printf-like), or NULL for the name as it is. */
void record_add(const Record *record, gconstpointer thing, Result *result, const char *prefix, ...) G_GNUC_PRINTF(4, 5);

/* A table's text: its header line. (transfer full) */
GString *record_table(const Record *record);
void record_append_row(const Record *record, gconstpointer row, GString *table);
/* The finished table becomes the file of the record's name. table is taken. */
void record_take_table(const Record *record, GString *table, Result *result);

/* The known, finite numbers of a thing as the members of a JSON object: "a":1,"b":2. (transfer full) */
char *record_numbers_json(const Record *record, gconstpointer thing);

gboolean record_is_of_rows(const Record *record);

#endif
