/* What a figure of a sweep looks at: one metric of summary.csv over one parameter, x, a line for each value of another,
 * by.
 *
 * Parameters that a zip steps together are one axis: all of its points are looked at, whichever of them is x. Only
 * other axes are held, at their first value. */
#ifndef TANDEM_SIM_FIGURES_SWEEP_VIEW_H
#define TANDEM_SIM_FIGURES_SWEEP_VIEW_H

#include "sim/figures/label.h"
#include "sim/output/table.h"

typedef struct {
    const char *column; /* borrowed */
    guint axis;         /* parameters of one axis are zipped */
    gboolean is_logarithmic;
    gboolean is_number;
    double least, largest; /* of its values, in the column's unit */
    Label label;           /* owned text */
} SweepParameter;

/* What is known of a point's mean. */
typedef enum {
    SWEEP_POINT_WHOLE,  /* over all runs */
    SWEEP_POINT_PARTLY, /* over those that completed */
    SWEEP_POINT_FAILED, /* none completed */
    SWEEP_POINT_EMPTY,  /* no value for another reason: the runs failed, or their metric is undefined */
} SweepPointState;

typedef struct {
    Table *table;                 /* owned: summary.csv */
    GPtrArray *columns;           /* of char *, owned: of the parameters */
    GArray *parameters;           /* of SweepParameter */
    const SweepParameter *x, *by; /* by: NULL when there is one parameter */
    char *metric;                 /* owned */
    char *share;                  /* owned: the column that says which share of runs completed; NULL: there is none */
    Label metric_label;           /* owned text */
    guint repeats;                /* of each point, at most */
    GArray *rows;                 /* of guint: the table's rows that are looked at */
    GPtrArray *xs, *bys;          /* of char *, owned: what the axis of x, of by has, as they come up in rows */
    GArray *x_of, *by_of;         /* of guint, a row each: the index into them */
} SweepView;

void sweep_view_clear(SweepView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SweepView, sweep_view_clear)

/* metric, x, by: NULL for what a reader looks at first. */
gboolean sweep_view_open(SweepView *view, const char *folder, const char *metric, const char *x, const char *by,
                         Language language, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* i: of view->rows, here and below. The metric's column with that suffix, in the label's unit; NAN: none. */
double sweep_view_metric(const SweepView *view, guint i, const char *suffix);
SweepPointState sweep_view_state(const SweepView *view, guint i);
/* A parameter's value as a number in the label's unit, and as people read it. (transfer full) */
double sweep_view_number(const SweepView *view, guint i, const SweepParameter *parameter);
char *sweep_view_text(const SweepView *view, guint i, const SweepParameter *parameter);
/* With all that is zipped to it: "2, joint". (transfer full) */
char *sweep_view_name(const SweepView *view, guint i, const SweepParameter *parameter);
/* by is zipped to x: each point has a value of its own, and there are no lines. */
gboolean sweep_view_is_scattered(const SweepView *view);

/* "a = 1, b = 2": what is held. NULL: nothing is. (transfer full) */
char *sweep_view_held(const SweepView *view);
/* "c, d": what varies with x and is not shown. NULL: nothing does. (transfer full) */
char *sweep_view_along(const SweepView *view);

#endif
