/* Balance: VMs go from loaded hosts to idle ones while that makes the loads more alike.
 *
 * Source: the shape is VMware DRS's: each round (every 5 minutes there) take the migration that lowers the standard
 * deviation of the hosts' loads most, while it is above a target and the gain is worth a migration (A. Gulati et al.,
 * "VMware distributed resource management: design, implementation, and lessons learned", VMware Technical Journal 1(1),
 * 2012). Its target for each of five levels of aggressiveness and its costs and benefits are not published in numbers:
 * assumed here, as keys.
 *
 *   symbol  | here     | meaning
 *   l_i     | loads    | what the VMs of host i want, over its capacity
 *   sigma   |          | their standard deviation, over all n hosts that are open: sqrt(mean (l - mean l)^2)
 *           | target   | a round ends at sigma <= target; >= 0
 *           | gain     | the least by which a migration must lower sigma; >= 0
 *           | moves    | most of a round; >= 1
 */
#ifndef TANDEM_MODELS_PLACEMENT_LOAD_BALANCE_H
#define TANDEM_MODELS_PLACEMENT_LOAD_BALANCE_H

#include <glib.h>

typedef struct {
    double target, gain;
    guint moves;
} BalanceRules;

typedef struct {
    double capacity; /* of CPU, > 0, in the unit of the VMs' loads */
    double free_memory_bytes;
    gboolean closed; /* neither takes nor gives, and counts in no deviation */
} BalanceHost;

typedef struct {
    guint host;
    double load;
    double memory_bytes;
    gboolean fixed;
} BalanceVm;

typedef struct {
    guint vm, from, to;
    double deviation; /* after it */
} BalanceMove;

/* Of the hosts that are not closed; 0 of none. */
double balance_deviation(const BalanceHost *hosts, guint n_hosts, const BalanceVm *vms, guint n_vms);

/* One round. moves: rules->moves places, in the order in which they are to be made; returns how many. Of moves that are
 * equally good, that of the first VM to the first host. hosts and vms are not changed. */
guint balance_plan(const BalanceRules *rules, const BalanceHost *hosts, guint n_hosts, const BalanceVm *vms,
                   guint n_vms, BalanceMove *moves);

#endif
