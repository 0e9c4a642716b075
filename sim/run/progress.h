/* How far a command is, on stderr: many runs (a bar on a terminal, a plain line now and then elsewhere, or nothing), or
 * one run (a line on a terminal that goes when the run ends). */
#ifndef TANDEM_SIM_RUN_PROGRESS_H
#define TANDEM_SIM_RUN_PROGRESS_H

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
/* The bar goes: what was counted is one step of many. */
void progress_clear(const Progress *progress);

/* Sets of runs that this command makes (run_all) and its own run show on a terminal how far they are. Not before: what
 * is called as a library is silent. */
void progress_allow(void);
/* Of a set of runs: a bar where progress was allowed and stderr is a terminal. */
void progress_begin_set(Progress *progress, guint total);
/* From now on the run shows its date, and how much of the time line that is; last_s: the time line's end. */
void progress_watch_run(double last_s);
void progress_end_run(void);

#endif
