/* Groups: what their members are, what is refused, and where a member was written. */
#include "sim/parts/application/application_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "tests/sim/world/worlds.h"

#define FLEET                                                                                                          \
    "{'name': 'fleet',"                                                                                                \
    " 'hosts': [{'name': 'h', 'count': 6, 'memory': '16GiB'}, {'name': 'spare'}],"                                     \
    " 'switches': [{'name': 'rack', 'count': 2}, {'name': 'core'}],"                                                   \
    " 'links': [{'name': 'access', 'count': 6, 'ends': ['h', 'rack'], 'by': 'block'},"                                 \
    "           {'name': 'up', 'count': 2, 'ends': ['rack', 'core']}, {'name': 'last', 'ends': ['spare', 'core']}],"   \
    " 'guests': [{'name': 'one', 'host': 'h-2'}, {'name': 'web', 'count': 9, 'host': 'h', 'memory': '256MiB'}],"       \
    " 'vtpms': [{'name': 'tpm', 'count': 9, 'vm': 'web'}],"                                                            \
    " 'applications': [{'name': 'shop', 'count': 9, 'guest': 'web',"                                                   \
    "                   'load': {'kind': 'open', 'rate': '1/s'}, 'service': {'kind': 'constant', 'mean': '1ms'}}]}"

static const GuestSpec *
guest(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->spec.guests, GuestSpec, index);
}

static const LinkSpec *
link_at(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->spec.links, LinkSpec, index);
}

static const char *
end_of(const Scenario *scenario, guint index, guint end)
{
    return g_array_index(link_at(scenario, index)->ends, char *, end);
}

static Scenario *
load(const char *text, const char *setting)
{
    const char *const settings[] = {setting, NULL};

    return worlds_load(text, settings, NULL);
}

START_TEST(a_group_is_its_members_and_what_stands_beside_it_stays)
{
    g_autoptr(Scenario) scenario = load(FLEET, NULL);

    ck_assert_uint_eq(scenario->spec.hosts->len, 7);
    ck_assert_str_eq(g_array_index(scenario->spec.hosts, HostSpec, 5).name, "h-6");
    ck_assert_str_eq(g_array_index(scenario->spec.hosts, HostSpec, 6).name, "spare");
    ck_assert_double_eq(g_array_index(scenario->spec.hosts, HostSpec, 5).memory_bytes, 16 * 1024 * WORLDS_MIB);
    ck_assert_uint_eq(scenario->spec.guests->len, 10);
    ck_assert_str_eq(guest(scenario, 0)->name, "one");
    ck_assert_str_eq(guest(scenario, 9)->name, "web-9");
    /* the resolved scenario keeps the group */
    ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(scenario->resolved, "guests")), 2);
}
END_TEST

START_TEST(references_between_groups_go_by_their_rule)
{
    g_autoptr(Scenario) scenario = load(FLEET, NULL), block = load(FLEET, "/guests/1/by=block");
    static const char *const turns[] = {"h-1", "h-2", "h-3", "h-4", "h-5", "h-6", "h-1", "h-2", "h-3"};
    static const char *const blocks[] = {"h-1", "h-1", "h-2", "h-3", "h-3", "h-4", "h-5", "h-5", "h-6"};
    const GArray *vtpms = ((const VtpmKeys *)scenario_keys(&scenario->spec, &vtpm_keys))->vtpms;

    for (guint i = 0; i < 9; i++) {
        g_autofree char *web = g_strdup_printf("web-%u", i + 1);
        ck_assert_str_eq(guest(scenario, i + 1)->host, turns[i]);
        ck_assert_str_eq(guest(block, i + 1)->host, blocks[i]);
        ck_assert_str_eq(g_array_index(vtpms, VtpmSpec, i).vm, web); /* groups of one size pair by index */
    }
    for (guint i = 0; i < 6; i++) {
        g_autofree char *host = g_strdup_printf("h-%u", i + 1);
        ck_assert_str_eq(end_of(scenario, i, 0), host);
        ck_assert_str_eq(end_of(scenario, i, 1), i < 3 ? "rack-1" : "rack-2");
    }
    ck_assert_str_eq(end_of(scenario, 7, 0), "rack-2");
    ck_assert_str_eq(end_of(scenario, 7, 1), "core");
}
END_TEST

#define MESH                                                                                                                \
    "{'name': 'mesh', 'hosts': [{'name': 'h'}], 'switches': [{'name': 'leaf', 'count': 2}, {'name': 'spine', 'count': 3}]," \
    " 'links': [{'name': 'up', 'count': 6, 'ends': ['leaf', 'spine'], 'by': 'mesh'}]}"

