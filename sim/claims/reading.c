#include "sim/claims/reading.h"

#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"

static gboolean
add_run(Batch *batch, const char *paper, const ReadingRun *run, guint seeds, GError **error)
{
    if (!run->file)
        return TRUE;
    g_autofree char *path = paper_scenario(paper, run->file);
    const char *const *s = run->settings;

    return batch_add(batch, path, seeds, error, s[0], s[1], s[2], s[3], s[4], s[5], NULL) != G_MAXUINT;
}

guint
readings_add(Batch *batch, const char *paper, const Reading *readings, guint n, guint seeds, GError **error)
{
    const guint first = batch_size(batch);

    for (guint r = 0; r < n; r++)
        for (guint v = 0; v < READING_VARIANTS && readings[r].variants[v].word; v++) {
            const ReadingVariant *variant = &readings[r].variants[v];
            if (!add_run(batch, paper, &variant->run, seeds, error) ||
                !add_run(batch, paper, &variant->per, seeds, error))
                return G_MAXUINT;
        }
    return first;
}

/* Of the runs from *at on, which is moved on behind them. */
static double
mean_of_next(const Batch *batch, const Reading *reading, guint seeds, guint *at)
{
    const double mean = batch_spread(batch, *at, seeds, reading->metric).mean;

    *at += seeds;
    return mean;
}

static void
append_row(GString *csv, const Reading *reading, const ReadingVariant *variant, double value)
{
    csv_append_text(csv, reading->reading);
    csv_append_text(csv, reading->switch_by);
    csv_append_text(csv, variant->word);
    csv_append_text(csv, reading->quantity);
    csv_append_text(csv, reading->unit);
    csv_append_known(csv, reading->paper);
    csv_append_known(csv, value);
    g_string_append_c(csv, '\n');
}

void
readings_take(const Batch *batch, guint first, const Reading *readings, guint n, guint seeds, FileSet *files)
{
    GString *csv = g_string_new("reading,switch,variant,quantity,unit,paper,tandem\n");
    guint at = first;

    for (guint r = 0; r < n; r++)
        for (guint v = 0; v < READING_VARIANTS && readings[r].variants[v].word; v++) {
            const ReadingVariant *variant = &readings[r].variants[v];
            const double own = mean_of_next(batch, &readings[r], seeds, &at);
            const double per = variant->per.file ? mean_of_next(batch, &readings[r], seeds, &at) : 1;
            append_row(csv, &readings[r], variant, own / per * readings[r].scale);
        }
    files_take(files, "readings.csv", g_string_free(csv, FALSE));
}
