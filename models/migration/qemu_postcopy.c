#include "models/migration/qemu_postcopy.h"

#include <math.h>

double
qemu_postcopy_bytes_to_event(Qemu *qemu)
{
    return pulled_guest_bytes_to_event(&qemu->guest, &qemu->file);
}

gboolean
qemu_postcopy_begin(Qemu *qemu)
{
    DirtyLog *log = qemu->set->members[0].log;
    const guint64 host_pages = qemu->rules.host_pages;

    qemu_machine_leave_channels(qemu);
    if (host_pages > 1)
        round_robin_widen(&qemu->robin, host_pages);
    round_robin_freeze(&qemu->robin, qemu->file.t_s);
    pulled_guest_begin(&qemu->guest, qemu->robin.dirty, qemu->set->words, host_pages,
                       MAX(qemu->rules.fault_processors, 1), log, &qemu->rules.random);
    qemu_machine_add_state(qemu);
    qemu->guest.package_bytes = qemu_file_position(&qemu->file);
    qemu->robin.cursor = 0;
    qemu->used_bytes = 0;
    qemu->pull_window_s = qemu->file.t_s;
    qemu->phase = QEMU_AT_PULLING;
    return FALSE;
}

/* Pages until the present host page is through (ram_save_host_page); 0: none has been begun. Those to be sent are
 * whole, so one that is not at its first page has been begun. */
static guint64
rest_of_host_page(Qemu *qemu)
{
    if (qemu->rules.host_pages == 1)
        return 0;
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);
    const guint64 past = group ? page_group_page(group, group->sent) % qemu->rules.host_pages : 0;

    return past > 0 ? qemu->rules.host_pages - past : 0;
}

/* What the guest asked for goes over the second channel at once, whatever the writer of the first one does: since 8.0
 * the thread that hears requests sends the pages (ram_save_host_page_urgent). A host page that the first one is in the
 * middle of is left to it (pss_overlap). */
static void
send_beside(Qemu *qemu, guint64 page)
{
    const guint64 host_pages = qemu->rules.host_pages;
    const guint64 first = page / host_pages * host_pages, end = MIN(first + host_pages, qemu->set->pages);
    const PageGroup *group = rest_of_host_page(qemu) > 0 ? &qemu->robin.group : NULL;
    if (group && page_group_page(group, group->sent) / host_pages == page / host_pages)
        return;
    double bytes;
    const guint64 n = qemu_machine_send_urgent(qemu, first, end, &bytes);
    const FaultsFlight flight = {.first = first,
                                 .end = end,
                                 .pages = n,
                                 .page_bytes = bytes / (double)MAX(n, 1),
                                 .end_bytes = qemu->file.urgent.put_bytes,
                                 .urgent = TRUE};
    if (n > 0)
        faults_pages_sent(qemu->guest.faults, &flight);
}

static void
preempt(Qemu *qemu)
{
    guint64 page;

    while (qemu->rules.preempt && pulled_guest_take_wanted(&qemu->guest, &page))
        send_beside(qemu, page);
}

gboolean
qemu_postcopy_look_at_guest(Qemu *qemu, CopyAction *action)
{
    if (!qemu->guest.faults)
        return FALSE;
    if (!pulled_guest_is_due(&qemu->guest, qemu->file.socket.drained_bytes)) {
        pulled_guest_look(&qemu->guest, &qemu->file);
        preempt(qemu);
        return FALSE;
    }
    if (qemu_file_catch_up(&qemu->file, action))
        return TRUE;
    qemu->guest.handed_over = TRUE;
    qemu_machine_end_round(qemu);
    qemu_machine_begin_round(qemu, PHASE_PULL);
    *action = (CopyAction){.kind = COPY_HAND_OVER};
    return TRUE;
}

/* The host page that the guest asked for, at its next turn; what has been sent meanwhile is passed over
 * (get_queued_page). */
static gboolean
turn_to_wanted(Qemu *qemu)
{
    const guint64 host_pages = qemu->rules.host_pages;
    guint64 page;

    while (pulled_guest_take_wanted(&qemu->guest, &page)) {
        page = page / host_pages * host_pages;
        if (round_robin_jump(&qemu->robin, page, page + host_pages))
            return TRUE;
    }
    return FALSE;
}

/* ---- a lost connection ---- */

/* The destination tells which pages it has (ram_dirty_bitmap_reload), and what it lacks is to be sent, also of what had
 * been put into the socket. QEMU does so when it recovers; nothing looks at the bitmap before. */
static void
lose_connection(Qemu *qemu)
{
    qemu->disconnected = TRUE;
    qemu_file_lose(&qemu->file);
    pulled_guest_lose_streams(&qemu->guest);
    round_robin_restore(&qemu->robin, faults_missing(qemu->guest.faults));
    if (qemu->rules.host_pages > 1)
        round_robin_widen(&qemu->robin, qemu->rules.host_pages);
    qemu->urgent_host = FALSE;
    qemu->phase = QEMU_AT_PULLING;
}

