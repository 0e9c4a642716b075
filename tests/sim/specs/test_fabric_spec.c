/* Platforms from a few keys: as many things as the formulas say, and as much bandwidth. */
#include "sim/specs/fabric_spec.h"
#include "sim/specs/network.h"
#include "tests/sim/world/worlds.h"

#define RACKS                                                                                                              \
    "{'name': 'racks', 'fabric': {'kind': 'racks', 'racks': 4, 'hosts': 3, 'oversubscription': 1.5, 'bandwidth': '1Gbps'," \
    "                             'latency': '0s', 'host': {'memory': '8GiB', 'cores': 2}}}"
#define SPINE                                                                                                          \
    "{'name': 'spine', 'fabric': {'kind': 'leaf-spine', 'racks': 4, 'hosts': 4, 'spines': 2, 'oversubscription': 2,"   \
    "                             'bandwidth': '1Gbps', 'latency': '0s'}}"
#define TREE "{'name': 'tree', 'fabric': {'kind': 'fat-tree', 'ports': 4, 'bandwidth': '1Gbps', 'latency': '0s'}}"

static Scenario *
load(const char *text, const char *setting)
{
    return worlds_load(text, (const char *const[]){setting, NULL}, NULL);
}

static const LinkSpec *
link_of(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario->spec.links->len; i++)
        if (g_str_equal(g_array_index(scenario->spec.links, LinkSpec, i).name, name))
            return &g_array_index(scenario->spec.links, LinkSpec, i);
    ck_abort_msg("no link %s", name);
}

static void
joins(const Scenario *scenario, const char *name, const char *below, const char *above, guint cables, double Bps)
{
    const LinkSpec *link = link_of(scenario, name);

    ck_assert_str_eq(g_array_index(link->ends, char *, 0), below);
    ck_assert_str_eq(g_array_index(link->ends, char *, 1), above);
    ck_assert_uint_eq(link_spec_cables(link), cables);
    ck_assert_double_eq_tol(link->bandwidth_Bps, Bps, 1e-3);
}

static void
has(const Scenario *scenario, guint hosts, guint switches, guint links)
{
    ck_assert_uint_eq(scenario->spec.hosts->len, hosts);
    ck_assert_uint_eq(scenario->spec.switches->len, switches);
    ck_assert_uint_eq(scenario->spec.links->len, links);
}

#define GBPS 125e6

START_TEST(each_kind_has_its_switches_and_cables)
{
    g_autoptr(Scenario) racks = load(RACKS, NULL), spine = load(SPINE, NULL), tree = load(TREE, NULL);

    has(racks, 12, 5, 16);
    joins(racks, "access-4", "node-4", "rack-2", 1, GBPS);
    joins(racks, "uplink-2", "rack-2", "core", 1, 3 * GBPS / 1.5);
    ck_assert_int_eq(g_array_index(racks->spec.hosts, HostSpec, 11).cores, 2);
    has(spine, 16, 5, 20);
    joins(spine, "uplink-4", "leaf-4", "spine", 2, 4 * GBPS / 2 / 2);
    has(tree, 16, 13, 28); /* k^3/4; k^2/2 edges, k pods and a core; a cable each, and up from edges and pods */
    joins(tree, "access-16", "node-16", "edge-8", 1, GBPS);
    joins(tree, "uplink-3", "edge-3", "pod-2", 2, GBPS);
    joins(tree, "trunk-4", "pod-4", "core", 4, GBPS);
}
END_TEST

/* The sum over the links that one half of the racks, or of the pods, goes over. */
static double
bisection_Bps(const Scenario *scenario, const char *prefix, guint half)
{
    double sum_Bps = 0;

    for (guint i = 1; i <= half; i++) {
        g_autofree char *name = g_strdup_printf("%s-%u", prefix, i);
        const LinkSpec *link = link_of(scenario, name);
        sum_Bps += link_spec_cables(link) * link->bandwidth_Bps;
    }
    return sum_Bps;
}

START_TEST(bisection_bandwidth_is_the_closed_form)
{
    g_autoptr(Scenario) racks = load(RACKS, NULL), spine = load(SPINE, NULL), tree = load(TREE, NULL);
    g_autoptr(Scenario) thin = load(TREE, "/fabric/oversubscription=4");

    ck_assert_double_eq_tol(bisection_Bps(racks, "uplink", 2), 12 * GBPS / (2 * 1.5), 1);
    ck_assert_double_eq_tol(bisection_Bps(spine, "uplink", 2), 16 * GBPS / (2 * 2), 1);
    ck_assert_double_eq_tol(bisection_Bps(tree, "trunk", 2), 64 * GBPS / 8, 1);
    ck_assert_double_eq_tol(bisection_Bps(thin, "trunk", 2), 64 * GBPS / 8 / 4, 1);
}
END_TEST

