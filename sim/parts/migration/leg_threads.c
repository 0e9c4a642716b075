#include "sim/parts/migration/leg_threads.h"

#include "sim/parts/migration/leg_compression.h"
#include "sim/world/part.h"

#include <math.h>

static const HypervisorSpec *
hypervisor_of(const Leg *leg)
{
    return leg->migration->hypervisor;
}

static gboolean
is_joint(const Leg *leg)
{
    return leg->migration->method == METHOD_JOINT;
}

/* ---- the plan ---- */

/* It works while what it sent before is on the wire. */
static gboolean
works_apart(const Leg *leg)
{
    return copier_kind(hypervisor_of(leg))->works_apart || stream_channels(&hypervisor_of(leg)->stream) > 1;
}

/* What its memory holds is the guest's affair: its own ratio goes before the profile's. A vTPM that goes by itself has
 * the profile's. */
static double
compression_ratio(const Leg *leg)
{
    const Compression *compression = hypervisor_of(leg)->stream.compression;
    const Migration *migration = leg->migration;

    if (!compression || compression->method == COMPRESSION_XBZRLE)
        return 1;
    const GuestSpec *guest = scenario_guest(migration->world->scenario, migration->vm->name);
    return leg->domains[0] == migration->vm && !isnan(guest->compression_ratio) ? guest->compression_ratio
                                                                                : compression->ratio;
}

void
leg_threads_plan(Leg *leg)
{
    const Migration *migration = leg->migration;
    const StreamRules *rules = &hypervisor_of(leg)->stream;
    const double page_work_s = copier_kind(hypervisor_of(leg))->page_work_s(hypervisor_of(leg), is_joint(leg));
    const StreamPage page = {leg->pages.page_bytes, hypervisor_of(leg)->page.header_bytes, compression_ratio(leg)};
    LegStream *stream = &leg->stream;

    stream->flows = stream_flows(rules);
    stream->wire_share = stream_wire_share(rules, page.ratio);
    stream->ratio = page.ratio;
    stream->path = path_streams(migration->world, migration->path, migration->name, stream->flows);
    stream->plain = stream_is_plain(rules);
    stream->pipe = stream_pipe(rules, page_work_s / stream_page_bytes(rules, &page), !works_apart(leg));
    stream_pipe_compress(&stream->pipe, rules, &page);
}

double
leg_threads_fair_Bps(const Leg *leg)
{
    const Path *path = leg->migration->path;
    const double alone_Bps = leg->stream.path.alone_Bps, flows = leg->stream.flows;
    const guint all = path_connections(leg->migration->world, path);

    return isinf(path->sum_Bps) ? alone_Bps * flows / all : MIN(alone_Bps, path->sum_Bps * flows / all);
}

/* Connections that carry what all of them would on a path that is theirs. */
static double
needed_alone(const Leg *leg)
{
    return ceil(leg->stream.path.alone_Bps / leg->migration->path->rate_Bps - 1e-6);
}

#define NEEDED_BESIDE 2 /* chosen: for others' tails */

/* Connections whose share beside other migrations is more than the threads can use; the slices that are sent then feel
 * no difference. */
static double
needed_beside(const Leg *leg)
{
    World *world = leg->migration->world;
    const Path *path = leg->migration->path;
    const double held_Bps = leg->stream.limit.held_Bps * leg->stream.wire_share;
    const guint others = path_connections(world, path) - leg->stream.flows;

    if (held_Bps >= path->rate_Bps || part_may_send(world, path))
        return leg->stream.flows;
    return ceil(NEEDED_BESIDE * held_Bps * others / (path->rate_Bps - held_Bps));
}

/* Each costs a run as much as any other: as few as make no difference to anybody. */
guint
leg_threads_transfers(const Leg *leg, gboolean quiet)
{
    const guint flows = leg->stream.flows;

    if (flows == 1)
        return 1;
    const guint common = quiet ? 1 : path_common_connections(leg->migration->world, leg->migration->path);
    return (guint)CLAMP(quiet ? needed_alone(leg) : needed_beside(leg), 1, flows / common);
}

/* ---- the threads ---- */

/* Of a migration of which nothing is said, its one thread wants what it needs alone on the path. */
static double
plain_wants(const Leg *leg)
{
    const double work_s = copier_kind(hypervisor_of(leg))->page_work_s(hypervisor_of(leg), is_joint(leg));
    const double page_s = leg->pages.page_bytes / leg->migration->path->rate_Bps;

    return works_apart(leg) ? MIN(work_s / page_s, 1) : work_s / (work_s + page_s);
}

/* At which it can go with all the processors that it wants, beside the others on the path. */
static double
wanted_Bps(const Leg *leg)
{
    const StreamCores whole = stream_whole_cores();

    return stream_limit(&leg->stream.pipe, &whole, leg_threads_fair_Bps(leg) / leg->stream.wire_share).rate_Bps;
}

static double
wants_of(const Leg *leg, StreamStage stage)
{
    return leg->stream.plain ? plain_wants(leg) : stream_wants(&leg->stream.pipe, stage, leg->stream.wanted_Bps);
}

static guint
host_of(const Leg *leg, StreamStage stage)
{
    return stream_stage_is_sender(stage) ? leg->migration->source : leg->migration->destination;
}

void
leg_threads_enter(Leg *leg)
{
    LegStream *stream = &leg->stream;

    stream->wanted_Bps = wanted_Bps(leg);
    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (stage == STREAM_MAIN || stream->pipe.threads[stage] > 0)
            stream->threads[stage] =
                processors_enter_many(leg->migration->world, host_of(leg, (StreamStage)stage),
                                      wants_of(leg, (StreamStage)stage), MAX(stream->pipe.threads[stage], 1));
}

