#include "sim/world/collect.h"

#include "sim/world/domain.h"
#include "sim/world/migrate.h"
#include "sim/world/part.h"
#include "sim/world/vtpm_service.h"

#include <math.h>

static void
append_number(GString *csv, double value)
{
    g_autofree char *text = result_number_text(value);

    g_string_append(csv, text);
}

static void
append_cell(GString *csv, double value)
{
    g_string_append_c(csv, ',');
    append_number(csv, value);
}

/* ---- migrations ---- */

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

    result_add_word(result, outcome_word(leg->outcome), "%s.outcome", name);
    result_add_number(result, leg->end_s - leg->start_s, "%s.total_s", name);
    result_add_number(result, leg->downtime_s, "%s.downtime_s", name);
    result_add_number(result, live_rounds(totals.rounds), "%s.live_rounds", name);
    result_add_word(result, policy_stop_text(totals.stop), "%s.stopped_by", name);
    result_add_word(result, leg->counted ? "counted" : "each", "%s.pages_drawn", name);
    result_add_number(result, (double)totals.sent_pages, "%s.sent_pages", name);
    result_add_number(result, (double)totals.data_pages, "%s.data_pages", name);
    result_add_number(result, (double)totals.zero_pages, "%s.zero_pages", name);
    result_add_number(result, totals.bytes, "%s.page_bytes", name);
    for (int step = 0; step < N_STEPS; step++)
        result_add_number(result, leg->step_s[step], "%s.%s_s", name, step_word(step));
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

    result_add_word(result, outcome_word(migration->outcome), "migration.%s.outcome", migration->name);
    result_add_word(result, migration->reason ? migration->reason : outcome_text(migration->outcome),
                    "migration.%s.outcome_text", migration->name);
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
        g_string_append_printf(csv, "%s,%s,%s", leg->migration->name, leg->label, step_word(step));
        append_cell(csv, leg->step_start_s[step]);
        append_cell(csv, lasted_s(leg->step_s[step]));
        g_string_append_c(csv, '\n');
    }
}

static void
collect_migration_tables(const World *world, Result *result)
{
    GString *rounds =
        g_string_new("migration,leg,round,final,start_s,duration_s,sent_pages,skipped_pages,dirtied_pages,"
                     "sent_bytes,rate_Bps,phase,throttle\n");
    GString *steps = g_string_new("migration,leg,step,start_s,duration_s\n");

    for (guint m = 0; m < world->migrations->len; m++) {
        const Migration *migration = g_ptr_array_index(world->migrations, m);
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

/* ---- vTPMs ---- */

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a;
    const double second = *(const double *)b;

    return (first > second) - (first < second);
}

/* The smallest value that at least this share of the values does not exceed; NAN of none. */
static double
percentile(const GArray *sorted, double share)
{
    if (sorted->len == 0)
        return NAN;
    const guint rank = (guint)ceil(share * sorted->len);
    return g_array_index(sorted, double, MAX(rank, 1u) - 1);
}

static GArray *
sorted_latencies(const VtpmService *service)
{
    GArray *latencies = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(service->commands, VtpmCommand, i);
        const double latency_s = command->ended_s - command->issued_s;
        if (!command->failed)
            g_array_append_val(latencies, latency_s);
    }
    g_array_sort(latencies, compare_doubles);
    return latencies;
}

/* Where the vTPM is, seen from its VM. */
static const char *
place_word(const Domain *vtpm)
{
    if (domain_is_lost(vtpm) || domain_is_lost(vtpm->partner))
        return domain_is_lost(vtpm) ? "lost" : "vm-lost";
    return domain_host(vtpm) == domain_host(vtpm->partner) ? "with-vm" : "apart";
}

