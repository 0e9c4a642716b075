#include "models/device/device.h"

#include <math.h>

void
device_init(Device *device, const DeviceRules *rules)
{
    *device = (Device){.rules = *rules};
}

void
device_leave(Device *device, double now_s)
{
    if (device->rules.during == DEVICE_LIVE)
        return;
    if (device->place == DEVICE_AT_WORK) {
        device->left_s = now_s;
        device->times++;
    }
    const gboolean takes_time = device->rules.during == DEVICE_UNPLUGGED && device->place != DEVICE_AWAY;
    device->place = takes_time ? DEVICE_LEAVING : DEVICE_AWAY;
    device->due_s = now_s + device->rules.unplug_s;
}

double
device_left_s(Device *device, double now_s)
{
    if (device->place != DEVICE_LEAVING)
        return NAN;
    if (now_s < device->due_s)
        return device->due_s;
    device->place = DEVICE_AWAY;
    return NAN;
}

static void
works_again(Device *device, double now_s)
{
    const double away_s = now_s - device->left_s;

    device->place = DEVICE_AT_WORK;
    device->away_s += away_s;
    device->longest_s = MAX(device->longest_s, away_s);
}

void
device_guest_runs(Device *device, double now_s)
{
    if (device->rules.during == DEVICE_STOPPED && device->place == DEVICE_AWAY)
        works_again(device, now_s);
}

double
device_come_back(Device *device, double now_s)
{
    if (device->place == DEVICE_AT_WORK)
        return NAN;
    if (device->rules.during == DEVICE_STOPPED) {
        works_again(device, now_s);
        return NAN;
    }
    if (device->place != DEVICE_COMING) {
        device->place = DEVICE_COMING;
        device->due_s = now_s + device->rules.plug_s;
    }
    return device->due_s;
}

void
device_arrived(Device *device, double now_s)
{
    if (device->place == DEVICE_COMING && now_s >= device->due_s)
        works_again(device, now_s);
}

gboolean
device_works(const Device *device)
{
    return device->place == DEVICE_AT_WORK;
}

double
device_away_s(const Device *device, double now_s)
{
    return device->away_s + (device_works(device) ? 0 : now_s - device->left_s);
}
