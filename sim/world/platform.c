#include "sim/world/platform.h"

#include "sim/world/engine.h"
#include "sim/world/path.h"
#include "sim/world/platform_files.h"
#include "sim/world/processors.h"

#include <math.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/link.h>
#include <string.h>

/* ---- sources ---- */

typedef struct {
    char *name;   /* owned; of its host */
    char *behind; /* owned; the host whose traffic it is */
    double rate_Bps;
} PlatformSource;

static void
clear_source(gpointer data)
{
    PlatformSource *source = data;

    g_free(source->name);
    g_free(source->behind);
}

void
platform_add_source(World *world, const char *name, const char *behind, double rate_Bps)
{
    const PlatformSource source = {g_strdup(name), g_strdup(behind), rate_Bps};

    if (!world->sources) {
        world->sources = g_array_new(FALSE, FALSE, sizeof(PlatformSource));
        g_array_set_clear_func(world->sources, clear_source);
    }
    g_array_append_val(world->sources, source);
}

void
platform_forget_sources(World *world)
{
    g_clear_pointer(&world->sources, g_array_unref);
}

static guint
n_sources(const World *world)
{
    return world->sources ? world->sources->len : 0;
}

/* ---- dates of failure and repair ---- */

typedef struct {
    double at_s;
    gboolean up;
} StateChange;

/* Whether this action changes the state of the cable, and to what. */
static gboolean
action_changes_link(const ActionSpec *action, const LinkSpec *link, gboolean *up)
{
    switch (action->kind) {
    case ACTION_FAIL_LINK:
    case ACTION_RESTORE_LINK:
        *up = action->kind == ACTION_RESTORE_LINK;
        return g_str_equal(action->link, link->name);
    case ACTION_FAIL_HOST:
        *up = FALSE;
        return link_spec_has_end(link, action->host);
    default:
        return FALSE;
    }
}

/* Of several changes at one date the last one holds: SimGrid refuses a date twice. */
static void
append_change(GArray *changes, StateChange change)
{
    if (changes->len > 0 && g_array_index(changes, StateChange, changes->len - 1).at_s == change.at_s)
        g_array_set_size(changes, changes->len - 1);
    g_array_append_val(changes, change);
}

/* The actions that change any cable, in order of date: few among the migrations of thousands of hosts. */
static GPtrArray *
cutting_actions(const ScenarioSpec *scenario)
{
    GPtrArray *cutting = g_ptr_array_new();

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (action->kind == ACTION_FAIL_LINK || action->kind == ACTION_RESTORE_LINK || action->kind == ACTION_FAIL_HOST)
            g_ptr_array_add(cutting, (gpointer)action);
    }
    return cutting;
}

/* The cable's states in order of date; a host's failure is final. */
static GArray *
link_state_changes(const GPtrArray *cutting, const LinkSpec *link)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(StateChange));

    for (guint i = 0; i < cutting->len; i++) {
        const ActionSpec *action = g_ptr_array_index(cutting, i);
        gboolean up;
        if (!action_changes_link(action, link, &up))
            continue;
        append_change(changes, (StateChange){action->at_s, up});
        if (action->kind == ACTION_FAIL_HOST)
            break;
    }
    return changes;
}

/* ---- the platform file ---- */

/* A switch with the hosts that hang on it alone, or any other host with its sources: a SimGrid zone. SimGrid searches a
 * path only among zones, for which it keeps an array of all of them for each one that sends and walks all cables of a
 * node; inside a zone it looks it up. Were each host searched for, 10,000 hosts on a switch that migrate 100,000 guests
 * would take twice the memory and the time. The path is the same: a host with a single cable is on no other's way. */
typedef struct {
    const char *name; /* of the switch or host; borrowed from the scenario */
    GString *nodes;   /* the zone's hosts, routers and links */
    GString *routes;  /* what must come behind them */
    gboolean is_switch;
} Station;

static void
free_station(gpointer data)
{
    Station *station = data;

    g_string_free(station->nodes, TRUE);
    g_string_free(station->routes, TRUE);
    g_free(station);
}

typedef struct {
    const World *world;
    const ScenarioSpec *scenario;
    GPtrArray *cutting;  /* of const ActionSpec */
    GPtrArray *stations; /* of Station, owned: hosts, then switches, in the scenario's order */
    GHashTable *station; /* name of a switch or host to its Station, a leaf's to its switch's */
    PlatformFiles *files;
    GString *trunks; /* cables between stations */
    GString *routes; /* over them */
} PlatformWriter;

