/* Whether a loop over events makes progress: times that a double cannot tell apart from the date, or that are zero,
 * keep a model at one date for ever.
 *
 * Scope: counts the events of one date; how many are too many is the same for every model, as each costs about the
 * same.
 */
#ifndef TANDEM_MODELS_BASE_PROGRESS_H
#define TANDEM_MODELS_BASE_PROGRESS_H

#include <glib.h>

enum { PROGRESS_EVENTS_MAX = 20000000 }; /* chosen: a second or two of work; no load asks for so much at one date */

typedef struct {
    double at_s;
    guint events; /* at that date */
} Progress;

/* One more event. FALSE: too many at this date, the model will never leave it. */
static inline gboolean
progress_event(Progress *progress, double now_s)
{
    if (now_s > progress->at_s) {
        progress->at_s = now_s;
        progress->events = 0;
    }
    return ++progress->events <= PROGRESS_EVENTS_MAX;
}

static inline gboolean
progress_is_stuck(const Progress *progress)
{
    return progress->events > PROGRESS_EVENTS_MAX;
}

#endif
