/* A run's time line as Chrome trace events, which Perfetto (ui.perfetto.dev) and chrome://tracing open.
 *
 * Source of the format: "Trace Event Format", Google, the JSON object form.
 *
 * A track ("thread") is one line on the screen, in a group ("process"); it is made when somebody first asks for it. Its
 * slices are begun and ended like brackets and its dates never go back, so that two of them are nested or apart by
 * construction: viewers drop a slice that overlaps another by a nanosecond. That is also why each date is rounded once,
 * to a whole nanosecond, and how long a slice lasts is the difference of two such dates. Who has dates that follow from
 * each other (a step ends when the next one begins) gives the date once, with trace_next.
 *
 *     TraceTrack *track = trace_track(trace, "VMs", "%s on %s", name, host);
 *     trace_next(track, "running", 0);
 *     trace_next(track, "suspended", 2.5);
 *
 * Scope: knows nothing of what a run is made of; each part of the world shows itself (Part.trace).
 */
#ifndef TANDEM_SIM_OUTPUT_TRACE_H
#define TANDEM_SIM_OUTPUT_TRACE_H

#include "sim/output/record.h"

typedef struct Trace Trace;
typedef struct TraceTrack TraceTrack; /* owned by its trace */

/* Chosen, per counter and per track of what is many: 3 MB, and more than a screen shows. */
enum { TRACE_MAX_SLICES = 20000 };

Trace *trace_new(void);
void trace_free(Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_free)

TraceTrack *trace_track(Trace *trace, const char *group, const char *name_format, ...) G_GNUC_PRINTF(3, 4);

/* A slice begins, within the one that is open. */
void trace_begin(TraceTrack *track, const char *name, double at_s);
/* The open slice that was begun last ends; nothing when none is open. */
void trace_end(TraceTrack *track, double at_s);
/* Both: the open slice ends, if there is one, and the next one begins. */
void trace_next(TraceTrack *track, const char *name, double at_s);
void trace_slice(TraceTrack *track, const char *name, double start_s, double end_s);
/* The record's known numbers become arguments of the slice that was begun last. */
void trace_describe(TraceTrack *track, const Record *record, gconstpointer thing);

/* Something that happens at once. */
void trace_instant(TraceTrack *track, const char *name, double at_s);
/* An arrow between two slices, which are open or just begun at these dates. */
void trace_arrow(const char *name, TraceTrack *from, double from_s, TraceTrack *to, double to_s);
/* A value from that date on; NAN and infinite ones are left out. */
void trace_counter(Trace *trace, const char *group, const char *name, const char *unit, double at_s, double value);

/* Of so many things in a row, each of which is that many-th is shown: at most TRACE_MAX_SLICES of them. */
guint trace_stride(guint n);

/* What is still open ends at end_s. The file's text. (transfer full) */
char *trace_finish(Trace *trace, double end_s);

#endif