static void
append_double(GString *xml, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(xml, g_ascii_dtostr(text, sizeof text, value));
}

/* SimGrid refuses to read one state file for two links, so each direction has its own. */
static char *
write_state_file(PlatformWriter *writer, const GArray *changes, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < changes->len; i++) {
        const StateChange *change = &g_array_index(changes, StateChange, i);
        append_double(text, change->at_s);
        g_string_append(text, change->up ? " 1\n" : " 0\n");
    }
    return platform_files_add(writer->files, "link states", text->str, error);
}

/* What lets no single transfer have more than one of the cables side by side. */
static void
append_lanes(GString *xml, const char *out, const char *back, double bandwidth_Bps)
{
    static const char lane[] = "<link id=\"%s:lane\" sharing_policy=\"FATPIPE\" bandwidth=\"%sBps\" latency=\"0s\"/>\n";
    char buffer[G_ASCII_DTOSTR_BUF_SIZE], *rate = g_ascii_dtostr(buffer, sizeof buffer, bandwidth_Bps);

    g_string_append_printf(xml, lane, out, rate);
    g_string_append_printf(xml, lane, back, rate);
}

static gboolean
append_link(PlatformWriter *writer, GString *xml, const char *id, double bandwidth_Bps, double latency_s,
            const GArray *changes, GError **error)
{
    g_string_append_printf(xml, "<link id=\"%s\" bandwidth=\"", id);
    append_double(xml, bandwidth_Bps);
    g_string_append(xml, "Bps\" latency=\"");
    append_double(xml, latency_s);
    g_string_append(xml, "s\"");
    if (changes && changes->len > 0) {
        /* SimGrid looks beside the platform file, and does not take an absolute path. */
        g_autofree char *name = write_state_file(writer, changes, error);
        if (!name)
            return FALSE;
        g_string_append_printf(xml, " state_file=\"%s\"", name);
    }
    g_string_append(xml, "/>\n");
    return TRUE;
}

/* Of a direction: 0, from the first end to the second, or 1. (transfer full) */
static char *
cable_id(const LinkSpec *link, guint direction)
{
    return g_strdup_printf("%s.%s", link->name, direction == 0 ? "out" : "back");
}

static void
append_trunk_route(GString *routes, const char *from, const char *to, const char *id, gboolean has_lane)
{
    g_string_append_printf(routes,
                           "<zoneRoute src=\"%s:zone\" dst=\"%s:zone\" gw_src=\"%s\" gw_dst=\"%s\" "
                           "symmetrical=\"NO\">",
                           from, to, from, to);
    if (has_lane)
        g_string_append_printf(routes, "<link_ctn id=\"%s:lane\"/>", id);
    g_string_append_printf(routes, "<link_ctn id=\"%s\"/></zoneRoute>\n", id);
}

/* A leaf sends through one of the two links and receives through the other. */
static void
append_leaf(GString *nodes, const char *leaf, const char *up, const char *down)
{
    g_string_append_printf(nodes, "<host_link id=\"%s\" up=\"%s\" down=\"%s\"/>\n", leaf, up, down);
}

static gboolean
append_cable(PlatformWriter *writer, const LinkSpec *link, GError **error)
{
    g_autoptr(GArray) changes = link_state_changes(writer->cutting, link);
    g_autofree char *out = cable_id(link, 0), *back = cable_id(link, 1);
    const char *first = g_array_index(link->ends, char *, 0), *second = g_array_index(link->ends, char *, 1);
    const Station *of_first = g_hash_table_lookup(writer->station, first);
    const Station *of_second = g_hash_table_lookup(writer->station, second);
    const gboolean is_trunk = of_first != of_second;
    GString *xml = is_trunk ? writer->trunks : of_first->nodes;
    const guint cables = link_spec_cables(link);
    const double bandwidth_Bps = cables * link_spec_goodput_Bps(link);

    if (cables > 1)
        append_lanes(xml, out, back, link_spec_goodput_Bps(link));
    if (!append_link(writer, xml, out, bandwidth_Bps, link->latency_s, changes, error) ||
        !append_link(writer, xml, back, bandwidth_Bps, link->latency_s, changes, error))
        return FALSE;
    if (is_trunk) {
        append_trunk_route(writer->routes, first, second, out, cables > 1);
        append_trunk_route(writer->routes, second, first, back, cables > 1);
    } else if (g_str_equal(second, of_second->name)) {
        append_leaf(xml, first, out, back);
    } else {
        append_leaf(xml, second, back, out);
    }
    return TRUE;
}

