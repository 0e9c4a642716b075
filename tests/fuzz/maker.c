#include "tests/fuzz/maker.h"

#include "sim/parts/application/application_keys.h"
#include "sim/parts/card/card_keys.h"
#include "sim/parts/migration/hypervisor_keys.h"
#include "sim/parts/network/network_keys.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/units.h"
#include "sim/specs/scenario_spec.h"
#include "tests/fuzz/grammar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIB         (1024.0 * 1024.0)
#define HOSTS_MOST  4u
#define GUESTS_MOST 5u
#define COPY_S      6.0  /* chosen: a guest's memory over the slowest cable, so that runs stay short */
#define ANY_KEY     0.06 /* chosen: one or two keys of most objects */

typedef struct {
    double memory_bytes, room_bytes, page_bytes; /* room: what a workload may write to */
    guint host;
    gboolean vtpm;
} MadeGuest;

typedef struct {
    RandomStream random;
    MakerParts parts;
    cJSON *root;
    guint n_hosts, n_guests;
    guint part_of[HOSTS_MOST]; /* of the network: hosts of one part reach each other */
    double slowest_Bps;
    MadeGuest guests[GUESTS_MOST];
} Maker;

/* ---- words and numbers ---- */

static gboolean
chance(Maker *maker, double probability)
{
    return grammar_chance(&maker->random, probability);
}

static guint
between(Maker *maker, guint from, guint to)
{
    return grammar_between(&maker->random, from, to);
}

static gboolean
may(Maker *maker, MakerParts part, double probability)
{
    return chance(maker, probability) && (maker->parts & part);
}

static void
set_quantity(cJSON *object, const char *key, double value, UnitsDimension dimension)
{
    g_autofree char *text = units_print(dimension == UNITS_SIZE ? floor(value) : value, dimension);

    cJSON_AddStringToObject(object, key, text);
}

static void
set_size(cJSON *object, const char *key, double bytes)
{
    set_quantity(object, key, bytes, UNITS_SIZE);
}

/* Whole microseconds: dates of different entities then meet. */
static void
set_time(cJSON *object, const char *key, double seconds)
{
    set_quantity(object, key, round(seconds * 1e6) / 1e6, UNITS_TIME);
}

static void
set_name(cJSON *object, const char *key, const char *kind, guint number)
{
    g_autofree char *name = g_strdup_printf("%s%u", kind, number);

    cJSON_AddStringToObject(object, key, name);
}

static cJSON *
list_of(Maker *maker, const char *name)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(maker->root, name);

    return list ? list : cJSON_AddArrayToObject(maker->root, name);
}

static cJSON *
add_to(Maker *maker, const char *list)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddItemToArray(list_of(maker, list), object);
    return object;
}

static void
decorate(Maker *maker, const FieldTable *table, const char *word, cJSON *object)
{
    if (maker->parts & MAKER_ANY_KEY)
        grammar_decorate(&maker->random, table, word, object, maker->root, ANY_KEY);
}

/* ---- the platform ---- */

static void
make_hosts(Maker *maker)
{
    maker->n_hosts = chance(maker, 0.05) ? 1 : between(maker, 2, HOSTS_MOST);
    for (guint i = 0; i < maker->n_hosts; i++) {
        cJSON *host = add_to(maker, "hosts");
        set_name(host, "name", "h", i);
        set_size(host, "memory", (chance(maker, 0.1) ? 400 : 2048) * MIB);
        set_size(host, "dom0_memory", 16 * MIB);
        if (may(maker, MAKER_CARDS, 0.05))
            cJSON_AddStringToObject(host, "arch", "aarch64");
    }
}

static void
make_link(Maker *maker, const char *from, const char *to)
{
    static const double latencies_s[] = {0, 0, 20e-6, 50e-6, 1e-3, 20e-3};
    cJSON *link = add_to(maker, "links");
    cJSON *ends = cJSON_AddArrayToObject(link, "ends");
    const double rate_Bps = grammar_scale(&maker->random, 1e6, 1e10) / 8;

    set_name(link, "name", "l", (guint)cJSON_GetArraySize(list_of(maker, "links")));
    cJSON_AddItemToArray(ends, cJSON_CreateString(from));
    cJSON_AddItemToArray(ends, cJSON_CreateString(to));
    maker->slowest_Bps = MIN(maker->slowest_Bps, rate_Bps);
    set_quantity(link, "bandwidth", rate_Bps, UNITS_DATA_RATE);
    set_time(link, "latency", latencies_s[random_below(&maker->random, G_N_ELEMENTS(latencies_s))]);
    if (chance(maker, 0.2))
        cJSON_AddNumberToObject(link, "efficiency", 0.9415);
    if (may(maker, MAKER_ANY_KEY, 0.1))
        cJSON_AddNumberToObject(link, "cables", between(maker, 2, 8));
}

static void
make_switch(Maker *maker, guint number)
{
    cJSON *node = add_to(maker, "switches");

    set_name(node, "name", "s", number);
}

/* All around one switch, or each to the next; now and then the last host has no cable. */
static void
make_links(Maker *maker)
{
    const gboolean star = chance(maker, 0.6);
    const guint joined = maker->n_hosts > 2 && chance(maker, 0.15) ? maker->n_hosts - 1 : maker->n_hosts;

    if (star)
        make_switch(maker, 0);
    for (guint i = star ? 0 : 1; i < joined; i++) {
        g_autofree char *host = g_strdup_printf("h%u", i);
        g_autofree char *other = star ? g_strdup("s0") : g_strdup_printf("h%u", i - 1);
        make_link(maker, host, other);
    }
    for (guint i = 0; i < maker->n_hosts; i++)
        maker->part_of[i] = i < joined ? 0 : 1;
}

/* Another host of the same part; the host itself when there is none. */
static guint
other_host(Maker *maker, guint host)
{
    for (guint tries = 0; tries < 16; tries++) {
        const guint other = between(maker, 0, maker->n_hosts - 1);
        if (other != host && maker->part_of[other] == maker->part_of[host])
            return other;
    }
    return host;
}

static void
make_engine(Maker *maker)
{
    cJSON *engine = cJSON_AddObjectToObject(maker->root, "engine");

    cJSON_AddBoolToObject(engine, "verify_memory", TRUE);
    /* "counted" is an error for most of what is made */
    cJSON_AddStringToObject(engine, "pages", may(maker, MAKER_ENGINE, 0.3) ? "each" : "auto");
    if (may(maker, MAKER_ENGINE, 0.15))
        cJSON_AddStringToObject(engine, "network", "LV08");
    if (may(maker, MAKER_ENGINE, 0.15))
        cJSON_AddBoolToObject(engine, "crosstraffic", TRUE);
    if (may(maker, MAKER_ENGINE, 0.2))
        cJSON_AddNumberToObject(engine, "transfer_batches", between(maker, 1, 64));
    if (may(maker, MAKER_ENGINE, 1))
        decorate(maker, &engine_table, NULL, engine);
}

