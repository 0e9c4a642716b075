#include "models/migration/precopy.h"

#include "models/migration/backlog.h"

#include <math.h>

typedef enum { BEFORE_ROUND_1, LIVE, TO_SUSPEND, SUSPENDING, LAST, ENDED } PrecopyPhase;

struct Precopy {
    const PageSet *set;
    PrecopyRules rules;
    PrecopyPhase phase;
    StopReason stop;
    Backlog backlog;
    guint round; /* 1 is the first */
    guint64 due; /* pages that the present round began with, deferred ones apart: each is sent or skipped in it */
    CopyRound current;
    GArray *rounds; /* owned, of CopyRound */
    PageSetSent sent;
    guint64 live_sent;
    double bytes;
    double cap_Bps; /* NSDI 2005: of this round; 0: unlimited */
    DowntimeRamp ramp;
    guint64 fewest_dirty; /* of all rounds so far */
    guint stalled;
    guint64 caught; /* pages found in the log at ends of live rounds and at the stop */
    double owed_s;  /* work for them that has not been done yet */
};

Precopy *
precopy_new(const PageSet *set, const PrecopyRules *rules)
{
    g_return_val_if_fail(set->n_members > 0 && rules->batch_pages > 0, NULL);

    Precopy *precopy = g_new0(Precopy, 1);
    precopy->set = set;
    precopy->rules = *rules;
    backlog_init(&precopy->backlog, set);
    precopy->rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    precopy->cap_Bps = rules->policy.rate_first_Bps;
    precopy->fewest_dirty = G_MAXUINT64;
    return precopy;
}

void
precopy_release_pages(Precopy *precopy)
{
    backlog_clear(&precopy->backlog);
}

void
precopy_free(Precopy *precopy)
{
    if (!precopy)
        return;
    precopy_release_pages(precopy);
    g_array_unref(precopy->rounds);
    g_free(precopy);
}

void
precopy_defer_page(Precopy *precopy, guint64 page)
{
    precopy->due -= backlog_defer(&precopy->backlog, page);
}

static gboolean
is_last_round(const Precopy *precopy)
{
    return precopy->stop != STOP_NOT_YET;
}

static BacklogTurn
turn_of_round(const Precopy *precopy)
{
    if (is_last_round(precopy))
        return BACKLOG_LAST;
    const gboolean skips = precopy->rules.peek_skip && (precopy->round > 1 || precopy->rules.first_round_skips);
    return skips ? BACKLOG_SKIP : BACKLOG_SEND;
}

static void
begin_round(Precopy *precopy, double now_s)
{
    precopy->round++;
    precopy->current = (CopyRound){.phase = is_last_round(precopy) ? PHASE_STOP_AND_COPY : PHASE_PUSH,
                                   .start_s = now_s,
                                   .final = is_last_round(precopy)};
    precopy->phase = is_last_round(precopy) ? LAST : LIVE;
}

/* The backlog holds `pages` pages. */
static void
begin_live_round(Precopy *precopy, double now_s, guint64 pages)
{
    precopy->due = pages - backlog_deferred(&precopy->backlog);
    begin_round(precopy, now_s);
}

static double
batch_bytes(const PrecopyRules *rules, double page_bytes, const PageSetSent *sent)
{
    const double whole_page = page_cost_bytes(&rules->page, page_bytes);
    const double zero_page = rules->page.zero_bytes > 0 ? rules->page.zero_bytes : whole_page;

    if (sent->set_pages == 0)
        return 0;
    return rules->batch_header_bytes + (double)sent->set_pages * rules->entry_bytes +
           (double)sent->data_pages * whole_page + (double)sent->zero_pages * zero_page;
}

static void
count_batch(Precopy *precopy, const PageSetSent *sent, double bytes)
{
    precopy->current.sent += sent->set_pages;
    precopy->current.bytes += bytes;
    precopy->sent.set_pages += sent->set_pages;
    precopy->sent.data_pages += sent->data_pages;
    precopy->sent.zero_pages += sent->zero_pages;
    precopy->bytes += bytes;
}

