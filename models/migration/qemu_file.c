#include "models/migration/qemu_file.h"

#include <math.h>

void
qemu_file_resume(QemuFile *file, double now_s, const CopyReach *reach)
{
    file->now_s = file->t_s = now_s;
    file->reach = *reach;
}

/* ---- multifd's channels ---- */

/* So much time passes, or less when what is waited for comes before; returns how much did. */
static double
run_channels(QemuFile *file, double most_s, MultifdUntil until, double *drained_bytes)
{
    const double cores = file->reach.channel_cores;
    const MultifdPace pace = {file->reach.rate_Bps, cores > 0 ? cores : INFINITY};

    return multifd_run(file->packets.multifd, &pace, &file->socket, most_s, until, drained_bytes);
}

void
qemu_file_pack(QemuFile *file, guint pages, double bytes, double channel_work_s, double work_s)
{
    file->packets.pages += pages;
    file->packets.bytes += bytes;
    file->packets.work_s += channel_work_s;
    file->outbox_work_s += work_s;
}

guint
qemu_file_packet_room(const QemuFile *file)
{
    return file->packets.most_pages - file->packets.pages;
}

/* FALSE: a channel is waited for, or all of them. */
static gboolean
put_packet(QemuPackets *packets)
{
    if (packets->waits) {
        if (!multifd_has_free(packets->multifd))
            return FALSE;
        multifd_hand(packets->multifd, packets->bytes, packets->work_s);
        packets->pages = 0;
        packets->bytes = packets->work_s = 0;
        packets->waits = FALSE;
    }
    if (packets->syncs && !packets->synced)
        multifd_sync(packets->multifd, packets->sync_bytes);
    packets->synced = packets->syncs;
    if (packets->syncs && !multifd_is_idle(packets->multifd))
        return FALSE;
    packets->syncs = packets->synced = FALSE;
    return TRUE;
}

gboolean
qemu_file_hand_packet(QemuFile *file)
{
    qemu_file_elapse(file, file->outbox_work_s);
    file->outbox_work_s = 0;
    file->packets.waits = file->packets.pages > 0;
    return put_packet(&file->packets);
}

gboolean
qemu_file_sync_channels(QemuFile *file, double sync_bytes)
{
    file->packets.syncs = TRUE;
    file->packets.sync_bytes = sync_bytes;
    return qemu_file_hand_packet(file);
}

gboolean
qemu_file_wait_for_channels(QemuFile *file)
{
    const QemuPackets *packets = &file->packets;

    if (!packets->waits && !packets->syncs)
        return FALSE;
    file->t_s +=
        run_channels(file, INFINITY, packets->waits ? MULTIFD_UNTIL_FREE : MULTIFD_UNTIL_IDLE, &file->ahead_bytes);
    file->ahead_waits++;
    return TRUE;
}

void
qemu_file_leave_channels(QemuFile *file)
{
    Multifd *multifd = g_steal_pointer(&file->packets.multifd);

    if (!multifd)
        return;
    const double put = multifd_put_bytes(multifd), level = multifd_level_bytes(multifd);
    file->socket.put_bytes += put;
    file->socket.level_bytes += level;
    file->socket.drained_bytes += put - level;
    file->unput_bytes += multifd_held_bytes(multifd) + file->packets.bytes;
    file->packets = (QemuPackets){.multifd = NULL};
}

double
qemu_file_level_bytes(const QemuFile *file)
{
    const Multifd *multifd = file->packets.multifd;

    return file->socket.level_bytes + file->urgent.level_bytes + (multifd ? multifd_level_bytes(multifd) : 0);
}

double
qemu_file_put_bytes(const QemuFile *file)
{
    const Multifd *multifd = file->packets.multifd;

    return file->socket.put_bytes + file->urgent.put_bytes + (multifd ? multifd_put_bytes(multifd) : 0);
}

double
qemu_file_transferred_bytes(const QemuFile *file, gboolean written)
{
    const Multifd *multifd = file->packets.multifd;

    if (!multifd)
        return file->socket.put_bytes;
    return file->socket.put_bytes + (written ? multifd_written_bytes(multifd) : multifd_handed_bytes(multifd));
}

/* ---- the wire ---- */

