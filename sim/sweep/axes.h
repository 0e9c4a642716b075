/* A sweep's axes: their values, the columns they fill, and the numbered points that they span.
 *
 * An axis is one column (a pointer and its values) or, zipped, several of one length. Points are numbered from 1; the
 * first axis changes slowest and the last one fastest, so that the enumeration is that of nested loops in the order of
 * the file. Quantities stand in the tables in SI, with the unit in the column's name.
 */
#ifndef TANDEM_SIM_SWEEP_AXES_H
#define TANDEM_SIM_SWEEP_AXES_H

#include "sim/specs/sweep_spec.h"

#define AXES_ERROR axes_error_quark()
GQuark axes_error_quark(void);
typedef enum {
    AXES_ERROR_POINTER, /* addresses nothing that the scenario has */
    AXES_ERROR_VALUES,  /* none, of different lengths, a range that makes no sense */
    AXES_ERROR_CLASH,   /* two axes for one value, or one column for two */
    AXES_ERROR_SIZE,    /* more points than anybody waits for */
} AxesError;

enum { AXES_MAX_POINTS = 10000000 }; /* chosen: 16 bytes of index each, and a week of runs */

typedef struct {
    char *name;                                                           /* with its unit */
    char *pointer;                                                        /* as written, perhaps with patterns */
    GPtrArray *pointers; /* owned; of char *: all places that it names */ /* into the scenario */
    char *where;                                                          /* "/sweep/axes/0": of the axis in its file */
    GPtrArray *values; /* of cJSON, owned: as the scenario writes them */
    GPtrArray *cells;  /* of char *, owned: as the tables write them, quoted where need be */
    gboolean is_range;
    guint axis;
} AxisColumn;

typedef struct Axes Axes;

/* resolved: the scenario as it is without a sweep, where pointers are looked up. (transfer full) */
Axes *axes_new(const SweepSpec *spec, const cJSON *resolved, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void axes_free(Axes *axes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Axes, axes_free)

guint axes_points(const Axes *axes);
guint axes_count(const Axes *axes);
guint axes_length(const Axes *axes, guint axis);
/* The point where this axis has that value and every other its first; counts from 0. */
guint axes_point(const Axes *axes, guint axis, guint value);

guint axes_columns(const Axes *axes);
const AxisColumn *axes_column(const Axes *axes, guint column);
/* Which of a column's values the point has; points count from 0 here. */
guint axes_value(const Axes *axes, guint point, guint column);

#endif
