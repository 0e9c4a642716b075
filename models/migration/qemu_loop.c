#include "models/migration/qemu_loop.h"

#include <math.h>

#define SLEEP_LATE_S 60e-6 /* measured: how late a sleeping thread wakes */
#define EOS_BYTES    8.0   /* of section_bytes, what QEMU counts as transferred RAM */

static gint64
now_ms(const Qemu *qemu)
{
    return (gint64)floor((qemu->file.t_s - qemu->start_s) * 1000 + 1e-6);
}

static double
remaining_bytes(const Qemu *qemu)
{
    return (double)qemu->robin.remaining * qemu->set->page_bytes;
}

static double
window_allowance(const Qemu *qemu)
{
    return qemu->rules.max_bandwidth_Bps > 0 ? floor(qemu->rules.max_bandwidth_Bps * qemu->rules.window_s) : INFINITY;
}

static void
stop_guest(Qemu *qemu, StopReason reason, QemuPhase phase, CopyAction *action)
{
    qemu->stop = reason;
    qemu->left_pages = qemu->robin.remaining;
    qemu->phase = phase;
    *action = (CopyAction){.kind = COPY_SUSPEND};
}

/* What QEMU calls the downtime begins here (migration_stop_vm), also that of a guest that was paused before. */
static gboolean
suspend(Qemu *qemu, StopReason reason, CopyAction *action)
{
    qemu->stop_s = qemu->file.t_s;
    if (!qemu->paused)
        stop_guest(qemu, reason, QEMU_AT_STOPPING, action);
    qemu->phase = QEMU_AT_STOPPING;
    return !qemu->paused;
}

/* qmp_stop knows nothing of a migration: migration_thread goes on as before, with the rest of the pass and what the log
 * has besides, until what is left fits the downtime limit. Pages of both go twice. */
static gboolean
obey(Qemu *qemu, CopyAction *action)
{
    if (policy_stop_pulls(qemu->told))
        return suspend(qemu, qemu->told, action);
    stop_guest(qemu, qemu->told, QEMU_AT_PAUSING, action);
    return TRUE;
}

gboolean
qemu_loop_go_on_paused(Qemu *qemu)
{
    qemu->paused = TRUE;
    qemu->phase = QEMU_AT_LOOP;
    return FALSE;
}

/* Of the round that a synchronization has just ended. What fits the downtime limit is stopped by pending(). */
static StopReason
policy_says(const Qemu *qemu)
{
    const guint rounds = qemu->rounds->len;
    const CopyRound *ended = &g_array_index(qemu->rounds, CopyRound, rounds - 1);
    const PolicyCounters counters = {.rounds = rounds,
                                     .set_pages = qemu->set->pages,
                                     .round_sent = ended->sent,
                                     .round_skipped = ended->skipped,
                                     .total_sent = qemu->data_pages + qemu->zero_pages,
                                     .left = qemu->robin.remaining,
                                     .expected_s = remaining_bytes(qemu) / qemu->bandwidth_Bps,
                                     .allowed_s = qemu->allowed_s,
                                     .elapsed_s = qemu->file.t_s - qemu->start_s,
                                     .stalled = qemu->stalled};
    const StopReason reason = policy_stop_reason(&qemu->rules.policy, &counters);

    return reason == STOP_DOWNTIME ? STOP_NOT_YET : reason;
}

static void
watch_progress(Qemu *qemu)
{
    qemu->stalled = qemu->robin.remaining < qemu->fewest ? 0 : qemu->stalled + 1;
    qemu->fewest = MIN(qemu->fewest, qemu->robin.remaining);
}

static gboolean
postcopy_is_due(const Qemu *qemu)
{
    if (qemu->file.t_s - qemu->start_s >= qemu->rules.postcopy_after_s)
        return TRUE;
    return qemu->rules.postcopy_syncs > 0 && qemu->syncs >= qemu->rules.postcopy_syncs;
}

/* cpu_throttle_dirty_sync_timer: it starts with the migration, whether or not the guest is throttled yet. */
static void
start_timer(Qemu *qemu)
{
    const double every_s = qemu->rules.sync_period_s;

    qemu->limit_s = INFINITY;
    qemu->tick_s = qemu->rules.throttle.on && every_s > 0 ? qemu->start_s + every_s : INFINITY;
}

