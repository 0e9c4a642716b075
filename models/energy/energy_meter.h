/* The energy of a host over its states: power integrated exactly, for load is piecewise constant.
 *
 * Source: the integral of the power curve (models/energy/power_curve.h) over time; sleep (suspend to RAM, 10.4 W of 450
 * W in OpenStack Neat's test bed) and the ways into and out of it draw a constant power.
 *
 *   state             | power
 *   ENERGY_ACTIVE     | P(u)
 *   ENERGY_SUSPENDING | suspending_W
 *   ENERGY_ASLEEP     | asleep_W
 *   ENERGY_RESUMING   | resuming_W
 *   ENERGY_OFF        | 0: it has failed, or its mains are off
 *
 * CloudSim 3.0.3 integrates its line between the utilizations at two dates, over intervals of 300 s; this has each
 * change at its date. Peer simulators that count what their VMs ask for, in place of what the host gave, count a
 * saturated host above its full power: utilization is to be what was given.
 */
#ifndef TANDEM_MODELS_ENERGY_ENERGY_METER_H
#define TANDEM_MODELS_ENERGY_ENERGY_METER_H

#include "models/energy/power_curve.h"

typedef enum {
    ENERGY_ACTIVE,
    ENERGY_SUSPENDING,
    ENERGY_ASLEEP,
    ENERGY_RESUMING,
    ENERGY_OFF,
    ENERGY_STATES,
} EnergyState;

typedef struct {
    PowerCurve curve;
    double suspending_W, asleep_W, resuming_W; /* >= 0 */
} EnergyPowers;

typedef struct {
    EnergyPowers powers;
    EnergyState state;
    double utilization; /* of the state ENERGY_ACTIVE */
    double since_s;     /* what follows is up to here */
    double state_s[ENERGY_STATES];
    double state_J[ENERGY_STATES];
    guint shutdowns; /* times that it left ENERGY_ACTIVE for sleep */
} EnergyMeter;

/* Active and idle from now_s on. */
void energy_meter_init(EnergyMeter *meter, const EnergyPowers *powers, double now_s);
/* From now_s on, not before the date of the last call; utilization is 0 to 1, of an active host. */
void energy_meter_set(EnergyMeter *meter, double now_s, EnergyState state, double utilization);
/* Brings the sums up to now_s, as energy_meter_set with nothing new. */
void energy_meter_advance(EnergyMeter *meter, double now_s);
/* What it draws now. */
double energy_meter_W(const EnergyMeter *meter);
/* Over all states, up to the last call. */
double energy_meter_J(const EnergyMeter *meter);

#endif