/* The wire takes so much of what there is; returns how much. */
static double
drain(QemuFile *file, double bytes)
{
    double drained_bytes = 0;

    if (file->packets.multifd) {
        (void)run_channels(file, bytes / file->reach.rate_Bps, MULTIFD_ALWAYS, &drained_bytes);
        return drained_bytes;
    }
    if (file->urgent.level_bytes <= 0)
        return send_buffer_drain(&file->socket, bytes);
    const double each = MIN(bytes / 2, MIN(file->socket.level_bytes, file->urgent.level_bytes));
    double left = bytes - send_buffer_drain(&file->urgent, each) - send_buffer_drain(&file->socket, each);
    left -= send_buffer_drain(&file->urgent, left);
    left -= send_buffer_drain(&file->socket, left);
    return bytes - left;
}

double
qemu_file_wire_bytes(const QemuFile *file, double bytes)
{
    if (file->packets.multifd)
        return multifd_wire_bytes(file->packets.multifd, bytes);
    return bytes + MIN(bytes, file->urgent.level_bytes);
}

double
qemu_file_urgent_wire_bytes(const QemuFile *file, double bytes)
{
    return bytes + MIN(bytes, file->socket.level_bytes);
}

void
qemu_file_add_urgent(QemuFile *file, double bytes)
{
    file->urgent.level_bytes += bytes;
    file->urgent.put_bytes += bytes;
}

static void
lose(SendBuffer *socket)
{
    (void)send_buffer_drain(socket, socket->level_bytes);
    socket->full = FALSE;
}

void
qemu_file_lose(QemuFile *file)
{
    const double held_bytes = file->unput_bytes + file->outbox_bytes;

    file->socket.put_bytes += held_bytes;
    file->socket.level_bytes += held_bytes;
    file->unput_bytes = file->outbox_bytes = file->outbox_small_bytes = file->outbox_work_s = 0;
    file->outbox_pages = 0;
    lose(&file->socket);
    lose(&file->urgent);
    file->ahead_bytes = file->ahead_busy_s = 0;
    file->ahead_waits = 0;
}

void
qemu_file_elapse(QemuFile *file, double duration_s)
{
    file->ahead_bytes += drain(file, file->reach.rate_Bps * duration_s);
    file->ahead_busy_s += duration_s;
    file->t_s += duration_s;
}

void
qemu_file_wait(QemuFile *file, double bytes)
{
    const double drained = drain(file, bytes);

    file->ahead_bytes += drained;
    file->ahead_waits++;
    file->t_s += drained / file->reach.rate_Bps;
}

gboolean
qemu_file_may_go_further(const QemuFile *file)
{
    const gboolean more = file->ahead_waits < file->reach.max_batches ||
                          file->ahead_bytes < 2 * file->reach.rate_Bps * file->reach.latency_s;

    return more && file->t_s <= file->reach.until_s;
}

gboolean
qemu_file_is_sure(const QemuFile *file)
{
    return file->reach.steady && file->t_s <= file->reach.until_s;
}

gboolean
qemu_file_catch_up(QemuFile *file, CopyAction *action)
{
    const double ahead_s = file->t_s - file->now_s, sending_s = file->ahead_bytes / file->reach.rate_Bps;
    /* The wire stood still while the writer worked on an empty socket. When the wire is slower than expected the socket
     * is not empty: others' traffic hides that work, but no wire makes it shorter. */
    const double idle_s = MAX(ahead_s - sending_s, 0);
    const double alone_s = MAX(file->ahead_bytes / file->reach.alone_Bps + idle_s, file->ahead_busy_s);
    const double least_s = file->reach.steady ? ahead_s : alone_s;

    if (file->ahead_bytes < 1 && ahead_s <= 0)
        return FALSE;
    *action = (CopyAction){.kind = COPY_SEND, .bytes = file->ahead_bytes, .until_s = file->now_s + least_s};
    file->now_s = file->t_s;
    file->ahead_bytes = file->ahead_busy_s = 0;
    file->ahead_waits = 0;
    return TRUE;
}

gboolean
qemu_file_catch_up_until(QemuFile *file, CopyAction *action)
{
    const double until_s = file->t_s;

    if (!qemu_file_catch_up(file, action))
        return FALSE;
    action->until_s = until_s;
    return TRUE;
}

/* Hands what was collected to the socket. */
static void
flush(QemuFile *file)
{
    qemu_file_elapse(file, file->outbox_work_s);
    file->unput_bytes += file->outbox_bytes;
    file->outbox_bytes = file->outbox_small_bytes = file->outbox_work_s = 0;
    file->outbox_pages = 0;
}

guint
qemu_file_room(const QemuFile *file)
{
    return file->flush_pages - file->outbox_pages;
}

void
qemu_file_add(QemuFile *file, guint pages, gboolean content, double bytes, double work_s)
{
    file->outbox_pages += content ? pages : 0;
    file->outbox_bytes += bytes;
    file->outbox_small_bytes += content ? 0 : bytes;
    file->outbox_work_s += work_s;
    if (file->outbox_pages >= file->flush_pages || file->outbox_small_bytes >= QEMU_FILE_SMALL_BYTES)
        flush(file);
}