/* vcpu_dirty_rate_stat_collect and dirtylimit_process: once a period, seen between two iterations. */
static void
adjust_limit(Qemu *qemu)
{
    const DirtyLimitRules *rules = &qemu->rules.dirty_limit;
    const double at_s = qemu->file.t_s, spent_s = at_s - qemu->limit_begin_s;

    round_robin_collect(&qemu->robin, at_s);
    const double pages = (double)(qemu->robin.logged - qemu->limit_logged) / MAX(qemu->rules.vcpus, 1);
    const double speed = dirty_limit_adjust(&qemu->limit, rules, qemu->set->page_bytes,
                                            pages * qemu->set->page_bytes / spent_s, 1 - qemu->throttle.share);
    qemu->speed_due |= speed != 1 - qemu->throttle.share;
    qemu->throttle.share = 1 - speed;
    qemu->limit_logged = qemu->robin.logged;
    qemu->limit_begin_s = at_s;
    qemu->limit_s = at_s + rules->period_s;
}

/* What a synchronization of the loop, or beside it, is followed by. */
static void
look_at_round(Qemu *qemu)
{
    watch_progress(qemu);
    qemu->stop_due = policy_says(qemu);
}

/* cpu_throttle_dirty_sync_timer_tick: a pass over memory that lasts longer than two ticks is not waited for, but the
 * first one, whose synchronization is ram_save_setup's. Here it is seen between two iterations. */
static void
tick(Qemu *qemu)
{
    double took_s = 0;

    if (qemu->syncs > 1 && qemu->syncs == qemu->tick_syncs) {
        took_s = qemu_machine_synchronize_aside(qemu);
        look_at_round(qemu);
    }
    qemu->tick_syncs = qemu->syncs;
    qemu->tick_s = qemu->file.t_s + took_s + qemu->rules.sync_period_s;
}

gboolean
qemu_loop_set_up(Qemu *qemu, CopyAction *action)
{
    qemu->start_s = qemu->period_s = qemu->file.t_s;
    round_robin_init(&qemu->robin, qemu->set, qemu->file.t_s);
    qemu_machine_align_socket(qemu);
    qemu->syncs = 1;
    start_timer(qemu);
    qemu_machine_begin_round(qemu, PHASE_PUSH);
    qemu->phase = QEMU_AT_LOOP;
    if (qemu->rules.policy.max_rounds == 0) /* not QEMU's: no live rounds at all */
        return suspend(qemu, STOP_NOT_LIVE, action);
    return FALSE;
}

/* A full ring stops a processor for as long as it sleeps: nobody catches up. */
static double
speed_of_guest(const Qemu *qemu)
{
    return qemu->limit.in_service ? 1 - qemu->throttle.share
                                  : throttle_speed(&qemu->throttle, &qemu->rules.throttle, qemu->rules.catch_up_s);
}

