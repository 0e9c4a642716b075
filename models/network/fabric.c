#include "models/network/fabric.h"

#include <math.h>

enum { NOBODY = G_MAXUINT };

typedef struct {
    MacTable table;
    guint up;      /* towards the root of its tree; NOBODY: it is the root */
    guint depth;   /* of the root 0 */
    GArray *peers; /* owned, of guint */
} Node;

struct Fabric {
    guint n;
    Node *nodes;  /* owned */
    guint *stack; /* owned; of a walk */
};

Fabric *
fabric_new(guint nodes)
{
    Fabric *fabric = g_new0(Fabric, 1);

    fabric->n = nodes;
    fabric->nodes = g_new0(Node, nodes);
    fabric->stack = g_new(guint, nodes);
    for (guint i = 0; i < nodes; i++) {
        fabric->nodes[i].up = NOBODY;
        fabric->nodes[i].peers = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    return fabric;
}

void
fabric_free(Fabric *fabric)
{
    for (guint i = 0; i < fabric->n; i++) {
        mac_table_clear(&fabric->nodes[i].table);
        g_array_unref(fabric->nodes[i].peers);
    }
    g_free(fabric->nodes);
    g_free(fabric->stack);
    g_free(fabric);
}

void
fabric_set_table(Fabric *fabric, guint node, double ageing_s, double delay_s)
{
    mac_table_clear(&fabric->nodes[node].table);
    mac_table_init(&fabric->nodes[node].table, ageing_s, delay_s);
}

/* ---- the tree ---- */

static guint
root_of(const Fabric *fabric, guint node)
{
    while (fabric->nodes[node].up != NOBODY)
        node = fabric->nodes[node].up;
    return node;
}

gboolean
fabric_connects(const Fabric *fabric, guint one, guint other)
{
    return root_of(fabric, one) == root_of(fabric, other);
}

/* Calls visit for every node that is joined with `from`: the node, and its neighbour towards `from`; of that itself
 * NOBODY. */
static void
walk(Fabric *fabric, guint from, void (*visit)(Fabric *fabric, guint node, guint back, gpointer data), gpointer data)
{
    guint *stack = fabric->stack, n = 0;
    guint *back = g_new(guint, fabric->n);

    stack[n++] = from;
    back[from] = NOBODY;
    while (n > 0) {
        const guint node = stack[--n];
        const GArray *peers = fabric->nodes[node].peers;
        visit(fabric, node, back[node], data);
        for (guint i = 0; i < peers->len; i++) {
            const guint peer = g_array_index(peers, guint, i);
            if (peer == back[node])
                continue;
            back[peer] = node;
            stack[n++] = peer;
        }
    }
    g_free(back);
}

static void
hang(Fabric *fabric, guint node, guint back, gpointer data)
{
    Node *it = &fabric->nodes[node];

    it->up = back == NOBODY ? GPOINTER_TO_UINT(data) : back;
    it->depth = fabric->nodes[it->up].depth + 1;
}

gboolean
fabric_join(Fabric *fabric, guint one, guint other)
{
    if (fabric_connects(fabric, one, other))
        return FALSE;
    /* the other's tree hangs on the one from now on, turned so that the other is its top */
    walk(fabric, other, hang, GUINT_TO_POINTER(one));
    g_array_append_val(fabric->nodes[one].peers, other);
    g_array_append_val(fabric->nodes[other].peers, one);
    return TRUE;
}

/* The neighbour of a node towards another one of its tree; of that one itself: itself. */
static guint
towards(const Fabric *fabric, guint node, guint to)
{
    const Node *nodes = fabric->nodes;
    guint below = to;

    if (node == to)
        return node;
    while (nodes[below].depth > nodes[node].depth + 1)
        below = nodes[below].up;
    return nodes[below].depth == nodes[node].depth + 1 && nodes[below].up == node ? below : nodes[node].up;
}

/* ---- frames ---- */

typedef struct {
    guint address;
    double now_s;
} Heard;

static void
hear(Fabric *fabric, guint node, guint back, gpointer data)
{
    const Heard *heard = data;

    mac_table_hear(&fabric->nodes[node].table, heard->address, back == NOBODY ? node : back, heard->now_s);
}

void
fabric_broadcast(Fabric *fabric, guint address, guint at, double now_s)
{
    Heard heard = {address, now_s};

    walk(fabric, at, hear, &heard);
}

void
fabric_unicast(Fabric *fabric, guint address, guint at, guint to, double now_s)
{
    guint port = at;

    for (guint node = at;; node = towards(fabric, node, to)) {
        mac_table_hear(&fabric->nodes[node].table, address, port, now_s);
        if (node == to)
            return;
        port = node;
    }
}

/* What the bridges on the way there do with such a frame. */
typedef struct {
    gboolean arrives;
    gboolean floods;
    double changes_s;
} Way;

static Way
look_along(Fabric *fabric, guint address, guint from, guint to, double now_s)
{
    Way way = {fabric_connects(fabric, from, to), FALSE, INFINITY};

    if (!way.arrives)
        return way;
    for (guint node = from;; node = towards(fabric, node, to)) {
        MacTable *table = &fabric->nodes[node].table;
        const guint port = mac_table_port(table, address, now_s);
        const double changes_s = mac_table_next_change_s(table, address, now_s);
        way.floods |= port == MAC_TABLE_FLOOD;
        way.arrives &= port == MAC_TABLE_FLOOD || port == towards(fabric, node, to);
        way.changes_s = MIN(way.changes_s, changes_s);
        if (node == to)
            return way;
    }
}

gboolean
fabric_reaches(Fabric *fabric, guint address, guint from, guint to, double now_s)
{
    return look_along(fabric, address, from, to, now_s).arrives;
}

gboolean
fabric_floods(Fabric *fabric, guint address, guint from, guint to, double now_s)
{
    return look_along(fabric, address, from, to, now_s).floods;
}

double
fabric_next_change_s(Fabric *fabric, guint address, guint from, guint to, double now_s)
{
    return look_along(fabric, address, from, to, now_s).changes_s;
}

void
fabric_depart(Fabric *fabric, guint address, guint node)
{
    mac_table_forget(&fabric->nodes[node].table, address, node);
}
