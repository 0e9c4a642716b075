#include "models/energy/power_curve.h"

/* CloudSim 3.0.3, PowerModelSpecPowerHpProLiantMl110G4Xeon3040, …G5Xeon3075, PowerModelSpecPowerIbmX3250XeonX3470,
 * PowerModelSpecPowerIbmX3550XeonX5675, each with the number of its report at spec.org */
static const struct {
    const char *name;
    PowerCurve curve;
} curves[] = {
    {"ml110-g4", {{86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117}}},
    {"ml110-g5", {{93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135}}},
    {"x3250-x3470", {{41.6, 46.7, 52.3, 57.9, 65.4, 73, 80.7, 89.5, 99.6, 105, 113}}},
    {"x3550-x5675", {{58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222}}},
};

double
power_curve_W(const PowerCurve *curve, double utilization)
{
    if (utilization >= 1)
        return curve->watts[POWER_CURVE_POINTS - 1];
    const double place = MAX(utilization, 0) * (POWER_CURVE_POINTS - 1);
    const guint below = (guint)place;

    return curve->watts[below] + (place - below) * (curve->watts[below + 1] - curve->watts[below]);
}

PowerCurve
power_curve_linear(double idle_W, double full_W)
{
    PowerCurve curve;

    for (guint i = 0; i < POWER_CURVE_POINTS; i++)
        curve.watts[i] = idle_W + (full_W - idle_W) * i / (POWER_CURVE_POINTS - 1);
    return curve;
}

const PowerCurve *
power_curve_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(curves); i++)
        if (!g_strcmp0(curves[i].name, name))
            return &curves[i].curve;
    return NULL;
}
