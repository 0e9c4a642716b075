/* The journal of a campaign: one line per finished run, written as it ends, read again after kill -9.
 *
 *     HASH I identity            first line: the digest of the campaign's identity
 *     HASH S id,#name,"name…     a shape: which metrics a run has, # numbers, ? flags and " words, as CSV cells
 *     HASH R run,status,shape,message,cells…
 *
 * HASH is the FNV-1a of the rest of the line: a line that was torn by a kill, or a disk that was full, is recognised
 * and dropped, and its run is run again. Runs are in the order in which they ended; what is made from the journal is
 * not.
 */
#ifndef TANDEM_SIM_SWEEP_JOURNAL_H
#define TANDEM_SIM_SWEEP_JOURNAL_H

#include <glib.h>

#define JOURNAL_ERROR journal_error_quark()
GQuark journal_error_quark(void);
typedef enum { JOURNAL_ERROR_FILE, JOURNAL_ERROR_BUSY, JOURNAL_ERROR_OTHER_CAMPAIGN } JournalError;

typedef enum {
    RUN_OK,
    RUN_VIOLATED, /* an invariant did not hold */
    RUN_INVALID,  /* the scenario or a file of it was refused */
    RUN_FAILED,   /* ended without an answer */
    RUN_CRASHED,  /* by a signal */
    RUN_TIMED_OUT,
    RUN_KILLED, /* its worker was lost */
    N_RUN_STATUSES
} RunStatus;

const char *journal_status_word(RunStatus status);

typedef struct Journal Journal;

/* Opens or makes folder/runs.journal, locks it, and reads what is there. n_runs: of the campaign. */
Journal *journal_open(const char *folder, const char *identity, guint n_runs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void journal_free(Journal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)

/* Bytes dropped from the end because the last line was torn, and lines inside that are not whole. */
gsize journal_torn(const Journal *journal);
guint journal_damaged(const Journal *journal);
gboolean journal_has(const Journal *journal, guint run);
guint journal_count(const Journal *journal, RunStatus status);
guint journal_done(const Journal *journal);
/* Forgets a run, so that it runs again; its new line will count. */
void journal_forget(Journal *journal, guint run);

/* names, cells and message as they stand in the file: CSV cells with commas between, one line. */
gboolean journal_append(Journal *journal, guint run, RunStatus status, const char *message, const char *names,
                        const char *cells, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For reading: maps what is written so far. */
gboolean journal_map(Journal *journal, GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef struct {
    RunStatus status;
    guint shape;
    const char *message; /* a CSV cell; not ended by NUL */
    gsize message_length;
    const char *cells; /* likewise, of cells */
    gsize cells_length;
} JournalLine;
/* FALSE: the run is not there. */
gboolean journal_line(const Journal *journal, guint run, JournalLine *line);
guint journal_shapes(const Journal *journal);
/* #name,?name,"name,… */
const char *journal_shape(const Journal *journal, guint shape);

#endif
