/* QEMU's outgoing stream, QEMUFile on a TCP socket, and the time its writer spends.
 *
 * Source: QEMU 7.2 migration/qemu-file.c: pages are collected and written to the socket 32 at a time (MAX_IOV_SIZE 64,
 * two vectors a page), small items when 32 KiB of them have come together (IO_BUF_SIZE). A write blocks while the
 * socket is full (send_buffer.h).
 *
 *   now_s  where the owner of the machine is
 *   t_s    where the writer is: now_s and what it has gone ahead of its owner, who makes up for it with one COPY_SEND
 *   B      the socket's capacity
 *
 *   U      what a second channel holds, which post-copy's preemption has for pages that are asked for: the wire is
 *          shared evenly while both have something, and who writes to it never waits
 *
 * With multifd (multifd.h) this is the main channel, beside those that pages go over in packets: the one that is being
 * filled is not a channel's yet, and stays as it is at the end of an iteration.
 *
 * Scope: one writer; the rate of the wire is what the owner expects until it says otherwise.
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_FILE_H
#define TANDEM_MODELS_MIGRATION_QEMU_FILE_H

#include "models/migration/copy.h"
#include "models/migration/multifd.h"
#include "models/migration/send_buffer.h"

#define QEMU_FILE_SMALL_BYTES 32768.0 /* IO_BUF_SIZE */

/* What is on its way to multifd's channels (migration/multifd-nocomp.c, multifd_ram_send). */
typedef struct {
    Multifd *multifd;       /* borrowed; NULL: pages go over the main channel */
    guint most_pages;       /* in a packet */
    guint pages;            /* in the one that is being filled, */
    double bytes;           /* on the wire, and */
    double work_s;          /* what a channel will have to do for it */
    gboolean waits;         /* it is to be handed over, when a channel is free */
    gboolean syncs, synced; /* channels are to be synchronized behind it; they have been told */
    double sync_bytes;      /* of the packet by which they are */
} QemuPackets;

typedef struct {
    SendBuffer socket;
    SendBuffer urgent; /* of that second channel; nobody looks at its capacity */
    guint flush_pages;
    CopyReach reach;
    double now_s, t_s;

    double ahead_bytes;  /* left the socket */
    double ahead_busy_s; /* passed that no wire can shorten */
    guint ahead_waits;

    guint outbox_pages;                      /* collected, not flushed; only those with their content */
    double outbox_bytes, outbox_small_bytes; /* all of them; those of small items */
    double outbox_work_s;
    double unput_bytes; /* flushed, waiting for room in the socket */

    QemuPackets packets;
} QemuFile;

/* Pages that are alike, and the clock that is looked at between them. */
typedef struct {
    guint64 pages;
    gboolean content; /* FALSE: zero pages, which are small items */
    double page_bytes, page_work_s;
    guint64 first;     /* the first one's number in its iteration */
    guint check_pages; /* the clock is looked at after each page whose number is a multiple of this … */
    double late_s;     /* … and ends the iteration when it shows this; INFINITY: never */
    double event_s;    /* the writer waits for the wire only if it is back before this */
} PageStretch;

/* The owner's time; max_batches of reach: waits for the wire that may be gone ahead. */
void qemu_file_resume(QemuFile *file, double now_s, const CopyReach *reach);

/* The writer works or sleeps. */
void qemu_file_elapse(QemuFile *file, double duration_s);
/* The writer waits until the wire has taken so much, of both channels. */
void qemu_file_wait(QemuFile *file, double bytes);

/* What the wire takes until so much has left the socket, >= bytes, and until so much has left the second one. */
double qemu_file_wire_bytes(const QemuFile *file, double bytes);
double qemu_file_urgent_wire_bytes(const QemuFile *file, double bytes);
/* Into the second channel, at once. */
void qemu_file_add_urgent(QemuFile *file, double bytes);

/* The writer must wait, for room in the socket or for channels. */
gboolean qemu_file_waits(const QemuFile *file);

/* Pages for the packet, at most as many as still go into it: on the wire, a channel's work for them, the writer's. */
void qemu_file_pack(QemuFile *file, guint pages, double bytes, double channel_work_s, double work_s);
guint qemu_file_packet_room(const QemuFile *file);
/* Hands the packet to a channel, and synchronizes all of them behind it (multifd_ram_flush_and_sync); packet_bytes are
 * added to one that has pages. FALSE: the writer must wait for that. */
gboolean qemu_file_hand_packet(QemuFile *file);
gboolean qemu_file_sync_channels(QemuFile *file, double sync_bytes);
/* Waits for what qemu_file_put waits for of the channels, if it is that. FALSE: it is not. */
gboolean qemu_file_wait_for_channels(QemuFile *file);
/* What the channels hold is the main one's from now on: pages go over it. */
void qemu_file_leave_channels(QemuFile *file);

/* In all sockets. */
double qemu_file_level_bytes(const QemuFile *file);
/* Into all sockets, since the beginning. */
double qemu_file_put_bytes(const QemuFile *file);
/* What QEMU counts as transferred (migration_transferred_bytes): of packets the ones that have been written, or handed
 * over. */
double qemu_file_transferred_bytes(const QemuFile *file, gboolean written);

/* The connection is lost with all that has not arrived, which counts as sent. */
void qemu_file_lose(QemuFile *file);

gboolean qemu_file_may_go_further(const QemuFile *file);
/* t_s is what the owner's time will be: the wire keeps its rate until then. */
gboolean qemu_file_is_sure(const QemuFile *file);
/* The owner does what the writer has gone ahead: until t_s, or as long as the wire then takes. FALSE: it has not. */
gboolean qemu_file_catch_up(QemuFile *file, CopyAction *action);
/* The same after a sleep, which ends at t_s however fast the wire is. */
gboolean qemu_file_catch_up_until(QemuFile *file, CopyAction *action);

/* Collects pages, at most as many as qemu_file_room says, and flushes when there are enough. */
void qemu_file_add(QemuFile *file, guint pages, gboolean content, double bytes, double work_s);
/* Of pages with content, before the next flush. */
guint qemu_file_room(const QemuFile *file);
/* Device state, an end of section: to the outbox, and all of it to the socket. */
void qemu_file_add_section(QemuFile *file, double bytes);
/* Into the socket as it has room. FALSE: the writer must wait for the wire. */
gboolean qemu_file_put(QemuFile *file);

/* The same as many calls of add and put, for pages of a stretch between which nothing else happens: no page after which
 * the clock shows late_s, no part of a flush, no wait that may not be gone ahead. Returns how many; 0: none can go so.
 */
guint64 qemu_file_add_stretch(QemuFile *file, const PageStretch *stretch);

/* Bytes before the next one that is added. */
double qemu_file_position(const QemuFile *file);

#endif
