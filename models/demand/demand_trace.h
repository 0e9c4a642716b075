/* How much of its processors a guest wants, over time: a step function, and a walk along it.
 *
 * Source of the form: the CPU traces of PlanetLab's CoMon as CloudSim and OpenStack Neat keep them (A. Beloglazov and
 * R. Buyya, "Optimal online deterministic algorithms ...", CCPE 24(13), 2012, section 5.3): one value for every 300 s,
 * held until the next one.
 *
 * A value that is the one before is no step: a day on which a guest's demand changes k times costs k steps, whatever
 * its sampling interval.
 *
 * Scope: no interpolation; the demand of a guest does not hang on what it was given before (no backlog).
 */
#ifndef TANDEM_MODELS_DEMAND_DEMAND_TRACE_H
#define TANDEM_MODELS_DEMAND_DEMAND_TRACE_H

#include <glib.h>

typedef struct {
    double at_s; /* from this date on */
    double value;
} DemandStep;

/* The first step is at 0; dates rise; neighbours differ. */
typedef struct {
    GArray *steps;   /* owned; of DemandStep, at least one */
    double length_s; /* of which it tells: after the last step; INFINITY: for ever */
} DemandTrace;

/* n >= 1 values, each for interval_s > 0. */
void demand_trace_from_samples(DemandTrace *trace, const double *values, guint n, double interval_s);
/* n >= 1 steps with rising dates from 0 on. */
void demand_trace_from_steps(DemandTrace *trace, const DemandStep *steps, guint n, double length_s);
void demand_trace_clear(DemandTrace *trace);

/* Where somebody is who follows a trace. */
typedef struct {
    const DemandTrace *trace; /* borrowed */
    gboolean repeats;         /* the trace begins anew after its length; otherwise the last value holds */
    double round_s;           /* when this round began */
    guint step;
    double value;   /* now */
    double until_s; /* the date of the next step; INFINITY: there is none */
} DemandWalk;

/* From date 0 on. */
void demand_walk_begin(DemandWalk *walk, const DemandTrace *trace, gboolean repeats);
/* On to the next step; until_s is finite. */
void demand_walk_next(DemandWalk *walk);

#endif
