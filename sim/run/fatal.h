/* The end of a process that cannot go on: one line and an exit status, never a signal.
 *
 * GLib ends a process by g_error() when memory is out, and so does tandem where the system refuses a pipe or a process.
 * SimGrid aborts. Neither is a way for a verb to end: whoever called it sees a core dump and no reason. */
#ifndef TANDEM_SIM_RUN_FATAL_H
#define TANDEM_SIM_RUN_FATAL_H

#include <glib.h>

enum { FATAL_EXIT = 3 };

/* Once per process: from now on an abort prints a line "tandem: REASON" on stderr and exits with FATAL_EXIT. */
void fatal_install(void);

/* In a forked child: instead of printing, take gets the reason and ends the process. NULL: prints again. */
void fatal_set_taker(void (*take)(const char *reason, gpointer data), gpointer data);

#endif
