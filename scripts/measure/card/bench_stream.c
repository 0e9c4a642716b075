/*
 * A stream socket for each client, and a thread for each request.
 *
 * A frame is a head and a request, or a head and an answer; both sides know how long, so one call sends or receives it.
 * One thread of the service waits for all sockets (epoll), reads a request and starts a thread for it, which ciphers,
 * sends the answer and ends. Answers may overtake each other; the head's number says which request one belongs to.
 */
#include "bench_stream.h"

#include "bench_designs.h"
#include "common/bench_samples.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    uint32_t number; /* of the request among those that its client has under way */
    uint32_t bytes;
} Head;

typedef struct {
    Head head;
    uint8_t data[BYTES_MAX];
} Frame;

typedef struct Server Server;

/* A request in the service's hands. Used again for the next one: its cipher is made once, as a session's is. */
typedef struct Job {
    Server *server;
    int client;
    Cipher *cipher; /* owned */
    struct Job *next;
    Frame request, answer;
} Job;

struct Server {
    World *world;
    pthread_attr_t attributes;
    pthread_mutex_t free_lock;
    Job *free; /* owned; grows as needed */
    atomic_int working;
    pthread_mutex_t sending[CLIENTS_MAX]; /* a frame goes out in one piece */
};

static bool
send_all(int socket, const void *from, size_t bytes)
{
    const uint8_t *at = from;
    while (bytes > 0) {
        ssize_t sent = send(socket, at, bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        bytes -= (size_t)sent;
    }
    return true;
}

static bool
receive_all(int socket, void *to, size_t bytes)
{
    uint8_t *at = to;
    while (bytes > 0) {
        ssize_t received = recv(socket, at, bytes, MSG_WAITALL);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            return false;
        at += received;
        bytes -= (size_t)received;
    }
    return true;
}

static void
put_job(Job *job)
{
    Server *server = job->server;
    pthread_mutex_lock(&server->free_lock);
    job->next = server->free;
    server->free = job;
    pthread_mutex_unlock(&server->free_lock);
}

static Job *
take_job(Server *server)
{
    pthread_mutex_lock(&server->free_lock);
    Job *job = server->free;
    if (job)
        server->free = job->next;
    pthread_mutex_unlock(&server->free_lock);
    if (job)
        return job;
    job = calloc(1, sizeof *job);
    if (!job)
        abort();
    job->server = server;
    job->cipher = cipher_new(server->world->what.cipher);
    return job;
}

/* The thread of one request. */
static void *
answer_request(void *of)
{
    Job *job = of;
    Server *server = job->server;
    size_t answer_bytes = server->world->answer_bytes;

    const uint8_t *answer = cipher_run(job->cipher, job->request.data, job->request.head.bytes);
    job->answer.head = (Head){.number = job->request.head.number, .bytes = (uint32_t)answer_bytes};
    memcpy(job->answer.data, answer, answer_bytes);
    pthread_mutex_lock(&server->sending[job->client]);
    send_all(server->world->seats[job->client].served, &job->answer, sizeof(Head) + answer_bytes);
    pthread_mutex_unlock(&server->sending[job->client]);
    put_job(job);
    atomic_fetch_sub(&server->working, 1);
    return NULL;
}

void
stream_thread_attributes(pthread_attr_t *attributes)
{
    pthread_attr_init(attributes);
    pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(attributes, STREAM_STACK_BYTES);
}

/* False when the client has gone. */
static bool
accept_request(Server *server, int client)
{
    pthread_t thread;
    Job *job = take_job(server);

    job->client = client;
    if (!receive_all(server->world->seats[client].served, &job->request,
                     sizeof(Head) + (size_t)server->world->what.bytes)) {
        put_job(job);
        return false;
    }
    atomic_fetch_add(&server->working, 1);
    if (pthread_create(&thread, &server->attributes, answer_request, job) != 0)
        abort();
    return true;
}

static Server *
server_new(World *world, int polled)
{
    Server *server = calloc(1, sizeof *server);
    if (!server)
        abort();
    server->world = world;
    stream_thread_attributes(&server->attributes);
    pthread_mutex_init(&server->free_lock, NULL);
    for (int i = 0; i < world->what.clients; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        pthread_mutex_init(&server->sending[i], NULL);
        if (epoll_ctl(polled, EPOLL_CTL_ADD, world->seats[i].served, &event) != 0)
            abort();
    }
    for (int i = 0; i < world->what.clients * world->what.outstanding; i++) {
        Job *job = calloc(1, sizeof *job);
        if (!job)
            abort();
        *job = (Job){.server = server, .cipher = cipher_new(world->what.cipher)};
        put_job(job);
    }
    return server;
}

/* The process ends afterwards, and takes the jobs' memory with it. */
void
stream_serve(World *world)
{
    struct epoll_event events[CLIENTS_MAX];
    int polled = epoll_create1(EPOLL_CLOEXEC), left = world->what.clients;
    Server *server = server_new(world, polled);

    world_wait(world);
    while (left > 0) {
        int n = epoll_wait(polled, events, CLIENTS_MAX, -1);
        for (int i = 0; i < n; i++) {
            int client = (int)events[i].data.u32;
            if (accept_request(server, client))
                continue;
            epoll_ctl(polled, EPOLL_CTL_DEL, world->seats[client].served, NULL);
            left--;
        }
    }
    while (atomic_load(&server->working) > 0)
        usleep(100);
    close(polled);
}

/* Frames of a client: the requests are all alike but for their number. */
typedef struct {
    uint64_t asked_ns[OUTSTANDING_MAX];
    Frame request, answer;
} Asker;

static void
ask(World *world, Asker *asker, int client, uint32_t number, uint64_t now_ns)
{
    asker->asked_ns[number] = now_ns;
    asker->request.head = (Head){.number = number, .bytes = (uint32_t)world->what.bytes};
    if (!send_all(world->seats[client].socket, &asker->request, sizeof(Head) + (size_t)world->what.bytes))
        abort();
    world->seats[client].tally.requests++;
}

static uint64_t
take_answer(World *world, Asker *asker, int client)
{
    Tally *tally = &world->seats[client].tally;

    if (!receive_all(world->seats[client].socket, &asker->answer, sizeof(Head) + world->answer_bytes))
        abort();
    uint64_t now_ns = clock_ns();
    tally_add(tally, world, asker->asked_ns[asker->answer.head.number % OUTSTANDING_MAX], now_ns);
    if (tally->checked == 0)
        tally_check(tally, world, asker->answer.data);
    return now_ns;
}

void
stream_ask(World *world, int client)
{
    Asker *asker = calloc(1, sizeof *asker);
    if (!asker)
        abort();
    memcpy(asker->request.data, world->request, sizeof asker->request.data);
    world_wait(world);
    uint64_t now_ns = clock_ns(), end_ns = atomic_load(&world->end_ns);
    int under_way = 0;
    for (; under_way < world->what.outstanding; under_way++)
        ask(world, asker, client, (uint32_t)under_way, now_ns);
    while (under_way > 0) {
        now_ns = take_answer(world, asker, client);
        if (now_ns < end_ns)
            ask(world, asker, client, asker->answer.head.number, now_ns);
        else
            under_way--;
    }
    shutdown(world->seats[client].socket,
             SHUT_RDWR); /* others hold this end too, so that to close it would end nothing */
    tally_check(&world->seats[client].tally, world, asker->answer.data);
    free(asker);
}
