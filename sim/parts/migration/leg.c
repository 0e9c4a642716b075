#include "sim/parts/migration/leg.h"

#include "models/vtpm/cump.h"
#include "sim/parts/migration/leg_cards.h"
#include "sim/parts/migration/leg_images.h"
#include "sim/parts/migration/leg_recover.h"
#include "sim/parts/migration/leg_stop.h"
#include "sim/parts/migration/leg_stream.h"
#include "sim/parts/migration/leg_threads.h"
#include "sim/parts/migration/leg_union.h"
#include "sim/parts/migration/orders.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/live.h"
#include "sim/world/part.h"

#include <math.h>

/* A cost of each of the leg's domains, fixed and for each virtual processor, one after the other or at the same time,
 * with the profile's variation. */
static gboolean
spend_cost_of_vcpus(Leg *leg, double fixed_s, double vcpu_s)
{
    const StepCosts *costs = leg->migration->hypervisor->costs;
    double total_s = 0;

    for (guint i = 0; i < leg->n_domains; i++) {
        const double mean_s = fixed_s + vcpu_s * leg->domains[i]->vcpus;
        const double cost_s = mean_s * MAX(0.0, 1.0 + costs->variation * random_normal(&leg->migration->costs));
        total_s = costs->overlap ? MAX(total_s, cost_s) : total_s + cost_s;
    }
    return leg_spend(leg, total_s);
}

static gboolean
spend_cost(Leg *leg, double fixed_s)
{
    return spend_cost_of_vcpus(leg, fixed_s, 0);
}

/* What a step of handing over the state of a vTPM among the leg's domains needs. */
static gboolean
spend_on_vtpm(Leg *leg, double (*step_s)(const Domain *vtpm))
{
    for (guint i = 0; i < leg->n_domains; i++) {
        const double needs_s = vtpm_part_is_vtpm(leg->domains[i]) ? step_s(leg->domains[i]) : 0;
        if (needs_s > 0 && !leg_spend(leg, needs_s))
            return FALSE;
    }
    return TRUE;
}

/* ---- the six steps ---- */

#define HANDSHAKE_BYTES 4096.0 /* chosen: one message of a page; below 1 ms on any link that is worth simulating */

static gboolean
pre_migration(Leg *leg)
{
    return leg_send_bytes(leg, HANDSHAKE_BYTES) &&
           spend_cost(leg, leg->migration->hypervisor->costs->pre_migration_s) && leg_union_prepare(leg);
}

/* What parts must have finished, of each of the domains, one after the other. */
static gboolean
wait_for_parts(Leg *leg, double (*left)(Domain *domain))
{
    for (guint i = 0; i < leg->n_domains; i++)
        for (double at_s = left(leg->domains[i]); !isnan(at_s); at_s = left(leg->domains[i]))
            if (!leg_spend(leg, MAX(at_s - world_now(), 0)))
                return FALSE;
    return TRUE;
}

/* Step 2, for what else the domains hold on to: another VM may have taken the last place since the migration began. */
static gboolean
reserve_places(Leg *leg)
{
    Migration *migration = leg->migration;

    for (guint i = 0; i < leg->n_domains; i++)
        if (!part_reserve(leg->domains[i], migration->destination, &migration->refusal))
            return leg_fails(leg, &migration->refusal);
    return TRUE;
}

/* Step 1 of the paper: "memory, CPU and so on". */
static gboolean
reservation(Leg *leg)
{
    const Migration *migration = leg->migration;
    const HostSpec *destination = migration->world->hosts[migration->destination].spec;

    /* Algorithm 2, step 2, which the paper has after the copy: asked here, before anything is sent in vain. A domain
     * that migrates alone needs its configuration as well. */
    const Domain *last = leg->domains[leg->n_domains - 1];
    if (cump_check_separation(!host_spec_lacks_config(destination, leg->domains[0]->name),
                              !host_spec_lacks_config(destination, last->name)) != CUMP_OK)
        return leg_fails(leg, &outcome_no_config);
    for (guint i = 0; i < leg->n_domains; i++)
        if (!domain_reserve(leg->domains[i], migration->destination))
            return leg_fails(leg, &outcome_no_memory);
    if (processors_free_vcpus(migration->world, migration->destination) < 0)
        return leg_fails(leg, &outcome_no_cpu);
    if (!reserve_places(leg) || !spend_on_vtpm(leg, vtpm_part_expect_s))
        return FALSE;
    return spend_cost(leg, migration->hypervisor->costs->reservation_s) && wait_for_parts(leg, part_prepare);
}

