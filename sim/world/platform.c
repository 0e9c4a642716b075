#define _GNU_SOURCE /* memfd_create */
#include "sim/world/platform.h"

#include "sim/world/processors.h"

#include "sim/world/engine.h"

#include <errno.h>
#include <math.h>
#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* The cable's states in order of date; a host's failure is final. */
static GArray *
link_state_changes(const ScenarioSpec *scenario, const LinkSpec *link)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(StateChange));

    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
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

typedef struct {
    const World *world;
    const ScenarioSpec *scenario;
    GArray *fds; /* of int; the files in memory, closed once SimGrid has read them */
    GString *xml;
} PlatformWriter;

static void
append_double(GString *xml, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(xml, g_ascii_dtostr(text, sizeof text, value));
}

/* A file in memory: nothing is left behind by a run that is killed, and no disk is waited for. SimGrid opens it as
 * /proc/self/fd/N. */
static gboolean
write_file(PlatformWriter *writer, const char *name, const char *text, int *fd, GError **error)
{
    const gssize length = (gssize)strlen(text);

    *fd = memfd_create(name, MFD_CLOEXEC);
    if (*fd >= 0)
        g_array_append_val(writer->fds, *fd);
    if (*fd >= 0 && write(*fd, text, (gsize)length) == length)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "no memory for the platform's %s: %s", name,
                g_strerror(errno));
    return FALSE;
}

/* SimGrid refuses to read one state file for two links, so each direction has its own. */
static gboolean
write_state_file(PlatformWriter *writer, const GArray *changes, int *fd, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < changes->len; i++) {
        const StateChange *change = &g_array_index(changes, StateChange, i);
        append_double(text, change->at_s);
        g_string_append(text, change->up ? " 1\n" : " 0\n");
    }
    return write_file(writer, "link states", text->str, fd, error);
}

static gboolean
append_link(PlatformWriter *writer, const char *id, double bandwidth_Bps, double latency_s, const GArray *changes,
            GError **error)
{
    g_string_append_printf(writer->xml, "<link id=\"%s\" bandwidth=\"", id);
    append_double(writer->xml, bandwidth_Bps);
    g_string_append(writer->xml, "Bps\" latency=\"");
    append_double(writer->xml, latency_s);
    g_string_append(writer->xml, "s\"");
    if (changes && changes->len > 0) {
        /* SimGrid looks beside the platform file, which is in /proc/self/fd too; it does not take an absolute path */
        int fd;
        if (!write_state_file(writer, changes, &fd, error))
            return FALSE;
        g_string_append_printf(writer->xml, " state_file=\"%d\"", fd);
    }
    g_string_append(writer->xml, "/>\n");
    return TRUE;
}

static void
append_route(GString *xml, const char *from, const char *to, const char *link_id)
{
    g_string_append_printf(xml, "<route src=\"%s\" dst=\"%s\" symmetrical=\"NO\"><link_ctn id=\"%s\"/></route>\n", from,
                           to, link_id);
}

/* Of a direction: 0, from the first end to the second, or 1. (transfer full) */
static char *
cable_id(const LinkSpec *link, guint direction)
{
    return g_strdup_printf("%s.%s", link->name, direction == 0 ? "out" : "back");
}

static gboolean
append_cable(PlatformWriter *writer, const LinkSpec *link, GString *routes, GError **error)
{
    g_autoptr(GArray) changes = link_state_changes(writer->scenario, link);
    const char *ends[] = {g_array_index(link->ends, char *, 0), g_array_index(link->ends, char *, 1)};

    for (guint direction = 0; direction < 2; direction++) {
        g_autofree char *id = cable_id(link, direction);
        if (!append_link(writer, id, link->bandwidth_Bps * link->efficiency, link->latency_s, changes, error))
            return FALSE;
        append_route(routes, ends[direction], ends[1 - direction], id);
    }
    return TRUE;
}

