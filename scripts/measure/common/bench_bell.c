#include "common/bench_bell.h"

#include <errno.h>
#include <unistd.h>

/* Each counter but rings has one writer, so that it needs no locked instruction. */
static void
count(atomic_uint_least64_t *counter)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

void
bell_force(Bell *bell)
{
    uint64_t one = 1;
    while (write(bell->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void
bell_ring(Bell *bell)
{
    if (!atomic_load(&bell->asleep) || !atomic_exchange(&bell->asleep, 0)) /* R2 */
        return;
    atomic_fetch_add_explicit(&bell->rings, 1, memory_order_relaxed);
    bell_force(bell);
}

void
bell_sleep(Bell *bell, bool (*is_work)(void *), void *of)
{
    uint64_t rung;

    atomic_store(&bell->asleep, 1); /* S1 */
    if (is_work(of)) {              /* S2 */
        count(&bell->cancelled);
        atomic_store(&bell->asleep, 0);
        return;
    }
    count(&bell->sleeps);
    while (read(bell->fd, &rung, sizeof rung) < 0 && errno == EINTR)
        ;
    atomic_store(&bell->asleep, 0);
    count(is_work(of) ? &bell->wakes : &bell->spurious);
}

void
bell_count(const Bell *bell, BellCounts *counts)
{
    counts->sleeps += atomic_load_explicit(&bell->sleeps, memory_order_relaxed);
    counts->wakes += atomic_load_explicit(&bell->wakes, memory_order_relaxed);
    counts->spurious += atomic_load_explicit(&bell->spurious, memory_order_relaxed);
    counts->cancelled += atomic_load_explicit(&bell->cancelled, memory_order_relaxed);
    counts->rings += atomic_load_explicit(&bell->rings, memory_order_relaxed);
}
