#include "models/migration/qemu.h"

#include "models/memory/bitmap.h"
#include "models/migration/send_buffer.h"

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

/* What the machine has gone ahead since its owner last told the time. */
typedef struct {
    double bytes;  /* left the socket */
    double busy_s; /* passed that no wire can shorten */
    guint steps;
} Ahead;

struct Qemu {
    const PageSet *set;
    QemuRules rules;
    QemuPhase phase;
    StopReason stop;
    CopyReach reach;
    double now_s; /* as the owner told */
    double t_s;   /* where the machine is: now and what it went ahead */
    Ahead ahead;
    double start_s, stop_s, end_s;

    guint64 *dirty; /* owned: still to send */
    guint64 *log;   /* owned: what a synchronization caught */
    guint64 remaining;
    guint64 cursor;    /* round robin over the pages */
    guint64 *received; /* owned: pages sent that the destination's image has not been told of, of one region */
    gsize received_region;

    SendBuffer socket;
    double outbox_bytes; /* not flushed */
    guint outbox_pages;
    double outbox_work_s;
    double unput_bytes; /* flushed, waiting for room in the socket */

    double used_bytes; /* of the window's allowance */
    gint64 window_ms;
    double window_put_bytes;
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
    double transferred_bytes;
    guint64 fewest, left_pages;
    guint stalled;

    Faults *faults;       /* owned; post-copy */
    double package_bytes; /* stream position at which the guest can run at the destination */
    gboolean handed_over, guest_started;
    gboolean urgent;
    guint64 urgent_page;
    gboolean guest_waits, guest_stands;
};

Qemu *
qemu_new(const PageSet *set, const QemuRules *rules)
{
    g_return_val_if_fail(set && set->n_members == 1 && rules->buffer_bytes > 0 && rules->check_pages > 0, NULL);
    Qemu *qemu = g_new0(Qemu, 1);

    qemu->set = set;
    qemu->rules = *rules;
    qemu->dirty = g_new0(guint64, set->words);
    qemu->log = g_new0(guint64, set->words);
    qemu->received = g_new0(guint64, DIRTY_REGION_WORDS);
    qemu->socket = (SendBuffer){.capacity_bytes = rules->buffer_bytes, .wake_share = rules->buffer_wake};
    qemu->rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    qemu->fewest = G_MAXUINT64;
    return qemu;
}

void
qemu_free(Qemu *qemu)
{
    if (!qemu)
        return;
    g_free(qemu->dirty);
    g_free(qemu->log);
    g_free(qemu->received);
    g_array_unref(qemu->rounds);
    faults_free(qemu->faults);
    g_free(qemu);
}

/* ---- time, and what the wire does meanwhile ---- */

/* The writer works or sleeps. */
static void
elapse(Qemu *qemu, double duration_s)
{
    qemu->ahead.bytes += send_buffer_drain(&qemu->socket, qemu->reach.rate_Bps * duration_s);
    qemu->ahead.busy_s += duration_s;
    qemu->t_s += duration_s;
}

/* The writer waits until so much has left the socket. */
static void
wait_for_wire(Qemu *qemu, double bytes)
{
    const double drained = send_buffer_drain(&qemu->socket, bytes);

    qemu->ahead.bytes += drained;
    qemu->ahead.steps++;
    qemu->t_s += drained / qemu->reach.rate_Bps;
}

static gboolean
may_go_further_ahead(const Qemu *qemu)
{
    if (qemu->t_s > qemu->reach.until_s)
        return FALSE;
    return qemu->ahead.steps < qemu->reach.max_batches || !page_set_is_active(qemu->set, qemu->now_s);
}

/* The owner does what the machine has gone ahead. FALSE: it has not. */
static gboolean
catch_up(Qemu *qemu, CopyAction *action)
{
    if (qemu->ahead.bytes < 1 && qemu->ahead.busy_s <= 0)
        return FALSE;
    *action = (CopyAction){.kind = COPY_SEND, .bytes = qemu->ahead.bytes, .until_s = qemu->now_s + qemu->ahead.busy_s};
    qemu->ahead = (Ahead){0};
    return TRUE;
}

