#include "models/migration/qemu_file.h"

#include <math.h>

void
qemu_file_resume(QemuFile *file, double now_s, const CopyReach *reach)
{
    file->now_s = file->t_s = now_s;
    file->reach = *reach;
}

void
qemu_file_elapse(QemuFile *file, double duration_s)
{
    file->ahead_bytes += send_buffer_drain(&file->socket, file->reach.rate_Bps * duration_s);
    file->ahead_busy_s += duration_s;
    file->t_s += duration_s;
}

void
qemu_file_wait(QemuFile *file, double bytes)
{
    const double drained = send_buffer_drain(&file->socket, bytes);

    file->ahead_bytes += drained;
    file->ahead_waits++;
    file->t_s += drained / file->reach.rate_Bps;
}

gboolean
qemu_file_may_go_further(const QemuFile *file)
{
    return file->t_s <= file->reach.until_s && file->ahead_waits < file->reach.max_batches;
}

gboolean
qemu_file_catch_up(QemuFile *file, CopyAction *action)
{
    if (file->ahead_bytes < 1 && file->ahead_busy_s <= 0)
        return FALSE;
    *action = (CopyAction){.kind = COPY_SEND, .bytes = file->ahead_bytes, .until_s = file->now_s + file->ahead_busy_s};
    file->ahead_bytes = file->ahead_busy_s = 0;
    file->ahead_waits = 0;
    return TRUE;
}

gboolean
qemu_file_catch_up_until(QemuFile *file, CopyAction *action)
{
    file->ahead_busy_s = MAX(file->t_s - file->now_s, 1e-9);
    return qemu_file_catch_up(file, action);
}

/* Hands what was collected to the socket. */
static void
flush(QemuFile *file)
{
    qemu_file_elapse(file, file->outbox_work_s);
    file->unput_bytes += file->outbox_bytes;
    file->outbox_bytes = file->outbox_work_s = 0;
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
    file->outbox_work_s += work_s;
    if (file->outbox_pages >= file->flush_pages ||
        (file->outbox_pages == 0 && file->outbox_bytes >= QEMU_FILE_SMALL_BYTES))
        flush(file);
}

void
qemu_file_add_section(QemuFile *file, double bytes)
{
    file->outbox_bytes += bytes;
    flush(file);
}

gboolean
qemu_file_put(QemuFile *file)
{
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
    const double to_flush = (QEMU_FILE_SMALL_BYTES - file->outbox_bytes) / stretch->page_bytes - 1;
    const double most = MIN(in_time, file->outbox_pages > 0 ? INFINITY : to_flush);

    if (!(most >= 1))
        return 0;
    const guint64 pages = MIN(stretch->pages, (guint64)MIN(most, 0x1p32));
    file->outbox_bytes += (double)pages * stretch->page_bytes;
    file->outbox_work_s += (double)pages * stretch->page_work_s;
    return pages;
}

/* Whole flushes of a stretch as plain numbers. */
typedef struct {
    double bytes, work_s;   /* of one */
    double drained;         /* that leaves a busy socket while one is made */
    double gain, gains_one; /* the level's rise by one, and its inverse; 0: it never fills */
} Flush;

static Flush
flush_of(const QemuFile *file, const PageStretch *stretch)
{
    const double work_s = file->flush_pages * stretch->page_work_s;
    Flush flush = {.bytes = file->flush_pages * stretch->page_bytes, .work_s = work_s};

    flush.drained = file->reach.rate_Bps * work_s;
    flush.gain = flush.bytes - flush.drained;
    flush.gains_one = flush.gain > 0 ? 1 / flush.gain : 0;
    return flush;
}

/* How many of the next n flushes, after `done` pages and beginning at t_s, no look at the clock ends. */
static guint64
flushes_in_time(const PageStretch *stretch, guint flush_pages, guint64 done, double t_s, guint64 n)
{
    const guint check_pages = stretch->check_pages;

    if (t_s + (double)(n * flush_pages + 1) * stretch->page_work_s < stretch->late_s) /* nearly always */
        return n;
    const guint64 to_check = (check_pages - (stretch->first + done) % check_pages) % check_pages;
    if (to_check >= flush_pages)
        return 1;
    const guint64 last = to_check + (flush_pages - 1 - to_check) / check_pages * check_pages;
    return t_s + (double)(last + 1) * stretch->page_work_s < stretch->late_s;
}

/* What add, flush, elapse, put and wait come to when each flush fits into what a wait makes free: from one wait to the
 * next. */
static guint64
add_flushes(QemuFile *file, const PageStretch *stretch)
{
    SendBuffer *socket = &file->socket;
    const Flush flush = flush_of(file, stretch);
    const double step_bytes = (1 - socket->wake_share) * socket->capacity_bytes;
    const double step_s = step_bytes / file->reach.rate_Bps;
    const guint64 most = stretch->pages / file->flush_pages;
    double level = socket->level_bytes, t_s = file->t_s;
    guint waits = 0;
    guint64 n = 0;

    if (flush.bytes > step_bytes)
        return 0;
    while (n < most) {
        const gboolean busy = level >= flush.drained && flush.gain > 0;
        const guint64 fit = busy ? (guint64)((socket->capacity_bytes - level) * flush.gains_one) : 0;
        const gboolean may_wait = t_s + (double)(fit + 1) * flush.work_s + step_s < stretch->event_s;
        const guint64 wanted = MIN(fit + may_wait, most - n);
        const guint64 k = flushes_in_time(stretch, file->flush_pages, n * file->flush_pages, t_s, wanted);
        if (k == 0)
            break;
        n += k;
        t_s += (double)k * flush.work_s;
        level = busy ? level + (double)k * flush.gain : MAX(level - flush.drained, 0) + flush.bytes;
        if (level <= socket->capacity_bytes)
            continue;
        level -= step_bytes;
        t_s += step_s;
        waits++;
        if (t_s > file->reach.until_s || file->ahead_waits + waits >= file->reach.max_batches)
            break;
    }
    const double put = (double)n * flush.bytes, left = put - (level - socket->level_bytes);
    socket->put_bytes += put;
    socket->drained_bytes += left;
    socket->level_bytes = level;
    file->ahead_bytes += left;
    file->ahead_busy_s += (double)n * flush.work_s;
    file->ahead_waits += waits;
    file->t_s = t_s;
    return n * file->flush_pages;
}

guint64
qemu_file_add_stretch(QemuFile *file, const PageStretch *stretch)
{
    if (file->unput_bytes > 0)
        return 0;
    return stretch->content ? add_flushes(file, stretch) : add_zero_pages(file, stretch);
}

double
qemu_file_position(const QemuFile *file)
{
    return file->socket.put_bytes + file->unput_bytes + file->outbox_bytes;
}
