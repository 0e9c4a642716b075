#include "sim/output/signals.h"

#include <unistd.h>

const int signals_that_stop[N_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

enum { MOST_DOOMED = 16 };

/* The process's: a handler has no other place to look. A path is whole before it is in the list. */
static char *volatile doomed[MOST_DOOMED];

void
signals_hold(sigset_t *before)
{
    sigset_t held;

    sigemptyset(&held);
    for (gsize i = 0; i < N_SIGNALS; i++)
        sigaddset(&held, signals_that_stop[i]);
    sigprocmask(SIG_BLOCK, &held, before);
}

void
signals_release(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}

void
signals_doom(const char *path)
{
    for (gsize i = 0; i < MOST_DOOMED; i++)
        if (!doomed[i]) {
            doomed[i] = g_strdup(path);
            return;
        }
}

void
signals_spare(const char *path)
{
    for (gsize i = 0; i < MOST_DOOMED; i++) {
        char *known = doomed[i];
        if (!known || !g_str_equal(known, path))
            continue;
        doomed[i] = NULL;
        g_free(known);
        return;
    }
}

void
signals_carry_out(void)
{
    for (gsize i = 0; i < MOST_DOOMED; i++) {
        const char *path = doomed[i];
        if (path && unlink(path) != 0)
            (void)rmdir(path);
    }
}
