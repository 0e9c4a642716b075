#include "sim/world/migrate.h"

#include "models/vtpm/cump.h"
#include "sim/specs/pages_check.h"
#include "sim/world/card_world.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/invariant.h"
#include "sim/world/outlook.h"
#include "sim/world/part.h"
#include "sim/world/platform.h"
#include "sim/world/socket_world.h"
#include "sim/world/vtpm_service.h"

#include <math.h>
#include <simgrid/actor.h>

#define HANDSHAKE_BYTES 4096.0 /* chosen: one message of a page; below 1 ms on any link that is worth simulating */

#define TAIL_SHARE 0.005 /* chosen: half of a percent of a stream is not felt */
#define SLOW_SHARE 0.02  /* chosen: what a cap may be exceeded by */

/* Slices of what is sent more slowly than the wire would take it. */
#define SLICE_SHARE   0.01  /* chosen: of the time that others have been there, who may feel one slice more or less */
#define SLICE_LEAST_S 0.001 /* chosen */
#define SLICE_MOST_S  0.01  /* chosen: a tenth of the window in which QEMU counts what its cap allows */

/* ---- words ---- */

typedef struct {
    const char *word;
    const char *text;
} OutcomeWords;

static const OutcomeWords outcome_words[] = {
    [OUTCOME_RUNNING] = {"running", "not ended yet"},
    [OUTCOME_COMPLETED] = {"completed", "completed"},
    [OUTCOME_ALREADY_THERE] = {"already-there", "the domain is on the destination already"},
    [OUTCOME_BUSY] = {"busy", "the domain is being migrated already"},
    [OUTCOME_NOT_RUNNING] = {"not-running", "the domain does not run: its host was lost"},
    [OUTCOME_NO_VTPM] = {"no-vtpm", "not one VM and one vTPM"},
    [OUTCOME_APART] = {"apart", "VM and vTPM are on different hosts"},
    [OUTCOME_BINDING_MISMATCH] = {"binding-mismatch", "domu | vTPM don't match"},
    [OUTCOME_NO_CONFIG] = {"no-config", "migration false: the destination lacks a domain's configuration"},
    [OUTCOME_NO_MEMORY] = {"no-memory", "the destination has too little free memory"},
    [OUTCOME_CARD_STAYS] = {"card-stays", "the VM's way to its crypto card cannot be moved"},
    [OUTCOME_NO_CARD] = {"no-card", "the destination has no crypto card that serves the VM"},
    [OUTCOME_NO_KEYS] = {"no-keys", "the destination's crypto card has not got the VM's keys"},
    [OUTCOME_CARD_ARM] = {"card-arm", "the VM's way to its crypto card does not work on the destination"},
    [OUTCOME_LINK_LOST] = {"link-lost", "the connection between source and destination was lost"},
    [OUTCOME_SOURCE_LOST] = {"source-lost", "the source host was lost"},
    [OUTCOME_DESTINATION_LOST] = {"destination-lost", "the destination host was lost"},
    [OUTCOME_GAVE_UP] = {"gave-up", "pre-copy did not converge within its time limit; the guest stays"},
    [OUTCOME_GUEST_LOST] = {"guest-lost", "post-copy lost the pages that were still at the source: the guest is lost"},
};

const char *
outcome_word(Outcome outcome)
{
    return outcome_words[outcome].word;
}

const char *
outcome_text(Outcome outcome)
{
    return outcome_words[outcome].text;
}

const char *
step_word(MigrationStep step)
{
    static const char *const words[] = {"pre_migration", "reservation", "precopy",   "stop_and_copy",
                                        "commitment",    "pull",        "activation"};

    return words[step];
}

static gboolean
method_moves(MigrationMethod method, gboolean vtpm)
{
    return vtpm ? method != METHOD_VM : method != METHOD_VTPM;
}

/* ---- time and failure ---- */

/* Once committed, and with all pages at the destination, it can do without the source. */
static gboolean
needs_source(const Leg *leg)
{
    return !leg->committed || leg->pulling;
}

/* What a lost connection or host means for the leg at this moment; OUTCOME_RUNNING: nothing is wrong. */
static Outcome
host_outcome(const Leg *leg)
{
    World *world = leg->migration->world;

    domain_apply_host_failures(world);
    if (needs_source(leg) && !platform_host_is_up(world, leg->migration->source))
        return OUTCOME_SOURCE_LOST;
    if (!platform_host_is_up(world, leg->migration->destination))
        return OUTCOME_DESTINATION_LOST;
    return OUTCOME_RUNNING;
}

