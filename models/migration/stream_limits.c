#include "models/migration/stream_limits.h"

#include <math.h>

static const struct {
    const char *word;
    gboolean sender;
} stages[N_STREAM_STAGES] = {
    [STREAM_WIRE] = {"wire", FALSE},       [STREAM_CABLES] = {"cables", FALSE},
    [STREAM_MAIN] = {"main", TRUE},        [STREAM_CHANNELS] = {"channels", TRUE},
    [STREAM_TUNNEL] = {"tunnel", TRUE},    [STREAM_CARD] = {"card", FALSE},
    [STREAM_RECEIVE] = {"receive", FALSE}, [STREAM_RECEIVING_TUNNEL] = {"receiving-tunnel", FALSE},
};

const char *
stream_stage_word(StreamStage stage)
{
    return stages[stage].word;
}

gboolean
stream_stage_is_sender(StreamStage stage)
{
    return stages[stage].sender;
}

/* ---- what the user says ---- */

guint
stream_channels(const StreamRules *rules)
{
    return MAX(rules->channels, 1);
}

gboolean
stream_sends_apart(const StreamRules *rules)
{
    return stream_channels(rules) > 1 || rules->packet_pages > 0;
}

static gboolean
encrypts_at(const StreamRules *rules, EncryptionPlace place)
{
    return rules->encryption && rules->encryption->place == place;
}

static guint
tunnels(const StreamRules *rules)
{
    return MAX(rules->encryption->tunnels, 1);
}

static gboolean
compresses_at(const StreamRules *rules, CompressionPlace place)
{
    const Compression *compression = rules->compression;

    return compression && compression->method != COMPRESSION_XBZRLE && compression->place == place;
}

gboolean
stream_compresses_pages(const StreamRules *rules)
{
    return compresses_at(rules, COMPRESSION_IN_CHANNEL) || compresses_at(rules, COMPRESSION_ON_CARD);
}

gboolean
stream_encodes_changes(const StreamRules *rules)
{
    return rules->compression && rules->compression->method == COMPRESSION_XBZRLE;
}

/* Of the bytes that it is given, what a tunnel's compression leaves. */
static double
tunnel_share(const StreamRules *rules, double ratio)
{
    return compresses_at(rules, COMPRESSION_IN_TUNNEL) ? 1 / ratio : 1;
}

guint
stream_flows(const StreamRules *rules)
{
    const guint n = stream_channels(rules);

    if (encrypts_at(rules, ENCRYPTION_IN_TUNNEL))
        return MIN(n, tunnels(rules));
    return compresses_at(rules, COMPRESSION_IN_TUNNEL) ? 1 : n;
}

double
stream_wire_share(const StreamRules *rules, double ratio)
{
    const double encrypted = rules->encryption && rules->encryption->overhead > 0 ? 1 + rules->encryption->overhead : 1;

    return encrypted * tunnel_share(rules, ratio);
}

double
stream_page_bytes(const StreamRules *rules, const StreamPage *page)
{
    return page->header_bytes + page->bytes / (stream_compresses_pages(rules) ? page->ratio : 1);
}

gboolean
stream_is_plain(const StreamRules *rules)
{
    return stream_channels(rules) == 1 && isnan(rules->channel_rate_Bps) && isnan(rules->receive_rate_Bps) &&
           !rules->encryption && !rules->compression;
}

static double
work_at(double rate_Bps)
{
    return isnan(rate_Bps) ? 0 : 1 / rate_Bps;
}

static double
decrypt_Bps(const Encryption *encryption)
{
    return isnan(encryption->receive_rate_Bps) ? encryption->rate_Bps : encryption->receive_rate_Bps;
}

double
stream_send_spB(const StreamRules *rules)
{
    return work_at(rules->channel_rate_Bps) +
           (encrypts_at(rules, ENCRYPTION_IN_CHANNEL) ? 1 / rules->encryption->rate_Bps : 0);
}

static double
receive_spB(const StreamRules *rules)
{
    const gboolean by_card = encrypts_at(rules, ENCRYPTION_ON_CARD) && rules->encryption->card;
    const double decrypts_s = encrypts_at(rules, ENCRYPTION_IN_CHANNEL) ? 1 / decrypt_Bps(rules->encryption)
                              : by_card                                 ? work_at(rules->encryption->receive_rate_Bps)
                                                                        : 0;

    return work_at(rules->receive_rate_Bps) + decrypts_s;
}

