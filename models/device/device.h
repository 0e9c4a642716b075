/* A device of a guest that does not simply go along when its guest migrates.
 *
 * What of a device's state an emulator can send, it sends while the guest stands still: more downtime, and nothing else
 * happens. A device that the host's hardware serves cannot be sent so. Two ways are in use:
 *   stopped    it stands still from the beginning of the migration, and works again with the guest at the destination.
 *              The guest keeps it, and waits for it (vDPA, whose rings QEMU takes back to shadow them).
 *   unplugged  it is taken from the guest before the first page is sent, and another one is given to the guest after
 *              the migration (a virtual function of a network card; what it served goes another way meanwhile).
 *
 *      AT_WORK ──leave──▶ LEAVING (unplugged) ──left──▶ AWAY ──come_back──▶ COMING ──arrived──▶ AT_WORK
 *         ▲  └────────────leave (stopped)──────────────▶ AWAY ──come_back──────────────────────────┘
 *
 * The guest is without it from `leave` on, as its driver gives it back at once, until it works again. A migration that
 * fails gives it back the same way, at the source. Times are world seconds and do not go back.
 *
 * Scope: one device; what its absence does to the guest's programs is theirs to know.
 */
#ifndef TANDEM_MODELS_DEVICE_DEVICE_H
#define TANDEM_MODELS_DEVICE_DEVICE_H

#include <glib.h>

/* While its guest migrates. */
typedef enum { DEVICE_LIVE, DEVICE_STOPPED, DEVICE_UNPLUGGED } DeviceDuring;

typedef struct {
    DeviceDuring during;
    double unplug_s; /* until it is taken from the running guest; UNPLUGGED */
    double plug_s;   /* until the one that is given to it works; UNPLUGGED */
} DeviceRules;

typedef enum { DEVICE_AT_WORK, DEVICE_LEAVING, DEVICE_AWAY, DEVICE_COMING } DevicePlace;

typedef struct {
    DeviceRules rules;
    DevicePlace place;
    double left_s; /* when the guest was last left without it */
    double due_s;  /* LEAVING, COMING: when that ends */
    guint times;
    double away_s, longest_s; /* in all, and the longest; of those that have ended */
} Device;

void device_init(Device *device, const DeviceRules *rules);

/* Its guest's migration begins. A device that is live, or away already, stays as it is. */
void device_leave(Device *device, double now_s);
/* When the first page may be sent; NAN: now. Asked again at that date, it is away. */
double device_left_s(Device *device, double now_s);
/* The guest runs at the destination: one that was stopped works again. */
void device_guest_runs(Device *device, double now_s);
/* The migration has ended, however it did. When the device works again; NAN: it does. */
double device_come_back(Device *device, double now_s);
/* At that date; nothing if it has left again meanwhile. */
void device_arrived(Device *device, double now_s);

gboolean device_works(const Device *device);
/* How long the guest was without it, with the time that still goes on. */
double device_away_s(const Device *device, double now_s);

#endif
