#include "sim/parts/socket/socket_results.h"

#include "sim/output/shown.h"
#include "sim/world/table_check.h"

#include <math.h>

/* What the connections of a stream came to, in all. */
typedef struct {
    guint ended[SOCKETRUN_TIMED_OUT + 1];
    guint64 lost, repeated, reordered, stuck;
    guint64 lost_bytes;
    double ended_s; /* the last one; the run's end when one goes on */
} Totals;

typedef struct {
    const char *outcome;
    double end_s, received_bytes, throughput_Bps, memory_s, tcp_s, copies_per_byte, vm_switches_per_byte;
    guint64 messages, memory_bytes, path_switches;
    Totals totals;
} SocketNumbers;

static const RecordField socket_fields[] = {
    {"outcome", RECORD_WORD(SocketNumbers, outcome),
     "of its connections: open, closed, refused, broken, lost, timed-out; mixed"},
    {"end_s", RECORD_NUMBER(SocketNumbers, end_s),
     "when the last of its connections ended; the run's end when one goes on"},
    {"received_bytes", RECORD_NUMBER(SocketNumbers, received_bytes), "bytes that its receivers got, all connections"},
    {"messages", RECORD_COUNT(SocketNumbers, messages), "messages received whole; of requests, answers"},
    {"throughput_Bps", RECORD_NUMBER(SocketNumbers, throughput_Bps),
     "received bytes over the time from its start to its end"},
    {"memory_bytes", RECORD_COUNT(SocketNumbers, memory_bytes), "of the received bytes, those from shared memory"},
    {"memory_s", RECORD_NUMBER(SocketNumbers, memory_s), "how long a connection was on shared memory, mean"},
    {"tcp_s", RECORD_NUMBER(SocketNumbers, tcp_s), "how long it was on TCP, mean"},
    {"path_switches", RECORD_COUNT(SocketNumbers, path_switches), "changes between the two, all connections"},
    {"copies_per_byte", RECORD_NUMBER(SocketNumbers, copies_per_byte),
     "how often a received byte was copied, mean; more than a path's after a resend"},
    {"vm_switches_per_byte", RECORD_NUMBER(SocketNumbers, vm_switches_per_byte),
     "switches between guest and VMM over received bytes"},
    {"broken_in_flight_bytes", RECORD_COUNT(SocketNumbers, totals.lost_bytes),
     "bytes in connections that broke: sent and never received"},
    {"connections_lost_bytes", RECORD_COUNT(SocketNumbers, totals.lost),
     "connections in which a byte was lost; 0 but for the literal reading"},
    {"connections_repeated_bytes", RECORD_COUNT(SocketNumbers, totals.repeated),
     "connections in which a byte came twice; likewise"},
    {"connections_reordered_bytes", RECORD_COUNT(SocketNumbers, totals.reordered),
     "connections in which a byte came out of order; likewise"},
    {"connections_stuck", RECORD_COUNT(SocketNumbers, totals.stuck),
     "connections in which both ends wait for ever; likewise"},
    {NULL},
};
static const Record socket_record = {"socket.NAME", socket_fields, "all connections of a socket in one direction"};

typedef struct {
    double duration_s, throughput_Bps, messages_per_s, stall_s, p50_s, p99_s, max_s;
} PeriodNumbers;

static const RecordField period_fields[] = {
    {"duration_s", RECORD_NUMBER(PeriodNumbers, duration_s), "how long the period lasted"},
    {"throughput_Bps", RECORD_NUMBER(PeriodNumbers, throughput_Bps), "bytes received in it over its duration"},
    {"messages_per_s", RECORD_NUMBER(PeriodNumbers, messages_per_s), "messages received in it over its duration"},
    {"stall_s", RECORD_NUMBER(PeriodNumbers, stall_s),
     "the longest time without a byte that began in it, pauses included"},
    {"latency_p50_s", RECORD_NUMBER(PeriodNumbers, p50_s),
     "of its messages from the call to the last byte, half took no longer; requests: to the answer"},
    {"latency_p99_s", RECORD_NUMBER(PeriodNumbers, p99_s), "99 % of them took no longer"},
    {"latency_max_s", RECORD_NUMBER(PeriodNumbers, max_s), "the longest"},
    {NULL},
};
static const Record period_record = {"socket.NAME.PERIOD", period_fields,
                                     "a part of the run, as migrations of the socket's VMs divide it: before, "
                                     "during.MIGRATION or after.MIGRATION"};

