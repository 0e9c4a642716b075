#include "tcp_space.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static bool
raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool well = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0;

    request.ifr_flags |= IFF_UP | IFF_RUNNING;
    well = well && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    if (fd >= 0)
        close(fd);
    return well;
}

bool
space_enter(const char **why)
{
    *why = "no network namespace can be made";
    if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    *why = "the namespace's loopback interface does not come up";
    return raise_loopback();
}

/* ---- settings ---- */

static void
setting_path(Setting setting, char *path, size_t bytes)
{
    static const char *const names[] = {
        [SETTING_EARLY_RETRANS] = "tcp_early_retrans", [SETTING_SYN_LINEAR] = "tcp_syn_linear_timeouts",
        [SETTING_RTO_MIN_US] = "tcp_rto_min_us",       [SETTING_RTO_MAX_MS] = "tcp_rto_max_ms",
        [SETTING_RETRIES2] = "tcp_retries2",           [SETTING_SYN_RETRIES] = "tcp_syn_retries"};
    snprintf(path, bytes, "/proc/sys/net/ipv4/%s", names[setting]);
}

long
space_setting(Setting setting)
{
    char path[128], text[32] = "";
    setting_path(setting, path, sizeof path);
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    bool read = fgets(text, sizeof text, file) != NULL;
    fclose(file);
    return read ? strtol(text, NULL, 10) : -1;
}

bool
space_set(Setting setting, long value)
{
    char path[128];
    setting_path(setting, path, sizeof path);
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file, "%ld\n", value);
    return fclose(file) == 0 && space_setting(setting) == value;
}

/* ---- frames ---- */

int
space_watch(const char **why)
{
    const int on = 1;
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));

    *why = "no packet socket can be made";
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Whether the frame is one of those that are sent again. */
static bool
counts(const uint8_t *frame, size_t bytes, uint16_t from_port, Sent sent)
{
    struct iphdr ip;
    struct tcphdr tcp;

    if (bytes < sizeof(struct ether_header) + sizeof ip)
        return false;
    memcpy(&ip, frame + sizeof(struct ether_header), sizeof ip);
    const size_t at = sizeof(struct ether_header) + ip.ihl * 4u;
    if (ip.protocol != IPPROTO_TCP || bytes < at + sizeof tcp)
        return false;
    memcpy(&tcp, frame + at, sizeof tcp);
    if (ntohs(tcp.source) != from_port)
        return false;
    return sent == SENT_SYN ? tcp.syn && !tcp.ack : ntohs(ip.tot_len) > ip.ihl * 4u + tcp.doff * 4u;
}

static double
time_of(struct msghdr *message)
{
    struct timespec at = {0};

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS)
            memcpy(&at, CMSG_DATA(c), sizeof at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

int
space_transmissions(int watch, uint16_t from_port, Sent sent, double *again_s, int most)
{
    double first_s = -1;
    int n = 0;

    for (;;) {
        uint8_t frame[256];
        char control[256];
        struct sockaddr_ll from = {0};
        struct iovec part = {frame, sizeof frame};
        struct msghdr message = {.msg_name = &from,
                                 .msg_namelen = sizeof from,
                                 .msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = control,
                                 .msg_controllen = sizeof control};
        const ssize_t bytes = recvmsg(watch, &message, MSG_DONTWAIT);
        if (bytes < 0)
            return n;
        /* the loopback interface shows each frame as it goes out, which only who wants all protocols sees, and as it
         * comes in */
        if (from.sll_pkttype != PACKET_OUTGOING || !counts(frame, (size_t)bytes, from_port, sent))
            continue;
        if (first_s < 0)
            first_s = time_of(&message);
        else if (n < most)
            again_s[n++] = time_of(&message) - first_s;
    }
}