static gboolean
leg_fails(Leg *leg, Outcome outcome)
{
    leg->outcome = leg->pulling ? OUTCOME_GUEST_LOST : outcome;
    return FALSE;
}

/* Spends time; ends early when a host is lost that the leg still needs. */
static gboolean
spend(Leg *leg, double duration_s)
{
    const Migration *migration = leg->migration;
    const Host *hosts = migration->world->hosts;
    const double source_lost_s = needs_source(leg) ? hosts[migration->source].fails_at_s : INFINITY;
    const double lost_s = MIN(source_lost_s, hosts[migration->destination].fails_at_s);
    const double end_s = MIN(world_now() + duration_s, lost_s);

    if (end_s > world_now())
        sg_actor_sleep_until(end_s);
    const Outcome outcome = host_outcome(leg);
    return outcome == OUTCOME_RUNNING || leg_fails(leg, outcome);
}

/* When the live rounds will be given up; INFINITY: never. */
static double
give_up_s(const Leg *leg)
{
    const double limit_s = leg->migration->action->hypervisor->time_limit_s;

    return leg->step == STEP_PRECOPY && !isnan(limit_s) ? leg->step_start_s[STEP_PRECOPY] + limit_s : INFINITY;
}

static gboolean
send_within(Leg *leg, double bytes, double at_most_s)
{
    const sg_error_t result = channel_send(leg->channel, bytes, at_most_s);

    if (result == SG_OK)
        return TRUE;
    if (result == SG_ERROR_TIMEOUT)
        return leg_fails(leg, OUTCOME_GAVE_UP);
    const Outcome outcome = host_outcome(leg);
    return leg_fails(leg, outcome == OUTCOME_RUNNING ? OUTCOME_LINK_LOST : outcome);
}

static gboolean
send_bytes(Leg *leg, double bytes)
{
    return send_within(leg, bytes, INFINITY);
}

