/* Evacuations that cannot be are refused in one line; what the scenario says of who may come to be where. */
#include "sim/parts/evacuation/evacuation_reach.h"
#include "tests/sim/world/worlds.h"

#define BASE                                                                                                           \
    "{'name': 'refused', 'hosts': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}, {'name': 'alone'}],"                   \
    " 'links': [{'name': 'ab', 'ends': ['a', 'b'], 'profile': 'ideal-100'},"                                           \
    "           {'name': 'bc', 'ends': ['b', 'c'], 'profile': 'ideal-100'}],"                                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB'}, {'name': 'other', 'host': 'c', 'memory': '64MiB'}],"  \
    " 'vtpms': [{'name': 'tpm', 'vm': 'vm'}],"                                                                         \
    " 'timeline': [{'at': '1s', 'do': 'evacuate', 'host': 'a'}]}"

static const struct {
    const char *setting, *says;
} refused[] = {
    {"/timeline/0/host=nowhere", "/timeline/0/host: "},
    {"/timeline/0/to=[\"a\"]", "/timeline/0/to/0: is the host that is evacuated, expected another one"},
    {"/timeline/0/to=[\"b\",\"b\"]", "/timeline/0/to/1: is given before as well, expected each host once"},
    {"/timeline/0/to=[\"b\",\"alone\"]", "/timeline/0/to/1: no route from \"a\" to \"alone\""},
    {"/timeline/0/to=[\"nowhere\"]", "/timeline/0/to/0: "},
    {"/timeline/0/host=alone", "/timeline/0/host: no route from \"alone\" to any other host"},
    {"/timeline/0/outgoing=0", "/timeline/0/outgoing: "},
    {"/timeline/0/in_all=0", "/timeline/0/in_all: "},
    {"/timeline/0/attempts=0", "/timeline/0/attempts: "},
    {"/timeline/0/deadline=0s", "/timeline/0/deadline: "},
    {"/timeline/0/method=vtpm", "/timeline/0/method: "},
    {"/timeline/-={\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"a\",\"to\":[\"b\"]}",
     "/timeline/1/host: /timeline/0 evacuates \"a\" at the same date"},
    {"/timeline/0={\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"a\",\"hypervisor\":\"qemu-kvm\",\"method\":"
     "\"vm-then-vtpm\"}",
     "/timeline/0/method: "},
    {"/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"recovery\":\"1s\"}",
     "/timeline/0/hypervisor/recovery: the migration has no post-copy, expected"},
    {"/timeline/0/hypervisor/at_time_limit=suspend",
     "/timeline/0/hypervisor/at_time_limit: there is no such limit, expected"},
    {"/engine/pages=counted", "/engine/pages: is \"counted\", but /timeline/0/method copies a vTPM"},
};

START_TEST(what_cannot_be_is_refused_in_one_line)
{
    worlds_expect_refused(BASE, (const char *const[]){refused[_i].setting, NULL}, refused[_i].says);
}
END_TEST

/* Evacuating b after a: who was on a may come to c, who is on c comes nowhere. */
START_TEST(who_may_come_to_be_where_follows_from_the_time_line)
{
    const char *const settings[] = {"/timeline/0/to=[\"b\"]",
                                    "/timeline/-={\"at\":\"9s\",\"do\":\"evacuate\",\"host\":\"b\",\"to\":[\"c\"]}",
                                    NULL};
    g_autoptr(Scenario) scenario = worlds_load(BASE, settings, NULL);
    g_autoptr(EvacuationReach) reach = evacuation_reach_new(&scenario->spec);
    static const gboolean expected[2][4] = {{TRUE, TRUE, TRUE, FALSE}, {FALSE, FALSE, TRUE, FALSE}};

    for (guint guest = 0; guest < 2; guest++)
        for (guint host = 0; host < 4; host++)
            ck_assert_int_eq(evacuation_reach_has(reach, guest, host), expected[guest][host]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("evacuation_check");

    tcase_add_loop_test(tcase, what_cannot_be_is_refused_in_one_line, 0, (int)G_N_ELEMENTS(refused));
    tcase_add_test(tcase, who_may_come_to_be_where_follows_from_the_time_line);
    return check_main("evacuation_check", tcase, NULL);
}
