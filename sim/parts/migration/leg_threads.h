/* Who works for a leg's stream on the processors of its two hosts, and how fast they let it go
 * (models/migration/stream_limits.h): a stage's threads want what they need at the rate at which the stream can go, and
 * where they are given less, it goes more slowly. Its connections on the path are as many flows. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_THREADS_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_THREADS_H

#include "sim/output/record.h"
#include "sim/parts/migration/migration.h"

/* Before anything is sent: how many connections there are, and what they get of the path alone. */
void leg_threads_plan(Leg *leg);
/* While pages are copied. Other actors may run. */
void leg_threads_enter(Leg *leg);
void leg_threads_leave(Leg *leg);

/* What the path gives the leg beside the others that have joined it, of equal shares; B/s on the wire. */
double leg_threads_fair_Bps(const Leg *leg);
/* Simulated transfers that a piece of the stream is sent by. */
guint leg_threads_transfers(const Leg *leg, gboolean quiet);

/* Looks how fast the threads let the stream go now, on a wire that lets it go so fast; leg->stream.limit. Other actors
 * may run. */
void leg_threads_look(Leg *leg, double wire_Bps);
/* Cores that the channels' sending threads have together; 0: they need none. */
double leg_threads_channel_cores(const Leg *leg);
/* That the sender waits for a processor, of each second of its work. */
double leg_threads_delay(const Leg *leg);
/* So many bytes were sent as things stand. */
void leg_threads_count(Leg *leg, double bytes);

extern const Record leg_threads_record;
/* Nothing of a leg whose profile says nothing of streams, over single cables. said: in the summary as well, where
 * something other than the wire bounded it. */
void leg_threads_collect(const Leg *leg, gboolean said, const char *prefix, Result *result);

#endif
