/* Decisions, of all hosts at one date or of one: what the policy answers becomes moves for the manager. */
#ifndef TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_DECIDE_H
#define TANDEM_SIM_PARTS_DATACENTRE_DATACENTRE_DECIDE_H

#include "sim/parts/datacentre/datacentre_world.h"

/* After a reading. Wakes the manager when there is something to do. */
void datacentre_decide(DatacentreWorld *own);

/* What a host's local manager asks for. */
typedef struct {
    ConsolidationKind kind;
    guint host; /* of its own hosts */
    gint vm;    /* its place in DatacentreWorld.vms, of an overload; -1: none can go */
} DatacentreAsked;

DatacentreAsked datacentre_ask(DatacentreWorld *own, guint host);
/* Decides about it, by what is known now; who has asked sees to the moves. */
void datacentre_answer(DatacentreWorld *own, const DatacentreAsked *asked);

#endif
