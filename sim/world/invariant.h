/* What must hold in every simulated world, checked while it runs. */
#ifndef TANDEM_SIM_WORLD_INVARIANT_H
#define TANDEM_SIM_WORLD_INVARIANT_H

#include "sim/output/result.h"
#include "sim/world/world.h"

/* Declared once, by whoever checks it. */
typedef struct {
    const char *name;
    const char *meaning; /* a sentence that is true when it holds */
} Invariant;

/* The core's own. */
extern const Invariant invariant_one_instance, invariant_host_memory, invariant_tables_agree;

void invariant_init(World *world);
void invariant_clear(World *world);
/* The run checks it, and its result tells how often, even if that is never. In the order of the result. */
void invariant_add(World *world, const Invariant *invariant);
/* Counts a check of one that was added; a violation is noted with its date, the first one with its text
 * (printf-like). */
void invariant_check(World *world, const Invariant *invariant, gboolean holds, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void invariant_collect(const World *world, Result *result);

#endif
