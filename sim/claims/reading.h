/* Readings: where a source allows two, a scenario's key switches between them, and one number shows what hangs on it.
 *
 * A reading is run once for each of its variants, the default first. What it shows is a metric, or how it stands to the
 * same metric of another run (a share of the host's own rate). All of it goes to readings.csv, which the paper's figure
 * "switches" is drawn from. Nothing is judged: that a source can be read twice is no claim of it.
 */
#ifndef TANDEM_SIM_CLAIMS_READING_H
#define TANDEM_SIM_CLAIMS_READING_H

#include "sim/output/files.h"
#include "sim/run/batch.h"

#define READING_VARIANTS 3u
#define READING_SETTINGS 6u

/* A file of the paper's scenarios and what is set in it ("POINTER=VALUE"; NULL ends). file NULL: no run. */
typedef struct {
    const char *file;
    const char *settings[READING_SETTINGS + 1];
} ReadingRun;

/* Texts have no comma: the figure's script splits lines at them. */
typedef struct {
    const char *word; /* what the figure calls it; NULL: no more variants */
    ReadingRun run;
    ReadingRun per; /* the metric is divided by this run's */
} ReadingVariant;

typedef struct {
    const char *reading;   /* the question that the source leaves open */
    const char *switch_by; /* the key, or the profiles, that answer it */
    const char *quantity, *unit;
    double paper; /* what the source says; NAN: nothing */
    const char *metric;
    double scale; /* of the metric, or of the ratio, to the unit */
    ReadingVariant variants[READING_VARIANTS];
} Reading;

/* Adds every variant's runs with so many seeds. The first one's index, G_MAXUINT with error set. */
guint readings_add(Batch *batch, const char *paper, const Reading *readings, guint n, guint seeds, GError **error);
/* Of the runs that readings_add put at first, with the same arguments: takes readings.csv, means over the seeds. */
void readings_take(const Batch *batch, guint first, const Reading *readings, guint n, guint seeds, FileSet *files);

#endif