/* Alone on the path, the rate is the path's; beside others, that of the last transfer, or at first a fair share. */
static double
expected_Bps(Leg *leg)
{
    const Migration *migration = leg->migration;

    if (path_is_quiet(migration->world, migration->path))
        leg->measured_Bps = NAN;
    if (!isnan(leg->measured_Bps))
        return leg->measured_Bps;
    return migration->path->rate_Bps / path_users(migration->world, migration->path);
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
stream_bytes(Leg *leg, double bytes)
{
    const Path *path = leg->migration->path;
    const double start_s = world_now(), rate_Bps = expected_Bps(leg);
    const gboolean quiet = path_is_quiet(leg->migration->world, path);
    const double moved_bytes = bytes - path->latency_s * rate_Bps;

    const double tail_bytes = MIN(bytes - moved_bytes, bytes);
    if (path_has_others(leg->migration->world, path, channel_tails(leg->channel)) && tail_bytes > TAIL_SHARE * bytes)
        channel_send_tail(leg->channel, path, start_s + (bytes - tail_bytes) / rate_Bps, tail_bytes);
    if (moved_bytes < 1)
        return path_is_whole(leg->migration->world, path) ? spend(leg, bytes / rate_Bps) : send_bytes(leg, 1);
    if (!send_within(leg, moved_bytes, give_up_s(leg) - start_s))
        return FALSE;
    const double moving_s = world_now() - start_s - path->latency_s;
    if (!quiet && moving_s > 0 && moved_bytes > HANDSHAKE_BYTES)
        measure(leg, moved_bytes / moving_s);
    return TRUE;
}

/* A fixed cost of each of the leg's domains, one after the other, with the profile's variation. */
static gboolean
spend_cost(Leg *leg, double mean_s)
{
    const double variation = leg->migration->action->hypervisor->costs->variation;
    double total_s = 0;

    for (guint i = 0; i < leg->n_domains; i++)
        total_s += mean_s * MAX(0.0, 1.0 + variation * random_normal(&leg->migration->costs));
    return spend(leg, total_s);
}

static void
begin_step(Leg *leg, MigrationStep step)
{
    leg->step = step;
    leg->step_start_s[step] = world_now();
}

static void
end_step(Leg *leg)
{
    leg->step_s[leg->step] = world_now() - leg->step_start_s[leg->step];
}

/* ---- the six steps ---- */

static gboolean
pre_migration(Leg *leg)
{
    const Migration *migration = leg->migration;

    if (!send_bytes(leg, HANDSHAKE_BYTES) || !spend_cost(leg, migration->action->hypervisor->costs->pre_migration_s))
        return FALSE;
    /* Algorithm 1, steps 1 to 3, for whoever migrates both as one */
    if (leg->n_domains == 2) {
        const CumpBinding binding = {leg->domains[0]->uuid, leg->domains[0]->bound_vtpm_uuid, leg->domains[1]->uuid};
        if (cump_check_union(&binding) == CUMP_MISMATCH)
            return leg_fails(leg, OUTCOME_BINDING_MISMATCH);
    }
    return TRUE;
}

static gboolean
has_config(const HostSpec *host, const Domain *domain)
{
    for (guint i = 0; i < host->lacks_configs->len; i++)
        if (g_str_equal(g_array_index(host->lacks_configs, char *, i), domain->name))
            return FALSE;
    return TRUE;
}

static Outcome
outcome_of_card(CardFit fit)
{
    switch (fit) {
    case CARD_FITS:
        return OUTCOME_RUNNING;
    case CARD_PATH_STAYS:
        return OUTCOME_CARD_STAYS;
    case CARD_LACKS_KEYS:
        return OUTCOME_NO_KEYS;
    case CARD_FEARS_ARM:
        return OUTCOME_CARD_ARM;
    case CARD_NONE_THERE:
    case CARD_LACKS_ALGORITHM:
    case CARD_IS_FULL:
    case CARD_TAKES_NO_TIME:
        break;
    }
    return OUTCOME_NO_CARD;
}

/* Step 2, for the card: another VM may have taken the card's last place since the migration began. */
static gboolean
reserve_cards(Leg *leg)
{
    Migration *migration = leg->migration;

    for (guint i = 0; i < leg->n_domains; i++) {
        const CardFit fit = card_world_reserve(leg->domains[i], migration->destination, &migration->reason);
        if (fit != CARD_FITS)
            return leg_fails(leg, outcome_of_card(fit));
    }
    return TRUE;
}

static gboolean
reservation(Leg *leg)
{
    const Migration *migration = leg->migration;
    const HostSpec *destination = migration->world->hosts[migration->destination].spec;

    /* Algorithm 2, step 2, which the paper has after the copy: asked here, before anything is sent in vain. A domain
     * that migrates alone needs its configuration as well. */
    const Domain *last = leg->domains[leg->n_domains - 1];
    if (cump_check_separation(has_config(destination, leg->domains[0]), has_config(destination, last)) != CUMP_OK)
        return leg_fails(leg, OUTCOME_NO_CONFIG);
    for (guint i = 0; i < leg->n_domains; i++)
        if (!domain_reserve(leg->domains[i], migration->destination))
            return leg_fails(leg, OUTCOME_NO_MEMORY);
    if (!reserve_cards(leg))
        return FALSE;
    return spend_cost(leg, migration->action->hypervisor->costs->reservation_s);
}

static void
wake_waiters(const Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++)
        domain_wake(leg->domains[i]);
}

/* The last card requests are answered while the VM still runs. */
static gboolean
drain_cards(Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++)
        for (double at_s = card_world_drain(leg->domains[i]); !isnan(at_s); at_s = card_world_drain(leg->domains[i]))
            if (!spend(leg, MAX(at_s - world_now(), 0)))
                return FALSE;
    return TRUE;
}