/* ---- guests ---- */

static void
add_working_set(Maker *maker, cJSON *workload, double room_bytes, double page_bytes)
{
    const double pages = floor(room_bytes / page_bytes);
    const double share = grammar_scale(&maker->random, 0.01, 1), hot_share = 0.5 * random_unit(&maker->random);
    const double size = MAX(floor(pages * share), 2);

    set_size(workload, "working_set", size * page_bytes);
    if (chance(maker, 0.3))
        set_size(workload, "first", floor((pages - size) * random_unit(&maker->random)) * page_bytes);
    if (cJSON_HasObjectItem(workload, "hot_share"))
        set_size(workload, "hot_set", MAX(floor(size * hot_share), 1) * page_bytes);
}

/* (transfer full) */
static cJSON *
make_workload(Maker *maker, double room_bytes, double page_bytes)
{
    static const char *const kinds[] = {"idle", "uniform", "hot-cold", "zipf", "sweep"};
    const guint kind = room_bytes < 8 * page_bytes ? 0 : between(maker, 0, 4);
    cJSON *workload = cJSON_CreateObject();

    cJSON_AddStringToObject(workload, "kind", kinds[kind]);
    if (kind == 0)
        return workload;
    set_quantity(workload, "rate", chance(maker, 0.05) ? 0 : grammar_scale(&maker->random, 1, 1e5), UNITS_FREQUENCY);
    if (kind == 2)
        cJSON_AddNumberToObject(workload, "hot_share", random_unit(&maker->random));
    add_working_set(maker, workload, room_bytes, page_bytes);
    decorate(maker, &workload_table, kinds[kind], workload);
    return workload;
}

static void
make_phases(Maker *maker, cJSON *object, const MadeGuest *guest)
{
    cJSON *phases = cJSON_AddArrayToObject(object, "phases");
    const guint n = between(maker, 1, 3);
    const gboolean endless = chance(maker, 0.3);

    if (endless) {
        cJSON_AddStringToObject(object, "phases_order", chance(maker, 0.5) ? "repeat" : "drawn");
        cJSON_AddBoolToObject(object, "phases_anywhere", chance(maker, 0.5));
    }
    for (guint i = 0; i < n; i++) {
        cJSON *phase = make_workload(maker, guest->room_bytes, guest->page_bytes);
        if (endless && chance(maker, 0.5))
            cJSON_AddStringToObject(phase, "lasts_law", "exponential");
        if (endless || i + 1 < n)
            set_time(phase, "lasts", grammar_scale(&maker->random, 0.01, 2));
        cJSON_AddItemToArray(phases, phase);
    }
}

/* A Linux guest needs some room besides its programs. */
static void
make_layout(Maker *maker, cJSON *object, MadeGuest *guest)
{
    if (guest->memory_bytes < 24 * MIB || guest->page_bytes > 4096 || !chance(maker, 0.4))
        return;
    cJSON_DeleteItemFromObject(object, "used");
    set_size(object, "used", floor(guest->memory_bytes * 0.8));
    cJSON *layout = cJSON_AddObjectToObject(object, "layout");
    cJSON_AddStringToObject(layout, "kind", "linux");
    guest->room_bytes = floor(guest->memory_bytes / 3 / guest->page_bytes) * guest->page_bytes;
    set_size(layout, "program", guest->room_bytes);
}

static void
make_memory(Maker *maker, cJSON *object, MadeGuest *guest)
{
    const double most = CLAMP(maker->slowest_Bps * COPY_S, 0.25 * MIB, 64 * MIB);

    guest->page_bytes = chance(maker, 0.06) ? 4096 * pow(2, between(maker, 1, 9)) : 4096;
    const double bytes = grammar_scale(&maker->random, MIN(MIB, most / 2), most);
    const double host_pages = chance(maker, 0.15) ? pow(2, between(maker, 0, 4)) : 0;
    const double pages = MAX(floor(bytes / guest->page_bytes / 16) * 16, 16);
    guest->memory_bytes = guest->room_bytes = pages * guest->page_bytes;
    set_size(object, "memory", guest->memory_bytes);
    if (host_pages > 0)
        set_size(object, "host_page", host_pages * guest->page_bytes);
    if (guest->page_bytes > 4096)
        set_size(object, "page", guest->page_bytes);
    if (chance(maker, 0.4)) {
        guest->room_bytes = ceil(pages * (0.6 + 0.4 * random_unit(&maker->random))) * guest->page_bytes;
        guest->room_bytes = MIN(guest->room_bytes, guest->memory_bytes);
        set_size(object, "used", guest->room_bytes);
    }
    make_layout(maker, object, guest);
}

static void
make_vtpm(Maker *maker, guint number)
{
    cJSON *vtpm = add_to(maker, "vtpms");
    const double pages = between(maker, 16, 512), page_bytes = maker->guests[number].page_bytes;

    set_name(vtpm, "name", "t", number);
    set_name(vtpm, "vm", "g", number);
    set_size(vtpm, "memory", MIN(pages * page_bytes, 4 * MIB));
    if (page_bytes > 4096)
        set_size(vtpm, "page", page_bytes);
    set_time(vtpm, "service_time", grammar_scale(&maker->random, 1e-4, 1e-2));
    if (chance(maker, 0.8)) {
        cJSON *script = cJSON_AddObjectToObject(vtpm, "script");
        set_time(script, "interval", grammar_scale(&maker->random, 5e-3, 0.5));
        set_time(script, "start", chance(maker, 0.5) ? 0 : random_unit(&maker->random));
    }
    decorate(maker, &vtpm_table, NULL, vtpm);
    maker->guests[number].vtpm = TRUE;
}

static void
make_guest(Maker *maker, guint number)
{
    cJSON *object = add_to(maker, "guests");
    MadeGuest *guest = &maker->guests[number];

    guest->host = chance(maker, 0.6) ? 0 : between(maker, 0, maker->n_hosts - 1);
    set_name(object, "name", "g", number);
    set_name(object, "host", "h", guest->host);
    make_memory(maker, object, guest);
    if (chance(maker, 0.3))
        cJSON_AddStringToObject(object, "mode", "hvm");
    if (may(maker, MAKER_WORKLOAD_CHANGES, 0.2))
        make_phases(maker, object, guest);
    else
        cJSON_AddItemToObject(object, "workload", make_workload(maker, guest->room_bytes, guest->page_bytes));
    decorate(maker, &guest_table, NULL, object);
}

