#include "sim/parts/network/network_part.h"

#include "sim/parts/network/network_check.h"
#include "sim/parts/network/network_results.h"
#include "sim/world/domain.h"
#include "sim/world/guard.h"
#include "sim/world/live.h"
#include "sim/world/table_check.h"

#include <math.h>

#ifdef __SANITIZE_ADDRESS__
#define EVENTS_MAX 20000000u
#else
#define EVENTS_MAX 1000000000u /* chosen: some minutes of work, a client that asks each 10 ms for four months */
#endif

/* What the model knows of a guest. */
typedef struct {
    guint number; /* in the model */
    gboolean runs;
    guint host;
} NetworkGuest;

typedef struct {
    ClientNet *net;      /* owned */
    GPtrArray *guests;   /* owned, of owned NetworkGuest */
    GHashTable *numbers; /* owned; of hosts and switches, by name */
} NetworkWorld;

/* NULL: there is no client network. */
static NetworkWorld *
own_of(const World *world)
{
    return part_of_world(world, &network_part);
}

/* ---- building ---- */

static void
set_tables(Fabric *fabric, const ClientNetworkSpec *spec, guint hosts)
{
    for (guint i = 0; i < hosts; i++)
        fabric_set_table(fabric, i, spec->ageing_s, 0);
    for (guint i = 0; i < spec->switches->len; i++) {
        const ClientSwitchSpec *it = &g_array_index(spec->switches, ClientSwitchSpec, i);
        fabric_set_table(fabric, hosts + i, isnan(it->ageing_s) ? spec->ageing_s : it->ageing_s, it->learning_delay_s);
    }
}

/* network_check has seen that it is a tree. (transfer full); NULL: there are no switches. */
static Fabric *
build_fabric(const World *world, GHashTable *numbers)
{
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);

    if (spec->switches->len == 0)
        return NULL;
    Fabric *fabric = fabric_new(world->n_hosts + spec->switches->len);
    set_tables(fabric, spec, world->n_hosts);
    for (guint i = 0; i < spec->switches->len; i++) {
        const GArray *attached = g_array_index(spec->switches, ClientSwitchSpec, i).attached;
        for (guint k = 0; k < attached->len; k++) {
            const char *name = g_array_index(attached, char *, k);
            const gboolean joined =
                fabric_join(fabric, world->n_hosts + i, GPOINTER_TO_UINT(g_hash_table_lookup(numbers, name)));
            g_assert(joined);
        }
    }
    return fabric;
}

/* What the scenario says of the guest; one of which nothing is said is silent. */
static WhereaboutsGuest
guest_config(const World *world, const GHashTable *addresses, const char *name)
{
    const AddressSpec *said = g_hash_table_lookup((GHashTable *)addresses, name);
    WhereaboutsGuest config = {INFINITY, INFINITY};

    if (said && !isnan(said->speaks_after_s))
        config.speaks_after_s = said->speaks_after_s;
    if (said && !isnan(said->speaks_every_s))
        config.speaks_every_s = said->speaks_every_s;
    random_init(&config.losses, world->seed, "announcements", name);
    random_init(&config.delays, world->seed, "controller", name);
    return config;
}

/* An instance of the guest may have changed. */
static void
follow(NetworkWorld *own, NetworkGuest *guest, const Domain *vm)
{
    const gboolean runs = live_is(vm);
    const guint host = domain_host(vm);

    if (runs && (!guest->runs || guest->host != host))
        clientnet_guest_runs(own->net, guest->number, host, world_now(), live_answers_s(vm));
    else if (!runs && guest->runs)
        clientnet_guest_stops(own->net, guest->number, world_now());
    guest->runs = runs;
    guest->host = host;
}

static void
add_guests(World *world, NetworkWorld *own)
{
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);
    g_autoptr(GHashTable) addresses = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < spec->addresses->len; i++) {
        AddressSpec *said = &g_array_index(spec->addresses, AddressSpec, i);
        g_hash_table_insert(addresses, said->guest, said);
    }
    for (guint i = 0; i < world->scenario->guests->len; i++) {
        const char *name = g_array_index(world->scenario->guests, GuestSpec, i).name;
        const WhereaboutsGuest config = guest_config(world, addresses, name);
        NetworkGuest *guest = g_new0(NetworkGuest, 1);
        Domain *vm = world_domain(world, name);
        guest->number = clientnet_add_guest(own->net, &config);
        g_ptr_array_add(own->guests, guest);
        part_set_domain(vm, &network_part, guest);
        follow(own, guest, vm);
    }
}

static void
add_probes(World *world, NetworkWorld *own)
{
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);

    for (guint i = 0; i < spec->probes->len; i++) {
        const ProbeSpec *probe = &g_array_index(spec->probes, ProbeSpec, i);
        const ProbeConfig config = network_keys_probe(spec, probe);
        const NetworkGuest *guest = part_of_domain(world_domain(world, probe->guest), &network_part);
        clientnet_add_probe(own->net, &config, guest->number, network_place(world, probe->at));
    }
}

