/* Guests whose work has phases that repeat or are drawn, while they migrate. */
#include "tests/sim/world/worlds.h"

/* 64 MiB over 1 Gb/s: half a second where nothing is written. Idle for two seconds, busy for two. */
#define BASE                                                                                                           \
    "{'name': 'phases', 'hosts': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}],"                                       \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps', 'latency': '20us'}],"                          \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB', 'phases_order': 'repeat', 'phases': ["                 \
    "   {'kind': 'idle', 'lasts': '2s'},"                                                                              \
    "   {'kind': 'uniform', 'working_set': '16MiB', 'rate': '20000/s', 'lasts': '2s'}]}],"                             \
    " 'timeline': [{'at': '8.5s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"
#define ALL_PAGES 16384
#define AT(date)  "/timeline/0/at=" date
#define ONCE      "/guests/0/phases_order=once"
#define DRAWN     "/guests/0/phases_order=drawn"
#define ANYWHERE  "/guests/0/phases_anywhere=true"
#define LAW(i)    "/guests/0/phases/" i "/lasts_law=exponential"

static double
sent(guint64 seed, const char *const *settings)
{
    g_autoptr(Scenario) scenario = worlds_load(BASE, settings, NULL);
    g_autoptr(Result) result = worlds_run_scenario(scenario, seed);

    ck_assert_word(result, "migration.vm.outcome", "completed");
    return worlds_number(result, "migration.vm.vm.data_pages");
}
#define SENT(seed, ...) sent(seed, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(what_is_done_hangs_on_the_phase)
{
    ck_assert_double_eq(SENT(1, AT("8.5s")), ALL_PAGES);
    ck_assert_double_gt(SENT(1, AT("10.5s")), ALL_PAGES + 1000);
    ck_assert_double_gt(SENT(1, AT("8.5s"), ONCE), ALL_PAGES + 1000);
    ck_assert_double_eq(SENT(1, AT("0.5s"), ONCE), ALL_PAGES);
}
END_TEST

/* Of 30 runs some find it idle for as long as they take, a third of the time, and others do not; test_phases holds how
 * many. */
START_TEST(runs_differ_where_the_beginning_is_drawn)
{
    static const char *const orders[][4] = {
        {ANYWHERE, NULL}, {DRAWN, ANYWHERE, NULL}, {DRAWN, LAW("0"), LAW("1"), NULL}};
    guint idle = 0;

    for (guint64 seed = 1; seed <= 30; seed++)
        idle += sent(seed, orders[_i]) < ALL_PAGES + 1;
    ck_assert_uint_gt(idle, 0);
    ck_assert_uint_lt(idle, 30);
}
END_TEST

START_TEST(a_weight_of_zero_never_comes)
{
    for (guint64 seed = 1; seed <= 10; seed++)
        ck_assert_double_eq(SENT(seed, DRAWN, "/guests/0/phases/1/weight=0", AT("10.5s")), ALL_PAGES);
}
END_TEST

/* A sender that plans ahead looks no further than the next phase. 1 %: batches are cut at other places. */
START_TEST(plans_end_with_the_phase)
{
    const double planned = SENT(1, AT("9.7s")), stepped = SENT(1, AT("9.7s"), "/engine/plan_ahead=false");

    ck_assert_double_eq_tol(planned / stepped, 1, 0.01);
    ck_assert_double_gt(planned, ALL_PAGES + 1000);
}
END_TEST

START_TEST(another_guest_moves_no_digit)
{
    static const char *const other =
        "/guests/-={\"name\":\"other\",\"host\":\"c\",\"memory\":\"4MiB\",\"phases_order\":\"drawn\",\"phases\":["
        "{\"kind\":\"idle\",\"lasts\":\"1ms\"},{\"kind\":\"idle\",\"lasts\":\"2ms\"}]}";

    ck_assert_double_eq(SENT(3, DRAWN, ANYWHERE, LAW("0")), SENT(3, DRAWN, ANYWHERE, LAW("0"), other));
}
END_TEST

static const struct {
    const char *settings[4];
    const char *message;
} faults[] = {
    {{ONCE, ANYWHERE}, "/guests/0/phases_anywhere: its phases come once, expected phases that repeat or are drawn"},
    {{"/guests/0/phases=[]"}, "/guests/0/phases_order: it has no phases, expected some"},
    {{"/guests/0/phases/1={\"kind\":\"idle\"}"}, "/guests/0/phases/1: has no \"lasts\" but is not the last phase"},
    {{"/guests/0/phases/0/lasts=1ns"},
     "/guests/0/phases/0/lasts: is less than a run can follow for ever, expected at least 1us"},
    {{DRAWN, "/guests/0/phases/0/weight=0", "/guests/0/phases/1/weight=0"},
     "/guests/0/phases: all have weight 0, expected one that can be drawn"},
};

START_TEST(phases_that_cannot_be_are_refused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = worlds_load(BASE, faults[_i].settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_msg(strstr(error->message, faults[_i].message), "%s", error->message);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("guest_phases");

    tcase_add_test(tcase, what_is_done_hangs_on_the_phase);
    tcase_add_loop_test(tcase, runs_differ_where_the_beginning_is_drawn, 0, 3);
    tcase_add_test(tcase, a_weight_of_zero_never_comes);
    tcase_add_test(tcase, plans_end_with_the_phase);
    tcase_add_test(tcase, another_guest_moves_no_digit);
    tcase_add_loop_test(tcase, phases_that_cannot_be_are_refused, 0, (int)G_N_ELEMENTS(faults));
    return check_main("guest_phases", tcase, NULL);
}
