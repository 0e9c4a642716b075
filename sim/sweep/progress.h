/* How far a campaign is: a bar on a terminal, a plain line now and then elsewhere, or nothing. On stderr. */
#ifndef TANDEM_SIM_SWEEP_PROGRESS_H
#define TANDEM_SIM_SWEEP_PROGRESS_H

#include <glib.h>

typedef enum { PROGRESS_NONE, PROGRESS_LINES, PROGRESS_BAR } ProgressStyle;

typedef struct {
    ProgressStyle style;
    guint total;
    guint before; /* done when this began: they say nothing about the rate */
    gint64 started_us;
    gint64 shown_us;
} Progress;

/* A bar when stderr is a terminal, else lines; none when quiet. */
void progress_begin(Progress *progress, guint total, guint done, gboolean quiet);
void progress_show(Progress *progress, guint done, guint failed);
/* The last state, and a line's end. */
void progress_end(Progress *progress, guint done, guint failed);

#endif
