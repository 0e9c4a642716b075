#include "models/migration/qemu.h"

#include "models/migration/qemu_loop.h"
#include "models/migration/qemu_postcopy.h"

#include <math.h>

void
qemu_release_pages(Qemu *qemu)
{
    round_robin_clear(&qemu->robin);
    if (qemu->xbzrle)
        qemu->xbzrle_counts = xbzrle_counts(qemu->xbzrle);
    g_clear_pointer(&qemu->xbzrle, xbzrle_free);
    pulled_guest_end(&qemu->guest);
}

/* Pages go in packets of a fixed size, a number for each of their pages; one of zeros is a number. Where the main
 * thread finds it, it goes beside them, as without multifd. */
static void
put_into_packets(QemuRules *rules)
{
    const double pages = rules->packet_pages;

    rules->page.header_bytes = MULTIFD_PACKET_BYTES / pages + MULTIFD_NUMBER_BYTES;
    if (rules->zero_pages == ZERO_PAGES_CHANNELS)
        rules->page.zero_bytes = rules->page.header_bytes;
}

Qemu *
qemu_new(const PageSet *set, const QemuRules *rules)
{
    g_return_val_if_fail(set && set->n_members == 1 && rules->buffer_bytes > 0 && rules->check_pages > 0, NULL);
    Qemu *qemu = g_new0(Qemu, 1);

    qemu->set = set;
    qemu->rules = *rules;
    qemu->rules.host_pages = MAX(rules->host_pages, 1);
    qemu->rules.page.zero_bytes = rules->page.zero_bytes > 0 ? rules->page.zero_bytes : set->page_bytes;
    if (rules->packet_pages > 0)
        put_into_packets(&qemu->rules);
    qemu->file.flush_pages = qemu->rules.flush_pages;
    qemu->rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    qemu->fewest = G_MAXUINT64;
    if (rules->xbzrle.slots > 0)
        qemu->xbzrle = xbzrle_new(rules->xbzrle.slots, set->pages, rules->xbzrle.write_bytes, (guint)set->page_bytes,
                                  &rules->xbzrle.random);
    return qemu;
}

void
qemu_free(Qemu *qemu)
{
    if (!qemu)
        return;
    qemu_release_pages(qemu);
    multifd_free(qemu->multifd);
    g_array_unref(qemu->rounds);
    g_free(qemu);
}

/* ---- stop and copy ---- */

/* The guest stands still: migration_completion, or postcopy_start. */
static gboolean
begin_stopped(Qemu *qemu)
{
    qemu_machine_synchronize(qemu, PHASE_STOP_AND_COPY);
    qemu_machine_align_socket(qemu);
    qemu->searches = TRUE;
    qemu->phase = policy_stop_pulls(qemu->stop) ? QEMU_AT_PACKAGE : QEMU_AT_COMPLETE;
    return FALSE;
}

static gboolean
complete(Qemu *qemu, CopyAction *action)
{
    const double event_s = qemu->rules.segment_bytes > 0 ? 0 : INFINITY; /* put() waits, and sees each wake */

    while (!qemu_file_waits(&qemu->file) &&
           (qemu_machine_send_many(qemu, INFINITY, INFINITY, event_s) > 0 || qemu_machine_send_some(qemu, 64) > 0))
        if (!qemu_file_may_go_further(&qemu->file))
            return qemu_file_catch_up(&qemu->file, action);
    if (qemu->robin.remaining > 0 || qemu_file_waits(&qemu->file))
        return FALSE;
    qemu_machine_add_state(qemu);
    qemu->phase = QEMU_AT_STATE;
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
    qemu->phase = QEMU_AT_DRAIN;
    return FALSE;
}

/* ---- the socket ---- */

/* Up to the next event of post-copy, if there is one before. */
static void
wait_some(Qemu *qemu, double bytes)
{
    const double event = qemu->guest.faults ? qemu_postcopy_bytes_to_event(qemu) : INFINITY;

    qemu_file_wait(&qemu->file, MIN(bytes, MAX(event, 1)));
}

