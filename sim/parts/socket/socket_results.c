#include "sim/parts/socket/socket_results.h"

#include "sim/world/table_check.h"

#include <math.h>

/* What the connections of a stream came to, in all. */
typedef struct {
    guint ended[SOCKETRUN_TIMED_OUT + 1];
    guint lost, repeated, reordered, stuck;
    guint64 lost_bytes;
    double ended_s; /* the last one; the run's end when one goes on */
} Totals;

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
    g_autofree char *name = g_strdup_printf("socket.%s.%s", stream->name, period->label);
    const double lasted_s = period->end_s - period->start_s;

    result_add_number(result, lasted_s, "%s.duration_s", name);
    result_add_number(result, ratio((double)period->bytes, lasted_s), "%s.throughput_Bps", name);
    result_add_number(result, ratio((double)period->messages, lasted_s), "%s.messages_per_s", name);
    result_add_number(result, period->stall_s, "%s.stall_s", name);
    result_add_number(result, histogram_percentile(&period->latency, 0.5), "%s.latency_p50_s", name);
    result_add_number(result, histogram_percentile(&period->latency, 0.99), "%s.latency_p99_s", name);
    result_add_number(result, period->latency.count > 0 ? period->latency.greatest : 0, "%s.latency_max_s", name);
}

static void
collect_stream(const SocketStream *stream, Result *result)
{
    const SocketLog *log = &stream->log;
    const char *name = stream->name;
    const guint n = stream->connections->len;
    const Totals totals = totals_of(stream);
    const double bytes = (double)log->bytes;

    result_add_word(result, outcome_of(&totals, n), "socket.%s.outcome", name);
    result_add_number(result, totals.ended_s, "socket.%s.end_s", name);
    result_add_number(result, bytes, "socket.%s.received_bytes", name);
    result_add_number(result, (double)log->messages, "socket.%s.messages", name);
    result_add_number(result, ratio(bytes, totals.ended_s - stream->load.start_s), "socket.%s.throughput_Bps", name);
    result_add_number(result, (double)log->memory_bytes, "socket.%s.memory_bytes", name);
    result_add_number(result, log->memory_s / n, "socket.%s.memory_s", name);
    result_add_number(result, log->tcp_s / n, "socket.%s.tcp_s", name);
    result_add_number(result, (double)log->changes, "socket.%s.path_switches", name);
    result_add_number(result, ratio((double)log->copied_bytes, bytes), "socket.%s.copies_per_byte", name);
    result_add_number(result, ratio((double)log->vm_switches, bytes), "socket.%s.vm_switches_per_byte", name);
    result_add_number(result, (double)totals.lost_bytes, "socket.%s.broken_in_flight_bytes", name);
    result_add_number(result, totals.lost, "socket.%s.connections_lost_bytes", name);
    result_add_number(result, totals.repeated, "socket.%s.connections_repeated_bytes", name);
    result_add_number(result, totals.reordered, "socket.%s.connections_reordered_bytes", name);
    result_add_number(result, totals.stuck, "socket.%s.connections_stuck", name);
    for (guint i = 0; i < log->periods->len; i++)
        collect_period(stream, &g_array_index(log->periods, SocketPeriod, i), result);
}

/* ---- tables ---- */

static void
append_cell(GString *csv, double value)
{
    g_autofree char *text = result_number_text(value);

    g_string_append_printf(csv, ",%s", text);
}

static void
append_bins(GString *csv, const SocketStream *stream)
{
    const SocketLog *log = &stream->log;

    for (guint i = 0; i < log->bins->len; i++) {
        const SocketBin *bin = &g_array_index(log->bins, SocketBin, i);
        const double end_s = MIN((i + 1) * log->bin_s, world_now());
        g_string_append(csv, stream->name);
        append_cell(csv, i * log->bin_s);
        append_cell(csv, end_s);
        append_cell(csv, (double)bin->bytes);
        append_cell(csv, (double)bin->memory_bytes);
        append_cell(csv, (double)bin->messages);
        append_cell(csv, ratio(bin->latency_sum_s, (double)bin->messages));
        append_cell(csv, ratio((double)bin->bytes, end_s - i * log->bin_s));
        g_string_append_c(csv, '\n');
    }
}

static void
append_switches(GString *csv, const SocketStream *stream)
{
    for (guint i = 0; i < stream->log.switches->len; i++) {
        const SocketSwitch *change = &g_array_index(stream->log.switches, SocketSwitch, i);
        g_string_append_printf(csv, "%s,%u", stream->name, change->connection);
        append_cell(csv, change->at_s);
        g_string_append_printf(csv, ",%s\n", change->memory ? "memory" : "tcp");
    }
}

void
socket_results_collect(const GPtrArray *streams, Result *result)
{
    if (streams->len == 0)
        return;

    GString *bins = g_string_new("socket,start_s,end_s,bytes,memory_bytes,messages,latency_mean_s,throughput_Bps\n");
    GString *paths = g_string_new("socket,connection,time_s,path\n");
    for (guint i = 0; i < streams->len; i++) {
        const SocketStream *stream = g_ptr_array_index(streams, i);
        collect_stream(stream, result);
        append_bins(bins, stream);
        append_switches(paths, stream);
    }
    result_take_table(result, "sockets.csv", g_string_free(bins, FALSE));
    result_take_table(result, "socket-paths.csv", g_string_free(paths, FALSE));
}

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
