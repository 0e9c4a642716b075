#include "sockets_link.h"

#include <sys/mman.h>
#include <unistd.h>

Link *
link_new(const Case *what)
{
    static const LinkKind *const KINDS[DESIGNS] = {
        [DESIGN_RING] = &LINK_RING, [DESIGN_TCP] = &LINK_TCP, [DESIGN_UNIX] = &LINK_UNIX};
    size_t bytes = sizeof(Link) + SIDES * (size_t)what->buffer_bytes;
    Link *link = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (link == MAP_FAILED)
        return NULL;
    link->kind = KINDS[what->design];
    link->what = *what;
    link->mapped_bytes = bytes;
    for (int i = 0; i < SIDES; i++)
        link->sockets[i] = link->rings[i].data.fd = link->rings[i].room.fd = -1;
    if (link->kind->open(link))
        return link;
    link_free(link);
    return NULL;
}

static void
close_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void
link_free(Link *link)
{
    for (int i = 0; i < SIDES; i++) {
        close_open(link->sockets[i]);
        close_open(link->rings[i].data.fd);
        close_open(link->rings[i].room.fd);
    }
    munmap(link, link->mapped_bytes);
}

End
link_end(Link *link, Side side)
{
    return (End){.link = link, .side = side};
}

bool
link_receive_all(End *end, uint8_t *to, size_t bytes)
{
    while (bytes > 0) {
        size_t received = end->link->kind->receive(end, to, bytes);
        if (received == 0)
            return false;
        to += received;
        bytes -= received;
    }
    return true;
}

/* A side sleeps for room in the ring that it fills and for data in the other, and wakes who sleeps at the two others.
 */
BellCounts
link_counts(const Link *link, Side side)
{
    const Ring *filled = &link->rings[side], *emptied = &link->rings[1 - side];
    BellCounts own = {0}, others = {0};

    bell_count(&filled->room, &own);
    bell_count(&emptied->data, &own);
    bell_count(&filled->data, &others);
    bell_count(&emptied->room, &others);
    own.rings = others.rings;
    return own;
}
