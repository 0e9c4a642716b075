#include "sim/parts/application/application_part.h"

#include "sim/parts/application/application_results.h"
#include "sim/parts/card/card_call.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"
#include "sim/world/processors.h"
#include "sim/world/table_check.h"

#include <math.h>

/* NULL: the scenario has none. */
static ApplicationWorld *
own_of(const World *world)
{
    return part_of_world(world, &application_part);
}

/* NULL: none hangs on the domain. */
static GPtrArray *
applications_of(const Domain *domain)
{
    return part_of_domain(domain, &application_part);
}

/* ---- from begin to end ---- */

static void
join_domain(ApplicationWorld *own, Domain *domain, Application *application)
{
    GPtrArray *applications = applications_of(domain);

    if (!applications) {
        applications = g_ptr_array_new();
        g_ptr_array_add(own->of_domains, applications);
        part_set_domain(domain, &application_part, applications);
        processors_follow(domain, application_guest_told_speed, applications);
    }
    g_ptr_array_add(applications, application);
}

/* Whether a vTPM is available hangs on its VM too. */
static void
join_domains(ApplicationWorld *own, Application *application)
{
    join_domain(own, application->domain, application);
    if (application->vtpm)
        join_domain(own, world_domain(own->world, application->vtpm->vm), application);
}

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    if (application_keys_of(world->scenario)->applications->len == 0)
        return TRUE;
    ApplicationWorld *own = application_build(world);
    part_set_world(world, &application_part, own);
    for (guint i = 0; i < own->applications->len; i++)
        join_domains(own, g_ptr_array_index(own->applications, i));
    return TRUE;
}

static void
start(World *world)
{
    ApplicationWorld *own = own_of(world);

    if (!own)
        return;
    for (guint i = 0; i < own->applications->len; i++)
        application_guest_start(g_ptr_array_index(own->applications, i));
    application_sockets_start(own);
}

void
application_advance(World *world, AppGraph *graph)
{
    const ApplicationWorld *own = own_of(world);

    if (g_ptr_array_find(own->card_graphs, graph, NULL))
        card_call_advance(own->cards, world_now());
    else
        appgraph_advance(graph, world_now());
    if (appgraph_fault(graph) && guard_goes_on())
        guard_stop(GUARD_ERROR_TOO_LARGE, "/applications: %s at %.10g s, expected a smaller load or a shorter run",
                   appgraph_fault(graph), appgraph_now_s(graph));
}

/* ---- what happens to the guests ---- */

/* What is a vTPM's and its VM's changes at one date, domain by domain: looked at when both have. */
static void
look(const Domain *domain, gboolean vtpms)
{
    const GPtrArray *applications = applications_of(domain);

    for (guint i = 0; applications && i < applications->len; i++) {
        Application *application = g_ptr_array_index(applications, i);
        if (vtpms || !application->vtpm)
            application_guest_look(application);
    }
}

static void
notice(Domain *domain)
{
    const ApplicationWorld *own = own_of(domain->world);

    if (own)
        application_sockets_look(own, domain);
    look(domain, FALSE);
}

static void
wake(Domain *domain)
{
    look(domain, TRUE);
}

static void
note_migration(const Domain *domain, gboolean begins)
{
    const GPtrArray *applications = applications_of(domain);

    for (guint i = 0; applications && i < applications->len; i++) {
        Application *application = g_ptr_array_index(applications, i);
        application_guest_note_migration(application, begins);
        application_writes_note_migration(application, begins);
    }
}

static void
migration_began(Domain *domain, const char *name G_GNUC_UNUSED)
{
    note_migration(domain, TRUE);
}

static void
migration_ended(Domain *domain, const char *name G_GNUC_UNUSED)
{
    note_migration(domain, FALSE);
}

/* Nothing is left to be done, but it is the last moment before the stop. */
static double
drain(Domain *domain)
{
    const GPtrArray *applications = applications_of(domain);

    for (guint i = 0; applications && i < applications->len; i++) {
        const Application *application = g_ptr_array_index(applications, i);
        if (application->domain == domain)
            application_guest_answers(application);
    }
    return NAN;
}

static gboolean
writes_pages(const Domain *domain)
{
    const GPtrArray *applications = applications_of(domain);

    for (guint i = 0; applications && i < applications->len; i++) {
        const Application *application = g_ptr_array_index(applications, i);
        if (application->domain == domain && application_writes_pages(application))
            return TRUE;
    }
    return FALSE;
}

/* ---- the end ---- */

/* A run goes on to its last migration's end, which nobody knows beforehand: a series must not fill memory. */
static void
check_room(const Application *application)
{
    if (appgraph_log(application->graph, application->index)->overflowed && guard_goes_on())
        guard_stop(GUARD_ERROR_TOO_LARGE,
                   "application %s: its series has more than %d rows, expected a longer bin or a shorter run",
                   application->spec->name, APPLOG_BINS_MAX);
}

static void
finish(World *world)
{
    ApplicationWorld *own = own_of(world);

    for (guint i = 0; own && i < own->graphs->len; i++) {
        AppGraph *graph = g_ptr_array_index(own->graphs, i);
        application_advance(world, graph);
        appgraph_finish(graph);
    }
    for (guint i = 0; own && i < own->applications->len; i++)
        check_room(g_ptr_array_index(own->applications, i));
}

static void
check_tables(World *world)
{
    const ApplicationWorld *own = own_of(world);

    if (own && own->card_calls->len > 0)
        table_check_note(world, "application", "calls to cards", application_cards_fault(own));
    for (guint i = 0; own && i < own->applications->len; i++) {
        const Application *application = g_ptr_array_index(own->applications, i);
        if (application->spec)
            table_check_note(world, "application", application->spec->name, application_results_fault(application));
    }
}

static void
collect(World *world, Result *result)
{
    const ApplicationWorld *own = own_of(world);

    if (own)
        application_results_collect(own, result);
}

static void
trace(World *world, Trace *to)
{
    const ApplicationWorld *own = own_of(world);

    if (own)
        application_results_trace(own, to);
}

static void
forget(World *world)
{
    ApplicationWorld *own = own_of(world);

    if (own)
        application_world_free(own);
}

const Part application_part = {"application",
                               .keys = &application_keys,
                               .create = create,
                               .start = start,
                               .notice = notice,
                               .wake = wake,
                               .migration_began = migration_began,
                               .migration_ended = migration_ended,
                               .drain = drain,
                               .writes_pages = writes_pages,
                               .finish = finish,
                               .check_tables = check_tables,
                               .collect = collect,
                               .records = application_records,
                               .trace = trace,
                               .forget = forget};
