#include "models/socket/socketdue.h"

void
socketdue_init_side(SocketDueSide *side)
{
    *side = (SocketDueSide){.running = TRUE, .due_s = INFINITY, .event_s = INFINITY, .told_s = INFINITY};
}

void
socketdue_shift(SocketDueSide *side, double by_s)
{
    side->free_s += by_s;
    side->due_s += by_s;
    side->event_s += by_s;
}
