/* What the channels of QEMU's multifd hold: packets that the main thread has handed over and no channel has written
 * whole yet. Their pages are neither dirty nor sent.
 *
 * Source: QEMU 10.0 migration/multifd.c. multifd_send: the main thread waits until a channel is free, looks for it from
 * the one after the last, and gives it a packet; a channel has one at a time (pending_job). multifd_send_thread: it
 * prepares the packet (it looks for zero pages, compresses), writes it to its own connection, which blocks while the
 * socket is full, counts its bytes (mig_stats.multifd_bytes), and is free. multifd_send_sync_main: the main thread
 * waits until each channel has written what it has, and a packet without pages behind that (MULTIFD_FLAG_SYNC).
 *
 *   L_i  bytes of channel i's packet that it has not written, work_s the work before it writes
 *   q_i  what its socket holds (send_buffer.h): a channel that found it full sleeps until a third of it is free
 *   W    the wire's rate, which all sockets that hold something share evenly
 *   C    cores that the sending threads have together: k that work go at min(1, C / k)
 *
 * With W the bound all channels sleep most of the time, each somewhere in its packet, so that n packets of L bytes hold
 * n L / 2 on average when the guest is stopped, and the last one is written n / (n + 1) of n L / W later, not half of
 * it.
 *
 * Scope: channels are alike but for their sockets; all of a packet's work is done before its first byte is written;
 * a write takes no time but its waits.
 */
#ifndef TANDEM_MODELS_MIGRATION_MULTIFD_H
#define TANDEM_MODELS_MIGRATION_MULTIFD_H

#include "models/base/random.h"
#include "models/migration/send_buffer.h"

/* Of the sockets: all have the same wake share and segments, and a capacity each. */
typedef struct {
    double wake_share, segment_bytes;
    RandomStream phases; /* where the segments' bounds lie, anew for each wake of each channel; copied */
} MultifdSockets;

/* Until when multifd_run goes on. */
typedef enum {
    MULTIFD_ALWAYS,
    MULTIFD_UNTIL_FREE, /* a channel is */
    MULTIFD_UNTIL_IDLE  /* all are: what was handed over is in the sockets */
} MultifdUntil;

typedef struct {
    double wire_Bps; /* > 0 */
    double cores;    /* > 0 */
} MultifdPace;

typedef struct Multifd Multifd;

/* n >= 1 channels with a socket of so many bytes each, an array of n. */
Multifd *multifd_new(guint n, const double *buffer_bytes, const MultifdSockets *sockets);
void multifd_free(Multifd *multifd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Multifd, multifd_free)

gboolean multifd_has_free(const Multifd *multifd);
gboolean multifd_is_idle(const Multifd *multifd);

/* Gives a packet to the next channel that is free, of which there must be one; it writes what its socket takes at once
 * when there is no work. */
void multifd_hand(Multifd *multifd, double bytes, double work_s);
/* Each channel writes so much behind what it has, without work: a synchronization, once until all are idle again. */
void multifd_sync(Multifd *multifd, double bytes);

/* Lets so much time pass, or less when what is waited for comes before, and returns how much did. beside: a socket that
 * shares the wire, and nothing is put into meanwhile. Adds to *drained_bytes what left all sockets, that one included.
 */
double multifd_run(Multifd *multifd, const MultifdPace *pace, SendBuffer *beside, double most_s, MultifdUntil until,
                   double *drained_bytes);

/* What the wire takes until so much has left a socket beside, if nothing is put into any. */
double multifd_wire_bytes(const Multifd *multifd, double bytes);

/* In the sockets; handed over, and in no socket yet. */
double multifd_level_bytes(const Multifd *multifd);
double multifd_held_bytes(const Multifd *multifd);
/* Since the beginning: put into sockets; handed over; of packets that were written whole. QEMU counts the last (since
 * 8.2, mig_stats.multifd_bytes), or what was handed over (before, multifd_send_pages). */
double multifd_put_bytes(const Multifd *multifd);
double multifd_handed_bytes(const Multifd *multifd);
double multifd_written_bytes(const Multifd *multifd);

#endif
