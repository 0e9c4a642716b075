/* Metamorphic relations: what a change of a scenario may do to its numbers, over scenarios made at random.
 *
 *   more-bandwidth-…       every cable twice as fast: no migration takes longer
 *   alone-…                one migration without all other traffic: it takes no longer
 *   unrelated              hosts that nothing joins to the others, with guests, a vTPM, a card, sockets, a flow and a
 *                          migration of their own: no number of the others' metrics and rows changes but in the last
 *                          digits, which are of SimGrid's clock
 *   reordered              lists of entities the other way round: nothing changes but the order
 *   split                  a cable as two of half its latency: nothing changes
 *   capped                 QEMU's max_bandwidth: pre-copy is no faster
 *   again                  the same once more: the same bytes
 *   unverified             without comparing memory: hardly ever a number changes (what is received is looked at in the
 *                          dirty log where the sender itself does not look: other draws of the same distribution)
 *
 * When to stop is a decision: a guest that writes may meet it a round earlier at a lower rate, and be done sooner with
 * it. So migrations of guests that write nothing are compared one by one ("-idle"), and those of others only as a
 * whole ("-most": a few of a hundred may be slower).
 */
#ifndef TANDEM_TESTS_FUZZ_RELATIONS_H
#define TANDEM_TESTS_FUZZ_RELATIONS_H

#include <cjson/cJSON.h>
#include <glib.h>

typedef enum {
    RELATION_HOLDS,
    RELATION_SAYS_NOTHING, /* about this scenario */
    RELATION_BROKEN
} RelationOutcome;

typedef struct Relation Relation;

/* By index, NULL behind the last one. */
const Relation *relations_get(guint index);
const char *relations_name(const Relation *relation);
/* The share of scenarios for which it may be broken. */
double relations_may_break(const Relation *relation);

/* A scenario for the relation. (transfer full) */
cJSON *relations_make(const Relation *relation, guint64 seed);
/* what: a sentence when it is broken, owned by the caller; or NULL: not wanted. */
RelationOutcome relations_try(const Relation *relation, const cJSON *scenario, char **what);

#endif
