/*
 * Links over two rings of shared memory.
 *
 * A position counts all bytes that ever went through; what lies between the two positions of a ring is in its buffer.
 * Positions are stored and loaded in one order that all see (sequentially consistent), which is what bench_bell.h asks
 * for.
 */
#include "common/bench_samples.h"
#include "sockets_link.h"
#include <string.h>
#include <sys/eventfd.h>

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool
ring_open(Link *link)
{
    for (int i = 0; i < SIDES; i++) {
        Ring *ring = &link->rings[i];
        ring->bytes = (size_t)link->what.buffer_bytes;
        ring->buffer = link->buffers + (size_t)i * ring->bytes;
        ring->data.fd = eventfd(0, EFD_CLOEXEC);
        ring->room.fd = eventfd(0, EFD_CLOEXEC);
        if (ring->data.fd < 0 || ring->room.fd < 0)
            return false;
    }
    return true;
}

static size_t
bytes_in(Ring *ring)
{
    return (size_t)(atomic_load(&ring->sent) - atomic_load(&ring->taken));
}

static bool
has_room(void *of)
{
    Ring *ring = of;
    return bytes_in(ring) < ring->bytes;
}

static bool
has_news(void *of)
{
    Ring *ring = of;
    return bytes_in(ring) > 0 || atomic_load(&ring->finished);
}

/* Looks for --poll microseconds, and then sleeps. */
static void
wait_for(const Link *link, Bell *bell, bool (*is_there)(void *), Ring *ring)
{
    if (link->what.poll_us > 0) {
        uint64_t until_ns = clock_ns() + (uint64_t)link->what.poll_us * 1000u;
        while (clock_ns() < until_ns)
            if (is_there(ring))
                return;
    }
    bell_sleep(bell, is_there, ring);
}

static void
copy_in(Ring *ring, size_t *at, const uint8_t *from, size_t bytes)
{
    size_t first = least(bytes, ring->bytes - *at);
    memcpy(ring->buffer + *at, from, first);
    memcpy(ring->buffer, from + first, bytes - first);
    *at = bytes - first ? bytes - first : (*at + first) % ring->bytes;
}

static void
copy_out(const Ring *ring, size_t *at, uint8_t *to, size_t bytes)
{
    size_t first = least(bytes, ring->bytes - *at);
    memcpy(to, ring->buffer + *at, first);
    memcpy(to + first, ring->buffer, bytes - first);
    *at = bytes - first ? bytes - first : (*at + first) % ring->bytes;
}

static bool
ring_send(End *end, const uint8_t *from, size_t bytes)
{
    Ring *ring = &end->link->rings[end->side];

    while (bytes > 0) {
        size_t n = least(bytes, ring->bytes - bytes_in(ring));
        if (n == 0) {
            wait_for(end->link, &ring->room, has_room, ring);
            continue;
        }
        copy_in(ring, &end->send_at, from, n);
        atomic_store(&ring->sent, atomic_load_explicit(&ring->sent, memory_order_relaxed) + n);
        bell_ring(&ring->data);
        from += n;
        bytes -= n;
    }
    return true;
}

static size_t
ring_receive(End *end, uint8_t *to, size_t bytes)
{
    Ring *ring = &end->link->rings[1 - end->side];
    size_t n;

    while ((n = least(bytes, bytes_in(ring))) == 0) {
        /* What was sent before `finished` is there to be seen when `finished` is. */
        if (atomic_load(&ring->finished) && bytes_in(ring) == 0)
            return 0;
        wait_for(end->link, &ring->data, has_news, ring);
    }
    copy_out(ring, &end->take_at, to, n);
    atomic_store(&ring->taken, atomic_load_explicit(&ring->taken, memory_order_relaxed) + n);
    bell_ring(&ring->room);
    end->receives++;
    return n;
}

static void
ring_finish(End *end)
{
    Ring *ring = &end->link->rings[end->side];
    atomic_store(&ring->finished, 1);
    bell_ring(&ring->data);
}

static bool
ring_holds(Link *link, size_t bytes, int messages)
{
    return bytes * (size_t)messages <= link->rings[SIDE_SENDER].bytes;
}

const LinkKind LINK_RING = {ring_open, ring_send, ring_receive, ring_finish, ring_holds};
