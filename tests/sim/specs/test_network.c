/* Who reaches whom over cables, against the closure of the same cables. */
#include "models/base/random.h"
#include "sim/specs/network.h"
#include "tests/check_main.h"

enum { NODES = 24, NETWORKS = 200 };

static void
clear_link(gpointer link)
{
    g_array_unref(((LinkSpec *)link)->ends);
}

static GArray *
new_links(void)
{
    GArray *links = g_array_new(FALSE, TRUE, sizeof(LinkSpec));

    g_array_set_clear_func(links, clear_link);
    return links;
}

/* The names are borrowed. */
static void
join(GArray *links, char *one, char *other)
{
    LinkSpec link = {.ends = g_array_new(FALSE, FALSE, sizeof(char *))};

    g_array_append_val(link.ends, one);
    g_array_append_val(link.ends, other);
    g_array_append_val(links, link);
}

static char *
name_of(guint node)
{
    return (char *)g_intern_string((char[]){(char)('A' + node), '\0'});
}

START_TEST(without_cables_everybody_is_alone)
{
    g_autoptr(GArray) links = new_links();
    const ScenarioSpec scenario = {.links = links};
    g_autoptr(Network) network = network_new(&scenario);

    ck_assert(network_connects(network, "a", "a"));
    ck_assert(!network_connects(network, "a", "b"));
}
END_TEST

START_TEST(a_route_may_lead_over_switches_and_back)
{
    g_autoptr(GArray) links = new_links();
    const ScenarioSpec scenario = {.links = links};

    join(links, name_of(0), name_of(1));
    join(links, name_of(2), name_of(1));
    join(links, name_of(3), name_of(4));
    g_autoptr(Network) network = network_new(&scenario);
    ck_assert(network_connects(network, "A", "C"));
    ck_assert(network_connects(network, "C", "A"));
    ck_assert(!network_connects(network, "A", "D"));
}
END_TEST

/* Warshall's closure of the cables. */
static void
close_over(gboolean reaches[NODES][NODES])
{
    for (guint via = 0; via < NODES; via++)
        for (guint from = 0; from < NODES; from++)
            for (guint to = 0; to < NODES; to++)
                reaches[from][to] = reaches[from][to] || (reaches[from][via] && reaches[via][to]);
}

static void
check_network(RandomStream *random)
{
    g_autoptr(GArray) links = new_links();
    const ScenarioSpec scenario = {.links = links};
    gboolean reaches[NODES][NODES] = {{FALSE}};
    const guint n_links = (guint)random_below(random, 2 * NODES);

    for (guint i = 0; i < NODES; i++)
        reaches[i][i] = TRUE;
    for (guint i = 0; i < n_links; i++) {
        const guint one = (guint)random_below(random, NODES), other = (guint)random_below(random, NODES);
        join(links, name_of(one), name_of(other));
        reaches[one][other] = reaches[other][one] = TRUE;
    }
    close_over(reaches);
    g_autoptr(Network) network = network_new(&scenario);
    for (guint from = 0; from < NODES; from++)
        for (guint to = 0; to < NODES; to++)
            ck_assert_int_eq(network_connects(network, name_of(from), name_of(to)), reaches[from][to]);
}

START_TEST(random_networks_connect_as_their_closure_says)
{
    RandomStream random;

    random_init(&random, 1, "test", "network");
    for (guint i = 0; i < NETWORKS; i++)
        check_network(&random);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("network");

    tcase_add_test(tcase, without_cables_everybody_is_alone);
    tcase_add_test(tcase, a_route_may_lead_over_switches_and_back);
    tcase_add_test(tcase, random_networks_connect_as_their_closure_says);
    return check_main("network", tcase, NULL);
}