START_TEST(a_mesh_has_a_cable_for_each_pair)
{
    g_autoptr(Scenario) scenario = load(MESH, NULL);

    for (guint i = 0; i < 6; i++) {
        g_autofree char *leaf = g_strdup_printf("leaf-%u", i / 3 + 1), *spine = g_strdup_printf("spine-%u", i % 3 + 1);
        ck_assert_str_eq(end_of(scenario, i, 0), leaf);
        ck_assert_str_eq(end_of(scenario, i, 1), spine);
    }
}
END_TEST

#define DRAWN "/guests/1/memory={\"law\": \"uniform\", \"from\": \"64MiB\", \"to\": \"512MiB\", \"step\": \"64MiB\"}"

static void
expect_same_guests(const Scenario *one, const Scenario *other, guint n)
{
    for (guint i = 0; i < n; i++) {
        ck_assert_double_eq(guest(one, i)->memory_bytes, guest(other, i)->memory_bytes);
        ck_assert_str_eq(guest(one, i)->host, guest(other, i)->host);
    }
}

/* Nor does a group that comes before it in the list. */
START_TEST(adding_a_member_moves_no_digit_of_another)
{
    const char *const nine[] = {DRAWN, "/guests/1/by=drawn", NULL};
    const char *const twenty[] = {DRAWN, "/guests/1/by=drawn", "/guests/1/count=20", NULL};
    g_autoptr(Scenario) one = worlds_load(FLEET, nine, NULL), more = worlds_load(FLEET, twenty, NULL);
    guint sizes = 0, hosts = 0;

    expect_same_guests(one, more, 10);
    for (guint i = 2; i < 21; i++) {
        const double units = guest(more, i)->memory_bytes / (64 * WORLDS_MIB);
        ck_assert(units >= 1 && units <= 8 && units == floor(units));
        sizes += guest(more, i)->memory_bytes != guest(more, 1)->memory_bytes ? 1 : 0;
        hosts += strcmp(guest(more, i)->host, guest(more, 1)->host) != 0 ? 1 : 0;
    }
    ck_assert(sizes > 5 && hosts > 5);
}
END_TEST

START_TEST(another_seed_draws_others_and_the_same_seed_the_same)
{
    const char *const first[] = {DRAWN, NULL}, *const second[] = {DRAWN, "/seed=2", NULL};
    g_autoptr(Scenario) one = worlds_load(FLEET, first, NULL), again = worlds_load(FLEET, first, NULL);
    g_autoptr(Scenario) other = worlds_load(FLEET, second, NULL);
    guint differ = 0;

    expect_same_guests(one, again, 10);
    for (guint i = 1; i < 10; i++)
        differ += guest(one, i)->memory_bytes != guest(other, i)->memory_bytes ? 1 : 0;
    ck_assert_uint_ge(differ, 4);
}
END_TEST

START_TEST(laws_stand_at_any_depth_and_not_in_profiles_or_single_entries)
{
    const char *const settings[] = {
        "/guests/1/workload={\"kind\": \"uniform\", \"working_set\": \"16MiB\", \"rate\": {\"law\": \"cycle\", "
        "\"values\": [\"1/s\", \"2/s\"]}}",
        "/guests/1/vcpus={\"law\": \"block\", \"values\": [1, 2, 4]}", NULL};
    g_autoptr(Scenario) scenario = worlds_load(FLEET, settings, NULL);

    for (guint i = 0; i < 9; i++) {
        ck_assert_double_eq(guest(scenario, i + 1)->workload->rate_pages_s, i % 2 == 0 ? 1 : 2);
        ck_assert_int_eq(guest(scenario, i + 1)->vcpus, i < 3 ? 1 : i < 6 ? 2 : 4);
    }
}
END_TEST

