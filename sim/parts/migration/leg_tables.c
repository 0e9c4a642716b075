#include "sim/parts/migration/leg_tables.h"

#include "sim/parts/migration/leg_compression.h"
#include "sim/world/table_check.h"

#include <math.h>

/* Chosen: the engine sends whole bytes, and a transfer that is no page's is one of a few. */
#define ROUNDING_BYTES 64.0
/* Chosen: the clock's share of a round's rate. */
#define RATE_SHARE 1e-6

static double
step_end_s(const LegTables *leg, MigrationStep step)
{
    return leg->steps[step].start_s + leg->steps[step].duration_s;
}

static const CopyRound *
round_at(const LegTables *leg, guint i)
{
    return &g_array_index(leg->totals.rounds, CopyRound, i);
}

static double
round_end_s(const CopyRound *round)
{
    return round->start_s + round->duration_s;
}

/* ---- steps ---- */

static char *
steps_fault(const LegTables *leg)
{
    /* post-copy pulls between commitment and activation: the enumeration's order is that of time */
    double at_s = leg->start_s;

    for (int i = 0; i < N_STEPS; i++) {
        const TableStep *step = &leg->steps[i];
        if (!step->begun)
            continue;
        if (!table_check_is_duration(step->duration_s))
            return g_strdup_printf("step %s lasts %g s", migration_step_word(i), step->duration_s);
        if (!table_check_same_date(step->start_s, at_s))
            return g_strdup_printf("step %s begins at %.9f s, the one before ended at %.9f s", migration_step_word(i),
                                   step->start_s, at_s);
        at_s = step->start_s + step->duration_s;
    }
    if (!table_check_same_date(at_s, leg->end_s) || !table_check_not_after(at_s, leg->run_end_s))
        return g_strdup_printf("the last step ends at %.9f s, the leg at %.9f s, the run at %.9f s", at_s, leg->end_s,
                               leg->run_end_s);
    return NULL;
}

/* ---- rounds in time ---- */

/* Where the first round of a phase begins; between it and a round before may lie what is no copying. */
static double
phase_start_s(const LegTables *leg, CopyPhase phase)
{
    switch (phase) {
    case PHASE_PUSH:
        return leg->steps[STEP_PRECOPY].start_s + leg->before_push_s;
    case PHASE_STOP_AND_COPY:
        return leg->steps[STEP_STOP_AND_COPY].start_s + leg->downtime.suspend_s;
    case PHASE_PULL: /* the pages flow on while the guest is handed over, after its devices were read */
        return step_end_s(leg, STEP_STOP_AND_COPY) - leg->downtime.device_state_s;
    }
    return NAN;
}

/* Rounds that end with synchronizations go on when somebody pauses the guest (models/migration/qemu_loop.c). */
static gboolean
goes_on_paused(const LegTables *leg)
{
    return leg->rounds.by_sync && (leg->totals.stop == STOP_TIME_UP || leg->totals.stop == STOP_TOLD);
}

/* Where rounds end with synchronizations, the last live one ends with that after the guest was stopped. */
static double
phase_end_s(const LegTables *leg, CopyPhase phase)
{
    switch (phase) {
    case PHASE_PUSH:
        if (goes_on_paused(leg))
            return step_end_s(leg, STEP_STOP_AND_COPY);
        return leg->rounds.by_sync && leg->steps[STEP_STOP_AND_COPY].begun ? phase_start_s(leg, PHASE_STOP_AND_COPY)
                                                                           : step_end_s(leg, STEP_PRECOPY);
    case PHASE_STOP_AND_COPY:
        return step_end_s(leg, STEP_STOP_AND_COPY);
    case PHASE_PULL:
        return step_end_s(leg, STEP_PULL);
    }
    return NAN;
}

static gboolean
begins_in_order(const LegTables *leg, const CopyRound *before, const CopyRound *round)
{
    if (!before || (!leg->rounds.by_sync && before->phase != round->phase))
        return table_check_same_date(round->start_s, phase_start_s(leg, round->phase));
    return table_check_not_after(round_end_s(before), round->start_s) &&
           table_check_not_after(round->start_s, round_end_s(before) + leg->rounds.sync_s * (1 + leg->work_delay));
}

static char *
order_fault(const LegTables *leg)
{
    for (guint i = 0; i < leg->totals.rounds->len; i++) {
        const CopyRound *round = round_at(leg, i), *before = i > 0 ? round_at(leg, i - 1) : NULL;
        if (!table_check_is_duration(round->duration_s))
            return g_strdup_printf("round %u lasts %g s", i + 1, round->duration_s);
        if (!begins_in_order(leg, before, round))
            return g_strdup_printf("round %u begins at %.9f s, the one before ended at %.9f s", i + 1, round->start_s,
                                   before ? round_end_s(before) : phase_start_s(leg, round->phase));
        if (before && before->phase > round->phase)
            return g_strdup_printf("round %u is of an earlier phase than the one before", i + 1);
    }
    return NULL;
}

