#include "sim/parts/migration/leg_stream.h"

#include "sim/parts/migration/leg_cards.h"
#include "sim/parts/migration/leg_threads.h"
#include "sim/parts/migration/orders.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/outlook.h"
#include "sim/world/part.h"
#include "sim/world/platform.h"

#include <math.h>
#include <simgrid/actor.h>

#define SMALL_BYTES 4096.0 /* chosen: what is no longer than a page tells no rate */

#define TAIL_SHARE 0.005 /* chosen: half of a percent of a stream is not felt */
#define SLOW_SHARE 0.02  /* chosen: what a cap may be exceeded by */

/* Slices of what is sent more slowly than the wire would take it. */
#define SLICE_SHARE   0.01  /* chosen: of the time that others have been there, who may feel one slice more or less */
#define SLICE_LEAST_S 0.001 /* chosen */
#define SLICE_MOST_S  0.01  /* chosen: a tenth of the window in which QEMU counts what its cap allows */

const Invariant invariant_plans_hold = {"plans_hold", "what was planned ahead happened when it was planned"};

/* ---- time and failure ---- */

/* Once committed, and with all pages at the destination, it can do without the source. */
static gboolean
needs_source(const Leg *leg)
{
    return !leg->committed || leg->pulling;
}

/* Save-restore: while the file is being written and read. */
static gboolean
needs_storage(const Leg *leg)
{
    return leg->migration->method == METHOD_SAVE_RESTORE && !leg->restored;
}

/* What a lost connection or host means for the leg at this moment; &outcome_running: nothing is wrong. */
static const Outcome *
host_outcome(const Leg *leg)
{
    World *world = leg->migration->world;

    domain_apply_host_failures(world);
    if (needs_source(leg) && !platform_host_is_up(world, leg->migration->source))
        return &outcome_source_lost;
    if (!platform_host_is_up(world, leg->migration->destination))
        return &outcome_destination_lost;
    if (needs_storage(leg) && !platform_host_is_up(world, leg->migration->stops.through))
        return &outcome_storage_lost;
    return &outcome_running;
}

void
leg_begin_step(Leg *leg, MigrationStep step)
{
    leg->step = step;
    leg->step_start_s[step] = world_now();
}

void
leg_end_step(Leg *leg)
{
    leg->step_s[leg->step] = world_now() - leg->step_start_s[leg->step];
}

gboolean
leg_fails(Leg *leg, const Outcome *outcome)
{
    leg->outcome = leg->pulling ? &outcome_guest_lost : outcome;
    return FALSE;
}

/* The first date at which a host is lost that the leg needs now. */
static double
host_lost_s(const Leg *leg)
{
    const Migration *migration = leg->migration;
    const Host *hosts = migration->world->hosts;
    const double source_lost_s = needs_source(leg) ? hosts[migration->source].fails_at_s : INFINITY;
    const double storage_lost_s = needs_storage(leg) ? hosts[migration->stops.through].fails_at_s : INFINITY;

    return MIN(MIN(source_lost_s, storage_lost_s), hosts[migration->destination].fails_at_s);
}

/* Once the destination's instance is the guest, nobody calls it back. */
static double
cancel_s(const Leg *leg)
{
    return leg->committed ? INFINITY : orders_cancel_s(leg->migration);
}

gboolean
leg_goes_on(Leg *leg)
{
    orders_come_due(leg->migration);
    return leg->committed || !leg->migration->cancelled || leg_fails(leg, &outcome_cancelled);
}

gboolean
leg_spend(Leg *leg, double duration_s)
{
    if (!leg_goes_on(leg))
        return FALSE;
    const double end_s = MIN(MIN(world_now() + duration_s, host_lost_s(leg)), cancel_s(leg));

    if (end_s > world_now())
        sg_actor_sleep_until(end_s);
    const Outcome *outcome = host_outcome(leg);
    return outcome == &outcome_running ? leg_goes_on(leg) : leg_fails(leg, outcome);
}

static double
time_limit_s(const Leg *leg)
{
    const Migration *migration = leg->migration;

    return field_or_else(migration->tuning.time_limit_s,
                         hypervisor_time_limit_s(migration->hypervisor, leg->domains[0]->memory_bytes));
}

TimeUp
leg_at_time_limit(const Leg *leg)
{
    const TuneTimeUp tuned = leg->migration->tuning.at_time_limit;

    return tuned == TUNE_TIME_UP_NOT ? leg->migration->hypervisor->at_time_limit : (TimeUp)(tuned - 1);
}