void
qemu_file_add_section(QemuFile *file, double bytes)
{
    file->outbox_bytes += bytes;
    flush(file);
}

gboolean
qemu_file_waits(const QemuFile *file)
{
    return file->unput_bytes > 0 || file->packets.waits || file->packets.syncs;
}

gboolean
qemu_file_put(QemuFile *file)
{
    if (file->packets.multifd && !put_packet(&file->packets))
        return FALSE;
    file->unput_bytes -= send_buffer_put(&file->socket, file->unput_bytes);
    if (file->unput_bytes >= 0.5)
        return FALSE;
    file->unput_bytes = 0;
    return TRUE;
}

/* Zero pages of which none flushes and none is late. */
static guint64
add_zero_pages(QemuFile *file, const PageStretch *stretch)
{
    const double in_time = (stretch->late_s - file->t_s - file->outbox_work_s) / stretch->page_work_s - 1;
    const double to_flush = (QEMU_FILE_SMALL_BYTES - file->outbox_small_bytes) / stretch->page_bytes - 1;
    const double most = MIN(in_time, to_flush);

    if (!(most >= 1))
        return 0;
    const guint64 pages = MIN(stretch->pages, (guint64)MIN(most, 0x1p32));
    file->outbox_bytes += (double)pages * stretch->page_bytes;
    file->outbox_small_bytes += (double)pages * stretch->page_bytes;
    file->outbox_work_s += (double)pages * stretch->page_work_s;
    return pages;
}

/* Whole flushes of a stretch as plain numbers, each of which fits into what a wait makes free. */
typedef struct {
    double bytes, work_s;   /* of one */
    double drained;         /* that leaves a busy socket while one is made */
    double gain, gains_one; /* the rise of a level above drained by one, and its inverse; 0: it does not rise */
    double step_bytes;      /* that leave in a wait, */
    double step_s;          /* its duration, */
    double between_s;       /* and at most from the end of one to the end of the next */
} Flush;

/* FALSE: flushes of this kind do not fit. */
static gboolean
flush_of(const QemuFile *file, const PageStretch *stretch, Flush *flush)
{
    const SendBuffer *socket = &file->socket;

    flush->bytes = file->flush_pages * stretch->page_bytes;
    flush->work_s = file->flush_pages * stretch->page_work_s;
    flush->drained = file->reach.rate_Bps * flush->work_s;
    flush->gain = MAX(flush->bytes - flush->drained, 0);
    flush->gains_one = flush->gain > 0 ? 1 / flush->gain : 0;
    flush->step_bytes = (1 - socket->wake_share) * socket->capacity_bytes;
    flush->step_s = flush->step_bytes / file->reach.rate_Bps;
    flush->between_s = flush->step_s + (flush->step_bytes * flush->gains_one + 1) * flush->work_s;
    return flush->bytes <= flush->step_bytes;
}

/* What has been done of a stretch. */
typedef struct {
    guint64 flushes;
    guint waits;
    double level, t_s;
} Progress;

/* How many of the next n flushes no look at the clock ends. */
static guint64
flushes_in_time(const QemuFile *file, const PageStretch *stretch, const Progress *done, guint64 n)
{
    const guint check_pages = stretch->check_pages, flush_pages = file->flush_pages;

    if (done->t_s + (double)(n * flush_pages + 1) * stretch->page_work_s < stretch->late_s) /* nearly always */
        return n;
    const guint64 number = stretch->first + done->flushes * flush_pages; /* of the next page */
    const guint64 to_check = (check_pages - number % check_pages) % check_pages;
    if (to_check >= flush_pages)
        return 1;
    const guint64 last = to_check + (flush_pages - 1 - to_check) / check_pages * check_pages;
    return done->t_s + (double)(last + 1) * stretch->page_work_s < stretch->late_s;
}

/* Waits that certainly end before anything is due. */
static guint
waits_in_time(const QemuFile *file, const PageStretch *stretch, const Flush *flush, const Progress *done, guint64 most)
{
    const double due_s = MIN(MIN(stretch->late_s, stretch->event_s), file->reach.until_s);
    /* the first of them comes when the socket is full, which takes many steps where several channels share the room */
    const double to_full = file->socket.capacity_bytes - done->level + flush->gain;
    const double left_s = due_s - done->t_s, to_full_s = to_full * flush->gains_one * flush->work_s;
    const double by_time = MIN(left_s / flush->between_s - 2, (left_s - to_full_s) / flush->between_s);
    const double by_flushes = (double)(most - done->flushes) * flush->gain / flush->step_bytes - 2;
    const double by_room = ((double)(most - done->flushes) * flush->gain - to_full) / flush->step_bytes + 1;
    const double by_owner = (double)file->reach.max_batches - file->ahead_waits - done->waits;
    const double waits = MIN(MIN(by_time, MIN(by_flushes, by_room)), by_owner);

    return waits > 0 ? (guint)MIN(waits, 1e9) : 0;
}

