/* A controller of an overlay or of a software-defined network: who is told where a guest is, and points its address
 * there after a time of its own.
 *
 * No source gives the inner steps of such a controller in a form that another one would share; what operators report is
 * how long it took. So the time is an input: a constant, or drawn anew for each move. Until then frames go to the old
 * host.
 *
 * Scope: one controller for the whole network, which tells all its switches at one date; it never forgets, and nothing
 * is learned from the guest's frames but, where it waits for them, that the guest has moved.
 */
#ifndef TANDEM_MODELS_NETWORK_CONTROLLER_H
#define TANDEM_MODELS_NETWORK_CONTROLLER_H

#include "models/base/random.h"

/* What makes it begin. */
typedef enum {
    CONTROLLER_AT_RESUME, /* the platform tells it when the guest runs at its destination */
    CONTROLLER_AT_FRAME   /* the first frame that the guest, or somebody for it, sends there and that is not lost */
} ControllerBegin;

typedef enum { CONTROLLER_CONSTANT, CONTROLLER_UNIFORM, CONTROLLER_EXPONENTIAL, CONTROLLER_LOGNORMAL } ControllerLaw;

typedef struct {
    ControllerBegin begins;
    ControllerLaw law;
    double low_s;  /* CONSTANT: the time; UNIFORM: the least; EXPONENTIAL: the mean; LOGNORMAL: the median; >= 0 */
    double high_s; /* UNIFORM: the greatest, >= low_s */
    double sigma;  /* LOGNORMAL: of the logarithm, >= 0 */
} Controller;

/* How long it takes this time; >= 0. */
double controller_delay_s(const Controller *controller, RandomStream *random);

#endif
