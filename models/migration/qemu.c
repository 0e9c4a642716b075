#include "models/migration/qemu.h"

#include "models/migration/pulled_guest.h"
#include "models/migration/qemu_file.h"
#include "models/migration/round_robin.h"

#include <math.h>

#define SLEEP_LATE_S 60e-6 /* measured: how late a sleeping thread wakes */
#define EOS_BYTES    8.0   /* of section_bytes, what QEMU counts as transferred RAM */

typedef enum {
    AT_SETUP,
    AT_LOOP,     /* between iterations: migration_iteration_run */
    AT_ITERATE,  /* ram_save_iterate */
    AT_LIMIT,    /* migration_rate_limit */
    AT_STOPPING, /* the owner stops the guest */
    AT_COMPLETE, /* migration_completion: all remaining pages */
    AT_STATE,    /* then device state */
    AT_PACKAGE,  /* postcopy_start */
    AT_PULLING,  /* post-copy: background push and demand pages */
    AT_DRAIN,    /* everything is in the socket */
    AT_ENDED
} QemuPhase;

struct Qemu {
    const PageSet *set;
    QemuRules rules;
    QemuPhase phase;
    StopReason stop;
    double start_s, stop_s, end_s;

    QemuFile file;
    RoundRobin robin;

    double used_bytes; /* of the window's allowance */
    gint64 window_ms;
    double window_put_bytes;
    double bandwidth_Bps, allowed_s; /* of the last window; a synchronization of the loop comes after one */
    double threshold_bytes;
    DowntimeRamp ramp;

    double iteration_s; /* when it began */
    guint64 iteration_pages;
    gboolean check_due;

    double period_s; /* when it began */
    guint64 period_dirtied;
    double period_transferred_bytes;
    Throttle throttle;
    gboolean speed_due, synced;
    StopReason stop_due; /* decided at a synchronization */

    guint syncs;
    CopyRound round;
    GArray *rounds; /* owned */
    guint64 data_pages, zero_pages;
    double transferred_bytes, state_bytes;
    guint64 fewest, left_pages;
    guint stalled;

    double buffer_bytes; /* the socket's */
    PulledGuest guest;   /* post-copy */
};

void
qemu_release_pages(Qemu *qemu)
{
    round_robin_clear(&qemu->robin);
    pulled_guest_end(&qemu->guest);
}

Qemu *
qemu_new(const PageSet *set, const QemuRules *rules)
{
    g_return_val_if_fail(set && set->n_members == 1 && rules->buffer_bytes > 0 && rules->check_pages > 0, NULL);
    Qemu *qemu = g_new0(Qemu, 1);

    qemu->set = set;
    qemu->rules = *rules;
    qemu->rules.host_pages = MAX(rules->host_pages, 1);
    qemu->file.flush_pages = rules->flush_pages;
    qemu->rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    qemu->fewest = G_MAXUINT64;
    return qemu;
}

void
qemu_free(Qemu *qemu)
{
    if (!qemu)
        return;
    qemu_release_pages(qemu);
    g_array_unref(qemu->rounds);
    g_free(qemu);
}

/* ---- pages ---- */

static double
page_bytes(const Qemu *qemu, gboolean content)
{
    return content ? qemu->rules.page_header_bytes + qemu->set->page_bytes : qemu->rules.zero_page_bytes;
}

static double
page_work_s(const Qemu *qemu, gboolean content)
{
    const double work_s = content ? qemu->rules.page_work_s : qemu->rules.zero_page_work_s;

    return work_s * (1 + qemu->file.reach.work_delay);
}

static void
count_pages(Qemu *qemu, guint64 n, gboolean content)
{
    const double bytes = (double)n * page_bytes(qemu, content);

    round_robin_sent(&qemu->robin, n);
    *(content ? &qemu->data_pages : &qemu->zero_pages) += n;
    qemu->used_bytes += bytes;
    qemu->transferred_bytes += bytes;
    qemu->round.sent += n;
    qemu->round.bytes += bytes;
}

/* ram_save_page, save_zero_page: at most so many pages that are alike, and no more than go before the next flush; 0:
 * nothing is dirty. */
