/* What consolidation costs its users, and the product that weighs it against energy; and energy from shares of time.
 *
 * Sources: Beloglazov and Buyya, CCPE 24(13), 2012, section 4.5 (SLATAH, PDM, SLAV, ESV); CloudSim 3.0.3, examples'
 * Helper.getSlaTimePerActiveHost and getSlaMetrics; OpenStack Neat's experiments (ccpe-2014), results/energy.py,
 * idle-time-fraction.py and overload-time-fraction.py.
 *
 *   there           | here                       | unit | meaning
 *   T_ai            | ServiceHost.active_s       | s    | host i was on and not asleep
 *   T_si            | ServiceHost.saturated_s    | s    | of that, its VMs wanted more than it has
 *   C_rj            | ServiceVm.wanted           | work | what VM j wanted over its life, in any unit of work
 *   C_dj            | ServiceVm.lost_to_migrations | work | of that, what migrations have taken from it
 *   SLATAH          | service_slatah             | 1    | mean of T_si / T_ai over hosts that were active
 *   PDM             | service_pdm                | 1    | mean of C_dj / C_rj over VMs that wanted anything
 *   SLAV            | service_slav               | 1    | SLATAH PDM
 *   ESV             | service_esv                | as E | E SLAV
 *   ITF             | asleep                     | 1    | share of all hosts' time asleep
 *   OTF             | overload                   | 1    | share of all hosts' active time above the threshold
 *
 * The paper's SLATAH and PDM are means of ratios; its released code divides sums (pooled), by which a host that is on
 * for an hour counts less than one that is on for a day. Both are here. The paper takes C_dj as 10 % of a VM's
 * utilization while it moves; here it is what the caller has measured.
 *
 * Neat's energy counts the overloaded share of active time as if it were a share of all time: service_energy_printed is
 * what its authors' script prints, service_energy_defined what follows from OTF's definition.
 */
#ifndef TANDEM_MODELS_ENERGY_SERVICE_LEVEL_H
#define TANDEM_MODELS_ENERGY_SERVICE_LEVEL_H

#include <glib.h>

typedef struct {
    double active_s;
    double saturated_s; /* at most active_s */
} ServiceHost;

typedef struct {
    double wanted;
    double lost_to_migrations;
} ServiceVm;

/* 0 where none was active, or wanted anything. */
double service_slatah(const ServiceHost *hosts, guint n);
double service_slatah_pooled(const ServiceHost *hosts, guint n);
double service_pdm(const ServiceVm *vms, guint n);
double service_pdm_pooled(const ServiceVm *vms, guint n);

double service_slav(double slatah, double pdm);
double service_esv(double energy, double slav);

/* What a test bed of shares of time draws: of hosts alike, over host_s seconds of all of them together. */
typedef struct {
    double host_s;      /* hosts times seconds */
    double full_W;      /* overloaded */
    double threshold_W; /* active and not overloaded: taken to be at the threshold */
    double asleep_W;
} ServicePowers;

/* 4 hosts for 24 hours; 450 W full, 270 W idle, so 414 W at 80 %; asleep 10.4 W. energy.py */
#define SERVICE_POWERS_NEAT                                                                                            \
    ((ServicePowers){.host_s = 4 * 86400., .full_W = 450, .threshold_W = 270 + 0.8 * (450 - 270), .asleep_W = 10.4})

/* In J; asleep: ITF, overload: OTF. */
double service_energy_printed(const ServicePowers *powers, double asleep, double overload);
double service_energy_defined(const ServicePowers *powers, double asleep, double overload);

#endif
