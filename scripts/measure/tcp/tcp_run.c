#include "tcp_run.h"

#include "common/bench_samples.h"
#include "tcp_space.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROUND_TRIPS  20    /* before the blackout, so that the kernel knows the round-trip time */
#define WAIT_FACTOR  3     /* an answer comes at most so many blackouts after the first transmission, */
#define WAIT_MORE_MS 20000 /* and this */

typedef struct {
    int listener, client, server; /* server: -1 while there is no connection */
    uint16_t client_port;
} Ends;

static bool
because(char why[WHY_MAX], const char *text)
{
    snprintf(why, WHY_MAX, "%s: %s", text, strerror(errno));
    return false;
}

double
run_tick_us(void)
{
    struct timespec tick;
    return clock_getres(CLOCK_MONOTONIC_COARSE, &tick) == 0 ? (double)tick.tv_nsec / 1e3 : NAN;
}

/* ---- settings ---- */

static bool
apply(const Case *what, Result *result, char why[WHY_MAX])
{
    if (what->sent == SENT_SEGMENT && !space_set(SETTING_EARLY_RETRANS, what->probe ? 3 : 0))
        return because(why, "tcp_early_retrans cannot be set");
    /* a kernel before 6.5 has none, which is as none */
    if (what->sent == SENT_SYN && !(what->linear == 0 && space_setting(SETTING_SYN_LINEAR) < 0) &&
        !space_set(SETTING_SYN_LINEAR, what->linear))
        return because(why, "tcp_syn_linear_timeouts cannot be set");
    if (what->rto_min_ms > 0 && !space_set(SETTING_RTO_MIN_US, what->rto_min_ms * 1000L))
        return because(why, "tcp_rto_min_us cannot be set");
    for (int i = 0; i < SETTINGS; i++)
        result->settings[i] = space_setting((Setting)i);
    return true;
}

/* ---- the two ends ---- */

static bool
listen_here(Ends *ends, struct sockaddr_in *at, char why[WHY_MAX])
{
    socklen_t bytes = sizeof *at;

    *at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ends->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ends->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    ends->server = -1;
    if (ends->listener < 0 || ends->client < 0 || bind(ends->listener, (struct sockaddr *)at, bytes) != 0 ||
        listen(ends->listener, 4) != 0 || getsockname(ends->listener, (struct sockaddr *)at, &bytes) != 0)
        return because(why, "nobody can listen on the loopback interface");
    struct sockaddr_in mine = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bytes = sizeof mine;
    if (bind(ends->client, (struct sockaddr *)&mine, bytes) != 0 ||
        getsockname(ends->client, (struct sockaddr *)&mine, &bytes) != 0)
        return because(why, "the client has no port");
    ends->client_port = ntohs(mine.sin_port);
    return true;
}

static bool
begin_connect(const Ends *ends, const struct sockaddr_in *at)
{
    return connect(ends->client, (const struct sockaddr *)at, sizeof *at) == 0 || errno == EINPROGRESS;
}

static bool
is_ready(int fd, short what, int wait_ms)
{
    struct pollfd one = {.fd = fd, .events = what};
    return poll(&one, 1, wait_ms) == 1 && (one.revents & what);
}

/* Both ends are there. */
static bool
open_connection(Ends *ends, const struct sockaddr_in *at, char why[WHY_MAX])
{
    const int on = 1;

    if (!begin_connect(ends, at) || !is_ready(ends->listener, POLLIN, 2000))
        return because(why, "no connection");
    ends->server = accept4(ends->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (ends->server < 0 || !is_ready(ends->client, POLLOUT, 2000))
        return because(why, "no connection");
    setsockopt(ends->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(ends->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return true;
}

static bool
pass_byte(int from, int to, int wait_ms)
{
    char byte = 'x';
    return send(from, &byte, 1, MSG_NOSIGNAL) == 1 && is_ready(to, POLLIN, wait_ms) && recv(to, &byte, 1, 0) == 1;
}

static bool
talk(const Ends *ends, char why[WHY_MAX])
{
    for (int i = 0; i < ROUND_TRIPS; i++)
        if (!pass_byte(ends->client, ends->server, 2000) || !pass_byte(ends->server, ends->client, 2000))
            return because(why, "no round trip");
    return true;
}

static double
kernel_rtt_us(int fd)
{
    struct tcp_info info = {0};
    socklen_t bytes = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) == 0 ? info.tcpi_rtt : NAN;
}

/* ---- the blackout ---- */

static bool
drop_all(int fd)
{
    struct sock_filter nothing[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
    const struct sock_fprog program = {.len = 1, .filter = nothing};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static bool
drop_none(int fd)
{
    const int unused = 0;
    return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused) == 0;
}

static void
sleep_ms(int ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

/* From the first transmission until the client has what it wants; NAN: never. */
static double
black_out(const Ends *ends, const Case *what, const struct sockaddr_in *at)
{
    const int deaf = what->sent == SENT_SYN ? ends->listener : ends->server;
    const int wait_ms = WAIT_FACTOR * what->blackout_ms + WAIT_MORE_MS;
    char byte = 'x';

    if (!drop_all(deaf))
        return NAN;
    const uint64_t since_ns = clock_ns();
    if (what->sent == SENT_SYN ? !begin_connect(ends, at) : send(ends->client, &byte, 1, MSG_NOSIGNAL) != 1)
        return NAN;
    sleep_ms(what->blackout_ms);
    if (!drop_none(deaf))
        return NAN;
    if (what->sent == SENT_SYN ? !is_ready(ends->client, POLLOUT, wait_ms)
                               : !(is_ready(ends->server, POLLIN, wait_ms) && recv(ends->server, &byte, 1, 0) == 1 &&
                                   pass_byte(ends->server, ends->client, 2000)))
        return NAN;
    return (double)(clock_ns() - since_ns) / 1e9;
}

/* What the client sent during its round trips is no part of it. */
static void
forget_frames(int watch)
{
    double unused[1];
    (void)space_transmissions(watch, 0, SENT_SEGMENT, unused, 0);
}

bool
run_repeat(const Case *what, Result *result, char why[WHY_MAX])
{
    const char *reason = "";
    struct sockaddr_in at;
    Ends ends;

    if (!space_enter(&reason) || !apply(what, result, why))
        return *reason && !*why ? because(why, reason) : false;
    int watch = space_watch(&reason);
    if (watch < 0)
        return because(why, reason);
    if (!listen_here(&ends, &at, why))
        return false;
    if (what->sent == SENT_SEGMENT && (!open_connection(&ends, &at, why) || !talk(&ends, why)))
        return false;
    sleep_ms(what->sent == SENT_SEGMENT ? 300 : 0); /* until the last acknowledgement, which may be delayed, has come */
    result->rtt_us = what->sent == SENT_SEGMENT ? kernel_rtt_us(ends.client) : 0;
    forget_frames(watch);
    result->felt_s = black_out(&ends, what, &at);
    result->steps = space_transmissions(watch, ends.client_port, what->sent, result->again_s, STEPS_MAX);
    return isfinite(result->felt_s) || because(why, "the client had no answer");
}
