#include "models/migration/qemu_postcopy.h"

#include <math.h>

double
qemu_postcopy_bytes_to_event(Qemu *qemu)
{
    return pulled_guest_bytes_to_event(&qemu->guest, qemu->file.t_s, qemu->file.socket.drained_bytes,
                                       qemu->file.reach.rate_Bps);
}

gboolean
qemu_postcopy_begin(Qemu *qemu)
{
    DirtyLog *log = qemu->set->members[0].log;
    const guint64 host_pages = qemu->rules.host_pages;

    if (host_pages > 1)
        round_robin_widen(&qemu->robin, host_pages);
    round_robin_freeze(&qemu->robin, qemu->file.t_s);
    pulled_guest_begin(&qemu->guest, qemu->robin.dirty, qemu->set->words, host_pages, log, &qemu->rules.random);
    qemu_machine_add_state(qemu);
    qemu->guest.package_bytes = qemu_file_position(&qemu->file);
    qemu->robin.cursor = 0;
    qemu->phase = QEMU_AT_PULLING;
    return FALSE;
}

gboolean
qemu_postcopy_look_at_guest(Qemu *qemu, CopyAction *action)
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
    qemu_machine_end_round(qemu);
    qemu_machine_begin_round(qemu, PHASE_PULL);
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
    const double event_s = qemu->file.t_s + qemu_postcopy_bytes_to_event(qemu) / qemu->file.reach.rate_Bps;
    guint64 n = wanted ? 0 : qemu_machine_send_many(qemu, INFINITY, INFINITY, event_s);
    if (n == 0)
        n = qemu_machine_send_some(qemu, (guint)most);
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
    while (qemu->file.unput_bytes <= 0 && send_pulled(qemu) > 0)
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    if (qemu->robin.remaining > 0 || qemu->file.unput_bytes > 0)
        return FALSE;
    qemu_file_add_section(&qemu->file, 0);
    if (qemu->file.unput_bytes <= 0)
        qemu->phase = QEMU_AT_DRAIN;
    return FALSE;
}
