/* Tables of fields: what a JSON object may hold, and where in a C struct each value goes.
 *
 * A model's keys are one table; reading, defaults, errors, profiles and the JSON Schema follow from it:
 *
 *     typedef struct { char *name; double memory_bytes; gint64 cores; GArray *disks; } HostSpec;
 *
 *     static const Field host_fields[] = {
 *         {"name", FIELD_NAME(HostSpec, name), .required = TRUE, .help = "what links and guests call it"},
 *         {"memory", FIELD_SIZE(HostSpec, memory_bytes), .preset = "8GiB", .above = "0B", .help = "RAM"},
 *         {"cores", FIELD_INTEGER(HostSpec, cores), .preset = "4", .min = "1", .help = "processors"},
 *         {"disks", FIELD_LIST(HostSpec, disks, OBJECT), .table = &disk_table, .help = "local disks"},
 *         {NULL},
 *     };
 *     const FieldTable host_table = {"host", sizeof(HostSpec), host_fields, .profiles = "hosts"};
 *
 * The macros check at compile time that the member has the C type of its kind:
 *
 *     macro             JSON                                  C member
 *     FIELD_BOOLEAN     true, false                           gboolean
 *     FIELD_INTEGER     whole number, |n| <= 2^53             gint64
 *     FIELD_COUNT       the same, never negative              guint or guint64
 *     FIELD_NUMBER      number                                double
 *     FIELD_SIZE        "512MiB"                              double, bytes
 *     FIELD_DATA_RATE   "100Mbps"                             double, bytes per second
 *     FIELD_TIME        "16.4us"                              double, seconds
 *     FIELD_FREQUENCY   "2000/s"                              double, per second
 *     FIELD_STRING      any text                              char *, owned
 *     FIELD_NAME        letter or digit, then also . _ -      char *, owned; unique within its list
 *     FIELD_REFERENCE   a name in the list .refers            char *, owned
 *     FIELD_ENUM        one of .words                         an enum that counts .words from 0
 *     FIELD_OBJECT      object by .table                      pointer to the struct, owned
 *     FIELD_VALUE       any JSON value                        cJSON *, owned
 *     FIELD_LIST        list of one of the kinds above        GArray *, owned, elements inline
 *
 * A count has a .min, and one that goes into a guint a .max. Members of members and of unions go as well:
 * FIELD_TIME(HypervisorSpec, policy.downtime_step_s).
 *
 * A key is required, or has a .preset, or may be absent; what is absent reads as NAN (doubles), NULL (text, objects) or
 * an empty GArray, so booleans, integers and enums need one of the first two.
 *
 * An object whose keys depend on one word ("kind": "zipf") has a tag and a case per word; the cases' fields lie in the
 * same struct (as members of a union), and the tag's member is an enum that counts the cases from 0:
 *
 *     static const FieldCase workload_cases[] = {
 *         {"idle", idle_fields, "writes nothing"}, {"zipf", zipf_fields, "few pages get most writes"}, {NULL}};
 *     const FieldTable workload_table = {"workload", sizeof(Workload), common_fields,
 *                                        .tag = "kind", FIELD_TAG(Workload, kind), .cases = workload_cases};
 *
 * Where a table says .groups, an element of a list of such objects may stand for many: it has a "count" and what else
 * fields_of_group says, which no struct has a member for. Such a list is read by fields_read_members().
 *
 * Scope: no maps with free keys, no recursive tables.
 */
#ifndef TANDEM_SIM_SCENARIO_FIELDS_H
#define TANDEM_SIM_SCENARIO_FIELDS_H

#include "sim/scenario/units.h"

#include <cjson/cJSON.h>
#include <math.h>

typedef enum {
    FIELD_KIND_BOOLEAN,
    FIELD_KIND_INTEGER,
    FIELD_KIND_NUMBER,
    FIELD_KIND_SIZE,
    FIELD_KIND_DATA_RATE,
    FIELD_KIND_TIME,
    FIELD_KIND_FREQUENCY,
    FIELD_KIND_STRING,
    FIELD_KIND_NAME,
    FIELD_KIND_REFERENCE,
    FIELD_KIND_ENUM,
    FIELD_KIND_OBJECT,
    FIELD_KIND_VALUE,
} FieldKind;

