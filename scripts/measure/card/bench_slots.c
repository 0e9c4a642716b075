/*
 * The paper's scheme in shared memory: clients copy requests into slots of their own, a service thread takes them.
 *
 * A client's slots are a ring: filled, served and emptied in order. A request that finds no free slot waits at its
 * client.
 */
#include "bench_designs.h"
#include "common/bench_samples.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A service thread and the clients that it serves. */
typedef struct {
    World *world;
    Bell *bell;
    int first, clients;
    int at;                       /* the client whose turn it is, from `first` on */
    uint64_t served[CLIENTS_MAX]; /* requests of each */
    Cipher *cipher;               /* owned */
    uint8_t request[BYTES_MAX];   /* copied out of the slot, so that a client cannot change what is being worked on */
} Service;

static Slot *
next_slot(const Service *service, int i)
{
    return world_slot(service->world, service->first + i, service->served[i]);
}

static bool
is_ready(Slot *slot)
{
    return atomic_load(&slot->state) == SLOT_READY;
}

static bool
service_has_work(void *of)
{
    const Service *service = of;
    for (int i = 0; i < service->clients; i++)
        if (is_ready(next_slot(service, i)))
            return true;
    return false;
}

static void
serve(Service *service, int i)
{
    Slot *slot = next_slot(service, i);
    size_t bytes = slot->bytes;

    memcpy(service->request, slot->data, bytes);
    const uint8_t *answer = cipher_run(service->cipher, service->request, bytes);
    slot->bytes = (uint32_t)service->world->answer_bytes;
    memcpy(slot->data, answer, service->world->answer_bytes);
    service->served[i]++;
    atomic_store(&slot->state, SLOT_DONE);
    bell_ring(&service->world->seats[service->first + i].bell);
}

/* One request of the next client that has one. */
static bool
serve_next(Service *service)
{
    for (int looked = 0; looked < service->clients; looked++) {
        int i = service->at;
        service->at = (service->at + 1) % service->clients;
        if (!is_ready(next_slot(service, i)))
            continue;
        serve(service, i);
        return true;
    }
    return false;
}

/* Looks for --poll microseconds; true when there is work. */
static bool
poll_for_work(Service *service)
{
    if (service->world->what.poll_us == 0)
        return false;
    uint64_t until_ns = clock_ns() + (uint64_t)service->world->what.poll_us * 1000u;
    while (!atomic_load(&service->world->stop)) {
        if (service_has_work(service))
            return true;
        if (clock_ns() >= until_ns)
            return false;
    }
    return false;
}

static void *
serve_until_stopped(void *of)
{
    Service *service = of;
    while (!atomic_load(&service->world->stop))
        if (!serve_next(service) && !poll_for_work(service))
            bell_sleep(service->bell, service_has_work, service);
    return NULL;
}

static Service *
service_new(World *world, int number)
{
    Service *service = calloc(1, sizeof *service);
    if (!service)
        abort();
    service->world = world;
    service->bell = &world->services[number];
    service->first = number;
    service->clients = world->what.clients / world_services(world);
    service->cipher = cipher_new(world->what.cipher);
    return service;
}

/* The process ends afterwards, and takes the services' memory with it. */
void
slots_serve(World *world)
{
    pthread_t threads[CLIENTS_MAX];
    Service *services[CLIENTS_MAX] = {NULL};
    int n = world_services(world);

    for (int i = 0; i < n; i++)
        services[i] = service_new(world, i);
    for (int i = 1; i < n; i++)
        if (pthread_create(&threads[i], NULL, serve_until_stopped, services[i]) != 0)
            abort();
    world_wait(world);
    serve_until_stopped(services[0]);
    for (int i = 1; i < n; i++)
        pthread_join(threads[i], NULL);
}

typedef struct {
    World *world;
    Seat *seat;
    int number;
    uint64_t asked, sent, answered;     /* requests: made, put into a slot, taken out */
    uint64_t asked_ns[OUTSTANDING_MAX]; /* a ring, by the number of the request */
    uint8_t request[BYTES_MAX], answer[BYTES_MAX];
} Client;

static bool
client_has_answer(void *of)
{
    Client *client = of;
    return atomic_load(&world_slot(client->world, client->number, client->answered)->state) == SLOT_DONE;
}

static void
ask(Client *client, uint64_t now_ns)
{
    while (client->asked - client->answered < (uint64_t)client->world->what.outstanding)
        client->asked_ns[client->asked++ % OUTSTANDING_MAX] = now_ns;
}

static void
send_asked(Client *client)
{
    World *world = client->world;
    Bell *service = &world->services[client->number % world_services(world)];

    while (client->sent < client->asked && client->sent - client->answered < (uint64_t)world->what.slots) {
        Slot *slot = world_slot(world, client->number, client->sent++);
        memcpy(slot->data, client->request, (size_t)world->what.bytes);
        slot->bytes = (uint32_t)world->what.bytes;
        atomic_store(&slot->state, SLOT_READY);
        bell_ring(service);
    }
}

static uint64_t
take_answer(Client *client)
{
    Slot *slot = world_slot(client->world, client->number, client->answered);
    Tally *tally = &client->seat->tally;

    memcpy(client->answer, slot->data, slot->bytes);
    atomic_store_explicit(&slot->state, SLOT_FREE, memory_order_relaxed); /* the client itself fills it again */
    uint64_t now_ns = clock_ns();
    tally_add(tally, client->world, client->asked_ns[client->answered % OUTSTANDING_MAX], now_ns);
    if (client->answered++ == 0)
        tally_check(tally, client->world, client->answer);
    return now_ns;
}

void
slots_ask(World *world, int number)
{
    Client *client = calloc(1, sizeof *client);
    if (!client)
        abort();
    *client = (Client){.world = world, .seat = &world->seats[number], .number = number};
    memcpy(client->request, world->request, sizeof client->request);
    world_wait(world);
    uint64_t now_ns = clock_ns(), end_ns = atomic_load(&world->end_ns);
    while (now_ns < end_ns || client->answered < client->asked) {
        if (now_ns < end_ns)
            ask(client, now_ns);
        send_asked(client);
        while (!client_has_answer(client))
            bell_sleep(&client->seat->bell, client_has_answer, client);
        now_ns = take_answer(client);
    }
    client->seat->tally.requests = client->sent;
    tally_check(&client->seat->tally, world, client->answer);
    free(client);
}

void
host_ask(World *world, int number)
{
    Tally *tally = &world->seats[number].tally;
    Cipher *cipher = cipher_new(world->what.cipher);
    size_t bytes = (size_t)world->what.bytes;
    uint8_t request[BYTES_MAX];

    memcpy(request, world->request, bytes);
    world_wait(world);
    uint64_t now_ns = clock_ns(), end_ns = atomic_load(&world->end_ns);
    while (now_ns < end_ns || tally->requests == 0) {
        uint64_t asked_ns = now_ns;
        const uint8_t *answer = cipher_run(cipher, request, bytes);
        now_ns = clock_ns();
        tally_add(tally, world, asked_ns, now_ns);
        if (tally->requests++ == 0)
            tally_check(tally, world, answer);
    }
    cipher_free(cipher);
}