static void
wake_waiters(const Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++)
        domain_wake(leg->domains[i]);
}

static gboolean
suspend_domains(Leg *leg)
{
    if (!wait_for_parts(leg, part_drain))
        return FALSE;
    const StepCosts *costs = leg->migration->hypervisor->costs;
    const double start_s = world_now();
    leg_end_step(leg);
    leg_begin_step(leg, STEP_STOP_AND_COPY);
    for (guint i = 0; i < leg->n_domains; i++)
        domain_suspend(leg->domains[i]);
    wake_waiters(leg);
    if (!spend_cost_of_vcpus(leg, costs->suspend_s, costs->suspend_vcpu_s) || !spend_on_vtpm(leg, vtpm_part_lock_s) ||
        !leg_stop_shut_down(leg))
        return FALSE;
    leg->downtime.suspend_s = world_now() - start_s;
    return TRUE;
}

static gboolean hand_over(Leg *leg);

static gboolean
do_copy_action(Leg *leg, const CopyAction *action, const CopyReach *reach)
{
    switch (action->kind) {
    case COPY_SEND:
        return leg_send_pages(leg, action, reach);
    case COPY_SUSPEND:
        return suspend_domains(leg);
    case COPY_SPEED:
        domain_throttle(leg->domains[0], action->speed);
        domain_wake(leg->domains[0]);
        return TRUE;
    case COPY_HAND_OVER:
        return hand_over(leg);
    case COPY_FINISHED:
        break;
    }
    return TRUE;
}

/* The live rounds may have no more time: they end, and the migration does not. */
static void
end_rounds_in_time(Leg *leg)
{
    const TimeUp what = leg_at_time_limit(leg);
    const CopyCommand suspend = {COMMAND_SUSPEND, NAN, STOP_TIME_UP};
    const CopyCommand pull = {COMMAND_POSTCOPY, NAN, STOP_POSTCOPY_TIME_UP};

    if (what == TIME_UP_GIVE_UP || world_now() < leg_time_up_s(leg) - 10 * ENGINE_PRECISION_S)
        return;
    leg->time_is_up = TRUE;
    (void)copier_command(&leg->copier, world_now(), what == TIME_UP_SUSPEND ? &suspend : &pull);
}

/* Steps 3 and 4, and post-copy's pull, run as the copying machine says; the paper's steps 4 to 7. */
static gboolean
run_copier(Leg *leg)
{
    while (leg_goes_on(leg)) {
        orders_take(leg->migration);
        if (world_now() >= leg_give_up_s(leg))
            return leg_fails(leg, &outcome_gave_up);
        end_rounds_in_time(leg);
        const CopyReach reach = leg_reach(leg);
        const CopyAction action = copier_next(&leg->copier, world_now(), &reach);
        if (action.kind == COPY_FINISHED)
            return TRUE;
        if (!do_copy_action(leg, &action, &reach) && !leg_recover(leg))
            return FALSE;
    }
    return FALSE;
}

static gboolean
copy_pages(Leg *leg)
{
    if (!leg_cards_open(leg))
        return leg_fails(leg, &outcome_card_elsewhere);
    leg_threads_enter(leg);
    const gboolean copied = run_copier(leg);
    leg_threads_leave(leg);
    return copied;
}

/* Some machines put the device state into their stream themselves, which then waits for nothing but its bytes. What the
 * destination's card has to do still belongs to the last pages; a pull has begun already (leg_tables.c), and the
 * destination loads its package when that is done. */