typedef struct FieldTable FieldTable;

typedef struct {
    const char *key; /* NULL ends a table */
    FieldKind kind;  /* of the value, or of a list's elements */
    gboolean list;
    gsize offset;
    gboolean narrow;  /* FIELD_COUNT: into a guint */
    const char *help; /* one line, for the schema and docs/keys.md */

    gboolean required;
    const char *preset; /* the default as a user would write it: "512MiB", "4", "true", "xen-4.5", "[]" */

    /* Bounds of a number or quantity, written as the value is ("0B", "1"); NULL: none. Quantities are never negative.
     */
    const char *min;   /* at least */
    const char *above; /* more than */
    const char *max;   /* at most */
    const char *below; /* less than */

    guint min_items, max_items; /* of a list; max_items 0: no limit */
    const char *const *words;   /* FIELD_ENUM; NULL ends */
    const char *refers;         /* FIELD_REFERENCE: "/hosts", or several lists: "/hosts /switches" */
    const FieldTable *table;    /* FIELD_OBJECT */
} Field;

typedef struct {
    const char *word; /* NULL ends the cases */
    const Field *fields;
    const char *help;
} FieldCase;

struct FieldTable {
    const char *id;       /* "host": its name in the schema; unique among tables */
    gsize size;           /* of the struct */
    const Field *fields;  /* in the order a resolved scenario prints them */
    const char *profiles; /* folder of configs/ whose files such an object may name with "profile", or NULL */
    const char *help;
    gboolean groups; /* an element of a list of these may be a group */
    /* Of a document: adds names that stand in none of its lists, each with how many members it has, to those of the
     * list ("/hosts"). NULL: there are none. */
    void (*add_names)(const cJSON *root, const char *list, GHashTable *names);

    const char *tag; /* key whose word selects a case, or NULL */
    gsize tag_offset;
    const char *tag_preset; /* the word when the key is absent; NULL: it is required */
    const FieldCase *cases;
};

/* offsetof, refused by the compiler when the member is not of the type. */
#define FIELD_AT(Struct, member, type)                                                                                 \
    (offsetof(Struct, member) +                                                                                        \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((Struct *)0)->member), type) ? 1 : -1]))
/* An enum's type is its own, so only the size can be checked. */
#define FIELD_ENUM_AT(Struct, member)                                                                                  \
    (offsetof(Struct, member) + 0 * sizeof(char[sizeof(((Struct *)0)->member) == sizeof(int) ? 1 : -1]))

/* The same for one of two types. */
#define FIELD_COUNT_AT(Struct, member)                                                                                 \
    (offsetof(Struct, member) +                                                                                        \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((Struct *)0)->member), guint) ||                         \
                             __builtin_types_compatible_p(__typeof__(((Struct *)0)->member), guint64)                  \
                         ? 1                                                                                           \
                         : -1]))

#define FIELD_BOOLEAN(Struct, m) .kind = FIELD_KIND_BOOLEAN, .offset = FIELD_AT(Struct, m, gboolean)
#define FIELD_INTEGER(Struct, m) .kind = FIELD_KIND_INTEGER, .offset = FIELD_AT(Struct, m, gint64)
#define FIELD_COUNT(Struct, m)                                                                                         \
    .kind = FIELD_KIND_INTEGER, .narrow = sizeof(((Struct *)0)->m) == sizeof(guint), .offset = FIELD_COUNT_AT(Struct, m)
