/* The signals by which somebody stops a command (Ctrl-C, kill, a closed terminal), and what must not outlive it. */
#ifndef TANDEM_SIM_OUTPUT_SIGNALS_H
#define TANDEM_SIM_OUTPUT_SIGNALS_H

#include <glib.h>
#include <signal.h>

enum { N_SIGNALS = 3 };
extern const int signals_that_stop[N_SIGNALS];

/* They wait until signals_release(), with what was there before. */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

/* A file that is being written, or a folder that was made for results: who stops this process now takes it along, when
 * the folder is empty. Until signals_spare() of the same path; of more than a few at once the rest is left behind. */
void signals_doom(const char *path);
void signals_spare(const char *path);
/* For a signal's handler: they go. */
void signals_carry_out(void);

#endif
