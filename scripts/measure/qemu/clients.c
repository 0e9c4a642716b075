/*
 * The clients of a measured guest, in one process that the driver starts (measure_client.py).
 *
 * usage: clients ADDRESS saturate SECONDS WINDOW
 *        clients ADDRESS offer SECONDS UDP_PER_S SEED PING_PER_S
 *        clients ADDRESS ask UDP_PER_S even|poisson SEED TCP_PER_S WINDOW CONNECT_PER_S PING_PER_S AFTER_S FILE
 *
 * saturate keeps WINDOW datagrams under way and prints how many a second are answered. offer sends datagrams in an open
 * load, with pings beside them, prints the same, and ends when all are answered that will be. ask sends open loads,
 * prints READY, and is told on its standard input what happens: a line "start" when the migration starts, a line
 * "after" when the guest runs at the destination. It goes on for AFTER_S after that, and until no request is late, a
 * minute more at most. Then it writes each exchange to FILE (stream, sent and answered in nanoseconds of
 * CLOCK_MONOTONIC, answered empty when lost) and prints what TCP knew of its connection at "start" and at the end.
 * Input that ends means that nobody wants to know.
 *
 * Build: cc -O2 clients*.c -lm (scripts/measure-qemu.sh does it).
 */
#include "clients.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WARM_SHARE  0.2             /* chosen: of a saturation's time, before answers count */
#define RESEND_NS   (NS_PER_S / 2)  /* chosen: a saturation with no answer for so long sends again */
#define LATE_NS     (NS_PER_S / 5)  /* chosen: TCP's shortest retransmission time-out */
#define LAST_NS     NS_PER_S        /* chosen: for answers to what was sent last */
#define PATIENCE_NS (60 * NS_PER_S) /* chosen: a backlog that is not gone by then never will be */
#define FOREVER_NS  INT64_MAX

enum { ASK_UDP = 3, ASK_ARRIVALS, ASK_SEED, ASK_TCP, ASK_WINDOW, ASK_CONNECT, ASK_PING, ASK_AFTER, ASK_FILE, N_ASK };

static Stream streams[N_STREAMS] = {
    [STREAM_UDP] = {.name = "udp"},   [STREAM_TCP] = {.name = "tcp"},       [STREAM_CONNECT] = {.name = "connect"},
    [STREAM_PING] = {.name = "ping"}, [STREAM_RESENT] = {.name = "resent"},
};

int64_t
clients_clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void
clients_fail(const char *what)
{
    fprintf(stderr, "clients: %s\n", what);
    exit(1);
}

/* One queue, so that answers come in order: what is before the last is answered or lost. Returns one more than the
 * last. */
static size_t
last_answered(const Stream *stream, size_t from)
{
    size_t end = stream->n;

    while (end > from && !stream->all[end - 1].answered_ns)
        end--;
    return end;
}

static void
saturate(double seconds, size_t window)
{
    Stream *udp = &streams[STREAM_UDP];
    const int64_t start_ns = clients_clock_ns(), all_ns = (int64_t)(seconds * 1e9);
    const int64_t from_ns = start_ns + (int64_t)(WARM_SHARE * (double)all_ns), end_ns = start_ns + all_ns;
    size_t seen = 0, credit = window, counted = 0;

    for (int64_t now_ns = start_ns; now_ns < end_ns; now_ns = clients_clock_ns()) {
        for (; credit > 0; credit--)
            streams_send(streams, STREAM_UDP);
        const int64_t until_ns = now_ns + RESEND_NS;
        streams_wait(streams, until_ns < end_ns ? until_ns : end_ns, -1);
        for (size_t end = last_answered(udp, seen); seen < end; seen++) {
            counted += udp->all[seen].answered_ns >= from_ns;
            credit++;
        }
        if (credit == 0 && clients_clock_ns() >= until_ns) { /* lost: give them up */
            credit = window;
            seen = udp->n;
        }
    }
    if (counted == 0)
        clients_fail("the guest's server answers nothing");
    printf("capacity_per_s=%.3f\n", (double)counted / (1e-9 * (double)(end_ns - from_ns)));
}

