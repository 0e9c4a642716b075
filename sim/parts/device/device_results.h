/* What a run tells of its devices. */
#ifndef TANDEM_SIM_PARTS_DEVICE_DEVICE_RESULTS_H
#define TANDEM_SIM_PARTS_DEVICE_DEVICE_RESULTS_H

#include "sim/parts/device/device_keys.h"
#include "sim/world/part.h"

/* A device of a guest, while the world lives. */
typedef struct {
    World *world;
    const DeviceSpec *spec; /* borrowed */
    Domain *domain;
    Device state;
    guint from;          /* the host on which its guest was when it left */
    guint writer;        /* of the domain's dirty log; only with DMA */
    gboolean writes;     /* at this moment */
    GArray *absences;    /* owned, of DeviceAbsence, oldest first */
    GPtrArray *siblings; /* owned, of borrowed GuestDevice: all of its guest's; NULL: the guest's first one has them */
} GuestDevice;

/* The guest is without it. */
typedef struct {
    double from_s, to_s; /* to_s NAN: it has not come back */
    guint source;        /* the host on which its guest was at first */
    guint host;          /* and that on which it works again */
} DeviceAbsence;

extern const Record *const device_records[];

/* devices: of GuestDevice, in the scenario's order. */
void device_results_collect(const GPtrArray *devices, Result *result);
void device_results_trace(const GPtrArray *devices, Trace *trace);
/* The first rule that the device's numbers do not keep, as a sentence, or NULL. (transfer full) */
char *device_results_fault(const GuestDevice *device);

#endif