/* Exactly until t_s, however fast the wire is. */
static gboolean
catch_up_until(Qemu *qemu, CopyAction *action)
{
    qemu->ahead.busy_s = MAX(qemu->t_s - qemu->now_s, 1e-9);
    return catch_up(qemu, action);
}

/* ---- pages ---- */

/* Tells the destination's image what was sent of the present region. */
static void
flush_received(Qemu *qemu)
{
    const gsize first = qemu->received_region * DIRTY_REGION_WORDS;

    if (!bitmap_any(qemu->received, DIRTY_REGION_WORDS))
        return;
    page_set_receive(qemu->set, qemu->t_s, first, MIN(DIRTY_REGION_WORDS, qemu->set->words - first), qemu->received);
    memset(qemu->received, 0, DIRTY_REGION_WORDS * sizeof *qemu->received);
}

static void
note_received(Qemu *qemu, gsize word, guint64 bits)
{
    const gsize region = word / DIRTY_REGION_WORDS;

    if (!qemu->set->members[0].image || qemu->phase == AT_PULLING)
        return;
    if (region != qemu->received_region) {
        flush_received(qemu);
        qemu->received_region = region;
    }
    qemu->received[word % DIRTY_REGION_WORDS] |= bits;
}

/* The pages of a word that hold something. */
static guint64
content_bits(const Qemu *qemu, gsize word)
{
    const PageSetMember *member = &qemu->set->members[0];

    return member->content ? member->content[word] : bitmap_range_mask(word, 0, member->used_pages);
}

/* Hands what was collected to the socket. */
static void
flush(Qemu *qemu)
{
    elapse(qemu, qemu->outbox_work_s);
    qemu->unput_bytes += qemu->outbox_bytes;
    qemu->outbox_bytes = qemu->outbox_work_s = 0;
    qemu->outbox_pages = 0;
}

/* The n lowest of the set bits. */
static guint64
lowest_bits(guint64 bits, guint n)
{
    guint64 rest = bits;

    if (n >= 64)
        return bits;
    const guint first = (guint)__builtin_ctzll(bits);
    const guint64 run = bitmap_mask(0, n) << first;
    if ((bits & run) == run && first + n <= 64) /* the usual case: a run without gaps */
        return run;
    if (n >= bitmap_count_word(bits))
        return bits;
    for (; n > 0; n--)
        rest &= rest - 1;
    return bits & ~rest;
}

/* From the cursor on, once around: the first dirty page, and those after it in its word that are alike, zero or not. */
static gboolean
next_alike(Qemu *qemu, gsize *word, guint64 *bits, gboolean *content)
{
    guint64 page = qemu->cursor;

    if (qemu->remaining == 0)
        return FALSE;
    if (!bitmap_next(qemu->dirty, qemu->set->words, &page)) {
        page = 0;
        (void)bitmap_next(qemu->dirty, qemu->set->words, &page);
    }
    *word = page / 64;
    const guint64 dirty = qemu->dirty[*word] & (~G_GUINT64_CONSTANT(0) << page % 64);
    const guint64 full = content_bits(qemu, *word);
    *content = full >> page % 64 & 1;
    const guint64 unlike = dirty & (*content ? ~full : full);
    *bits = unlike ? dirty & ((unlike & -unlike) - 1) : dirty;
    return TRUE;
}

/* ram_save_page, save_zero_page: as many of these pages as may go before the next flush and the caller's limit. Returns
 * how many. */
