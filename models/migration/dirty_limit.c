#include "models/migration/dirty_limit.h"

#include <math.h>

#define TOLERANCE_BPS  (25 * 0x1p20) /* DIRTYLIMIT_TOLERANCE_RANGE */
#define LINEAR_PERCENT 50.0          /* DIRTYLIMIT_LINEAR_ADJUSTMENT_PCT */
#define MOST_RINGS     99.0          /* DIRTYLIMIT_THROTTLE_PCT_MAX */

/* dirtylimit_set_throttle: in proportion while it is far away, in small steps when it is near. */
static double
step_s(double quota_Bps, double current_Bps, double ring_s)
{
    const double far_Bps = fabs(quota_Bps - current_Bps);
    const double percent = floor(100 * far_Bps / MAX(quota_Bps, current_Bps));
    const double step = percent > LINEAR_PERCENT ? ring_s * percent / MAX(100 - percent, 1) : ring_s / 10;

    return quota_Bps < current_Bps ? step : -step;
}

double
dirty_limit_adjust(DirtyLimit *limit, const DirtyLimitRules *rules, double page_bytes, double current_Bps, double speed)
{
    const double ring_bytes = rules->ring_pages * page_bytes;

    if (current_Bps <= 0) {
        limit->sleep_s = 0;
        return 1;
    }
    if (fabs(rules->rate_Bps - current_Bps) <= TOLERANCE_BPS)
        return speed;
    limit->fastest_Bps = MAX(limit->fastest_Bps, current_Bps);
    const double ring_s = ring_bytes / limit->fastest_Bps;
    limit->sleep_s = CLAMP(limit->sleep_s + step_s(rules->rate_Bps, current_Bps, ring_s), 0, MOST_RINGS * ring_s);
    /* what it would dirty unhindered fills a ring in fill_s, after which it sleeps */
    const double fill_s = ring_bytes * speed / current_Bps;
    return fill_s / (fill_s + limit->sleep_s);
}
