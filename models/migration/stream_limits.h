/* How fast a migration's bytes can go, from the main thread that finds pages to the threads that receive them, and what
 * each of these threads takes of a processor.
 *
 * Sources: QEMU 9.2 migration/multifd.c (the main thread scans the bitmap and hands pages to n sending threads, each
 * with a connection and a receiving thread of its own) and multifd TLS (the sending thread encrypts); without multifd
 * one thread scans, encrypts and writes. cloud-hypervisor's connections and vMotion's streams are the same pipeline.
 * TLS 1.3 (RFC 8446, section 5) puts 5 + 16 + 1 bytes to a record of at most 2^14, TLS 1.2 with AES-GCM 29.
 *
 *   user's key       | here              | unit | meaning
 *   channels         | n                 |      | sending threads, 1 to 255
 *   page_work        | m, main_spB       | s/B  | of the main thread, for each byte: a page's work over its bytes
 *   channel_rate     | 1/c               | B/s  | of a sending thread with a whole core
 *   receive_rate     | 1/d               | B/s  | of a receiving one
 *   encryption.rate  | 1/e               | B/s  | of a whole core that encrypts; receive_rate 1/f, that decrypts
 *   tunnels          | t                 |      | processes at either end that encrypt for the channels
 *   compression.rate | 1/z               | B/s  | of a whole core, in pages' bytes; receive_rate 1/y, that expands
 *   compression.ratio| q                 |      | bytes of a page over what is left of them, >= 1
 *                    | P, H              | B    | a page, and the header that goes with it uncompressed
 *                    | g_k               |      | share of a core that a thread of stage k may have, 0 < g_k <= 1
 *                    | W                 | B/s  | what the wire gives the migration's streams
 *
 *   stage               | at          | threads | work for a byte               | at most
 *   main                | source      | 1       | m; unless apart also c, and e | g / work
 *   channels, apart     | source      | n       | c, and e of place "channel"   | n g / work
 *   tunnel              | source      | t       | e of place "tunnel"           | t g / work
 *   card                | both        | 0       |                               | the smaller of 1/e and 1/f
 *   receive             | destination | n       | d, and f of place "channel"   | n g / work
 *   receiving tunnel    | destination | t       | f of place "tunnel"           | t g / work
 *
 * Compression adds work to these. In the channel (QEMU's multifd-compression, multifd-zlib.c and multifd-zstd.c: each
 * sending thread has a stream of its own, which it flushes with each packet, and each receiving one expands) a page is
 * H + P / q bytes of the stream, all else is of those, and z P / (H + P / q) more where the channel sends, y instead of
 * z where it receives. In the tunnel (ssh -C) the stream is what it was, the tunnels have z more for each of its bytes,
 * 1 / q of it is on the wire, and what encrypts behind them, e / q, has that much less to do. On a card
 * (multifd-qatzip.c, multifd-qpl.c, multifd-uadk.c) pages are as in the channel, and the stage card lets through the
 * smaller of 1/z and 1/y in pages' bytes. A card with a queue of its own (StreamCard) is no stage: what it answers is
 * on nobody's processors, and at the destination, where it has none, the receiving threads have f or y. Pages known to
 * be zero are not compressed; H is not either.
 *
 * The stages work at the same time on different bytes, so that the stream goes at the smallest of these and of W. Where
 * there is one channel, and no packets, the main thread sends as well: n > 1 and multifd's n = 1 are apart. It sends,
 * and its two kinds of work add up: r = g / (m + c + e), QEMU's without multifd. A thread that works and sends by turns
 * (Xen's saver: it maps a batch, then writes it and waits) besides waits for the wire: 1/r = m + max(1/W, c + e, the
 * other stages') with g = 1; given less than it wants, r (m + c + e), it goes so much slower altogether.
 *
 * Scope: rates are means over many pages: no queue between stages runs empty or full, a page's pieces have no latency
 * of their own. All channels are alike, and what the main thread finds goes to whichever is free. Memory bandwidth,
 * NUMA nodes and the interrupts of the network card bound nothing. Pages that post-copy brings go over the same
 * channels.
 */
#ifndef TANDEM_MODELS_MIGRATION_STREAM_LIMITS_H
#define TANDEM_MODELS_MIGRATION_STREAM_LIMITS_H

#include <glib.h>

typedef struct StreamCard StreamCard; /* whoever runs the migration knows what it is */

typedef enum { ENCRYPTION_IN_CHANNEL, ENCRYPTION_IN_TUNNEL, ENCRYPTION_ON_CARD } EncryptionPlace;

typedef struct {
    EncryptionPlace place;
    double rate_Bps;         /* of a whole core, or of the card, > 0; NAN: the card with its queues says it */
    double receive_rate_Bps; /* the same at the destination; NAN: as rate_Bps */
    StreamCard *card;        /* NULL: no more of it is known than a rate */
    guint tunnels;           /* 0: one */
    double overhead;         /* bytes on the wire beyond each of the stream's, >= 0; NAN: none */
} Encryption;

