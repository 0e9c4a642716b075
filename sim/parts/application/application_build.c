/* From the scenario's applications to graphs of the model. */
#include "sim/parts/application/application_world.h"

#include "sim/parts/card/card_part.h"
#include "sim/parts/network/network_part.h"
#include "sim/world/domain.h"

#include <math.h>

#define UNWATCHED_S 1e12 /* a vTPM that is called has no series of its own: a bin that no run fills */

static void
free_application(gpointer data)
{
    Application *application = data;

    g_ptr_array_unref(application->dependents);
    g_free(application);
}

void
application_world_free(ApplicationWorld *own)
{
    g_ptr_array_unref(own->socket_calls);
    g_array_unref(own->tickets);
    g_ptr_array_unref(own->card_calls);
    g_ptr_array_unref(own->card_graphs);
    g_ptr_array_unref(own->of_domains);
    g_ptr_array_unref(own->applications);
    g_ptr_array_unref(own->graphs);
    g_free(own);
}

/* One of the two names is NULL. */
static Application *
find(const ApplicationWorld *own, const char *application, const char *vtpm)
{
    for (guint i = 0; i < own->applications->len; i++) {
        Application *found = g_ptr_array_index(own->applications, i);
        if (found->spec ? g_strcmp0(found->spec->name, application) == 0 : g_strcmp0(found->vtpm->name, vtpm) == 0)
            return found;
    }
    return NULL;
}

/* ---- which belong together ---- */

/* Whom number c of its calls is made to; NULL: to a card. */
static Application *
callee_of(const ApplicationWorld *own, const Application *application, guint c)
{
    const ApplicationCallSpec *call = &g_array_index(application->spec->calls, ApplicationCallSpec, c);

    return call->card ? NULL : find(own, call->application, call->vtpm);
}

static guint
n_calls(const Application *application)
{
    return application->spec ? application->spec->calls->len : 0;
}

static Application *
add(ApplicationWorld *own, const ApplicationSpec *spec, const VtpmSpec *vtpm)
{
    Application *application = g_new0(Application, 1);

    application->spec = spec;
    application->vtpm = vtpm;
    application->world = own->world;
    application->domain = world_domain(own->world, spec ? spec->guest : vtpm->name);
    application->dependents = g_ptr_array_new();
    g_ptr_array_add(own->applications, application);
    return application;
}

static void
add_all(ApplicationWorld *own)
{
    const GArray *specs = application_keys_of(own->world->scenario)->applications;

    for (guint i = 0; i < specs->len; i++)
        add(own, &g_array_index(specs, ApplicationSpec, i), NULL);
    for (guint i = 0; i < specs->len; i++) {
        const ApplicationSpec *spec = &g_array_index(specs, ApplicationSpec, i);
        g_autoptr(GHashTable) by_vm = spec->calls->len > 0 ? vtpm_keys_by_vm(own->world->scenario) : NULL;
        for (guint c = 0; c < spec->calls->len; c++) {
            const ApplicationCallSpec *call = &g_array_index(spec->calls, ApplicationCallSpec, c);
            if (call->vtpm && !find(own, NULL, call->vtpm))
                add(own, NULL, g_hash_table_lookup(by_vm, spec->guest));
        }
    }
}

/* Who called it, and whoever waits for these; each once. */
static void
add_dependent(Application *application, Application *dependent)
{
    if (!g_ptr_array_find(application->dependents, dependent, NULL))
        g_ptr_array_add(application->dependents, dependent);
}

static void
note_dependent(const ApplicationWorld *own, Application *called_for, Application *application)
{
    if (g_ptr_array_find(application->dependents, called_for, NULL))
        return;
    add_dependent(application, called_for);
    for (guint c = 0; c < n_calls(application); c++) {
        Application *callee = callee_of(own, application, c);
        if (callee)
            note_dependent(own, called_for, callee);
    }
}

/* ---- graphs ---- */