static guint
send_alike(Qemu *qemu, gsize word, guint64 bits, gboolean content, guint most)
{
    const QemuRules *rules = &qemu->rules;
    const double page_bytes = content ? rules->page_header_bytes + qemu->set->page_bytes : rules->zero_page_bytes;
    const guint64 sent = lowest_bits(bits, content ? MIN(most, rules->flush_pages - qemu->outbox_pages) : most);
    const guint n = bitmap_count_word(sent);
    const double bytes = n * page_bytes;

    qemu->dirty[word] &= ~sent;
    qemu->remaining -= n;
    qemu->cursor = (guint64)word * 64 + (64 - (guint)__builtin_clzll(sent));
    note_received(qemu, word, sent);
    *(content ? &qemu->data_pages : &qemu->zero_pages) += n;
    qemu->outbox_pages += content ? n : 0;
    qemu->outbox_work_s += n * (content ? rules->page_work_s : rules->zero_page_work_s);
    qemu->outbox_bytes += bytes;
    qemu->used_bytes += bytes;
    qemu->transferred_bytes += bytes;
    qemu->round.sent += n;
    qemu->round.bytes += bytes;
    if (qemu->faults)
        faults_pages_sent(qemu->faults, word, sent, qemu->socket.put_bytes + qemu->unput_bytes + qemu->outbox_bytes);
    if (qemu->outbox_pages >= rules->flush_pages || (qemu->outbox_pages == 0 && qemu->outbox_bytes >= 32768))
        flush(qemu);
    return n;
}

/* The next pages, at most so many; 0: nothing is dirty. */
static guint
send_some(Qemu *qemu, guint most)
{
    gsize word;
    guint64 bits;
    gboolean content;

    return next_alike(qemu, &word, &bits, &content) ? send_alike(qemu, word, bits, content, most) : 0;
}

/* ---- rounds and synchronization ---- */

static void
begin_round(Qemu *qemu, CopyPhase phase)
{
    qemu->round = (CopyRound){
        .phase = phase, .start_s = qemu->t_s, .throttle = qemu->throttle.share, .final = phase == PHASE_STOP_AND_COPY};
}

static void
end_round(Qemu *qemu)
{
    qemu->round.duration_s = qemu->t_s - qemu->round.start_s;
    g_array_append_val(qemu->rounds, qemu->round);
}