double
qemu_postcopy_pause(Qemu *qemu, double now_s)
{
    if (!qemu->disconnected)
        lose_connection(qemu);
    return pulled_guest_look_alone(&qemu->guest, now_s);
}

/* Who waits asks again: the destination sends the requests that have not been answered anew. */
void
qemu_postcopy_recover(Qemu *qemu)
{
    if (!qemu->disconnected)
        return;
    qemu->disconnected = FALSE;
    faults_ask_again(qemu->guest.faults, qemu->file.t_s, qemu->file.reach.latency_s);
}

/* ---- the limit of the background: max-postcopy-bandwidth ---- */

static double
pull_allowance(const Qemu *qemu)
{
    const double most_Bps = qemu->rules.postcopy_bandwidth_Bps;

    return most_Bps > 0 ? floor(most_Bps * qemu->rules.window_s) : INFINITY;
}

static void
begin_window_in_time(Qemu *qemu)
{
    if (qemu->file.t_s < qemu->pull_window_s + qemu->rules.window_s)
        return;
    qemu->used_bytes = 0;
    qemu->pull_window_s = qemu->file.t_s;
}

/* Whoever asks is not held: a request wakes the thread (migration_rate_limit waits on a semaphore that requests post),
 * ram_save_iterate goes on while there is one, and what it asked for goes to its end. */
static gboolean
is_held(Qemu *qemu)
{
    if (qemu->used_bytes <= pull_allowance(qemu) || pulled_guest_is_asking(&qemu->guest))
        return FALSE;
    return !(qemu->urgent_host && rest_of_host_page(qemu) > 0);
}

/* An iteration ends, and the thread sleeps to the window's end or until it is asked. */
static gboolean
wait_for_window(Qemu *qemu, CopyAction *action)
{
    QemuFile *file = &qemu->file;

    if (file->outbox_bytes > 0) {
        qemu_file_add_section(file, 0);
        return FALSE;
    }
    const double left_s = qemu->pull_window_s + qemu->rules.window_s - file->t_s;
    const double event = MAX(qemu_postcopy_bytes_to_event(qemu), 1);
    qemu_file_elapse(file, MAX(MIN(left_s, event / file->reach.rate_Bps), 1e-9));
    return qemu_file_is_sure(file) && qemu_file_may_go_further(file) ? FALSE : qemu_file_catch_up_until(file, action);
}

/* ---- what is sent ---- */

/* The next group's first page begins a host page, or goes on with one. */
static gboolean
turn(Qemu *qemu, guint64 rest)
{
    if (rest == 0)
        qemu->urgent_host = turn_to_wanted(qemu);
    return rest == 0 ? qemu->urgent_host : pulled_guest_is_asking(&qemu->guest);
}

/* Of a turn: no more than what was asked for, than the host page that somebody waits behind, than the allowance. */
static guint64
most_of_turn(const Qemu *qemu, gboolean wanted, guint64 rest)
{
    const double page_bytes = qemu_machine_page_bytes(qemu, TRUE);
    const double allowed = (pull_allowance(qemu) - qemu->used_bytes) / page_bytes;

    if (wanted)
        return MIN(rest > 0 ? rest : qemu->rules.host_pages, 64);
    return allowed < 64 ? (guint64)MAX(allowed, 0) + 1 : 64;
}

/* get_queued_page: a wanted page goes first and by itself, and the background goes on from it. The guest's side learns
 * where in the stream the pages are. */
static guint64
send_pulled(Qemu *qemu)
{
    const guint64 rest = rest_of_host_page(qemu);
    const gboolean wanted = turn(qemu, rest);
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group)
        return 0;
    const guint64 before = group->sent;
    const double event_s = qemu->file.t_s + qemu_postcopy_bytes_to_event(qemu) / qemu->file.reach.rate_Bps;
    guint64 n = wanted ? 0 : qemu_machine_send_many(qemu, pull_allowance(qemu), INFINITY, event_s);
    if (n == 0)
        n = qemu_machine_send_some(qemu, (guint)most_of_turn(qemu, wanted, rest));
    const FaultsFlight flight = {.first = page_group_page(group, before),
                                 .end = page_group_page(group, before + n - 1) + 1,
                                 .pages = n,
                                 .page_bytes = qemu_machine_page_bytes(qemu, group->content),
                                 .end_bytes = qemu_file_position(&qemu->file)};
    faults_pages_sent(qemu->guest.faults, &flight);
    return n;
}

gboolean
qemu_postcopy_pull(Qemu *qemu, CopyAction *action)
{
    if (qemu_postcopy_look_at_guest(qemu, action))
        return TRUE;
    begin_window_in_time(qemu);
    while (!qemu_file_waits(&qemu->file) && !is_held(qemu) && send_pulled(qemu) > 0)
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    if (qemu->file.unput_bytes > 0)
        return FALSE;
    if (qemu->robin.remaining > 0)
        return is_held(qemu) ? wait_for_window(qemu, action) : FALSE;
    qemu_file_add_section(&qemu->file, 0);
    if (qemu->file.unput_bytes <= 0)
        qemu->phase = QEMU_AT_DRAIN;
    return FALSE;
}
