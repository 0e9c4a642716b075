#include "sim/parts/datacentre/datacentre_manager.h"

#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>

static DatacentreHost *
host_at(const DatacentreWorld *own, guint i)
{
    return &g_array_index(own->hosts, DatacentreHost, i);
}

/* ---- sleeping and waking ---- */

static void
set_state(DatacentreHost *host, EnergyState state)
{
    energy_meter_set(&host->meter, world_now(), state, 0);
}

/* All that are to leave, at once. A host that is not empty after all, or to which somebody has come meanwhile, stays
 * awake. */
static void
put_to_sleep(DatacentreWorld *own)
{
    guint suspending = 0;

    for (guint i = 0; i < own->hosts->len; i++) {
        DatacentreHost *host = host_at(own, i);
        const gboolean sleeps = host->leaving && own->keys->sleeps && host->meter.state == ENERGY_ACTIVE &&
                                own->world->hosts[host->host].residents->len == 0;

        host->leaving = FALSE;
        if (sleeps)
            set_state(host, ENERGY_SUSPENDING);
        suspending += sleeps;
    }
    if (!suspending)
        return;
    sg_actor_sleep_for(own->keys->suspend_s);
    for (guint i = 0; i < own->hosts->len; i++)
        if (host_at(own, i)->meter.state == ENERGY_SUSPENDING)
            set_state(host_at(own, i), ENERGY_ASLEEP);
}

/* FALSE: it does not come back, now or before, and nobody is sent to it from now on. */
static gboolean
wake_host(DatacentreWorld *own, guint i)
{
    DatacentreHost *host = host_at(own, i);

    if (host->lost)
        return FALSE;
    if (host->meter.state == ENERGY_ASLEEP) {
        own->wakes++;
        host->awake_s = world_now() + own->keys->resume_s;
        set_state(host, ENERGY_RESUMING);
    }
    if (host->meter.state != ENERGY_RESUMING)
        return TRUE;
    sg_actor_sleep_until(host->awake_s); /* also who finds it on its way, for another migration */
    if (host->meter.state == ENERGY_RESUMING) {
        host->lost = own->keys->wake_fails > 0 && random_unit(&host->wakings) < own->keys->wake_fails;
        own->wakes_lost += host->lost;
        set_state(host, host->lost ? ENERGY_OFF : ENERGY_ACTIVE);
    }
    return !host->lost;
}

/* ---- one migration ---- */

static void
on_end(const MigrationEnd *end, gpointer data)
{
    DatacentreMove *move = data;
    DatacentreVm *vm = g_ptr_array_index(move->own->vms, move->vm);

    move->ended = TRUE;
    move->end_s = world_now();
    move->completed = end->completed;
    move->outcome = end->outcome->word;
    move->downtime_s = end->completed ? end->stopped_s : NAN;
    vm->lost_s += end->stopped_s * vm->domain->cpu_share * vm->domain->vcpus;
    if (end->completed) {
        move->returned = vm->left == (gint)move->to;
        vm->left = (gint)move->from;
    }
    sg_sem_release(move->over);
}

/* It asks at its own dates whether a migration that began with its command has ended (globals/manager.py migrate_vms).
 */
static void
look_until_ended(const DatacentreWorld *own, const DatacentreMove *move)
{
    const double since_s = world_now() - move->turned_s - own->keys->first_look_s;

    if (own->keys->look_every_s > 0)
        sg_actor_sleep_until(move->turned_s + own->keys->first_look_s +
                             MAX(ceil(since_s / own->keys->look_every_s), 0) * own->keys->look_every_s);
}

static void
carry_out(DatacentreWorld *own, DatacentreMove *move)
{
    DatacentreVm *vm = g_ptr_array_index(own->vms, move->vm);

    if (!wake_host(own, move->to)) {
        move->outcome = "no-wake";
        return;
    }
    move->turned_s = world_now();
    if (own->keys->orchestration_s > 0)
        sg_actor_sleep_for(own->keys->orchestration_s);
    guard_pass();
    if (world_now() >= MIN(own->ends_s, host_at(own, move->to)->closes_s)) {
        move->outcome = "not-begun";
        return;
    }
    const MigrationRequest request = {.guest = vm->domain,
                                      .destination = host_at(own, move->to)->host,
                                      .method = vtpm_part_of(vm->domain) ? METHOD_JOINT : METHOD_VM,
                                      .hypervisor = own->keys->hypervisor,
                                      .ended = on_end,
                                      .data = move};

    move->over = sg_sem_init(0);
    move->begun = TRUE;
    move->start_s = world_now();
    request_migration(own->world, &request);
    sg_sem_acquire(move->over);
    look_until_ended(own, move);
    move->known_s = world_now();
}

/* ---- the manager: all that was decided, so many at a time ---- */

static void
carry_out_apart(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    DatacentreMove *move = sg_actor_self_get_data();
    DatacentreWorld *own = move->own;

    carry_out(own, move);
    own->at_work--;
    host_at(own, move->from)->at_work--;
    host_at(own, move->to)->at_work--;
    sg_sem_release(own->freed);
}

static gboolean
has_room(const DatacentreWorld *own, const DatacentreMove *move)
{
    const guint most = own->keys->at_once_of_host;

    return own->at_work < own->keys->at_once &&
           (most == 0 || (host_at(own, move->from)->at_work < most && host_at(own, move->to)->at_work < most));
}

static void
begin(DatacentreWorld *own, DatacentreMove *move)
{
    own->at_work++;
    host_at(own, move->from)->at_work++;
    host_at(own, move->to)->at_work++;
    world_start_actor("consolidation worker", own->world->hosts[host_at(own, move->from)->host].sg, carry_out_apart,
                      move, TRUE);
}

/* In their order, but one that waits for a host does not keep those behind it from beginning. */
static void
carry_out_together(DatacentreWorld *own)
{
    g_autoptr(GPtrArray) waiting = g_ptr_array_new();

    while (own->next < own->moves->len)
        g_ptr_array_add(waiting, g_ptr_array_index(own->moves, own->next++));
    while (waiting->len > 0 || own->at_work > 0) {
        guint kept = 0;

        for (guint i = 0; i < waiting->len; i++) {
            if (has_room(own, waiting->pdata[i]))
                begin(own, waiting->pdata[i]);
            else
                waiting->pdata[kept++] = waiting->pdata[i];
        }
        g_ptr_array_set_size(waiting, (gint)kept);
        sg_sem_acquire(own->freed);
    }
}

void
datacentre_manage(DatacentreWorld *own)
{
    own->plan = own->next;
    if (own->keys->at_once > 1)
        carry_out_together(own);
    while (own->next < own->moves->len)
        carry_out(own, g_ptr_array_index(own->moves, own->next++));
    put_to_sleep(own);
    own->busy = FALSE;
}
