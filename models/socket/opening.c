/* Connect, 2.3.1. */
#include "models/socket/guest.h"

/* 2.3.1.1: group IDs, then machines */
void
opening_locate(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)e;
    if (!c->listening || s->side[!side].at == CONN_AT_STOPPED) {
        guest_finish(s, side, CONN_REFUSED);
        return;
    }
    const gboolean near = c->gid[0] == c->gid[1] && connstate_together(s);
    s->side[side].at = near ? CONN_AT_CONNECT_BUILD : CONN_AT_CONNECT_TCP;
}

/* 2.3.1.1.2: buffers, counters at 0, control block, registered. The VMM refuses when the peer is no longer here. */
void
opening_build(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    e->work = CONN_WORK_BUILD;
    if (!support_build(c, s, side)) {
        s->side[side].at = CONN_AT_CONNECT_TCP;
        return;
    }
    s->established = 1;
    guest_finish(s, side, CONN_DONE);
}

/* 2.3.1.1.1 */
void
opening_tcp(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c;
    e->work = CONN_WORK_BUILD;
    s->established = 1;
    guest_finish(s, side, CONN_DONE);
}

gboolean
opening_accept_ready(const ConnConfig *c, const ConnState *s, int side)
{
    (void)c, (void)side;
    return s->established;
}

void
opening_accept(const ConnConfig *c, ConnState *s, int side, ConnEffect *e)
{
    (void)c, (void)e;
    guest_finish(s, side, CONN_DONE);
}
