/* Pairs of migrations that share a cable: what is planned ahead against the same run batch by batch
 * (engine.plan_ahead false), through any build of the program. */
#ifndef TANDEM_TESTS_FUZZ_PAIRS_H
#define TANDEM_TESTS_FUZZ_PAIRS_H

#include <glib.h>

/* Pairs number seed, seed + 1, …; prints those that differ by more than 1 % or break an invariant, the count, and the
 * worst. folder: where such pairs are written, or NULL. Returns an exit status. */
int pairs_compare(guint64 seed, guint64 n, const char *program, const char *folder);

#endif