static gboolean
send_device_state(Leg *leg, gboolean pull)
{
    const double handed_over_s = world_now();

    if (!leg_wait_for_cards(leg))
        return FALSE;
    const double start_s = pull ? handed_over_s : world_now();
    leg->downtime.pages_s = start_s - leg->step_start_s[STEP_STOP_AND_COPY] - leg->downtime.suspend_s;
    const StopNeeds needs = leg_stop_needs(leg);
    if (needs.save_s > 0 && !leg_spend(leg, needs.save_s))
        return FALSE;
    if (!leg->copier.kind->streams_state && !leg_send_bytes(leg, leg_stop_state_bytes(leg)))
        return FALSE;
    leg->downtime.device_state_s = world_now() - start_s;
    return TRUE;
}

/* A vTPM's state is in its own pages, which arrived with them, or behind the VM's. */
static void
commit_domain(const Leg *leg, guint i)
{
    const Copier *copier = &leg->copier;
    Domain *domain = leg->domains[i];

    domain_commit(domain);
    if (!vtpm_part_is_vtpm(domain))
        return;
    if (!leg_images_include(leg, i) && copier->kind->vtpm_has_gone(copier->machine, leg->migration->hypervisor))
        vtpm_part_receive_all(domain);
    vtpm_part_arrive(domain);
}

/* The destination has everything and may go: from here on it is the domain's home. */
static gboolean
commitment(Leg *leg)
{
    if (!spend_cost(leg, leg->migration->hypervisor->costs->commitment_s) || !leg_send_bytes(leg, HANDSHAKE_BYTES) ||
        !leg_union_arrives(leg) || !spend_on_vtpm(leg, vtpm_part_take_s))
        return FALSE;
    for (guint i = 0; i < leg->n_domains; i++)
        commit_domain(leg, i);
    leg->committed = TRUE;
    wake_waiters(leg);
    leg->downtime.commitment_s = world_now() - leg->step_start_s[STEP_COMMITMENT];
    return TRUE;
}

/* The destination's devices are live before the guest's first instruction: QEMU says that it resumes, and announces the
 * guest (migration.c, process_incoming_migration_bh), while the emulated processor has yet to translate its code. */
static gboolean
keep_what_comes(Leg *leg)
{
    const double live_s = leg->migration->hypervisor->costs->live_s;

    if (!(live_s > 0))
        return TRUE;
    for (guint i = 0; i < leg->n_domains; i++)
        live_begin(leg->domains[i], world_now() + live_s);
    wake_waiters(leg);
    return leg_spend(leg, live_s);
}

static gboolean
resume_domains(Leg *leg)
{
    const StepCosts *costs = leg->migration->hypervisor->costs;
    const double start_s = world_now();

    const double before_s = isnan(costs->live_s) ? costs->resume_s : costs->resume_s - costs->live_s;

    if (!spend_cost_of_vcpus(leg, before_s, costs->resume_vcpu_s) || !leg_spend(leg, leg_stop_needs(leg).load_s) ||
        !leg_stop_boot(leg) || !keep_what_comes(leg))
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
    if (!send_device_state(leg, next == STEP_PULL))
        return FALSE;
    leg_images_verify(leg);
    if (!leg_stop_restore(leg))
        return FALSE;
    leg_end_step(leg);
    leg_begin_step(leg, STEP_COMMITMENT);
    if (!commitment(leg))
        return FALSE;
    leg_end_step(leg);
    leg_begin_step(leg, next);
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
    if (!leg_wait_for_cards(leg))
        return FALSE;
    if (leg->pulling) {
        leg_images_verify_pull(leg);
        leg->pulling = FALSE;
        leg_end_step(leg);
        leg_begin_step(leg, STEP_ACTIVATION);
    } else if (!commit_and_resume(leg, STEP_ACTIVATION)) {
        return FALSE;
    }
    return spend_cost(leg, leg->migration->hypervisor->costs->activation_s);
}

/* Another domain goes first, now that this one has its place. */
static gboolean
move_at_push(Leg *leg)
{
    if (!leg->at_push)
        return TRUE;
    leg_run(leg->at_push);
    if (leg->at_push->outcome != &outcome_completed)
        return leg_fails(leg, leg->at_push->outcome);
    leg->before_push_s = world_now() - leg->step_start_s[STEP_PRECOPY];
    orders_pass_on(leg);
    return TRUE;
}