double
stream_compress_s(const StreamRules *rules, double page_bytes)
{
    return compresses_at(rules, COMPRESSION_IN_CHANNEL) ? page_bytes * work_at(rules->compression->rate_Bps) : 0;
}

/* ---- the pipeline ---- */

static void
add_stage(StreamPipe *pipe, StreamStage stage, guint threads, double work_spB)
{
    if (work_spB <= 0)
        return;
    pipe->threads[stage] = threads;
    pipe->work_spB[stage] = work_spB;
}

StreamPipe
stream_pipe(const StreamRules *rules, double main_spB, gboolean by_turns)
{
    const guint n = stream_channels(rules);
    const double send_spB = stream_send_spB(rules);
    const gboolean apart = stream_sends_apart(rules);
    StreamPipe pipe = {.main_spB = main_spB, .card_Bps = INFINITY, .by_turns = by_turns && !apart};

    add_stage(&pipe, STREAM_MAIN, 1, apart ? main_spB : main_spB + send_spB);
    if (apart)
        add_stage(&pipe, STREAM_CHANNELS, n, send_spB);
    add_stage(&pipe, STREAM_RECEIVE, n, receive_spB(rules));
    if (encrypts_at(rules, ENCRYPTION_IN_TUNNEL)) {
        add_stage(&pipe, STREAM_TUNNEL, tunnels(rules), 1 / rules->encryption->rate_Bps);
        add_stage(&pipe, STREAM_RECEIVING_TUNNEL, tunnels(rules), 1 / decrypt_Bps(rules->encryption));
    }
    if (encrypts_at(rules, ENCRYPTION_ON_CARD) && !rules->encryption->card)
        pipe.card_Bps = MIN(rules->encryption->rate_Bps, decrypt_Bps(rules->encryption));
    return pipe;
}

/* More work of a stage, which may have had none. */
static void
add_work(StreamPipe *pipe, StreamStage stage, guint threads, double work_spB)
{
    add_stage(pipe, stage, threads, pipe->work_spB[stage] + work_spB);
}

static void
compress_in_channels(StreamPipe *pipe, const StreamRules *rules, const StreamPage *page)
{
    const Compression *compression = rules->compression;
    const guint n = stream_channels(rules);
    const double pages = page->bytes / stream_page_bytes(rules, page); /* bytes of pages for one of the stream's */

    add_work(pipe, stream_sends_apart(rules) ? STREAM_CHANNELS : STREAM_MAIN, n,
             pages * work_at(compression->rate_Bps));
    add_work(pipe, STREAM_RECEIVE, n, pages * work_at(compression->receive_rate_Bps));
}

/* Of two cards, which encrypt and compress, the slower one bounds the stream. */
static void
compress_on_card(StreamPipe *pipe, const StreamRules *rules, const StreamPage *page)
{
    const Compression *compression = rules->compression;
    const double most_Bps = MIN(compression->rate_Bps, compression->receive_rate_Bps);
    const double pages = page->bytes / stream_page_bytes(rules, page);

    if (compression->card) {
        add_work(pipe, STREAM_RECEIVE, stream_channels(rules), pages * work_at(compression->receive_rate_Bps));
        return;
    }
    pipe->card_Bps = MIN(pipe->card_Bps, most_Bps * stream_page_bytes(rules, page) / page->bytes);
}

/* Whoever encrypts behind the compression has less to do. */
static void
compress_in_tunnels(StreamPipe *pipe, const StreamRules *rules, double ratio)
{
    const Compression *compression = rules->compression;
    const guint t = MAX(pipe->threads[STREAM_TUNNEL], 1);

    pipe->work_spB[STREAM_TUNNEL] /= ratio;
    pipe->work_spB[STREAM_RECEIVING_TUNNEL] /= ratio;
    pipe->card_Bps *= ratio;
    add_work(pipe, STREAM_TUNNEL, t, work_at(compression->rate_Bps));
    add_work(pipe, STREAM_RECEIVING_TUNNEL, t, work_at(compression->receive_rate_Bps));
}

void
stream_pipe_compress(StreamPipe *pipe, const StreamRules *rules, const StreamPage *page)
{
    if (compresses_at(rules, COMPRESSION_IN_CHANNEL))
        compress_in_channels(pipe, rules, page);
    else if (compresses_at(rules, COMPRESSION_IN_TUNNEL))
        compress_in_tunnels(pipe, rules, page->ratio);
    else if (compresses_at(rules, COMPRESSION_ON_CARD))
        compress_on_card(pipe, rules, page);
}

