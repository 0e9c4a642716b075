/* Jobs in forked processes that may crash, hang or be killed: each costs its job only. Both kinds of work go through
 * it, a set of runs that are all wanted (run_all) and the runs of a sweep or a study, which may take days.
 *
 * SimGrid has one engine per process, so every run but a program's only one is a child of a warm parent: about a
 * millisecond each, where a new process costs 25. The caller's process forks one server per worker slot while it is
 * warm (scenario parsed, libraries loaded). A server forks a child per job, waits for it, kills it when it takes too
 * long, and reports; so the caller's own work is reading reports. A child's answer, of any length, comes through a file
 * in memory that it shares with its server: a child that dies while it answers leaves nothing half-written in a pipe. A
 * server that dies is replaced, and the job it was at counts as lost. All processes die with the one that started them.
 */
#ifndef TANDEM_SIM_RUN_CREW_H
#define TANDEM_SIM_RUN_CREW_H

#include <glib.h>

typedef enum {
    CREW_ANSWERED,
    CREW_SIGNALLED, /* detail: the signal */
    CREW_EXITED,    /* without an answer; detail: the status */
    CREW_TIMED_OUT, /* killed after timeout_s */
    CREW_LOST       /* its server died */
} CrewOutcome;

typedef struct {
    guint job;
    CrewOutcome outcome;
    int detail;
    const char *answer; /* borrowed; ends with NUL. EXITED: why the job could not go on (fatal.h), or "" */
} CrewReport;

typedef struct {
    /* In a child: the answer. (transfer full) NULL: the job failed. */
    char *(*work)(guint job, gpointer data);
    /* In the caller: the next job, FALSE: none just now. */
    gboolean (*next)(guint *job, gpointer data);
    /* In the caller, for every job given out, in any order. It may make next() give the job once more. FALSE: stop now.
     */
    gboolean (*take)(const CrewReport *report, gpointer data);
    /* In the caller, at least so often as something happens and twice a second. NULL: nothing to do. */
    void (*tick)(gpointer data);
    gpointer data;
    guint workers;    /* 0: crew_processors() */
    double timeout_s; /* 0: none */
    int stderr_fd;    /* of servers and children; -1: the caller's */
} Crew;

/* How many jobs at a time suit the machine: the processors that this process may use, by its affinity and by what Slurm
 * gave the task (SLURM_CPUS_PER_TASK). */
guint crew_processors(void);

/* Returns when next() gives no more and all jobs are taken, or take() said stop. */
void crew_run(const Crew *crew);

#endif