static gboolean
run_steps(Leg *leg)
{
    leg_begin_step(leg, STEP_PRE_MIGRATION);
    if (!pre_migration(leg))
        return FALSE;
    leg_end_step(leg);
    leg_begin_step(leg, STEP_RESERVATION);
    if (!reservation(leg))
        return FALSE;
    leg_end_step(leg);
    leg_begin_step(leg, STEP_PRECOPY);
    return move_at_push(leg) && copy_pages(leg) && activation(leg);
}

/* ---- one leg ---- */

/* The old instance goes once the guest has run at the destination, even if it was lost there since: it is out of date.
 */
static void
settle(Leg *leg, gboolean completed)
{
    if (completed)
        leg->outcome = &outcome_completed;
    else
        leg_stop_boot_again(leg);
    leg_end_step(leg);
    for (guint i = 0; i < leg->n_domains; i++) {
        if (leg->outcome == &outcome_guest_lost && i == 0)
            domain_lose(leg->domains[i]);
        else if (leg->resumed)
            domain_activate(leg->domains[i]);
        else
            domain_abort(leg->domains[i]);
        part_release(leg->domains[i]);
    }
    leg->end_s = world_now();
    if (!leg->resumed && leg->step >= STEP_STOP_AND_COPY)
        leg->downtime_s = leg->end_s - leg->step_start_s[STEP_STOP_AND_COPY];
    wake_waiters(leg);
}

/* Of the memory of the domains that travel as pages, zero pages too. */
static double
copied_bytes(const Leg *leg)
{
    double bytes = 0;

    for (guint i = 0; i < leg->n_copied; i++)
        bytes += leg->domains[i]->memory_bytes;
    return bytes;
}

static void
start_copier(Leg *leg)
{
    const Migration *migration = leg->migration;
    const HypervisorSpec *hypervisor = migration->hypervisor;
    const CopierGuest guest = {.paravirtual = leg->domains[0]->mode == GUEST_PV,
                               .joint = migration->method == METHOD_JOINT,
                               .shut_down = leg_stop_is_cold(leg),
                               .stopped = leg->within || leg_stop_saves(leg),
                               .with_vtpm = leg_images_carry_vtpm_as_state(leg),
                               .host_pages = leg->domains[0]->host_pages,
                               .vcpus = leg->domains[0]->vcpus,
                               .fault_processors = leg->domains[0]->fault_processors,
                               .memory_bytes = copied_bytes(leg),
                               .state_bytes = leg_stop_needs(leg).state_bytes,
                               .catches_up_s = leg->domains[0]->catches_up_s,
                               .ratio = leg->stream.ratio,
                               .write_bytes =
                                   scenario_guest(migration->world->scenario, migration->vm->name)->write_bytes,
                               .seed = migration->world->seed,
                               .name = migration->name};

    dirty_set_translation(leg->domains[0]->log, world_now(), copier_unlogged_entries(hypervisor));
    copier_init(&leg->copier, hypervisor, &guest, &leg->pages);
    orders_pass_on(leg);
}

void
leg_release_pages(Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++) {
        g_clear_pointer(&leg->images[i], image_free);
        g_clear_pointer(&leg->due[i], g_free);
    }
    g_clear_pointer(&leg->tally, tally_free);
    if (copier_is_set(&leg->copier))
        dirty_set_translation(leg->domains[0]->log, world_now(), 0);
    copier_release_pages(&leg->copier);
}

void
leg_run(Leg *leg)
{
    Migration *migration = leg->migration;
    Leg *around = migration->at_work;

    leg->start_s = world_now();
    leg->measured_Bps = NAN;
    leg_stop_begin(leg);
    leg_images_count_pages(leg);
    leg_images_expect(leg);
    leg_images_gather_pages(leg);
    leg_threads_plan(leg);
    leg->wire_Bps = leg->stream.path.alone_Bps / leg->stream.wire_share;
    start_copier(leg);
    migration->at_work = leg;
    leg->channel = channel_open(migration->world, leg_stop_first_host(migration));
    settle(leg, run_steps(leg));
    migration->at_work = around;
    leg_cards_close(leg);
    channel_close(leg->channel);
    leg_release_pages(leg);
}
