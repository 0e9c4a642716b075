#include "models/energy/energy_meter.h"

void
energy_meter_init(EnergyMeter *meter, const EnergyPowers *powers, double now_s)
{
    *meter = (EnergyMeter){.powers = *powers, .state = ENERGY_ACTIVE, .since_s = now_s};
}

double
energy_meter_W(const EnergyMeter *meter)
{
    switch (meter->state) {
    case ENERGY_ACTIVE:
        return power_curve_W(&meter->powers.curve, meter->utilization);
    case ENERGY_SUSPENDING:
        return meter->powers.suspending_W;
    case ENERGY_ASLEEP:
        return meter->powers.asleep_W;
    case ENERGY_RESUMING:
        return meter->powers.resuming_W;
    default:
        return 0;
    }
}

void
energy_meter_advance(EnergyMeter *meter, double now_s)
{
    const double passed_s = now_s - meter->since_s;

    g_return_if_fail(passed_s >= 0);
    meter->state_s[meter->state] += passed_s;
    meter->state_J[meter->state] += passed_s * energy_meter_W(meter);
    meter->since_s = now_s;
}

void
energy_meter_set(EnergyMeter *meter, double now_s, EnergyState state, double utilization)
{
    energy_meter_advance(meter, now_s);
    if (meter->state == ENERGY_ACTIVE && (state == ENERGY_SUSPENDING || state == ENERGY_ASLEEP))
        meter->shutdowns++;
    meter->state = state;
    meter->utilization = utilization;
}

double
energy_meter_J(const EnergyMeter *meter)
{
    double sum = 0;

    for (guint i = 0; i < ENERGY_STATES; i++)
        sum += meter->state_J[i];
    return sum;
}