static void
append_route(GString *routes, const char *from, const char *to, const char *link_id)
{
    g_string_append_printf(routes, "<route src=\"%s\" dst=\"%s\" symmetrical=\"NO\"><link_ctn id=\"%s\"/></route>\n",
                           from, to, link_id);
}

static gboolean
append_source(PlatformWriter *writer, const PlatformSource *source, GError **error)
{
    g_autofree char *out = g_strconcat(source->name, ":out", NULL);
    g_autofree char *back = g_strconcat(source->name, ":back", NULL);
    const Station *station = g_hash_table_lookup(writer->station, source->behind);

    g_string_append_printf(station->nodes, "<host id=\"%s\" speed=\"1Gf\"/>\n", source->name);
    append_route(station->routes, source->name, source->behind, out);
    append_route(station->routes, source->behind, source->name, back); /* for acknowledgements, with crosstraffic */
    return append_link(writer, station->nodes, out, source->rate_Bps, 0, NULL, error) &&
           append_link(writer, station->nodes, back, source->rate_Bps, 0, NULL, error);
}

static Station *
add_station(PlatformWriter *writer, const char *name, gboolean is_switch)
{
    Station *station = g_new(Station, 1);

    *station = (Station){name, g_string_new(NULL), g_string_new(NULL), is_switch};
    g_ptr_array_add(writer->stations, station);
    g_hash_table_insert(writer->station, (gpointer)name, station);
    return station;
}

/* The switch at the other end of each node's last cable, by the node's name; NULL where there is none, where the other
 * end is a host, or where the node has several cables, for a leaf's route is a single link. */
static GHashTable *
only_switches(const ScenarioSpec *scenario)
{
    g_autoptr(GHashTable) switches = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *only = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < scenario->switches->len; i++)
        g_hash_table_add(switches, g_array_index(scenario->switches, SwitchSpec, i).name);
    for (guint i = 0; i < scenario->links->len; i++) {
        const LinkSpec *link = &g_array_index(scenario->links, LinkSpec, i);
        const gboolean is_single = link_spec_cables(link) == 1;
        for (guint end = 0; end < 2; end++) {
            char *node = g_array_index(link->ends, char *, end), *other = g_array_index(link->ends, char *, 1 - end);
            const gboolean is_first = !g_hash_table_contains(only, node);
            const gboolean hangs = is_first && is_single && g_hash_table_contains(switches, other);
            g_hash_table_insert(only, node, hangs ? other : NULL);
        }
    }
    return only;
}

/* A host that has a cable to a switch, and nothing else, hangs on it; all others are stations. */
static void
make_stations(PlatformWriter *writer)
{
    const ScenarioSpec *scenario = writer->scenario;
    g_autoptr(GHashTable) hangs_on = only_switches(scenario);

    for (guint i = 0; i < n_sources(writer->world); i++)
        g_hash_table_remove(hangs_on, g_array_index(writer->world->sources, PlatformSource, i).behind);
    for (guint i = 0; i < scenario->hosts->len; i++) {
        const char *host = g_array_index(scenario->hosts, HostSpec, i).name;
        if (!g_hash_table_lookup(hangs_on, host))
            add_station(writer, host, FALSE);
    }
    for (guint i = 0; i < scenario->switches->len; i++) {
        const char *name = g_array_index(scenario->switches, SwitchSpec, i).name;
        g_string_append_printf(add_station(writer, name, TRUE)->nodes, "<router id=\"%s\"/>\n", name);
    }
    for (guint i = 0; i < scenario->hosts->len; i++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        char *hub = g_hash_table_lookup(hangs_on, host->name);
        Station *station = g_hash_table_lookup(writer->station, hub ? hub : host->name);
        g_hash_table_insert(writer->station, host->name, station);
        g_string_append_printf(station->nodes, "<host id=\"%s\" speed=\"1Gf\" core=\"%d\"/>\n", host->name,
                               (int)host->cores);
    }
}

static gboolean
append_cables_and_sources(PlatformWriter *writer, GError **error)
{
    const ScenarioSpec *scenario = writer->scenario;

    for (guint i = 0; i < scenario->links->len; i++)
        if (!append_cable(writer, &g_array_index(scenario->links, LinkSpec, i), error))
            return FALSE;
    for (guint i = 0; i < n_sources(writer->world); i++)
        if (!append_source(writer, &g_array_index(writer->world->sources, PlatformSource, i), error))
            return FALSE;
    return TRUE;
}

