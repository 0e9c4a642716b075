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

/* Whole flushes, in plain numbers: what add, flush, elapse, put and wait come to when each flush fits into what a wait
 * makes free. */
static guint64
add_flushes(QemuFile *file, const PageStretch *stretch)
{
    SendBuffer *socket = &file->socket;
    const guint flush_pages = file->flush_pages, check_pages = stretch->check_pages;
    const double bytes = flush_pages * stretch->page_bytes, work_s = flush_pages * stretch->page_work_s;
    const double rate_Bps = file->reach.rate_Bps, drained = rate_Bps * work_s;
    const double step_bytes = (1 - socket->wake_share) * socket->capacity_bytes, step_s = step_bytes / rate_Bps;
    const guint64 most = stretch->pages / flush_pages;
    guint64 to_check = (check_pages - stretch->first % check_pages) % check_pages; /* pages before the next such page */
    double level = socket->level_bytes, t_s = file->t_s;
    guint waits = 0;
    guint64 n = 0;

    if (bytes > step_bytes)
        return 0;
    for (; n < most; n++) {
        for (; to_check < flush_pages; to_check += check_pages)
            if (t_s + (double)(to_check + 1) * stretch->page_work_s >= stretch->late_s)
                break;
        if (to_check < flush_pages)
            break;
        to_check -= flush_pages;
        t_s += work_s;
        level = MAX(level - drained, 0) + bytes;
        if (level <= socket->capacity_bytes)
            continue;
        level -= step_bytes;
        t_s += step_s;
        waits++;
        if (t_s > file->reach.until_s || file->ahead_waits + waits >= file->reach.max_batches) {
            n++;
            break;
        }
    }
    const double put = (double)n * bytes, left = put - (level - socket->level_bytes);
    socket->put_bytes += put;
    socket->drained_bytes += left;
    socket->level_bytes = level;
    file->ahead_bytes += left;
    file->ahead_busy_s += (double)n * work_s;
    file->ahead_waits += waits;
    file->t_s = t_s;
    return n * flush_pages;
}

guint64
qemu_file_add_stretch(QemuFile *file, const PageStretch *stretch)
{
    if (file->unput_bytes > 0)
        return 0;
    if (!stretch->content)
        return add_zero_pages(file, stretch);
    return file->outbox_bytes > 0 ? 0 : add_flushes(file, stretch);
}

double
qemu_file_position(const QemuFile *file)
{
    return file->socket.put_bytes + file->unput_bytes + file->outbox_bytes;
}