START_TEST(each_bad_group_has_its_message)
{
    static const char *const rows[][2] = {
        {"/guests/1/count=0", ": /guests/1/count: is 0, expected at least 1"},
        {"/guests/1/count=-3", ": /guests/1/count: is -3, expected at least 1"},
        {"/guests/1/count=2.5", ": /guests/1/count: is the number 2.5, expected an integer"},
        {"/guests/1/count=2000000", ": /guests/1/count: is 2000000, expected at most 1000000"},
        {"/guests/0/name=web-3",
         ": /guests/0/name: \"web-3\" is a member of the group \"web\", element 1, expected a name of its own"},
        {"/guests/0/name=web-09", NULL}, /* no member is called so */
        {"/guests/0/by=block", ": /guests/0/by: is of groups, expected a \"count\" beside it, or no \"by\""},
        {"/guests/0/host=h",
         ": /guests/0/host: \"h\" is a group of 6, expected one of its members \"h-1\", \"h-2\", … here"},
        {"/guests/0/host=h-7", ": /guests/0/host: no \"h-7\" in /hosts, "},
        {"/guests/1/by=mesh",
         ": /guests/1/by: is \"mesh\", of two ends that are groups, expected these or another rule"},
        {"/guests/0/memory={\"law\": \"cycle\", \"values\": [\"1GiB\"]}",
         ": /guests/0/memory: is a law, by which the members of a group differ, expected one value, or a \"count\""},
        {"/guests/1/memory={\"law\": \"uniform\", \"from\": \"1GiB\", \"to\": \"1MiB\"}",
         ": /guests/1/memory/to: is less than \"from\", expected at least that"},
        {"/guests/1/memory={\"law\": \"uniform\", \"from\": \"1KiB\", \"to\": \"1MiB\"}",
         ": /guests/1/memory/from: is \"1KiB\", expected at least 64KiB"},
        {"/guests/1/memory={\"law\": \"choice\", \"values\": [\"1GiB\", 7]}",
         ": /guests/1/memory/values/1: is the number 7 without a unit, expected a size"},
        {"/guests/1/memory={\"law\": \"choice\", \"values\": [\"1GiB\"], \"weights\": [1, 2]}",
         ": /guests/1/memory/weights: has 2 elements, expected 1, one for each value"},
        {"/guests/1/memory={\"law\": \"gamma\"}", ": /guests/1/memory/law: is \"gamma\", expected one of choice, "},
        {"/guests/1/name=a-name-as-long-as-names-may-be-where-there-are-no-members-of-it",
         ": /guests/1/name: its last member's name "},
        {"/vtpms/0/count=10", ": /vtpms/0/vm: tpm-10: "}, /* web-1 has a vTPM already */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *const settings[] = {rows[i][0], NULL};
        if (rows[i][1])
            worlds_expect_refused(FLEET, settings, rows[i][1]);
        else
            scenario_free(worlds_load(FLEET, settings, NULL));
    }
    worlds_expect_refused(MESH, (const char *const[]){"/links/0/count=5", NULL},
                          ": /links/0/count: is 5, expected 6, for each of the one end's 2 members with each of the "
                          "other's 3");
}
END_TEST

/* Checks count members; what a user wrote are elements. */
START_TEST(a_message_about_a_member_leads_to_its_group_and_names_it)
{
    static const char *const rows[][2] = {
        {"/guests/1/memory=8GiB", ": /guests/1/memory: web-7: the guests of \"h-1\" do not fit its memory, expected "},
        {"/guests/1/used={\"law\": \"cycle\", \"values\": [\"1MiB\", \"1MiB\", \"1MiB\", \"1GiB\"]}",
         ": /guests/1/used: web-4: is more than the guest's memory, expected at most that"},
        {"/guests/1/workload={\"kind\": \"uniform\", \"working_set\": \"1GiB\", \"rate\": \"1/s\"}",
         ": /guests/1/workload/working_set: web-1: ends beyond the guest's used memory"},
        {"/vtpms/0/name=web", ": /vtpms/0/name: web-1: \"web-1\" is a guest already, expected another name"},
        {"/links/2/ends=[\"spare\", \"spare\"]", ": /links/2/ends: both ends are \"spare\", expected two different"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(FLEET, (const char *const[]){rows[i][0], NULL}, rows[i][1]);
}
END_TEST

START_TEST(actions_of_the_time_line_are_groups_too)
{
    const char *const settings[] = {
        "/timeline=[{\"do\": \"migrate\", \"count\": 9, \"vm\": \"web\", \"to\": \"h\", \"by\": \"block\", "
        "\"at\": {\"law\": \"cycle\", \"values\": [\"1s\", \"2s\"]}}]",
        "/vtpms=[]", NULL};
    g_autoptr(Scenario) scenario = worlds_load(FLEET, settings, NULL);

    ck_assert_uint_eq(scenario->spec.timeline->len, 9);
    for (guint i = 0; i < 9; i++) /* by date */
        ck_assert_double_eq(scenario_action(&scenario->spec, i)->at_s, i < 5 ? 1 : 2);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("members");

    tcase_add_test(tcase, a_group_is_its_members_and_what_stands_beside_it_stays);
    tcase_add_test(tcase, references_between_groups_go_by_their_rule);
    tcase_add_test(tcase, a_mesh_has_a_cable_for_each_pair);
    tcase_add_test(tcase, adding_a_member_moves_no_digit_of_another);
    tcase_add_test(tcase, another_seed_draws_others_and_the_same_seed_the_same);
    tcase_add_test(tcase, laws_stand_at_any_depth_and_not_in_profiles_or_single_entries);
    tcase_add_test(tcase, each_bad_group_has_its_message);
    tcase_add_test(tcase, a_message_about_a_member_leads_to_its_group_and_names_it);
    tcase_add_test(tcase, actions_of_the_time_line_are_groups_too);
    return check_main("members", tcase, NULL);
}
