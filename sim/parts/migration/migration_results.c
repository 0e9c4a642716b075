#include "sim/parts/migration/migration_results.h"
#include "sim/parts/migration/crowd.h"

#include "sim/output/shown.h"
#include "sim/parts/migration/copier_qemu.h"
#include "sim/parts/migration/leg_cards.h"
#include "sim/parts/migration/leg_compression.h"
#include "sim/parts/migration/leg_threads.h"
#include "sim/parts/migration/orders.h"
#include "sim/parts/migration/page_tiles_results.h"

#include <math.h>

/* ---- what is told ---- */

/* A migration that did not complete, and a leg of one, has no total, no downtime and no parts of these: where means are
 * made, it must not pass for a quick one. How long it was tried is known of each. */
static double
if_completed(const Outcome *outcome, double value)
{
    return outcome == &outcome_completed ? value : NAN;
}

typedef struct {
    const char *outcome, *outcome_text;
    gboolean completed;
    double start_s, spent_s, total_s, stopped_s, downtime_s;
    const char *source, *destination;
} MigrationNumbers;

static const RecordField migration_fields[] = {
    {"outcome", RECORD_WORD(MigrationNumbers, outcome), "\"completed\", or why not, as a word"},
    {"outcome_text", RECORD_WORD(MigrationNumbers, outcome_text),
     "the same as a sentence; Algorithms 1 and 2 give their own texts"},
    {"completed", RECORD_FLAG(MigrationNumbers, completed), "whether the outcome is \"completed\""},
    {"start_s", RECORD_NUMBER(MigrationNumbers, start_s), "when it began"},
    {"spent_s", RECORD_NUMBER(MigrationNumbers, spent_s),
     "from its begin to its end, however it ended; 0: it was refused"},
    {"total_s", RECORD_NUMBER(MigrationNumbers, total_s),
     "spent_s of a migration that completed, both legs of a sequential method; null of others"},
    {"stopped_s", RECORD_NUMBER(MigrationNumbers, stopped_s),
     "how long the VM ran nowhere, however it ended: also in vain"},
    {"downtime_s", RECORD_NUMBER(MigrationNumbers, downtime_s),
     "stopped_s of a migration that completed; null of others"},
    {"source", RECORD_WORD(MigrationNumbers, source), "host"},
    {"destination", RECORD_WORD(MigrationNumbers, destination), "host"},
    {NULL},
};
static const Record migration_record = {"migration.NAME", migration_fields, "a migration"};

typedef struct {
    const char *outcome;
    double spent_s, total_s, stopped_s, downtime_s;
    guint64 live_rounds;
    const char *stopped_by, *pages_drawn;
    CopyTotals totals;
    double step_s[N_STEPS];
    const char *cump;
    double cump_outdated_pages, cump_caught_pages;
    Downtime downtime;
    double pauses, paused_s; /* NAN: it could not have recovered */
} LegNumbers;

