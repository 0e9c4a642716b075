/*
 * Links over the kernel's stream sockets: TCP over the loopback interface, and a pair of AF_UNIX.
 */
#include "common/bench_pair.h"
#include "sockets_link.h"
#include <errno.h>
#include <linux/tcp.h> /* for what struct tcp_info of the C library's own header has not */
#include <math.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static bool
unix_open(Link *link)
{
    return pair_connect_unix(link->sockets);
}

static bool
get_name(int socket, int (*get)(int, struct sockaddr *, socklen_t *), struct sockaddr_in *name)
{
    socklen_t length = sizeof *name;
    return get(socket, (struct sockaddr *)name, &length) == 0;
}

/* Connects to a listening socket of this process; true when it was this process that was accepted, and nobody else. */
static bool
connect_both(int listening, int sockets[SIDES])
{
    struct sockaddr_in name, peer;

    sockets[SIDE_SENDER] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sockets[SIDE_SENDER] < 0 || !get_name(listening, getsockname, &name) ||
        connect(sockets[SIDE_SENDER], (struct sockaddr *)&name, sizeof name) != 0)
        return false;
    sockets[SIDE_RECEIVER] = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    return sockets[SIDE_RECEIVER] >= 0 && get_name(sockets[SIDE_SENDER], getsockname, &name) &&
           get_name(sockets[SIDE_RECEIVER], getpeername, &peer) && peer.sin_port == name.sin_port;
}

/* A request that is held back until the last one's acknowledgment would measure that; a stream is as usual. */
static bool
tcp_open(Link *link)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    bool opened = listening >= 0 && bind(listening, (struct sockaddr *)&any, sizeof any) == 0 &&
                  listen(listening, 1) == 0 && connect_both(listening, link->sockets);

    if (listening >= 0)
        close(listening);
    for (int i = 0; i < SIDES && opened && link->what.work == WORK_ROUND_TRIP; i++)
        opened = setsockopt(link->sockets[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0;
    return opened;
}

static bool
kernel_send(End *end, const uint8_t *from, size_t bytes)
{
    while (bytes > 0) {
        ssize_t sent = send(end->link->sockets[end->side], from, bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        from += sent;
        bytes -= (size_t)sent;
    }
    return true;
}

static size_t
kernel_receive(End *end, uint8_t *to, size_t bytes)
{
    ssize_t received;
    while ((received = recv(end->link->sockets[end->side], to, bytes, 0)) < 0 && errno == EINTR)
        ;
    if (received <= 0)
        return 0;
    end->receives++;
    return (size_t)received;
}

static void
kernel_finish(End *end)
{
    shutdown(end->link->sockets[end->side], SHUT_WR);
}

static bool
kernel_holds(Link *link, size_t bytes, int messages)
{
    static uint8_t data[BYTES_MAX];
    End receiver = link_end(link, SIDE_RECEIVER);
    size_t held = 0, all = bytes * (size_t)messages;
    bool fits = true;

    for (int i = 0; i < messages && fits; i++) {
        ssize_t sent = send(link->sockets[SIDE_SENDER], data, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
        held += sent > 0 ? (size_t)sent : 0;
        fits = sent == (ssize_t)bytes;
    }
    return link_receive_all(&receiver, data, held) && held == all;
}

const LinkKind LINK_TCP = {tcp_open, kernel_send, kernel_receive, kernel_finish, kernel_holds};
const LinkKind LINK_UNIX = {unix_open, kernel_send, kernel_receive, kernel_finish, kernel_holds};

LinkSegments
link_segments(const Link *link)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;

    if (link->what.design != DESIGN_TCP ||
        getsockopt(link->sockets[SIDE_SENDER], IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return (LinkSegments){0};
    return (LinkSegments){info.tcpi_data_segs_out, info.tcpi_segs_in - info.tcpi_data_segs_in};
}

static double
option_of(int socket, int level, int option)
{
    int value;
    socklen_t length = sizeof value;
    return getsockopt(socket, level, option, &value, &length) == 0 ? value : NAN;
}

LinkLimits
link_limits(const Case *what)
{
    LinkLimits limits = {NAN, NAN, NAN};
    Link *link = what->design == DESIGN_RING ? NULL : link_new(what);

    if (!link)
        return limits;
    limits.send_bytes = option_of(link->sockets[SIDE_SENDER], SOL_SOCKET, SO_SNDBUF);
    limits.receive_bytes = option_of(link->sockets[SIDE_RECEIVER], SOL_SOCKET, SO_RCVBUF);
    if (what->design == DESIGN_TCP)
        limits.segment_bytes = option_of(link->sockets[SIDE_SENDER], IPPROTO_TCP, TCP_MAXSEG);
    link_free(link);
    return limits;
}