gboolean
qemu_loop_run(Qemu *qemu, CopyAction *action)
{
    if (qemu->told != STOP_NOT_YET && !qemu->paused)
        return qemu_file_catch_up(&qemu->file, action) || obey(qemu, action);
    if (postcopy_is_due(qemu) && !qemu->paused)
        return qemu_file_catch_up(&qemu->file, action) || suspend(qemu, STOP_POSTCOPY, action);
    if (qemu->file.t_s >= qemu->tick_s) {
        if (!qemu_file_is_sure(&qemu->file) && qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        tick(qemu);
    }
    if (qemu->file.t_s >= qemu->limit_s) {
        if (!qemu_file_is_sure(&qemu->file) && qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        adjust_limit(qemu);
    }
    if (remaining_bytes(qemu) < qemu->threshold_bytes && !qemu->synced && qemu->stop_due == STOP_NOT_YET) {
        if (!qemu_file_is_sure(&qemu->file) && qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        qemu_machine_synchronize(qemu, PHASE_PUSH);
        look_at_round(qemu);
    }
    /* The owner's time comes up to the synchronization's end first, here and below. */
    if (qemu->stop_due != STOP_NOT_YET)
        return qemu_file_catch_up(&qemu->file, action) || suspend(qemu, qemu->stop_due, action);
    qemu->synced = FALSE;
    if (qemu->speed_due && !qemu->paused) {
        qemu->synced = TRUE; /* it is the same synchronization when we come back */
        if (qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        qemu->speed_due = FALSE;
        *action = (CopyAction){.kind = COPY_SPEED, .speed = speed_of_guest(qemu)};
        return TRUE;
    }
    const gboolean fits = remaining_bytes(qemu) < qemu->threshold_bytes;
    if (qemu->robin.remaining == 0 || fits) {
        if (!qemu_file_catch_up(&qemu->file, action))
            return suspend(qemu, fits ? STOP_DOWNTIME : STOP_NOTHING, action);
        qemu->synced = TRUE;
        return TRUE;
    }
    qemu_machine_align_socket(qemu);
    qemu->phase = QEMU_AT_ITERATE;
    qemu->iteration_s = qemu->file.t_s;
    qemu->iteration_pages = 0;
    qemu->check_due = FALSE;
    qemu->searches = TRUE;
    return FALSE;
}

static void
end_iteration(Qemu *qemu)
{
    qemu->used_bytes += qemu->rules.section_bytes;
    qemu->round.bytes += qemu->rules.section_bytes;
    qemu->transferred_bytes += MIN(EOS_BYTES, qemu->rules.section_bytes);
    qemu_file_add_section(&qemu->file, qemu->rules.section_bytes);
    qemu->phase = QEMU_AT_LIMIT;
}

/* When the iteration has lasted more than MAX_WAIT whole milliseconds. */
static double
late_s(const Qemu *qemu)
{
    return qemu->iteration_s + (floor(qemu->rules.iteration_s * 1000 + 1e-6) + 1) / 1000;
}

static gboolean
is_late(const Qemu *qemu)
{
    return qemu->file.t_s + qemu->file.outbox_work_s >= late_s(qemu);
}

/* Since the window began (migration_transferred_bytes, rate_limit_start). */
static double
transferred_in_window(const Qemu *qemu)
{
    return qemu_file_transferred_bytes(&qemu->file, qemu->rules.limit_sees_flushes) - qemu->window_put_bytes;
}

/* What the window's limit has seen. */
static double
limited_bytes(const Qemu *qemu)
{
    if (qemu->file.packets.multifd)
        return transferred_in_window(qemu);
    return qemu->used_bytes - (qemu->rules.limit_sees_flushes ? qemu->file.outbox_bytes : 0);
}

/* Pages until the allowance is exceeded; a zero page counts like any other here, which only parts a group. Where only
 * flushes count, no group goes beyond one. */
static guint
allowed_pages(const Qemu *qemu, double allowance)
{
    if (qemu->rules.limit_sees_flushes || qemu->file.packets.multifd)
        return 64;
    const double pages = (allowance - qemu->used_bytes) / qemu_machine_page_bytes(qemu, TRUE);

    return pages < 64 ? (guint)pages + 1 : 64;
}

/* Pages up to and including the next one after which the clock is looked at: numbers 0, 64, 128 … */
static guint
pages_to_check(const Qemu *qemu)
{
    const guint every = qemu->rules.check_pages;
    const guint past = (guint)(qemu->iteration_pages % every);

    return past == 0 ? 1 : every - past + 1;
}

gboolean
qemu_loop_iterate(Qemu *qemu, CopyAction *action)
{
    const double allowance = window_allowance(qemu);
    gboolean many = FALSE; /* what follows a stretch is what it could not hold */

    while (!qemu_file_waits(&qemu->file)) {
        if ((qemu->check_due && is_late(qemu)) || limited_bytes(qemu) > allowance)
            break;
        guint64 sent = many ? 0 : qemu_machine_send_many(qemu, allowance, late_s(qemu), INFINITY);
        many = sent > 0;
        if (sent == 0)
            sent = qemu_machine_send_some(qemu, MIN(pages_to_check(qemu), allowed_pages(qemu, allowance)));
        if (sent == 0)
            break;
        qemu->iteration_pages += sent;
        qemu->check_due = (qemu->iteration_pages - 1) % qemu->rules.check_pages == 0;
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    }
    if (!qemu_file_waits(&qemu->file))
        end_iteration(qemu);
    return FALSE;
}

/* migration_update_counters */
static void
end_window(Qemu *qemu, gint64 ms)
{
    qemu->bandwidth_Bps = transferred_in_window(qemu) * 1000 / (double)(ms - qemu->window_ms);
    qemu->allowed_s = policy_downtime_s(&qemu->rules.policy, &qemu->ramp, qemu->syncs, qemu->file.t_s - qemu->start_s);
    qemu->threshold_bytes = qemu->bandwidth_Bps * qemu->allowed_s;
    qemu->used_bytes = qemu->rules.limit_sees_flushes ? qemu->file.outbox_bytes : 0; /* seen in the next one */
    qemu->window_ms = ms;
    qemu->window_put_bytes = qemu_file_transferred_bytes(&qemu->file, qemu->rules.limit_sees_flushes);
}

gboolean
qemu_loop_limit_rate(Qemu *qemu, CopyAction *action)
{
    const gint64 ms = now_ms(qemu), end_ms = qemu->window_ms + (gint64)round(qemu->rules.window_s * 1000);

    if (ms >= end_ms) {
        end_window(qemu, ms);
        qemu->phase = QEMU_AT_LOOP;
        return FALSE;
    }
    if (limited_bytes(qemu) <= window_allowance(qemu)) {
        qemu->phase = QEMU_AT_LOOP;
        return FALSE;
    }
    qemu_file_elapse(&qemu->file, (double)end_ms / 1000 - (qemu->file.t_s - qemu->start_s) + SLEEP_LATE_S);
    return qemu_file_is_sure(&qemu->file) ? FALSE : qemu_file_catch_up_until(&qemu->file, action);
}
