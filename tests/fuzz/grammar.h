/* Values drawn from the tables that scenarios are read by (sim/scenario/fields.h): any key that a table has, of its
 * kind, within its bounds, around its default. A key that is added to a table is drawn from then on.
 *
 * What no single key can tell (sizes that fit each other, names of files) is left out here; maker.h sets those.
 */
#ifndef TANDEM_TESTS_FUZZ_GRAMMAR_H
#define TANDEM_TESTS_FUZZ_GRAMMAR_H

#include "models/base/random.h"
#include "sim/scenario/fields.h"

/* Adds keys to an object of that table, each with this probability, that it does not have yet. word: its case, or NULL
 * when the table has none. root: the scenario so far, for references. */
void grammar_decorate(RandomStream *random, const FieldTable *table, const char *word, cJSON *object, const cJSON *root,
                      double probability);

/* ---- what both use ---- */

gboolean grammar_chance(RandomStream *random, double probability);
/* from … to, both included */
guint grammar_between(RandomStream *random, guint from, guint to);
/* log-uniform */
double grammar_scale(RandomStream *random, double least, double most);

#endif
