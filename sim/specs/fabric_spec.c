#include "sim/specs/fabric_spec.h"

#include "sim/scenario/group_names.h"

#include <string.h>

/* What hosts, switches and links are called besides NAME-1: a group of each layer. */
#define EDGE_RACK "rack"
#define EDGE_LEAF "leaf"
#define EDGE_TREE "edge"
#define POD       "pod"
#define CORE      "core"
#define SPINE     "spine"
#define ACCESS    "access"
#define UPLINK    "uplink"
#define TRUNK     "trunk"

#define RACKS_FIELDS                                                                                                   \
    {"racks", FIELD_COUNT(FabricSpec, racks), .required = TRUE, .min = "1", .max = "10000", .help = "R"},              \
    {                                                                                                                  \
        "hosts", FIELD_COUNT(FabricSpec, hosts), .required = TRUE, .min = "1", .max = "10000",                         \
                                                 .help = "H, of each rack"                                             \
    }
static const Field rack_fields[] = {RACKS_FIELDS, {NULL}};
static const Field spine_fields[] = {
    RACKS_FIELDS,
    {"spines", FIELD_COUNT(FabricSpec, spines), .required = TRUE, .min = "1", .max = "64",
     .help = "S, to each of which each leaf has a cable"},
    {NULL},
};
static const Field tree_fields[] = {
    {"ports", FIELD_COUNT(FabricSpec, ports), .required = TRUE, .min = "4", .max = "16",
     .help = "k, of each switch, even: k^3/4 hosts in k pods"},
    {NULL},
};
static const FieldCase fabric_cases[] = {
    [FABRIC_RACKS] = {"racks", rack_fields, "racks of hosts behind one switch"},
    [FABRIC_LEAF_SPINE] = {"leaf-spine", spine_fields, "leaves of hosts, each with a cable to every spine"},
    [FABRIC_FAT_TREE] = {"fat-tree", tree_fields, "pods of edge switches, as many cables up as down"},
    {NULL},
};
static Field fabric_fields[] = {
    {"name", FIELD_NAME(FabricSpec, name), .preset = "node", .help = "of its hosts: NAME-1, NAME-2, …, rack by rack"},
    {"oversubscription", FIELD_NUMBER(FabricSpec, oversubscription), .preset = "1", .min = "0.01", .max = "1000",
     .help = "what a rack's hosts can send, over what its cables up can carry"},
    {"bandwidth", FIELD_DATA_RATE(FabricSpec, bandwidth_Bps), .preset = "10Gbps", .above = "0bps",
     .help = "line rate of a host's cable, each direction"},
    {"efficiency", FIELD_NUMBER(FabricSpec, efficiency), .preset = "1", .above = "0", .max = "1",
     .help = "of all cables, as of a link"},
    {"latency", FIELD_TIME(FabricSpec, latency_s), .preset = "5us", .help = "one-way, of each cable"},
    {"host", FIELD_OBJECT(FabricSpec, host), .preset = "{}", .help = "what each host is"},
    {NULL},
};
static FieldTable table = {"fabric",
                           sizeof(FabricSpec),
                           fabric_fields,
                           .tag = "kind",
                           FIELD_TAG(FabricSpec, kind),
                           .cases = fabric_cases,
                           .help = "hosts, switches and cables from a few keys, besides those of the lists"};

/* A host's table without its name, and without the domains whose files it lacks. */
static const FieldTable *
nameless_host_table(void)
{
    static FieldTable nameless;
    static gsize made = 0;

    if (g_once_init_enter(&made)) {
        GArray *fields = g_array_new(TRUE, TRUE, sizeof(Field));
        for (const Field *field = host_table.fields; field->key; field++)
            if (field->kind != FIELD_KIND_NAME && field->kind != FIELD_KIND_REFERENCE)
                g_array_append_val(fields, *field);
        nameless = host_table;
        nameless.id = "fabric-host";
        nameless.groups = FALSE;
        nameless.fields = (const Field *)(gpointer)g_array_free(fields, FALSE);
        nameless.help = "a host of a fabric: the keys of a host but its name";
        g_once_init_leave(&made, 1);
    }
    return &nameless;
}

const FieldTable *
fabric_table(void)
{
    static gsize made = 0;

    if (g_once_init_enter(&made)) {
        for (Field *field = fabric_fields; field->key; field++)
            if (field->kind == FIELD_KIND_OBJECT)
                field->table = nameless_host_table();
        g_once_init_leave(&made, 1);
    }
    return &table;
}

const char *
fabric_fault(const FabricSpec *fabric, const char **key)
{
    *key = fabric->kind == FABRIC_FAT_TREE ? "ports" : "hosts";
    if (fabric->kind == FABRIC_FAT_TREE && fabric->ports % 2 != 0)
        return "is odd, expected an even number of ports, half of them up and half down";
    return (double)fabric->racks * fabric->hosts > 1e6 ? "makes more than 1000000 hosts, expected fewer" : NULL;
}

FabricSize
fabric_size(const FabricSpec *fabric)
{
    const guint half = fabric->ports / 2;

    if (fabric->kind == FABRIC_FAT_TREE)
        return (FabricSize){fabric->ports * half * half, fabric->ports * half, fabric->ports, 1};
    return (FabricSize){fabric->racks * fabric->hosts, fabric->racks, 0, 1};
}

/* ---- names ---- */

static const char *const edge_names[] = {
    [FABRIC_RACKS] = EDGE_RACK, [FABRIC_LEAF_SPINE] = EDGE_LEAF, [FABRIC_FAT_TREE] = EDGE_TREE};