void
leg_threads_leave(Leg *leg)
{
    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (leg->stream.threads[stage])
            processors_leave(g_steal_pointer(&leg->stream.threads[stage]));
}

/* Others have joined the path or left it, so that the stream can go more slowly or faster. */
static void
follow_path(Leg *leg)
{
    LegStream *stream = &leg->stream;
    const double wanted = wanted_Bps(leg);

    if (wanted == stream->wanted_Bps)
        return;
    stream->wanted_Bps = wanted;
    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (stream->threads[stage])
            processors_set_wants(stream->threads[stage], wants_of(leg, (StreamStage)stage));
}

static StreamCores
cores_of(const Leg *leg)
{
    StreamCores cores = stream_whole_cores();

    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (leg->stream.threads[stage])
            cores.share[stage] = processors_given(leg->stream.threads[stage]);
    return cores;
}

#define CABLES_FULL 0.99 /* chosen: as measured beside others, who leave it all that its cables carry */

void
leg_threads_look(Leg *leg, double wire_Bps)
{
    LegStream *stream = &leg->stream;

    if (!stream->plain)
        follow_path(leg);
    const StreamCores cores = cores_of(leg);
    stream->limit = stream_limit(&stream->pipe, &cores, wire_Bps);
    if (stream->plain)
        stream->limit.held_Bps = stream->limit.behind_Bps = INFINITY; /* its thread is the machine's own affair */
    const gboolean has_its_cables = wire_Bps * stream->wire_share >= CABLES_FULL * stream->path.alone_Bps;
    if (stream->limit.bound == STREAM_WIRE && stream->path.few_cables && has_its_cables)
        stream->limit.bound = STREAM_CABLES;
}

double
leg_threads_channel_cores(const Leg *leg)
{
    const ProcessorThread *threads = leg->stream.threads[STREAM_CHANNELS];

    return threads ? processors_given_together(threads) : 0;
}

/* With the wait it takes on average the share that it is given, w' of a page's w' + p seconds where it works and sends
 * by turns, of w' where it does not wait for the wire. */
double
leg_threads_delay(const Leg *leg)
{
    const ProcessorThread *main_thread = leg->stream.threads[STREAM_MAIN];
    const double speed = main_thread ? processors_speed(main_thread) : 1; /* none of what storage sends */

    if (speed >= 1)
        return 0;
    if (leg->stream.pipe.by_turns && !leg->stream.plain) /* what it sends is slowed down alike, by held_Bps */
        return 1 / leg->stream.limit.main_speed - 1;
    const double wants = wants_of(leg, STREAM_MAIN);
    return 1 / (speed * wants) - (works_apart(leg) ? 1 : 1 / wants);
}

void
leg_threads_count(Leg *leg, double bytes)
{
    leg->stream.bound_bytes[leg->stream.limit.bound] += bytes;
}

/* ---- results ---- */

typedef struct {
    guint64 channels;
    const char *limit;
    double limit_share, source_s, destination_s;
} StreamNumbers;

static const RecordField stream_fields[] = {
    {"channels", RECORD_COUNT(StreamNumbers, channels),
     "that its pages went over, where the profile says more of them than one is"},
    {"stream_limit", RECORD_WORD(StreamNumbers, limit),
     "what kept most of its bytes from going faster: wire, cables (too few of those side by side were taken), main, "
     "channels, tunnel, card, receive or receiving-tunnel"},
    {"stream_limit_share", RECORD_NUMBER(StreamNumbers, limit_share), "of its bytes, those of which that is so"},
    {"source_processor_s", RECORD_NUMBER(StreamNumbers, source_s),
     "processor time of its pages at the source: main thread, channels, tunnels"},
    {"destination_processor_s", RECORD_NUMBER(StreamNumbers, destination_s), "the same at the destination"},
    {NULL},
};
const Record leg_threads_record = {
    "migration.NAME.LEG", stream_fields,
    "a leg whose hypervisor says something of its streams, or that went over cables side by side"};

static StreamStage
bound_most(const Leg *leg)
{
    StreamStage most = STREAM_WIRE;

    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        if (leg->stream.bound_bytes[stage] > leg->stream.bound_bytes[most])
            most = (StreamStage)stage;
    return most;
}

static double
all_bytes(const Leg *leg)
{
    double bytes = 0;

    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        bytes += leg->stream.bound_bytes[stage];
    return bytes;
}

void
leg_threads_collect(const Leg *leg, gboolean said, const char *prefix, Result *result)
{
    const LegStream *stream = &leg->stream;
    const StreamStage bound = bound_most(leg);
    const CopyTotals totals = copier_totals(&leg->copier);
    const double bytes = all_bytes(leg);

    if (stream->plain && isinf(leg->migration->path->sum_Bps))
        return;
    const StreamNumbers numbers = {
        .channels = stream_channels(&hypervisor_of(leg)->stream),
        .limit = stream_stage_word(bound),
        .limit_share = bytes > 0 ? stream->bound_bytes[bound] / bytes : 0,
        .source_s = copier_kind(hypervisor_of(leg))->work_s(hypervisor_of(leg), is_joint(leg), &totals) +
                    stream_work_s(&stream->pipe, TRUE, totals.bytes) + leg_compression_encode_s(leg, TRUE, &totals),
        .destination_s =
            stream_work_s(&stream->pipe, FALSE, totals.bytes) + leg_compression_encode_s(leg, FALSE, &totals)};
    record_add(&leg_threads_record, &numbers, result, "%s", prefix);
    if (said && bound != STREAM_WIRE)
        result_say(result, "  %-6s not as fast as the wire: %.0f %% of its bytes were held up by stage %s", leg->label,
                   100 * numbers.limit_share, numbers.limit);
}
