/* '*' in pointers: which elements of a list it names, and what is said when it names none. */
#include "sim/scenario/json_text.h"
#include "sim/scenario/pattern.h"
#include "sim/scenario/reader.h"
#include "tests/sim/world/worlds.h"

#define FLEET                                                                                                          \
    "{'name': 's', 'hosts': [{'name': 'h', 'count': 3}, {'name': 'spare'}],"                                           \
    " 'guests': [{'name': 'web-a', 'host': 'spare'}, {'name': 'web-b', 'host': 'spare'},"                              \
    "            {'name': 'db', 'count': 3, 'host': 'h'}, {'name': 'solo', 'host': 'spare'}]}"

static cJSON *
tree_of(const char *text)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');

    return json_text_parse(json, strlen(json), "s.json", NULL);
}

static void
names(const char *pointer, const char *expected)
{
    g_autoptr(cJSON) tree = tree_of(FLEET);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) pointers = pattern_pointers(scenario_table(), tree, pointer, &error);

    ck_assert_msg(pointers, "%s", error ? error->message : "");
    g_ptr_array_add(pointers, NULL);
    g_autofree char *found = g_strjoinv(" ", (char **)pointers->pdata);
    ck_assert_str_eq(found, expected);
}

START_TEST(a_star_names_all_elements_or_those_of_such_a_name)
{
    names("/hosts/*/memory", "/hosts/0/memory /hosts/1/memory");
    names("/guests/web-*/memory", "/guests/0/memory /guests/1/memory");
    names("/guests/*b*/memory", "/guests/0/memory /guests/1/memory /guests/2/memory");
    names("/guests/db-*/memory", "/guests/2/memory"); /* all members of the group */
    names("/guests/*o*", "/guests/3");
    names("/name", "/name");
}
END_TEST

static void
sets(const char *assignment, const char *const *settings_alike)
{
    g_autoptr(Scenario) one = worlds_load(FLEET, (const char *const[]){assignment, NULL}, NULL);
    g_autoptr(Scenario) other = worlds_load(FLEET, settings_alike, NULL);

    ck_assert_msg(cJSON_Compare(one->resolved, other->resolved, TRUE), "%s", assignment);
}

START_TEST(a_setting_reaches_each_element_that_its_pattern_names)
{
    sets("/hosts/*/cores=4", (const char *const[]){"/hosts/0/cores=4", "/hosts/1/cores=4", NULL});
    sets("/guests/web-*/workload/kind=idle",
         (const char *const[]){"/guests/0/workload/kind=idle", "/guests/1/workload/kind=idle", NULL});
    sets("/guests/d*/count=2", (const char *const[]){"/guests/2/count=2", NULL});
}
END_TEST

/* Sockets have a count of their own, of messages. */
START_TEST(a_count_of_another_list_is_no_group)
{
    g_autoptr(cJSON) tree = tree_of("{'name': 's', 'hosts': [{'name': 'a'}], 'sockets': [{'name': 'x', 'count': 3}]}");
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(pattern_pointers(scenario_table(), tree, "/sockets/x-1*/count", &error));
    ck_assert_ptr_nonnull(strstr(error->message, "leads nowhere: nothing in /sockets is named like"));
}
END_TEST

START_TEST(a_pattern_that_names_nothing_is_an_error)
{
    static const char *const rows[][2] = {
        {"/guests/mail-*/memory=1GiB", "--set /guests/mail-*/memory: leads nowhere: nothing in /guests is named like "
                                       "\"mail-*\", expected one of web-a, web-b, db, solo"},
        {"/links/*/bandwidth=1Gbps", "leads nowhere: nothing in /links is named like \"*\""},
        {"/guests/db-1*/memory=1GiB",
         "/guests/db-1* is 1 of the 3 members of the group \"db\", expected none or all: a group has one value"},
        {"/*/memory=1GiB", "leads nowhere: the top level is no list, in which \"*\" could be"},
        {"/guests/*/memroy=1GiB", "/guests/0/memroy: unknown key"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(FLEET, (const char *const[]){rows[i][0], NULL}, rows[i][1]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("pattern");

    tcase_add_test(tcase, a_star_names_all_elements_or_those_of_such_a_name);
    tcase_add_test(tcase, a_setting_reaches_each_element_that_its_pattern_names);
    tcase_add_test(tcase, a_count_of_another_list_is_no_group);
    tcase_add_test(tcase, a_pattern_that_names_nothing_is_an_error);
    return check_main("pattern", tcase, NULL);
}
