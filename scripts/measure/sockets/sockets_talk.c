#include "sockets_talk.h"

#include "common/bench_samples.h"
#include "sockets_check.h"
#include <sys/mman.h>
#include <unistd.h>

#define READY_LOOK_US 200

Talk *
talk_new(const Case *what)
{
    Talk *talk = mmap(NULL, sizeof *talk, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (talk == MAP_FAILED)
        return NULL;
    talk->what = *what;
    talk->link = link_new(what);
    if (talk->link)
        return talk;
    munmap(talk, sizeof *talk);
    return NULL;
}

void
talk_free(Talk *talk)
{
    link_free(talk->link);
    munmap(talk, sizeof *talk);
}

/* A side at work. */
typedef struct {
    Talk *talk;
    Tally *tally;
    End end;
    Check check; /* of what the other side sends */
    uint8_t *sent, *received;
} Worker;

static void
wait_for_start(Talk *talk)
{
    atomic_fetch_add(&talk->ready, 1);
    while (atomic_load(&talk->end_ns) == 0)
        usleep(READY_LOOK_US);
}

static bool
has_to_stop(const Talk *talk)
{
    return atomic_load_explicit(&talk->stop, memory_order_relaxed);
}

static bool
send_message(Worker *worker)
{
    size_t bytes = (size_t)worker->talk->what.bytes;

    check_number(worker->sent, bytes, worker->end.side, worker->tally->sent_messages);
    if (!worker->end.link->kind->send(&worker->end, worker->sent, bytes))
        return false;
    worker->tally->sent_bytes += bytes;
    worker->tally->sent_messages++;
    return true;
}

/* One call that receives; 0 when the stream has ended. */
static size_t
receive_once(Worker *worker, size_t most)
{
    Tally *tally = worker->tally;
    size_t bytes = worker->end.link->kind->receive(&worker->end, worker->received, most);

    if (bytes == 0)
        return 0;
    check_take(&worker->check, worker->received, bytes);
    atomic_store_explicit(&tally->received_bytes, worker->check.received, memory_order_relaxed);
    atomic_store_explicit(&tally->receives, worker->end.receives, memory_order_relaxed);
    return bytes;
}

/* False when the stream ended, at a message's end or within it. */
static bool
receive_message(Worker *worker)
{
    size_t left = (size_t)worker->talk->what.bytes, bytes;

    while (left > 0 && (bytes = receive_once(worker, left)) > 0)
        left -= bytes;
    return left == 0;
}

static bool
send_stream(Worker *worker)
{
    bool well = true;
    while (well && !has_to_stop(worker->talk))
        well = send_message(worker);
    worker->end.link->kind->finish(&worker->end);
    return well;
}

static bool
receive_stream(Worker *worker)
{
    while (receive_once(worker, (size_t)worker->talk->what.receive_bytes) > 0)
        ;
    return true;
}

static bool
ask(Worker *worker)
{
    const Talk *talk = worker->talk;
    uint64_t start_ns = atomic_load(&talk->start_ns), end_ns = atomic_load(&talk->end_ns), now_ns = clock_ns();
    bool well = true;

    while (well && !has_to_stop(talk)) {
        uint64_t asked_ns = now_ns;
        well = send_message(worker) && receive_message(worker);
        now_ns = clock_ns();
        if (now_ns >= start_ns && now_ns < end_ns)
            latency_add(&worker->tally->latencies, now_ns - asked_ns);
    }
    worker->end.link->kind->finish(&worker->end);
    return well;
}

static bool
answer(Worker *worker)
{
    while (receive_message(worker))
        if (!send_message(worker))
            return false;
    return true;
}

bool
talk_run(Talk *talk, Side side)
{
    static bool (*const RUN[WORKS][SIDES])(Worker *) = {
        [WORK_ROUND_TRIP] = {[SIDE_SENDER] = ask, [SIDE_RECEIVER] = answer},
        [WORK_STREAM] = {[SIDE_SENDER] = send_stream, [SIDE_RECEIVER] = receive_stream}};
    static uint8_t sent[BYTES_MAX], received[BYTES_MAX];
    size_t bytes = (size_t)talk->what.bytes;
    Worker worker = {.talk = talk,
                     .tally = &talk->tallies[side],
                     .end = link_end(talk->link, side),
                     .check = check_new(bytes, (Side)(1 - side)),
                     .sent = sent,
                     .received = received};

    check_fill(sent, bytes);
    check_fill(received, BYTES_MAX); /* touched, so that no page is missing when it is measured */
    wait_for_start(talk);
    bool well = RUN[talk->what.work][side](&worker);
    worker.tally->compared = worker.check.compared;
    worker.tally->wrong = worker.check.wrong;
    return well;
}