StreamCores
stream_whole_cores(void)
{
    StreamCores cores;

    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        cores.share[stage] = 1;
    return cores;
}

static double
stage_Bps(const StreamPipe *pipe, const StreamCores *cores, StreamStage stage)
{
    if (stage == STREAM_CARD)
        return pipe->card_Bps;
    if (pipe->threads[stage] == 0)
        return INFINITY;
    return pipe->threads[stage] * cores->share[stage] / pipe->work_spB[stage];
}

/* Of the main thread's two kinds of work, the larger one has the name. */
static StreamStage
name_of_main(const StreamPipe *pipe)
{
    return pipe->work_spB[STREAM_MAIN] - pipe->main_spB > pipe->main_spB ? STREAM_CHANNELS : STREAM_MAIN;
}

/* What is behind the main thread. */
static StreamLimit
limit_behind(const StreamPipe *pipe, const StreamCores *cores, double wire_Bps)
{
    StreamLimit limit = {wire_Bps, STREAM_WIRE, INFINITY, INFINITY, 1};

    for (int stage = STREAM_CHANNELS; stage < N_STREAM_STAGES; stage++) {
        const double most_Bps = stage_Bps(pipe, cores, (StreamStage)stage);
        limit.held_Bps = MIN(limit.held_Bps, most_Bps);
        if (stage != STREAM_CHANNELS)
            limit.behind_Bps = MIN(limit.behind_Bps, most_Bps);
        if (most_Bps < limit.rate_Bps) {
            limit.rate_Bps = most_Bps;
            limit.bound = (StreamStage)stage;
        }
    }
    return limit;
}

/* 1/r = m + max(1/W, c + e, …), and slower altogether where it is given less than r (m + c + e). */
static StreamLimit
limit_by_turns(const StreamPipe *pipe, const StreamCores *cores, StreamLimit limit)
{
    const double send_spB = pipe->work_spB[STREAM_MAIN] - pipe->main_spB;
    const double sending_Bps = send_spB > 0 ? 1 / send_spB : INFINITY;

    if (sending_Bps < limit.rate_Bps) {
        limit.rate_Bps = sending_Bps;
        limit.bound = STREAM_CHANNELS;
    }
    if (pipe->main_spB * limit.rate_Bps > 1) /* it works longer than the rest of its turn takes */
        limit.bound = STREAM_MAIN;
    const double alone_Bps = 1 / (pipe->main_spB + 1 / limit.rate_Bps);
    const double wants = alone_Bps * pipe->work_spB[STREAM_MAIN];
    limit.main_speed = wants > cores->share[STREAM_MAIN] ? cores->share[STREAM_MAIN] / wants : 1;
    limit.held_Bps = MIN(limit.held_Bps, sending_Bps);
    if (limit.main_speed < 1) {
        limit.held_Bps = limit.main_speed * limit.rate_Bps;
        limit.bound = name_of_main(pipe);
    }
    limit.rate_Bps = limit.main_speed * alone_Bps;
    return limit;
}

StreamLimit
stream_limit(const StreamPipe *pipe, const StreamCores *cores, double wire_Bps)
{
    StreamLimit limit = limit_behind(pipe, cores, wire_Bps);

    if (pipe->threads[STREAM_MAIN] == 0)
        return limit;
    if (pipe->by_turns)
        return limit_by_turns(pipe, cores, limit);
    const double main_Bps = stage_Bps(pipe, cores, STREAM_MAIN);
    if (main_Bps < limit.rate_Bps) {
        limit.rate_Bps = main_Bps;
        limit.bound = name_of_main(pipe);
    }
    return limit;
}

double
stream_wants(const StreamPipe *pipe, StreamStage stage, double rate_Bps)
{
    return pipe->threads[stage] > 0 ? MIN(rate_Bps * pipe->work_spB[stage] / pipe->threads[stage], 1) : 0;
}

double
stream_work_s(const StreamPipe *pipe, gboolean sender, double bytes)
{
    double work_spB = sender ? -pipe->main_spB : 0;

    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (stages[stage].sender == sender)
            work_spB += pipe->work_spB[stage];
    return MAX(work_spB, 0) * bytes;
}