typedef struct {
    const char *socket;
    double start_s, end_s, latency_mean_s, throughput_Bps;
    SocketBin bin;
} BinRow;

static const RecordField bin_fields[] = {
    {"socket", RECORD_WORD(BinRow, socket), "as in the scenario; NAME.back for the other direction of both"},
    {"start_s", RECORD_NUMBER(BinRow, start_s), "of the bin"},
    {"end_s", RECORD_NUMBER(BinRow, end_s), "of the bin"},
    {"bytes", RECORD_COUNT(BinRow, bin.bytes), "received in it"},
    {"memory_bytes", RECORD_COUNT(BinRow, bin.memory_bytes), "of them, from shared memory"},
    {"messages", RECORD_COUNT(BinRow, bin.messages), "received whole"},
    {"latency_mean_s", RECORD_NUMBER(BinRow, latency_mean_s), "of its messages"},
    {"throughput_Bps", RECORD_NUMBER(BinRow, throughput_Bps), "bytes over its duration"},
    {NULL},
};
static const Record bin_record = {"sockets.csv", bin_fields, "the time line of every socket, at most 512 equal bins"};

typedef struct {
    const char *socket;
    guint64 connection;
    double time_s;
    const char *path;
} PathRow;

static const RecordField path_fields[] = {
    {"socket", RECORD_WORD(PathRow, socket), "as in the scenario"},
    {"connection", RECORD_COUNT(PathRow, connection), "counted from 1"},
    {"time_s", RECORD_NUMBER(PathRow, time_s), "when"},
    {"path", RECORD_WORD(PathRow, path), "memory or tcp, from then on"},
    {NULL},
};
static const Record path_record = {"socket-paths.csv", path_fields,
                                   "the first path of every connection and each change"};

const Record *const socket_records[] = {&socket_record, &period_record, &bin_record, &path_record, NULL};

static Totals
totals_of(const SocketStream *stream)
{
    Totals totals = {{0}};

    for (guint i = 0; i < stream->connections->len; i++) {
        const SocketConnection *connection = g_ptr_array_index(stream->connections, i);
        const SocketRun *run = connection->run;
        const guint8 faults = socketrun_state(run)->faults;
        totals.ended[socketrun_outcome(run)]++;
        totals.lost += (faults & CONN_FAULT_LOST) != 0;
        totals.repeated += (faults & CONN_FAULT_REPEATED) != 0;
        totals.reordered += (faults & CONN_FAULT_REORDERED) != 0;
        totals.stuck += socketrun_is_stuck(run);
        totals.lost_bytes += socketrun_lost_bytes(run);
        totals.ended_s = MAX(totals.ended_s, socketrun_is_over(run) ? socketrun_ended_s(run) : world_now());
    }
    return totals;
}

static const char *
outcome_of(const Totals *totals, guint connections)
{
    for (int i = 0; i <= SOCKETRUN_TIMED_OUT; i++)
        if (totals->ended[i] == connections)
            return socketrun_outcome_word((SocketRunOutcome)i);
    return "mixed";
}

static double
ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static void
collect_period(const SocketStream *stream, const SocketPeriod *period, Result *result)
{
    const double lasted_s = period->end_s - period->start_s;
    const PeriodNumbers numbers = {.duration_s = lasted_s,
                                   .throughput_Bps = ratio((double)period->bytes, lasted_s),
                                   .messages_per_s = ratio((double)period->messages, lasted_s),
                                   .stall_s = period->stall_s,
                                   .p50_s = histogram_percentile(&period->latency, 0.5),
                                   .p99_s = histogram_percentile(&period->latency, 0.99),
                                   .max_s = period->latency.count > 0 ? period->latency.greatest : 0};

    record_add(&period_record, &numbers, result, "socket.%s.%s", stream->name, period->label);
}

/* What a person is told first. */
static void
say_socket(const SocketStream *stream, const SocketNumbers *numbers, Result *result)
{
    const guint64 wrong = numbers->totals.lost + numbers->totals.repeated + numbers->totals.reordered;
    const double share = ratio((double)numbers->memory_bytes, numbers->received_bytes);
    char rate[SHOWN_SIZE], percent[SHOWN_SIZE];
    g_autoptr(GString) more = g_string_new(NULL);

    if (numbers->path_switches > 0)
        g_string_append_printf(more, ", %" G_GUINT64_FORMAT " changes of path", numbers->path_switches);
    if (wrong > 0)
        g_string_append_printf(more, ", bytes lost, repeated or out of order in %" G_GUINT64_FORMAT " connections",
                               wrong);
    if (numbers->totals.stuck > 0)
        g_string_append_printf(more, ", %" G_GUINT64_FORMAT " connections stuck for ever", numbers->totals.stuck);
    result_say_one(result, "sockets", "socket %s: %s, %s Mb/s, %s %% of the bytes over shared memory%s", stream->name,
                   numbers->outcome, shown_number(rate, numbers->throughput_Bps * 8 / 1e6, 1),
                   shown_number(percent, 100 * share, 0), more->str);
}

