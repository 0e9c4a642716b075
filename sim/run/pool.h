/* Jobs in forked processes, so many at a time.
 *
 * SimGrid has one engine per process, so every run but a program's only one is a child of a warm parent: about a
 * millisecond each, where a new process costs 25. A job's answer is a text through a pipe.
 */
#ifndef TANDEM_SIM_RUN_POOL_H
#define TANDEM_SIM_RUN_POOL_H

#include <glib.h>

/* In the child. The answer; NULL: it failed. (transfer full) */
typedef char *(*PoolWork)(guint job, gpointer data);
/* In the parent, when a job has ended, in any order of jobs. answer: borrowed; NULL: it failed, crashed or was killed.
 */
typedef void (*PoolTake)(guint job, const char *answer, gpointer data);

/* Runs jobs 0 … n_jobs - 1; returns when all have ended. workers 0: as many as there are processors. */
void pool_run(guint n_jobs, guint workers, PoolWork work, PoolTake take, gpointer data);

#endif
