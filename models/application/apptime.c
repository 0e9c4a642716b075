#include "models/application/apptime.h"

#include <math.h>

double
apptime_mean_s(const AppTimeLaw *law)
{
    double sum_s = 0;

    if (law->kind != APP_TIME_TRACE)
        return law->mean_s;
    for (gsize i = 0; i < law->n_values; i++)
        sum_s += law->values_s[i];
    return sum_s / (double)law->n_values;
}

static double
trace_squared_cv(const AppTimeLaw *law)
{
    const double mean_s = apptime_mean_s(law);
    double squares = 0;

    for (gsize i = 0; i < law->n_values; i++)
        squares += (law->values_s[i] - mean_s) * (law->values_s[i] - mean_s);
    return mean_s > 0 ? squares / (double)law->n_values / (mean_s * mean_s) : 0;
}

double
apptime_squared_cv(const AppTimeLaw *law)
{
    switch (law->kind) {
    case APP_TIME_EXPONENTIAL:
        return 1;
    case APP_TIME_CONSTANT:
        return 0;
    case APP_TIME_LOGNORMAL:
        return law->cv * law->cv;
    case APP_TIME_TRACE:
        return trace_squared_cv(law);
    }
    g_assert_not_reached();
}

void
apptime_init(AppTime *time, const AppTimeLaw *law, const RandomStream *random)
{
    *time = (AppTime){.law = *law, .random = *random};
    if (law->kind != APP_TIME_LOGNORMAL || law->mean_s <= 0)
        return;
    const double variance = log1p(law->cv * law->cv);
    time->log_deviation = sqrt(variance);
    time->log_mean = log(law->mean_s) - variance / 2;
}

double
apptime_draw(AppTime *time, const Ziggurat *ziggurat)
{
    const AppTimeLaw *law = &time->law;

    switch (law->kind) {
    case APP_TIME_EXPONENTIAL:
        return law->mean_s * ziggurat_exponential(ziggurat, &time->random);
    case APP_TIME_CONSTANT:
        return law->mean_s;
    case APP_TIME_LOGNORMAL:
        return law->mean_s > 0 ? exp(time->log_mean + time->log_deviation * random_normal(&time->random)) : 0;
    case APP_TIME_TRACE:
        if (time->next == law->n_values)
            time->next = 0;
        return law->values_s[time->next++];
    }
    g_assert_not_reached();
}