/* A transfer so short that the path's latency is all of its time would be longer than its bytes are. */
static gboolean
fits_the_path(const CopyAction *action, const CopyReach *reach)
{
    return action->bytes < 2 * reach->rate_Bps * reach->latency_s;
}

static double
batch_s(const PrecopyRules *rules, double wire_s, double work_s)
{
    return rules->works_apart ? MAX(wire_s, work_s) : wire_s + work_s;
}

/* As many batches as may go out in one transfer; bytes 0 when the round has none left. */
static CopyAction
next_batches(Precopy *precopy, double now_s, const CopyReach *reach)
{
    CopyAction action = {.kind = COPY_SEND};
    const PrecopyRules *rules = &precopy->rules;
    /* how much of the work others' traffic hides is found out batch by batch */
    const gboolean look_far = reach->plans && rules->page.work_s == 0 && !page_set_is_active(precopy->set, now_s);
    const double alone_Bps = MIN(reach->alone_Bps, precopy->cap_Bps > 0 ? precopy->cap_Bps : INFINITY);
    const double page_work_s = rules->page.work_s * (1 + reach->work_delay);
    const double owed_s = precopy->owed_s * (1 + reach->work_delay);
    double at_s = now_s + owed_s, alone_s = owed_s;

    for (guint n = 0; look_far || n < reach->max_batches || fits_the_path(&action, reach); n++) {
        if (n > 0 && at_s > reach->until_s)
            break;
        const PageSetSent sent = backlog_take(&precopy->backlog, at_s, rules->batch_pages, turn_of_round(precopy));
        const double bytes = batch_bytes(rules, precopy->set->page_bytes, &sent);
        const double batch_alone_s = batch_s(rules, bytes / alone_Bps, page_work_s * (double)sent.set_pages);

        count_batch(precopy, &sent, bytes);
        action.bytes += bytes;
        alone_s += batch_alone_s;
        at_s += MAX(bytes / reach->rate_Bps, batch_alone_s);
        if (!backlog_has_more(&precopy->backlog))
            break;
    }
    /* The sender maps pages, or sleeps until it has sent no more than its cap allows, while the path carries what
     * others send: only what that does not hide is spent. */
    action.until_s = now_s + alone_s;
    precopy->owed_s = 0;
    return action;
}

/* The log is read, and the entries of what it had caught are written (Definition 2 of the CUMP), before anything else
 * is sent. */
static void
note_caught(Precopy *precopy, guint64 pages)
{
    precopy->caught += pages;
    precopy->owed_s += precopy->rules.sync_s + (double)pages * precopy->rules.mark_work_s;
}

static void
finish_round(Precopy *precopy, double now_s)
{
    precopy->current.end_s = now_s;
    precopy->current.duration_s = now_s - precopy->current.start_s;
    if (!precopy->current.final) {
        precopy->current.skipped = precopy->due - precopy->current.sent;
        precopy->current.dirtied = backlog_renew(&precopy->backlog, now_s);
        note_caught(precopy, precopy->current.dirtied);
        precopy->live_sent += precopy->current.sent;
    }
    g_array_append_val(precopy->rounds, precopy->current);
}

static void
watch_progress(Precopy *precopy)
{
    precopy->stalled = precopy->current.dirtied < precopy->fewest_dirty ? 0 : precopy->stalled + 1;
    precopy->fewest_dirty = MIN(precopy->fewest_dirty, precopy->current.dirtied);
}

/* Of what is dirty now, at the rate of the round that just ended; a round that sent nothing tells no rate. */
static double
expected_s(const Precopy *precopy)
{
    const CopyRound *round = &precopy->current;

    return round->sent > 0 ? (double)round->dirtied * round->duration_s / (double)round->sent : INFINITY;
}

