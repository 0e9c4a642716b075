/* Requests write pages: while a guest migrates, the rate of its workload follows its applications.
 *
 * The guest's workload says where pages are written and what is written at rest; to its rate is added what requests
 * write, r = w served / guest time, over the interval that has passed. So the law of the workload stays what it is
 * (independent Poisson writes), and its rate is right on the average of two intervals. While no migration looks at the
 * pages, nobody needs the rate.
 */
#include "sim/parts/application/application_world.h"

#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>

#define INTERVAL_S 0.1 /* chosen: a few of them in a round of a second, and 10 wake-ups a second for each migration */

gboolean
application_writes_pages(const Application *application)
{
    return application->spec ? application->spec->writes > 0 : application->vtpm->pages_per_command > 0;
}

/* ---- guests ---- */

/* Somebody else has set a workload meanwhile: it is what the guest writes at rest from now on. */
static void
take_base(Application *application)
{
    const DirtyLog *log = application->domain->log;

    if (application->workload > 0 && dirty_workload_number(log) == application->workload)
        return;
    application->base = *dirty_workload(log);
}

/* By all applications of its guest. */
static void
set_rate(Application *application, guint64 served, double guest_s)
{
    Workload workload = application->base;

    if (!workload_is_drawn(workload.kind) || guest_s <= 0)
        return;
    workload.rate_pages_s += application->spec->writes * (double)served / guest_s;
    domain_set_workload(application->domain, &workload);
    application->workload = dirty_workload_number(application->domain->log);
}

static void
follow_guest(Application *application)
{
    const double guest_s = dirty_guest_s(application->domain->log, world_now());
    const guint64 served = appgraph_served(application->graph, application->index);

    if (guest_s - application->guest_s < INTERVAL_S / 100 && application->workload > 0)
        return; /* it stood still: the next interval tells more */
    take_base(application);
    set_rate(application, served - application->served, guest_s - application->guest_s);
    application->served = served;
    application->guest_s = guest_s;
}

/* ---- vTPMs ---- */

/* A command writes the instance's first pages, so that it does not matter how many there were. */
static void
follow_vtpm(Application *application)
{
    const Domain *vtpm = application->domain;
    const guint64 served = appgraph_served(application->graph, application->index);

    for (gint64 page = 0; served > application->served && page < application->vtpm->pages_per_command; page++)
        if ((guint64)page < vtpm->pages)
            dirty_write(vtpm->log, world_now(), (guint64)page);
    application->served = served;
}

static void
follow(Application *application)
{
    application_advance(application->world, application->graph);
    if (application->spec)
        follow_guest(application);
    else
        follow_vtpm(application);
}

/* ---- migrations ---- */

/* As long as the guest migrates. */
static void
run_writer(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Application *application = sg_actor_self_get_data();

    while (application->migrations > 0) {
        guard_pass();
        sg_actor_sleep_for(INTERVAL_S);
        if (application->migrations > 0)
            follow(application);
    }
    application->followed = FALSE;
}

/* What it wrote before is what it writes at rest, again. */
static void
restore_base(Application *application)
{
    DirtyLog *log = application->domain->log;

    if (application->workload > 0 && dirty_workload_number(log) == application->workload)
        domain_set_workload(application->domain, &application->base);
    application->workload = 0;
}

/* The rate of all the time before is that at which the first migration begins. */
void
application_writes_note_migration(Application *application, gboolean begins)
{
    const World *world = application->world;

    if (!application_writes_pages(application))
        return;
    application->migrations += begins ? 1 : -1;
    if (!begins) {
        if (application->migrations == 0)
            restore_base(application);
        return;
    }
    follow(application);
    if (application->followed)
        return;
    application->followed = TRUE;
    world_start_actor("pages of requests", world->hosts[0].sg, run_writer, application, TRUE);
}
