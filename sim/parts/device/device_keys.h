/* What a scenario says about devices of guests: their state, and what becomes of them while the guest migrates. */
#ifndef TANDEM_SIM_PARTS_DEVICE_DEVICE_KEYS_H
#define TANDEM_SIM_PARTS_DEVICE_DEVICE_KEYS_H

#include "models/device/device.h"
#include "sim/specs/scenario_spec.h"

/* Pages of the guest that the device writes, by itself. */
typedef struct {
    double rate_pages_s;
    double buffer_bytes;
    double first_bytes; /* where the buffer begins in the guest's memory */
} DmaSpec;

typedef struct {
    char *name;
    char *vm;
    double state_bytes;
    double save_s, load_s; /* of it, besides its bytes' time on the wire; downtime */
    DeviceRules rules;
    DmaSpec *dma; /* NULL: it writes nothing */
} DeviceSpec;

typedef struct {
    GArray *devices; /* of DeviceSpec */
} DeviceKeys;

extern const PartKeys device_keys;

const DeviceKeys *device_keys_of(const ScenarioSpec *scenario);

#endif
