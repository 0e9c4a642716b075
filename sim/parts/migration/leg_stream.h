/* What a leg sends, in time: its pages as one stream that others feel and that feels others, and what ends it. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_STREAM_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_STREAM_H

#include "sim/parts/migration/migration.h"
#include "sim/world/invariant.h"

extern const Invariant invariant_plans_hold;

/* One of the six steps, or a further one, begins now; the current one ends. */
void leg_begin_step(Leg *leg, MigrationStep step);
void leg_end_step(Leg *leg);
/* Notes why the leg ends, and returns FALSE, so that a step can end with it. */
gboolean leg_fails(Leg *leg, const Outcome *outcome);
/* Takes what the time line says to the migration at this date. FALSE: it has been cancelled, and the leg has failed. */
gboolean leg_goes_on(Leg *leg);
/* Spends time; ends early when a host is lost that the leg still needs, or the migration is cancelled. FALSE: the leg
 * has failed. */
gboolean leg_spend(Leg *leg, double duration_s);
/* Sends bytes that are no page's. FALSE: the leg has failed. */
gboolean leg_send_bytes(Leg *leg, double bytes);
/* When the time of the live rounds will be up, and nothing has been done about it; INFINITY: never. */
double leg_time_up_s(const Leg *leg);
/* What is done then. */
TimeUp leg_at_time_limit(const Leg *leg);
/* When the live rounds will be given up; INFINITY: never. */
double leg_give_up_s(const Leg *leg);

/* How far the copying machine may plan from now on. */
CopyReach leg_reach(Leg *leg);
/* Sends what it planned for that reach, until the date that it gave. FALSE: the leg has failed. */
gboolean leg_send_pages(Leg *leg, const CopyAction *action, const CopyReach *reach);
/* Until the destination's card has worked on all that was sent. FALSE: the leg has failed. */
gboolean leg_wait_for_cards(Leg *leg);

#endif