/* m waits and the flushes before each of them: the socket overflows whenever the level has risen by another step. */
static void
skip_waits(const QemuFile *file, const Flush *flush, Progress *done, guint m)
{
    const double rise = file->socket.capacity_bytes - done->level + (m - 1) * flush->step_bytes;
    const guint64 flushes = (guint64)(rise * flush->gains_one) + 1;

    done->flushes += flushes;
    done->waits += m;
    done->t_s += (double)flushes * flush->work_s + m * flush->step_s;
    done->level += (double)flushes * flush->gain - m * flush->step_bytes;
}

/* The wire is faster than one flush is made: the socket runs empty meanwhile. */
static gboolean
runs_empty(const Flush *flush, const Progress *done)
{
    return done->level < flush->drained || flush->gain <= 0;
}

/* One flush into a socket that does not fill. */
static gboolean
step_flush(const QemuFile *file, const PageStretch *stretch, const Flush *flush, Progress *done)
{
    if (flushes_in_time(file, stretch, done, 1) == 0)
        return FALSE;
    done->flushes++;
    done->t_s += flush->work_s;
    done->level = MAX(done->level - flush->drained, 0) + flush->bytes;
    return TRUE;
}

/* Flushes up to the next wait and that one, if it ends before the event. FALSE: none. */
static gboolean
step_flushes(const QemuFile *file, const PageStretch *stretch, const Flush *flush, Progress *done, guint64 most)
{
    const double capacity = file->socket.capacity_bytes;
    const guint64 fit = (guint64)((capacity - done->level) * flush->gains_one);
    const gboolean may_wait = done->t_s + (double)(fit + 1) * flush->work_s + flush->step_s < stretch->event_s;
    const guint64 n = flushes_in_time(file, stretch, done, MIN(fit + may_wait, most - done->flushes));

    done->flushes += n;
    done->t_s += (double)n * flush->work_s;
    done->level += (double)n * flush->gain;
    if (done->level > capacity) {
        done->level -= flush->step_bytes;
        done->t_s += flush->step_s;
        done->waits++;
    }
    return n > 0;
}

/* What add, flush, elapse, put and wait come to: from one wait to the next, and many at a time. */
static guint64
add_flushes(QemuFile *file, const PageStretch *stretch)
{
    SendBuffer *socket = &file->socket;
    const guint64 most = stretch->pages / file->flush_pages;
    Progress done = {.level = socket->level_bytes, .t_s = file->t_s};
    gboolean skipped = FALSE;
    Flush flush;

    if (file->urgent.level_bytes > 0 || !flush_of(file, stretch, &flush))
        return 0;
    while (done.flushes < most && done.t_s <= file->reach.until_s &&
           file->ahead_waits + done.waits < file->reach.max_batches) {
        const gboolean empty = runs_empty(&flush, &done);
        const guint waits = empty || skipped ? 0 : waits_in_time(file, stretch, &flush, &done, most);
        skipped |= !empty; /* what is left afterwards is few */
        if (waits > 1)
            skip_waits(file, &flush, &done, waits);
        else if (!(empty ? step_flush(file, stretch, &flush, &done) : step_flushes(file, stretch, &flush, &done, most)))
            break;
    }
    const double put = (double)done.flushes * flush.bytes, left = put - (done.level - socket->level_bytes);
    socket->put_bytes += put;
    socket->drained_bytes += left;
    socket->level_bytes = done.level;
    file->ahead_bytes += left;
    file->ahead_busy_s += (double)done.flushes * flush.work_s;
    file->ahead_waits += done.waits;
    file->t_s = done.t_s;
    return done.flushes * file->flush_pages;
}

guint64
qemu_file_add_stretch(QemuFile *file, const PageStretch *stretch)
{
    if (qemu_file_waits(file) || file->packets.multifd)
        return 0;
    return stretch->content ? add_flushes(file, stretch) : add_zero_pages(file, stretch);
}

double
qemu_file_position(const QemuFile *file)
{
    return file->socket.put_bytes + file->unput_bytes + file->outbox_bytes;
}