static void
make_guests(Maker *maker)
{
    maker->n_guests = between(maker, 1, GUESTS_MOST);
    for (guint i = 0; i < maker->n_guests; i++)
        make_guest(maker, i);
    for (guint i = 0; i < maker->n_guests; i++)
        if (may(maker, MAKER_VTPMS, 0.25))
            make_vtpm(maker, i);
}

/* ---- traffic ---- */

static void
make_flows(Maker *maker)
{
    const guint n = may(maker, MAKER_FLOWS, 0.3) ? between(maker, 1, 3) : 0;

    for (guint i = 0; i < n; i++) {
        const guint from = between(maker, 0, maker->n_hosts - 1), to = other_host(maker, from);
        if (from == to)
            continue;
        cJSON *flow = add_to(maker, "flows");
        set_name(flow, "name", "f", i);
        set_name(flow, "from", "h", from);
        set_name(flow, "to", "h", to);
        if (chance(maker, 0.7))
            set_quantity(flow, "rate", grammar_scale(&maker->random, 1e5, 1e9), UNITS_DATA_RATE);
        if (chance(maker, 0.7))
            set_time(flow, "start", 3 * random_unit(&maker->random));
        if (chance(maker, 0.7))
            set_time(flow, "duration", grammar_scale(&maker->random, 1e-3, 5));
    }
}

/* Bytes over shared memory are an event each, so streams are short. */
static void
make_socket(Maker *maker, guint number, guint from, guint to)
{
    static const char *const systems[] = {"invention", "xenloop", "mmnet", "xway", "netback", "ivc", "vmci"};
    static const char *const applications[] = {"bulk", "request-response", "bursty"};
    const guint application = between(maker, 0, 2);
    cJSON *socket = add_to(maker, "sockets");
    const double start_s = chance(maker, 0.5) ? 0 : 2 * random_unit(&maker->random);

    set_name(socket, "name", "c", number);
    set_name(socket, "from", "g", from);
    set_name(socket, "to", "g", to);
    const guint system = between(maker, 0, G_N_ELEMENTS(systems) - 1);
    cJSON_AddStringToObject(socket, "system", systems[system]);
    if (system >= 5) /* those are not transparent */
        cJSON_AddBoolToObject(socket, "modified", TRUE);
    cJSON_AddStringToObject(socket, "application", applications[application]);
    cJSON *message = cJSON_CreateObject();
    set_size(message, "size",
             application == 0 ? grammar_scale(&maker->random, 32768, 1e6) : grammar_scale(&maker->random, 1, 1e5));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(socket, "messages"), message);
    set_time(socket, "start", start_s);
    set_time(socket, "stop", start_s + (application == 0 ? 0.3 : 3) * random_unit(&maker->random));
    if (application > 0)
        set_time(socket, "pause", grammar_scale(&maker->random, 1e-3, 0.3));
    if (chance(maker, 0.3))
        cJSON_AddNumberToObject(socket, "count", between(maker, 1, 200));
    decorate(maker, &socket_table, applications[application], socket);
}

static void
make_sockets(Maker *maker)
{
    const guint n = maker->n_guests > 1 && may(maker, MAKER_SOCKETS, 0.3) ? between(maker, 1, 3) : 0;

    for (guint i = 0; i < n; i++) {
        const guint from = between(maker, 0, maker->n_guests - 1), to = between(maker, 0, maker->n_guests - 1);
        if (from != to && maker->part_of[maker->guests[from].host] == maker->part_of[maker->guests[to].host])
            make_socket(maker, i, from, to);
    }
}

/* ---- cards ---- */

static void
make_session_load(Maker *maker, cJSON *session)
{
    static const char *const kinds[] = {"closed", "poisson", "deterministic", "on-off"};
    static const char *const algorithms[] = {"sm1", "sm3", "sm4", "sm2-verify", "echo"};
    const guint kind = between(maker, 0, 3);
    cJSON *load = cJSON_AddObjectToObject(session, "workload");
    cJSON *mix = cJSON_AddArrayToObject(load, "mix");

    cJSON_AddStringToObject(load, "kind", kinds[kind]);
    for (guint i = between(maker, 1, 2); i > 0; i--) {
        cJSON *request = cJSON_CreateObject();
        cJSON_AddStringToObject(request, "algorithm", algorithms[between(maker, 0, 4)]);
        set_size(request, "bytes", grammar_scale(&maker->random, 16, 16384));
        cJSON_AddItemToArray(mix, request);
    }
    if (kind == 0)
        set_time(load, "think", grammar_scale(&maker->random, 5e-4, 0.05));
    else
        set_quantity(load, "rate", grammar_scale(&maker->random, 10, 2000), UNITS_FREQUENCY);
    if (kind == 3) {
        set_time(load, "on", grammar_scale(&maker->random, 1e-3, 0.2));
        set_time(load, "off", grammar_scale(&maker->random, 1e-3, 0.2));
    }
}

static void
make_session(Maker *maker, guint number, guint guest)
{
    cJSON *session = add_to(maker, "card_sessions");

    set_name(session, "name", "u", number);
    if (guest < maker->n_guests)
        set_name(session, "guest", "g", guest);
    set_name(session, "card", "d", guest < maker->n_guests ? maker->guests[guest].host : 0);
    set_name(session, "path", "p", between(maker, 0, 1));
    if (chance(maker, 0.3))
        set_time(session, "start", random_unit(&maker->random));
    make_session_load(maker, session);
    decorate(maker, &card_session_table, NULL, session);
}

static void
make_cards(Maker *maker)
{
    static const char *const paths[] = {"ivshmem", "vsock", "host", "emulated", "virtio-net", "sriov"};

    if (!may(maker, MAKER_CARDS, 0.2))
        return;
    for (guint i = 0; i < maker->n_hosts; i++) {
        cJSON *card = add_to(maker, "cards");
        set_name(card, "name", "d", i);
        set_name(card, "host", "h", i);
        cJSON_AddStringToObject(card, "profile", "sjk1828");
        decorate(maker, &card_table, NULL, card);
    }
    for (guint i = 0; i < 2; i++) {
        cJSON *path = add_to(maker, "card_paths");
        set_name(path, "name", "p", i);
        cJSON_AddStringToObject(path, "profile", paths[between(maker, 0, G_N_ELEMENTS(paths) - 1)]);
    }
    for (guint i = 0; i < maker->n_guests; i++)
        if (chance(maker, 0.5))
            make_session(maker, i, i);
    if (chance(maker, 0.3))
        make_session(maker, maker->n_guests, maker->n_guests);
}