/* Uniform over (0, 1]. */
static double
draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return ((double)(*state >> 11) + 1) * 0x1p-53;
}

static void
schedule(Stream *stream, uint64_t *random)
{
    const double gap_s = (stream->arrivals == ARRIVALS_POISSON ? -log(draw(random)) : 1) / stream->per_s;

    stream->due_ns += (int64_t)(gap_s * 1e9);
}

/* Sends what is due, also what a late process owes: the load is open. Only what waits for an answer before it is not
 * made up for. Returns when the next is due. */
static int64_t
send_due(int64_t now_ns, uint64_t *random)
{
    int64_t next_ns = FOREVER_NS;

    for (int kind = 0; kind < N_STREAMS; kind++) {
        Stream *stream = &streams[kind];
        while (stream->per_s > 0 && stream->due_ns <= now_ns && !stream_is_full(stream)) {
            if (stream->window > 0)
                stream->due_ns = now_ns;
            streams_send(streams, (StreamKind)kind);
            if (stream->per_s > 0) /* sending may have found its connection broken */
                schedule(stream, random);
        }
        if (stream->per_s > 0 && !stream_is_full(stream) && stream->due_ns < next_ns)
            next_ns = stream->due_ns;
    }
    return next_ns;
}

static void
print_tcp(const char *when)
{
    unsigned rtt_us, rto_us, resent;

    streams_tcp(&rtt_us, &rto_us, &resent);
    printf("%s rtt_us=%u rto_us=%u resent=%u\n", when, rtt_us, rto_us, resent);
}

static void
begin(StreamKind kind, double per_s, Arrivals arrivals)
{
    streams[kind].per_s = per_s;
    streams[kind].arrivals = arrivals;
    streams[kind].due_ns = clients_clock_ns();
}

/* The generator's first numbers hang on how few bits the seed has. */
static uint64_t
seeded(const char *word)
{
    uint64_t random = 2 * strtoull(word, NULL, 10) + 1; /* never 0 */

    for (int i = 0; i < 16 * N_STREAMS; i++)
        draw(&random);
    return random;
}

static size_t
answered_between(const Stream *stream, int64_t from_ns, int64_t to_ns)
{
    size_t n = 0;

    for (size_t i = 0; i < stream->n; i++)
        n += stream->all[i].answered_ns >= from_ns && stream->all[i].answered_ns < to_ns;
    return n;
}

static void
wait_for(int64_t ns)
{
    for (const int64_t end_ns = clients_clock_ns() + ns; clients_clock_ns() < end_ns;)
        streams_wait(streams, end_ns, -1);
}

/* What is left of it must not burden who measures next. */
static void
drain(const Stream *stream)
{
    size_t before, now = answered_between(stream, 1, FOREVER_NS);

    do {
        before = now;
        wait_for(LAST_NS);
        now = answered_between(stream, 1, FOREVER_NS);
    } while (now > before);
}

static void
offer(double seconds, double per_s, uint64_t random, double pings_per_s)
{
    const int64_t start_ns = clients_clock_ns(), all_ns = (int64_t)(seconds * 1e9);
    const int64_t from_ns = start_ns + (int64_t)(WARM_SHARE * (double)all_ns), end_ns = start_ns + all_ns;

    begin(STREAM_UDP, per_s, ARRIVALS_POISSON);
    begin(STREAM_PING, pings_per_s, ARRIVALS_EVEN);
    for (int64_t now_ns = start_ns; now_ns < end_ns; now_ns = clients_clock_ns()) {
        const int64_t next_ns = send_due(now_ns, &random);
        streams_wait(streams, next_ns < end_ns ? next_ns : end_ns, -1);
    }
    drain(&streams[STREAM_UDP]);
    const size_t counted = answered_between(&streams[STREAM_UDP], from_ns, end_ns);
    if (counted == 0)
        clients_fail("the guest's server answers nothing");
    printf("capacity_per_s=%.3f\n", (double)counted / (1e-9 * (double)(end_ns - from_ns)));
}

