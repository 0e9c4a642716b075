#include "models/migration/qemu_machine.h"

/* ---- what is sent ---- */

double
qemu_machine_page_bytes(const Qemu *qemu, gboolean content)
{
    return content ? page_cost_bytes(&qemu->rules.page, qemu->set->page_bytes) : qemu->rules.page.zero_bytes;
}

static double
page_work_s(const Qemu *qemu, gboolean content)
{
    const double work_s = content ? qemu->rules.page.work_s : qemu->rules.zero_page_work_s;

    return work_s * (1 + qemu->file.reach.work_delay);
}

static void
count_bytes(Qemu *qemu, guint64 n, gboolean content, double bytes)
{
    round_robin_sent(&qemu->robin, n);
    *(content ? &qemu->data_pages : &qemu->zero_pages) += n;
    qemu->used_bytes += bytes;
    qemu->transferred_bytes += bytes;
    qemu->round.sent += n;
    qemu->round.bytes += bytes;
}

static void
count_pages(Qemu *qemu, guint64 n, gboolean content)
{
    count_bytes(qemu, n, content, (double)n * qemu_machine_page_bytes(qemu, content));
}

/* ---- xbzrle ---- */

/* xbzrle_enabled, set when find_dirty_block wraps; ram_save_page leaves it out under post-copy. */
static gboolean
encodes(const Qemu *qemu)
{
    return qemu->xbzrle && qemu->robin.wrapped && qemu->phase != QEMU_AT_PULLING;
}

static gboolean
is_dirty_again(const Qemu *qemu, guint64 page)
{
    guint64 word = 0;

    page_set_peek(qemu->set, qemu->file.t_s, (gsize)(page / 64), 1, &word);
    return word >> page % 64 & 1;
}

static XbzrlePage
page_to_encode(const Qemu *qemu, guint64 page)
{
    const DirtyLog *log = qemu->set->members[0].log;

    return (XbzrlePage){.page = page,
                        .age = qemu->syncs,
                        .now_s = dirty_guest_s(log, qemu->file.t_s),
                        .rate = workload_page_rate(dirty_workload(log), page),
                        .dirty = is_dirty_again(qemu, page),
                        .keeps = qemu->phase != QEMU_AT_COMPLETE}; /* last_stage */
}

/* save_xbzrle_page. */
static double
encoded_bytes(const Qemu *qemu, const XbzrleSent *sent)
{
    if (sent->kind == XBZRLE_IDENTICAL)
        return 0;
    if (sent->kind == XBZRLE_ENCODED)
        return qemu->rules.page.header_bytes + XBZRLE_HEADER_BYTES + sent->bytes;
    return qemu_machine_page_bytes(qemu, TRUE);
}

static void
send_encoded(Qemu *qemu, const XbzrlePage *page)
{
    const XbzrleSent sent = xbzrle_send(qemu->xbzrle, page);
    const double bytes = encoded_bytes(qemu, &sent);
    const double encode_s = sent.kind == XBZRLE_MISS ? 0 : qemu->rules.xbzrle.encode_s;

    count_bytes(qemu, 1, TRUE, bytes);
    /* send_async is FALSE: also a whole page is copied to the buffer of small items */
    qemu_file_add(&qemu->file, 1, FALSE, bytes, page_work_s(qemu, TRUE) + encode_s * (1 + qemu->file.reach.work_delay));
}

static guint
send_encoded_some(Qemu *qemu, const PageGroup *group, guint most)
{
    const guint room = (guint)MIN(group->pages - group->sent, most);
    guint n = 0;

    while (n < room && qemu->file.unput_bytes <= 0) {
        const XbzrlePage page = page_to_encode(qemu, page_group_page(group, group->sent));
        send_encoded(qemu, &page);
        n++;
    }
    return n;
}

/* ram_save_target_page: the cache must not keep what the page was before. */
static void
cache_zeros(Qemu *qemu, const PageGroup *group, guint n)
{
    for (guint i = 0; i < n; i++) {
        const XbzrlePage page = page_to_encode(qemu, page_group_page(group, group->sent + i));
        xbzrle_send_zero(qemu->xbzrle, &page);
    }
}

/* ---- pages ---- */

guint
qemu_machine_send_some(Qemu *qemu, guint most)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group)
        return 0;
    const gboolean content = group->content;
    if (content && encodes(qemu))
        return send_encoded_some(qemu, group, most);
    const guint room = content ? qemu_file_room(&qemu->file) : most;
    const guint n = (guint)MIN(group->pages - group->sent, MIN(most, room));
    if (encodes(qemu))
        cache_zeros(qemu, group, n);
    count_pages(qemu, n, content);
    qemu_file_add(&qemu->file, n, content, n * qemu_machine_page_bytes(qemu, content), n * page_work_s(qemu, content));
    return n;
}

guint64
qemu_machine_send_many(Qemu *qemu, double allowance, double late_s, double event_s)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (!group || group->pages - group->sent < qemu->rules.flush_pages || encodes(qemu))
        return 0;
    const gboolean content = group->content;
    if (content && qemu->file.outbox_bytes > 0) /* a part of a flush is waiting for the rest of it */
        return 0;
    const double bytes = qemu_machine_page_bytes(qemu, content);
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

void
qemu_machine_add_state(Qemu *qemu)
{
    qemu->state_bytes += qemu->rules.state_bytes;
    qemu->round.bytes += qemu->rules.state_bytes;
    qemu_file_add_section(&qemu->file, qemu->rules.state_bytes);
}

/* ---- rounds and synchronization ---- */

void
qemu_machine_begin_round(Qemu *qemu, CopyPhase phase)
{
    qemu->round = (CopyRound){.phase = phase,
                              .start_s = qemu->file.t_s,
                              .throttle = qemu->throttle.share,
                              .final = phase == PHASE_STOP_AND_COPY};
}

void
qemu_machine_end_round(Qemu *qemu)
{
    qemu->round.end_s = qemu->file.t_s;
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

void
qemu_machine_synchronize(Qemu *qemu, CopyPhase next)
{
    const double at_s = qemu->file.t_s;
    const guint64 fresh = round_robin_merge_log(&qemu->robin, at_s);

    if (qemu->xbzrle)
        xbzrle_synchronized(qemu->xbzrle, qemu->robin.log, qemu->set->words,
                            dirty_guest_s(qemu->set->members[0].log, at_s));
    qemu->round.dirtied = fresh;
    qemu_machine_end_round(qemu);
    qemu->syncs++;
    qemu->period_dirtied += fresh;
    qemu_file_elapse(&qemu->file, qemu->rules.sync_s * (1 + qemu->file.reach.work_delay));
    if (next == PHASE_PUSH && qemu->rules.sync_waits && !qemu->paused) /* run_on_cpu in tcg_log_global_after_sync */
        qemu_file_elapse(&qemu->file, throttle_wait_s(&qemu->throttle, &qemu->rules.throttle, qemu->file.t_s,
                                                      qemu->rules.throttle_phase));
    if (next == PHASE_PUSH)
        end_period(qemu, at_s);
    qemu_machine_begin_round(qemu, next);
    qemu->synced = TRUE;
}

void
qemu_machine_align_socket(Qemu *qemu)
{
    const double segment_bytes = qemu->rules.segment_bytes;
    const double phase = segment_bytes > 0 ? random_unit(&qemu->rules.phases) : 0;
    const double wake_share = send_buffer_wake_of(qemu->rules.channels, qemu->rules.buffer_wake);

    send_buffer_align(&qemu->file.socket, qemu->buffer_bytes, wake_share, segment_bytes, phase);
}
