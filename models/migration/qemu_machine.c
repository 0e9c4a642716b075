#include "models/migration/qemu_machine.h"

/* ---- what is sent ---- */

double
qemu_machine_page_bytes(const Qemu *qemu, gboolean content)
{
    return content ? page_cost_bytes(&qemu->rules.page, qemu->set->page_bytes) : qemu->rules.page.zero_bytes;
}

gboolean
qemu_machine_packs(const Qemu *qemu, gboolean content)
{
    return qemu->file.packets.multifd && (content || qemu->rules.zero_pages == ZERO_PAGES_CHANNELS);
}

/* The main thread hands a page of zeros on like any other where the channels look, all at the same time. */
static double
zero_work_s(const Qemu *qemu)
{
    const QemuRules *rules = &qemu->rules;

    if (rules->zero_pages == ZERO_PAGES_MAIN)
        return rules->zero_page_work_s;
    if (qemu->file.packets.multifd)
        return rules->page.work_s;
    return MAX(rules->page.work_s, rules->zero_page_work_s / MAX(rules->channels, 1));
}

static double
page_work_s(const Qemu *qemu, gboolean content)
{
    return (content ? qemu->rules.page.work_s : zero_work_s(qemu)) * (1 + qemu->file.reach.work_delay);
}

static void
tell_bytes(Qemu *qemu, guint64 n, gboolean content, double bytes)
{
    *(content ? &qemu->data_pages : &qemu->zero_pages) += n;
    qemu->used_bytes += bytes;
    qemu->transferred_bytes += bytes;
    qemu->round.sent += n;
    qemu->round.bytes += bytes;
}

static double
tell_pages(Qemu *qemu, guint64 n, gboolean content)
{
    const double bytes = (double)n * qemu_machine_page_bytes(qemu, content);

    tell_bytes(qemu, n, content, bytes);
    return bytes;
}

static void
count_pages(Qemu *qemu, guint64 n, gboolean content)
{
    round_robin_sent(&qemu->robin, n);
    (void)tell_pages(qemu, n, content);
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
    const guint64 *collected = qemu->robin.collected;
    guint64 word = 0;

    page_set_peek(qemu->set, qemu->file.t_s, (gsize)(page / 64), 1, &word);
    word |= collected ? collected[page / 64] : 0;
    return word >> page % 64 & 1;
}

static const WorkloadRates *
rates_now(Qemu *qemu)
{
    const DirtyLog *log = qemu->set->members[0].log;

    if (!qemu->rates.workload || qemu->rates_number != dirty_workload_number(log)) {
        qemu->rates_number = dirty_workload_number(log);
        qemu->rates = workload_rates(dirty_workload(log));
    }
    return &qemu->rates;
}

