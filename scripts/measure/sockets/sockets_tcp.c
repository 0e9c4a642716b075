/*
 * What only TCP does: it holds bytes back and appends to them, sends what it held, and acknowledges.
 *
 * All by one process that sends to itself, so that what runs in the receiver's place runs here, too: over the loopback
 * interface the sender's call carries a segment up to the receiver's socket, and whoever acknowledges carries that back
 * and has the sender's socket forget what is acknowledged.
 */
#include "sockets_costs.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define BUDGET_S 0.03
#define SEGMENT_BYTES                                                                                                  \
    32000          /* chosen: less than a segment, also at the beginning, when one is half a packet (65536)            \
                    */
#define APPENDED 8 /* messages, at most, that are appended to one segment */

static uint8_t data[BYTES_MAX];

static void
set(int socket, int option, int value)
{
    setsockopt(socket, IPPROTO_TCP, option, &value, sizeof value);
}

static uint64_t
timed_set(int socket, int option, int value)
{
    uint64_t start_ns = clock_ns();
    set(socket, option, value);
    return clock_ns() - start_ns;
}

/* Both ends of the link, in one process. */
typedef struct {
    End sender, receiver;
    int sending, receiving;
    size_t bytes;
} Ends;

static Ends
ends_of(Pair *pair)
{
    Link *link = pair->of;
    return (Ends){link_end(link, SIDE_SENDER), link_end(link, SIDE_RECEIVER), link->sockets[SIDE_SENDER],
                  link->sockets[SIDE_RECEIVER], (size_t)pair->bytes};
}

static bool
send_message(Ends *ends, uint64_t *took_ns)
{
    uint64_t start_ns = clock_ns();
    bool well = ends->sender.link->kind->send(&ends->sender, data, ends->bytes);
    *took_ns = clock_ns() - start_ns;
    return well;
}

static bool
take_messages(Ends *ends, int messages)
{
    return link_receive_all(&ends->receiver, data, ends->bytes * (size_t)messages);
}

/*
 * A socket that is corked sends nothing that is less than a segment. So its first message makes a segment and sends
 * nothing, the next ones are appended, and to take the cork out sends them all: less what the call itself takes when
 * nothing is held.
 */
static bool
measure_push(Pair *pair, SizeCosts *size)
{
    static Samples makes, pushes, calls;
    Ends ends = ends_of(pair);
    uint64_t took_ns;
    bool well = true;

    samples_start(&makes, BUDGET_S);
    samples_start(&pushes, BUDGET_S);
    samples_start(&calls, BUDGET_S);
    while (well && samples_more(&makes)) {
        set(ends.sending, TCP_CORK, 1);
        well = send_message(&ends, &took_ns);
        samples_add_ns(&makes, took_ns);
        samples_add_ns(&pushes, timed_set(ends.sending, TCP_CORK, 0));
        well = well && take_messages(&ends, 1);
        samples_add_ns(&calls, timed_set(ends.sending, TCP_CORK, 0));
    }
    size->us[SIZE_SEND_SEGMENT] = samples_spread(&makes).mean_us;
    size->us[SIZE_PUSH] = samples_spread(&pushes).mean_us - samples_spread(&calls).mean_us;
    return well;
}

static bool
measure_appended(Pair *pair, SizeCosts *size)
{
    static Samples appends;
    Ends ends = ends_of(pair);
    int fitting = SEGMENT_BYTES / size->bytes, messages = fitting < 1 + APPENDED ? fitting : 1 + APPENDED;
    uint64_t took_ns;
    bool well = true;

    samples_start(&appends, BUDGET_S);
    while (well && samples_more(&appends)) {
        set(ends.sending, TCP_CORK, 1);
        well = send_message(&ends, &took_ns);
        for (int i = 1; i < messages && well; i++) {
            well = send_message(&ends, &took_ns);
            samples_add_ns(&appends, took_ns);
        }
        set(ends.sending, TCP_CORK, 0);
        well = well && take_messages(&ends, messages);
    }
    size->us[SIZE_SEND_APPENDED] = samples_spread(&appends).mean_us;
    return well;
}

/*
 * An acknowledgment alone. A receiver that is told not to acknowledge at once has one that is due when it has taken a
 * message; to tell it that it should sends it: less what that call takes when none is due. And what it takes to receive
 * without one: where answers go the other way, these carry it.
 */
static bool
measure_acknowledgment(Pair *pair, SizeCosts *size)
{
    static Samples receives, due, none;
    Ends ends = ends_of(pair);
    uint64_t took_ns;
    bool well = true;

    samples_start(&receives, BUDGET_S);
    samples_start(&due, BUDGET_S);
    samples_start(&none, BUDGET_S);
    while (well && samples_more(&due)) {
        set(ends.receiving, TCP_QUICKACK, 0);
        well = send_message(&ends, &took_ns);
        uint64_t sent_ns = clock_ns();
        well = well && take_messages(&ends, 1);
        samples_add_ns(&receives, clock_ns() - sent_ns);
        samples_add_ns(&due, timed_set(ends.receiving, TCP_QUICKACK, 1));
        samples_add_ns(&none, timed_set(ends.receiving, TCP_QUICKACK, 1));
    }
    size->us[SIZE_RECEIVE_UNACKNOWLEDGED] = samples_spread(&receives).mean_us;
    size->us[SIZE_ACKNOWLEDGE] = samples_spread(&due).mean_us - samples_spread(&none).mean_us;
    return well;
}

bool
tcp_measure(const LinkCosts *of, SizeCosts *size)
{
    if (of->design != DESIGN_TCP)
        return true;
    memset(data, 1, sizeof data); /* as sockets_sizes.c */
    if (size->bytes > SEGMENT_BYTES)
        return true;
    return costs_on_link(of, WORK_STREAM, size, measure_push) &&
           costs_on_link(of, WORK_ROUND_TRIP, size, measure_acknowledgment) &&
           (2 * size->bytes > SEGMENT_BYTES || costs_on_link(of, WORK_STREAM, size, measure_appended));
}
