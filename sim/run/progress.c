#include "sim/run/progress.h"

#include "sim/world/guard.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* chosen: a run that is over sooner shows nothing */
enum { RUN_QUIET_US = 1000000, BAR_EVERY_US = 100000, LINE_EVERY_US = 10000000, BAR_MAX = 40 };

void
progress_begin(Progress *progress, guint total, guint done, gboolean quiet)
{
    const ProgressStyle loud = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_LINES;

    *progress = (Progress){.style = quiet ? PROGRESS_NONE : loud, .total = total, .before = done};
    progress->started_us = progress->shown_us = g_get_monotonic_time();
}

static void
append_duration(GString *text, double s)
{
    if (s < 60)
        g_string_append_printf(text, "%.0f s", s);
    else if (s < 3600)
        g_string_append_printf(text, "%.0f min %02.0f s", (double)(int)(s / 60), (double)((int)s % 60));
    else
        g_string_append_printf(text, "%.0f h %02.0f min", (double)(int)(s / 3600), (double)((int)s % 3600 / 60));
}

/* The text of a bar of so many columns, or of a plain line (0). (transfer full) */
static char *
progress_text(const Progress *progress, guint done, guint failed, double elapsed_s, guint columns)
{
    const guint now = done > progress->before ? done - progress->before : 0;
    const double rate = elapsed_s > 0 ? now / elapsed_s : 0;
    GString *text = g_string_new(NULL);

    if (columns > 0) {
        const guint width = MIN(BAR_MAX, columns / 3);
        const guint full = progress->total > 0 ? (guint)((guint64)width * done / progress->total) : width;
        g_string_append_c(text, '[');
        for (guint i = 0; i < width; i++)
            g_string_append_c(text, i < full ? '#' : '.');
        g_string_append(text, "] ");
    }
    g_string_append_printf(text, "%u/%u runs", done, progress->total);
    if (rate > 0)
        g_string_append_printf(text, ", %.3g/s", rate);
    if (rate > 0 && done < progress->total) {
        g_string_append(text, ", ");
        append_duration(text, (progress->total - done) / rate);
        g_string_append(text, " left");
    }
    if (failed > 0)
        g_string_append_printf(text, ", %u failed", failed);
    return g_string_free(text, FALSE);
}

static void
print(Progress *progress, guint done, guint failed, gint64 now_us, const char *end)
{
    struct winsize size = {.ws_col = 80};
    const gboolean bar = progress->style == PROGRESS_BAR;

    if (bar)
        (void)ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
    g_autofree char *text = progress_text(progress, done, failed, (double)(now_us - progress->started_us) / 1e6,
                                          bar ? (size.ws_col > 0 ? size.ws_col : 80) : 0);
    if (bar)
        fprintf(stderr, "\r%s\033[K%s", text, end);
    else
        fprintf(stderr, "%s\n", text);
    fflush(stderr);
    progress->shown_us = now_us;
}

void
progress_show(Progress *progress, guint done, guint failed)
{
    const gint64 now_us = g_get_monotonic_time();
    const gint64 every_us = progress->style == PROGRESS_BAR ? BAR_EVERY_US : LINE_EVERY_US;

    if (progress->style != PROGRESS_NONE && now_us - progress->shown_us >= every_us)
        print(progress, done, failed, now_us, "");
}

void
progress_end(Progress *progress, guint done, guint failed)
{
    if (progress->style != PROGRESS_NONE)
        print(progress, done, failed, g_get_monotonic_time(), "\n");
}

void
progress_clear(const Progress *progress)
{
    if (progress->style == PROGRESS_BAR)
        fputs("\r\033[K", stderr);
}

/* ---- what a command's own runs show ---- */

static gboolean allowed;
static struct {
    double last_s;
    gint64 started_us, shown_us;
} run;

void
progress_allow(void)
{
    allowed = isatty(STDERR_FILENO);
}

void
progress_begin_set(Progress *progress, guint total)
{
    progress_begin(progress, total, 0, !allowed);
}

static void
show_date(double now_s)
{
    const gint64 now_us = g_get_monotonic_time();

    if (now_us - run.started_us < RUN_QUIET_US || now_us - run.shown_us < BAR_EVERY_US)
        return;
    run.shown_us = now_us;
    fprintf(stderr, "\r%.6g s simulated", now_s);
    if (now_s <= run.last_s)
        fprintf(stderr, ", %.0f %% of the time line", 100 * now_s / run.last_s);
    fprintf(stderr, ", after %.0f s\033[K", (double)(now_us - run.started_us) / 1e6);
    fflush(stderr);
}

void
progress_watch_run(double last_s)
{
    if (!allowed)
        return;
    run.last_s = last_s;
    run.started_us = run.shown_us = g_get_monotonic_time();
    guard_watch(show_date);
}

void
progress_end_run(void)
{
    guard_watch(NULL);
    if (allowed && run.shown_us > run.started_us)
        fputs("\r\033[K", stderr);
}
