#include "sim/world/table_check.h"

#include "sim/world/engine.h"
#include "sim/world/invariant.h"

#include <math.h>

/* Chosen: sums of up to a million numbers of whole bytes and parts of bytes. */
#define SUM_SHARE 1e-9

gboolean
table_check_is_duration(double duration_s)
{
    return duration_s >= -ENGINE_PRECISION_S;
}

gboolean
table_check_same_date(double a_s, double b_s)
{
    return fabs(a_s - b_s) <= TABLE_CHECK_CLOCK_S;
}

gboolean
table_check_not_after(double a_s, double b_s)
{
    return a_s <= b_s + TABLE_CHECK_CLOCK_S;
}

gboolean
table_check_same_sum(double a, double b)
{
    return fabs(a - b) <= SUM_SHARE * MAX(fabs(a), fabs(b)) + 0.5;
}

void
table_check_note(World *world, const char *whose, const char *name, char *fault)
{
    g_autofree char *owned = fault;

    invariant_check(world, &invariant_tables_agree, !owned, "%s %s: %s", whose, name, owned);
}