static const RecordField leg_fields[] = {
    {"outcome", RECORD_WORD(LegNumbers, outcome), "as of the migration"},
    {"spent_s", RECORD_NUMBER(LegNumbers, spent_s), "from the leg's begin to its end, however it ended"},
    {"total_s", RECORD_NUMBER(LegNumbers, total_s), "spent_s of a leg that completed; null of others"},
    {"stopped_s", RECORD_NUMBER(LegNumbers, stopped_s), "how long the leg's domains ran nowhere, however it ended"},
    {"downtime_s", RECORD_NUMBER(LegNumbers, downtime_s),
     "stopped_s of a leg that completed; null of others, as its parts are"},
    {"live_rounds", RECORD_COUNT(LegNumbers, live_rounds), "rounds sent while the domains ran"},
    {"stopped_by", RECORD_WORD(LegNumbers, stopped_by), "which rule ended the live rounds"},
    {"pages_drawn", RECORD_WORD(LegNumbers, pages_drawn),
     "\"counted\": how many pages are dirty was drawn; \"each\": which"},
    {"sent_pages", RECORD_COUNT(LegNumbers, totals.sent_pages), "in all rounds; a CUMP page counts once"},
    {"data_pages", RECORD_COUNT(LegNumbers, totals.data_pages), "pages of domains among them, sent with content"},
    {"zero_pages", RECORD_COUNT(LegNumbers, totals.zero_pages),
     "pages of domains that were never written, sent as such"},
    {"page_bytes", RECORD_NUMBER(LegNumbers, totals.bytes), "on the wire for pages, with headers"},
    {"pre_migration_s", RECORD_NUMBER(LegNumbers, step_s[STEP_PRE_MIGRATION]),
     "step 1: connecting, hand-shake, Algorithm 1's check"},
    {"reservation_s", RECORD_NUMBER(LegNumbers, step_s[STEP_RESERVATION]),
     "step 2: memory and an empty domain at the destination, Algorithm 2's check"},
    {"precopy_s", RECORD_NUMBER(LegNumbers, step_s[STEP_PRECOPY]), "step 3: the live rounds"},
    {"stop_and_copy_s", RECORD_NUMBER(LegNumbers, step_s[STEP_STOP_AND_COPY]),
     "step 4: suspend, last round, device state"},
    {"restore_s", RECORD_NUMBER(LegNumbers, step_s[STEP_RESTORE]),
     "save-restore: the guest's file is read at the destination", .optional = TRUE},
    {"commitment_s", RECORD_NUMBER(LegNumbers, step_s[STEP_COMMITMENT]),
     "step 5: the destination has everything and may go"},
    {"pull_s", RECORD_NUMBER(LegNumbers, step_s[STEP_PULL]),
     "post-copy: the guest runs at the destination and lacks pages"},
    {"pauses", RECORD_NUMBER(LegNumbers, pauses), "post-copy that may recover: how often its link was lost",
     .optional = TRUE},
    {"paused_s", RECORD_NUMBER(LegNumbers, paused_s),
     "post-copy that may recover: how long it paused, in all, within pull_s", .optional = TRUE},
    {"activation_s", RECORD_NUMBER(LegNumbers, step_s[STEP_ACTIVATION]), "step 6: resume, then devices and clean-up"},
    {"cump", RECORD_WORD(LegNumbers, cump),
     "\"made\" or \"updated\": of a joint migration whose hypervisor says what that costs, or that found a CUMP of the pair",
     .optional = TRUE},
    {"cump_outdated_pages", RECORD_NUMBER(LegNumbers, cump_outdated_pages),
     "whose entries in the CUMP that was found were updated before the first round", .optional = TRUE},
    {"cump_caught_pages", RECORD_NUMBER(LegNumbers, cump_caught_pages),
     "whose entries were updated after the rounds, as the logs had caught them; one counts each time",
     .optional = TRUE},
    {"downtime.suspend_s", RECORD_NUMBER(LegNumbers, downtime.suspend_s), "of the downtime: stopping the domains"},
    {"downtime.pages_s", RECORD_NUMBER(LegNumbers, downtime.pages_s), "of the downtime: the last round"},
    {"downtime.device_state_s", RECORD_NUMBER(LegNumbers, downtime.device_state_s),
     "of the downtime: processor and device state"},
    {"downtime.restore_s", RECORD_NUMBER(LegNumbers, downtime.restore_s),
     "of the downtime: save-restore's file, read at the destination", .optional = TRUE},
    {"downtime.commitment_s", RECORD_NUMBER(LegNumbers, downtime.commitment_s), "of the downtime: step 5"},
    {"downtime.resume_s", RECORD_NUMBER(LegNumbers, downtime.resume_s), "of the downtime: starting the domains"},
    {NULL},
};
static const Record leg_record = {"migration.NAME.LEG", leg_fields, "a leg of a migration: vm, vtpm or joint"};

typedef struct {
    const char *migration, *leg, *phase;
    guint64 number, final;
    double start_s, duration_s, rate_Bps;
    CopyRound round;
} RoundRow;