/* ---- the time line ---- */

static gboolean
is_qemu(const char *profile)
{
    return strstr(profile, "qemu") || strstr(profile, "kubevirt");
}

/* Fixed costs of seconds hide what is between them. */
static void
make_costs(Maker *maker, cJSON *hypervisor)
{
    static const char *const steps[] = {"pre_migration", "reservation", "suspend",
                                        "commitment",    "resume",      "activation"};
    cJSON *costs = cJSON_AddObjectToObject(hypervisor, "costs");

    for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
        set_time(costs, steps[i], chance(maker, 0.4) ? 0 : grammar_scale(&maker->random, 1e-4, 0.3));
    if (chance(maker, 0.5))
        cJSON_AddNumberToObject(costs, "variation", 0.02);
}

static void
make_postcopy(Maker *maker, cJSON *hypervisor)
{
    if (chance(maker, 0.5))
        cJSON_AddNumberToObject(hypervisor, "postcopy_rounds", between(maker, 1, 4));
    else
        set_time(hypervisor, "postcopy_after", grammar_scale(&maker->random, 1e-3, 3));
}

static void
set_text(cJSON *object, const char *key, const char *text)
{
    cJSON_DeleteItemFromObject(object, key);
    cJSON_AddStringToObject(object, key, text);
}

/* Of two keys that contradict each other, the second one gives way. */
static void
fit_limits(cJSON *hypervisor)
{
    static const char *const pairs[][3] = {
        {"downtime_step", "downtime_limit", "1s"}, {"downtime_limit", "downtime_most", "1h"},
        {"downtime_step", "downtime_most", "1h"},  {"rate_first", "rate_most", "100Gbps"},
        {"rate_most", "rate_first", "1kbps"},      {"buffer_least", "buffer_most", "1GB"},
        {"buffer_most", "buffer_least", "4KiB"}};

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        if (cJSON_HasObjectItem(hypervisor, pairs[i][0]))
            set_text(hypervisor, pairs[i][1], pairs[i][2]);
}

/* Around the rates of the cables, so that now one bounds and now the other; there may be no cables. */
static double
stream_Bps(Maker *maker)
{
    return MIN(maker->slowest_Bps, 1e9) * grammar_scale(&maker->random, 0.3, 30);
}

/* What each method needs; xbzrle is QEMU's, and goes over one channel. */
static void
make_compression(Maker *maker, cJSON *hypervisor, gboolean qemu)
{
    static const char *const methods[] = {"zlib", "zstd"};
    cJSON *compression = cJSON_AddObjectToObject(hypervisor, "compression");

    if (qemu && chance(maker, 0.3)) {
        set_text(compression, "method", "xbzrle");
        set_text(compression, "cache", "1MiB");
        cJSON_DeleteItemFromObject(hypervisor, "channels");
        return;
    }
    set_text(compression, "method", methods[between(maker, 0, 1)]);
    cJSON_AddNumberToObject(compression, "ratio", grammar_scale(&maker->random, 1, 8));
    set_quantity(compression, "rate", stream_Bps(maker), UNITS_DATA_RATE);
    set_quantity(compression, "receive_rate", stream_Bps(maker), UNITS_DATA_RATE);
}

static void
make_streams(Maker *maker, cJSON *hypervisor)
{
    static const char *const keys[] = {"channel_rate", "receive_rate"};
    static const char *const places[] = {"channel", "tunnel", "card"};

    cJSON_AddNumberToObject(hypervisor, "channels", chance(maker, 0.3) ? 1 : between(maker, 2, 16));
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
        if (chance(maker, 0.5))
            set_quantity(hypervisor, keys[i], stream_Bps(maker), UNITS_DATA_RATE);
    if (chance(maker, 0.5))
        return;
    cJSON *encryption = cJSON_AddObjectToObject(hypervisor, "encryption");
    cJSON_AddStringToObject(encryption, "place", places[between(maker, 0, 2)]);
    set_quantity(encryption, "rate", stream_Bps(maker), UNITS_DATA_RATE);
    if (chance(maker, 0.5))
        cJSON_AddNumberToObject(encryption, "overhead", 0.0018);
}

/* Whoever encrypts has a rate; a card with its queue comes later, make_card_streams(). */
static void
fit_encryption(Maker *maker, const cJSON *hypervisor)
{
    cJSON *encryption = cJSON_GetObjectItemCaseSensitive(hypervisor, "encryption");

    if (!encryption)
        return;
    cJSON_DeleteItemFromObject(encryption, "card");
    if (!cJSON_HasObjectItem(encryption, "rate"))
        set_quantity(encryption, "rate", stream_Bps(maker), UNITS_DATA_RATE);
}

/* Tunnels are only there where the place is one, and no more than channels. */
static void
fit_tunnels(const cJSON *hypervisor)
{
    cJSON *encryption = cJSON_GetObjectItemCaseSensitive(hypervisor, "encryption");
    const char *place = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(encryption, "place"));
    const cJSON *channels = cJSON_GetObjectItemCaseSensitive(hypervisor, "channels");

    if (!cJSON_HasObjectItem(encryption, "tunnels"))
        return;
    cJSON_DeleteItemFromObject(encryption, "tunnels");
    if (g_strcmp0(place, "tunnel") == 0)
        cJSON_AddNumberToObject(encryption, "tunnels", channels ? channels->valuedouble : 1);
}

/* Packets are of channels that are named, and zero pages are looked for by several, or by those of packets. */
static void
fit_multifd(cJSON *hypervisor)
{
    const cJSON *channels = cJSON_GetObjectItemCaseSensitive(hypervisor, "channels");

    if (!channels)
        cJSON_DeleteItemFromObject(hypervisor, "packet_pages");
    if (!cJSON_HasObjectItem(hypervisor, "packet_pages") && !(channels && channels->valuedouble > 1))
        cJSON_DeleteItemFromObject(hypervisor, "zero_pages");
}

/* One of them; under TCG neither of KVM's. */
static void
fit_throttling(cJSON *hypervisor)
{
    const char *profile = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(hypervisor, "profile"));
    const gboolean emulated = profile && !strstr(profile, "kvm");

    if (emulated || cJSON_HasObjectItem(hypervisor, "auto_converge") || cJSON_HasObjectItem(hypervisor, "sync_waits"))
        cJSON_DeleteItemFromObject(hypervisor, "dirty_limit");
}

