#include "models/placement/nova_downtime.h"

#include <math.h>

#define GIB          (1024.0 * 1024 * 1024)
#define DATA_MIN_GIB 2.0 /* nova/conf/libvirt.py: "with lower bound of a minimum of 2 GiB" */

double
nova_data_GiB(double bytes)
{
    return MAX(bytes / GIB, DATA_MIN_GIB);
}

void
nova_downtime_step(const NovaMigrationRules *rules, double data_GiB, guint i, double *after_s, double *limit_ms)
{
    const double base = rules->downtime_ms / rules->steps;
    const double offset = (rules->downtime_ms - base) / rules->steps;

    *after_s = trunc(rules->delay_s_per_GiB * data_GiB) * i;
    *limit_ms = trunc(base + offset * i);
}

double
nova_downtime_ms(const NovaMigrationRules *rules, double data_GiB, double elapsed_s)
{
    double limit_ms = NAN;

    for (guint i = 0; i <= rules->steps; i++) {
        double after_s, ms;

        nova_downtime_step(rules, data_GiB, i, &after_s, &ms);
        if (elapsed_s > after_s)
            limit_ms = ms;
    }
    return limit_ms;
}

NovaTimeout
nova_timeout(const NovaMigrationRules *rules, double data_GiB, double elapsed_s)
{
    const double timeout_s = trunc(rules->completion_s_per_GiB * data_GiB);

    if (timeout_s == 0 || elapsed_s <= timeout_s)
        return NOVA_GOES_ON;
    if (rules->action == NOVA_ABORT)
        return NOVA_IS_ABORTED;
    return rules->permit_post_copy ? NOVA_TURNS_POST_COPY : NOVA_IS_PAUSED;
}

gboolean
nova_may_start(const NovaMigrationRules *rules, guint under_way)
{
    return rules->concurrent == 0 || under_way < rules->concurrent;
}