static const RecordField round_fields[] = {
    {"migration", RECORD_WORD(RoundRow, migration), "as in the metrics"},
    {"leg", RECORD_WORD(RoundRow, leg), "vm, vtpm or joint"},
    {"round", RECORD_COUNT(RoundRow, number), "counted from 1"},
    {"final", RECORD_COUNT(RoundRow, final), "1: of the stopped guest"},
    {"start_s", RECORD_NUMBER(RoundRow, start_s), "when it began"},
    {"duration_s", RECORD_NUMBER(RoundRow, duration_s), "how long it lasted"},
    {"sent_pages", RECORD_COUNT(RoundRow, round.sent), "pages sent"},
    {"skipped_pages", RECORD_COUNT(RoundRow, round.skipped), "pages that were dirty again when their turn came"},
    {"dirtied_pages", RECORD_COUNT(RoundRow, round.dirtied), "pages found dirty at its end"},
    {"sent_bytes", RECORD_NUMBER(RoundRow, round.bytes), "on the wire"},
    {"rate_Bps", RECORD_NUMBER(RoundRow, rate_Bps), "bytes over duration"},
    {"phase", RECORD_WORD(RoundRow, phase), "push, stop-and-copy, or pull"},
    {"throttle", RECORD_NUMBER(RoundRow, round.throttle), "share of the processor taken by auto-converge"},
    {NULL},
};
static const Record round_record = {"rounds.csv", round_fields, "finished rounds of every leg of every migration"};

typedef struct {
    const char *migration, *leg, *step;
    double start_s, duration_s;
} StepRow;

static const RecordField step_fields[] = {
    {"migration", RECORD_WORD(StepRow, migration), "as in the metrics"},
    {"leg", RECORD_WORD(StepRow, leg), "vm, vtpm or joint"},
    {"step", RECORD_WORD(StepRow, step),
     "of the six, post-copy's pull and save-restore's restore; inside pre_migration, where a CUMP costs something or is found: cump_not_found and "
     "cump_made, or cump_found and cump_updated"},
    {"start_s", RECORD_NUMBER(StepRow, start_s), "when it began"},
    {"duration_s", RECORD_NUMBER(StepRow, duration_s), "how long it lasted"},
    {NULL},
};
static const Record step_record = {"steps.csv", step_fields, "steps that were begun"};

typedef struct {
    const char *migration;
    guint64 to_send[PAGE_WITNESS_MEMBERS], to_skip[PAGE_WITNESS_MEMBERS];
    guint64 pages, sent[PAGE_WITNESS_MEMBERS];
} UnionRow;

static const RecordField union_fields[] = {
    {"migration", RECORD_WORD(UnionRow, migration), "as in the metrics"},
    {"vm_to_send", RECORD_COUNT(UnionRow, to_send[0]), "1: the VM's log caught the page in the round before"},
    {"vtpm_to_send", RECORD_COUNT(UnionRow, to_send[1]), "the same of the vTPM's page of that number"},
    {"vm_to_skip", RECORD_COUNT(UnionRow, to_skip[0]), "1: the VM's log had it again when its turn came"},
    {"vtpm_to_skip", RECORD_COUNT(UnionRow, to_skip[1]), "the same of the vTPM's"},
    {"pages", RECORD_COUNT(UnionRow, pages), "such pages, over all live rounds"},
    {"vm_sent", RECORD_COUNT(UnionRow, sent[0]), "of them, those of which the VM's page went out"},
    {"vtpm_sent", RECORD_COUNT(UnionRow, sent[1]), "the same of the vTPM's"},
    {NULL},
};
static const Record union_record = {
    "union-pages.csv", union_fields,
    "pages of joint migrations in live rounds that peek, by what both logs said of them; only of numbers that both "
    "domains have"};

const Record *const migration_records[] = {&migration_record,
                                           &leg_record,
                                           &copier_qemu_record,
                                           &leg_threads_record,
                                           &leg_compression_record,
                                           &leg_cards_record,
                                           &leg_xbzrle_record,
                                           &round_record,
                                           &step_record,
                                           &union_record,
                                           &page_tile_record,
                                           &orders_record,
                                           &orders_row_record,
                                           NULL};

/* ---- what a person is told first ---- */

