/* The table of verbs: the command line, its help, the manual pages and the shells' completion are made of it. */
#ifndef TANDEM_SIM_CLI_VERBS_H
#define TANDEM_SIM_CLI_VERBS_H

typedef struct {
    const char *word;
    int (*act)(int argc, char **argv); /* argv[0] is the word; returns the exit status */
    const char *arguments;
    const char *about;
} Verb;

extern const Verb verbs[]; /* ends with a NULL word */

#define VERBS_ABOUT "simulates live migration of VMs with their vTPMs, shared crypto cards and inter-VM sockets"

/* What an exit status says, in a few words. */
const char *verbs_exit_status(int status);

/* NULL: there is none. */
const Verb *verbs_find(const char *word);

#endif