static guint
send_some(Qemu *qemu, guint most)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group)
        return 0;
    const gboolean content = group->content;
    const guint room = content ? qemu_file_room(&qemu->file) : most;
    const guint n = (guint)MIN(group->pages - group->sent, MIN(most, room));
    count_pages(qemu, n, content);
    qemu_file_add(&qemu->file, n, content, n * page_bytes(qemu, content), n * page_work_s(qemu, content));
    return n;
}

/* The same for many pages at once, as long as nothing happens between them: the iteration does not end before late_s,
 * and the allowance is not exceeded. */
static guint64
send_many(Qemu *qemu, double allowance, double late_s, double event_s)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group || group->pages - group->sent < qemu->rules.flush_pages)
        return 0;
    const gboolean content = group->content;
    if (content && qemu->file.outbox_bytes > 0) /* a part of a flush is waiting for the rest of it */
        return 0;
    const double bytes = page_bytes(qemu, content);
    const double allowed = MAX((allowance - qemu->used_bytes) / bytes, 0);
    const PageStretch stretch = {.pages = MIN(group->pages - group->sent, (guint64)MIN(allowed, 0x1p32)),
                                 .content = content,
                                 .page_bytes = bytes,
                                 .page_work_s = page_work_s(qemu, content),
                                 .first = qemu->iteration_pages,
                                 .check_pages = qemu->rules.check_pages,
                                 .late_s = late_s,
                                 .event_s = event_s};
    const guint64 n = qemu_file_add_stretch(&qemu->file, &stretch);
    count_pages(qemu, n, content);
    return n;
}

/* ---- rounds and synchronization ---- */

static void
begin_round(Qemu *qemu, CopyPhase phase)
{
    qemu->round = (CopyRound){.phase = phase,
                              .start_s = qemu->file.t_s,
                              .throttle = qemu->throttle.share,
                              .final = phase == PHASE_STOP_AND_COPY};
}

static void
end_round(Qemu *qemu)
{
    qemu->round.duration_s = qemu->file.t_s - qemu->round.start_s;
    g_array_append_val(qemu->rounds, qemu->round);
}

/* The end of migration_bitmap_sync: once a second, rates and auto-converge. */
static void
end_period(Qemu *qemu, double at_s)
{
    const double dirtied_bytes = (double)qemu->period_dirtied * qemu->set->page_bytes;
    const double sent_bytes = qemu->transferred_bytes - qemu->period_transferred_bytes;

    if (at_s <= qemu->period_s + qemu->rules.period_s)
        return;
    qemu->speed_due |= throttle_period(&qemu->throttle, &qemu->rules.throttle, dirtied_bytes, sent_bytes);
    qemu->period_s = at_s;
    qemu->period_dirtied = 0;
    qemu->period_transferred_bytes = qemu->transferred_bytes;
}

/* migration_bitmap_sync; t_s is sure. */
static void
synchronize(Qemu *qemu, CopyPhase next)
{
    const double at_s = qemu->file.t_s;
    const guint64 fresh = round_robin_merge_log(&qemu->robin, at_s);

    qemu->round.dirtied = fresh;
    end_round(qemu);
    qemu->syncs++;
    qemu->period_dirtied += fresh;
    qemu_file_elapse(&qemu->file, qemu->rules.sync_s * (1 + qemu->file.reach.work_delay));
    if (next == PHASE_PUSH && qemu->rules.sync_waits) /* run_on_cpu in tcg_log_global_after_sync */
        qemu_file_elapse(&qemu->file, throttle_wait_s(&qemu->throttle, &qemu->rules.throttle, qemu->file.t_s,
                                                      qemu->rules.throttle_phase));
    if (next == PHASE_PUSH)
        end_period(qemu, at_s);
    begin_round(qemu, next);
    qemu->synced = TRUE;
}

/* ---- the loop ---- */

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