double
leg_time_up_s(const Leg *leg)
{
    const double limit_s = time_limit_s(leg);

    return leg->step == STEP_PRECOPY && !leg->time_is_up && !isnan(limit_s)
               ? leg->step_start_s[STEP_PRECOPY] + leg->before_push_s + limit_s
               : INFINITY;
}

/* When the live rounds will be given up; INFINITY: never. */
double
leg_give_up_s(const Leg *leg)
{
    return leg_at_time_limit(leg) == TIME_UP_GIVE_UP ? leg_time_up_s(leg) : INFINITY;
}

/* Bytes on the wire. */
static gboolean
send_within(Leg *leg, guint transfers, double bytes, double at_most_s)
{
    if (!leg_goes_on(leg))
        return FALSE;
    const sg_error_t result =
        channel_send_parallel(leg->channel, transfers, bytes, MIN(at_most_s, cancel_s(leg) - world_now()));

    if (result == SG_OK)
        return leg_goes_on(leg);
    if (result == SG_ERROR_TIMEOUT)
        return leg_goes_on(leg) && leg_fails(leg, &outcome_gave_up);
    const Outcome *outcome = host_outcome(leg);
    leg->link_lost = outcome == &outcome_running;
    return leg_fails(leg, leg->link_lost ? &outcome_link_lost : outcome);
}

gboolean
leg_send_bytes(Leg *leg, double bytes)
{
    return send_within(leg, 1, bytes * leg->stream.wire_share, INFINITY);
}

/* On the wire. Alone on the path, the rate is the path's; beside others, that of the last transfer, or at first a fair
 * share. */
static double
expected_Bps(Leg *leg)
{
    const Migration *migration = leg->migration;

    if (path_is_quiet(migration->world, migration->path))
        leg->measured_Bps = NAN;
    if (!isnan(leg->measured_Bps))
        return leg->stream.path.few_cables ? MIN(leg->measured_Bps, leg->stream.path.alone_Bps) : leg->measured_Bps;
    return leg_threads_fair_Bps(leg);
}

/* Half of what was measured before stays: a tail that comes too early makes the next piece slow, and the one after it
 * fast. */
static void
measure(Leg *leg, double rate_Bps)
{
    leg->measured_Bps = isnan(leg->measured_Bps) ? rate_Bps : (leg->measured_Bps + rate_Bps) / 2;
}

/* Part of a stream that goes on: it pays no latency of its own, which the engine would add, so the bytes of that time
 * are left out; what is shorter than the latency only takes its time, on a wire that must be whole. How pages are cut
 * into transfers then changes nothing. Where others can feel it, the bytes that were left out follow, while the next
 * ones are on their way. What moves tells the stream's rate. */
static gboolean
stream_on_wire(Leg *leg, double bytes)
{
    const Path *path = leg->migration->path;
    const double start_s = world_now(), rate_Bps = expected_Bps(leg);
    const gboolean quiet = path_is_quiet(leg->migration->world, path);
    const double moved_bytes = bytes - path->latency_s * rate_Bps;

    const double tail_bytes = MIN(bytes - moved_bytes, bytes);
    if (path_has_others(leg->migration->world, path, channel_tails(leg->channel)) && tail_bytes > TAIL_SHARE * bytes)
        channel_send_tail(leg->channel, path, start_s + (bytes - tail_bytes) / rate_Bps, tail_bytes);
    if (moved_bytes < 1)
        return path_is_whole(leg->migration->world, path) ? leg_spend(leg, bytes / rate_Bps)
                                                          : send_within(leg, 1, 1, INFINITY);
    if (!send_within(leg, leg_threads_transfers(leg, quiet), moved_bytes, leg_give_up_s(leg) - start_s))
        return FALSE;
    const double moving_s = world_now() - start_s - path->latency_s;
    if (!quiet && moving_s > 0 && moved_bytes > SMALL_BYTES)
        measure(leg, moved_bytes / moving_s);
    return TRUE;
}

/* Until a card may have answered; not beyond the time limit. */
static gboolean
wait_for_cards(Leg *leg)
{
    const double start_s = world_now(), next_s = MIN(leg_cards_next_s(leg), leg_give_up_s(leg));

    if (leg_cards_are_lost(leg) || isinf(MIN(MIN(next_s, host_lost_s(leg)), cancel_s(leg))))
        return leg_fails(leg, &outcome_card_lost);
    if (!leg_spend(leg, MAX(next_s - start_s, 0)))
        return FALSE;
    leg_cards_look(leg, start_s, next_s);
    return world_now() < leg_give_up_s(leg) || leg_fails(leg, &outcome_gave_up);
}

