/* Laws by which numbers of a group's members differ: {"law": "uniform", "from": "1GiB", "to": "4GiB"} where one member
 * would have "2GiB".
 *
 *     law        value of the member of index i of n
 *     choice     one of the values, each with its weight
 *     cycle      the values one after the other, again and again: value i mod k
 *     block      the first n/k members the first of k values, and so on: value floor(i k / n)
 *     uniform    from … to
 *     normal     mean and deviation, drawn again until it lies in from … to
 *     lognormal  median and sigma, of the logarithm, likewise
 *
 * What is drawn hangs on the seed, the key and the member's name alone.
 */
#ifndef TANDEM_SIM_SCENARIO_LAW_H
#define TANDEM_SIM_SCENARIO_LAW_H

#include "models/base/random.h"
#include "sim/scenario/resolver.h"

typedef enum { LAW_CHOICE, LAW_CYCLE, LAW_BLOCK, LAW_UNIFORM, LAW_NORMAL, LAW_LOGNORMAL } LawKind;

/* The values are of the kind of the key for which the law stands. */
typedef struct {
    LawKind kind;
    GArray *values;  /* of cJSON * */
    GArray *weights; /* of double; empty: all alike */
    cJSON *from, *to, *step;
    cJSON *middle, *deviation; /* mean or median */
    double sigma;
} Law;

extern const FieldTable law_table;

/* Whether values of the field may have a law: numbers and quantities. */
gboolean law_fits(const Field *field);

/* Whether the law, resolved by law_table, gives values that the field can have. */
gboolean law_check(Resolver *r, const Field *field, const cJSON *law, const PointerStep *at, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The value, in SI, of the member of that index of n. */
double law_draw(const Law *law, const Field *field, guint index, guint n, RandomStream *random);

#endif