static AppSetting
setting_of(const Application *application)
{
    const ScenarioSpec *scenario = application->world->scenario;
    const ApplicationSpec *spec = application->spec;
    AppSetting setting = {.bin_s = UNWATCHED_S, .batch_s = UNWATCHED_S};

    setting.limit = G_MAXUINT;
    if (!spec) {
        setting.name = application->vtpm->name;
        setting.load.kind = APP_LOAD_NONE;
        setting.service = (AppTimeLaw){APP_TIME_CONSTANT, .mean_s = application->vtpm->service_s};
        setting.servers = 1;
        setting.waits = APP_WAITS_QUEUE; /* the front end keeps the command */
        return setting;
    }
    setting.bin_s = spec->bin_s;
    setting.warm_up_s = spec->warm_up_s;
    setting.batch_s = spec->batch_s;
    setting.name = spec->name;
    setting.load = application_keys_load(spec->load);
    setting.service = application_keys_law(spec->service);
    setting.servers = application_keys_servers(scenario, spec);
    setting.discipline = spec->discipline;
    if (spec->queue >= 0)
        setting.limit = (guint)spec->queue;
    setting.waits = spec->waits;
    setting.round_trip_s = isnan(spec->round_trip_s) ? network_rtt_s(application->world) : spec->round_trip_s;
    setting.timer = tcp_timer_default(setting.round_trip_s);
    setting.timer.tail_loss_probe = spec->tail_loss_probe;
    return setting;
}

/* It, all it calls and all that call it are one graph. */
static void
join_graph(const ApplicationWorld *own, Application *application, AppGraph *graph)
{
    if (application->graph)
        return;
    const AppSetting setting = setting_of(application);
    application->graph = graph;
    application->index = appgraph_add(graph, &setting);
    for (guint c = 0; c < n_calls(application); c++) {
        Application *callee = callee_of(own, application, c);
        if (callee)
            join_graph(own, callee, graph);
    }
    for (guint i = 0; i < application->dependents->len; i++)
        join_graph(own, g_ptr_array_index(application->dependents, i), graph);
}

static void
add_calls(ApplicationWorld *own, const Application *application)
{
    for (guint c = 0; c < n_calls(application); c++) {
        const ApplicationCallSpec *call = &g_array_index(application->spec->calls, ApplicationCallSpec, c);
        if (call->card)
            application_cards_add(own, application, call->card);
        else if (call->over)
            application_sockets_add(own, application, callee_of(own, application, c), call->over);
        else
            (void)appgraph_add_call(application->graph, application->index, callee_of(own, application, c)->index,
                                    call->round_trip_s);
    }
}

ApplicationWorld *
application_build(World *world)
{
    ApplicationWorld *own = g_new0(ApplicationWorld, 1);

    own->world = world;
    own->graphs = g_ptr_array_new_with_free_func((GDestroyNotify)appgraph_free);
    own->applications = g_ptr_array_new_with_free_func(free_application);
    own->of_domains = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    own->cards = card_part_world(world);
    own->card_graphs = g_ptr_array_new();
    own->card_calls = g_ptr_array_new_with_free_func(g_free);
    own->tickets = g_array_new(FALSE, FALSE, sizeof(ApplicationTicket));
    own->ticket_free = CARD_OWN;
    own->socket_calls = g_ptr_array_new_with_free_func(g_free);
    add_all(own);
    for (guint i = 0; i < own->applications->len; i++)
        note_dependent(own, g_ptr_array_index(own->applications, i), g_ptr_array_index(own->applications, i));
    for (guint i = 0; i < own->applications->len; i++) {
        Application *application = g_ptr_array_index(own->applications, i);
        if (application->graph)
            continue;
        AppGraph *graph = appgraph_new(world->seed);
        g_ptr_array_add(own->graphs, graph);
        join_graph(own, application, graph);
    }
    for (guint i = 0; i < own->applications->len; i++)
        add_calls(own, g_ptr_array_index(own->applications, i));
    return own;
}
