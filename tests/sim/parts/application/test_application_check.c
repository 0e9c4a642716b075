/* What is wrong with an application is told in one line, with its place. */
#include "tests/sim/world/worlds.h"

#define BASE                                                                                                           \
    "{'name': 'w', 'run_until': '30s', 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                       \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps', 'latency': '20us'}],"                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'vcpus': 2}, {'name': 'vm2', 'host': 'a'}],"                              \
    " 'vtpms': [{'name': 'tpm', 'vm': 'vm2'}],"                                                                        \
    " 'applications': [{'name': 'web', 'guest': 'vm', 'load': {'kind': 'open', 'rate': '10/s'},"                       \
    "   'service': {'kind': 'constant', 'mean': '1ms'}, 'calls': [{'application': 'db'}]},"                            \
    "  {'name': 'db', 'guest': 'vm2', 'load': {'kind': 'none'}, 'service': {'kind': 'exponential', 'mean': '1ms'}}]}"

START_TEST(a_sound_scenario_is_accepted)
{
    g_autoptr(Scenario) scenario = worlds_load(BASE, (const char *const[]){NULL}, NULL);

    ck_assert_ptr_nonnull(scenario);
}
END_TEST

START_TEST(each_fault_is_one_line_with_its_place)
{
    static const struct {
        const char *setting, *message;
    } cases[] = {
        {"/applications/0/guest=nobody", "/applications/0/guest: no \"nobody\""},
        {"/applications/0/processors=3", "/applications/0/processors: 3 of guest \"vm\", which has 2"},
        {"/applications/1/guest=vm", "/applications/1/processors: guest \"vm\" has 2 and its applications take 4"},
        {"/guests/0/vcpus=0", "/guests/0/vcpus"},
        {"/applications/0/load={\"kind\":\"closed\",\"users\":0,\"think\":{\"kind\":\"constant\",\"mean\":\"1s\"}}",
         "/applications/0/load/users"},
        {"/applications/0/service/mean=0s", "/applications/0/service/mean"},
        {"/applications/0/service={\"kind\":\"trace\",\"values\":[\"0s\"]}", "/applications/0/service/values: all are"},
        {"/applications/0/load/rate=0/s", "/applications/0/load/rate"},
        {"/applications/0/load={\"kind\":\"rates\",\"rates\":[{\"at\":\"2s\",\"rate\":\"1/s\"},{\"at\":\"1s\",\"rate\":"
         "\"1/s\"}]}",
         "/applications/0/load/rates/1/at: is not after"},
        {"/applications/0/load={\"kind\":\"rates\",\"rates\":[{\"at\":\"2s\",\"rate\":\"0/s\"}]}",
         "/applications/0/load/rates: all are zero"},
        {"/applications/0/load={\"kind\":\"open\",\"rate\":\"1/s\",\"start\":\"5s\",\"stop\":\"5s\"}",
         "/applications/0/load/stop: is not after the start"},
        {"/applications/0/writes=3", "/applications/0/writes: the workload of guest \"vm\" does not say"},
        {"/applications/1/calls=[{\"application\":\"web\"}]", "/applications/1/calls/0/application: \"web\" waits for"},
        {"/applications/1/calls=[{\"application\":\"db\"}]", "/applications/1/calls/0/application: \"db\" waits for"},
        {"/applications/1/calls=[{}]", "/applications/1/calls/0: names nobody"},
        {"/applications/1/calls=[{\"application\":\"web\",\"vtpm\":\"tpm\"}]", "/applications/1/calls/0: names two"},
        {"/applications/0/calls=[{\"vtpm\":\"tpm\"}]", "/applications/0/calls/0/vtpm: \"tpm\" does not serve"},
        {"/applications/0/calls=[{\"card\":\"c\"}]", "/applications/0/calls/0/card"},
        {"/applications/0/warm_up=30s", "/applications/0/warm_up: lasts to the end of the run"},
        {"/applications/0/bin=0s", "/applications/0/bin"},
        {"/run_until=10000000s", "/applications/0/bin: makes 10000000 rows"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        worlds_expect_refused(BASE, (const char *const[]){cases[i].setting, NULL}, cases[i].message);
}
END_TEST

START_TEST(two_that_write_pages_of_one_guest_are_refused)
{
    g_autoptr(GError) error = NULL;
    const char *settings[] = {
        "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"0/s\"}",
        "/applications/1/guest=vm",
        "/applications/0/processors=1",
        "/applications/1/processors=1",
        "/applications/0/writes=1",
        "/applications/1/writes=1",
        NULL,
    };

    ck_assert_ptr_null(worlds_load(BASE, settings, &error));
    ck_assert_msg(strstr(error->message, "/applications/1/writes: \"web\" of the same guest"), "%s", error->message);
    settings[5] = NULL;
    g_autoptr(Scenario) sound = worlds_load(BASE, settings, NULL);
    ck_assert_ptr_nonnull(sound);
}
END_TEST

/* Not refused: it is what somebody may want to see. */
START_TEST(a_load_above_capacity_is_warned_of_with_the_calls_it_makes)
{
    g_autoptr(GPtrArray) warnings = NULL;
    g_autoptr(Scenario) scenario =
        worlds_load_warned(BASE, (const char *const[]){"/applications/0/load/rate=1500/s", NULL}, &warnings, NULL);

    ck_assert_uint_eq(warnings->len, 1); /* two processors serve the first tier, one the second */
    ck_assert(strstr(g_ptr_array_index(warnings, 0), "/applications/1/load: asks for 1.50 of what its processors can"));
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("checks");

    tcase_add_test(cases, a_sound_scenario_is_accepted);
    tcase_add_test(cases, each_fault_is_one_line_with_its_place);
    tcase_add_test(cases, two_that_write_pages_of_one_guest_are_refused);
    tcase_add_test(cases, a_load_above_capacity_is_warned_of_with_the_calls_it_makes);
    return check_main("application_check", cases, NULL);
}