static void
fit_postcopy(cJSON *hypervisor)
{
    const char *what = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(hypervisor, "at_time_limit"));

    if (cJSON_HasObjectItem(hypervisor, "postcopy_after") || cJSON_HasObjectItem(hypervisor, "postcopy_rounds") ||
        g_strcmp0(what, "post-copy") == 0)
        return;
    cJSON_DeleteItemFromObject(hypervisor, "postcopy_bandwidth");
    cJSON_DeleteItemFromObject(hypervisor, "postcopy_preempt");
    cJSON_DeleteItemFromObject(hypervisor, "recovery");
}

/* Xen has no post-copy. */
static void
fit_time_limit(cJSON *hypervisor)
{
    const cJSON *what = cJSON_GetObjectItemCaseSensitive(hypervisor, "at_time_limit");

    if (what && g_strcmp0(what->valuestring, "post-copy") == 0)
        set_text(hypervisor, "at_time_limit", "suspend");
}

static cJSON *
make_hypervisor(Maker *maker, gboolean *qemu)
{
    g_auto(GStrv) profiles = profile_names("hypervisors");
    const char *profile = profiles[random_below(&maker->random, g_strv_length(profiles))];
    cJSON *hypervisor = cJSON_CreateObject();

    cJSON_AddStringToObject(hypervisor, "profile", profile);
    *qemu = is_qemu(profile);
    if (chance(maker, 0.8))
        make_costs(maker, hypervisor);
    if (*qemu)
        set_time(hypervisor, "time_limit", grammar_scale(&maker->random, 1, 20));
    if (*qemu && chance(maker, 0.2))
        make_postcopy(maker, hypervisor);
    if (*qemu && chance(maker, 0.2))
        cJSON_AddObjectToObject(hypervisor, "auto_converge");
    if (*qemu && chance(maker, 0.2))
        set_quantity(hypervisor, "max_bandwidth", grammar_scale(&maker->random, 1e5, 1e9), UNITS_DATA_RATE);
    if (may(maker, MAKER_ANY_KEY, 0.3))
        make_streams(maker, hypervisor);
    decorate(maker, &hypervisor_table, *qemu ? "qemu" : "xen", hypervisor);
    cJSON_DeleteItemFromObject(hypervisor, "compression");
    if (may(maker, MAKER_ANY_KEY, 0.1))
        make_compression(maker, hypervisor, *qemu);
    fit_limits(hypervisor);
    fit_encryption(maker, hypervisor);
    fit_tunnels(hypervisor);
    fit_multifd(hypervisor);
    fit_postcopy(hypervisor);
    fit_throttling(hypervisor);
    if (!*qemu)
        fit_time_limit(hypervisor);
    return hypervisor;
}

/* Often the same date as others, else anywhere. */
static double
date(Maker *maker)
{
    static const double dates_s[] = {0, 0.5, 1};

    return chance(maker, 0.5) ? dates_s[between(maker, 0, 2)] : 3 * random_unit(&maker->random);
}

static void
make_migration(Maker *maker)
{
    static const char *const xen[] = {"vm",           "joint", "concatenated", "vm-then-vtpm",
                                      "vtpm-then-vm", "vtpm",  "vtpm-at-push"};
    const guint number = between(maker, 0, maker->n_guests - 1);
    const MadeGuest *guest = &maker->guests[number];
    cJSON *action = add_to(maker, "timeline");
    gboolean qemu;

    set_time(action, "at", date(maker));
    cJSON_AddStringToObject(action, "do", "migrate");
    set_name(action, "vm", "g", number);
    set_name(action, "to", "h", other_host(maker, guest->host));
    cJSON_AddItemToObject(action, "hypervisor", make_hypervisor(maker, &qemu));
    if (guest->vtpm || chance(maker, 0.02))
        cJSON_AddStringToObject(action, "method", xen[between(maker, 0, qemu ? 1 : 6)]);
}

static void
make_failure(Maker *maker)
{
    const int links = cJSON_GetArraySize(list_of(maker, "links"));
    cJSON *action = add_to(maker, "timeline");
    const guint kind = links > 0 ? between(maker, 0, 3) : 3;

    set_time(action, "at", 4 * random_unit(&maker->random));
    cJSON_AddStringToObject(action, "do", kind == 3 ? "fail-host" : kind == 2 ? "restore-link" : "fail-link");
    if (kind == 3)
        set_name(action, "host", "h", between(maker, 0, maker->n_hosts - 1));
    else
        set_name(action, "link", "l", between(maker, 1, (guint)links));
}

static void
make_new_workload(Maker *maker)
{
    const guint number = between(maker, 0, maker->n_guests - 1);
    const MadeGuest *guest = &maker->guests[number];
    cJSON *action = add_to(maker, "timeline");

    set_time(action, "at", 4 * random_unit(&maker->random));
    cJSON_AddStringToObject(action, "do", "set-workload");
    set_name(action, "guest", "g", number);
    cJSON_AddItemToObject(action, "workload", make_workload(maker, guest->room_bytes, guest->page_bytes));
}

static void
make_timeline(Maker *maker)
{
    const guint migrations = between(maker, 1, 6);
    const guint failures = may(maker, MAKER_FAILURES, 0.3) ? between(maker, 1, 4) : 0;
    const guint workloads = may(maker, MAKER_WORKLOAD_CHANGES, 0.2) ? between(maker, 1, 3) : 0;

    for (guint i = 0; i < migrations; i++)
        make_migration(maker);
    for (guint i = 0; i < failures; i++)
        make_failure(maker);
    for (guint i = 0; i < workloads; i++)
        make_new_workload(maker);
    if (chance(maker, 0.5) || cJSON_HasObjectItem(maker->root, "card_sessions"))
        set_time(maker->root, "run_until", 4 * random_unit(&maker->random) + 0.001);
}

static Maker
begin(guint64 seed, MakerParts parts, const char *kind)
{
    Maker maker = {.parts = parts, .root = cJSON_CreateObject(), .slowest_Bps = INFINITY};
    g_autofree char *name = g_strdup_printf("%s-%" G_GUINT64_FORMAT, kind, seed);

    random_init(&maker.random, seed, "maker", kind);
    cJSON_AddStringToObject(maker.root, "name", name);
    return maker;
}

/* ---- applications ---- */

