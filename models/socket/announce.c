/* A migration that is announced: the repair of CN101859263A by its inventors (Liu, thesis 2016, 4.2.3 and 4.5.2). To
 * notice a migration afterwards is a race, so both modules get an event before it. Each then hands to TCP what it has
 * written and the peer has not copied, which the two positions of the buffer tell while it is one piece of memory, and
 * leaves the control block. The VMM moves the VM when both have left; until it has, no new block is built. */
#include "models/socket/guest.h"

void
announce_begin(ConnState *s, int side)
{
    s->leaving |= (guint8)(1 << side);
    for (int i = 0; i < 2; i++)
        if (s->side[i].at != CONN_AT_STOPPED)
            s->side[i].events |= VMGROUP_EVENT_LEAVE;
}

/* In the interrupt. The peer may still use its own direction until it has handled its event. */
void
announce_leave(ConnState *s, int side, ConnEffect *e)
{
    ConnFlow *out = &s->flow[side];

    if (!s->side[side].registered)
        return;
    support_resend(s, side, e);
    out->tx = out->rx = (ByteRun){0, 0};
    out->fin_rx = 0;
    s->side[side].registered = 0;
}

/* An event that no module has acted upon is taken back, or it would leave a later block alone. Where one of them has
 * left already and the migration was given up, the other follows. */
void
announce_end(ConnState *s, int side)
{
    s->leaving &= (guint8) ~(1 << side);
    for (int i = 0; i < 2 && !s->leaving; i++)
        if (!s->side[i].registered || s->side[!i].registered)
            s->side[i].events &= (guint8)~VMGROUP_EVENT_LEAVE;
}
