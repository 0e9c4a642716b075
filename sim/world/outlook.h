/* What is known to change, and when: the dates at which a sender's plans must end.
 *
 * A plan holds while nobody begins or ceases to send over its path's cables, none of these fails or is repaired, and
 * the guest's workload stays what it is. Dates of everything else do not concern it: what is added elsewhere must not
 * move a digit. Each cable therefore has its own list of dates, to which every part adds those that it knows
 * (Part.foresee) when the first plan is made.
 */
#ifndef TANDEM_SIM_WORLD_OUTLOOK_H
#define TANDEM_SIM_WORLD_OUTLOOK_H

#include "sim/world/path.h"

typedef struct Outlook Outlook;

/* The first date after now at which something is known that may change for who sends these domains' pages over the
 * path; INFINITY: there is none. Migrations that have begun are not known to end: path_is_quiet. */
double outlook_next_change_s(World *world, const Path *path, Domain *const *domains, guint n_domains);
void outlook_free(Outlook *outlook);

/* ---- for Part.foresee ---- */
/* At at_s something may change on this direction of a cable, or on all cables of a path (from == to: none). */
void outlook_add_cable(World *world, guint cable, double at_s);
void outlook_add_path(World *world, guint from, guint to, double at_s);
/* How many dates the direction has by now: more after a part was asked, where it may send. */
guint outlook_cable_dates(const World *world, guint cable);
/* From any of these hosts (guint) to any of those. */
void outlook_add_paths(World *world, const GArray *from, const GArray *to, double at_s);
/* Hosts (guint) that the domain, or its partner, can ever be on: the first ones, and wherever the time line will send
 * them. (transfer full) */
GArray *outlook_possible_hosts(const Domain *domain);

#endif