static void
make_time(Maker *maker, cJSON *object, const char *key, double least_s, double most_s)
{
    static const char *const kinds[] = {"exponential", "constant", "lognormal"};
    const guint kind = between(maker, 0, 2);
    cJSON *law = cJSON_AddObjectToObject(object, key);

    cJSON_AddStringToObject(law, "kind", kinds[kind]);
    set_time(law, "mean", grammar_scale(&maker->random, least_s, most_s));
    if (kind == 2)
        cJSON_AddNumberToObject(law, "cv", grammar_scale(&maker->random, 0.1, 3));
}

static void
make_application_load(Maker *maker, cJSON *application)
{
    static const char *const kinds[] = {"open", "bursts", "closed", "none"};
    const guint kind = between(maker, 0, 3);
    cJSON *load = cJSON_AddObjectToObject(application, "load");

    cJSON_AddStringToObject(load, "kind", kinds[kind]);
    if (kind < 3) /* a slow cable makes runs of hours */
        set_time(load, "stop", grammar_scale(&maker->random, 1, 100));
    if (kind < 2)
        set_quantity(load, "rate", grammar_scale(&maker->random, 1, 3000), UNITS_FREQUENCY);
    if (kind == 1) {
        set_time(load, "burst", grammar_scale(&maker->random, 1e-3, 0.5));
        set_time(load, "lull", grammar_scale(&maker->random, 1e-3, 0.5));
    }
    if (kind != 2)
        return;
    cJSON_AddNumberToObject(load, "users", between(maker, 1, 50));
    make_time(maker, load, "think", 1e-3, 1);
    set_time(load, "patience", grammar_scale(&maker->random, 1e-2, 30));
}

/* One in each of some guests, which calls those before it. Made last, so that what else a number makes stays. */
static void
make_applications(Maker *maker)
{
    static const char *const waits[] = {"nowhere", "client", "queue"};
    guint n = 0;

    if (!may(maker, MAKER_APPLICATIONS, 0.4))
        return;
    for (guint i = 0; i < maker->n_guests; i++) {
        if (!chance(maker, 0.6))
            continue;
        cJSON *application = add_to(maker, "applications");
        set_name(application, "name", "a", n);
        set_name(application, "guest", "g", i);
        cJSON_AddStringToObject(application, "waits", waits[between(maker, 0, 2)]);
        cJSON_AddStringToObject(application, "discipline", chance(maker, 0.5) ? "sharing" : "first-come");
        make_application_load(maker, application);
        make_time(maker, application, "service", 1e-5, 0.01);
        if (n > 0 && chance(maker, 0.5)) {
            cJSON *call = cJSON_CreateObject();
            set_name(call, "application", "a", between(maker, 0, n - 1));
            set_time(call, "round_trip", grammar_scale(&maker->random, 1e-5, 0.01));
            cJSON_AddItemToArray(cJSON_AddArrayToObject(application, "calls"), call);
        }
        n++;
    }
}

/* The first object of that list whose key has this word; NULL: none. */
static const cJSON *
find_with(const Maker *maker, const char *list, const char *key, const char *word)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(maker->root, list))
    {
        const cJSON *found = cJSON_GetObjectItemCaseSensitive(item, key);
        if (found && g_str_equal(found->valuestring, word))
            return item;
    }
    return NULL;
}

static void
add_card_call(Maker *maker, cJSON *calls, const char *session)
{
    cJSON *call = cJSON_CreateObject();
    cJSON *card = cJSON_AddObjectToObject(call, "card");

    cJSON_AddStringToObject(card, "session", session);
    cJSON_AddStringToObject(card, "algorithm", chance(maker, 0.5) ? "sm4" : "sm2-verify");
    set_size(card, "bytes", grammar_scale(&maker->random, 16, 1024));
    cJSON_AddItemToArray(calls, call);
}

/* In place of its round trip, when a socket joins the two guests. */
static void
carry_call(Maker *maker, const char *guest, cJSON *call)
{
    const cJSON *callee = cJSON_GetObjectItemCaseSensitive(call, "application");
    const cJSON *there = find_with(maker, "applications", "name", callee->valuestring);
    const cJSON *socket = find_with(maker, "sockets", "from", guest);

    there = cJSON_GetObjectItemCaseSensitive(there, "guest");
    if (!socket || !g_str_equal(cJSON_GetObjectItemCaseSensitive(socket, "to")->valuestring, there->valuestring))
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(call, "round_trip");
    cJSON *over = cJSON_AddObjectToObject(call, "over");
    cJSON_AddStringToObject(over, "socket", cJSON_GetObjectItemCaseSensitive(socket, "name")->valuestring);
    set_size(over, "request", grammar_scale(&maker->random, 1, 1e5));
    set_size(over, "answer", grammar_scale(&maker->random, 1, 1e5));
}

/* Applications ask the card of their guest's session, and call over its sockets. Made last, so that all that was there
 * before stays what it is. */
static void
make_calls(Maker *maker)
{
    cJSON *application;

    cJSON_ArrayForEach(application, cJSON_GetObjectItemCaseSensitive(maker->root, "applications"))
    {
        const char *guest = cJSON_GetObjectItemCaseSensitive(application, "guest")->valuestring;
        const cJSON *session = find_with(maker, "card_sessions", "guest", guest);
        cJSON *calls = cJSON_GetObjectItemCaseSensitive(application, "calls");
        if (calls && chance(maker, 0.7))
            carry_call(maker, guest, cJSON_GetArrayItem(calls, 0));
        if (!session || !chance(maker, 0.7))
            continue;
        calls = calls ? calls : cJSON_AddArrayToObject(application, "calls");
        add_card_call(maker, calls, cJSON_GetObjectItemCaseSensitive(session, "name")->valuestring);
    }
}

/* ---- what is said to migrations that run ---- */

static gboolean
is_under_qemu(const cJSON *migration)
{
    const cJSON *hypervisor = cJSON_GetObjectItemCaseSensitive(migration, "hypervisor");

    return is_qemu(cJSON_GetObjectItemCaseSensitive(hypervisor, "profile")->valuestring);
}

static void
make_tuning(Maker *maker, cJSON *order, gboolean qemu)
{
    set_time(order, "downtime_limit", grammar_scale(&maker->random, 1e-3, 3));
    if (qemu && chance(maker, 0.5))
        set_quantity(order, "max_bandwidth", grammar_scale(&maker->random, 1e5, 1e9), UNITS_DATA_RATE);
    if (chance(maker, 0.3))
        set_time(order, "time_limit", grammar_scale(&maker->random, 0.01, 5));
    if (chance(maker, 0.5))
        cJSON_AddStringToObject(order, "at_time_limit", qemu && chance(maker, 0.5) ? "post-copy" : "suspend");
}