/* What was flushed goes into the socket as it has room. */
static gboolean
put(Qemu *qemu, CopyAction *action)
{
    if (qemu_file_put(&qemu->file))
        return FALSE;
    if (qemu_postcopy_look_at_guest(qemu, action))
        return TRUE;
    if (qemu_file_wait_for_channels(&qemu->file))
        return qemu_file_may_go_further(&qemu->file) ? FALSE : qemu_file_catch_up(&qemu->file, action);
    wait_some(qemu, qemu_file_wire_bytes(&qemu->file, send_buffer_wait_bytes(&qemu->file.socket)));
    if (qemu->phase == QEMU_AT_COMPLETE || qemu->phase == QEMU_AT_STATE)
        qemu_machine_align_socket(qemu);
    return qemu_file_may_go_further(&qemu->file) ? FALSE : qemu_file_catch_up(&qemu->file, action);
}

static gboolean
drain(Qemu *qemu, CopyAction *action)
{
    if (qemu_postcopy_look_at_guest(qemu, action))
        return TRUE;
    const double left_bytes = qemu_file_level_bytes(&qemu->file);
    if (left_bytes >= 0.5) {
        wait_some(qemu, left_bytes);
        return qemu_file_may_go_further(&qemu->file) ? FALSE : qemu_file_catch_up(&qemu->file, action);
    }
    if (qemu_file_catch_up(&qemu->file, action))
        return TRUE;
    qemu_machine_end_round(qemu);
    if (qemu->guest.faults)
        qemu->end_s = qemu->file.t_s; /* with the return path open, the end is the destination's */
    qemu->phase = QEMU_AT_ENDED;
    return FALSE;
}

static gboolean
step(Qemu *qemu, CopyAction *action)
{
    if (qemu_file_waits(&qemu->file))
        return put(qemu, action);
    switch (qemu->phase) {
    case QEMU_AT_SETUP:
        return qemu_loop_set_up(qemu, action);
    case QEMU_AT_LOOP:
        return qemu_loop_run(qemu, action);
    case QEMU_AT_ITERATE:
        return qemu_loop_iterate(qemu, action);
    case QEMU_AT_LIMIT:
        return qemu_loop_limit_rate(qemu, action);
    case QEMU_AT_PAUSING:
        return qemu_loop_go_on_paused(qemu);
    case QEMU_AT_STOPPING:
        return begin_stopped(qemu);
    case QEMU_AT_COMPLETE:
        return complete(qemu, action);
    case QEMU_AT_STATE:
        return end_state(qemu, action);
    case QEMU_AT_PACKAGE:
        return qemu_postcopy_begin(qemu);
    case QEMU_AT_PULLING:
        return qemu_postcopy_pull(qemu, action);
    case QEMU_AT_DRAIN:
        return drain(qemu, action);
    case QEMU_AT_ENDED:
        break;
    }
    *action = (CopyAction){.kind = COPY_FINISHED};
    return TRUE;
}

/* What a socket that starts with so many bytes grows to. W also holds twice what the path does (BBR's cwnd_gain), which
 * is more than bursts on long paths only. */
static double
grown_buffer(const Qemu *qemu, const CopyReach *reach, double start_bytes)
{
    const QemuRules *rules = &qemu->rules;
    const double burst_bytes = reach->rate_Bps / MAX(rules->channels, 1) * MAX(rules->burst_s, 2 * reach->round_trip_s);

    return send_buffer_grown(start_bytes, rules->buffer_most_bytes, rules->segment_bytes, burst_bytes);
}

/* A connection of its own for each channel, with a window of its own. */
static void
open_channels(Qemu *qemu, const CopyReach *reach)
{
    QemuRules *rules = &qemu->rules;
    MultifdSockets sockets = {.wake_share = rules->buffer_wake, .segment_bytes = rules->segment_bytes};
    const double spread_bytes = MAX(rules->channel_most_bytes - rules->channel_least_bytes, 0);
    g_autofree double *bytes = g_new(double, rules->channels);

    qemu->buffer_bytes = 0;
    for (guint i = 0; i < rules->channels; i++) {
        const double start_bytes = rules->channel_least_bytes > 0
                                       ? rules->channel_least_bytes + spread_bytes * random_unit(&rules->phases)
                                       : rules->buffer_bytes;
        bytes[i] = grown_buffer(qemu, reach, start_bytes);
        qemu->buffer_bytes += bytes[i];
    }
    random_init(&sockets.phases, random_u64(&rules->phases), "multifd", "segments");
    qemu->multifd = multifd_new(rules->channels, bytes, &sockets);
    qemu->file.packets = (QemuPackets){.multifd = qemu->multifd, .most_pages = rules->packet_pages};
}

