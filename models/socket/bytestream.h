/* What carries the bytes of one direction: a shared-memory data buffer's content and an abstract TCP byte stream.
 *
 * Bytes are named by their position in the application's stream, and neighbours are kept as runs [from, to), so that
 * the same code serves an explorer with buffers of two bytes and a world with buffers of megabytes, and a state stays a
 * plain struct that can be copied and hashed. Empty runs are {0, 0}: equal states have equal bytes.
 * Source: the patent CN101859263A leaves TCP to the operating system ("按操作系统常规流程"); what it needs of it is a
 * reliable, ordered byte stream with a bound on what it holds.
 *
 * Scope: no loss, no congestion control, no segments on the wire: the world gives every delivery its time.
 */
#ifndef TANDEM_MODELS_SOCKET_BYTESTREAM_H
#define TANDEM_MODELS_SOCKET_BYTESTREAM_H

#include <glib.h>

#define BYTESTREAM_RUNS 6 /* chosen: the safe reading needs one run; literal resends add at most one each */

typedef struct {
    guint64 from, to; /* stream positions, to is beyond the last byte */
} ByteRun;

typedef struct {
    ByteRun run[BYTESTREAM_RUNS]; /* in flight and arrived, oldest first */
    guint64 arrived;              /* how many of these bytes have reached the receiver's kernel */
    guint8 runs;
    guint8 fin;         /* the sender's FIN follows the last byte */
    guint8 fin_arrived; /* … and has reached the receiver */
    guint8 reset;       /* the receiver has closed: what is sent is thrown away */
    guint8 overflow;    /* more than BYTESTREAM_RUNS runs were needed: a run was dropped */
    guint8 unused[3];
} TcpStream;

static inline guint64
bytestream_run_bytes(const ByteRun *run)
{
    return run->to - run->from;
}

/* Removes n bytes from the front of a run; an emptied run becomes {0, 0}. */
void bytestream_run_skip(ByteRun *run, guint64 n);

/* Appends [from, from + n) to a buffer's content, which must end at from unless it is empty. */
void bytestream_run_append(ByteRun *run, guint64 from, guint64 n);

guint64 bytestream_tcp_bytes(const TcpStream *tcp);     /* in flight and arrived */
guint64 bytestream_tcp_in_flight(const TcpStream *tcp); /* not yet at the receiver */
void bytestream_tcp_push(TcpStream *tcp, ByteRun run);

/* Moves up to limit bytes (and then the FIN) to the receiver; returns the bytes that arrived now. */
guint64 bytestream_tcp_deliver(TcpStream *tcp, guint64 limit);

/* The arrived bytes at the head, at most one run of them; {0, 0} when none. */
ByteRun bytestream_tcp_head(const TcpStream *tcp);
void bytestream_tcp_skip(TcpStream *tcp, guint64 n); /* n at most the head's bytes */

/* The receiver is gone: everything in the stream is thrown away, and the sender will be told. Returns those bytes. */
guint64 bytestream_tcp_reset(TcpStream *tcp);

gboolean bytestream_tcp_holds(const TcpStream *tcp, guint64 position);

#endif
