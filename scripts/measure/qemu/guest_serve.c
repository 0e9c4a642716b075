/*
 * The guest's server: one thread, one queue. It answers datagrams and requests over TCP connections, each of
 * REQUEST_BYTES with an answer of as many (the request itself), after serve=US microseconds of work; it accepts
 * connections. Pings are answered by the guest's kernel.
 *
 * The work is a fixed number of turns of a loop, as many as took US microseconds when the guest did nothing else: a
 * guest that is slowed down takes longer for it, where waiting for a clock would not.
 *
 *   serve=US      work for each request
 *   address=IPV4  its own, with a network of 24 bits
 */
#include "guest.h"
#include "requests.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_MAX      64         /* chosen: open connections; there are two at a time */
#define QUEUE_BYTES    (16 << 20) /* chosen: requests that wait are not dropped by the guest's socket */
#define TRIAL_TURNS    4000000L   /* chosen: some ten milliseconds even on a fast processor */
#define TRIALS         7          /* chosen: the shortest counts, without interrupts and translation */
#define INTERFACE      "eth0"
#define INTERFACE_US   10000
#define INTERFACE_TRYS 500 /* chosen: five seconds until the driver has found its device */

typedef struct {
    int file; /* -1: nobody */
    size_t filled;
    char request[REQUEST_BYTES];
} Peer;

static uint64_t work_state = 0x9e3779b97f4a7c15u; /* chosen: any non-zero seed */

static void
turn(long turns)
{
    uint64_t state = work_state;
    for (long i = 0; i < turns; i++)
        guest_draw(&state);
    work_state = state; /* used, or the compiler would leave the loop out */
}

static long
turns_of(double work_us)
{
    double shortest_s = 1e9;

    for (int i = 0; i < TRIALS; i++) {
        const double start_s = guest_clock_s();
        turn(TRIAL_TURNS);
        const double took_s = guest_clock_s() - start_s;
        if (took_s < shortest_s)
            shortest_s = took_s;
    }
    return (long)(work_us * 1e-6 * (double)TRIAL_TURNS / shortest_s) + 1;
}

static void
set_address(int file, unsigned long request, const char *address)
{
    struct ifreq wanted = {.ifr_name = INTERFACE};
    struct sockaddr_in *in = (struct sockaddr_in *)&wanted.ifr_addr;

    in->sin_family = AF_INET;
    if (inet_pton(AF_INET, address, &in->sin_addr) != 1 || ioctl(file, request, &wanted) != 0)
        guest_hang("the interface takes no address");
}

static void
bring_up(const char *address)
{
    struct ifreq wanted = {.ifr_name = INTERFACE};
    const int file = socket(AF_INET, SOCK_DGRAM, 0);

    for (int i = 0; ioctl(file, SIOCGIFFLAGS, &wanted) != 0; i++) {
        if (i == INTERFACE_TRYS)
            guest_hang("there is no " INTERFACE);
        usleep(INTERFACE_US);
    }
    set_address(file, SIOCSIFADDR, address);
    set_address(file, SIOCSIFNETMASK, "255.255.255.0");
    wanted.ifr_flags |= IFF_UP | IFF_RUNNING;
    if (ioctl(file, SIOCSIFFLAGS, &wanted) != 0)
        guest_hang("the interface does not come up");
    close(file);
}

static int
listen_on(int type)
{
    const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(REQUEST_PORT)};
    const int file = socket(AF_INET, type, 0), bytes = QUEUE_BYTES;

    setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    if (bind(file, (const struct sockaddr *)&any, sizeof any) != 0)
        guest_hang("its port cannot be had");
    if (type == SOCK_STREAM && listen(file, PEERS_MAX) != 0)
        guest_hang("it cannot listen");
    return file;
}

static void
answer_datagram(int file, long turns)
{
    char request[REQUEST_BYTES];
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    const ssize_t bytes = recvfrom(file, request, sizeof request, MSG_DONTWAIT, (struct sockaddr *)&from, &length);

    if (bytes <= 0)
        return;
    turn(turns);
    sendto(file, request, (size_t)bytes, MSG_DONTWAIT, (struct sockaddr *)&from, length);
}

static void
accept_peer(int listener, Peer *peers)
{
    const int file = accept(listener, NULL, NULL), on = 1;

    if (file < 0)
        return;
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (int i = 0; i < PEERS_MAX; i++)
        if (peers[i].file < 0) {
            peers[i] = (Peer){.file = file};
            return;
        }
    close(file);
}

/* One request at most, so that no connection is served before the datagrams that wait. */
static void
answer_peer(Peer *peer, long turns)
{
    const ssize_t bytes = recv(peer->file, peer->request + peer->filled, REQUEST_BYTES - peer->filled, MSG_DONTWAIT);

    if (bytes < 0 && errno == EAGAIN)
        return;
    if (bytes <= 0) {
        close(peer->file);
        peer->file = -1;
        return;
    }
    peer->filled += (size_t)bytes;
    if (peer->filled < REQUEST_BYTES)
        return;
    peer->filled = 0;
    turn(turns);
    send(peer->file, peer->request, REQUEST_BYTES, MSG_NOSIGNAL);
}

static void
serve_for_ever(int datagrams, int listener, long turns)
{
    static Peer peers[PEERS_MAX];
    struct pollfd waited[2 + PEERS_MAX] = {{.fd = datagrams, .events = POLLIN}, {.fd = listener, .events = POLLIN}};

    for (int i = 0; i < PEERS_MAX; i++)
        peers[i].file = -1;
    for (;;) {
        for (int i = 0; i < PEERS_MAX; i++)
            waited[2 + i] = (struct pollfd){.fd = peers[i].file, .events = POLLIN};
        if (poll(waited, 2 + PEERS_MAX, -1) <= 0)
            continue;
        if (waited[0].revents)
            answer_datagram(datagrams, turns);
        for (int i = 0; i < PEERS_MAX; i++)
            if (waited[2 + i].revents)
                answer_peer(&peers[i], turns);
        if (waited[1].revents)
            accept_peer(listener, peers);
    }
}

void
serve(int ready)
{
    const long work_us = guest_input("serve", 0);

    bring_up(guest_word("address", "198.51.100.2"));
    const int datagrams = listen_on(SOCK_DGRAM), listener = listen_on(SOCK_STREAM);
    const long turns = turns_of((double)work_us);
    printf("SERVING work_us=%ld turns=%ld\n", work_us, turns);
    guest_say_ready(ready);
    serve_for_ever(datagrams, listener, turns);
    guest_hang("the server ended");
}
