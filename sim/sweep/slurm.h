/* A campaign as a Slurm array job: each task is one or more shards, in folders of their own; then all are merged.
 *
 *     DIR/slurm/job.sh      the script that is submitted; its tasks call `tandem sweep --shard i/n --resume`
 *     DIR/slurm/job         number of the job that was submitted last
 *     DIR/slurm/logs/       what the tasks print
 *     DIR/shards/i          shard i's folder, resumable like any other
 *
 * The number of shards is fixed when the campaign begins; a resume submits those that are not complete. Scheduling,
 * limits and priorities are Slurm's.
 */
#ifndef TANDEM_SIM_SWEEP_SLURM_H
#define TANDEM_SIM_SWEEP_SLURM_H

#include "sim/sweep/plan.h"

#define SLURM_ERROR slurm_error_quark()
GQuark slurm_error_quark(void);
typedef enum {
    SLURM_ERROR_COMMAND,    /* sbatch or squeue is missing or failed */
    SLURM_ERROR_INCOMPLETE, /* the job has ended and shards are not complete */
    SLURM_ERROR_TEXT        /* a path or an option would act in the script */
} SlurmError;

enum { SLURM_MAX_TASKS = 1000 }; /* what clusters take by default (MaxArraySize 1001) */

typedef struct {
    const char *program;         /* this tandem */
    const char *file;            /* the sweep's */
    const char *folder;          /* the campaign's */
    const char *const *settings; /* --set, or NULL */
    const char *const *options;  /* for sbatch, "--partition=long", or NULL */
    const char *timeout;         /* --point-timeout, or NULL */
    guint tasks;                 /* 0: by the number of runs */
    double poll_s;               /* between two looks at the queue */
    gboolean quiet;
} SlurmJob;

/* The shards of a campaign: tasks, or what an earlier submission in the folder fixed. */
guint slurm_shards(const SlurmJob *job, const Plan *plan);
/* FALSE: one of the job's texts would be more in its script than a word. To be asked before the script is made. */
gboolean slurm_check(const SlurmJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The script for these shards ("1-1000" or "3,7"); it needs no folder. (transfer full) */
char *slurm_script(const SlurmJob *job, guint shards, const char *array);
/* Submits what is not complete and waits until the queue has no task of it. The shards' folders are appended to folders
 * (of char *, owned). */
gboolean slurm_run(const SlurmJob *job, const Plan *plan, GPtrArray *folders, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
