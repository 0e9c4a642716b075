#include "sim/parts/fleet/fleet_part.h"

#include "sim/parts/fleet/fleet_world.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>

/* ---- migrations ---- */

static ProcessorUse
use_since(const ProcessorUse *began, const ProcessorUse *now)
{
    return (ProcessorUse){now->wanted_s - began->wanted_s, now->given_s - began->given_s,
                          now->missed_s - began->missed_s};
}

static void
add_use(ProcessorUse *sum, const ProcessorUse *use)
{
    sum->wanted_s += use->wanted_s;
    sum->given_s += use->given_s;
    sum->missed_s += use->missed_s;
}

static void
count_migrations(FleetWorld *own)
{
    own->migrating_s += own->migrating * (world_now() - own->counted_s);
    own->counted_s = world_now();
}

static gboolean
is_guest(const Domain *domain)
{
    return scenario_guest(domain->world->scenario, domain->name) != NULL;
}

static void
migration_began(Domain *domain, const char *name G_GNUC_UNUSED)
{
    FleetWorld *own = part_of_world(domain->world, &fleet_part);
    FleetGuest *guest = part_of_domain(domain, &fleet_part);

    if (!own || !is_guest(domain))
        return;
    if (!guest)
        part_set_domain(domain, &fleet_part, guest = g_new0(FleetGuest, 1));
    if (guest->migrates)
        return;
    count_migrations(own);
    own->migrating++;
    guest->migrates = TRUE;
    guest->began = processors_use(domain);
}

static void
migration_ended(Domain *domain, const char *name G_GNUC_UNUSED)
{
    FleetWorld *own = part_of_world(domain->world, &fleet_part);
    FleetGuest *guest = own ? part_of_domain(domain, &fleet_part) : NULL;

    if (!guest || !guest->migrates)
        return;
    count_migrations(own);
    own->migrating--;
    guest->migrates = FALSE;
    const ProcessorUse now = processors_use(domain), use = use_since(&guest->began, &now);
    add_use(&guest->of_all, &use);
}

const FleetGuest *
fleet_guest(const Domain *domain)
{
    return part_of_domain(domain, &fleet_part);
}

/* ---- samples ---- */

/* The host's share of the sample: by what held for most of it. */
static void
sample_host(FleetWorld *own, guint host, double lasted_s, FleetSample *sample, double *loads)
{
    const Host *at = &own->world->hosts[host];
    const HostLoad now = host_load(own->world, host), *then = &own->seen[host];
    const double active_s = now.active_s - then->active_s, overloaded_s = now.overloaded_s - then->overloaded_s;
    const double given = (now.given_s - then->given_s) / lasted_s, load = given / (double)at->spec->cores;

    sample->wanted += (now.wanted_s - then->wanted_s) / lasted_s;
    sample->given += given;
    if (at->is_lost)
        sample->lost++;
    else if (!(active_s > 0))
        sample->idle++;
    else if (overloaded_s > lasted_s / 2)
        sample->overloaded++;
    else
        sample->busy++;
    if (active_s > 0) {
        *loads += load;
        sample->load_max = MAX(sample->load_max, load);
    }
    own->seen[host] = now;
}

static void
take_sample(FleetWorld *own)
{
    FleetSample sample = {.from_s = own->sampled_s, .until_s = world_now()};
    const double lasted_s = sample.until_s - sample.from_s;
    double loads = 0;

    for (guint host = 0; host < own->world->n_hosts; host++)
        sample_host(own, host, lasted_s, &sample, &loads);
    const guint64 active = sample.busy + sample.overloaded;
    sample.load_mean = active > 0 ? loads / (double)active : NAN;
    if (active == 0)
        sample.load_max = NAN;
    count_migrations(own);
    sample.migrations = (own->migrating_s - own->migrating_seen_s) / lasted_s;
    own->migrating_seen_s = own->migrating_s;
    own->sampled_s = sample.until_s;
    g_array_append_val(own->samples, sample);
}

static void
take_samples(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    FleetWorld *own = sg_actor_self_get_data();

    for (guint64 i = 1;; i++) {
        guard_pass();
        sg_actor_sleep_until((double)i * own->spec->sample_s);
        take_sample(own);
    }
}

/* ---- the part ---- */

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    const FleetSpec *spec = fleet_keys_of(world->scenario);

    if (!spec)
        return TRUE;
    FleetWorld *own = g_new0(FleetWorld, 1);
    own->world = world;
    own->spec = spec;
    own->seen = g_new0(HostLoad, world->n_hosts);
    own->samples = g_array_new(FALSE, FALSE, sizeof(FleetSample));
    part_set_world(world, &fleet_part, own);
    world->migrations_told_most = spec->list_migrations;
    host_load_start(world, spec->overload);
    return TRUE;
}

static void
start(World *world)
{
    FleetWorld *own = part_of_world(world, &fleet_part);

    if (own)
        world_start_actor("fleet", world->hosts[0].sg, take_samples, own, TRUE);
}

/* The run ends when it ends: the last row is of what is left. */
static void
finish(World *world)
{
    FleetWorld *own = part_of_world(world, &fleet_part);

    if (own && world_now() > own->sampled_s + ENGINE_PRECISION_S)
        take_sample(own);
}

static void
collect(World *world, Result *result)
{
    FleetWorld *own = part_of_world(world, &fleet_part);

    if (own)
        fleet_results_collect(own, result);
}

static void
forget(World *world)
{
    FleetWorld *own = part_of_world(world, &fleet_part);

    if (!own)
        return;
    for (guint i = 0; i < world->domains->len; i++)
        g_free(part_of_domain(g_ptr_array_index(world->domains, i), &fleet_part));
    g_array_unref(own->samples);
    g_free(own->seen);
    g_free(own);
}

const Part fleet_part = {.name = "fleet",
                         .keys = &fleet_keys,
                         .create = create,
                         .start = start,
                         .migration_began = migration_began,
                         .migration_ended = migration_ended,
                         .finish = finish,
                         .collect = collect,
                         .records = fleet_records,
                         .forget = forget};