static gboolean
suspend_domains(Leg *leg)
{
    if (!drain_cards(leg))
        return FALSE;
    const double start_s = world_now();
    end_step(leg);
    begin_step(leg, STEP_STOP_AND_COPY);
    for (guint i = 0; i < leg->n_domains; i++)
        domain_suspend(leg->domains[i]);
    wake_waiters(leg);
    if (!spend_cost(leg, leg->migration->action->hypervisor->costs->suspend_s))
        return FALSE;
    leg->downtime.suspend_s = world_now() - start_s;
    return TRUE;
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
 * by a quarter of a batch at most, however many they are. */
static guint
batches_beside_others(const Leg *leg)
{
    const World *world = leg->migration->world;
    const guint most = world->scenario->engine->plan_ahead ? (guint)world->scenario->engine->transfer_batches : 1;

    return CLAMP(path_users(world, leg->migration->path) / 4, 1, most);
}

/* While nobody else sends over the path, and only the guest writes its pages, nothing can change before the next date
 * that is known: then looking whole rounds ahead finds what looking batch by batch would. */
static CopyReach
reach_now(Leg *leg)
{
    World *world = leg->migration->world;
    const Path *path = leg->migration->path;
    const gboolean plans = world->scenario->engine->plan_ahead;
    const gboolean quiet = path_is_quiet(world, path);
    const gboolean sure = plans && quiet && path_is_whole(world, path) && !is_written_by_others(leg);

    return (CopyReach){.rate_Bps = expected_Bps(leg),
                       .alone_Bps = path->rate_Bps,
                       .max_batches = sure ? G_MAXUINT : batches_beside_others(leg),
                       .until_s = MIN(outlook_next_change_s(world, path, leg->domains, leg->n_domains), give_up_s(leg)),
                       .latency_s = path->latency_s,
                       .round_trip_s = path->round_trip_s,
                       .steady = sure,
                       .plans = plans};
}

static gboolean hand_over(Leg *leg);

/* A slow link, or a low limit of the rate, must not hold it beyond the time limit. */
static gboolean
wait_until(Leg *leg, double until_s)
{
    return spend(leg, MAX(MIN(until_s, give_up_s(leg)) - world_now(), 0));
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

    while (left_bytes >= 1 && at_s < give_up_s(leg)) {
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
    const double wire_s = action->bytes / reach->alone_Bps, slow_s = action->until_s - world_now() - wire_s;

    if (among_others && slow_s > SLOW_SHARE * wire_s && slow_s + wire_s > SLICE_LEAST_S)
        return send_evenly(leg, action, reach);
    /* at a date at which the rate may change, the rest goes on at another one */
    const double before = MIN(action->bytes, MAX(reach->until_s - world_now(), 0) * reach->rate_Bps);
    if (before < 1 || before > action->bytes - 1)
        return stream_bytes(leg, action->bytes);
    if (!stream_bytes(leg, before) || !spend(leg, MAX(reach->until_s - world_now(), 0)))
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
        invariant_check(leg->migration->world, INVARIANT_PLAN_HELD, fabs(late_s) <= tolerance_s,
                        "migration %s, %s: a transfer ended %g s after its planned end", leg->migration->name,
                        leg->label, late_s);
}

static gboolean
send_pages(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    if (!send_bytes_of(leg, action, reach) || !wait_until(leg, action->until_s))
        return FALSE;
    check_plan(leg, action, reach);
    return TRUE;
}

static gboolean
do_copy_action(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    switch (action->kind) {
    case COPY_SEND:
        return send_pages(leg, action, reach);
    case COPY_SUSPEND:
        return suspend_domains(leg);
    case COPY_SPEED:
        domain_throttle(leg->domains[0], action->speed);
        return TRUE;
    case COPY_HAND_OVER:
        return hand_over(leg);
    case COPY_FINISHED:
        break;
    }
    return TRUE;
}

/* Steps 3 and 4, and post-copy's pull, run as the copying machine says; the paper's steps 4 to 7. */
static gboolean
copy_pages(Leg *leg)
{
    for (;;) {
        const CopyReach reach = reach_now(leg);
        if (world_now() >= give_up_s(leg))
            return leg_fails(leg, OUTCOME_GAVE_UP);
        const CopyAction action = copier_next(&leg->copier, world_now(), &reach);
        if (action.kind == COPY_FINISHED)
            return TRUE;
        if (!do_copy_action(leg, &action, &reach))
            return FALSE;
    }
}

/* QEMU's device state goes into the same stream as its pages, by its machine. */
static gboolean
send_device_state(Leg *leg)
{
    const double start_s = world_now();

    leg->downtime.pages_s = start_s - leg->step_start_s[STEP_STOP_AND_COPY] - leg->downtime.suspend_s;
    if (leg->copier.qemu)
        return TRUE;
    if (!send_bytes(leg, leg->migration->action->hypervisor->device_state_bytes * leg->n_domains))
        return FALSE;
    leg->downtime.device_state_s = world_now() - start_s;
    return TRUE;
}

/* Under QEMU a vTPM is a process (swtpm), whose state goes with the device state. */
static gboolean
moves_vtpm_as_state(const Leg *leg)
{
    return leg->n_domains == 2 && leg->migration->action->hypervisor->mechanism == MECHANISM_QEMU;
}

static gboolean
travels_as_pages(const Leg *leg, guint i)
{
    return !(moves_vtpm_as_state(leg) && leg->domains[i]->is_vtpm);
}

/* A vTPM's state is in its own pages, or under QEMU in the state behind the VM's: pages of the VM that QEMU has lost
 * are not its vTPM's, and what nobody copied has not arrived. */
static gboolean
vtpm_state_arrived(const Leg *leg, guint i)
{
    const HypervisorSpec *hypervisor = leg->migration->action->hypervisor;

    if (!travels_as_pages(leg, i))
        return qemu_report(leg->copier.qemu).state_bytes >=
               hypervisor->device_state_bytes + hypervisor->vtpm_state_bytes;
    return leg->images[i] ? leg->differing_pages[i] == 0 : page_set_holds(&leg->pages, leg->domains[i]->log);
}

static void
commit_domain(const Leg *leg, guint i)
{
    Domain *domain = leg->domains[i];

    domain_commit(domain);
    if (domain->is_vtpm)
        vtpm_service_arrive(domain->service, vtpm_state_arrived(leg, i));
}

/* The destination has everything and may go: from here on it is the domain's home. */
static gboolean
commitment(Leg *leg)
{
    if (!spend_cost(leg, leg->migration->action->hypervisor->costs->commitment_s) || !send_bytes(leg, HANDSHAKE_BYTES))
        return FALSE;
    for (guint i = 0; i < leg->n_domains; i++)
        commit_domain(leg, i);
    leg->committed = TRUE;
    wake_waiters(leg);
    leg->downtime.commitment_s = world_now() - leg->step_start_s[STEP_COMMITMENT];
    return TRUE;
}

/* A domain that the method moves and that no leg of the migration has; NULL: there is none. */
static const Domain *
forgotten_domain(const Migration *migration)
{
    const Domain *wanted[] = {migration->vm, migration->vm->partner};

    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        gboolean has = !wanted[i] || !method_moves(migration->action->method, wanted[i]->is_vtpm);
        for (guint k = 0; k < migration->legs->len; k++) {
            const Leg *leg = g_ptr_array_index(migration->legs, k);
            has |= leg->domains[0] == wanted[i] || leg->domains[1] == wanted[i];
        }
        if (!has)
            return wanted[i];
    }
    return NULL;
}

/* Writes that QEMU's dirty log did not see are lost by QEMU, not by this simulator: counted, not complained about. */
static gboolean
loses_writes(const Leg *leg)
{
    return leg->copier.qemu && leg->migration->action->hypervisor->translation_entries > 0;
}

/* As many pages as the destination lacks of what is at the source now. */
static guint64
differing_pages(const Leg *leg, guint i)
{
    if (leg->tally && i == 0)
        return tally_stale(leg->tally, dirty_guest_s(leg->domains[i]->log, world_now()));
    return leg->images[i] ? image_differing_pages(leg->images[i], world_now()) : 0;
}

/* Every domain that was to be copied, whether or not the page set knows of it. */
static void
verify_images(Leg *leg)
{
    const Domain *forgotten = forgotten_domain(leg->migration);
    guint64 differing = 0;

    if (!leg->migration->world->scenario->engine->verify_memory)
        return;
    for (guint i = 0; i < leg->n_domains; i++) {
        leg->differing_pages[i] = differing_pages(leg, i);
        differing += leg->differing_pages[i];
    }
    if (loses_writes(leg))
        differing = 0;
    invariant_check(leg->migration->world, INVARIANT_IMAGES_EQUAL, differing == 0 && !forgotten,
                    "migration %s, %s: %" G_GUINT64_FORMAT " pages %s%s%s", leg->migration->name, leg->label, differing,
                    leg->counted ? "are out of date at the destination, 0 expected" : "differ",
                    forgotten ? ", nobody copied " : "", forgotten ? forgotten->name : "");
}

/* After post-copy's pull nothing may be left behind. */
static void
verify_pull(const Leg *leg)
{
    const guint64 left = qemu_pages_left(leg->copier.qemu);

    if (leg->images[0])
        invariant_check(leg->migration->world, INVARIANT_IMAGES_EQUAL, left == 0,
                        "migration %s, %s: %" G_GUINT64_FORMAT " pages stayed at the source", leg->migration->name,
                        leg->label, left);
}

static gboolean
resume_domains(Leg *leg)
{
    const double start_s = world_now();

    if (!spend_cost(leg, leg->migration->action->hypervisor->costs->resume_s))
        return FALSE;
    for (guint i = 0; i < leg->n_domains; i++)
        domain_resume(leg->domains[i]);
    leg->resumed = TRUE;
    leg->downtime.resume_s = world_now() - start_s;
    leg->downtime_s = world_now() - leg->step_start_s[STEP_STOP_AND_COPY];
    wake_waiters(leg);
    return TRUE;
}

/* The guest goes to the destination: with all its pages (next: activation), or under post-copy without (next: pull). */
static gboolean
commit_and_resume(Leg *leg, MigrationStep next)
{
    if (!send_device_state(leg))
        return FALSE;
    verify_images(leg);
    end_step(leg);
    begin_step(leg, STEP_COMMITMENT);
    if (!commitment(leg))
        return FALSE;
    end_step(leg);
    begin_step(leg, next);
    leg->pulling = next == STEP_PULL;
    return resume_domains(leg);
}

static gboolean
hand_over(Leg *leg)
{
    return commit_and_resume(leg, STEP_PULL);
}

/* All pages are there. The guest runs before its devices are cleaned up behind it. */
static gboolean
activation(Leg *leg)
{
    if (leg->pulling) {
        verify_pull(leg);
        leg->pulling = FALSE;
        end_step(leg);
        begin_step(leg, STEP_ACTIVATION);
    } else if (!commit_and_resume(leg, STEP_ACTIVATION)) {
        return FALSE;
    }
    return spend_cost(leg, leg->migration->action->hypervisor->costs->activation_s);
}

static gboolean
run_steps(Leg *leg)
{
    begin_step(leg, STEP_PRE_MIGRATION);
    if (!pre_migration(leg))
        return FALSE;
    end_step(leg);
    begin_step(leg, STEP_RESERVATION);
    if (!reservation(leg))
        return FALSE;
    end_step(leg);
    begin_step(leg, STEP_PRECOPY);
    return copy_pages(leg) && activation(leg);
}

/* ---- one leg ---- */

/* The old instance goes once the guest has run at the destination, even if it was lost there since: it is out of date.
 */
static void
settle(Leg *leg, gboolean completed)
{
    end_step(leg);
    if (completed)
        leg->outcome = OUTCOME_COMPLETED;
    for (guint i = 0; i < leg->n_domains; i++) {
        if (leg->outcome == OUTCOME_GUEST_LOST && i == 0)
            domain_lose(leg->domains[i]);
        else if (leg->resumed)
            domain_activate(leg->domains[i]);
        else
            domain_abort(leg->domains[i]);
        card_world_release(leg->domains[i]);
    }
    leg->end_s = world_now();
    if (!leg->resumed && leg->step >= STEP_STOP_AND_COPY)
        leg->downtime_s = leg->end_s - leg->step_start_s[STEP_STOP_AND_COPY];
    wake_waiters(leg);
}

static PageSetMember
member_of(const Leg *leg, guint i)
{
    const Domain *domain = leg->domains[i];

    return (PageSetMember){domain->log, leg->images[i], 0, domain->used_pages, domain->layout.content};
}

/* Nothing asks which page it is (sim/specs/pages_check.h). A vTPM's commands write pages of their own choice, and a new
 * workload begins on the pages as they are. */
static gboolean
may_count_pages(const Leg *leg)
{
    const Domain *domain = leg->domains[0];

    return leg->migration->world->scenario->engine->pages != PAGES_EACH && leg->n_copied == 1 && !domain->is_vtpm &&
           domain->changes_s->len == 0 && !domain->layout.content &&
           pages_are_alike_to(leg->migration->action->hypervisor);
}

static void
count_pages(Leg *leg)
{
    leg->n_copied = moves_vtpm_as_state(leg) ? 1 : leg->n_domains;
    if (may_count_pages(leg))
        leg->tally = dirty_tally(leg->domains[0]->log, leg->domains[0]->used_pages);
    leg->counted = leg->tally != NULL;
}

/* Of what has to arrive, which is not asked of the page set: a domain that is missing there keeps an empty image. */
static void
expect_images(Leg *leg)
{
    if (!leg->migration->world->scenario->engine->verify_memory || leg->tally)
        return;
    for (guint i = 0; i < leg->n_domains; i++)
        if (travels_as_pages(leg, i))
            leg->images[i] = image_new(leg->domains[i]->log);
}

static void
gather_pages(Leg *leg)
{
    page_set_init(&leg->pages, leg->domains[0]->page_bytes);
    leg->pages.tally = leg->tally;
    const PageSetMember first = member_of(leg, 0);
    if (leg->n_copied == 1) {
        page_set_add(&leg->pages, first.log, first.image, 0, first.used_pages);
        page_set_track_content(&leg->pages, 0, first.content);
        return;
    }
    const PageSetMember second = member_of(leg, 1);
    if (leg->migration->action->method == METHOD_JOINT)
        cump_create(&leg->pages, &first, &second);
    else
        cump_create_concatenated(&leg->pages, &first, &second);
}

static void
start_copier(Leg *leg)
{
    const Migration *migration = leg->migration;
    const HypervisorSpec *hypervisor = migration->action->hypervisor;
    const CopierGuest guest = {.paravirtual = leg->domains[0]->mode == GUEST_PV,
                               .joint = migration->action->method == METHOD_JOINT,
                               .with_vtpm = moves_vtpm_as_state(leg),
                               .host_pages = leg->domains[0]->host_pages,
                               .catches_up_s = leg->domains[0]->catches_up_s,
                               .seed = migration->world->seed,
                               .name = migration->name};

    if (hypervisor->mechanism == MECHANISM_QEMU)
        dirty_set_translation(leg->domains[0]->log, world_now(), (guint)hypervisor->translation_entries);
    copier_init(&leg->copier, hypervisor, &guest, &leg->pages);
}

static void
release_pages(Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++)
        g_clear_pointer(&leg->images[i], image_free);
    g_clear_pointer(&leg->tally, tally_free);
    if (leg->copier.qemu)
        dirty_set_translation(leg->domains[0]->log, world_now(), 0);
    copier_release_pages(&leg->copier);
}

