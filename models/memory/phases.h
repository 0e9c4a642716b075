/* Which phase of its work a guest is in, and until when: phases that repeat, or that are drawn.
 *
 * A report's guest does not do the same all the time, and what is measured of a migration hangs on what the guest did
 * just then; that the same migration differs from run to run shows only where the guest's phases do.
 *
 *   symbol | meaning
 *   m_i    | how long phase i lasts, on average, s
 *   w_i    | how often it is drawn among the others
 *
 * In order, phase i + 1 comes after phase i, and the first after the last; drawn, whichever comes next is independent
 * of the one before, phase i with probability w_i / sum w: a semi-Markov process. A phase lasts exactly m_i, or an
 * exponential time of that mean.
 *
 * Begun anywhere, the process is one that has been going on for ever: it is in phase i with probability
 * w_i m_i / sum w m (in order all w are 1), of which a uniform share is left, or an exponential time, which remembers
 * nothing.
 *
 * Scope: time is the world's; a guest that stands still or is throttled changes its phase all the same.
 */
#ifndef TANDEM_MODELS_MEMORY_PHASES_H
#define TANDEM_MODELS_MEMORY_PHASES_H

#include "models/base/random.h"

typedef enum { PHASE_LASTS_CONSTANT, PHASE_LASTS_EXPONENTIAL } PhaseLaw;

typedef struct {
    double mean_s; /* > 0 */
    PhaseLaw law;
    double weight; /* >= 0, in all > 0; of drawn phases */
} Phase;

typedef enum {
    PHASES_ONCE,   /* the last one has no end */
    PHASES_REPEAT, /* the first follows the last */
    PHASES_DRAWN
} PhaseOrder;

typedef struct {
    const Phase *phases; /* borrowed */
    guint n;             /* > 0 */
    PhaseOrder order;
    RandomStream random;
    guint current;
    double until_s; /* when the current one ends; INFINITY: never */
} PhaseWalk;

/* Begins at start_s with the first phase, or with one that is drawn; or anywhere, which needs phases that go on for
 * ever. random is copied. */
void phase_walk_begin(PhaseWalk *walk, const Phase *phases, guint n, PhaseOrder order, gboolean anywhere,
                      const RandomStream *random, double start_s);
/* To the phase that begins when the current one ends. */
void phase_walk_next(PhaseWalk *walk);

#endif
