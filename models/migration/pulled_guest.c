#include "models/migration/pulled_guest.h"

#include <math.h>

void
pulled_guest_begin(PulledGuest *guest, const guint64 *missing, gsize n_words, guint64 host_pages, guint processors,
                   DirtyLog *log, const RandomStream *random)
{
    guest->log = log;
    guest->faults = faults_new(missing, n_words, host_pages, processors, log, random);
    guest->wanted = g_array_new(FALSE, FALSE, sizeof(guint64));
}

void
pulled_guest_end(PulledGuest *guest)
{
    if (guest->faults)
        guest->counts = faults_counts(guest->faults);
    g_clear_pointer(&guest->faults, faults_free);
    g_clear_pointer(&guest->wanted, g_array_unref);
}

gboolean
pulled_guest_is_due(const PulledGuest *guest, double drained_bytes)
{
    return !guest->handed_over && drained_bytes >= guest->package_bytes - 0.5;
}

void
pulled_guest_start(PulledGuest *guest, double now_s)
{
    if (!guest->handed_over || guest->started)
        return;
    guest->started = TRUE;
    faults_start(guest->faults, now_s);
}

double
pulled_guest_bytes_to_event(PulledGuest *guest, const QemuFile *file)
{
    if (!guest->handed_over)
        return guest->package_bytes - file->socket.drained_bytes;
    const double event_s = MIN(faults_next_s(guest->faults), faults_request_s(guest->faults));
    const double by_time = MAX(event_s - file->t_s, 0) * file->reach.rate_Bps;
    const double here = faults_awaited_bytes(guest->faults, FALSE) - file->socket.drained_bytes;
    const double beside = faults_awaited_bytes(guest->faults, TRUE) - file->urgent.drained_bytes;
    return MIN(by_time, MIN(qemu_file_wire_bytes(file, here), qemu_file_urgent_wire_bytes(file, beside)));
}

/* Here, not by the owner: faults are many, and only the log sees it. */
static void
stand_or_run(PulledGuest *guest, double t_s)
{
    const double waits = faults_waiting(guest->faults);

    if (guest->waits == waits)
        return;
    guest->waits = waits;
    dirty_hold(guest->log, t_s, waits);
}

void
pulled_guest_look(PulledGuest *guest, const QemuFile *file)
{
    const double t_s = file->t_s, soon_s = t_s + 1e-9;

    faults_follow(guest->faults, t_s);
    (void)faults_arrive(guest->faults, t_s, file->socket.drained_bytes, file->urgent.drained_bytes);
    while (guest->handed_over && faults_request_s(guest->faults) <= soon_s) {
        const guint64 page = faults_take_request(guest->faults);
        g_array_append_val(guest->wanted, page);
    }
    if (faults_next_s(guest->faults) <= soon_s)
        faults_stop(guest->faults, t_s, file->reach.latency_s);
    stand_or_run(guest, t_s);
}

double
pulled_guest_look_alone(PulledGuest *guest, double now_s)
{
    faults_follow(guest->faults, now_s);
    if (faults_next_s(guest->faults) <= now_s + 1e-9)
        faults_stop(guest->faults, now_s, INFINITY);
    stand_or_run(guest, now_s);
    return faults_next_s(guest->faults);
}

void
pulled_guest_lose_streams(PulledGuest *guest)
{
    faults_lose_streams(guest->faults);
    g_array_set_size(guest->wanted, 0);
}

gboolean
pulled_guest_is_asking(const PulledGuest *guest)
{
    return guest->wanted->len > 0;
}

gboolean
pulled_guest_take_wanted(PulledGuest *guest, guint64 *page)
{
    if (!pulled_guest_is_asking(guest))
        return FALSE;
    *page = g_array_index(guest->wanted, guint64, 0);
    g_array_remove_index(guest->wanted, 0);
    return TRUE;
}
