#include "models/migration/throttle.h"

#include <math.h>

#define TICK_S 0.002 /* chosen: a paused program sees its pause up to one tick of a 500 Hz timer later */

gboolean
throttle_period(Throttle *throttle, const ThrottleRules *rules, double dirtied_bytes, double sent_bytes)
{
    if (!rules->on || dirtied_bytes <= rules->trigger * sent_bytes || ++throttle->high < 2)
        return FALSE;
    throttle->high = 0;
    const double share = throttle->share > 0 ? MIN(throttle->share + rules->step, rules->most) : rules->first;
    const gboolean changed = share != throttle->share;
    throttle->share = share;
    return changed;
}

/* How long each pause of the processors is. */
static double
throttle_pause_s(const Throttle *throttle, const ThrottleRules *rules)
{
    return rules->slice_s * throttle->share / (1 - throttle->share);
}

double
throttle_speed(const Throttle *throttle, const ThrottleRules *rules, double catch_up_s)
{
    if (throttle->share <= 0 || throttle_pause_s(throttle, rules) + TICK_S <= catch_up_s)
        return 1;
    return 1 - throttle->share;
}

double
throttle_wait_s(const Throttle *throttle, const ThrottleRules *rules, double now_s, double phase)
{
    if (throttle->share <= 0)
        return 0;
    const double pause_s = throttle_pause_s(throttle, rules), period_s = pause_s + rules->slice_s;
    const double at_s = fmod(now_s + phase * period_s, period_s);

    return MAX(pause_s - at_s, 0);
}