static char *
inside_fault(const LegTables *leg)
{
    for (guint i = 0; i < leg->totals.rounds->len; i++) {
        const CopyRound *round = round_at(leg, i);
        const double from_s = phase_start_s(leg, round->phase), to_s = phase_end_s(leg, round->phase);
        if (!table_check_not_after(from_s, round->start_s) || !table_check_not_after(round_end_s(round), to_s))
            return g_strdup_printf("round %u, %.9f s to %.9f s, is not inside its steps, %.9f s to %.9f s", i + 1,
                                   round->start_s, round_end_s(round), from_s, to_s);
        if (round->final != (round->phase == PHASE_STOP_AND_COPY))
            return g_strdup_printf("round %u is final in one column and not in the other", i + 1);
    }
    return NULL;
}

/* ---- sums ---- */

/* A leg that was cut short has moved pages in a round without a row. */
static gboolean
sums_up(const LegTables *leg, double rows, double metric)
{
    return leg->copied ? table_check_same_sum(rows, metric) : rows <= metric || table_check_same_sum(rows, metric);
}

static char *
pages_fault(const LegTables *leg)
{
    const CopyTotals *totals = &leg->totals;
    const guint64 copies = totals->data_pages + totals->zero_pages;
    double sent = 0;

    for (guint i = 0; i < totals->rounds->len; i++) {
        const CopyRound *round = round_at(leg, i);
        if (round->sent > leg->set_pages * (1 + leg->pauses) || round->skipped > leg->set_pages ||
            round->dirtied > leg->set_pages)
            return g_strdup_printf("round %u has %" G_GUINT64_FORMAT " pages sent, %" G_GUINT64_FORMAT
                                   " skipped, %" G_GUINT64_FORMAT " dirtied, of %" G_GUINT64_FORMAT,
                                   i + 1, round->sent, round->skipped, round->dirtied, leg->set_pages);
        sent += (double)round->sent;
    }
    if (!sums_up(leg, sent, (double)totals->sent_pages))
        return g_strdup_printf("the rounds sent %.0f pages, the leg %" G_GUINT64_FORMAT, sent, totals->sent_pages);
    if (copies < totals->sent_pages || copies > totals->sent_pages * leg->members)
        return g_strdup_printf("%" G_GUINT64_FORMAT " pages with content and %" G_GUINT64_FORMAT
                               " of zeros are not %" G_GUINT64_FORMAT,
                               totals->data_pages, totals->zero_pages, totals->sent_pages);
    return NULL;
}

static char *
bytes_fault(const LegTables *leg)
{
    double bytes = 0;

    for (guint i = 0; i < leg->totals.rounds->len; i++) {
        const CopyRound *round = round_at(leg, i);
        if (!(round->bytes >= 0) || !(round->throttle >= 0 && round->throttle <= 1))
            return g_strdup_printf("round %u has %g bytes at throttle %g", i + 1, round->bytes, round->throttle);
        bytes += round->bytes;
    }
    /* what a cut-short leg counted for a round, it had perhaps not put into the socket */
    if (!sums_up(leg, bytes - (leg->copied ? 0 : leg->rounds.ahead_bytes), leg->totals.bytes))
        return g_strdup_printf("the rounds have %.3f bytes, the leg %.3f", bytes, leg->totals.bytes);
    if (leg->copied && bytes < leg->content_bytes - ROUNDING_BYTES)
        return g_strdup_printf("%.3f bytes cannot carry %" G_GUINT64_FORMAT " pages", bytes, leg->totals.data_pages);
    return NULL;
}

static char *
number_fault(const LegTables *leg)
{
    const guint rounds = leg->totals.rounds->len, syncs = leg->rounds.syncs + policy_stop_pulls(leg->totals.stop);

    if (!leg->rounds.by_sync || (leg->copied ? rounds == syncs : rounds <= syncs))
        return NULL;
    return g_strdup_printf("%u rounds of %u synchronizations", rounds, leg->rounds.syncs);
}

static char *
downtime_fault(const LegTables *leg)
{
    const Downtime *parts_s = &leg->downtime;
    const double sum_s = parts_s->suspend_s + parts_s->pages_s + parts_s->device_state_s + parts_s->restore_s +
                         parts_s->commitment_s + parts_s->resume_s;
    const double least_s = MIN(MIN(parts_s->suspend_s, parts_s->pages_s),
                               MIN(parts_s->device_state_s, MIN(parts_s->commitment_s, parts_s->resume_s)));

    if (!table_check_is_duration(least_s))
        return g_strdup_printf("a part of the downtime is %g s", least_s);
    if (leg->resumed ? table_check_same_date(sum_s, leg->downtime_s) : table_check_not_after(sum_s, leg->downtime_s))
        return NULL;
    return g_strdup_printf("the parts of the downtime are %.9f s, the downtime is %.9f s", sum_s, leg->downtime_s);
}

