/* Domains that are created, started, stopped and destroyed while the world runs: request_domain (request.h).
 *
 * A domain lives once: what was destroyed or lost is not created again. A migration has a domain to itself, so that a
 * request for one that migrates is refused, and so is one for a domain whose follower (a vTPM of its VM) does.
 * Creating takes memory at the host for the domain and all that goes with it, or for none of them. Stopping and
 * starting concern the domain alone: a vTPM goes on while its VM is stopped.
 */
#ifndef TANDEM_SIM_WORLD_LIFECYCLE_H
#define TANDEM_SIM_WORLD_LIFECYCLE_H

#include "sim/output/record.h"
#include "sim/world/world.h"

extern const Record lifecycle_record, lifecycle_row_record;

/* What was asked for, when anything was. */
void lifecycle_collect(const World *world, Result *result);
void lifecycle_free(World *world);

#endif
