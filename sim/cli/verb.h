/* The command line's verbs: each parses its own arguments and returns tandem's exit status. */
#ifndef TANDEM_SIM_CLI_VERB_H
#define TANDEM_SIM_CLI_VERB_H

#include <glib.h>

enum { EXIT_DONE = 0, EXIT_CLAIM_FAILED = 1, EXIT_BAD_INPUT = 2, EXIT_OTHER = 3 };

/* argv[0] is the verb. */
int verb_run(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_reproduce(int argc, char **argv);
int verb_list(int argc, char **argv);
int verb_validate(int argc, char **argv);
int verb_schema(int argc, char **argv);
int verb_sensitivity(int argc, char **argv);
int verb_sweep(int argc, char **argv);
int verb_merge(int argc, char **argv);
int verb_plot(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_new(int argc, char **argv);
int verb_man(int argc, char **argv);
int verb_completion(int argc, char **argv);

/* Parses options; what is left of argv are the operands. usage: after "tandem VERB"; about: the help's text. An option
 * of one value that is given twice is wrong: one would be ignored. --help is answered here, and ends the process.
 * FALSE: it was wrong and the reason is printed; the exit status is EXIT_BAD_INPUT. */
gboolean verb_parse(const GOptionEntry *entries, const char *usage, const char *about, int *argc, char ***argv);

/* A verb's options and texts, as it gives them to verb_parse(). entries end with a NULL name; all is the verb's. */
typedef void (*VerbDescribe)(const GOptionEntry *entries, const char *usage, const char *about, gpointer data);

/* Has the verb tell describe what its --help would print, and do nothing else. */
void verb_describe(int (*act)(int argc, char **argv), const char *word, VerbDescribe describe, gpointer data);

/* Prints on stdout. Whatever names and paths hold, only newlines and tabs act on a terminal (sim/output/inert.h), here
 * and in what is printed on stderr below. */
void verb_say(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The exit status of a process that would end with status: EXIT_OTHER, and the reason printed, when what was printed on
 * stdout cannot be written. */
int verb_end(int status);

/* Prints "tandem: MESSAGE" as one line on stderr. Returns status. */
int verb_fail(int status, const GError *error);
/* Of a file that could not be written: bad input when something else than a file, or
 * somebody else's file, stands there. */
int verb_fail_writing(const GError *error);
/* Of a sweep's folder that cannot be used: bad input when it is no sweep's, or another one's. */
int verb_fail_campaign(const GError *error);
/* Of a run that came to nothing: bad input, unless it is the process or the simulated clock that gave out. */
int verb_fail_run(const GError *error);
int verb_complain(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