/* bmap |= log; log = 0. Returns the bits that are new. */
static guint64
merge_log(Qemu *qemu)
{
    guint64 fresh = 0;

    flush_received(qemu);
    if (page_set_fetch_and_clear(qemu->set, qemu->t_s, qemu->log) == 0)
        return 0;
    for (gsize w = 0; w < qemu->set->words; w++) {
        if (!qemu->log[w])
            continue;
        fresh += bitmap_count_word(qemu->log[w] & ~qemu->dirty[w]);
        qemu->dirty[w] |= qemu->log[w];
    }
    return fresh;
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

/* migration_bitmap_sync; the owner's time has come up to the machine's. */
static void
synchronize(Qemu *qemu, CopyPhase next)
{
    const double at_s = qemu->t_s;
    const guint64 fresh = merge_log(qemu);

    qemu->round.dirtied = fresh;
    end_round(qemu);
    qemu->syncs++;
    qemu->remaining += fresh;
    qemu->period_dirtied += fresh;
    elapse(qemu, qemu->rules.sync_s);
    if (next == PHASE_PUSH && qemu->rules.sync_waits) /* run_on_cpu in tcg_log_global_after_sync */
        elapse(qemu, throttle_wait_s(&qemu->throttle, &qemu->rules.throttle, qemu->t_s, qemu->rules.throttle_phase));
    if (next == PHASE_PUSH)
        end_period(qemu, at_s);
    begin_round(qemu, next);
    qemu->synced = TRUE;
}

/* ---- the loop ---- */

static gint64
now_ms(const Qemu *qemu)
{
    return (gint64)floor((qemu->t_s - qemu->start_s) * 1000 + 1e-6);
}

static double
remaining_bytes(const Qemu *qemu)
{
    return (double)qemu->remaining * qemu->set->page_bytes;
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
    qemu->left_pages = qemu->remaining;
    qemu->stop_s = qemu->t_s;
    qemu->phase = AT_STOPPING;
    *action = (CopyAction){.kind = COPY_SUSPEND};
    return TRUE;
}

/* Rules that look at rounds, at each synchronization. The downtime rule is QEMU's own and is in pending(). */
static StopReason
policy_says(Qemu *qemu)
{
    Policy policy = qemu->rules.policy;
    const PolicyCounters counters = {.rounds = qemu->syncs,
                                     .set_pages = qemu->set->pages,
                                     .round_sent = qemu->round.sent,
                                     .total_sent = qemu->data_pages + qemu->zero_pages,
                                     .dirty = qemu->remaining,
                                     .stalled = qemu->stalled};

    policy.downtime_limit_s = 0;
    policy.few_basis = FEW_DIRTY;
    return policy_stop_reason(&policy, &counters);
}

static void
watch_progress(Qemu *qemu)
{
    qemu->stalled = qemu->remaining < qemu->fewest ? 0 : qemu->stalled + 1;
    qemu->fewest = MIN(qemu->fewest, qemu->remaining);
}

static gboolean
postcopy_is_due(const Qemu *qemu)
{
    if (qemu->t_s - qemu->start_s >= qemu->rules.postcopy_after_s)
        return TRUE;
    return qemu->rules.postcopy_syncs > 0 && qemu->syncs >= qemu->rules.postcopy_syncs;
}

/* The first thing: ram_init_all. The log starts empty, every page is to be sent. */
static gboolean
set_up(Qemu *qemu, CopyAction *action)
{
    qemu->start_s = qemu->period_s = qemu->t_s;
    page_set_fetch_and_clear(qemu->set, qemu->t_s, qemu->log);
    page_set_fill(qemu->set, qemu->dirty);
    qemu->remaining = qemu->set->pages;
    qemu->syncs = 1;
    begin_round(qemu, PHASE_PUSH);
    qemu->phase = AT_LOOP;
    if (qemu->rules.policy.max_rounds <= qemu->syncs) /* not QEMU's: no live rounds at all */
        return suspend(qemu, STOP_NOT_LIVE, action);
    return FALSE;
}

/* ram_save_pending and what migration_iteration_run makes of it. */
static gboolean
run_loop(Qemu *qemu, CopyAction *action)
{
    if (postcopy_is_due(qemu))
        return catch_up(qemu, action) || suspend(qemu, STOP_POSTCOPY, action);
    if (remaining_bytes(qemu) < qemu->threshold_bytes && !qemu->synced) {
        if (catch_up(qemu, action))
            return TRUE;
        synchronize(qemu, PHASE_PUSH);
        watch_progress(qemu);
        qemu->stop_due = policy_says(qemu);
    }
    if (qemu->stop_due !=
        STOP_NOT_YET) /* the owner's time comes up to the synchronization's end first, here and below */
        return catch_up(qemu, action) || suspend(qemu, qemu->stop_due, action);
    qemu->synced = FALSE;
    if (qemu->speed_due) {
        qemu->synced = TRUE; /* it is the same synchronization when we come back */
        if (catch_up(qemu, action))
            return TRUE;
        qemu->speed_due = FALSE;
        *action = (CopyAction){.kind = COPY_SPEED,
                               .speed = throttle_speed(&qemu->throttle, &qemu->rules.throttle, qemu->rules.catch_up_s)};
        return TRUE;
    }
    const gboolean fits = remaining_bytes(qemu) < qemu->threshold_bytes;
    if (qemu->remaining == 0 || fits) {
        if (!catch_up(qemu, action))
            return suspend(qemu, fits ? STOP_DOWNTIME : STOP_NOTHING, action);
        qemu->synced = TRUE;
        return TRUE;
    }
    qemu->phase = AT_ITERATE;
    qemu->iteration_s = qemu->t_s;
    qemu->iteration_pages = 0;
    qemu->check_due = FALSE;
    return FALSE;
}

static void
end_iteration(Qemu *qemu)
{
    qemu->used_bytes += qemu->rules.section_bytes;
    qemu->outbox_bytes += qemu->rules.section_bytes;
    qemu->round.bytes += qemu->rules.section_bytes;
    qemu->transferred_bytes += MIN(EOS_BYTES, qemu->rules.section_bytes);
    flush(qemu);
    qemu->phase = AT_LIMIT;
}

/* Every 64 pages: more than MAX_WAIT whole milliseconds? */
static gboolean
iteration_is_over(Qemu *qemu)
{
    qemu->check_due = FALSE;
    const double passed_s = qemu->t_s + qemu->outbox_work_s - qemu->iteration_s;
    return floor(passed_s * 1000) > qemu->rules.iteration_s * 1000;
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
iterate(Qemu *qemu)
{
    const double allowance = window_allowance(qemu);

    while (qemu->unput_bytes <= 0) {
        if ((qemu->check_due && iteration_is_over(qemu)) || qemu->used_bytes > allowance)
            break;
        const guint to_check = pages_to_check(qemu);
        const guint sent = send_some(qemu, MIN(to_check, allowed_pages(qemu, allowance)));
        if (sent == 0)
            break;
        qemu->iteration_pages += sent;
        qemu->check_due = sent == to_check;
    }
    if (qemu->unput_bytes <= 0)
        end_iteration(qemu);
    return FALSE;
}

/* migration_update_counters */
static void
end_window(Qemu *qemu, gint64 ms)
{
    const double put = qemu->socket.put_bytes - qemu->window_put_bytes;
    const double bandwidth_Bps = put * 1000 / (double)(ms - qemu->window_ms);

    qemu->threshold_bytes =
        bandwidth_Bps * policy_downtime_s(&qemu->rules.policy, &qemu->ramp, qemu->syncs, qemu->t_s - qemu->start_s);
    qemu->used_bytes = 0;
    qemu->window_ms = ms;
    qemu->window_put_bytes = qemu->socket.put_bytes;
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
    elapse(qemu, (double)end_ms / 1000 - (qemu->t_s - qemu->start_s) + SLEEP_LATE_S);
    return may_go_further_ahead(qemu) ? FALSE : catch_up_until(qemu, action);
}

/* ---- stop and copy ---- */

/* The guest stands still: migration_completion, or postcopy_start. */
static gboolean
begin_stopped(Qemu *qemu)
{
    synchronize(qemu, PHASE_STOP_AND_COPY);
    qemu->phase = qemu->stop == STOP_POSTCOPY ? AT_PACKAGE : AT_COMPLETE;
    return FALSE;
}

static gboolean
complete(Qemu *qemu)
{
    while (qemu->unput_bytes <= 0 && send_some(qemu, 64) > 0)
        continue;
    if (qemu->remaining > 0 || qemu->unput_bytes > 0)
        return FALSE;
    qemu->outbox_bytes += qemu->rules.state_bytes;
    qemu->round.bytes += qemu->rules.state_bytes;
    flush(qemu);
    qemu->phase = AT_STATE;
    return FALSE;
}

/* All is in the socket: what query-migrate calls the end. */
static gboolean
end_state(Qemu *qemu, CopyAction *action)
{
    if (catch_up(qemu, action))
        return TRUE;
    flush_received(qemu);
    qemu->end_s = qemu->t_s;
    qemu->phase = AT_DRAIN;
    return FALSE;
}

/* ---- post-copy ---- */

/* Everything that is still dirty is at the source as it will arrive: the images are told at once. */
static void
receive_pending(Qemu *qemu)
{
    for (gsize w = 0; w < qemu->set->words; w += DIRTY_REGION_WORDS)
        page_set_receive(qemu->set, qemu->t_s, w, MIN(DIRTY_REGION_WORDS, qemu->set->words - w), qemu->dirty + w);
}

static gboolean
begin_pulling(Qemu *qemu)
{
    receive_pending(qemu);
    qemu->faults = faults_new(qemu->dirty, qemu->set->words, qemu->set->members[0].log, &qemu->rules.random);
    qemu->outbox_bytes += qemu->rules.state_bytes;
    qemu->round.bytes += qemu->rules.state_bytes;
    flush(qemu);
    qemu->package_bytes = qemu->socket.put_bytes + qemu->unput_bytes;
    qemu->cursor = 0;
    qemu->phase = AT_PULLING;
    return FALSE;
}

/* What happens next at the guest: hand-over, the end of a wait, a fault, a request that arrives. As bytes of the wire
 * from now on; the wire never idles while pages are left. */
static double
bytes_to_event(Qemu *qemu)
{
    const double drained = qemu->socket.drained_bytes;

    if (!qemu->handed_over)
        return qemu->package_bytes - drained;
    const double event_s = MIN(faults_next_s(qemu->faults), faults_request_s(qemu->faults));
    const double by_time = MAX(event_s - qemu->t_s, 0) * qemu->reach.rate_Bps;
    return MIN(by_time, faults_awaited_bytes(qemu->faults) - drained);
}

/* Lets happen what is due. TRUE: the owner has to know. */
static gboolean
handle_events(Qemu *qemu, CopyAction *action)
{
    const double soon_s = qemu->t_s + 1e-9;

    if (!qemu->handed_over && qemu->socket.drained_bytes >= qemu->package_bytes - 0.5) {
        if (catch_up(qemu, action))
            return TRUE;
        qemu->handed_over = TRUE;
        end_round(qemu);
        begin_round(qemu, PHASE_PULL);
        *action = (CopyAction){.kind = COPY_HAND_OVER};
        return TRUE;
    }
    faults_follow(qemu->faults, qemu->t_s);
    if (faults_arrive(qemu->faults, qemu->t_s, qemu->socket.drained_bytes))
        qemu->guest_waits = FALSE;
    if (qemu->handed_over && faults_request_s(qemu->faults) <= soon_s) {
        qemu->urgent_page = faults_take_request(qemu->faults);
        qemu->urgent = TRUE;
    }
    if (faults_next_s(qemu->faults) <= soon_s) {
        faults_stop(qemu->faults, qemu->t_s, qemu->reach.latency_s);
        qemu->guest_waits = isfinite(faults_request_s(qemu->faults));
    }
    if (qemu->guest_waits !=
        qemu->guest_stands) { /* here, not by the owner: faults are many, and only the log sees it */
        qemu->guest_stands = qemu->guest_waits;
        dirty_set_speed(qemu->set->members[0].log, qemu->t_s, qemu->guest_waits ? 0 : 1);
    }
    return FALSE;
}

/* get_queued_page: a wanted page goes first and by itself, and the background goes on from it. */
static guint
send_pulled(Qemu *qemu)
{
    if (!qemu->urgent)
        return send_some(qemu, 64);
    qemu->urgent = FALSE;
    if (!bitmap_test(qemu->dirty, qemu->urgent_page))
        return send_some(qemu, 64);
    qemu->cursor = qemu->urgent_page;
    return send_some(qemu, 1);
}

static gboolean
pull(Qemu *qemu, CopyAction *action)
{
    if (handle_events(qemu, action))
        return TRUE;
    while (qemu->unput_bytes <= 0 && send_pulled(qemu) > 0)
        continue;
    if (qemu->remaining > 0 || qemu->unput_bytes > 0)
        return FALSE;
    flush(qemu);
    if (qemu->unput_bytes <= 0)
        qemu->phase = AT_DRAIN;
    return FALSE;
}

/* ---- the socket ---- */

/* Up to the next event of post-copy, if there is one before. */
static void
wait_some(Qemu *qemu, double bytes)
{
    const double event = qemu->faults ? bytes_to_event(qemu) : INFINITY;

    wait_for_wire(qemu, MIN(bytes, MAX(event, 1)));
}

/* What was flushed goes into the socket as it has room. */
static gboolean
put(Qemu *qemu, CopyAction *action)
{
    qemu->unput_bytes -= send_buffer_put(&qemu->socket, qemu->unput_bytes);
    if (qemu->unput_bytes < 0.5) {
        qemu->unput_bytes = 0;
        return FALSE;
    }
    if (qemu->faults && handle_events(qemu, action))
        return TRUE;
    wait_some(qemu, send_buffer_wait_bytes(&qemu->socket));
    return may_go_further_ahead(qemu) ? FALSE : catch_up(qemu, action);
}

static gboolean
drain(Qemu *qemu, CopyAction *action)
{
    if (qemu->faults && handle_events(qemu, action))
        return TRUE;
    if (qemu->socket.level_bytes >= 0.5) {
        wait_some(qemu, qemu->socket.level_bytes);
        return may_go_further_ahead(qemu) ? FALSE : catch_up(qemu, action);
    }
    if (catch_up(qemu, action))
        return TRUE;
    end_round(qemu);
    if (qemu->faults)
        qemu->end_s = qemu->t_s; /* with the return path open, the end is the destination's */
    qemu->phase = AT_ENDED;
    return FALSE;
}

static gboolean
step(Qemu *qemu, CopyAction *action)
{
    if (qemu->unput_bytes > 0)
        return put(qemu, action);
    switch (qemu->phase) {
    case AT_SETUP:
        return set_up(qemu, action);
    case AT_LOOP:
        return run_loop(qemu, action);
    case AT_ITERATE:
        return iterate(qemu);
    case AT_LIMIT:
        return limit_rate(qemu, action);
    case AT_STOPPING:
        return begin_stopped(qemu);
    case AT_COMPLETE:
        return complete(qemu);
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

CopyAction
qemu_next(Qemu *qemu, double now_s, const CopyReach *reach)
{
    CopyAction action = {.kind = COPY_FINISHED};

    g_return_val_if_fail(reach->rate_Bps > 0 && reach->max_batches > 0, action);
    qemu->now_s = qemu->t_s = now_s;
    qemu->reach = *reach;
    if (qemu->handed_over && !qemu->guest_started) {
        qemu->guest_started = TRUE;
        faults_start(qemu->faults, now_s);
    }
    while (!step(qemu, &action))
        continue;
    return action;
}

/* ---- results ---- */

StopReason
qemu_stop_reason(const Qemu *qemu)
{
    return qemu->stop;
}

CopyTotals
qemu_totals(const Qemu *qemu)
{
    return (CopyTotals){.stop = qemu->stop,
                        .sent_pages = qemu->data_pages + qemu->zero_pages,
                        .data_pages = qemu->data_pages,
                        .zero_pages = qemu->zero_pages,
                        .bytes = qemu->socket.put_bytes,
                        .rounds = qemu->rounds};
}

QemuReport
qemu_report(const Qemu *qemu)
{
    return (QemuReport){.syncs = qemu->syncs,
                        .total_s = MAX(qemu->end_s - qemu->start_s, 0),
                        .downtime_s = qemu->faults ? qemu->rules.sync_s : MAX(qemu->end_s - qemu->stop_s, 0),
                        .transferred_bytes = qemu->transferred_bytes,
                        .throttle = qemu->throttle.share,
                        .left_pages = qemu->left_pages,
                        .faults = qemu->faults ? faults_counts(qemu->faults) : (FaultCounts){0}};
}

guint64
qemu_pages_left(const Qemu *qemu)
{
    return qemu->remaining;
}