static void
say_migration(const MigrationNumbers *numbers, const char *name, Result *result)
{
    char spent[SHOWN_SIZE], stopped[SHOWN_SIZE];

    shown_seconds(spent, numbers->spent_s);
    shown_seconds(stopped, numbers->stopped_s);
    result_say(result, "migration %s, %s to %s: %s", name, numbers->source, numbers->destination,
               numbers->outcome_text);
    if (numbers->completed)
        result_say(result, "  total %s s, downtime of the VM %s s", spent, stopped);
    else if (numbers->spent_s > 0)
        result_say(result, "  did not complete: tried for %s s, the VM stopped for %s s", spent, stopped);
    else
        result_say(result, "  did not begin");
}

static void
say_leg(const LegNumbers *numbers, const Leg *leg, Result *result)
{
    char spent[SHOWN_SIZE], stopped[SHOWN_SIZE];

    shown_seconds(spent, numbers->spent_s);
    shown_seconds(stopped, numbers->stopped_s);
    if (leg->outcome != &outcome_completed)
        result_say(result, "  %-6s given up after %s s, %" G_GUINT64_FORMAT " pages sent", leg->label, spent,
                   numbers->totals.sent_pages);
    else
        result_say(result,
                   "  %-6s %9s s, downtime %s s, %" G_GUINT64_FORMAT " live rounds (%s), %" G_GUINT64_FORMAT
                   " pages sent",
                   leg->label, spent, stopped, numbers->live_rounds, numbers->stopped_by, numbers->totals.sent_pages);
    if (leg->pauses > 0)
        result_say(result, "  %-6s paused %u time%s for a lost link, %s s in all", leg->label, leg->pauses,
                   leg->pauses == 1 ? "" : "s", shown_seconds(spent, leg->paused_s));
}

/* ---- metrics ---- */

static guint
live_rounds(const GArray *rounds)
{
    guint live = 0;

    for (guint i = 0; i < rounds->len; i++)
        live += g_array_index(rounds, CopyRound, i).phase == PHASE_PUSH;
    return live;
}

static void
collect_leg(const Leg *leg, gboolean said, Result *result)
{
    g_autofree char *prefix = g_strdup_printf("migration.%s.%s", leg->migration->name, leg->label);
    const gboolean verified = leg->migration->world->scenario->engine->verify_memory;
    const CopyTotals totals = copier_totals(&leg->copier);
    const Outcome *outcome = leg->outcome;
    LegNumbers numbers = {
        .outcome = outcome->word,
        .spent_s = leg->end_s - leg->start_s,
        .total_s = if_completed(outcome, leg->end_s - leg->start_s),
        .stopped_s = leg->downtime_s,
        .downtime_s = if_completed(outcome, leg->downtime_s),
        .live_rounds = live_rounds(totals.rounds),
        .stopped_by = policy_stop_text(totals.stop),
        .pages_drawn = leg->counted ? "counted" : "each",
        .totals = totals,
        .cump_outdated_pages = NAN,
        .cump_caught_pages = NAN,
        .pauses = leg->copier.kind->pause && !isnan(leg->migration->hypervisor->recovery_s) ? leg->pauses : NAN,
        .paused_s = leg->copier.kind->pause && !isnan(leg->migration->hypervisor->recovery_s) ? leg->paused_s : NAN,
        .downtime = {.suspend_s = if_completed(outcome, leg->downtime.suspend_s),
                     .pages_s = if_completed(outcome, leg->downtime.pages_s),
                     .device_state_s = if_completed(outcome, leg->downtime.device_state_s),
                     .restore_s = leg->restored ? if_completed(outcome, leg->downtime.restore_s) : NAN,
                     .commitment_s = if_completed(outcome, leg->downtime.commitment_s),
                     .resume_s = if_completed(outcome, leg->downtime.resume_s)}};

    if (leg->uniting.n_steps > 1) {
        numbers.cump = leg->uniting.found ? "updated" : "made";
        numbers.cump_caught_pages = (double)totals.caught_pages;
    }
    if (leg->uniting.n_steps > 1 && leg->uniting.found)
        numbers.cump_outdated_pages = (double)leg->uniting.outdated_pages;
    /* the step in which it failed, and what would have come after it, did not take their time either */
    for (int step = 0; step < N_STEPS; step++)
        numbers.step_s[step] = step < (int)leg->step ? leg->step_s[step] : if_completed(outcome, leg->step_s[step]);
    if (!leg->restored)
        numbers.step_s[STEP_RESTORE] = NAN;
    record_add(&leg_record, &numbers, result, "%s", prefix);
    if (said)
        say_leg(&numbers, leg, result);
    leg_threads_collect(leg, said, prefix, result);
    leg_compression_collect(leg, said, prefix, result);
    leg_cards_collect(leg, prefix, result);
    copier_collect(&leg->copier, outcome == &outcome_completed,
                   verified && leg->committed ? (double)leg->differing_pages[0] : NAN, prefix, result);
}

