#include "bench_pair.h"

#include "bench_run.h"
#include "bench_samples.h"
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

Pair *
pair_new(int bytes)
{
    Pair *pair = mmap(NULL, sizeof *pair, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pair == MAP_FAILED)
        return NULL;
    pair->bytes = bytes;
    pair->to_child = eventfd(0, EFD_CLOEXEC);
    pair->to_parent = eventfd(0, EFD_CLOEXEC);
    if (pair->to_child >= 0 && pair->to_parent >= 0 &&
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair->sockets) == 0)
        return pair;
    munmap(pair, sizeof *pair);
    return NULL;
}

void
pair_free(Pair *pair)
{
    close(pair->to_child);
    close(pair->to_parent);
    close(pair->sockets[0]);
    close(pair->sockets[1]);
    munmap(pair, sizeof *pair);
}

bool
pair_start(Pair *pair, int rank, void (*serve)(Pair *))
{
    machine_pin(0);
    pid_t child = run_fork(); /* the pair is shared: only the parent may note who the child is */
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
    if (pair->child > 0) {
        kill(pair->child, SIGKILL);
        waitpid(pair->child, NULL, 0);
    }
    pair->child = 0;
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

uint64_t
pair_take_stamp(Pair *pair)
{
    uint64_t stamp_ns;
    while ((stamp_ns = atomic_load_explicit(&pair->stamp_ns, memory_order_acquire)) == 0)
        ;
    return stamp_ns;
}
