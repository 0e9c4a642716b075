/* What a host draws from the mains at a utilization: eleven points, straight lines between them.
 *
 * Source: SPECpower_ssj2008 results (spec.org), average active power at 0, 10 … 100 % of the target load, as Beloglazov
 * and Buyya use them: CCPE 24(13), 2012, table 2, and CloudSim 3.0.3, PowerModelSpecPower…, whose getPower interpolates
 * so too.
 *
 *   symbol | here          | unit | meaning
 *   P(u)   | power_curve_W | W    | at utilization u of all of the host's processors, 0 to 1
 *   P_i    | watts[i]      | W    | at u = i / 10
 *
 * Scope: processors only, as the load of the benchmark; memory, disks and network are in the points and do not vary by
 * themselves. A benchmark's target load stands for any load of the same utilization.
 */
#ifndef TANDEM_MODELS_ENERGY_POWER_CURVE_H
#define TANDEM_MODELS_ENERGY_POWER_CURVE_H

#include <glib.h>

#define POWER_CURVE_POINTS 11u

typedef struct {
    double watts[POWER_CURVE_POINTS]; /* >= 0 each */
} PowerCurve;

/* utilization: below 0 and above 1 as 0 and 1. */
double power_curve_W(const PowerCurve *curve, double utilization);
/* A straight line from idle_W at 0 to full_W at 1. */
PowerCurve power_curve_linear(double idle_W, double full_W);
/* The published curve of that name: "ml110-g4", "ml110-g5", "x3250-x3470", "x3550-x5675"; NULL: there is none. */
const PowerCurve *power_curve_named(const char *name);

#endif
