#include "models/socket/channel.h"

#include <string.h>

void
channel_run_skip(ChannelRun *run, guint64 n)
{
    run->from += n;
    if (run->from >= run->to)
        *run = (ChannelRun){0, 0};
}

void
channel_run_append(ChannelRun *run, guint64 from, guint64 n)
{
    if (n == 0)
        return;
    if (run->from == run->to)
        *run = (ChannelRun){from, from};
    g_return_if_fail(run->to == from);
    run->to += n;
}

guint64
channel_tcp_bytes(const ChannelTcp *tcp)
{
    guint64 bytes = 0;

    for (guint8 i = 0; i < tcp->runs; i++)
        bytes += channel_run_bytes(&tcp->run[i]);
    return bytes;
}

guint64
channel_tcp_in_flight(const ChannelTcp *tcp)
{
    return channel_tcp_bytes(tcp) - tcp->arrived;
}

void
channel_tcp_push(ChannelTcp *tcp, ChannelRun run)
{
    if (run.from == run.to)
        return;
    if (tcp->runs > 0 && tcp->run[tcp->runs - 1].to == run.from) {
        tcp->run[tcp->runs - 1].to = run.to;
        return;
    }
    if (tcp->runs == CHANNEL_RUNS) {
        tcp->overflow = 1;
        return;
    }
    tcp->run[tcp->runs++] = run;
}

guint64
channel_tcp_deliver(ChannelTcp *tcp, guint64 limit)
{
    const guint64 n = MIN(limit, channel_tcp_in_flight(tcp));

    tcp->arrived += n;
    if (tcp->fin && channel_tcp_in_flight(tcp) == 0)
        tcp->fin_arrived = 1;
    return n;
}

ChannelRun
channel_tcp_head(const ChannelTcp *tcp)
{
    if (tcp->arrived == 0)
        return (ChannelRun){0, 0};

    ChannelRun head = tcp->run[0];
    head.to = MIN(head.to, head.from + tcp->arrived);
    return head;
}

void
channel_tcp_skip(ChannelTcp *tcp, guint64 n)
{
    if (n == 0)
        return;
    g_return_if_fail(n <= tcp->arrived && n <= channel_run_bytes(&tcp->run[0]));

    tcp->arrived -= n;
    channel_run_skip(&tcp->run[0], n);
    if (tcp->run[0].to != 0)
        return;
    tcp->runs--;
    memmove(&tcp->run[0], &tcp->run[1], tcp->runs * sizeof tcp->run[0]);
    tcp->run[tcp->runs] = (ChannelRun){0, 0};
}

guint64
channel_tcp_reset(ChannelTcp *tcp)
{
    const guint64 bytes = channel_tcp_bytes(tcp);

    memset(tcp->run, 0, sizeof tcp->run);
    tcp->runs = 0;
    tcp->arrived = 0;
    tcp->reset = 1;
    tcp->fin_arrived = tcp->fin;
    return bytes;
}

gboolean
channel_tcp_holds(const ChannelTcp *tcp, guint64 position)
{
    for (guint8 i = 0; i < tcp->runs; i++)
        if (tcp->run[i].from <= position && position < tcp->run[i].to)
            return TRUE;
    return FALSE;
}
