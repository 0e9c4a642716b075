#include "sim/parts/migration/leg_stop.h"

#include "sim/parts/migration/leg_stream.h"
#include "sim/parts/migration/leg_threads.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"

#include <math.h>
#include <simgrid/actor.h>

gboolean
leg_stop_is_cold(const Leg *leg)
{
    return leg->migration->method == METHOD_COLD;
}

gboolean
leg_stop_saves(const Leg *leg)
{
    return leg->migration->method == METHOD_SAVE_RESTORE;
}

/* A guest that boots finds devices of its own. */
StopNeeds
leg_stop_needs(const Leg *leg)
{
    StopNeeds sum = {0};

    for (guint i = 0; i < leg->n_domains && !leg_stop_is_cold(leg); i++) {
        const StopNeeds needs = part_stop_needs(leg->domains[i]);
        sum.state_bytes += needs.state_bytes;
        sum.save_s += needs.save_s;
        sum.load_s += needs.load_s;
    }
    return sum;
}

double
leg_stop_state_bytes(const Leg *leg)
{
    if (leg_stop_is_cold(leg))
        return leg->n_domains > 1 ? vtpm_part_state_bytes(leg->domains[1]) : 0;
    return leg->migration->hypervisor->device_state_bytes * leg->n_domains + leg_stop_needs(leg).state_bytes;
}

/* ---- cold ---- */

gboolean
leg_stop_shut_down(Leg *leg)
{
    return !leg_stop_is_cold(leg) || leg_spend(leg, leg->migration->stops.shutdown_s);
}

/* Whatever the guest had in its memory is gone: what it does begins anew. */
static void
begin_anew(const Leg *leg)
{
    Domain *guest = leg->domains[0];
    const Workload workload = *dirty_workload(guest->log);

    domain_set_workload(guest, &workload);
}

gboolean
leg_stop_boot(Leg *leg)
{
    if (!leg_stop_is_cold(leg))
        return TRUE;
    if (!leg_spend(leg, leg->migration->stops.boot_s))
        return FALSE;
    begin_anew(leg);
    return TRUE;
}

void
leg_stop_boot_again(Leg *leg)
{
    const Migration *migration = leg->migration;
    const Host *source = &migration->world->hosts[migration->source];
    const double booted_s = world_now() + migration->stops.boot_s;

    if (!leg_stop_is_cold(leg) || leg->step < STEP_STOP_AND_COPY || leg->resumed || source->is_lost)
        return;
    sg_actor_sleep_until(MIN(booted_s, source->fails_at_s));
    domain_apply_host_failures(migration->world);
    if (!source->is_lost)
        begin_anew(leg);
}

/* ---- save and restore ---- */

guint
leg_stop_first_host(const Migration *migration)
{
    return migration->method == METHOD_SAVE_RESTORE ? migration->stops.through : migration->destination;
}

static double
or_unlimited(double rate_Bps)
{
    return rate_Bps > 0 ? rate_Bps : INFINITY;
}

void
leg_stop_begin(Leg *leg)
{
    leg->storage_Bps = leg_stop_saves(leg) ? or_unlimited(leg->migration->stops.write_Bps) : INFINITY;
}

/* From here on the storage's host sends. */
static void
turn_to_destination(Leg *leg)
{
    Migration *migration = leg->migration;
    World *world = migration->world;

    channel_close(leg->channel);
    path_leave(world, migration->path, leg->stream.flows);
    migration->path = path_between(world, migration->stops.through, migration->destination);
    leg_threads_plan(leg);
    path_join(world, migration->path, leg->stream.flows);
    leg->measured_Bps = NAN;
    leg->storage_Bps = or_unlimited(migration->stops.read_Bps);
    leg->channel = channel_open(world, migration->destination);
    sg_actor_set_host(sg_actor_self(), world->hosts[migration->stops.through].sg);
}

/* All that was written to it. */
static double
file_bytes(const Leg *leg)
{
    return copier_totals(&leg->copier).bytes + (leg->copier.kind->streams_state ? 0 : leg_stop_state_bytes(leg));
}

/* As one stream, which may take as long as it takes. */
static gboolean
read_file(Leg *leg)
{
    const CopyReach reach = leg_reach(leg);
    const double bytes = file_bytes(leg);
    const CopyAction action = {.kind = COPY_SEND, .bytes = bytes, .until_s = world_now() + bytes / reach.alone_Bps};

    return leg_send_pages(leg, &action, &reach);
}

gboolean
leg_stop_restore(Leg *leg)
{
    if (!leg_stop_saves(leg))
        return TRUE;
    leg_end_step(leg);
    leg_begin_step(leg, STEP_RESTORE);
    turn_to_destination(leg);
    if (!read_file(leg))
        return FALSE;
    leg->restored = TRUE;
    leg->downtime.restore_s = world_now() - leg->step_start_s[STEP_RESTORE];
    return TRUE;
}