static gboolean
suspend(Qemu *qemu, StopReason reason, CopyAction *action)
{
    qemu->stop = reason;
    qemu->left_pages = qemu->robin.remaining;
    qemu->stop_s = qemu->file.t_s;
    qemu->phase = AT_STOPPING;
    *action = (CopyAction){.kind = COPY_SUSPEND};
    return TRUE;
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

/* Where the socket's segments end: anew for each iteration, and while the guest stands still, when a few steps are all
 * of the downtime, for each step. */
static void
align_socket(Qemu *qemu)
{
    const double segment_bytes = qemu->rules.segment_bytes;
    const double phase = segment_bytes > 0 ? random_unit(&qemu->rules.phases) : 0;

    send_buffer_align(&qemu->file.socket, qemu->buffer_bytes, qemu->rules.buffer_wake, segment_bytes, phase);
}

/* W also holds twice what the path does (BBR's cwnd_gain), which is more than bursts on long paths only. */
static double
grown_buffer(const Qemu *qemu, const CopyReach *reach)
{
    const QemuRules *rules = &qemu->rules;
    const double burst_bytes = reach->rate_Bps * MAX(rules->burst_s, 2 * reach->round_trip_s);

    return send_buffer_grown(rules->buffer_bytes, rules->buffer_most_bytes, rules->segment_bytes, burst_bytes);
}

/* The first thing: ram_init_all. The log starts empty, every page is to be sent. */
static gboolean
set_up(Qemu *qemu, CopyAction *action)
{
    qemu->start_s = qemu->period_s = qemu->file.t_s;
    round_robin_init(&qemu->robin, qemu->set, qemu->file.t_s);
    align_socket(qemu);
    qemu->syncs = 1;
    begin_round(qemu, PHASE_PUSH);
    qemu->phase = AT_LOOP;
    if (qemu->rules.policy.max_rounds == 0) /* not QEMU's: no live rounds at all */
        return suspend(qemu, STOP_NOT_LIVE, action);
    return FALSE;
}

/* ram_save_pending and what migration_iteration_run makes of it. */
static gboolean
run_loop(Qemu *qemu, CopyAction *action)
{
    if (postcopy_is_due(qemu))
        return qemu_file_catch_up(&qemu->file, action) || suspend(qemu, STOP_POSTCOPY, action);
    if (remaining_bytes(qemu) < qemu->threshold_bytes && !qemu->synced) {
        if (!qemu_file_is_sure(&qemu->file) && qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        synchronize(qemu, PHASE_PUSH);
        watch_progress(qemu);
        qemu->stop_due = policy_says(qemu);
    }
    /* The owner's time comes up to the synchronization's end first, here and below. */
    if (qemu->stop_due != STOP_NOT_YET)
        return qemu_file_catch_up(&qemu->file, action) || suspend(qemu, qemu->stop_due, action);
    qemu->synced = FALSE;
    if (qemu->speed_due) {
        qemu->synced = TRUE; /* it is the same synchronization when we come back */
        if (qemu_file_catch_up(&qemu->file, action))
            return TRUE;
        qemu->speed_due = FALSE;
        *action = (CopyAction){.kind = COPY_SPEED,
                               .speed = throttle_speed(&qemu->throttle, &qemu->rules.throttle, qemu->rules.catch_up_s)};
        return TRUE;
    }
    const gboolean fits = remaining_bytes(qemu) < qemu->threshold_bytes;
    if (qemu->robin.remaining == 0 || fits) {
        if (!qemu_file_catch_up(&qemu->file, action))
            return suspend(qemu, fits ? STOP_DOWNTIME : STOP_NOTHING, action);
        qemu->synced = TRUE;
        return TRUE;
    }
    align_socket(qemu);
    qemu->phase = AT_ITERATE;
    qemu->iteration_s = qemu->file.t_s;
    qemu->iteration_pages = 0;
    qemu->check_due = FALSE;
    return FALSE;
}

static void
end_iteration(Qemu *qemu)
{
    qemu->used_bytes += qemu->rules.section_bytes;
    qemu->round.bytes += qemu->rules.section_bytes;
    qemu->transferred_bytes += MIN(EOS_BYTES, qemu->rules.section_bytes);
    qemu_file_add_section(&qemu->file, qemu->rules.section_bytes);
    qemu->phase = AT_LIMIT;
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

/* Pages until the allowance is exceeded; a zero page counts like any other here, which only parts a group. */
static guint
allowed_pages(const Qemu *qemu, double allowance)
{
    const double pages = (allowance - qemu->used_bytes) / (qemu->rules.page_header_bytes + qemu->set->page_bytes);

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

static gboolean
iterate(Qemu *qemu, CopyAction *action)
{
    const double allowance = window_allowance(qemu);
    gboolean many = FALSE; /* what follows a stretch is what it could not hold */

    while (qemu->file.unput_bytes <= 0) {
        if ((qemu->check_due && is_late(qemu)) || qemu->used_bytes > allowance)
            break;
        guint64 sent = many ? 0 : send_many(qemu, allowance, late_s(qemu), INFINITY);
        many = sent > 0;
        if (sent == 0)
            sent = send_some(qemu, MIN(pages_to_check(qemu), allowed_pages(qemu, allowance)));
        if (sent == 0)
            break;
        qemu->iteration_pages += sent;
        qemu->check_due = (qemu->iteration_pages - 1) % qemu->rules.check_pages == 0;
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    }
    if (qemu->file.unput_bytes <= 0)
        end_iteration(qemu);
    return FALSE;
}

/* migration_update_counters */
static void
end_window(Qemu *qemu, gint64 ms)
{
    const double put = qemu->file.socket.put_bytes - qemu->window_put_bytes;

    qemu->bandwidth_Bps = put * 1000 / (double)(ms - qemu->window_ms);
    qemu->allowed_s = policy_downtime_s(&qemu->rules.policy, &qemu->ramp, qemu->syncs, qemu->file.t_s - qemu->start_s);
    qemu->threshold_bytes = qemu->bandwidth_Bps * qemu->allowed_s;
    qemu->used_bytes = 0;
    qemu->window_ms = ms;
    qemu->window_put_bytes = qemu->file.socket.put_bytes;
}

/* migration_rate_limit */
static gboolean
limit_rate(Qemu *qemu, CopyAction *action)
{
    const gint64 ms = now_ms(qemu), end_ms = qemu->window_ms + (gint64)round(qemu->rules.window_s * 1000);

    if (ms >= end_ms) {
        end_window(qemu, ms);
        qemu->phase = AT_LOOP;
        return FALSE;
    }
    if (qemu->used_bytes <= window_allowance(qemu)) {
        qemu->phase = AT_LOOP;
        return FALSE;
    }
    qemu_file_elapse(&qemu->file, (double)end_ms / 1000 - (qemu->file.t_s - qemu->start_s) + SLEEP_LATE_S);
    return qemu_file_is_sure(&qemu->file) ? FALSE : qemu_file_catch_up_until(&qemu->file, action);
}

/* ---- stop and copy ---- */

static void
add_state(Qemu *qemu)
{
    qemu->state_bytes += qemu->rules.state_bytes;
    qemu->round.bytes += qemu->rules.state_bytes;
    qemu_file_add_section(&qemu->file, qemu->rules.state_bytes);
}

/* The guest stands still: migration_completion, or postcopy_start. */
static gboolean
begin_stopped(Qemu *qemu)
{
    synchronize(qemu, PHASE_STOP_AND_COPY);
    align_socket(qemu);
    qemu->phase = qemu->stop == STOP_POSTCOPY ? AT_PACKAGE : AT_COMPLETE;
    return FALSE;
}

static gboolean
complete(Qemu *qemu, CopyAction *action)
{
    const double event_s = qemu->rules.segment_bytes > 0 ? 0 : INFINITY; /* put() waits, and sees each wake */

    while (qemu->file.unput_bytes <= 0 && (send_many(qemu, INFINITY, INFINITY, event_s) > 0 || send_some(qemu, 64) > 0))
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    if (qemu->robin.remaining > 0 || qemu->file.unput_bytes > 0)
        return FALSE;
    add_state(qemu);
    qemu->phase = AT_STATE;
    return FALSE;
}

/* All is in the socket: what query-migrate calls the end. */
static gboolean
end_state(Qemu *qemu, CopyAction *action)
{
    if (!qemu_file_is_sure(&qemu->file) && qemu_file_catch_up(&qemu->file, action))
        return TRUE;
    round_robin_tell_image(&qemu->robin, qemu->file.t_s);
    qemu->end_s = qemu->file.t_s;
    qemu->phase = AT_DRAIN;
    return FALSE;
}

/* ---- post-copy ---- */

static gboolean
begin_pulling(Qemu *qemu)
{
    DirtyLog *log = qemu->set->members[0].log;
    const guint64 host_pages = qemu->rules.host_pages;

    if (host_pages > 1)
        round_robin_widen(&qemu->robin, host_pages);
    round_robin_freeze(&qemu->robin, qemu->file.t_s);
    pulled_guest_begin(&qemu->guest, qemu->robin.dirty, qemu->set->words, host_pages, log, &qemu->rules.random);
    add_state(qemu);
    qemu->guest.package_bytes = qemu_file_position(&qemu->file);
    qemu->robin.cursor = 0;
    qemu->phase = AT_PULLING;
    return FALSE;
}

static double
bytes_to_event(Qemu *qemu)
{
    return pulled_guest_bytes_to_event(&qemu->guest, qemu->file.t_s, qemu->file.socket.drained_bytes,
                                       qemu->file.reach.rate_Bps);
}

/* Lets happen what is due at the guest. TRUE: the owner has to know. */
static gboolean
look_at_guest(Qemu *qemu, CopyAction *action)
{
    const double drained_bytes = qemu->file.socket.drained_bytes;

    if (!qemu->guest.faults)
        return FALSE;
    if (!pulled_guest_is_due(&qemu->guest, drained_bytes)) {
        pulled_guest_look(&qemu->guest, qemu->file.t_s, drained_bytes, qemu->file.reach.latency_s);
        return FALSE;
    }
    if (qemu_file_catch_up(&qemu->file, action))
        return TRUE;
    qemu->guest.handed_over = TRUE;
    end_round(qemu);
    begin_round(qemu, PHASE_PULL);
    *action = (CopyAction){.kind = COPY_HAND_OVER};
    return TRUE;
}

/* Pages until the present host page is through (ram_save_host_page); 0: none has been begun. Those to be sent are
 * whole, so one that is not at its first page has been begun. */
static guint64
rest_of_host_page(Qemu *qemu)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);
    const guint64 past = group ? page_group_page(group, group->sent) % qemu->rules.host_pages : 0;

    return past > 0 ? qemu->rules.host_pages - past : 0;
}

/* The host page that the guest asked for, at its next turn. */
static gboolean
turn_to_wanted(Qemu *qemu)
{
    const guint64 host_pages = qemu->rules.host_pages;
    guint64 page;

    if (!pulled_guest_take_wanted(&qemu->guest, &page))
        return FALSE;
    page = page / host_pages * host_pages;
    return round_robin_jump(&qemu->robin, page, page + host_pages);
}

/* get_queued_page: a wanted page goes first and by itself, and the background goes on from it. The guest's side learns
 * where in the stream the pages are. */
static guint64
send_pulled(Qemu *qemu)
{
    const guint64 rest = qemu->rules.host_pages > 1 ? rest_of_host_page(qemu) : 0;
    const gboolean wanted = rest == 0 ? turn_to_wanted(qemu) : qemu->guest.wanted;
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group)
        return 0;
    const guint64 before = group->sent;
    const guint64 most = wanted ? MIN(rest > 0 ? rest : qemu->rules.host_pages, 64) : 64;
    const double event_s = qemu->file.t_s + bytes_to_event(qemu) / qemu->file.reach.rate_Bps;
    guint64 n = wanted ? 0 : send_many(qemu, INFINITY, INFINITY, event_s);
    if (n == 0)
        n = send_some(qemu, (guint)most);
    const FaultsFlight flight = {.first = page_group_page(group, before),
                                 .end = page_group_page(group, before + n - 1) + 1,
                                 .pages = n,
                                 .page_bytes = page_bytes(qemu, group->content),
                                 .end_bytes = qemu_file_position(&qemu->file)};
    faults_pages_sent(qemu->guest.faults, &flight);
    return n;
}

static gboolean
pull(Qemu *qemu, CopyAction *action)
{
    if (look_at_guest(qemu, action))
        return TRUE;
    while (qemu->file.unput_bytes <= 0 && send_pulled(qemu) > 0)
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    if (qemu->robin.remaining > 0 || qemu->file.unput_bytes > 0)
        return FALSE;
    qemu_file_add_section(&qemu->file, 0);
    if (qemu->file.unput_bytes <= 0)
        qemu->phase = AT_DRAIN;
    return FALSE;
}

/* ---- the socket ---- */

/* Up to the next event of post-copy, if there is one before. */
static void
wait_some(Qemu *qemu, double bytes)
{
    const double event = qemu->guest.faults ? bytes_to_event(qemu) : INFINITY;

    qemu_file_wait(&qemu->file, MIN(bytes, MAX(event, 1)));
}

/* What was flushed goes into the socket as it has room. */
static gboolean
put(Qemu *qemu, CopyAction *action)
{
    if (qemu_file_put(&qemu->file))
        return FALSE;
    if (look_at_guest(qemu, action))
        return TRUE;
    wait_some(qemu, send_buffer_wait_bytes(&qemu->file.socket));
    if (qemu->phase == AT_COMPLETE || qemu->phase == AT_STATE)
        align_socket(qemu);
    return qemu_file_may_go_further(&qemu->file) ? FALSE : qemu_file_catch_up(&qemu->file, action);
}

static gboolean
drain(Qemu *qemu, CopyAction *action)
{
    if (look_at_guest(qemu, action))
        return TRUE;
    if (qemu->file.socket.level_bytes >= 0.5) {
        wait_some(qemu, qemu->file.socket.level_bytes);
        return qemu_file_may_go_further(&qemu->file) ? FALSE : qemu_file_catch_up(&qemu->file, action);
    }
    if (qemu_file_catch_up(&qemu->file, action))
        return TRUE;
    end_round(qemu);
    if (qemu->guest.faults)
        qemu->end_s = qemu->file.t_s; /* with the return path open, the end is the destination's */
    qemu->phase = AT_ENDED;
    return FALSE;
}

static gboolean
step(Qemu *qemu, CopyAction *action)
{
    if (qemu->file.unput_bytes > 0)
        return put(qemu, action);
    switch (qemu->phase) {
    case AT_SETUP:
        return set_up(qemu, action);
    case AT_LOOP:
        return run_loop(qemu, action);
    case AT_ITERATE:
        return iterate(qemu, action);
    case AT_LIMIT:
        return limit_rate(qemu, action);
    case AT_STOPPING:
        return begin_stopped(qemu);
    case AT_COMPLETE:
        return complete(qemu, action);
    case AT_STATE:
        return end_state(qemu, action);
    case AT_PACKAGE:
        return begin_pulling(qemu);
    case AT_PULLING:
        return pull(qemu, action);
    case AT_DRAIN:
        return drain(qemu, action);
    case AT_ENDED:
        break;
    }
    *action = (CopyAction){.kind = COPY_FINISHED};
    return TRUE;
}

/* Bytes leave the socket when they are acknowledged: a long path carries no more than the buffer in a round trip. */
static CopyReach
reach_of_socket(const Qemu *qemu, const CopyReach *reach)
{
    const double most_Bps = reach->round_trip_s > 0 ? qemu->buffer_bytes / reach->round_trip_s : INFINITY;
    CopyReach held = *reach;

    held.rate_Bps = MIN(held.rate_Bps, most_Bps);
    held.alone_Bps = MIN(held.alone_Bps, most_Bps);
    return held;
}

CopyAction
qemu_next(Qemu *qemu, double now_s, const CopyReach *reach)
{
    CopyAction action = {.kind = COPY_FINISHED};

    g_return_val_if_fail(reach->rate_Bps > 0 && reach->alone_Bps > 0 && reach->max_batches > 0, action);
    if (qemu->phase == AT_SETUP)
        qemu->buffer_bytes = grown_buffer(qemu, reach);
    const CopyReach held = reach_of_socket(qemu, reach);
    qemu_file_resume(&qemu->file, now_s, &held);
    pulled_guest_start(&qemu->guest, now_s);
    while (!step(qemu, &action))
        continue;
    return action;
}

/* ---- results ---- */

CopyTotals
qemu_totals(const Qemu *qemu)
{
    return (CopyTotals){.stop = qemu->stop,
                        .sent_pages = qemu->data_pages + qemu->zero_pages,
                        .data_pages = qemu->data_pages,
                        .zero_pages = qemu->zero_pages,
                        .bytes = qemu->file.socket.put_bytes,
                        .rounds = qemu->rounds};
}

QemuReport
qemu_report(const Qemu *qemu)
{
    return (QemuReport){.syncs = qemu->syncs,
                        .total_s = MAX(qemu->end_s - qemu->start_s, 0),
                        .downtime_s =
                            qemu->guest.package_bytes > 0 ? qemu->rules.sync_s : MAX(qemu->end_s - qemu->stop_s, 0),
                        .transferred_bytes = qemu->transferred_bytes,
                        .state_bytes = qemu->state_bytes,
                        .throttle = qemu->throttle.share,
                        .left_pages = qemu->left_pages,
                        .faults = qemu->guest.faults ? faults_counts(qemu->guest.faults) : qemu->guest.counts};
}

guint64
qemu_pages_left(const Qemu *qemu)
{
    return qemu->robin.remaining;
}