/* Each host moves an idle VM to the host half of all hosts further on, all at once, and nothing else takes time: each
 * gets its share of what its rack, or its pod, can carry up. */
static void
shift(const char *fabric, guint hosts, double expected_Bps)
{
    const double bytes = 64 * WORLDS_MIB;
    g_autofree char *guests = g_strdup_printf(
        "/guests=[{\"name\": \"vm\", \"count\": %u, \"host\": \"node\", \"memory\": \"64MiB\"}]", hosts);
    GString *timeline = g_string_new("/timeline=[");

    for (guint i = 0; i < hosts; i++)
        g_string_append_printf(timeline,
                               "%s{\"do\": \"migrate\", \"at\": \"1s\", \"vm\": \"vm-%u\", \"to\": \"node-%u\", "
                               "\"hypervisor\": {\"profile\": \"ideal\", \"device_state\": \"0B\"}}",
                               i > 0 ? ", " : "", i + 1, (i + hosts / 2) % hosts + 1);
    g_string_append(timeline, "]");
    g_autoptr(Result) result = worlds_run(fabric, (const char *const[]){guests, timeline->str, NULL});
    for (guint i = 0; i < hosts; i++) {
        g_autofree char *name = g_strdup_printf("migration.vm-%u.vm.page_bytes", i + 1);
        g_autofree char *lasted = g_strdup_printf("migration.vm-%u.vm.precopy_s", i + 1);
        const double sent = worlds_number(result, name);
        ck_assert_double_ge(sent, bytes);
        ck_assert_double_eq_tol(sent / worlds_number(result, lasted) / expected_Bps, 1, 0.01);
    }
    g_string_free(timeline, TRUE);
}

/* Within 1 %: the last batch of one is sent when others have ended. */
START_TEST(a_shift_permutation_gets_what_the_closed_form_says)
{
    shift(RACKS, 12, GBPS / 1.5);
    shift(SPINE, 16, GBPS / 2);
    shift(TREE, 16, GBPS);
}
END_TEST

START_TEST(guests_links_and_the_time_line_may_name_what_it_is_made_of)
{
    const char *const settings[] = {
        "/hosts=[{\"name\": \"store\"}]", "/links=[{\"name\": \"to-store\", \"ends\": [\"store\", \"core\"]}]",
        "/guests=[{\"name\": \"vm\", \"count\": 24, \"host\": \"node\"}, {\"name\": \"one\", \"host\": \"node-12\"}]",
        "/timeline=[{\"do\": \"fail-link\", \"at\": \"1s\", \"link\": \"uplink-4\"}]", NULL};
    g_autoptr(Scenario) scenario = worlds_load(RACKS, settings, NULL);

    has(scenario, 13, 5, 17);
    ck_assert_str_eq(g_array_index(scenario->spec.guests, GuestSpec, 13).host, "node-2");
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    static const char *const rows[][3] = {
        {TREE, "/fabric/ports=5", ": /fabric/ports: is odd, expected an even number of ports"},
        {TREE, "/fabric/ports=2", ": /fabric/ports: is 2, expected at least 4"},
        {RACKS, "/fabric/racks=0", ": /fabric/racks: is 0, expected at least 1"},
        {RACKS, "/fabric/oversubscription=0", ": /fabric/oversubscription: is 0, expected at least 0.01"},
        {RACKS, "/fabric/kind=torus", ": /fabric/kind: is \"torus\", expected one of racks, leaf-spine, fat-tree"},
        {RACKS, "/fabric/host/name=x", ": /fabric/host/name: unknown key"},
        {RACKS, "/hosts=[{\"name\": \"node-3\"}]",
         ": /fabric/host/name: \"node-3\" stands in /hosts already, expected another name"},
        {RACKS, "/guests=[{\"name\": \"vm\", \"host\": \"node-13\"}]", ": /guests/0/host: no \"node-13\" in /hosts"},
        {RACKS, "/guests=[{\"name\": \"vm\", \"count\": 12, \"host\": \"node-1\", \"memory\": \"1GiB\"}]",
         ": /guests/0/memory: vm-7: the guests of \"node-1\" do not fit its memory"},
        {"{'name': 'none'}", "/seed=1", ": /hosts: has 0 elements, expected at least 1, or a \"fabric\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(rows[i][0], (const char *const[]){rows[i][1], NULL}, rows[i][2]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("fabric_spec");

    tcase_add_test(tcase, each_kind_has_its_switches_and_cables);
    tcase_add_test(tcase, bisection_bandwidth_is_the_closed_form);
    tcase_add_test(tcase, a_shift_permutation_gets_what_the_closed_form_says);
    tcase_add_test(tcase, guests_links_and_the_time_line_may_name_what_it_is_made_of);
    tcase_add_test(tcase, what_cannot_be_is_refused);
    return check_main("fabric_spec", tcase, NULL);
}
