/* What becomes of an application's guest, told to the model with dates. */
#include "sim/parts/application/application_world.h"

#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/processors.h"

/* Where the network is not modelled, frames reach whoever runs. */
gboolean
application_reachable(const Application *application)
{
    return application->vtpm ? vtpm_part_serves(application->domain) : domain_is_running(application->domain);
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
    application->ran = application_reachable(application);
    if (!application->ran)
        set_reachable(application, FALSE);
    if (application->spec)
        appgraph_set_speed(application->graph, application->index, world_now(),
                           processors_domain_speed(application->domain));
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
