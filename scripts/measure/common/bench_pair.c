#include "common/bench_pair.h"

#include "common/bench_machine.h"
#include "common/bench_process.h"
#include "common/bench_samples.h"
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

bool
pair_connect_unix(int sockets[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0;
}

static void
close_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

Pair *
pair_new(int bytes, bool (*connect)(int sockets[2]))
{
    size_t mapped_bytes = sizeof(Pair) + (size_t)bytes;
    Pair *pair = mmap(NULL, mapped_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (pair == MAP_FAILED)
        return NULL;
    *pair = (Pair){.bytes = bytes, .mapped_bytes = mapped_bytes, .sockets = {-1, -1}};
    pair->to_child = eventfd(0, EFD_CLOEXEC);
    pair->to_parent = eventfd(0, EFD_CLOEXEC);
    if (pair->to_child >= 0 && pair->to_parent >= 0 && (!connect || connect(pair->sockets)))
        return pair;
    pair_free(pair);
    return NULL;
}

void
pair_free(Pair *pair)
{
    close_open(pair->to_child);
    close_open(pair->to_parent);
    close_open(pair->sockets[0]);
    close_open(pair->sockets[1]);
    munmap(pair, pair->mapped_bytes);
}

bool
pair_start(Pair *pair, int rank, void (*serve)(Pair *))
{
    machine_pin(0);
    pid_t child = process_fork(); /* the pair is shared: only the parent may note who the child is */
    if (child == 0) {
        machine_pin(rank);
        serve(pair);
        _exit(0);
    }
    pair->child = child;
    return child > 0;
}

void
pair_end(Pair *pair)
{
    process_kill(&pair->child);
    machine_place(PLACE_ALL, ROLE_CLIENT);
}

void
pair_spin(const atomic_uint *flag, unsigned value)
{
    while (atomic_load_explicit(flag, memory_order_acquire) != value)
        ;
}

void
pair_spin_for(double us)
{
    uint64_t until_ns = clock_ns() + (uint64_t)(us * 1e3);
    while (clock_ns() < until_ns)
        ;
}

/* The compiler neither leaves it out nor moves it past the clock. */
uint64_t
pair_timed_copy(void *to, const void *from, size_t bytes)
{
    uint64_t start_ns = clock_ns();
    memcpy(to, from, bytes);
    __asm__ volatile("" : : "r"(to) : "memory");
    atomic_thread_fence(memory_order_seq_cst);
    return clock_ns() - start_ns;
}

uint64_t
pair_take_stamp(Pair *pair)
{
    uint64_t stamp_ns;
    while ((stamp_ns = atomic_load_explicit(&pair->stamp_ns, memory_order_acquire)) == 0)
        ;
    return stamp_ns;
}
