#include "models/socket/bytestream.h"

#include <string.h>

void
bytestream_run_skip(ByteRun *run, guint64 n)
{
    run->from += n;
    if (run->from >= run->to)
        *run = (ByteRun){0, 0};
}

void
bytestream_run_append(ByteRun *run, guint64 from, guint64 n)
{
    if (n == 0)
        return;
    if (run->from == run->to)
        *run = (ByteRun){from, from};
    g_return_if_fail(run->to == from);
    run->to += n;
}

guint64
bytestream_tcp_bytes(const TcpStream *tcp)
{
    guint64 bytes = 0;

    for (guint8 i = 0; i < tcp->runs; i++)
        bytes += bytestream_run_bytes(&tcp->run[i]);
    return bytes;
}

guint64
bytestream_tcp_in_flight(const TcpStream *tcp)
{
    return bytestream_tcp_bytes(tcp) - tcp->arrived;
}

void
bytestream_tcp_push(TcpStream *tcp, ByteRun run)
{
    if (run.from == run.to)
        return;
    if (tcp->runs > 0 && tcp->run[tcp->runs - 1].to == run.from) {
        tcp->run[tcp->runs - 1].to = run.to;
        return;
    }
    if (tcp->runs == BYTESTREAM_RUNS) {
        tcp->overflow = 1;
        return;
    }
    tcp->run[tcp->runs++] = run;
}

guint64
bytestream_tcp_deliver(TcpStream *tcp, guint64 limit)
{
    const guint64 n = MIN(limit, bytestream_tcp_in_flight(tcp));

    tcp->arrived += n;
    if (tcp->fin && bytestream_tcp_in_flight(tcp) == 0)
        tcp->fin_arrived = 1;
    return n;
}

ByteRun
bytestream_tcp_head(const TcpStream *tcp)
{
    if (tcp->arrived == 0)
        return (ByteRun){0, 0};

    ByteRun head = tcp->run[0];
    head.to = MIN(head.to, head.from + tcp->arrived);
    return head;
}

void
bytestream_tcp_skip(TcpStream *tcp, guint64 n)
{
    if (n == 0)
        return;
    g_return_if_fail(n <= tcp->arrived && n <= bytestream_run_bytes(&tcp->run[0]));

    tcp->arrived -= n;
    bytestream_run_skip(&tcp->run[0], n);
    if (tcp->run[0].to != 0)
        return;
    tcp->runs--;
    memmove(&tcp->run[0], &tcp->run[1], tcp->runs * sizeof tcp->run[0]);
    tcp->run[tcp->runs] = (ByteRun){0, 0};
}

guint64
bytestream_tcp_reset(TcpStream *tcp)
{
    const guint64 bytes = bytestream_tcp_bytes(tcp);

    memset(tcp->run, 0, sizeof tcp->run);
    tcp->runs = 0;
    tcp->arrived = 0;
    tcp->reset = 1;
    tcp->fin_arrived = tcp->fin;
    return bytes;
}

gboolean
bytestream_tcp_holds(const TcpStream *tcp, guint64 position)
{
    for (guint8 i = 0; i < tcp->runs; i++)
        if (tcp->run[i].from <= position && position < tcp->run[i].to)
            return TRUE;
    return FALSE;
}
