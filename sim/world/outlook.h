/* What is known to change, and when: the dates at which a sender's plans must end.
 *
 * A plan holds while nobody begins or ceases to send over its path's cables, none of these fails or is repaired, and
 * the guest's workload stays what it is. Dates of everything else do not concern it: what is added elsewhere must not
 * move a digit. Each cable therefore has its own list of dates, made from the time line and the flows when the first
 * plan is made; a guest can be on its first host and on any to which the time line will send it.
 */
#ifndef TANDEM_SIM_WORLD_OUTLOOK_H
#define TANDEM_SIM_WORLD_OUTLOOK_H

#include "sim/world/path.h"

typedef struct Outlook Outlook;

/* The first date after now at which something is known that may change for who sends these domains' pages over the
 * path; INFINITY: there is none. Migrations that have begun are not known to end: path_is_quiet. */
double outlook_next_change_s(World *world, const Path *path, Domain *const *domains, guint n_domains);
void outlook_free(Outlook *outlook);

#endif