static void
run_leg(Leg *leg)
{
    const Migration *migration = leg->migration;

    leg->start_s = world_now();
    leg->measured_Bps = NAN;
    count_pages(leg);
    expect_images(leg);
    gather_pages(leg);
    for (guint i = 0; i < leg->n_domains; i++)
        if (leg->domains[i]->is_vtpm)
            vtpm_service_depart(leg->domains[i]->service);
    start_copier(leg);
    leg->channel = channel_open(migration->world, migration->destination);
    const gboolean completed = run_steps(leg);
    settle(leg, completed);
    channel_close(leg->channel);
    release_pages(leg);
}

/* ---- the migration ---- */

static Leg *
add_leg(Migration *migration, const char *label, Domain *first, Domain *second)
{
    Leg *leg = g_new0(Leg, 1);

    leg->migration = migration;
    leg->label = label;
    leg->domains[0] = first;
    leg->domains[1] = second;
    leg->n_domains = second ? 2 : 1;
    g_ptr_array_add(migration->legs, leg);
    return leg;
}

static void
add_legs(Migration *migration)
{
    Domain *vm = migration->vm;

    switch (migration->action->method) {
    case METHOD_VM:
        add_leg(migration, "vm", vm, NULL);
        break;
    case METHOD_VTPM:
        add_leg(migration, "vtpm", vm->partner, NULL);
        break;
    case METHOD_VM_THEN_VTPM:
        add_leg(migration, "vm", vm, NULL);
        add_leg(migration, "vtpm", vm->partner, NULL);
        break;
    case METHOD_VTPM_THEN_VM:
        add_leg(migration, "vtpm", vm->partner, NULL);
        add_leg(migration, "vm", vm, NULL);
        break;
    case METHOD_JOINT:
    case METHOD_CONCATENATED:
        add_leg(migration, "joint", vm, vm->partner);
        break;
    }
}

