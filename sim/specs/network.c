#include "sim/specs/network.h"

/* Nodes that reach each other form a part, which has one leader. */
struct Network {
    GHashTable *leader_of; /* owned; name to name: one step nearer to the part's leader */
};

/* Whoever is passed is put one step nearer, so that no way stays long. */
static const char *
leader(const Network *network, const char *node)
{
    for (;;) {
        const char *next = g_hash_table_lookup(network->leader_of, node);
        const char *after = next ? g_hash_table_lookup(network->leader_of, next) : NULL;
        if (!after)
            return next ? next : node;
        g_hash_table_insert(network->leader_of, (gpointer)node, (gpointer)after);
        node = after;
    }
}

Network *
network_new(const ScenarioSpec *scenario)
{
    Network *network = g_new0(Network, 1);

    network->leader_of = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < scenario->links->len; i++) {
        const GArray *ends = g_array_index(scenario->links, LinkSpec, i).ends;
        const char *first = leader(network, g_array_index(ends, char *, 0));
        const char *second = leader(network, g_array_index(ends, char *, 1));
        if (!g_str_equal(first, second))
            g_hash_table_insert(network->leader_of, (gpointer)first, (gpointer)second);
    }
    return network;
}

void
network_free(Network *network)
{
    g_hash_table_unref(network->leader_of);
    g_free(network);
}

gboolean
network_connects(const Network *network, const char *from, const char *to)
{
    return g_str_equal(leader(network, from), leader(network, to));
}