/* What a card has worked on goes, as it answers. */
static gboolean
stream_by_cards(Leg *leg, double bytes)
{
    while (bytes >= 1) {
        const double piece = leg_cards_take(leg, bytes);
        bytes -= piece;
        if (piece > 0 ? !stream_on_wire(leg, piece * leg->stream.wire_share) : !wait_for_cards(leg))
            return FALSE;
        if (piece > 0)
            leg_cards_arrive(leg, piece);
    }
    return TRUE;
}

gboolean
leg_wait_for_cards(Leg *leg)
{
    while (!leg_cards_are_through(leg))
        if (!wait_for_cards(leg))
            return FALSE;
    return TRUE;
}

static gboolean
stream_bytes(Leg *leg, double bytes)
{
    return leg->cards ? stream_by_cards(leg, bytes) : stream_on_wire(leg, bytes * leg->stream.wire_share);
}

/* Whether somebody but the guest itself writes its pages, at dates that nobody knows. */
static gboolean
is_written_by_others(const Leg *leg)
{
    for (guint i = 0; i < leg->n_copied; i++)
        if (part_writes_pages(leg->domains[i]))
            return TRUE;
    return FALSE;
}

/* Beside n - 1 others, one that comes or goes changes the rate by an n-th: a transfer of n / 4 batches is then mistimed
 * by a quarter of a batch at most, however many they are. One that has several connections changes it by as many. */
static guint
batches_beside_others(const Leg *leg)
{
    const World *world = leg->migration->world;
    const guint most = world->scenario->engine->plan_ahead ? (guint)world->scenario->engine->transfer_batches : 1;
    const guint users = path_users(world, leg->migration->path), flows = path_connections(world, leg->migration->path);
    const guint others = flows - leg->stream.flows;

    return others > 0 ? CLAMP(flows * (users - 1) / (4 * others), 1, most) : 1;
}

/* Whether the guest or the sender may be given less of a processor, or more, at dates that nobody knows. */
static gboolean
processors_vary(const Leg *leg)
{
    const Migration *migration = leg->migration;

    return processors_may_change(migration->world, migration->source) ||
           processors_may_change(migration->world, migration->destination);
}

/* The next date at which something is known to change. */
static double
plans_end_s(const Leg *leg)
{
    const Migration *migration = leg->migration;
    const double change_s = outlook_next_change_s(migration->world, migration->path, leg->domains, leg->n_domains);

    return MIN(MIN(change_s, leg_time_up_s(leg)), orders_next_s(migration));
}

/* 0: any rate. */
static double
slower_Bps(double threads_Bps, double cards_Bps)
{
    const double held_Bps = isinf(threads_Bps) ? 0 : threads_Bps;

    return cards_Bps > 0 && held_Bps > 0 ? MIN(cards_Bps, held_Bps) : cards_Bps + held_Bps;
}

/* While nobody else sends over the path, and only the guest writes its pages, nothing can change before the next date
 * that is known: then looking whole rounds ahead finds what looking batch by batch would. */
CopyReach
leg_reach(Leg *leg)
{
    World *world = leg->migration->world;
    const Path *path = leg->migration->path;
    const gboolean plans = world->scenario->engine->plan_ahead;
    const gboolean vary = processors_vary(leg);
    const gboolean quiet = path_is_quiet(world, path);
    const gboolean sure =
        plans && quiet && path_is_whole(world, path) && !is_written_by_others(leg) && !vary && !leg->cards;

    const double rate_Bps = expected_Bps(leg) / leg->stream.wire_share;

    leg_threads_look(leg, rate_Bps);
    const double delay = leg_threads_delay(leg), cards_Bps = leg_cards_limit_Bps(leg);
    const double limit_Bps = slower_Bps(leg->stream.limit.held_Bps, cards_Bps);
    leg->longest_work_delay = MAX(leg->longest_work_delay, delay);
    return (CopyReach){.rate_Bps = MIN(rate_Bps, leg->storage_Bps),
                       .alone_Bps = MIN(leg->stream.path.alone_Bps / leg->stream.wire_share, leg->storage_Bps),
                       .limit_Bps = limit_Bps,
                       .behind_Bps = slower_Bps(leg->stream.limit.behind_Bps, cards_Bps),
                       .channel_cores = leg_threads_channel_cores(leg),
                       .max_batches = sure ? G_MAXUINT : batches_beside_others(leg),
                       .until_s = plans_end_s(leg),
                       .latency_s = path->latency_s,
                       .round_trip_s = path->round_trip_s,
                       .work_delay = delay,
                       .steady = sure,
                       .plans = plans && !(limit_Bps > 0 && vary) && !leg->cards};
}