/* STOP_NOT_YET: another live round. */
static StopReason
stop_reason_after_round(Precopy *precopy)
{
    const double dirtied_bytes = (double)precopy->current.dirtied * precopy->set->page_bytes;

    const CopyRound *first =
        precopy->rounds->len > 0 ? &g_array_index(precopy->rounds, CopyRound, 0) : &precopy->current;
    const double elapsed_s = precopy->current.start_s + precopy->current.duration_s - first->start_s;

    watch_progress(precopy);
    precopy->cap_Bps = policy_rate_Bps(&precopy->rules.policy, dirtied_bytes, precopy->current.duration_s);
    const PolicyCounters counters = {
        .rounds = precopy->round,
        .set_pages = precopy->set->pages,
        .round_sent = precopy->current.sent,
        .round_skipped = precopy->current.skipped,
        .total_sent = precopy->live_sent,
        .left = precopy->current.dirtied,
        .expected_s = expected_s(precopy),
        .allowed_s = policy_downtime_s(&precopy->rules.policy, &precopy->ramp, precopy->round, elapsed_s),
        .rate_Bps = precopy->cap_Bps,
        .elapsed_s = elapsed_s,
        .stalled = precopy->stalled,
    };
    return policy_stop_reason(&precopy->rules.policy, &counters);
}

static CopyAction
suspend(Precopy *precopy)
{
    precopy->phase = SUSPENDING;
    precopy->cap_Bps = precopy->rules.policy.rate_first_Bps > 0 ? precopy->rules.policy.rate_most_Bps : 0;
    return (CopyAction){.kind = COPY_SUSPEND};
}

/* Round 1 sends every page. */
static CopyAction
begin_first_round(Precopy *precopy, double now_s, const CopyReach *reach)
{
    const guint64 pages = backlog_begin(&precopy->backlog, now_s);

    if (precopy->stop == STOP_NOT_YET && precopy->rules.policy.max_rounds == 0)
        precopy->stop = STOP_NOT_LIVE;
    if (precopy->stop != STOP_NOT_YET)
        return suspend(precopy);
    begin_live_round(precopy, now_s, pages);
    return precopy_next(precopy, now_s, reach);
}

/* The guest stands still: what it wrote until then, what the last live round left out, and to_fix. */
static CopyAction
begin_last_round(Precopy *precopy, double now_s, const CopyReach *reach)
{
    if (precopy->round > 0)
        note_caught(precopy, backlog_complete(&precopy->backlog, now_s));
    begin_round(precopy, now_s);
    return precopy_next(precopy, now_s, reach);
}

/* Pages to send, or work: the log is looked at whatever it holds. */
static gboolean
has_something(const CopyAction *action, double now_s)
{
    return action->bytes > 0 || action->until_s > now_s;
}

/* All pages of the present round are in an action that is known to end at at_s: it may hold the next round's as well.
 */
static gboolean
looks_beyond_round(const Precopy *precopy, double at_s, const CopyReach *reach)
{
    return reach->steady && at_s <= reach->until_s && !backlog_has_more(&precopy->backlog);
}

/* Ends a live round, and begins another one or none. */
static void
turn_over(Precopy *precopy, double now_s)
{
    finish_round(precopy, now_s);
    precopy->stop = stop_reason_after_round(precopy);
    if (precopy->stop == STOP_NOT_YET)
        begin_live_round(precopy, now_s, precopy->current.dirtied);
    else
        precopy->phase = TO_SUSPEND;
}

/* The look that has found enough reason to stop was the running guest's still. */
static void
finish_look(Precopy *precopy, double at_s, const CopyReach *reach, CopyAction *action)
{
    const double look_s = precopy->rules.sync_s;

    precopy->owed_s -= look_s;
    if (look_s > 0)
        action->until_s = at_s + look_s * (1 + reach->work_delay);
}

