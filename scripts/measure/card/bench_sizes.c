/*
 * What it costs to move bytes: through a slot of shared memory, and through a stream socket.
 */
#include "bench_costs.h"
#include "common/bench_pair.h"
#include <math.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUDGET_S 0.06

static const Spread NONE = {NAN, NAN, NAN, NAN};

static void
copy_and_return(Pair *pair)
{
    static uint8_t request[BYTES_MAX], answer[BYTES_MAX];
    for (;;) {
        pair_spin(&pair->turn, 1);
        uint64_t out_ns = pair_timed_copy(request, pair->data, (size_t)pair->bytes);
        pair->in_ns = pair_timed_copy(pair->data, answer, (size_t)pair->bytes);
        pair->out_ns = out_ns; /* not before: the second copy's fence would wait for this line, too */
        atomic_store_explicit(&pair->turn, 0, memory_order_release);
    }
}

/*
 * The four copies of a request, each by the process that does it in the service, on processors of their own: what one
 * reads or overwrites lies in the other's cache, which is what copying through a slot costs more than copying.
 */
static bool
measure_copies_other(Pair *pair, SizeCosts *size)
{
    static Samples request_in, request_out, answer_in, answer_out;
    static uint8_t request[BYTES_MAX], answer[BYTES_MAX];

    if (!pair_start(pair, 1, copy_and_return))
        return false;
    samples_start(&request_in, BUDGET_S);
    samples_start(&request_out, BUDGET_S);
    samples_start(&answer_in, BUDGET_S);
    samples_start(&answer_out, BUDGET_S);
    while (samples_more(&request_in)) {
        samples_add_ns(&request_in, pair_timed_copy(pair->data, request, (size_t)size->bytes));
        atomic_store_explicit(&pair->turn, 1, memory_order_release);
        pair_spin(&pair->turn, 0);
        samples_add_ns(&answer_out, pair_timed_copy(answer, pair->data, (size_t)size->bytes));
        samples_add_ns(&request_out, pair->out_ns);
        samples_add_ns(&answer_in, pair->in_ns);
    }
    pair_end(pair);
    size->request_in = samples_spread(&request_in);
    size->request_out = samples_spread(&request_out);
    size->answer_in = samples_spread(&answer_in);
    size->answer_out = samples_spread(&answer_out);
    return true;
}

static void
measure_copy_same(Pair *pair, SizeCosts *size)
{
    static Samples copies;
    static uint8_t request[BYTES_MAX];

    samples_start(&copies, BUDGET_S / 4);
    while (samples_more(&copies))
        samples_add_ns(&copies, pair_timed_copy(pair->data, request, (size_t)size->bytes));
    size->copy_same = samples_spread(&copies);
}

static void
receive(int socket, uint8_t *to, int bytes)
{
    ssize_t received;
    for (int n = 0; n < bytes; n += (int)received)
        if ((received = recv(socket, to + n, (size_t)(bytes - n), MSG_WAITALL)) <= 0)
            return;
}

/* One process that sends to itself: system call and copy, nobody to wake. */
static bool
measure_socket_same(Pair *pair, SizeCosts *size)
{
    static Samples sends, receives;
    static uint8_t data[BYTES_MAX];

    samples_start(&sends, BUDGET_S / 2);
    samples_start(&receives, BUDGET_S / 2);
    while (samples_more(&sends)) {
        uint64_t start_ns = clock_ns();
        if (send(pair->sockets[0], data, (size_t)size->bytes, MSG_NOSIGNAL) != size->bytes)
            return false;
        uint64_t sent_ns = clock_ns();
        receive(pair->sockets[1], data, size->bytes);
        samples_add_ns(&receives, clock_ns() - sent_ns);
        samples_add_ns(&sends, sent_ns - start_ns);
    }
    size->send = samples_spread(&sends);
    size->recv = samples_spread(&receives);
    return true;
}

static void
receive_and_stamp(Pair *pair)
{
    static uint8_t data[BYTES_MAX];
    for (;;) {
        atomic_store(&pair->asleep, 1);
        receive(pair->sockets[1], data, pair->bytes);
        atomic_store_explicit(&pair->stamp_ns, clock_ns(), memory_order_release);
    }
}

/* The receiver sleeps in recv on another processor: the sender's call then wakes it, as an answer wakes its client. */
static bool
measure_socket_other(Pair *pair, SizeCosts *size)
{
    static Samples sends, wakes;
    static uint8_t data[BYTES_MAX];
    bool well = true;

    if (!pair_start(pair, 1, receive_and_stamp))
        return false;
    samples_start(&sends, BUDGET_S);
    samples_start(&wakes, BUDGET_S);
    while (well && samples_more(&wakes)) {
        pair_spin(&pair->asleep, 1);
        pair_spin_for(GAP_US);
        atomic_store(&pair->asleep, 0);
        atomic_store(&pair->stamp_ns, 0);
        uint64_t start_ns = clock_ns();
        well = send(pair->sockets[0], data, (size_t)size->bytes, MSG_NOSIGNAL) == size->bytes;
        samples_add_ns(&sends, clock_ns() - start_ns);
        if (well)
            samples_add_ns(&wakes, pair_take_stamp(pair) - start_ns);
    }
    pair_end(pair);
    size->send_wake = samples_spread(&sends);
    size->socket_wake = samples_spread(&wakes);
    return well;
}

static void
send_and_wait(Pair *pair)
{
    static uint8_t data[BYTES_MAX];
    for (;;) {
        if (send(pair->sockets[1], data, (size_t)pair->bytes, MSG_NOSIGNAL) != pair->bytes)
            _exit(1);
        atomic_store(&pair->asleep, 1);
        receive(pair->sockets[1], data, 1);
    }
}

/* The sender waits for its answer: to take what it has sent wakes it, though it is not answered. */
static bool
measure_receive_other(Pair *pair, SizeCosts *size)
{
    static Samples receives;
    static uint8_t data[BYTES_MAX];
    bool well = true;

    if (!pair_start(pair, 1, send_and_wait))
        return false;
    samples_start(&receives, BUDGET_S);
    while (well && samples_more(&receives)) {
        pair_spin(&pair->asleep, 1);
        pair_spin_for(GAP_US);
        atomic_store(&pair->asleep, 0);
        uint64_t start_ns = clock_ns();
        receive(pair->sockets[0], data, size->bytes);
        samples_add_ns(&receives, clock_ns() - start_ns);
        well = send(pair->sockets[0], data, 1, MSG_NOSIGNAL) == 1;
    }
    pair_end(pair);
    size->recv_wake = samples_spread(&receives);
    return well;
}

bool
sizes_measure(SizeCosts *size)
{
    Pair *pair = pair_new(size->bytes, pair_connect_unix);

    if (!pair)
        return false;
    size->request_in = size->request_out = size->answer_in = size->answer_out = NONE;
    size->send_wake = size->recv_wake = size->socket_wake = NONE;
    machine_pin(0);
    measure_copy_same(pair, size);
    bool well = measure_socket_same(pair, size);
    if (machine_processors() > 1)
        well = well && measure_copies_other(pair, size) && measure_socket_other(pair, size) &&
               measure_receive_other(pair, size);
    machine_place(PLACE_ALL, ROLE_CLIENT);
    pair_free(pair);
    return well;
}