static XbzrlePage
page_to_encode(Qemu *qemu, guint64 page)
{
    const DirtyLog *log = qemu->set->members[0].log;

    return (XbzrlePage){.page = page,
                        .age = qemu->syncs,
                        .now_s = dirty_guest_s(log, qemu->file.t_s),
                        .rate = workload_page_rate(rates_now(qemu), page),
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

    round_robin_sent(&qemu->robin, 1);
    tell_bytes(qemu, 1, TRUE, bytes);
    /* send_async is FALSE: also a whole page is copied to the buffer of small items */
    qemu_file_add(&qemu->file, 1, FALSE, bytes, page_work_s(qemu, TRUE) + encode_s * (1 + qemu->file.reach.work_delay));
}

static guint
send_encoded_some(Qemu *qemu, const PageGroup *group, guint most)
{
    const guint room = (guint)MIN(group->pages - group->sent, most);
    guint n = 0;

    while (n < room && !qemu_file_waits(&qemu->file)) {
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

/* ---- packets ---- */

static double
packet_header_bytes(const Qemu *qemu)
{
    return MULTIFD_PACKET_BYTES + qemu->rules.packet_pages * MULTIFD_NUMBER_BYTES;
}

/* Beside those of pages. */
static void
tell_more_bytes(Qemu *qemu, double bytes)
{
    qemu->used_bytes += bytes;
    qemu->transferred_bytes += bytes;
    qemu->round.bytes += bytes;
}

/* The header has a number's place for each page that a packet may have (packet_len). */
static void
fill_up_packet(Qemu *qemu)
{
    QemuPackets *packets = &qemu->file.packets;
    const double rest_bytes = (packets->most_pages - packets->pages) * qemu->rules.page.header_bytes;

    if (packets->pages == 0)
        return;
    packets->bytes += rest_bytes;
    tell_more_bytes(qemu, rest_bytes);
}

/* find_dirty_block: whenever the search comes past the end of memory, also when it finds nothing, no page is handed on
 * before all channels have written what they have, or one of them could overtake it (multifd_ram_sync_per_round).
 * FALSE: the writer must wait for that. */
static gboolean
synchronize_channels(Qemu *qemu, gboolean found)
{
    const gboolean passes = found ? qemu->passes != qemu->robin.passes : qemu->searches;

    qemu->passes = qemu->robin.passes;
    qemu->searches = found;
    if (!passes)
        return TRUE;
    fill_up_packet(qemu);
    tell_more_bytes(qemu, qemu->rules.channels * packet_header_bytes(qemu));
    return qemu_file_sync_channels(&qemu->file, packet_header_bytes(qemu));
}

/* Of a channel, for so many pages that are alike; multifd_send_zero_page_detect reads one of zeros to its end. */
static double
channel_work_s(const Qemu *qemu, guint pages, gboolean content)
{
    return pages * (content ? qemu->rules.channel_work_s : qemu->rules.zero_page_work_s);
}

/* multifd_queue_page: a packet that is full is handed over when one page more is found. 0: it waits for a channel. */
static guint
pack_some(Qemu *qemu, const PageGroup *group, guint most)
{
    const gboolean content = group->content;

    if (qemu_file_packet_room(&qemu->file) == 0) {
        qemu->check_due = FALSE; /* it was, before that page */
        if (!qemu_file_hand_packet(&qemu->file))
            return 0;
    }
    const guint room = qemu_file_packet_room(&qemu->file);
    const guint n = (guint)MIN(group->pages - group->sent, MIN(most, room));
    count_pages(qemu, n, content);
    qemu_file_pack(&qemu->file, n, n * qemu_machine_page_bytes(qemu, content), channel_work_s(qemu, n, content),
                   n * page_work_s(qemu, content));
    return n;
}

void
qemu_machine_leave_channels(Qemu *qemu)
{
    if (!qemu->file.packets.multifd)
        return;
    qemu_file_leave_channels(&qemu->file);
    qemu->main_bytes = qemu->buffer_bytes;
    qemu_machine_align_socket(qemu);
}

/* ---- pages ---- */

guint
qemu_machine_send_some(Qemu *qemu, guint most)
{
    const PageGroup *group = round_robin_group(&qemu->robin, qemu->file.t_s);

    if (qemu->file.packets.multifd && !synchronize_channels(qemu, group != NULL))
        return 0;
    if (!group)
        return 0;
    const gboolean content = group->content;
    if (qemu_machine_packs(qemu, content))
        return pack_some(qemu, group, most);
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

    if (!group || group->pages - group->sent < qemu->rules.flush_pages || encodes(qemu) || qemu->file.packets.multifd)
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

guint64
qemu_machine_send_urgent(Qemu *qemu, guint64 first, guint64 end, double *bytes)
{
    guint64 content;
    const guint64 n = round_robin_take(&qemu->robin, first, end, &content);

    *bytes = tell_pages(qemu, content, TRUE) + tell_pages(qemu, n - content, FALSE);
    qemu_file_add_urgent(&qemu->file, *bytes);
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

/* migration_dirty_limit_guest: from now on a thread looks at what each processor dirties. */
static void
begin_limit(Qemu *qemu, double at_s)
{
    if (qemu->limit.in_service)
        return;
    qemu->limit.in_service = TRUE;
    qemu->limit_begin_s = at_s;
    qemu->limit_s = at_s + qemu->rules.dirty_limit.period_s;
    qemu->limit_logged = qemu->robin.logged;
}

/* The end of migration_bitmap_sync: once a second, rates and auto-converge. */
static void
end_period(Qemu *qemu, double at_s)
{
    const double dirtied_bytes = (double)qemu->period_dirtied * qemu->set->page_bytes;
    const double sent_bytes = qemu->transferred_bytes - qemu->period_transferred_bytes;

    if (at_s <= qemu->period_s + qemu->rules.period_s)
        return;
    if (qemu->rules.dirty_limit.rate_Bps > 0 &&
        throttle_is_due(&qemu->throttle, qemu->rules.dirty_limit.trigger, dirtied_bytes, sent_bytes))
        begin_limit(qemu, at_s);
    qemu->speed_due |= throttle_period(&qemu->throttle, &qemu->rules.throttle, dirtied_bytes, sent_bytes);
    qemu->period_s = at_s;
    qemu->period_dirtied = 0;
    qemu->period_transferred_bytes = qemu->transferred_bytes;
}

static void
take_log(Qemu *qemu)
{
    const guint64 fresh = round_robin_merge_log(&qemu->robin, qemu->file.t_s);

    if (qemu->xbzrle)
        xbzrle_synchronized(qemu->xbzrle, qemu->robin.log, qemu->set->words,
                            dirty_guest_s(qemu->set->members[0].log, qemu->file.t_s));
    qemu->round.dirtied = fresh;
    qemu_machine_end_round(qemu);
    qemu->syncs++;
    qemu->period_dirtied += fresh;
}

/* For a processor that pauses: run_on_cpu in tcg_log_global_after_sync. */
static double
pause_left_s(const Qemu *qemu, double now_s)
{
    const QemuRules *rules = &qemu->rules;

    return rules->sync_waits ? throttle_wait_s(&qemu->throttle, &rules->throttle, now_s, rules->throttle_phase) : 0;
}

void
qemu_machine_synchronize(Qemu *qemu, CopyPhase next)
{
    const double at_s = qemu->file.t_s;

    take_log(qemu);
    qemu_file_elapse(&qemu->file, qemu->rules.sync_s * (1 + qemu->file.reach.work_delay));
    if (next == PHASE_PUSH && !qemu->paused)
        qemu_file_elapse(&qemu->file, pause_left_s(qemu, qemu->file.t_s));
    if (next == PHASE_PUSH)
        end_period(qemu, at_s);
    qemu_machine_begin_round(qemu, next);
    qemu->synced = TRUE;
}

double
qemu_machine_synchronize_aside(Qemu *qemu)
{
    const double at_s = qemu->file.t_s;
    const double work_s = qemu->rules.sync_s * (1 + qemu->file.reach.work_delay);

    take_log(qemu);
    const double took_s = work_s + pause_left_s(qemu, at_s + work_s);
    end_period(qemu, at_s);
    qemu_machine_begin_round(qemu, PHASE_PUSH);
    return took_s;
}

void
qemu_machine_align_socket(Qemu *qemu)
{
    const gboolean beside = qemu->file.packets.multifd != NULL; /* a small one, whose segments are small as well */
    const double segment_bytes = beside ? 0 : qemu->rules.segment_bytes;
    const double phase = segment_bytes > 0 ? random_unit(&qemu->rules.phases) : 0;
    const double wake_share = send_buffer_wake_of(beside ? 1 : qemu->rules.channels, qemu->rules.buffer_wake);

    send_buffer_align(&qemu->file.socket, qemu->main_bytes, wake_share, segment_bytes, phase);
}