static void
collect_stream(const SocketStream *stream, Result *result)
{
    const SocketLog *log = &stream->log;
    const guint n = stream->connections->len;
    const Totals totals = totals_of(stream);
    const double bytes = (double)log->bytes;
    const SocketNumbers numbers = {.outcome = outcome_of(&totals, n),
                                   .end_s = totals.ended_s,
                                   .received_bytes = bytes,
                                   .messages = log->messages,
                                   .throughput_Bps = ratio(bytes, totals.ended_s - stream->load.start_s),
                                   .memory_bytes = log->memory_bytes,
                                   .memory_s = log->memory_s / n,
                                   .tcp_s = log->tcp_s / n,
                                   .path_switches = log->changes,
                                   .copies_per_byte = ratio((double)log->copied_bytes, bytes),
                                   .vm_switches_per_byte = ratio((double)log->vm_switches, bytes),
                                   .totals = totals};

    record_add(&socket_record, &numbers, result, "socket.%s", stream->name);
    say_socket(stream, &numbers, result);
    for (guint i = 0; i < log->periods->len; i++)
        collect_period(stream, &g_array_index(log->periods, SocketPeriod, i), result);
}

/* ---- tables ---- */

static BinRow
bin_row(const SocketStream *stream, guint index)
{
    const SocketLog *log = &stream->log;
    const SocketBin *bin = &g_array_index(log->bins, SocketBin, index);
    const double start_s = index * log->bin_s, end_s = MIN((index + 1) * log->bin_s, world_now());

    return (BinRow){.socket = stream->name,
                    .start_s = start_s,
                    .end_s = end_s,
                    .latency_mean_s = ratio(bin->latency_sum_s, (double)bin->messages),
                    .throughput_Bps = ratio((double)bin->bytes, end_s - start_s),
                    .bin = *bin};
}

static const char *
path_word(const SocketSwitch *change)
{
    return change->memory ? "memory" : "tcp";
}

static void
append_bins(GString *table, const SocketStream *stream)
{
    for (guint i = 0; i < stream->log.bins->len; i++) {
        const BinRow row = bin_row(stream, i);
        record_append_row(&bin_record, &row, table);
    }
}

static void
append_switches(GString *table, const SocketStream *stream)
{
    for (guint i = 0; i < stream->log.switches->len; i++) {
        const SocketSwitch *change = &g_array_index(stream->log.switches, SocketSwitch, i);
        const PathRow row = {stream->name, change->connection, change->at_s, path_word(change)};
        record_append_row(&path_record, &row, table);
    }
}

void
socket_results_collect(const GPtrArray *streams, Result *result)
{
    if (streams->len == 0)
        return;

    GString *bins = record_table(&bin_record), *paths = record_table(&path_record);
    for (guint i = 0; i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        collect_stream(stream, result);
        append_bins(bins, stream);
        append_switches(paths, stream);
    }
    record_take_table(&bin_record, bins, result);
    record_take_table(&path_record, paths, result);
}

/* ---- the time line ---- */

#define GROUP "sockets"

/* A counter that is back at zero after the last bin. */
static void
show_throughput(const SocketStream *stream, Trace *trace)
{
    g_autofree char *name = g_strdup_printf("%s throughput", stream->name);
    double end_s = 0;

    for (guint i = 0; i < stream->log.bins->len; i++) {
        const BinRow row = bin_row(stream, i);
        trace_counter(trace, GROUP, name, "Bps", row.start_s, row.throughput_Bps);
        end_s = row.end_s;
    }
    if (end_s < world_now())
        trace_counter(trace, GROUP, name, "Bps", end_s, 0);
}