static Outcome
domain_outcome(const Migration *migration, const Domain *domain)
{
    if (domain->migrating)
        return OUTCOME_BUSY;
    if (!domain_is_running(domain))
        return OUTCOME_NOT_RUNNING;
    return domain_host(domain) == migration->destination ? OUTCOME_ALREADY_THERE : OUTCOME_RUNNING;
}

static Outcome
card_outcome(Migration *migration, const Domain *domain)
{
    return outcome_of_card(card_world_fit(domain, migration->destination, &migration->reason));
}

static gboolean
moves_both(MigrationMethod method)
{
    return method_moves(method, FALSE) && method_moves(method, TRUE);
}

/* What forbids the migration before its first step. */
static Outcome
first_outcome(Migration *migration)
{
    if (migration->action->method != METHOD_VM && !migration->vm->partner)
        return OUTCOME_NO_VTPM;
    if (moves_both(migration->action->method) && domain_host(migration->vm) != domain_host(migration->vm->partner))
        return OUTCOME_APART;
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        for (guint k = 0; k < leg->n_domains; k++) {
            Outcome outcome = domain_outcome(migration, leg->domains[k]);
            if (outcome == OUTCOME_RUNNING)
                outcome = card_outcome(migration, leg->domains[k]);
            if (outcome != OUTCOME_RUNNING)
                return outcome;
        }
    }
    return OUTCOME_RUNNING;
}