/* As much as may go out in one transfer; bytes 0: the live rounds are over. */
static CopyAction
look_ahead(Precopy *precopy, double now_s, const CopyReach *reach)
{
    CopyAction action = {.kind = COPY_SEND};
    double at_s = now_s;

    while (precopy->phase == LIVE) {
        const double from_s = at_s;
        const CopyAction part = next_batches(precopy, from_s, reach);
        action.bytes += part.bytes;
        action.until_s = part.until_s;
        at_s = MAX(at_s + part.bytes / reach->rate_Bps, part.until_s);
        if (has_something(&part, from_s) && !looks_beyond_round(precopy, at_s, reach))
            break;
        turn_over(precopy, at_s);
    }
    if (precopy->phase == TO_SUSPEND)
        finish_look(precopy, at_s, reach, &action);
    return action;
}

static CopyAction
continue_live_rounds(Precopy *precopy, double now_s, const CopyReach *reach)
{
    const CopyAction action = look_ahead(precopy, now_s, reach);
    return has_something(&action, now_s) ? action : suspend(precopy);
}

static CopyAction
continue_last_round(Precopy *precopy, double now_s, const CopyReach *reach)
{
    const CopyAction action = next_batches(precopy, now_s, reach);

    if (has_something(&action, now_s))
        return action;
    finish_round(precopy, now_s);
    precopy->phase = ENDED;
    return (CopyAction){.kind = COPY_FINISHED};
}

CopyAction
precopy_next(Precopy *precopy, double now_s, const CopyReach *promised)
{
    g_return_val_if_fail(promised->rate_Bps > 0 && promised->max_batches > 0, (CopyAction){.kind = COPY_FINISHED});
    const CopyReach held = copy_reach_held(promised), *reach = &held;

    switch (precopy->phase) {
    case BEFORE_ROUND_1:
        return begin_first_round(precopy, now_s, reach);
    case LIVE:
        return continue_live_rounds(precopy, now_s, reach);
    case TO_SUSPEND:
        return suspend(precopy);
    case SUSPENDING:
        return begin_last_round(precopy, now_s, reach);
    case LAST:
        return continue_last_round(precopy, now_s, reach);
    case ENDED:
        break;
    }
    return (CopyAction){.kind = COPY_FINISHED};
}

/* ---- commands ---- */

/* In the middle of a live round. What has not had its turn goes in the last round, with what the log has caught. */
static void
cut_round(Precopy *precopy, double now_s)
{
    CopyRound *round = &precopy->current;

    round->end_s = MAX(now_s, round->start_s);
    round->duration_s = round->end_s - round->start_s;
    round->skipped = precopy->due - round->sent - backlog_left(&precopy->backlog);
    round->dirtied = backlog_complete(&precopy->backlog, round->end_s);
    note_caught(precopy, round->dirtied);
    precopy->live_sent += round->sent;
    g_array_append_val(precopy->rounds, *round);
    precopy->phase = TO_SUSPEND;
}

static gboolean
stop_live_rounds(Precopy *precopy, double now_s, StopReason reason)
{
    precopy->stop = reason;
    if (precopy->phase == LIVE)
        cut_round(precopy, now_s);
    return TRUE;
}

gboolean
precopy_command(Precopy *precopy, double now_s, const CopyCommand *command)
{
    if (precopy->stop != STOP_NOT_YET)
        return FALSE;
    switch (command->kind) {
    case COMMAND_DOWNTIME_LIMIT:
        precopy->rules.policy.downtime_limit_s = command->value;
        precopy->rules.policy.downtime_step_s = 0;
        return TRUE;
    case COMMAND_SUSPEND:
        return stop_live_rounds(precopy, now_s, command->reason);
    case COMMAND_MAX_BANDWIDTH:
    case COMMAND_POSTCOPY:
        break;
    }
    return FALSE;
}

CopyTotals
precopy_totals(const Precopy *precopy)
{
    return (CopyTotals){.stop = precopy->stop,
                        .sent_pages = precopy->sent.set_pages,
                        .data_pages = precopy->sent.data_pages,
                        .zero_pages = precopy->sent.zero_pages,
                        .caught_pages = precopy->caught,
                        .bytes = precopy->bytes,
                        .rounds = precopy->rounds};
}
