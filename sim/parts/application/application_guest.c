/* What becomes of an application's guest, told to the model with dates. */
#include "sim/parts/application/application_world.h"

#include "sim/parts/network/network_part.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/live.h"
#include "sim/world/processors.h"

#include <math.h>
#include <simgrid/actor.h>

/* Other applications reach whoever runs; clients, whom the network leads to (a scenario without one: the same). */
gboolean
application_reachable(const Application *application)
{
    if (application->vtpm)
        return vtpm_part_serves(application->domain);
    if (!application->has_clients)
        return domain_is_running(application->domain);
    return network_delivers(application->world, application->place, application->domain);
}

void
application_guest_answers(const Application *application)
{
    if (application->has_clients)
        (void)network_delivers(application->world, application->place, application->domain);
}

void
application_guest_told_speed(double at_s, double speed, gpointer data)
{
    const GPtrArray *applications = data;

    for (guint i = 0; i < applications->len; i++) {
        const Application *application = g_ptr_array_index(applications, i);
        if (application->spec)
            appgraph_set_speed(application->graph, application->index, at_s, speed);
    }
}

static void
note_stop(const Application *application, gboolean stops)
{
    for (guint i = 0; i < application->dependents->len; i++) {
        const Application *dependent = g_ptr_array_index(application->dependents, i);
        appgraph_note_stop(dependent->graph, dependent->index, world_now(), stops);
    }
}

/* A vTPM works when it is available; an application's speed is told by its guest. */
static void
set_reachable(Application *application, gboolean reachable)
{
    application->reachable = reachable;
    if (application->vtpm)
        appgraph_set_speed(application->graph, application->index, world_now(), reachable ? 1 : 0);
    appgraph_set_reachable(application->graph, application->index, world_now(), reachable);
}

/* A guest that was not created yet disturbs nobody. */
void
application_guest_start(Application *application)
{
    application->reachable = TRUE;
    application->has_clients = application->spec && application->spec->load->kind != APP_LOAD_NONE;
    if (application->has_clients) {
        application->place = network_place(application->world, application->spec->at);
        network_add_client(application->world, application->place, application->domain);
    }
    application->ran = application_reachable(application);
    if (!application->ran)
        set_reachable(application, FALSE);
    if (application->spec)
        appgraph_set_speed(application->graph, application->index, world_now(),
                           processors_domain_speed(application->domain));
}

static void
look_later(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Application *application = sg_actor_self_get_data();

    guard_pass();
    sg_actor_sleep_until(application->looks_s + ENGINE_PRECISION_S); /* which a sleep may end early by */
    application->looks_s = -INFINITY;
    application_guest_look(application);
}

/* The guest runs, and its clients do not find it: until something is learnt, or forgotten. */
static void
await_network(Application *application)
{
    const double next_s = network_next_change_s(application->world, application->place, application->domain);
    const gboolean is_awaited = application->looks_s > world_now() && application->looks_s <= next_s;

    if (isinf(next_s) || is_awaited)
        return;
    application->looks_s = next_s;
    world_start_actor(application->spec->name, application->world->hosts[domain_host(application->domain)].sg,
                      look_later, application, TRUE);
}

void
application_guest_look(Application *application)
{
    const gboolean reachable = application_reachable(application);

    if (reachable != application->reachable) {
        set_reachable(application, reachable);
        if (application->ran)
            note_stop(application, !reachable);
        application->ran = TRUE;
    }
    if (application->has_clients && !reachable && live_is(application->domain))
        await_network(application);
    if (domain_is_gone(application->domain) && !application->gone) {
        application->gone = TRUE;
        appgraph_lose(application->graph, application->index, world_now());
    }
}

void
application_guest_note_migration(Application *application, gboolean begins)
{
    for (guint i = 0; i < application->dependents->len; i++) {
        const Application *dependent = g_ptr_array_index(application->dependents, i);
        appgraph_note_migration(dependent->graph, dependent->index, world_now(), begins);
    }
}
