/* The platform that SimGrid is given, and what is known of its cables and hosts beside SimGrid. Each test has a
 * process, and so an engine, of its own; the clock stands at 0. */
#include "sim/world/engine.h"
#include "sim/world/path.h"
#include "sim/world/platform.h"
#include "tests/sim/world/worlds.h"

#include <simgrid/engine.h>
#include <simgrid/host.h>
#include <simgrid/link.h>

/* source: it needs a platform in which paths are searched */
static World *
load_with(const Scenario *scenario, gboolean source)
{
    World *world = g_new0(World, 1);
    g_autoptr(GError) error = NULL;

    world->scenario = &scenario->spec;
    engine_start(scenario->spec.engine);
    if (source)
        platform_add_source(world, "flow:f", "a", 1e6);
    ck_assert_msg(platform_load(world, &error), "%s", error ? error->message : "");
    return world;
}

static World *
load(const Scenario *scenario)
{
    return load_with(scenario, TRUE);
}

static void
unload(World *world)
{
    for (guint i = 0; i < world->n_hosts; i++) {
        g_ptr_array_unref(world->hosts[i].idle_channels);
        g_ptr_array_unref(world->hosts[i].residents);
    }
    g_hash_table_unref(world->hosts_by_name);
    g_free(world->hosts);
    g_hash_table_unref(world->cable_numbers);
    path_end(world);
    platform_forget_sources(world);
    g_free(world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, unload)

#define LOAD(...) worlds_load(WORLDS_BASE, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL}, NULL)

START_TEST(a_cable_is_a_link_each_way_of_its_goodput_and_latency)
{
    g_autoptr(Scenario) scenario = LOAD("/links/0/efficiency=0.5");
    g_autoptr(World) world = load(scenario);
    const sg_link_t out = sg_link_by_name("la.out"), back = sg_link_by_name("la.back");

    ck_assert_double_eq(sg_link_get_bandwidth(out), 6.25e6); /* half of 100 Mb/s */
    ck_assert_double_eq(sg_link_get_bandwidth(back), 6.25e6);
    ck_assert_double_eq(sg_link_get_bandwidth(sg_link_by_name("lb.out")), 12.5e6);
    ck_assert_double_eq_tol(sg_link_get_latency(out), 20e-6, 1e-15); /* 20us is read by a product that rounds */
    ck_assert_uint_eq(GPOINTER_TO_UINT(g_hash_table_lookup(world->cable_numbers, back)), 1);
    ck_assert_uint_eq(GPOINTER_TO_UINT(g_hash_table_lookup(world->cable_numbers, sg_link_by_name("lc.out"))), 4);
}
END_TEST

START_TEST(hosts_have_what_their_own_system_leaves)
{
    g_autoptr(Scenario) scenario = LOAD("/hosts/1/dom0_memory=28MiB");
    g_autoptr(World) world = load(scenario);

    ck_assert_uint_eq(world->n_hosts, 3);
    ck_assert_double_eq(world->hosts[0].free_bytes, 64 * WORLDS_MIB);
    ck_assert_double_eq(world->hosts[1].free_bytes, 100 * WORLDS_MIB);
    ck_assert_ptr_eq(world->hosts[2].sg, sg_host_by_name("c"));
    ck_assert_uint_eq(world_host(world, "c"), 2);
}
END_TEST

START_TEST(a_source_stands_behind_a_cable_of_its_rate)
{
    g_autoptr(Scenario) scenario = LOAD();
    g_autoptr(World) world = load(scenario);

    ck_assert_ptr_nonnull(sg_host_by_name("flow:f"));
    ck_assert_double_eq(sg_link_get_bandwidth(sg_link_by_name("flow:f:out")), 1e6);
    /* it is no cable of the scenario, so no migration's path goes over it */
    ck_assert(!g_hash_table_contains(world->cable_numbers, sg_link_by_name("flow:f:out")));
}
END_TEST

static void
expect_path(const World *world, const char *from, const char *to, const char *expected)
{
    xbt_dynar_t links = xbt_dynar_new(sizeof(sg_link_t), NULL);
    g_autoptr(GString) path = g_string_new(NULL);

    sg_host_get_route(world->hosts[world_host(world, from)].sg, world->hosts[world_host(world, to)].sg, links);
    for (unsigned i = 0; i < xbt_dynar_length(links); i++)
        g_string_append_printf(path, "%s ", sg_link_get_name(xbt_dynar_get_as(links, i, sg_link_t)));
    xbt_dynar_free(&links);
    ck_assert_str_eq(path->str, expected);
}

/* Cables of a host that hangs on a switch are not searched, others are: each case turns one into another. */
static const struct {
    const char *what, *settings[3];
    gboolean source;
    const char *a_to_b, *b_to_c;
} networks[] = {
    {"one switch", {NULL}, FALSE, "la.out lb.back ", "lb.out lc.back "},
    {"a cable told from the switch", {"/links/1/ends=[\"s\", \"b\"]"}, FALSE, "la.out lb.out ", "lb.back lc.back "},
    {"a source behind a", {NULL}, TRUE, "la.out lb.back ", "lb.out lc.back "},
    {"c behind b", {"/links/2/ends=[\"c\", \"b\"]"}, FALSE, "la.out lb.back ", "lc.back "},
    {"a short cut",
     {"/links/-={\"name\":\"ld\",\"ends\":[\"a\",\"b\"],\"bandwidth\":\"1Gbps\"}"},
     FALSE,
     "ld.out ",
     "lb.out lc.back "},
    {"two switches",
     {"/switches/-={\"name\":\"t\"}", "/links/2/ends=[\"t\",\"c\"]",
      "/links/-={\"name\":\"st\",\"ends\":[\"s\",\"t\"],\"bandwidth\":\"1Gbps\"}"},
     FALSE,
     "la.out lb.back ",
     "lb.out st.out lc.out "},
    {"a switch on the way",
     {"/switches/-={\"name\":\"t\"}", "/links/1/ends=[\"b\",\"t\"]",
      "/links/-={\"name\":\"st\",\"ends\":[\"t\",\"s\"],\"bandwidth\":\"1Gbps\"}"},
     FALSE,
     "la.out st.back lb.back ",
     "lb.out st.out lc.back "},
};

START_TEST(a_path_is_that_of_the_cables_searched_or_not)
{
    g_autoptr(Scenario) scenario = LOAD(networks[_i].settings[0], networks[_i].settings[1], networks[_i].settings[2]);
    g_autoptr(World) world = load_with(scenario, networks[_i].source);

    simgrid_run(); /* nothing to do; paths are there from then on */
    expect_path(world, "a", "b", networks[_i].a_to_b);
    expect_path(world, "b", "c", networks[_i].b_to_c);
}
END_TEST

START_TEST(the_first_failure_of_a_host_is_its_last)
{
    g_autoptr(Scenario) scenario = LOAD("/timeline/-={\"at\":\"2s\",\"do\":\"fail-host\",\"host\":\"b\"}",
                                        "/timeline/-={\"at\":\"1.5s\",\"do\":\"fail-host\",\"host\":\"b\"}",
                                        "/timeline/-={\"at\":\"0s\",\"do\":\"fail-host\",\"host\":\"c\"}");
    g_autoptr(World) world = load(scenario);

    ck_assert_double_eq(world->hosts[1].fails_at_s, 1.5);
    ck_assert_double_eq(world->host_fails_at_s, 0);
    ck_assert(isinf(world->hosts[0].fails_at_s));
    ck_assert(platform_host_is_up(world, 0));
    ck_assert(platform_host_is_up(world, 1));
    ck_assert(!platform_host_is_up(world, 2));
}
END_TEST

/* The cables that are cut, a letter each direction: "--" none. */
static void
expect_cut(const World *world, const char *expected)
{
    char cut[7] = "";

    for (guint i = 0; i < 6; i++)
        cut[i] = world->cable_is_cut[i] ? 'x' : '-';
    ck_assert_str_eq(cut, expected);
}

START_TEST(a_cut_goes_both_ways_and_is_repaired)
{
    g_autoptr(Scenario) scenario = LOAD("/timeline/-={\"at\":\"2s\",\"do\":\"fail-link\",\"link\":\"lb\"}",
                                        "/timeline/-={\"at\":\"2.5s\",\"do\":\"restore-link\",\"link\":\"lb\"}");
    g_autoptr(World) world = load(scenario);

    platform_note_action(world, scenario_action(&scenario->spec, 0)); /* a migration cuts nothing */
    expect_cut(world, "------");
    platform_note_action(world, scenario_action(&scenario->spec, 1));
    expect_cut(world, "--xx--");
    platform_note_action(world, scenario_action(&scenario->spec, 2));
    expect_cut(world, "------");
}
END_TEST

START_TEST(a_lost_host_s_cable_is_not_repaired)
{
    g_autoptr(Scenario) scenario = LOAD("/timeline/-={\"at\":\"0s\",\"do\":\"fail-host\",\"host\":\"c\"}",
                                        "/timeline/-={\"at\":\"0.5s\",\"do\":\"restore-link\",\"link\":\"lc\"}");
    g_autoptr(World) world = load(scenario);

    platform_note_action(world, scenario_action(&scenario->spec, 0));
    expect_cut(world, "----xx");
    platform_note_action(world, scenario_action(&scenario->spec, 1));
    expect_cut(world, "----xx");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("platform");

    tcase_add_test(tcase, a_cable_is_a_link_each_way_of_its_goodput_and_latency);
    tcase_add_test(tcase, hosts_have_what_their_own_system_leaves);
    tcase_add_test(tcase, a_source_stands_behind_a_cable_of_its_rate);
    tcase_add_loop_test(tcase, a_path_is_that_of_the_cables_searched_or_not, 0, G_N_ELEMENTS(networks));
    tcase_add_test(tcase, the_first_failure_of_a_host_is_its_last);
    tcase_add_test(tcase, a_cut_goes_both_ways_and_is_repaired);
    tcase_add_test(tcase, a_lost_host_s_cable_is_not_repaired);
    return check_main("platform", tcase, NULL);
}
