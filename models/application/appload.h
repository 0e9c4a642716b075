/* Who asks an application, and when: an open load, whose requests come whether or not earlier ones were answered, or
 * the users of a closed one, each of whom waits for an answer before the next request.
 *
 * Sources: the Poisson process (L. Kleinrock, "Queueing Systems", volume 1, 1975); bursts as an interrupted Poisson
 * process, on and off for exponential times (A. Kuczura, "The interrupted Poisson process as an overflow process", Bell
 * System Technical Journal 52(3), 1973); open against closed: B. Schroeder, A. Wierman, M. Harchol-Balter, "Open versus
 * closed: a cautionary tale", NSDI 2006.
 *
 * An arrival process of a rate r(t) that changes with time is one of rate 1 in operational time, the integral of r: so
 * the gaps are drawn there, exponential of mean 1 (Poisson) or exactly 1 (constant), and are stretched by the rate.
 *
 * Scope: independent arrivals; a user has one request at a time.
 */
#ifndef TANDEM_MODELS_APPLICATION_APPLOAD_H
#define TANDEM_MODELS_APPLICATION_APPLOAD_H

#include "models/application/apptime.h"

typedef enum {
    APP_LOAD_NONE,   /* only other applications call it */
    APP_LOAD_STEADY, /* open, always of one rate */
    APP_LOAD_RATES,  /* open, of a rate that changes at given dates */
    APP_LOAD_BURSTS, /* open, of a rate while a burst lasts, and none between two */
    APP_LOAD_CLOSED
} AppLoadKind;

/* From that date on. */
typedef struct {
    double at_s;
    double rate_per_s; /* >= 0 */
} AppRate;

typedef struct {
    AppLoadKind kind;
    gboolean constant; /* gaps are alike; FALSE: exponential */
    double rate_per_s; /* STEADY, BURSTS: > 0 */
    const AppRate *rates;
    gsize n_rates;          /* RATES: > 0, dates increase; borrowed as long as it is asked; before the first: none */
    double burst_s, lull_s; /* BURSTS: means, > 0; it begins with a lull or a burst as either is likely */
    guint users;            /* CLOSED: > 0 */
    AppTimeLaw think;       /* CLOSED: from an answer to the next request */
    double patience_s;      /* CLOSED: > 0; who waits longer for an answer gives up and thinks again */
    double start_s;         /* >= 0; nothing is asked before */
    double stop_s;          /* or from then on; INFINITY: it never ends */
} AppLoad;

/* The dates of an open load, one after the other. */
typedef struct {
    const AppLoad *load; /* borrowed */
    RandomStream random;
    double rate_per_s; /* now, */
    double until_s;    /* and until then */
    gsize next_rate;
    gboolean bursting;
} AppArrivals;

/* Requests per second, in the long run, of an open load; of rates that change the highest of them. 0: of others. */
double appload_rate(const AppLoad *load);

/* random is copied; load is of an open kind. */
void appload_begin(AppArrivals *arrivals, const AppLoad *load, const RandomStream *random, const Ziggurat *ziggurat);

/* The first arrival after now_s, which is the one before it or the start; INFINITY: there is none. */
double appload_next_s(AppArrivals *arrivals, double now_s, const Ziggurat *ziggurat);

#endif