static void
open_connections(Qemu *qemu, const CopyReach *reach)
{
    const guint n = MAX(qemu->rules.channels, 1);

    if (qemu->rules.packet_pages > 0) {
        qemu->main_bytes = SEND_BUFFER_IDLE_BYTES;
        open_channels(qemu, reach);
        return;
    }
    qemu->main_bytes = qemu->buffer_bytes = n * grown_buffer(qemu, reach, qemu->rules.buffer_bytes);
}

/* Bytes leave the sockets when they are acknowledged: a long path carries no more than the buffers in a round trip. A
 * wait for one of several sockets is a piece of what a batch of a single stream is. */
static CopyReach
reach_of_socket(const Qemu *qemu, const CopyReach *reach)
{
    const double held_Bps = reach->round_trip_s > 0 ? qemu->buffer_bytes / reach->round_trip_s : INFINITY;
    CopyReach threads = *reach;

    if (qemu->file.packets.multifd) /* channels' work is their own */
        threads.limit_Bps = reach->behind_Bps;
    CopyReach held = copy_reach_held(&threads);
    held.rate_Bps = MIN(held.rate_Bps, held_Bps);
    held.alone_Bps = MIN(held.alone_Bps, held_Bps);
    held.max_batches = (guint)MIN((guint64)reach->max_batches * MAX(qemu->rules.channels, 1), G_MAXUINT);
    return held;
}

CopyAction
qemu_next(Qemu *qemu, double now_s, const CopyReach *reach)
{
    CopyAction action = {.kind = COPY_FINISHED};

    g_return_val_if_fail(reach->rate_Bps > 0 && reach->alone_Bps > 0 && reach->max_batches > 0, action);
    if (qemu->phase == QEMU_AT_SETUP)
        open_connections(qemu, reach);
    const CopyReach held = reach_of_socket(qemu, reach);
    qemu_file_resume(&qemu->file, now_s, &held);
    pulled_guest_start(&qemu->guest, now_s);
    qemu_postcopy_recover(qemu);
    while (!step(qemu, &action))
        continue;
    return action;
}

double
qemu_pause(Qemu *qemu, double now_s)
{
    g_return_val_if_fail(qemu->guest.faults && qemu->guest.started, INFINITY);
    return qemu_postcopy_pause(qemu, now_s);
}

/* ---- commands ---- */

gboolean
qemu_command(Qemu *qemu, const CopyCommand *command)
{
    if (qemu->stop != STOP_NOT_YET || qemu->told != STOP_NOT_YET)
        return FALSE;
    switch (command->kind) {
    case COMMAND_DOWNTIME_LIMIT: /* migration_update_counters uses it at the end of the window */
        qemu->rules.policy.downtime_limit_s = command->value;
        qemu->rules.policy.downtime_step_s = 0;
        break;
    case COMMAND_MAX_BANDWIDTH: /* migrate_params_apply */
        qemu->rules.max_bandwidth_Bps = command->value;
        break;
    case COMMAND_SUSPEND:
    case COMMAND_POSTCOPY:
        qemu->told = command->reason;
        break;
    }
    return TRUE;
}

/* ---- results ---- */

const QemuRules *
qemu_rules(const Qemu *qemu)
{
    return &qemu->rules;
}

CopyTotals
qemu_totals(const Qemu *qemu)
{
    return (CopyTotals){.stop = qemu->stop,
                        .sent_pages = qemu->data_pages + qemu->zero_pages,
                        .data_pages = qemu->data_pages,
                        .zero_pages = qemu->zero_pages,
                        .bytes = qemu_file_put_bytes(&qemu->file),
                        .xbzrle = qemu->xbzrle ? xbzrle_counts(qemu->xbzrle) : qemu->xbzrle_counts,
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
