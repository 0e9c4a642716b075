#include "models/migration/throttle.h"

#include <math.h>

#define TICK_S 0.002 /* chosen: a paused program sees its pause up to one tick of a 500 Hz timer later */

/* mig_throttle_guest_down reckons in whole percent: what is left to the guest, and the part of it at which it would
 * dirty just as much as the threshold. */
static double
step_of(const Throttle *throttle, const ThrottleRules *rules, double dirtied_bytes, double threshold_bytes)
{
    if (!rules->tailslow)
        return rules->step;
    const double left = round(100 * (1 - throttle->share)), ideal = floor(left * threshold_bytes / dirtied_bytes);

    return MIN((left - ideal) / 100, rules->step);
}

gboolean
throttle_is_due(Throttle *throttle, double trigger, double dirtied_bytes, double sent_bytes)
{
    if (dirtied_bytes <= trigger * sent_bytes || ++throttle->high < 2)
        return FALSE;
    throttle->high = 0;
    return TRUE;
}

gboolean
throttle_period(Throttle *throttle, const ThrottleRules *rules, double dirtied_bytes, double sent_bytes)
{
    if (!rules->on || !throttle_is_due(throttle, rules->trigger, dirtied_bytes, sent_bytes))
        return FALSE;
    const double step = step_of(throttle, rules, dirtied_bytes, rules->trigger * sent_bytes);
    const double share = throttle->share > 0 ? MIN(throttle->share + step, rules->most) : rules->first;
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
