#include "models/network/controller.h"

#include <math.h>

double
controller_delay_s(const Controller *controller, RandomStream *random)
{
    switch (controller->law) {
    case CONTROLLER_CONSTANT:
        return controller->low_s;
    case CONTROLLER_UNIFORM:
        return controller->low_s + random_unit(random) * (controller->high_s - controller->low_s);
    case CONTROLLER_EXPONENTIAL:
        return random_exponential(random, controller->low_s);
    case CONTROLLER_LOGNORMAL:
        return controller->low_s * exp(controller->sigma * random_normal(random));
    }
    g_assert_not_reached();
}