static void
mark_migrating(const Migration *migration, gboolean migrating)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        const Leg *leg = g_ptr_array_index(migration->legs, i);
        for (guint k = 0; k < leg->n_domains; k++) {
            leg->domains[k]->migrating = migrating;
            leg->domains[k]->destination = migration->destination;
        }
    }
}

static void
list_hosts(const Migration *migration, const char *when)
{
    if (!migration->world->scenario->engine->list_domains)
        return;
    g_autofree char *label = g_strdup_printf("%s %s", when, migration->name);

    domain_list_host(migration->world, label, migration->source);
    domain_list_host(migration->world, label, migration->destination);
}

/* A second leg is not begun when the first one failed: its domain stays with its partner. */
static void
run_legs(Migration *migration)
{
    for (guint i = 0; i < migration->legs->len; i++) {
        Leg *leg = g_ptr_array_index(migration->legs, i);
        run_leg(leg);
        migration->outcome = leg->outcome;
        if (leg->outcome != OUTCOME_COMPLETED)
            return;
    }
}

static void
run_migration(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Migration *migration = sg_actor_self_get_data();

    list_hosts(migration, "before");
    run_legs(migration);
    mark_migrating(migration, FALSE);
    socket_world_migration(migration->vm, migration->name, FALSE);
    migration->end_s = world_now();
    list_hosts(migration, "after");
    path_leave(migration->world, migration->path);
}

