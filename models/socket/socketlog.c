#include "models/socket/socketlog.h"

static void
clear_period(gpointer data)
{
    SocketPeriod *period = data;

    g_free(period->label);
    histogram_clear(&period->latency);
}

void
socketlog_init(SocketLog *log, double now_s)
{
    *log = (SocketLog){.bin_s = SOCKETLOG_BIN_S, .last_s = -1};
    log->periods = g_array_new(FALSE, FALSE, sizeof(SocketPeriod));
    g_array_set_clear_func(log->periods, clear_period);
    log->bins = g_array_new(FALSE, TRUE, sizeof(SocketBin));
    log->switches = g_array_new(FALSE, FALSE, sizeof(SocketSwitch));
    socketlog_period(log, now_s, "before");
}

void
socketlog_clear(SocketLog *log)
{
    g_array_unref(log->periods);
    g_array_unref(log->bins);
    g_array_unref(log->switches);
}

static SocketPeriod *
socketlog_now(SocketLog *log)
{
    return &g_array_index(log->periods, SocketPeriod, log->periods->len - 1);
}

/* Twice as long, half as many. */
static void
socketlog_fold(SocketLog *log)
{
    SocketBin *bins = (SocketBin *)(gpointer)log->bins->data;

    for (guint i = 0; i < log->bins->len; i += 2) {
        SocketBin sum = bins[i];
        if (i + 1 < log->bins->len) {
            sum.bytes += bins[i + 1].bytes;
            sum.memory_bytes += bins[i + 1].memory_bytes;
            sum.messages += bins[i + 1].messages;
            sum.latency_sum_s += bins[i + 1].latency_sum_s;
        }
        bins[i / 2] = sum;
    }
    g_array_set_size(log->bins, (log->bins->len + 1) / 2);
    log->bin_s *= 2;
}

static SocketBin *
socketlog_bin(SocketLog *log, double now_s)
{
    while (now_s >= log->bin_s * SOCKETLOG_BINS)
        socketlog_fold(log);
    const guint i = (guint)(now_s / log->bin_s);
    if (i >= log->bins->len)
        g_array_set_size(log->bins, MIN(i, SOCKETLOG_BINS - 1) + 1);
    return &g_array_index(log->bins, SocketBin, MIN(i, SOCKETLOG_BINS - 1));
}

/* Counted where it began: in the last period that had begun by then. */
static void
socketlog_stall(SocketLog *log, double since_s, double now_s)
{
    for (guint i = log->periods->len; i-- > 0;) {
        SocketPeriod *period = &g_array_index(log->periods, SocketPeriod, i);
        if (period->start_s > since_s && i > 0)
            continue;
        period->stall_s = MAX(period->stall_s, now_s - since_s);
        return;
    }
}

void
socketlog_bytes(SocketLog *log, double now_s, guint64 bytes, gboolean memory)
{
    SocketPeriod *period = socketlog_now(log);
    SocketBin *bin = socketlog_bin(log, now_s);
    const guint64 by_memory = memory ? bytes : 0;

    period->bytes += bytes;
    period->memory_bytes += by_memory;
    bin->bytes += bytes;
    bin->memory_bytes += by_memory;
    log->bytes += bytes;
    log->memory_bytes += by_memory;
    if (log->last_s >= 0)
        socketlog_stall(log, log->last_s, now_s);
    log->last_s = now_s;
}

void
socketlog_message(SocketLog *log, double now_s, double latency_s)
{
    SocketPeriod *period = socketlog_now(log);
    SocketBin *bin = socketlog_bin(log, now_s);

    period->messages++;
    bin->messages++;
    bin->latency_sum_s += latency_s;
    log->messages++;
    histogram_add(&period->latency, latency_s);
}

void
socketlog_switch(SocketLog *log, double now_s, guint connection, gboolean memory)
{
    const SocketSwitch change = {now_s, connection, memory};

    if (log->switches->len < SOCKETLOG_SWITCHES)
        g_array_append_val(log->switches, change);
}

void
socketlog_end(SocketLog *log, double now_s)
{
    socketlog_now(log)->end_s = now_s;
}

void
socketlog_period(SocketLog *log, double now_s, const char *label)
{
    SocketPeriod period = {.label = g_strdup(label), .start_s = now_s, .end_s = now_s};

    if (log->periods->len > 0)
        socketlog_end(log, now_s);
    histogram_init(&period.latency);
    g_array_append_val(log->periods, period);
}