/* To a migration of the same VM, or in vain. */
static void
make_order(Maker *maker, const cJSON *migration)
{
    static const char *const words[] = {"tune-migration", "cancel-migration", "finish-migration"};
    const gboolean qemu = is_under_qemu(migration);
    const guint word = between(maker, 0, G_N_ELEMENTS(words) - 1);
    cJSON *order = add_to(maker, "timeline");

    set_time(order, "at", chance(maker, 0.2) ? date(maker) : 5 * random_unit(&maker->random));
    cJSON_AddStringToObject(order, "do", words[word]);
    cJSON_AddStringToObject(order, "vm", cJSON_GetObjectItemCaseSensitive(migration, "vm")->valuestring);
    if (word == 0)
        make_tuning(maker, order, qemu);
    if (word == 2 && qemu && chance(maker, 0.5))
        cJSON_AddStringToObject(order, "how", "post-copy");
}

/* The method of a migration becomes one that stops the guest. */
static void
make_stopped(Maker *maker, cJSON *migration)
{
    const guint vm =
        (guint)g_ascii_strtoull(cJSON_GetObjectItemCaseSensitive(migration, "vm")->valuestring + 1, NULL, 10);
    const guint to =
        (guint)g_ascii_strtoull(cJSON_GetObjectItemCaseSensitive(migration, "to")->valuestring + 1, NULL, 10);
    const guint through = other_host(maker, to);

    if (chance(maker, 0.5)) {
        set_text(migration, "method", "cold");
        set_time(migration, "shutdown", grammar_scale(&maker->random, 1e-3, 2));
        set_time(migration, "boot", grammar_scale(&maker->random, 1e-3, 2));
    } else if (through != to && through != maker->guests[vm].host &&
               maker->part_of[through] == maker->part_of[maker->guests[vm].host]) {
        set_text(migration, "method", "save-restore");
        set_name(migration, "through", "h", through);
        if (chance(maker, 0.5))
            set_quantity(migration, "storage_write_rate", grammar_scale(&maker->random, 1e5, 1e9), UNITS_DATA_RATE);
        if (chance(maker, 0.5))
            set_quantity(migration, "storage_read_rate", grammar_scale(&maker->random, 1e5, 1e9), UNITS_DATA_RATE);
    }
}

/* Last of all, so that what else a number makes stays. */
static void
make_orders(Maker *maker)
{
    const int actions = cJSON_GetArraySize(list_of(maker, "timeline"));

    for (int i = 0; i < actions && may(maker, MAKER_ORDERS, 1); i++) {
        cJSON *action = cJSON_GetArrayItem(list_of(maker, "timeline"), i);
        if (!g_str_equal(cJSON_GetObjectItemCaseSensitive(action, "do")->valuestring, "migrate"))
            continue;
        if (chance(maker, 0.15))
            make_stopped(maker, action);
        if (chance(maker, 0.3))
            make_order(maker, action);
    }
}

/* ---- clients ---- */

/* A tree: each switch but the first hangs on an earlier one, each host on any. */
static void
make_switches(Maker *maker, cJSON *network)
{
    const guint n = between(maker, 0, 3);
    cJSON *switches = cJSON_AddArrayToObject(network, "switches");

    for (guint i = 0; i < n; i++) {
        cJSON *object = cJSON_CreateObject();
        cJSON_AddItemToArray(switches, object);
        set_name(object, "name", "w", i);
        cJSON_AddArrayToObject(object, "attached");
        if (chance(maker, 0.3))
            set_time(object, "learning_delay", random_unit(&maker->random));
    }
    for (guint i = 0; n > 0 && i < n - 1 + maker->n_hosts; i++) {
        const gboolean host = i < maker->n_hosts;
        const guint at = host ? between(maker, 0, n - 1) : between(maker, 0, i - maker->n_hosts);
        g_autofree char *name = g_strdup_printf("%s%u", host ? "h" : "w", host ? i : i - maker->n_hosts + 1);
        cJSON_AddItemToArray(cJSON_GetObjectItem(cJSON_GetArrayItem(switches, (int)at), "attached"),
                             cJSON_CreateString(name));
    }
}

static void
make_probe(Maker *maker, cJSON *probes, guint number)
{
    static const char *const kinds[] = {"ping", "udp", "tcp", "connect"};
    const char *kind = kinds[between(maker, 0, G_N_ELEMENTS(kinds) - 1)];
    cJSON *probe = cJSON_CreateObject();

    cJSON_AddItemToArray(probes, probe);
    set_name(probe, "name", "p", number);
    cJSON_AddStringToObject(probe, "kind", kind);
    set_name(probe, "guest", "g", between(maker, 0, maker->n_guests - 1));
    set_time(probe, "interval", grammar_scale(&maker->random, 1e-3, 1));
    cJSON_AddNullToObject(probe, "until"); /* earlier than the start it would be refused */
    decorate(maker, &network_probe_table, kind, probe);
    cJSON_DeleteItemFromObject(probe, "until");
}

static void
make_clients(Maker *maker)
{
    static const char *const announces[] = {"qemu", "none"};

    if (!may(maker, MAKER_CLIENTS, 0.3) || maker->n_guests == 0)
        return;
    cJSON *network = cJSON_AddObjectToObject(maker->root, "client_network");
    make_switches(maker, network);
    if (chance(maker, 0.5))
        set_time(network, "ageing", grammar_scale(&maker->random, 0.01, 300));
    cJSON *announce = cJSON_AddObjectToObject(network, "announce");
    cJSON_AddStringToObject(announce, "kind", announces[between(maker, 0, G_N_ELEMENTS(announces) - 1)]);
    if (chance(maker, 0.5))
        cJSON_AddNumberToObject(announce, "loss", random_unit(&maker->random));
    if (chance(maker, 0.2))
        set_time(cJSON_AddObjectToObject(network, "overlay"), "delay", 2 * random_unit(&maker->random));
    cJSON *probes = cJSON_AddArrayToObject(network, "probes");
    for (guint i = between(maker, 1, 4); i > 0; i--)
        make_probe(maker, probes, i);
}

/* ---- devices ---- */

static void
make_device(Maker *maker, guint number)
{
    static const char *const ways[] = {"live", "stopped", "unplugged"};
    cJSON *device = add_to(maker, "devices");
    const guint guest = between(maker, 0, maker->n_guests - 1), way = between(maker, 0, 2);

    set_name(device, "name", "d", number);
    set_name(device, "vm", "g", guest);
    cJSON_AddStringToObject(device, "during", ways[way]);
    set_size(device, "state", grammar_scale(&maker->random, 1e3, 1e6));
    set_time(device, "save", grammar_scale(&maker->random, 1e-3, 0.1));
    set_time(device, "load", grammar_scale(&maker->random, 1e-3, 0.1));
    if (way == 2) {
        set_time(device, "unplug", grammar_scale(&maker->random, 1e-2, 1));
        set_time(device, "plug", grammar_scale(&maker->random, 1e-2, 1));
    }
}

