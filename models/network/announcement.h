/* How a guest that runs at its destination is announced there: frames from its address to everybody, again and again.
 *
 * Source: QEMU, migration/options.c and net/announce.c (announce-initial 50 ms, announce-max 550 ms, announce-rounds 5,
 * announce-step 100 ms): the first round is sent at once, and the wait before round k (from 0) is
 *
 *     min (initial + (k - 1) step, max),  k >= 1,
 *
 * so by its defaults at 0, 50, 200, 450 and 800 ms. qemu_announce_self sends a RARP frame for each card of the guest.
 *
 * Scope: a frame that is lost is lost before the first switch; each is lost by itself.
 */
#ifndef TANDEM_MODELS_NETWORK_ANNOUNCEMENT_H
#define TANDEM_MODELS_NETWORK_ANNOUNCEMENT_H

#include "models/base/random.h"

typedef enum {
    ANNOUNCEMENT_QEMU,
    ANNOUNCEMENT_NONE, /* nobody announces it */
    ANNOUNCEMENT_LIST  /* at dates that the user gives */
} AnnouncementKind;

typedef struct {
    AnnouncementKind kind;
    double delay_s;                  /* from the guest's running to the first round, or to date 0 of a list; >= 0 */
    double initial_s, step_s, max_s; /* QEMU: > 0, >= 0, >= initial_s */
    guint rounds;                    /* QEMU */
    const double *at_s;              /* LIST: ascending, each >= 0; borrowed */
    guint n_at;
    double loss; /* probability of each frame, 0 to 1 */
} Announcement;

/* As QEMU has it. */
Announcement announcement_default(void);
/* How many frames are sent. */
guint announcement_rounds(const Announcement *announcement);
/* When, after the guest has run; k < announcement_rounds(). */
double announcement_at_s(const Announcement *announcement, guint k);
/* Whether the next frame is lost. */
gboolean announcement_is_lost(const Announcement *announcement, RandomStream *random);

#endif
