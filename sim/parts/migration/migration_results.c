#include "sim/parts/migration/migration_results.h"

#include <math.h>

static void
append_cell(GString *csv, double value)
{
    g_autofree char *text = result_number_text(value);

    g_string_append_printf(csv, ",%s", text);
}

static guint
live_rounds(const GArray *rounds)
{
    guint live = 0;

    for (guint i = 0; i < rounds->len; i++)
        live += g_array_index(rounds, CopyRound, i).phase == PHASE_PUSH;
    return live;
}

/* As query-migrate would tell it, and what post-copy cost the guest. */
static void
collect_qemu(const Leg *leg, const char *name, Result *result)
{
    const QemuReport report = qemu_report(leg->copier.qemu);

    result_add_number(result, report.total_s, "%s.reported_total_s", name);
    result_add_number(result, report.downtime_s, "%s.reported_downtime_s", name);
    result_add_number(result, report.syncs, "%s.syncs", name);
    result_add_number(result, report.transferred_bytes, "%s.transferred_bytes", name);
    result_add_number(result, report.throttle, "%s.throttle", name);
    result_add_number(result, (double)report.left_pages, "%s.left_pages", name);
    if (leg->migration->world->scenario->engine->verify_memory)
        result_add_number(result, (double)leg->differing_pages[0], "%s.unlogged_pages", name);
    if (copier_totals(&leg->copier).stop != STOP_POSTCOPY)
        return;
    result_add_number(result, (double)report.faults.requests, "%s.fault_requests", name);
    result_add_number(result, report.faults.waited_s, "%s.fault_wait_s", name);
    result_add_number(result, report.faults.longest_s, "%s.fault_wait_max_s", name);
}

static void
collect_leg(const Leg *leg, Result *result)
{
    g_autofree char *name = g_strdup_printf("migration.%s.%s", leg->migration->name, leg->label);
    const CopyTotals totals = copier_totals(&leg->copier);

    result_add_word(result, leg->outcome->word, "%s.outcome", name);
    result_add_number(result, leg->end_s - leg->start_s, "%s.total_s", name);
    result_add_number(result, leg->downtime_s, "%s.downtime_s", name);
    result_add_number(result, live_rounds(totals.rounds), "%s.live_rounds", name);
    result_add_word(result, policy_stop_text(totals.stop), "%s.stopped_by", name);
    result_add_number(result, (double)totals.sent_pages, "%s.sent_pages", name);
    result_add_number(result, (double)totals.data_pages, "%s.data_pages", name);
    result_add_number(result, (double)totals.zero_pages, "%s.zero_pages", name);
    result_add_number(result, totals.bytes, "%s.page_bytes", name);
    for (int step = 0; step < N_STEPS; step++)
        result_add_number(result, leg->step_s[step], "%s.%s_s", name, migration_step_word(step));
    result_add_number(result, leg->downtime.suspend_s, "%s.downtime.suspend_s", name);
    result_add_number(result, leg->downtime.pages_s, "%s.downtime.pages_s", name);
    result_add_number(result, leg->downtime.device_state_s, "%s.downtime.device_state_s", name);
    result_add_number(result, leg->downtime.commitment_s, "%s.downtime.commitment_s", name);
    result_add_number(result, leg->downtime.resume_s, "%s.downtime.resume_s", name);
    if (leg->copier.qemu)
        collect_qemu(leg, name, result);
}

/* The VM's own stop: of the leg that moves it. */
static double
vm_downtime_s(const Migration *migration)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (leg->domains[0] == migration->vm)
            return leg->downtime_s;
    }
    return 0;
}

static void
collect_migration(const Migration *migration, Result *result)
{
    const World *world = migration->world;

    result_add_word(result, migration->outcome->word, "migration.%s.outcome", migration->name);
    result_add_word(result, migration->outcome->text, "migration.%s.outcome_text", migration->name);
    result_add_number(result, migration->start_s, "migration.%s.start_s", migration->name);
    result_add_number(result, migration->end_s - migration->start_s, "migration.%s.total_s", migration->name);
    result_add_number(result, vm_downtime_s(migration), "migration.%s.downtime_s", migration->name);
    result_add_word(result, world->hosts[migration->source].spec->name, "migration.%s.source", migration->name);
    result_add_word(result, world->hosts[migration->destination].spec->name, "migration.%s.destination",
                    migration->name);
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (copier_is_set(&leg->copier))
            collect_leg(leg, result);
    }
}

/* A difference of two dates that are the same but for the last digit is none; tables_agree complains about others. */
static double
lasted_s(double duration_s)
{
    return MAX(duration_s, 0);
}

static const char *const phase_words[] = {"push", "stop-and-copy", "pull"};

static void
append_round(GString *csv, const Leg *leg, guint number, const CopyRound *round)
{
    g_string_append_printf(csv, "%s,%s,%u,%d", leg->migration->name, leg->label, number, round->final ? 1 : 0);
    append_cell(csv, round->start_s);
    append_cell(csv, lasted_s(round->duration_s));
    append_cell(csv, (double)round->sent);
    append_cell(csv, (double)round->skipped);
    append_cell(csv, (double)round->dirtied);
    append_cell(csv, round->bytes);
    append_cell(csv, round->duration_s > 0 ? round->bytes / round->duration_s : 0);
    g_string_append_printf(csv, ",%s", phase_words[round->phase]);
    append_cell(csv, round->throttle);
    g_string_append_c(csv, '\n');
}

static void
append_steps(GString *csv, const Leg *leg)
{
    for (int step = 0; step <= (int)leg->step; step++) {
        if (step == STEP_PULL && leg->step_start_s[step] == 0) /* not a post-copy */
            continue;
        g_string_append_printf(csv, "%s,%s,%s", leg->migration->name, leg->label, migration_step_word(step));
        append_cell(csv, leg->step_start_s[step]);
        append_cell(csv, lasted_s(leg->step_s[step]));
        g_string_append_c(csv, '\n');
    }
}

static void
collect_tables(const GPtrArray *migrations, Result *result)
{
    GString *rounds =
        g_string_new("migration,leg,round,final,start_s,duration_s,sent_pages,skipped_pages,dirtied_pages,"
                     "sent_bytes,rate_Bps,phase,throttle\n");
    GString *steps = g_string_new("migration,leg,step,start_s,duration_s\n");

    for (guint m = 0; m < migrations->len; m++) {
        const Migration *migration = g_ptr_array_index(migrations, m);
        for (guint i = 0; i < migration->legs->len; i++) {
            const Leg *leg = g_ptr_array_index(migration->legs, i);
            if (!copier_is_set(&leg->copier))
                continue;
            const GArray *all = copier_totals(&leg->copier).rounds;
            for (guint r = 0; r < all->len; r++)
                append_round(rounds, leg, r + 1, &g_array_index(all, CopyRound, r));
            append_steps(steps, leg);
        }
    }
    result_take_table(result, "rounds.csv", g_string_free(rounds, FALSE));
    result_take_table(result, "steps.csv", g_string_free(steps, FALSE));
}

void
migration_results_collect(const World *world G_GNUC_UNUSED, const GPtrArray *migrations, Result *result)
{
    for (guint i = 0; i < migrations->len; i++)
        collect_migration(g_ptr_array_index(migrations, i), result);
    collect_tables(migrations, result);
}