static gboolean
create(World *world, GError **error G_GNUC_UNUSED)
{
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);

    if (!spec)
        return TRUE;
    NetworkWorld *own = g_new0(NetworkWorld, 1);
    const Announcement announcement = network_keys_announcement(spec->announce);
    const Controller controller = spec->overlay ? network_keys_controller(spec->overlay) : (Controller){0};

    part_set_world(world, &network_part, own);
    own->guests = g_ptr_array_new_with_free_func(g_free);
    own->numbers = network_check_numbers(world->scenario);
    own->net = clientnet_new(build_fabric(world, own->numbers), &announcement, spec->overlay ? &controller : NULL);
    add_guests(world, own);
    add_probes(world, own);
    return TRUE;
}

/* ---- while it runs ---- */

static void
advance(NetworkWorld *own)
{
    if (!clientnet_advance(own->net, world_now()))
        guard_stop(GUARD_ERROR_STUCK,
                   "/client_network: the clock stands still at %.10g s, expected longer times or earlier dates",
                   world_now());
    if (clientnet_events(own->net) > EVENTS_MAX)
        guard_stop(GUARD_ERROR_TOO_LARGE,
                   "/client_network/probes: made more than %u requests by %.10g s, expected longer intervals or a "
                   "shorter run",
                   EVENTS_MAX, world_now());
}

static void
notice(Domain *domain)
{
    NetworkWorld *own = own_of(domain->world);
    NetworkGuest *guest = own ? part_of_domain(domain, &network_part) : NULL;

    if (!guest)
        return;
    advance(own);
    follow(own, guest, domain);
}

/* ---- whoever asks ---- */

guint
network_place(const World *world, const char *name)
{
    const NetworkWorld *own = own_of(world);

    if (!own)
        return 0;
    if (!name)
        return network_keys_of(world->scenario)->switches->len > 0 ? world->n_hosts : 0;
    return GPOINTER_TO_UINT(g_hash_table_lookup(own->numbers, name));
}

void
network_add_client(World *world, guint place, const Domain *domain)
{
    NetworkWorld *own = own_of(world);
    const NetworkGuest *guest = own ? part_of_domain(domain, &network_part) : NULL;

    if (guest)
        clientnet_add_client(own->net, guest->number, place);
}

gboolean
network_delivers(World *world, guint place, const Domain *domain)
{
    NetworkWorld *own = own_of(world);
    const NetworkGuest *guest = own ? part_of_domain(domain, &network_part) : NULL;

    if (!guest)
        return live_is(domain);
    advance(own);
    if (!clientnet_reaches(own->net, guest->number, place, world_now()))
        return FALSE;
    clientnet_answer(own->net, guest->number, place, world_now());
    return TRUE;
}

double
network_next_change_s(World *world, guint place, const Domain *domain)
{
    NetworkWorld *own = own_of(world);
    const NetworkGuest *guest = own ? part_of_domain(domain, &network_part) : NULL;

    if (!guest)
        return INFINITY;
    advance(own);
    return clientnet_next_change_s(own->net, guest->number, place, world_now());
}

double
network_rtt_s(const World *world)
{
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);

    return spec ? spec->rtt_s : 0;
}

/* ---- the end ---- */

static void
finish(World *world)
{
    NetworkWorld *own = own_of(world);

    if (!own)
        return;
    advance(own);
    clientnet_finish(own->net, world_now());
}

static void
check_tables(World *world)
{
    const NetworkWorld *own = own_of(world);
    const ClientNetworkSpec *spec = network_keys_of(world->scenario);

    for (guint i = 0; own && i < spec->probes->len; i++) {
        const ProbeSpec *probe = &g_array_index(spec->probes, ProbeSpec, i);
        table_check_note(world, "probe", probe->name,
                         network_results_fault(clientnet_seen(own->net, i), probe->kind, world_now()));
    }
}

static void
collect(World *world, Result *result)
{
    const NetworkWorld *own = own_of(world);

    if (own)
        network_results_collect(world, own->net, result);
}

static void
trace(World *world, Trace *to)
{
    const NetworkWorld *own = own_of(world);

    if (own)
        network_results_trace(world, own->net, to);
}

static void
forget(World *world)
{
    NetworkWorld *own = own_of(world);

    if (!own)
        return;
    g_clear_pointer(&own->net, clientnet_free);
    g_clear_pointer(&own->numbers, g_hash_table_unref);
    g_clear_pointer(&own->guests, g_ptr_array_unref);
    g_free(own);
}

const Part network_part = {"network",          .keys = &network_keys,      .create = create,
                           .notice = notice,   .finish = finish,           .check_tables = check_tables,
                           .collect = collect, .records = network_records, .trace = trace,
                           .forget = forget};
