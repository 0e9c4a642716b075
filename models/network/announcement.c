#include "models/network/announcement.h"

Announcement
announcement_default(void)
{
    return (Announcement){
        .kind = ANNOUNCEMENT_QEMU, .initial_s = 0.05, .step_s = 0.1, .max_s = 0.55, .rounds = 5, .loss = 0};
}

guint
announcement_rounds(const Announcement *announcement)
{
    switch (announcement->kind) {
    case ANNOUNCEMENT_NONE:
        return 0;
    case ANNOUNCEMENT_QEMU:
        return announcement->rounds;
    case ANNOUNCEMENT_LIST:
        return announcement->n_at;
    }
    g_assert_not_reached();
}

/* qemu_announce_timer: the wait grows by a step from round to round, up to the greatest. */
static double
qemu_at_s(const Announcement *announcement, guint k)
{
    double at_s = 0;

    for (guint round = 1; round <= k; round++)
        at_s += MIN(announcement->initial_s + (round - 1) * announcement->step_s, announcement->max_s);
    return at_s;
}

double
announcement_at_s(const Announcement *announcement, guint k)
{
    g_return_val_if_fail(k < announcement_rounds(announcement), 0);
    return announcement->delay_s +
           (announcement->kind == ANNOUNCEMENT_QEMU ? qemu_at_s(announcement, k) : announcement->at_s[k]);
}

gboolean
announcement_is_lost(const Announcement *announcement, RandomStream *random)
{
    return random_unit(random) < announcement->loss;
}