typedef enum { COMPRESSION_ZLIB, COMPRESSION_ZSTD, COMPRESSION_XBZRLE } CompressionMethod;
typedef enum { COMPRESSION_IN_CHANNEL, COMPRESSION_IN_TUNNEL, COMPRESSION_ON_CARD } CompressionPlace;

/* Of pages with content. Of xbzrle (xbzrle.h) the main thread's machine takes the time, and there is no ratio. */
typedef struct {
    CompressionMethod method;
    CompressionPlace place;
    double ratio;            /* bytes of such pages over what they are compressed to, >= 1 */
    double rate_Bps;         /* of a whole core that compresses, in bytes before it; NAN: it takes no time */
    double receive_rate_Bps; /* of one that expands, in bytes after it; NAN: it takes no time */
    double cache_bytes;      /* xbzrle: of pages as they were sent */
    StreamCard *card;        /* on a card: NULL: no more of it is known than a rate */
} Compression;

/* A page with content. */
typedef struct {
    double bytes;        /* in memory */
    double header_bytes; /* with it in the stream */
    double ratio;        /* >= 1: by which this guest's pages are compressed; 1 where nothing is */
} StreamPage;

/* What a user says of a migration's streams. */
typedef struct {
    guint channels;           /* 0: one */
    guint packet_pages;       /* > 0: QEMU's multifd, which has a thread of its own for one channel too */
    double channel_rate_Bps;  /* NAN: sending takes no processor */
    double receive_rate_Bps;  /* NAN: receiving takes none */
    Encryption *encryption;   /* NULL: none */
    Compression *compression; /* NULL: none */
} StreamRules;

typedef enum {
    STREAM_WIRE,
    STREAM_CABLES, /* of the wire: too few of the cables side by side were drawn */
    STREAM_MAIN,
    STREAM_CHANNELS,
    STREAM_TUNNEL,
    STREAM_CARD,
    STREAM_RECEIVE,
    STREAM_RECEIVING_TUNNEL,
    N_STREAM_STAGES
} StreamStage;

typedef struct {
    guint threads[N_STREAM_STAGES];   /* that the stage has; 0: none */
    double work_spB[N_STREAM_STAGES]; /* of whichever of its threads has the byte */
    double main_spB;                  /* of the main thread's work, what is not sending */
    double card_Bps;                  /* INFINITY: there is none */
    gboolean by_turns;                /* the main thread works and sends by turns */
} StreamPipe;

/* What there is of a core for a thread of each stage. */
typedef struct {
    double share[N_STREAM_STAGES]; /* 0 < … <= 1 */
} StreamCores;

typedef struct {
    double rate_Bps;   /* at which the stream goes */
    StreamStage bound; /* the stage that does not let it go faster; the first of several */
    double held_Bps;   /* by the stages behind the main thread, without the wire; INFINITY: by none */
    double behind_Bps; /* the same, without the channels' as well */
    double main_speed; /* of one that works by turns, 0 < … <= 1: what it is given of what it wants */
} StreamLimit;

/* "wire", "channels", …, as users read it. */
const char *stream_stage_word(StreamStage stage);
/* Whether the stage's threads are at the source. */
gboolean stream_stage_is_sender(StreamStage stage);

guint stream_channels(const StreamRules *rules);
/* Whether other threads send than the one that looks for pages. */
gboolean stream_sends_apart(const StreamRules *rules);
/* Connections on the wire: of the channels, or of the tunnels that they share. */
guint stream_flows(const StreamRules *rules);
/* Bytes on the wire for each of the stream's, of a guest whose pages are compressed by that ratio: below 1 where a
 * tunnel compresses what it is given. */
double stream_wire_share(const StreamRules *rules, double ratio);
/* Whether whoever puts pages into the stream compresses them before. */
gboolean stream_compresses_pages(const StreamRules *rules);
/* Whether of a page that was sent before only what has changed goes: xbzrle. */
gboolean stream_encodes_changes(const StreamRules *rules);
/* In the stream, with its header. */
double stream_page_bytes(const StreamRules *rules, const StreamPage *page);
/* Whether nothing is said of them: one channel that takes no processor. */
gboolean stream_is_plain(const StreamRules *rules);
/* Processor time of a byte's sending in the thread that sends it, s; without its compression. */
double stream_send_spB(const StreamRules *rules);
/* Processor time of a page's compression in the thread that sends it, s. */
double stream_compress_s(const StreamRules *rules, double page_bytes);

/* main_spB: >= 0; by_turns: what a single channel's main thread does. Without compression: */
StreamPipe stream_pipe(const StreamRules *rules, double main_spB, gboolean by_turns);
/* which this adds, of a stream of such pages. */
void stream_pipe_compress(StreamPipe *pipe, const StreamRules *rules, const StreamPage *page);
StreamCores stream_whole_cores(void);
StreamLimit stream_limit(const StreamPipe *pipe, const StreamCores *cores, double wire_Bps);
/* What a thread of the stage wants of a core while the stream goes at that rate, 0 to 1. */
double stream_wants(const StreamPipe *pipe, StreamStage stage, double rate_Bps);
/* Processor time of so many bytes at the source (sender) or the destination, but for main_spB, s. */
double stream_work_s(const StreamPipe *pipe, gboolean sender, double bytes);

#endif