static const char *const core_names[] = {[FABRIC_RACKS] = CORE, [FABRIC_LEAF_SPINE] = SPINE, [FABRIC_FAT_TREE] = CORE};

static guint
written_count(const cJSON *fabric, const char *key)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(fabric, key);

    return cJSON_IsNumber(number) && number->valuedouble >= 0 && number->valuedouble <= 10000
               ? (guint)number->valuedouble
               : 0;
}

static void
add_group(GHashTable *names, const char *name, guint count)
{
    if (count > 0)
        g_hash_table_insert(names, (gpointer)name, GUINT_TO_POINTER(count));
}

void
fabric_add_names(const cJSON *root, const char *list, GHashTable *names)
{
    const cJSON *written = cJSON_GetObjectItemCaseSensitive(root, "fabric");
    const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(written, "kind"));
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(written, "name"));
    const FieldCase *chosen = word ? fields_case(fabric_table(), word) : NULL;
    FabricSpec fabric = {.racks = written_count(written, "racks"),
                         .hosts = written_count(written, "hosts"),
                         .ports = written_count(written, "ports")};

    if (!chosen)
        return;
    fabric.kind = (FabricKind)(chosen - fabric_cases);
    const FabricSize size = fabric_size(&fabric);
    if (g_str_equal(list, "/hosts"))
        add_group(names, name ? name : "node", size.hosts);
    if (g_str_equal(list, "/links")) {
        add_group(names, ACCESS, size.hosts);
        add_group(names, UPLINK, size.edges);
        add_group(names, TRUNK, size.pods);
    }
    if (!g_str_equal(list, "/switches"))
        return;
    add_group(names, edge_names[fabric.kind], size.edges);
    add_group(names, POD, size.pods);
    g_hash_table_insert(names, (gpointer)core_names[fabric.kind], NULL); /* one, no group */
}

/* ---- what it is made of ---- */

typedef struct {
    const FabricSpec *fabric;
    GArray *switches, *links;
} Builder;

static void
add_switch(const Builder *builder, char *name)
{
    const SwitchSpec made = {name};

    g_array_append_val(builder->switches, made);
}

static void
add_switches(const Builder *builder, const char *group, guint n)
{
    for (guint i = 0; i < n; i++)
        add_switch(builder, group_names_member(group, i));
}

/* name, below and above are taken. */
static void
add_link(const Builder *builder, char *name, char *below, char *above, guint cables, double bandwidth_Bps)
{
    const FabricSpec *fabric = builder->fabric;
    LinkSpec link = {.name = name,
                     .ends = g_array_new(FALSE, FALSE, sizeof(char *)),
                     .bandwidth_Bps = bandwidth_Bps,
                     .efficiency = fabric->efficiency,
                     .latency_s = fabric->latency_s,
                     .cables = cables};

    g_array_append_val(link.ends, below);
    g_array_append_val(link.ends, above);
    g_array_append_val(builder->links, link);
}

/* Each of n things of a group below to its share of the m above, or, m = 0, to the one of that name. */
static void
add_layer(const Builder *builder, const char *name, const char *below, guint n, const char *above, guint m,
          guint cables, double bandwidth_Bps)
{
    for (guint i = 0; i < n; i++)
        add_link(builder, group_names_member(name, i), group_names_member(below, i),
                 m > 0 ? group_names_member(above, (guint)((guint64)i * m / n)) : g_strdup(above), cables,
                 bandwidth_Bps);
}

static void
add_hosts(const FabricSpec *fabric, const cJSON *resolved, GArray *hosts, guint n)
{
    const cJSON *written =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(resolved, "fabric"), "host");

    const guint first = hosts->len;
    g_array_set_size(hosts, first + n);
    for (guint i = 0; i < n; i++) {
        HostSpec *host = &g_array_index(hosts, HostSpec, first + i);
        memset(host, 0, sizeof *host);
        fields_read(nameless_host_table(), written, host);
        host->name = group_names_member(fabric->name, i);
        host->lacks_configs = g_array_new(FALSE, FALSE, sizeof(char *));
    }
}

void
fabric_build(const FabricSpec *fabric, const cJSON *resolved, GArray *hosts, GArray *switches, GArray *links)
{
    const FabricSize size = fabric_size(fabric);
    const Builder builder = {fabric, switches, links};
    const char *edge = edge_names[fabric->kind], *core = core_names[fabric->kind];
    const guint half = fabric->ports / 2;
    const double up_Bps = fabric->bandwidth_Bps / fabric->oversubscription;

    add_hosts(fabric, resolved, hosts, size.hosts);
    add_switches(&builder, edge, size.edges);
    add_switches(&builder, POD, size.pods);
    add_switch(&builder, g_strdup(core));
    add_layer(&builder, ACCESS, fabric->name, size.hosts, edge, size.edges, 1, fabric->bandwidth_Bps);
    if (fabric->kind == FABRIC_FAT_TREE) {
        add_layer(&builder, UPLINK, edge, size.edges, POD, size.pods, half, up_Bps);
        add_layer(&builder, TRUNK, POD, size.pods, core, 0, half * half, up_Bps);
        return;
    }
    const guint cables = fabric->kind == FABRIC_LEAF_SPINE ? fabric->spines : 1;
    add_layer(&builder, UPLINK, edge, size.edges, core, 0, cables, up_Bps * fabric->hosts / cables);
}
