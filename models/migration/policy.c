#include "models/migration/policy.h"

/* Without a step, QEMU's fixed limit. With steps in time, KubeVirt's tuneDowntime: not before the iteration, and not
 * before the interval has passed since it was set; the interval begins with the migration, so that the first step may
 * come with the iteration. */
double
policy_downtime_s(const Policy *policy, DowntimeRamp *ramp, guint rounds, double elapsed_s)
{
    if (policy->downtime_step_s <= 0)
        return policy->downtime_limit_s;
    if (policy->downtime_every_s <= 0) {
        ramp->steps = rounds > MAX(policy->downtime_after, 1) ? rounds - MAX(policy->downtime_after, 1) : 0;
    } else if (rounds >= policy->downtime_after && elapsed_s - ramp->tuned_s >= policy->downtime_every_s) {
        ramp->steps++;
        ramp->tuned_s = elapsed_s;
    }
    const double limit_s = policy->downtime_limit_s + policy->downtime_step_s * ramp->steps;
    return MIN(limit_s, MAX(policy->downtime_most_s, policy->downtime_limit_s));
}

/* NSDI 2005, section 5.3: "the dirtying rate … for the next round … by adding a constant increment". */
double
policy_rate_Bps(const Policy *policy, double dirtied_bytes, double duration_s)
{
    if (!(policy->rate_first_Bps > 0))
        return 0;
    if (duration_s <= 0)
        return policy->rate_most_Bps;
    return MAX(dirtied_bytes / duration_s + policy->rate_step_Bps, policy->rate_first_Bps);
}

/* xc_domain_save.c, after the batch loop of a live iteration:
 *   (iter >= max_iters) || (sent_this_iter + skip_this_iter < 50) || (total_sent > p2m_size * max_factor)
 * xg_sr_save.c simple_precopy_policy: (stats.iteration >= 5) || (stats.dirty_count < 50) */
StopReason
policy_stop_reason(const Policy *policy, const PolicyCounters *counters)
{
    const guint64 few =
        policy->few_basis == FEW_DIRTY ? counters->left : counters->round_sent + counters->round_skipped;

    if (few < policy->min_pages)
        return STOP_FEW_PAGES;
    if (counters->rounds >= policy->max_rounds)
        return STOP_ROUNDS;
    if (policy->max_factor > 0 && (double)counters->total_sent > policy->max_factor * (double)counters->set_pages)
        return STOP_MANY_SENT;
    if (policy->downtime_limit_s > 0 && counters->expected_s < counters->allowed_s)
        return STOP_DOWNTIME;
    if (policy->stall_rounds > 0 && counters->stalled >= policy->stall_rounds)
        return STOP_STALLED;
    if (policy->rate_first_Bps > 0 && counters->rate_Bps > policy->rate_most_Bps)
        return STOP_RATE;
    return STOP_NOT_YET;
}

const char *
policy_other_rule(const Policy *policy)
{
    return policy->min_pages > 0      ? "min_pages"
           : policy->max_factor > 0   ? "max_factor"
           : policy->stall_rounds > 0 ? "stall_rounds"
                                      : NULL;
}

const char *
policy_stop_text(StopReason reason)
{
    switch (reason) {
    case STOP_NOT_YET:
        return "not stopped";
    case STOP_ROUNDS:
        return "round limit";
    case STOP_FEW_PAGES:
        return "few pages left";
    case STOP_MANY_SENT:
        return "too much sent";
    case STOP_NOT_LIVE:
        return "not live";
    case STOP_DOWNTIME:
        return "fits the downtime limit";
    case STOP_STALLED:
        return "stalled";
    case STOP_RATE:
        return "dirtied faster than the rate limit";
    case STOP_NOTHING:
        return "nothing left to send";
    case STOP_POSTCOPY:
        return "switched to post-copy";
    case STOP_TIME_UP:
        return "time was up";
    case STOP_TOLD:
        return "told to stop";
    case STOP_POSTCOPY_TIME_UP:
        return "switched to post-copy as time was up";
    case STOP_POSTCOPY_TOLD:
        return "told to switch to post-copy";
    }
    g_assert_not_reached();
}

gboolean
policy_stop_pulls(StopReason reason)
{
    return reason == STOP_POSTCOPY || reason == STOP_POSTCOPY_TIME_UP || reason == STOP_POSTCOPY_TOLD;
}