/* Bins without a byte, after the first byte: a stall, or a load that pauses. */
static void
show_silences(const SocketStream *stream, Trace *trace)
{
    TraceTrack *track = trace_track(trace, GROUP, "%s", stream->name);
    gboolean heard = FALSE, silent = FALSE;
    double end_s = 0;

    for (guint i = 0; i < stream->log.bins->len; i++) {
        const BinRow row = bin_row(stream, i);
        if (row.bin.bytes > 0)
            trace_end(track, row.start_s);
        else if (heard && !silent)
            trace_begin(track, "nothing received", row.start_s);
        heard = heard || row.bin.bytes > 0;
        silent = heard && row.bin.bytes == 0;
        end_s = row.end_s;
    }
    trace_end(track, end_s);
}

/* Until when the paths of a connection are known. */
static double
paths_end_s(const SocketStream *stream, guint connection)
{
    const GArray *switches = stream->log.switches;
    const SocketRun *run = ((const SocketConnection *)g_ptr_array_index(stream->connections, connection))->run;

    if (switches->len >= SOCKETLOG_SWITCHES) /* there may have been more */
        return g_array_index(switches, SocketSwitch, switches->len - 1).at_s;
    return socketrun_is_over(run) ? socketrun_ended_s(run) : world_now();
}

/* A connection is on a path until its next one. */
static void
show_paths(const SocketStream *stream, Trace *trace)
{
    const GArray *switches = stream->log.switches;
    g_autofree TraceTrack **tracks = g_new0(TraceTrack *, stream->connections->len);

    for (guint i = 0; i < switches->len; i++) {
        const SocketSwitch *change = &g_array_index(switches, SocketSwitch, i);
        TraceTrack *track = trace_track(trace, GROUP, "%s connection %u", stream->name, change->connection);
        trace_next(track, path_word(change), change->at_s);
        tracks[change->connection - 1] = track;
    }
    for (guint i = 0; i < stream->connections->len; i++)
        if (tracks[i])
            trace_end(tracks[i], paths_end_s(stream, i));
}

void
socket_results_trace(const GPtrArray *streams, Trace *trace)
{
    for (guint i = 0; i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        show_throughput(stream, trace);
        show_silences(stream, trace);
        show_paths(stream, trace);
    }
}

/* ---- rules of the tables ---- */

/* What a socket's rows sum up to. */
typedef struct {
    guint64 bytes, memory_bytes, messages;
} LogSums;

static gboolean
sums_differ(const SocketLog *log, const LogSums *sums)
{
    return sums->bytes != log->bytes || sums->memory_bytes != log->memory_bytes || sums->messages != log->messages;
}

static char *
log_bins_fault(const SocketLog *log, double run_end_s)
{
    LogSums sums = {0};

    for (guint i = 0; i < log->bins->len; i++) {
        const SocketBin *bin = &g_array_index(log->bins, SocketBin, i);
        sums.bytes += bin->bytes;
        sums.memory_bytes += bin->memory_bytes;
        sums.messages += bin->messages;
        if (!(bin->latency_sum_s >= 0) || !table_check_not_after(i * log->bin_s, run_end_s))
            return g_strdup_printf("row %u of the time line begins at %.9f s, with latencies of %g s", i + 1,
                                   i * log->bin_s, bin->latency_sum_s);
    }
    return sums_differ(log, &sums)
               ? g_strdup_printf("the time line has %" G_GUINT64_FORMAT " bytes, the socket %" G_GUINT64_FORMAT,
                                 sums.bytes, log->bytes)
               : NULL;
}

static char *
log_periods_fault(const SocketLog *log, double run_end_s)
{
    LogSums sums = {0};
    double at_s = 0;

    for (guint i = 0; i < log->periods->len; i++) {
        const SocketPeriod *period = &g_array_index(log->periods, SocketPeriod, i);
        sums.bytes += period->bytes;
        sums.memory_bytes += period->memory_bytes;
        sums.messages += period->messages;
        if (!table_check_same_date(period->start_s, at_s) || !(period->end_s >= period->start_s) ||
            !(period->stall_s >= 0))
            return g_strdup_printf("period %s is from %.9f s to %.9f s, the one before ended at %.9f s", period->label,
                                   period->start_s, period->end_s, at_s);
        at_s = period->end_s;
    }
    if (sums_differ(log, &sums) || !table_check_same_date(at_s, run_end_s))
        return g_strdup_printf("periods up to %.9f s have %" G_GUINT64_FORMAT " bytes, the socket %" G_GUINT64_FORMAT,
                               at_s, sums.bytes, log->bytes);
    return NULL;
}

char *
socket_results_fault(const SocketLog *log, double run_end_s)
{
    char *fault = log_bins_fault(log, run_end_s);

    return fault ? fault : log_periods_fault(log, run_end_s);
}