static char *
rate_fault(const LegTables *leg)
{
    for (guint i = 0; i < leg->totals.rounds->len; i++) {
        const CopyRound *round = round_at(leg, i);
        /* a transfer holds at least a page, and loses less than a byte */
        const double lost_bytes = (double)round->sent + ROUNDING_BYTES;
        const double most = leg->path_Bps * (round->duration_s * (1 + RATE_SHARE) + TABLE_CHECK_CLOCK_S) +
                            leg->rounds.ahead_bytes + lost_bytes;
        if (round->bytes > most)
            return g_strdup_printf("round %u moves %.0f bytes in %.9f s, the path carries %.0f", i + 1, round->bytes,
                                   round->duration_s, most);
    }
    return NULL;
}

/* ---- a leg ---- */

typedef char *(*LegRule)(const LegTables *leg);

static const LegRule leg_rules[] = {steps_fault, order_fault,  inside_fault,   pages_fault,
                                    bytes_fault, number_fault, downtime_fault, rate_fault};

char *
leg_tables_fault(const LegTables *leg)
{
    for (guint i = 0; i < G_N_ELEMENTS(leg_rules); i++) {
        char *fault = leg_rules[i](leg);
        if (fault)
            return fault;
    }
    return NULL;
}

static LegTables
tables_of(const Leg *leg)
{
    const Migration *migration = leg->migration;
    LegTables tables = {
        .start_s = leg->start_s,
        .end_s = leg->end_s,
        .run_end_s = world_now(),
        .downtime = leg->downtime,
        .downtime_s = leg->downtime_s,
        .resumed = leg->resumed,
        .copied = leg->outcome == &outcome_completed,
        .totals = copier_totals(&leg->copier),
        .set_pages = leg->pages.pages,
        .pauses = leg->pauses,
        .members = leg->pages.n_members,
        .before_push_s = leg->before_push_s,
        .path_Bps = leg->wire_Bps,
        .rounds = copier_rounds(&leg->copier, migration->hypervisor, leg->pages.page_bytes),
        .work_delay = leg->longest_work_delay,
    };

    tables.content_bytes = leg_compression_stream_bytes(leg, &tables.totals);
    for (int step = 0; step <= (int)leg->step; step++)
        tables.steps[step] = (TableStep){.begun = migration_has_step(leg, step),
                                         .start_s = leg->step_start_s[step],
                                         .duration_s = leg->step_s[step]};
    return tables;
}

/* ---- a migration ---- */

/* What goes when the push phase begins takes its first part, and all of it where that was the end. */
static gboolean
is_whole_at_push(const Leg *leg)
{
    const Leg *inner = leg->at_push;
    const double start_s = leg->step_start_s[STEP_PRECOPY];

    if (!inner || !copier_is_set(&inner->copier))
        return TRUE;
    return table_check_same_date(inner->start_s, start_s) &&
           table_check_same_date(inner->end_s,
                                 inner->outcome == &outcome_completed ? start_s + leg->before_push_s : leg->end_s);
}

/* A second leg that was not begun has no rows. */
static char *
legs_fault(const Migration *migration)
{
    double at_s = migration->start_s;

    if (migration->outcome == &outcome_running)
        return g_strdup("has not ended");
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (!copier_is_set(&leg->copier) || leg->within)
            continue;
        if (!is_whole_at_push(leg))
            return g_strdup_printf("leg %s is not inside the push phase of leg %s", leg->at_push->label, leg->label);
        if (!table_check_same_date(leg->start_s, at_s))
            return g_strdup_printf("leg %s begins at %.9f s, expected %.9f s", leg->label, leg->start_s, at_s);
        at_s = leg->end_s;
    }
    if (table_check_same_date(migration->end_s, at_s))
        return NULL;
    return g_strdup_printf("it ends at %.9f s, its last leg at %.9f s", migration->end_s, at_s);
}

void
leg_tables_check(World *world, const Migration *migration)
{
    table_check_note(world, "migration", migration->name, legs_fault(migration));
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        if (!copier_is_set(&leg->copier))
            continue;
        const LegTables tables = tables_of(leg);
        g_autofree char *name = g_strdup_printf("%s.%s", migration->name, leg->label);
        table_check_note(world, "migration", name, leg_tables_fault(&tables));
    }
}