static void
free_leg(gpointer data)
{
    Leg *leg = data;

    copier_clear(&leg->copier);
    release_pages(leg);
    g_free(leg);
}

void
migrate_free(Migration *migration)
{
    g_ptr_array_unref(migration->legs);
    g_free(migration->name);
    g_free(migration);
}

/* Metrics of a migration's parts are called NAME.vm and so on: those are no other migration's names. */
static const char *const leg_labels[] = {"vm", "vtpm", "joint"};

static gboolean
name_is_free(const World *world, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(leg_labels); i++) {
        g_autofree char *part = g_strconcat(name, ".", leg_labels[i], NULL);
        if (g_hash_table_contains(world->migration_names, part))
            return FALSE;
    }
    return !g_hash_table_contains(world->migration_names, name);
}

static void
take_name(World *world, const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(leg_labels); i++)
        g_hash_table_insert(world->migration_names, g_strconcat(name, ".", leg_labels[i], NULL), GUINT_TO_POINTER(1));
    g_hash_table_insert(world->migration_names, g_strdup(name), GUINT_TO_POINTER(1));
}

/* The name that was asked for, or the VM's; the second of that name is NAME.2. (transfer full) */
static char *
unique_name(World *world, const ActionSpec *action)
{
    const char *wanted = action->name ? action->name : action->guest;
    /* the number goes on where the last one of that name stopped, so that a thousand moves of one VM stay cheap */
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(world->migration_names, wanted));
    char *name = g_strdup(wanted);

    while (!name_is_free(world, name)) {
        g_free(name);
        n = MAX(n, 1) + 1;
        name = g_strdup_printf("%s.%u", wanted, n);
    }
    take_name(world, name);
    if (n > 0)
        g_hash_table_insert(world->migration_names, g_strdup(wanted), GUINT_TO_POINTER(n));
    return name;
}

void
migrate_start(World *world, const ActionSpec *action)
{
    Migration *migration = g_new0(Migration, 1);

    migration->world = world;
    migration->action = action;
    migration->name = unique_name(world, action);
    migration->vm = world_domain(world, action->guest);
    migration->source =
        domain_host(action->method == METHOD_VTPM && migration->vm->partner ? migration->vm->partner : migration->vm);
    migration->destination = world_host(world, action->host);
    migration->legs = g_ptr_array_new_with_free_func(free_leg);
    migration->start_s = migration->end_s = world_now();
    random_init(&migration->costs, world->seed, "costs", migration->name);
    g_ptr_array_add(world->migrations, migration);

    if (migration->action->method == METHOD_VM || migration->vm->partner)
        add_legs(migration);
    migration->outcome = first_outcome(migration);
    if (migration->outcome != OUTCOME_RUNNING) {
        g_ptr_array_set_size(migration->legs, 0);
        return;
    }
    socket_world_migration(migration->vm, migration->name, TRUE);
    mark_migrating(migration, TRUE); /* here: the actor begins after other actions of the same date */
    migration->path = path_between(world, migration->source, migration->destination);
    path_join(world, migration->path);
    world_start_actor(migration->name, world->hosts[migration->source].sg, run_migration, migration, FALSE);
}