static gboolean
append_source(PlatformWriter *writer, const PlatformSource *source, GString *routes, GError **error)
{
    g_autofree char *out = g_strconcat(source->name, ":out", NULL);
    g_autofree char *back = g_strconcat(source->name, ":back", NULL);

    append_route(routes, source->name, source->behind, out);
    append_route(routes, source->behind, source->name, back); /* for acknowledgements, with crosstraffic */
    return append_link(writer, out, source->rate_Bps, 0, NULL, error) &&
           append_link(writer, back, source->rate_Bps, 0, NULL, error);
}

static void
append_nodes(PlatformWriter *writer)
{
    const ScenarioSpec *scenario = writer->scenario;

    for (guint i = 0; i < scenario->hosts->len; i++) {
        const HostSpec *host = &g_array_index(scenario->hosts, HostSpec, i);
        g_string_append_printf(writer->xml, "<host id=\"%s\" speed=\"1Gf\" core=\"%d\"/>\n", host->name,
                               (int)host->cores);
    }
    for (guint i = 0; i < n_sources(writer->world); i++)
        g_string_append_printf(writer->xml, "<host id=\"%s\" speed=\"1Gf\"/>\n",
                               g_array_index(writer->world->sources, PlatformSource, i).name);
    for (guint i = 0; i < scenario->switches->len; i++)
        g_string_append_printf(writer->xml, "<router id=\"%s\"/>\n",
                               g_array_index(scenario->switches, SwitchSpec, i).name);
}

static gboolean
append_links_and_routes(PlatformWriter *writer, GError **error)
{
    const ScenarioSpec *scenario = writer->scenario;
    g_autoptr(GString) routes = g_string_new(NULL);

    for (guint i = 0; i < scenario->links->len; i++)
        if (!append_cable(writer, &g_array_index(scenario->links, LinkSpec, i), routes, error))
            return FALSE;
    for (guint i = 0; i < n_sources(writer->world); i++)
        if (!append_source(writer, &g_array_index(writer->world->sources, PlatformSource, i), routes, error))
            return FALSE;
    g_string_append(writer->xml, routes->str);
    return TRUE;
}

static gboolean
write_platform(PlatformWriter *writer, int *fd, GError **error)
{
    g_string_append(writer->xml, "<?xml version='1.0'?>\n"
                                 "<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
                                 "<platform version=\"4.1\">\n<zone id=\"world\" routing=\"DijkstraCache\">\n");
    append_nodes(writer);
    if (!append_links_and_routes(writer, error))
        return FALSE;
    g_string_append(writer->xml, "</zone>\n</platform>\n");
    return write_file(writer, "platform", writer->xml->str, fd, error);
}

static void
close_files(const PlatformWriter *writer)
{
    for (guint i = 0; i < writer->fds->len; i++)
        close(g_array_index(writer->fds, int, i));
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
    world->cable_is_cut = g_new0(gboolean, MAX(2 * links->len, 1));
    world->cable_users = g_new0(guint, MAX(2 * links->len, 1));
    world->cable_users_changed_s = g_new0(double, MAX(2 * links->len, 1));
    world->cable_transfers = g_new0(guint, MAX(2 * links->len, 1));
    for (guint i = 0; i < 2 * links->len; i++) {
        g_autofree char *id = cable_id(&g_array_index(links, LinkSpec, i / 2), i % 2);
        g_hash_table_insert(world->cable_numbers, sg_link_by_name(id), GUINT_TO_POINTER(i));
    }
}

gboolean
platform_load(World *world, GError **error)
{
    g_autoptr(GString) xml = g_string_new(NULL);
    g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
    PlatformWriter writer = {.world = world, .scenario = world->scenario, .fds = fds, .xml = xml};
    int fd;
    const gboolean written = write_platform(&writer, &fd, error);
    if (written) {
        g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
        simgrid_load_platform(path);
    }
    close_files(&writer);
    if (!written)
        return FALSE;
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