static void
collect_migration(const Migration *migration, gboolean said, Result *result)
{
    const Host *hosts = migration->world->hosts;
    const Outcome *outcome = migration->outcome;
    const double spent_s = migration->end_s - migration->start_s, stopped_s = migration_stopped_s(migration);
    const MigrationNumbers numbers = {.outcome = outcome->word,
                                      .outcome_text = outcome->text,
                                      .completed = outcome == &outcome_completed,
                                      .start_s = migration->start_s,
                                      .spent_s = spent_s,
                                      .total_s = if_completed(outcome, spent_s),
                                      .stopped_s = stopped_s,
                                      .downtime_s = if_completed(outcome, stopped_s),
                                      .source = hosts[migration->source].spec->name,
                                      .destination = hosts[migration->destination].spec->name};

    record_add(&migration_record, &numbers, result, "migration.%s", migration->name);
    if (said)
        say_migration(&numbers, migration->name, result);
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (copier_is_set(&leg->copier))
            collect_leg(leg, said, result);
    }
}

/* ---- tables ---- */

/* A difference of two dates that are the same but for the last digit is none; tables_agree complains about others. */
static double
lasted_s(double duration_s)
{
    return MAX(duration_s, 0);
}

static RoundRow
round_row(const Leg *leg, const CopyRound *round, guint number)
{
    static const char *const phases[] = {
        [PHASE_PUSH] = "push", [PHASE_STOP_AND_COPY] = "stop-and-copy", [PHASE_PULL] = "pull"};

    return (RoundRow){.migration = leg->migration->name,
                      .leg = leg->label,
                      .phase = phases[round->phase],
                      .number = number,
                      .final = round->final ? 1 : 0,
                      .start_s = round->start_s,
                      .duration_s = lasted_s(round->duration_s),
                      .rate_Bps = round->duration_s > 0 ? round->bytes / round->duration_s : 0,
                      .round = *round};
}

static void
append_rounds(GString *table, const Leg *leg)
{
    const GArray *all = copier_totals(&leg->copier).rounds;

    for (guint i = 0; i < all->len; i++) {
        const RoundRow row = round_row(leg, &g_array_index(all, CopyRound, i), i + 1);
        record_append_row(&round_record, &row, table);
    }
}

static void
append_uniting(GString *table, const Leg *leg)
{
    for (guint i = 0; i < leg->uniting.n_steps; i++) {
        const UnionStep *part = &leg->uniting.steps[i];
        const StepRow row = {leg->migration->name, leg->label, part->word, part->start_s, lasted_s(part->duration_s)};
        record_append_row(&step_record, &row, table);
    }
}

static void
append_steps(GString *table, const Leg *leg)
{
    for (int step = 0; step < N_STEPS; step++) {
        if (!migration_has_step(leg, step))
            continue;
        const StepRow row = {leg->migration->name, leg->label, migration_step_word(step), leg->step_start_s[step],
                             lasted_s(leg->step_s[step])};
        record_append_row(&step_record, &row, table);
        if (step == STEP_PRE_MIGRATION)
            append_uniting(table, leg);
    }
}

static void
append_union(GString *table, const Leg *leg)
{
    for (guint i = 0; leg->witness && i < PAGE_WITNESS_ROWS; i++) {
        const PageWitnessRow seen = page_witness_row(leg->witness, i);
        UnionRow row = {.migration = leg->migration->name, .pages = seen.pages};
        for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++) {
            row.to_send[m] = seen.to_send[m] ? 1 : 0;
            row.to_skip[m] = seen.to_skip[m] ? 1 : 0;
            row.sent[m] = seen.sent[m];
        }
        record_append_row(&union_record, &row, table);
    }
}