/* A slow link, or a low limit of the rate, must not hold it beyond the time limit. */
static gboolean
wait_until(Leg *leg, double until_s)
{
    return leg_spend(leg, MAX(MIN(until_s, leg_give_up_s(leg)) - world_now(), 0));
}

/* Who sends slowly sends slices, short ones while others have only just come; one ends where others may come or go. */
static double
slice_s(const Leg *leg, double at_s, double left_s, const CopyReach *reach)
{
    const double shared_s = at_s - path_users_changed_s(leg->migration->world, leg->migration->path);
    const double longest_s = CLAMP(SLICE_SHARE * shared_s, SLICE_LEAST_S, SLICE_MOST_S);
    const double even_s = left_s / ceil(left_s / longest_s);
    const double to_change_s = reach->until_s - at_s;

    return to_change_s > ENGINE_PRECISION_S && to_change_s < even_s ? to_change_s : even_s;
}

/* Bytes that leave more slowly than the wire would let them, for work or a cap, are spread evenly over their time. What
 * the wire made late is not made up for, but for one slice: an allowance that was not used is not kept. */
static gboolean
send_evenly(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    double at_s = world_now(), left_bytes = action->bytes, left_s = action->until_s - at_s;

    while (left_bytes >= 1 && at_s < leg_give_up_s(leg)) {
        const double duration_s = slice_s(leg, at_s, left_s, reach), bytes = left_bytes * duration_s / left_s;
        at_s = MAX(at_s, world_now() - duration_s) + duration_s;
        left_s -= duration_s;
        left_bytes -= bytes;
        if (!stream_bytes(leg, bytes) || !wait_until(leg, at_s))
            return FALSE;
        sg_actor_yield(); /* what is due at that date happens first */
    }
    return TRUE;
}

/* Where nobody else can feel it, all of them leave at once. */
static gboolean
send_bytes_of(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    const gboolean among_others = !reach->steady || action->until_s > reach->until_s;
    const double wire_s = action->bytes / leg->migration->path->rate_Bps,
                 slow_s = action->until_s - world_now() - wire_s;

    if (leg->cards && leg_cards_limit_Bps(leg) > 0) /* spread by its answers */
        return stream_bytes(leg, action->bytes);
    if (among_others && slow_s > SLOW_SHARE * wire_s && slow_s + wire_s > SLICE_LEAST_S)
        return send_evenly(leg, action, reach);
    /* at a date at which the rate may change, the rest goes on at another one */
    const double rate_Bps = copy_reach_held(reach).rate_Bps;
    const double before = MIN(action->bytes, MAX(reach->until_s - world_now(), 0) * rate_Bps);
    if (before < 1 || before > action->bytes - 1)
        return stream_bytes(leg, action->bytes);
    if (!stream_bytes(leg, before) || !leg_spend(leg, MAX(reach->until_s - world_now(), 0)))
        return FALSE;
    sg_actor_yield(); /* what is due at that date happens first */
    return stream_bytes(leg, action->bytes - before);
}

/* What was planned ahead, over nothing that could change, must have happened when it was planned: to a byte, which is
 * what the engine counts, and a few of its nanoseconds. */
static void
check_plan(const Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    const double late_s = world_now() - action->until_s;
    const double tolerance_s = 1 / reach->rate_Bps + 10 * ENGINE_PRECISION_S;

    if (reach->steady && action->until_s <= reach->until_s)
        invariant_check(leg->migration->world, &invariant_plans_hold, fabs(late_s) <= tolerance_s,
                        "migration %s, %s: a transfer ended %g s after its planned end", leg->migration->name,
                        leg->label, late_s);
}

gboolean
leg_send_pages(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    const double start_s = world_now();

    if (!leg->cards)
        leg_threads_count(leg, action->bytes);
    if (!send_bytes_of(leg, action, reach))
        return FALSE;
    if (leg->cards) {
        leg_cards_measure(leg, start_s, action->until_s);
        leg_threads_count(leg, action->bytes);
    }
    if (!wait_until(leg, action->until_s))
        return FALSE;
    check_plan(leg, action, reach);
    return TRUE;
}
