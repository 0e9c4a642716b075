/* A run's tables held to its metrics and to each other, in every run: the invariant tables_agree.
 *
 * A metric and the rows that it sums up are counted in different places; what is wrong in one of them (a round that was
 * planned at a rate that no longer holds, a step that is not closed) shows as a row out of order or a sum that is off.
 * The rules look at the numbers as they were collected, before they are printed.
 *
 * For a leg:
 *   steps     follow each other without a gap from the leg's beginning to its end, none is shorter than 0
 *   order     each round begins where the one before ended (but for the work between them), none is shorter than 0
 *   inside    each round lies in the steps of its phase
 *   pages     no round sends, skips or catches more pages than there are; the rounds' pages sum up to the leg's
 *   bytes     the rounds' bytes sum up to the leg's, and carry at least the pages with content
 *   number    QEMU: a round for each synchronization, and one of post-copy
 *   downtime  its parts sum up to it
 *   rate      no round's bytes went faster than the path can carry them
 * For a migration: its legs follow each other from its beginning to its end. For a vTPM: its commands are in order, and
 * as many are done as it says. For a socket: its time line and its periods each sum up to what it received.
 *
 * A leg that failed is held to what it has: finished rounds, steps that were begun, parts of the downtime that were
 * reached; its sums are then at most the leg's.
 *
 * Scope: tables of crypto cards have their own invariants (Little's law, requests once).
 */
#ifndef TANDEM_SIM_WORLD_TABLE_CHECK_H
#define TANDEM_SIM_WORLD_TABLE_CHECK_H

#include "models/socket/socketlog.h"
#include "sim/world/migrate.h"

typedef struct {
    gboolean begun;
    double start_s, duration_s;
} TableStep;

/* What a leg's rows and metrics are made of. */
typedef struct {
    double start_s, end_s;
    double run_end_s;
    TableStep steps[N_STEPS];
    Downtime downtime;
    double downtime_s;
    gboolean resumed;  /* the guest has run at the destination */
    gboolean copied;   /* no round was cut short */
    CopyTotals totals; /* its rounds are borrowed */
    guint64 set_pages;
    double page_bytes;
    double path_Bps;    /* at most */
    guint members;      /* domains of the page set; pages of two may stand for each other */
    gboolean is_qemu;   /* the next three are QEMU's */
    guint syncs;        /* synchronizations */
    double sync_s;      /* of one, at most: it lies between two rounds */
    double ahead_bytes; /* what the socket may hold at most: put into it in one round, sent in the next */
} LegTables;

/* The first rule that a leg does not keep, as a sentence, or NULL. (transfer full) */
char *table_check_fault(const LegTables *leg);

/* The same for a vTPM's commands and a socket's log, at the end of a run. (transfer full) */
char *table_check_commands_fault(const GArray *commands, guint64 calls_done, double run_end_s);
char *table_check_log_fault(const SocketLog *log, double run_end_s);

/* Checks INVARIANT_TABLES for everything that the world holds. Nothing runs any more. */
void table_check_world(World *world);

#endif