/* Returns the time of "after"; FOREVER_NS for "start", 0 at the end of input. */
static int64_t
read_word(void)
{
    char line[64];
    const ssize_t bytes = read(STDIN_FILENO, line, sizeof line);

    if (bytes <= 0)
        return 0;
    if (strncmp(line, "start", 5) == 0) {
        print_tcp("start");
        return FOREVER_NS;
    }
    return clients_clock_ns();
}

/* Returns when everything is over, with all exchanges noted. Each word is a write of its own, long after the other. */
static void
ask_for_long(int64_t after_ns, uint64_t *random)
{
    int64_t told_ns = FOREVER_NS;

    for (;;) {
        const int64_t now_ns = clients_clock_ns();
        if (told_ns != FOREVER_NS && now_ns - told_ns > after_ns &&
            (!streams_behind(streams, now_ns, LATE_NS) || now_ns - told_ns > after_ns + PATIENCE_NS))
            return;
        streams_note_resent(streams);
        const int64_t next_ns = send_due(now_ns, random);
        if (!streams_wait(streams, next_ns < now_ns + NS_PER_S ? next_ns : now_ns + NS_PER_S, STDIN_FILENO))
            continue;
        told_ns = read_word();
        if (told_ns == 0)
            clients_fail("nobody wants to know any more");
    }
}

static void
write_exchanges(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        clients_fail("its file cannot be written");
    for (int kind = 0; kind < N_STREAMS; kind++)
        for (size_t i = 0; i < streams[kind].n; i++) {
            const Exchange *one = &streams[kind].all[i];
            fprintf(file, "%s,%lld,", streams[kind].name, (long long)one->sent_ns);
            if (one->answered_ns)
                fprintf(file, "%lld", (long long)one->answered_ns);
            fputc('\n', file);
        }
    if (fclose(file) != 0)
        clients_fail("its file cannot be written");
}

static void
ask(char **words)
{
    uint64_t random = seeded(words[ASK_SEED]);
    const int is_poisson = strcmp(words[ASK_ARRIVALS], "poisson") == 0;

    begin(STREAM_UDP, atof(words[ASK_UDP]), is_poisson ? ARRIVALS_POISSON : ARRIVALS_EVEN);
    begin(STREAM_TCP, atof(words[ASK_TCP]), ARRIVALS_EVEN);
    streams[STREAM_TCP].window = (size_t)atol(words[ASK_WINDOW]);
    begin(STREAM_CONNECT, atof(words[ASK_CONNECT]), ARRIVALS_EVEN);
    begin(STREAM_PING, atof(words[ASK_PING]), ARRIVALS_EVEN);
    puts("READY");
    ask_for_long((int64_t)(atof(words[ASK_AFTER]) * 1e9), &random);
    wait_for(LAST_NS);
    print_tcp("end");
    write_exchanges(words[ASK_FILE]);
}

int
main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 5 && strcmp(argv[2], "saturate") == 0) {
        streams_open(argv[1], 0);
        saturate(atof(argv[3]), (size_t)atol(argv[4]));
    } else if (argc == 7 && strcmp(argv[2], "offer") == 0) {
        streams_open(argv[1], 0);
        offer(atof(argv[3]), atof(argv[4]), seeded(argv[5]), atof(argv[6]));
    } else if (argc == N_ASK && strcmp(argv[2], "ask") == 0) {
        streams_open(argv[1], atof(argv[ASK_TCP]) > 0);
        ask(argv);
    } else {
        clients_fail("its words are those of measure_client.py");
    }
    return 0;
}
