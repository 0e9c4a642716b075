/* Rules that the tables of a migration keep (table_check.h).
 *
 * For a leg:
 *   steps     follow each other without a gap from the leg's beginning to its end, none is shorter than 0
 *   order     each round begins where the one before ended (but for the work between them), none is shorter than 0
 *   inside    each round lies in the steps of its phase
 *   pages     no round sends, skips or catches more pages than there are; the rounds' pages sum up to the leg's
 *   bytes     the rounds' bytes sum up to the leg's, and carry at least the pages with content
 *   number    where rounds end with synchronizations: one for each, and one of post-copy
 *   downtime  its parts sum up to it
 *   rate      no round's bytes went faster than the path can carry them
 * For a migration: its legs follow each other from its beginning to its end, but for one that goes when another's push
 * phase begins, which is that phase's first part.
 *
 * A leg that failed is held to what it has: finished rounds, steps that were begun, parts of the downtime that were
 * reached; its sums are then at most the leg's.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_TABLES_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_TABLES_H

#include "sim/parts/migration/migration.h"

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
    double content_bytes; /* of its pages with content in the stream, as they went: whole or compressed */
    double before_push_s; /* another leg's share of the step of the live rounds, at its beginning */
    double path_Bps;      /* at most */
    guint members;        /* domains of the page set; pages of two may stand for each other */
    CopierRounds rounds;
    double work_delay; /* of the sender, at most: its synchronizations take so much longer */
} LegTables;

/* The first rule that a leg does not keep, as a sentence, or NULL. (transfer full) */
char *leg_tables_fault(const LegTables *leg);

/* Holds a migration that has ended to all of them. */
void leg_tables_check(World *world, const Migration *migration);

#endif
