#include "models/migration/policy.h"

/* xc_domain_save.c, after the batch loop of a live iteration:
 *   (iter >= max_iters) || (sent_this_iter + skip_this_iter < 50) || (total_sent > p2m_size * max_factor)
 * xg_sr_save.c simple_precopy_policy: (stats.iteration >= 5) || (stats.dirty_count < 50) */
StopReason
policy_stop_reason(const Policy *policy, const PolicyCounters *counters)
{
    const guint64 few =
        policy->few_basis == FEW_DIRTY ? counters->dirty : counters->round_sent + counters->round_skipped;

    if (few < policy->min_pages)
        return STOP_FEW_PAGES;
    if (counters->rounds >= policy->max_rounds)
        return STOP_ROUNDS;
    if (policy->max_factor > 0 && (double)counters->total_sent > policy->max_factor * (double)counters->set_pages)
        return STOP_MANY_SENT;
    return STOP_NOT_YET;
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
    }
    g_assert_not_reached();
}
