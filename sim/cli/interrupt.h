/* What the terminal says when somebody stops tandem (Ctrl-C, kill): what there is now, and how to go on. */
#ifndef TANDEM_SIM_CLI_INTERRUPT_H
#define TANDEM_SIM_CLI_INTERRUPT_H

#include <glib.h>

/* From now on SIGINT, SIGTERM and SIGHUP print that line before they end this process as they always do, and
 * what is doomed (sim/output/signals.h) goes. Children that it forks end without a word. */
void interrupt_say(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* From now on they end it without a word. */
void interrupt_say_nothing(void);

#endif
