/* A run's tables held to its metrics and to each other, in every run: the invariant tables_agree.
 *
 * A metric and the rows that it sums up are counted in different places; what is wrong in one of them (a round that was
 * planned at a rate that no longer holds, a step that is not closed) shows as a row out of order or a sum that is off.
 * Each part has rules for its own tables (Part.check_tables), which look at the numbers as they were collected, before
 * they are printed. Here is what the rules share.
 */
#ifndef TANDEM_SIM_WORLD_TABLE_CHECK_H
#define TANDEM_SIM_WORLD_TABLE_CHECK_H

#include "sim/world/world.h"

/* Chosen: a date is the sum of up to a million durations, each right to the clock's 1e-9 s or a part of 1e15. */
#define TABLE_CHECK_CLOCK_S 1e-6

/* A duration is a difference of two dates, which may be the same but for the clock's own grain. */
gboolean table_check_is_duration(double duration_s);
gboolean table_check_same_date(double a_s, double b_s);
gboolean table_check_not_after(double a_s, double b_s);
/* Whether two sums of counts or bytes are the same but for rounding. */
gboolean table_check_same_sum(double a, double b);

/* Counts a check of tables_agree. fault: what is wrong in the tables of whose name, as a sentence, or NULL; taken. */
void table_check_note(World *world, const char *whose, const char *name, char *fault);

#endif