static void
make_devices(Maker *maker)
{
    if (chance(maker, 0.2))
        for (guint i = between(maker, 1, 3); i > 0; i--)
            make_device(maker, i);
}

/* At the end: a host may lack what is made after it. */
static void
decorate_hosts(Maker *maker)
{
    cJSON *host;

    cJSON_ArrayForEach(host, list_of(maker, "hosts"))
    {
        decorate(maker, &host_table, NULL, host);
    }
}

/* ---- evacuations ---- */

/* Behind everything else, so that the rest of a scenario is the same without them. */
static void
make_evacuations(Maker *maker)
{
    static const char *const orders[] = {"listed", "smallest-first", "largest-first", "least-dirty-first", "drawn"};
    static const char *const choices[] = {"most-free-memory", "listed", "round-robin"};
    const guint n = may(maker, MAKER_EVACUATIONS, 0.25) ? between(maker, 1, 2) : 0;
    const guint first = between(maker, 0, maker->n_hosts - 1);
    gboolean qemu;

    for (guint i = 0; i < n; i++) {
        cJSON *action = add_to(maker, "timeline");
        set_time(action, "at", date(maker));
        cJSON_AddStringToObject(action, "do", "evacuate");
        set_name(action, "host", "h", (first + i) % maker->n_hosts);
        cJSON_AddItemToObject(action, "hypervisor", make_hypervisor(maker, &qemu));
        cJSON_AddStringToObject(action, "order", orders[between(maker, 0, 4)]);
        cJSON_AddStringToObject(action, "choose", choices[between(maker, 0, 2)]);
        cJSON_AddNumberToObject(action, "outgoing", between(maker, 1, 3));
        cJSON_AddNumberToObject(action, "in_all", between(maker, 1, 4));
        cJSON_AddNumberToObject(action, "incoming", between(maker, 0, 2));
        cJSON_AddNumberToObject(action, "attempts", between(maker, 1, 3));
        set_time(action, "retry_after", 2 * random_unit(&maker->random));
    }
}

/* ---- cards that work on migrations ---- */

static void
make_host_session(Maker *maker, guint host)
{
    cJSON *session = add_to(maker, "card_sessions");

    set_name(session, "name", "m", host);
    set_name(session, "card", "d", host);
    set_name(session, "path", "p", between(maker, 0, 1));
    cJSON_AddStringToObject(cJSON_AddObjectToObject(session, "workload"), "kind", "none");
}

/* Where the guest is at the beginning; one that has moved meanwhile finds the card elsewhere. */
static void
make_card_stream(Maker *maker, cJSON *action)
{
    const char *vm = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "vm"));
    const char *to = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(action, "to"));
    cJSON *hypervisor = cJSON_GetObjectItemCaseSensitive(action, "hypervisor");
    cJSON *encryption = cJSON_CreateObject();
    cJSON *card = cJSON_AddObjectToObject(encryption, "card");

    cJSON_AddStringToObject(encryption, "place", "card");
    set_name(card, "session", "m", maker->guests[atoi(vm + 1)].host);
    set_name(card, "receive_session", "m", (guint)atoi(to + 1));
    cJSON_AddNumberToObject(card, "packet", between(maker, 1, 3));
    cJSON_AddNumberToObject(card, "under_way", between(maker, 1, 4));
    cJSON_DeleteItemFromObject(hypervisor, "encryption");
    cJSON_AddItemToObject(hypervisor, "encryption", encryption);
}

static void
make_card_streams(Maker *maker)
{
    cJSON *action;

    if (!cJSON_HasObjectItem(maker->root, "cards") || chance(maker, 0.5))
        return;
    for (guint i = 0; i < maker->n_hosts; i++)
        make_host_session(maker, i);
    cJSON_ArrayForEach(action, list_of(maker, "timeline"))
    {
        const cJSON *word = cJSON_GetObjectItemCaseSensitive(action, "do");
        if (g_strcmp0(cJSON_GetStringValue(word), "migrate") == 0 && chance(maker, 0.5))
            make_card_stream(maker, action);
    }
}

/* ---- all of it ---- */

cJSON *
maker_scenario(guint64 seed, MakerParts parts)
{
    Maker maker = begin(seed, parts, "made");

    make_hosts(&maker);
    make_links(&maker);
    make_engine(&maker);
    make_guests(&maker);
    make_flows(&maker);
    make_sockets(&maker);
    make_cards(&maker);
    make_timeline(&maker);
    decorate_hosts(&maker);
    make_applications(&maker);
    make_clients(&maker);
    make_calls(&maker);
    make_devices(&maker);
    make_evacuations(&maker);
    make_orders(&maker);
    make_card_streams(&maker);
    return maker.root;
}

/* ---- pairs ---- */

static void
make_pair_guest(Maker *maker, guint number)
{
    cJSON *object = add_to(maker, "guests");
    MadeGuest *guest = &maker->guests[number];

    set_name(object, "name", "g", number);
    cJSON_AddStringToObject(object, "host", "h0");
    make_memory(maker, object, guest);
    cJSON_AddItemToObject(object, "workload", make_workload(maker, guest->room_bytes, guest->page_bytes));
}

static void
make_pair_migration(Maker *maker, guint number)
{
    cJSON *action = add_to(maker, "timeline");
    gboolean qemu;

    set_time(action, "at", number == 0 || chance(maker, 0.3) ? 0 : 3 * random_unit(&maker->random));
    cJSON_AddStringToObject(action, "do", "migrate");
    set_name(action, "vm", "g", number);
    cJSON_AddStringToObject(action, "to", "h1");
    cJSON_AddItemToObject(action, "hypervisor", make_hypervisor(maker, &qemu));
}

cJSON *
maker_pair(guint64 seed)
{
    Maker maker = begin(seed, 0, "pair");

    for (guint i = 0; i < 2; i++)
        set_name(add_to(&maker, "hosts"), "name", "h", i);
    make_link(&maker, "h0", "h1");
    for (guint i = 0; i < 2; i++)
        make_pair_guest(&maker, i);
    for (guint i = 0; i < 2; i++)
        make_pair_migration(&maker, i);
    return maker.root;
}