static void
collect_vtpm(const Domain *vtpm, Result *result)
{
    const VtpmService *service = vtpm->service;
    g_autoptr(GArray) latencies = sorted_latencies(service);
    g_autofree char *pcr = tpm_digest_text(service->tpm.pcr);

    result_add_number(result, (double)service->calls_done, "vtpm.%s.commands_done", vtpm->name);
    result_add_number(result, service->commands->len - (double)service->calls_done, "vtpm.%s.commands_failed",
                      vtpm->name);
    result_add_number(result, service->unavailable_s, "vtpm.%s.unavailable_s", vtpm->name);
    result_add_number(result, service->unavailable_max_s, "vtpm.%s.unavailable_max_s", vtpm->name);
    if (latencies->len > 0) {
        result_add_number(result, percentile(latencies, 0.5), "vtpm.%s.latency_p50_s", vtpm->name);
        result_add_number(result, percentile(latencies, 0.99), "vtpm.%s.latency_p99_s", vtpm->name);
        result_add_number(result, percentile(latencies, 1), "vtpm.%s.latency_max_s", vtpm->name);
    }
    result_add_word(result, pcr, "vtpm.%s.pcr", vtpm->name);
    result_add_word(result, place_word(vtpm), "vtpm.%s.place", vtpm->name);
}

static void
append_commands(GString *csv, const Domain *vtpm)
{
    for (guint i = 0; i < vtpm->service->commands->len; i++) {
        const VtpmCommand *command = &g_array_index(vtpm->service->commands, VtpmCommand, i);
        g_autofree char *digest = command->failed ? g_strdup("") : tpm_digest_text(command->digest);
        g_string_append_printf(csv, "%s,%" G_GUINT64_FORMAT, vtpm->name, command->call);
        append_cell(csv, command->issued_s);
        append_cell(csv, command->ended_s);
        g_string_append_printf(csv, ",%s,%s\n", command->failed ? "failed" : "done", digest);
    }
}

/* ---- hosts ---- */

static void
collect_hosts(World *world, Result *result)
{
    for (guint i = 0; i < world->n_hosts; i++) {
        const Host *host = &world->hosts[i];
        result_add_word(result, host->is_lost ? "lost" : "up", "host.%s.state", host->spec->name);
        if (!host->is_lost)
            result_add_number(result, host->free_bytes, "host.%s.free_bytes", host->spec->name);
    }
}

const Part host_part = {"host", .collect = collect_hosts};

/* ---- domains ---- */

static void
collect_domains(const World *world, Result *result)
{
    GString *commands = g_string_new("vtpm,call,issued_s,ended_s,outcome,sha1\n");

    for (guint i = 0; i < world->domains->len; i++) {
        const Domain *domain = g_ptr_array_index(world->domains, i);
        result_add_word(result, domain_state_text(domain), "domain.%s.state", domain->name);
        result_add_word(result, world->hosts[domain_host(domain)].spec->name, "domain.%s.host", domain->name);
        result_add_number(result, domain_instances(domain), "domain.%s.instances", domain->name);
        if (domain->layout_word)
            result_add_word(result, domain->layout_word, "domain.%s.layout", domain->name);
        if (!domain->service)
            continue;
        collect_vtpm(domain, result);
        append_commands(commands, domain);
    }
    result_take_table(result, "commands.csv", g_string_free(commands, FALSE));
    result_take_table(result, "domains.csv", g_strdup(world->listings->str));
    result_take_table(result, "states.csv", g_strdup(world->states->str));
}

void
collect_results(World *world, Result *result)
{
    result_add_number(result, world_now(), "run.end_s");
    for (guint i = 0; i < world->migrations->len; i++)
        collect_migration(g_ptr_array_index(world->migrations, i), result);
    collect_domains(world, result);
    part_collect_all(world, result);
    collect_migration_tables(world, result);
    for (guint i = 0; i < N_INVARIANTS; i++) {
        const Invariant *invariant = &world->invariants[i];
        if (!world->cards && (i == INVARIANT_CARD_ONCE || i == INVARIANT_CARD_LITTLE))
            continue;
        if ((i == INVARIANT_SOCKET_BYTES || i == INVARIANT_SOCKET_END) && world->sockets->len == 0)
            continue;
        result_add_invariant(result, invariant->name, invariant->meaning, invariant->checks, invariant->violations,
                             invariant->first);
    }
}
