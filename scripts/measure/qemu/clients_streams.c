/* The clients' sockets: sending, and finding out which exchange an answer belongs to. */
#include "clients.h"
#include "requests.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPENING_MAX   256       /* chosen: connections being opened; one a second, for four minutes */
#define BUFFER_BYTES  (4 << 20) /* chosen: answers wait for this process, not the other way round */
#define CONNECT_MS    5000
#define PING_BYTES    (sizeof(struct icmphdr) + sizeof(uint64_t))
#define PACKETS_BYTES 512

enum { WAIT_INPUT, WAIT_UDP, WAIT_TCP, WAIT_PING, WAIT_OPENING };

typedef struct {
    int file; /* -1: free */
    size_t index;
} Opening;

static struct sockaddr_in server;
static int datagrams = -1, connection = -1, pings = -1;
static uint16_t ping_id;
static Opening opening[OPENING_MAX];

static int
open_socket(int type, int protocol)
{
    const int file = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol), bytes = BUFFER_BYTES, on = 1;

    if (file < 0)
        clients_fail("no socket");
    setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    if (type == SOCK_STREAM)
        setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return file;
}

static int
is_connected(int file)
{
    int error = 0;
    socklen_t length = sizeof error;

    return getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

static void
open_connection(void)
{
    connection = open_socket(SOCK_STREAM, 0);
    if (connect(connection, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS)
        clients_fail("the guest cannot be reached");
    struct pollfd waited = {.fd = connection, .events = POLLOUT};
    if (poll(&waited, 1, CONNECT_MS) != 1 || !is_connected(connection))
        clients_fail("the guest's server accepts no connection");
}

void
streams_open(const char *address, int tcp)
{
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(REQUEST_PORT)};
    if (inet_pton(AF_INET, address, &server.sin_addr) != 1)
        clients_fail("no such address");
    datagrams = open_socket(SOCK_DGRAM, 0);
    pings = open_socket(SOCK_RAW, IPPROTO_ICMP);
    if (connect(datagrams, (struct sockaddr *)&server, sizeof server) != 0 ||
        connect(pings, (struct sockaddr *)&server, sizeof server) != 0)
        clients_fail("the guest cannot be reached");
    ping_id = (uint16_t)getpid();
    for (int i = 0; i < OPENING_MAX; i++)
        opening[i].file = -1;
    if (tcp)
        open_connection();
}

static size_t
add_exchange(Stream *stream)
{
    if (stream->n == stream->room) {
        stream->room = stream->room ? 2 * stream->room : 1024;
        stream->all = realloc(stream->all, stream->room * sizeof *stream->all);
        if (!stream->all)
            clients_fail("no memory");
    }
    stream->all[stream->n] = (Exchange){.sent_ns = clients_clock_ns()};
    return stream->n++;
}

static void
answered(Stream *stream, size_t index, int64_t now_ns)
{
    if (index >= stream->n || stream->all[index].answered_ns)
        return; /* of another process, or a second time */
    stream->all[index].answered_ns = now_ns;
    stream->last_ns = now_ns - stream->all[index].sent_ns;
}

/* A frame that cannot be sent is a lost one: the guest was not reached. */
static void
send_numbered(int file, Stream *stream, size_t bytes)
{
    char request[REQUEST_BYTES] = {0};
    const uint64_t number = add_exchange(stream);

    memcpy(request, &number, sizeof number);
    if (send(file, request, bytes, MSG_NOSIGNAL) >= 0 || file != connection)
        return;
    close(connection); /* broken: what was not answered never will be */
    connection = -1;
    stream->per_s = 0;
}

static uint16_t
checksum(const void *data, size_t bytes)
{
    const unsigned char *at = data;
    uint32_t sum = 0;

    for (size_t i = 0; i + 1 < bytes; i += 2)
        sum += (uint32_t)at[i] << 8 | at[i + 1];
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

static void
send_ping(Stream *stream)
{
    unsigned char packet[PING_BYTES] = {0};
    struct icmphdr *header = (struct icmphdr *)packet;
    const uint64_t number = add_exchange(stream);

    header->type = ICMP_ECHO;
    header->un.echo.id = htons(ping_id);
    header->un.echo.sequence = htons((uint16_t)number);
    memcpy(packet + sizeof *header, &number, sizeof number);
    header->checksum = checksum(packet, sizeof packet);
    if (send(pings, packet, sizeof packet, 0) < 0)
        return; /* lost */
}

static void
start_opening(Stream *stream)
{
    for (int i = 0; i < OPENING_MAX; i++) {
        if (opening[i].file >= 0)
            continue;
        const int file = open_socket(SOCK_STREAM, 0);
        opening[i] = (Opening){file, add_exchange(stream)};
        if (connect(file, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS) {
            close(file);
            opening[i].file = -1;
        }
        return;
    }
}

void
streams_send(Stream *streams, StreamKind kind)
{
    switch (kind) {
    case STREAM_UDP:
        send_numbered(datagrams, &streams[kind], REQUEST_BYTES);
        break;
    case STREAM_TCP:
        send_numbered(connection, &streams[kind], REQUEST_BYTES);
        break;
    case STREAM_CONNECT:
        start_opening(&streams[kind]);
        break;
    case STREAM_PING:
        send_ping(&streams[kind]);
        break;
    case STREAM_RESENT:
    case N_STREAMS:
        break;
    }
}

static void
receive_datagrams(Stream *stream)
{
    char answer[REQUEST_BYTES];
    uint64_t number;

    while (recv(datagrams, answer, sizeof answer, 0) == REQUEST_BYTES) {
        memcpy(&number, answer, sizeof number);
        answered(stream, number, clients_clock_ns());
    }
}

static void
receive_pings(Stream *stream)
{
    unsigned char packet[PACKETS_BYTES];
    uint64_t number;

    for (;;) {
        const ssize_t bytes = recv(pings, packet, sizeof packet, 0);
        if (bytes < 0)
            return;
        const size_t at = (size_t)(packet[0] & 0xf) * 4; /* behind IP's header, which a raw socket gives too */
        const struct icmphdr *header = (const struct icmphdr *)(packet + at);
        if ((size_t)bytes < at + PING_BYTES || header->type != ICMP_ECHOREPLY || ntohs(header->un.echo.id) != ping_id)
            continue;
        memcpy(&number, header + 1, sizeof number);
        answered(stream, number, clients_clock_ns());
    }
}

/* Answers come in the order of the requests: only their bytes are counted. */
static void
receive_stream(Stream *stream)
{
    static size_t partial;
    char bytes[REQUEST_BYTES * 64];
    ssize_t got;

    while ((got = recv(connection, bytes, sizeof bytes, 0)) > 0)
        for (partial += (size_t)got; partial >= REQUEST_BYTES; partial -= REQUEST_BYTES)
            answered(stream, stream->answered_to++, clients_clock_ns());
    if (got < 0 && errno == EAGAIN)
        return;
    close(connection);
    connection = -1;
    stream->per_s = 0;
}

static void
end_opening(Stream *stream, Opening *one)
{
    if (is_connected(one->file))
        answered(stream, one->index, clients_clock_ns());
    close(one->file);
    one->file = -1;
}

int
streams_wait(Stream *streams, int64_t until_ns, int input)
{
    struct pollfd waited[WAIT_OPENING + OPENING_MAX] = {
        [WAIT_INPUT] = {.fd = input, .events = POLLIN},
        [WAIT_UDP] = {.fd = datagrams, .events = POLLIN},
        [WAIT_TCP] = {.fd = connection, .events = POLLIN},
        [WAIT_PING] = {.fd = pings, .events = POLLIN},
    };
    const int64_t left_ns = until_ns - clients_clock_ns();
    const struct timespec left = {left_ns > 0 ? left_ns / NS_PER_S : 0, left_ns > 0 ? left_ns % NS_PER_S : 0};

    for (int i = 0; i < OPENING_MAX; i++)
        waited[WAIT_OPENING + i] = (struct pollfd){.fd = opening[i].file, .events = POLLOUT};
    if (ppoll(waited, WAIT_OPENING + OPENING_MAX, &left, NULL) <= 0)
        return 0;
    if (waited[WAIT_UDP].revents)
        receive_datagrams(&streams[STREAM_UDP]);
    if (waited[WAIT_TCP].revents)
        receive_stream(&streams[STREAM_TCP]);
    if (waited[WAIT_PING].revents)
        receive_pings(&streams[STREAM_PING]);
    for (int i = 0; i < OPENING_MAX; i++)
        if (waited[WAIT_OPENING + i].revents)
            end_opening(&streams[STREAM_CONNECT], &opening[i]);
    return waited[WAIT_INPUT].revents != 0;
}

int
stream_is_full(const Stream *stream)
{
    return stream->window > 0 && stream->n - stream->answered_to >= stream->window;
}

void
streams_note_resent(Stream *streams)
{
    unsigned rtt_us, rto_us, resent;

    streams_tcp(&rtt_us, &rto_us, &resent);
    while (streams[STREAM_RESENT].n < resent)
        add_exchange(&streams[STREAM_RESENT]);
}

int
streams_behind(const Stream *streams, int64_t now_ns, int64_t late_ns)
{
    const Stream *tcp = &streams[STREAM_TCP];

    if (connection >= 0 && tcp->answered_to < tcp->n && now_ns - tcp->all[tcp->answered_to].sent_ns > late_ns)
        return 1;
    for (int i = 0; i < OPENING_MAX; i++)
        if (opening[i].file >= 0 && now_ns - streams[STREAM_CONNECT].all[opening[i].index].sent_ns > late_ns)
            return 1;
    return streams[STREAM_UDP].last_ns > late_ns;
}

void
streams_tcp(unsigned *rtt_us, unsigned *rto_us, unsigned *resent)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;

    if (connection >= 0)
        getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &length);
    *rtt_us = info.tcpi_rtt;
    *rto_us = info.tcpi_rto;
    *resent = info.tcpi_total_retrans;
}