#define FIELD_NUMBER(Struct, m)    .kind = FIELD_KIND_NUMBER, .offset = FIELD_AT(Struct, m, double)
#define FIELD_SIZE(Struct, m)      .kind = FIELD_KIND_SIZE, .offset = FIELD_AT(Struct, m, double)
#define FIELD_DATA_RATE(Struct, m) .kind = FIELD_KIND_DATA_RATE, .offset = FIELD_AT(Struct, m, double)
#define FIELD_TIME(Struct, m)      .kind = FIELD_KIND_TIME, .offset = FIELD_AT(Struct, m, double)
#define FIELD_FREQUENCY(Struct, m) .kind = FIELD_KIND_FREQUENCY, .offset = FIELD_AT(Struct, m, double)
#define FIELD_STRING(Struct, m)    .kind = FIELD_KIND_STRING, .offset = FIELD_AT(Struct, m, char *)
#define FIELD_NAME(Struct, m)      .kind = FIELD_KIND_NAME, .offset = FIELD_AT(Struct, m, char *)
#define FIELD_REFERENCE(Struct, m) .kind = FIELD_KIND_REFERENCE, .offset = FIELD_AT(Struct, m, char *)
#define FIELD_ENUM(Struct, m)      .kind = FIELD_KIND_ENUM, .offset = FIELD_ENUM_AT(Struct, m)
/* The member is a pointer to a struct: sizeof of what it points to refuses anything else. */
#define FIELD_OBJECT(Struct, m) .kind = FIELD_KIND_OBJECT, .offset = offsetof(Struct, m) + 0 * sizeof(*((Struct *)0)->m)
#define FIELD_VALUE(Struct, m)  .kind = FIELD_KIND_VALUE, .offset = FIELD_AT(Struct, m, cJSON *)
/* of: BOOLEAN, SIZE, OBJECT, … An element is what the kind's C member would be, an OBJECT's is the struct itself. */
#define FIELD_LIST(Struct, m, of) .kind = FIELD_KIND_##of, .list = TRUE, .offset = FIELD_AT(Struct, m, GArray *)
#define FIELD_TAG(Struct, m)      .tag_offset = FIELD_ENUM_AT(Struct, m)

/* Which member of a group that is named a member of the naming group refers to: index i of n members, from 0, to one of
 * m. */
typedef enum {
    GROUP_ROUND_ROBIN, /* i mod m: of groups of one size, that of the same index */
    GROUP_BLOCK,       /* floor(i m / n): the first n/m to the first, … */
    GROUP_DRAWN,       /* any of them alike, drawn by the member's name */
    GROUP_MESH,        /* of two references: each member of the first with each of the second */
} GroupRule;

#define GROUP_MEMBERS_MOST "1000000" /* chosen: ten times what a data centre of 10,000 hosts runs */

/* "count" and "by", keys of every table that says .groups; and the same as a table, for documents. */
extern const Field fields_of_group[];
extern const FieldTable group_table;

/* The case whose word is word, or NULL. */
const FieldCase *fields_case(const FieldTable *table, const char *word);

/* The words of all cases, ended by NULL; to be freed as an array. (transfer container) */
const char **fields_case_words(const FieldTable *table);

/* The field of that key among the common ones, a group's and those of one case, or of all cases when chosen is NULL. */
const Field *fields_find(const FieldTable *table, const FieldCase *chosen, const char *key);

/* Whether values of the kind are texts with a unit, and of which dimension. */
gboolean fields_is_quantity(FieldKind kind);
UnitsDimension fields_dimension(FieldKind kind);

/* The field's default as JSON, or NULL when it has none. (transfer full) */
cJSON *fields_preset(const Field *field);

/* Fills the zeroed struct from a tree that resolve_tree() made with the same table. */
void fields_read(const FieldTable *table, const cJSON *resolved, gpointer out);

/* Who knows the members of groups, while a tree is read. */
typedef struct {
    /* What the element of that list stands for: members, n of them; NULL: for itself. */
    gpointer (*open)(const Field *list, const cJSON *element, guint *n, gpointer data);
    /* The member of that index, as if it had been written; borrowed until the next call. */
    const cJSON *(*member)(gpointer opened, guint index);
    void (*close)(gpointer opened);
    gpointer data;
} FieldsMembers;

/* The same, where elements of lists are read as often as members says. */
void fields_read_members(const FieldTable *table, const cJSON *resolved, const FieldsMembers *members, gpointer out);

/* Frees what fields_read() put into the struct and zeroes it; the struct itself is the caller's. */
void fields_clear(const FieldTable *table, gpointer in);

/* A value, or what stands for one that is absent. */
static inline double
field_or_else(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

#endif
