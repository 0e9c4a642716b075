#include "sim/parts/datacentre/datacentre_clocks.h"

#include "sim/parts/datacentre/datacentre_decide.h"
#include "sim/parts/datacentre/datacentre_manager.h"
#include "sim/parts/datacentre/datacentre_read.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <simgrid/actor.h>

/* ---- common dates ---- */

static void
watch(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    DatacentreWorld *own = sg_actor_self_get_data();

    for (guint round = 1; own->begun_s + round * own->keys->interval_s < own->ends_s; round++) {
        guard_pass();
        sg_actor_sleep_until(own->begun_s + round * own->keys->interval_s);
        domain_apply_host_failures(own->world);
        datacentre_read(own);
        datacentre_decide(own);
    }
}

static void
manage(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    DatacentreWorld *own = sg_actor_self_get_data();

    for (;;) {
        guard_pass();
        sg_sem_acquire(own->work);
        datacentre_manage(own);
    }
}

/* ---- each host's daemons, at phases of their own (neat/common.py start: execute, then sleep) ---- */

/* While a host sleeps its daemons stand still, and afterwards keep the phase that they had. */
static gboolean
is_awake(const DatacentreDaemon *daemon)
{
    return !datacentre_is_down(daemon->own, g_array_index(daemon->own->hosts, DatacentreHost, daemon->host).host);
}

/* FALSE: the run is over for it. */
static gboolean
sleep_until(const DatacentreDaemon *daemon, double at_s)
{
    if (at_s >= daemon->own->ends_s)
        return FALSE;
    guard_pass();
    sg_actor_sleep_until(at_s);
    return TRUE;
}

/* neat/locals/collector.py */
static void
collect_counters(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const DatacentreDaemon *daemon = sg_actor_self_get_data();
    DatacentreWorld *own = daemon->own;
    const double first_s = world_now() + daemon->reads_after_s;

    for (guint64 round = 0; sleep_until(daemon, first_s + (double)round * own->keys->interval_s); round++) {
        domain_apply_host_failures(own->world);
        if (is_awake(daemon))
            datacentre_read_host(own, daemon->host);
    }
}

/* neat/globals/manager.py: a server of one thread; validate_params refuses what is older than 5 s. */
static void
put_request(const DatacentreDaemon *daemon, const DatacentreAsked *asked)
{
    DatacentreWorld *own = daemon->own;
    const double asked_s = world_now();

    sg_sem_acquire(own->turn);
    if (world_now() - asked_s > own->keys->request_age_s || world_now() >= own->ends_s) {
        own->refused++;
    } else {
        datacentre_answer(own, asked);
        datacentre_manage(own);
    }
    sg_sem_release(own->turn);
}

/* neat/locals/manager.py */
static void
manage_locally(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    const DatacentreDaemon *daemon = sg_actor_self_get_data();
    DatacentreWorld *own = daemon->own;
    double next_s = world_now() + daemon->asks_after_s;

    while (sleep_until(daemon, next_s)) {
        domain_apply_host_failures(own->world);
        const DatacentreAsked asked = datacentre_ask(own, daemon->host);

        if (asked.kind != CONSOLIDATION_NOTHING)
            put_request(daemon, &asked);
        next_s = world_now() + own->keys->interval_s;
    }
}

/* all-start.sh goes through the hosts one after the other, by ssh, which takes about a second (assumed) for each; after
 * the collectors it sleeps for two seconds. */
#define START_OF_ONE_S      1.0
#define BEFORE_THE_MANAGERS 2.0

/* Nothing relates the script's date to that at which the demand for processors began, so that one is drawn. */
static void
start_in_turn(const DatacentreWorld *own, DatacentreDaemon *daemon)
{
    RandomStream stream;

    random_init(&stream, own->world->seed, "daemon-start", datacentre_keys_name(own->keys));
    const double script_s = own->keys->interval_s * random_unit(&stream);

    daemon->reads_after_s = script_s + daemon->host * START_OF_ONE_S;
    daemon->asks_after_s = daemon->reads_after_s + own->hosts->len * START_OF_ONE_S + BEFORE_THE_MANAGERS;
}

static void
start_apart(const DatacentreWorld *own, DatacentreDaemon *daemon, const char *host)
{
    RandomStream stream;

    random_init(&stream, own->world->seed, "daemon-phases", host);
    daemon->reads_after_s = own->keys->interval_s * random_unit(&stream);
    daemon->asks_after_s = own->keys->interval_s * random_unit(&stream);
}

static void
start_daemons(DatacentreWorld *own)
{
    own->turn = sg_sem_init(1);
    own->daemons = g_new(DatacentreDaemon, own->hosts->len);
    for (guint i = 0; i < own->hosts->len; i++) {
        const Host *host = &own->world->hosts[g_array_index(own->hosts, DatacentreHost, i).host];
        DatacentreDaemon *daemon = &own->daemons[i];

        *daemon = (DatacentreDaemon){.own = own, .host = i};
        if (own->keys->phases == DATACENTRE_STARTED_IN_TURN)
            start_in_turn(own, daemon);
        else
            start_apart(own, daemon, host->spec->name);
        world_start_actor("collector", host->sg, collect_counters, daemon, TRUE);
        world_start_actor("local manager", host->sg, manage_locally, daemon, TRUE);
    }
}

void
datacentre_clocks_start(DatacentreWorld *own)
{
    const sg_host_t where = own->world->hosts[g_array_index(own->hosts, DatacentreHost, 0).host].sg;

    if (own->keys->clocks == DATACENTRE_OWN_CLOCKS) {
        start_daemons(own);
        return;
    }
    world_start_actor("consolidation", where, watch, own, TRUE);
    world_start_actor("consolidation manager", where, manage, own, TRUE);
}
