/* Made-up traces of CPU demand, for tests and benchmarks, and where the real ones may not be passed on.
 *
 * The marginal law has a given mean, standard deviation and quartiles, over all guests and times together, as
 * PlanetLab's days are described (CloudSim's days of CoMon data: 20110303 has mean 12.31, deviation 17.09 and quartiles
 * 2, 6, 15 per cent). Its quantile function is linear from 0 over the quartiles, and above the third one it is
 * q3 + D v^p with v = 4 (u - 3/4): D and p, in closed form, give it the mean and the deviation.
 *
 * What is equally likely comes in an order: a standard normal z(t), of which Phi(z) picks the quantile, is the sum of
 * three independent parts with shares of its variance:
 *
 *   part        share        correlation over a lag of L
 *   between     b            1: a guest is busier than another for all of its time
 *   slow        s (1 - b)    exp(-L / T): a first-order autoregression
 *   noise       the rest     none
 *
 * chosen: b = 0.08, s = 0.22, T = 8 h. Of the 28 CPU traces of PlanetLab that OpenStack Neat's experiments ship
 * (Apache-2.0), in normal scores, 0.08 of the variance is between traces; within traces the correlation is 0.23 at a
 * lag of 5 minutes, 0.22 after an hour and 0.13 after four. Those traces were selected for their swing, so that days
 * as they were are likely to have more between guests.
 *
 * Scope: no days and nights, no guests that are busy together.
 */
#ifndef TANDEM_MODELS_DEMAND_SYNTHETIC_H
#define TANDEM_MODELS_DEMAND_SYNTHETIC_H

#include "models/base/random.h"

typedef struct {
    double mean, deviation; /* per cent, of all values */
    double quartiles[3];    /* per cent */
    double between;         /* b, 0 … 1 */
    double slow;            /* s, 0 … 1 */
    double correlation_s;   /* T, more than 0 */
} SyntheticDemand;

typedef struct {
    SyntheticDemand demand;
    double tail;     /* D, per cent */
    double exponent; /* p, >= 0 */
} SyntheticLaw;

/* Why no law has these numbers, or NULL; law is set then. */
const char *synthetic_fault(const SyntheticDemand *demand, SyntheticLaw *law);

/* The value, per cent, that the share u of all values, 0 … 1, does not exceed. */
double synthetic_quantile(const SyntheticLaw *law, double u);

/* One guest's n values, interval_s apart, in whole per cent as the real ones are. */
void synthetic_draw(const SyntheticLaw *law, double interval_s, RandomStream *random, guint n, double *values);

#endif
