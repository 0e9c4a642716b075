#include "models/base/meter.h"

void
meter_init(Meter *meter, double warm_up_s, double batch_s)
{
    *meter = (Meter){.warm_up_s = warm_up_s, .batch_s = batch_s};
    statistics_batches_init(&meter->rates);
    statistics_batches_init(&meter->latencies);
}

void
meter_begin(Meter *meter)
{
    meter->warm = TRUE;
    meter->answers = 0;
    meter->latency_s = 0;
    meter->next_s = meter->warm_up_s + meter->batch_s;
}

void
meter_close(Meter *meter)
{
    statistics_batches_add(&meter->rates, (double)meter->answers, meter->batch_s);
    statistics_batches_add(&meter->latencies, meter->latency_s, (double)meter->answers);
    meter->answers = 0;
    meter->latency_s = 0;
    meter->next_s += meter->batch_s;
}

void
meter_reach(Meter *meter, double now_s)
{
    if (!meter->warm && meter->warm_up_s <= now_s)
        meter_begin(meter);
    while (meter->warm && meter->next_s <= now_s)
        meter_close(meter);
}

void
meter_note(Meter *meter, double latency_s)
{
    meter->answers++;
    meter->latency_s += latency_s;
}

StatisticsInterval
meter_rate(const Meter *meter, double confidence)
{
    return statistics_batches_interval(&meter->rates, confidence);
}

StatisticsInterval
meter_latency(const Meter *meter, double confidence)
{
    return statistics_batches_interval(&meter->latencies, confidence);
}