void
migration_results_collect(const GPtrArray *migrations, Result *result)
{
    GString *rounds = record_table(&round_record), *steps = record_table(&step_record);
    GString *unions = record_table(&union_record);
    gboolean joint = FALSE;
    const gboolean few = migrations->len <= RESULT_SAID_MAX, each = crowd_is_told_singly(migrations);

    if (!few)
        crowd_say(migrations, result);
    if (!each)
        result_say(result, "  without metrics of their own, as fleet.list_migrations says: see migrations.csv");
    for (guint m = 0; m < migrations->len && each; m++) {
        const Migration *migration = g_ptr_array_index(migrations, m);
        collect_migration(migration, few, result);
        for (guint i = 0; i < migration->legs->len; i++) {
            const Leg *leg = g_ptr_array_index(migration->legs, i);
            if (!copier_is_set(&leg->copier))
                continue;
            append_rounds(rounds, leg);
            append_steps(steps, leg);
            append_union(unions, leg);
            joint |= leg->witness != NULL;
        }
    }
    record_take_table(&round_record, rounds, result);
    record_take_table(&step_record, steps, result);
    if (joint)
        record_take_table(&union_record, unions, result);
    else
        g_string_free(unions, TRUE);
    if (each)
        page_tiles_results_collect(migrations, result);
}

/* ---- the time line ---- */

#define GROUP "migrations"

/* A step ends where the next one begins, the last one and the leg together. */
static void
show_steps(const Leg *leg, Trace *trace)
{
    const Migration *migration = leg->migration;
    TraceTrack *track = trace_track(trace, GROUP, "%s %s", migration->name, leg->label);
    g_autofree char *whole = g_strdup_printf("to %s", migration->world->hosts[migration->destination].spec->name);

    trace_begin(track, whole, leg->start_s);
    trace_begin(track, migration_step_title(0), leg->step_start_s[0]);
    for (int step = 1; step < N_STEPS; step++)
        if (migration_has_step(leg, step))
            trace_next(track, migration_step_title(step), leg->step_start_s[step]);
    trace_end(track, leg->end_s);
    trace_end(track, leg->end_s);
    if (leg->outcome != &outcome_completed)
        trace_instant(track, leg->outcome->text, leg->end_s);
}

static void
show_round(const Leg *leg, const CopyRound *round, guint number, Trace *trace)
{
    TraceTrack *track = trace_track(trace, GROUP, "%s %s rounds", leg->migration->name, leg->label);
    const RoundRow row = round_row(leg, round, number);
    g_autofree char *name = round->final ? g_strdup("last round, stopped") : g_strdup_printf("round %u", number);
    g_autofree char *pages = g_strdup_printf("%s %s dirtied pages", leg->migration->name, leg->label);
    g_autofree char *rate = g_strdup_printf("%s %s throughput", leg->migration->name, leg->label);

    trace_slice(track, name, round->start_s, round->end_s);
    trace_describe(track, &round_record, &row);
    trace_counter(trace, GROUP, pages, "pages", round->end_s, (double)round->dirtied);
    trace_counter(trace, GROUP, rate, "Bps", round->start_s, row.rate_Bps);
    trace_counter(trace, GROUP, rate, "Bps", round->end_s, 0);
}

static void
show_leg(const Leg *leg, Trace *trace)
{
    const GArray *rounds = copier_totals(&leg->copier).rounds;

    show_steps(leg, trace);
    for (guint i = 0; i < rounds->len; i++)
        show_round(leg, &g_array_index(rounds, CopyRound, i), i + 1, trace);
}

void
migration_results_trace(const GPtrArray *migrations, Trace *trace)
{
    for (guint m = 0; m < migrations->len; m++) {
        const Migration *migration = g_ptr_array_index(migrations, m);
        if (migration->legs->len == 0) /* it was refused */
            trace_instant(trace_track(trace, GROUP, "%s", migration->name), migration->outcome->text,
                          migration->start_s);
        for (guint i = 0; i < migration->legs->len; i++) {
            const Leg *leg = g_ptr_array_index(migration->legs, i);
            if (copier_is_set(&leg->copier))
                show_leg(leg, trace);
        }
    }
}
