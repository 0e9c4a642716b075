#include "sim/run/fatal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void (*taker)(const char *reason, gpointer data); /* the process's; see the header */
static gpointer taker_data;

static void G_GNUC_NORETURN
end(const char *reason)
{
    if (taker) {
        taker(reason, taker_data);
        _exit(FATAL_EXIT);
    }
    fprintf(stderr, "tandem: %s\n", reason);
    fflush(NULL); /* what a verb has printed so far is not lost */
    _exit(FATAL_EXIT);
}

/* GLib's "../glib/gmem.c:136: failed to allocate 8 bytes" is of no use to whoever reads it but for the number. */
static char *
reason_of(const char *message)
{
    const char *allocation = strstr(message, "failed to allocate");
    char *reason = allocation ? g_strconcat("out of memory: ", allocation, NULL) : g_strdup(message);

    return g_strdelimit(reason, "\n\r", ' ');
}

static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    if (!(level & G_LOG_LEVEL_ERROR))
        return g_log_writer_default(level, fields, n, data);
    for (gsize i = 0; i < n; i++) {
        if (!g_str_equal(fields[i].key, "MESSAGE"))
            continue;
        g_autofree char *reason = reason_of(fields[i].value);
        end(reason);
    }
    end("cannot go on");
}

/* Nothing in here may allocate: memory may be what is missing. */
static void
on_abort(int number G_GNUC_UNUSED)
{
    static const char line[] = "tandem: cannot go on, out of memory or threads or by a fault of tandem's own\n";

    if (taker)
        taker("cannot go on, out of memory or threads or by a fault of tandem's own", taker_data);
    else
        (void)!write(STDERR_FILENO, line, sizeof line - 1);
    _exit(FATAL_EXIT);
}

void
fatal_install(void)
{
    g_log_set_writer_func(write_log, NULL, NULL);
    (void)signal(SIGABRT, on_abort);
}

void
fatal_set_taker(void (*take)(const char *reason, gpointer data), gpointer data)
{
    taker = take;
    taker_data = data;
}