static char *
write_platform(PlatformWriter *writer, GError **error)
{
    g_autoptr(GString) xml =
        g_string_new("<?xml version='1.0'?>\n"
                     "<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
                     "<platform version=\"4.1\">\n<zone id=\"world\" routing=\"DijkstraCache\">\n");

    make_stations(writer);
    if (!append_cables_and_sources(writer, error))
        return NULL;
    for (guint i = 0; i < writer->stations->len; i++) {
        const Station *station = g_ptr_array_index(writer->stations, i);
        g_string_append_printf(xml, "<zone id=\"%s:zone\" routing=\"%s\">\n%s%s</zone>\n", station->name,
                               station->is_switch ? "Cluster" : "Full", station->nodes->str, station->routes->str);
    }
    g_string_append_printf(xml, "%s%s</zone>\n</platform>\n", writer->trunks->str, writer->routes->str);
    return platform_files_add(writer->files, "platform", xml->str, error);
}

static void
fill_hosts(World *world)
{
    const ScenarioSpec *scenario = world->scenario;

    world->n_hosts = scenario->hosts->len;
    world->hosts = g_new0(Host, world->n_hosts);
    world->hosts_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    world->host_fails_at_s = INFINITY;
    for (guint i = 0; i < world->n_hosts; i++) {
        const HostSpec *spec = &g_array_index(scenario->hosts, HostSpec, i);
        world->hosts[i] = (Host){.spec = spec,
                                 .sg = sg_host_by_name(spec->name),
                                 .free_bytes = spec->memory_bytes - spec->dom0_memory_bytes,
                                 .fails_at_s = INFINITY,
                                 .idle_channels = g_ptr_array_new(),
                                 .residents = g_ptr_array_new(),
                                 .next_domid = 1};
        processors_init(&world->hosts[i]);
        g_hash_table_insert(world->hosts_by_name, spec->name, GUINT_TO_POINTER(i));
    }
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (action->kind != ACTION_FAIL_HOST)
            continue;
        Host *host = &world->hosts[world_host(world, action->host)];
        host->fails_at_s = MIN(host->fails_at_s, action->at_s);
        world->host_fails_at_s = MIN(world->host_fails_at_s, action->at_s);
    }
}

static void
number_cables(World *world)
{
    const GArray *links = world->scenario->links;

    world->cable_numbers = g_hash_table_new(NULL, NULL);
    path_start(world, 2 * links->len);
    for (guint i = 0; i < 2 * links->len; i++) {
        g_autofree char *id = cable_id(&g_array_index(links, LinkSpec, i / 2), i % 2);
        g_hash_table_insert(world->cable_numbers, sg_link_by_name(id), GUINT_TO_POINTER(i));
    }
}

gboolean
platform_load(World *world, GError **error)
{
    g_autoptr(GPtrArray) cutting = cutting_actions(world->scenario);
    g_autoptr(GPtrArray) stations = g_ptr_array_new_with_free_func(free_station);
    g_autoptr(GHashTable) station = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(PlatformFiles) files = platform_files_new("/proc/self/fd");
    g_autoptr(GString) trunks = g_string_new(NULL), routes = g_string_new(NULL);
    PlatformWriter writer = {world, world->scenario, cutting, stations, station, files, trunks, routes};
    g_autofree char *name = write_platform(&writer, error);

    if (!name)
        return FALSE;
    g_autofree char *path = platform_files_path(files, name);
    simgrid_load_platform(path);
    fill_hosts(world);
    number_cables(world);
    return TRUE;
}

gboolean
platform_host_is_up(const World *world, guint host)
{
    return world_now() + ENGINE_PRECISION_S < world->hosts[host].fails_at_s;
}

/* A host's failure is final, and its cables'. */
static gboolean
lost_an_end(const World *world, const LinkSpec *link)
{
    for (guint i = 0; i < world->n_hosts; i++)
        if (link_spec_has_end(link, world->hosts[i].spec->name) && !platform_host_is_up(world, i))
            return TRUE;
    return FALSE;
}

void
platform_note_action(World *world, const ActionSpec *action)
{
    const GArray *links = world->scenario->links;

    for (guint i = 0; i < links->len; i++) {
        const LinkSpec *link = &g_array_index(links, LinkSpec, i);
        gboolean up;
        if (action_changes_link(action, link, &up) && !(up && lost_an_end(world, link)))
            world->cable_is_cut[2 * i] = world->cable_is_cut[2 * i + 1] = !up;
    }
}
