/* A guest whose virtual hardware is live at its new home before it runs: frames come to it and wait there.
 *
 * Source: QEMU, migration.c, process_incoming_migration_bh: the guest is announced and its machine started, which
 * starts the back ends of its hardware, before its processor executes anything; under TCG its code is then to be
 * translated anew.
 *
 * Scope: nothing that is kept overflows (a tap holds 1,000 frames), and a guest that is lost meanwhile answers what
 * came.
 */
#ifndef TANDEM_SIM_WORLD_LIVE_H
#define TANDEM_SIM_WORLD_LIVE_H

#include "sim/world/world.h"

/* The domain is suspended at its home; its virtual hardware is live from now on, and it runs from that date on. Parts
 * are told, as of a change. */
void live_begin(Domain *domain, double runs_at_s);
/* It runs, or keeps what comes until it does. */
gboolean live_is(const Domain *domain);
/* When it answers what comes now: now, or when it runs. */
double live_answers_s(const Domain *domain);

#endif
