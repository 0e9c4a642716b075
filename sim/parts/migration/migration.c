#include "sim/parts/migration/migration.h"

gboolean
migration_has_step(const Leg *leg, MigrationStep step)
{
    const gboolean optional = step == STEP_PULL || step == STEP_RESTORE;

    return step <= leg->step && (!optional || leg->step_start_s[step] > 0); /* 0: it has none */
}

const char *
migration_step_word(MigrationStep step)
{
    static const char *const words[] = {
        [STEP_PRE_MIGRATION] = "pre_migration",
        [STEP_RESERVATION] = "reservation",
        [STEP_PRECOPY] = "precopy",
        [STEP_STOP_AND_COPY] = "stop_and_copy",
        [STEP_RESTORE] = "restore",
        [STEP_COMMITMENT] = "commitment",
        [STEP_PULL] = "pull",
        [STEP_ACTIVATION] = "activation",
    };

    return words[step];
}

const char *
migration_step_title(MigrationStep step)
{
    static const char *const titles[] = {
        [STEP_PRE_MIGRATION] = "pre-migration",
        [STEP_RESERVATION] = "reservation",
        [STEP_PRECOPY] = "pre-copy",
        [STEP_STOP_AND_COPY] = "stop-and-copy",
        [STEP_RESTORE] = "restore",
        [STEP_COMMITMENT] = "commitment",
        [STEP_PULL] = "post-copy",
        [STEP_ACTIVATION] = "activation",
    };

    return titles[step];
}

gboolean
migration_method_moves(MigrationMethod method, gboolean vtpm)
{
    return vtpm ? method != METHOD_VM : method != METHOD_VTPM;
}

gboolean
migration_method_stops(MigrationMethod method)
{
    return method == METHOD_COLD || method == METHOD_SAVE_RESTORE;
}

gboolean
migration_method_needs_vtpm(MigrationMethod method)
{
    return method != METHOD_VM && !migration_method_stops(method);
}

double
migration_stopped_s(const Migration *migration)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (leg->domains[0] == migration->vm)
            return leg->downtime_s;
    }
    return 0;
}

double
migration_sent_bytes(const Migration *migration)
{
    double bytes = 0;

    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (copier_is_set(&leg->copier))
            bytes += copier_totals(&leg->copier).bytes;
    }
    return bytes;
}
