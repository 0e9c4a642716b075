/* A VM's script and its vTPM through migrations: what waits, what fails, what is out of service, and that every answer
 * is right. */
#include "tests/sim/world/worlds.h"

#define METHOD(method) "/timeline/0/method=" method
/* Stopped before anything is sent: a joint migration's downtime is then 0.65 s and more. */
#define NOT_LIVE "/timeline/0/hypervisor/max_rounds=0"

/* The date at which a leg's guests ran again. */
static double
resumed_at_s(const Result *result, const char *leg)
{
    g_autofree char *begins = g_strdup_printf("vm,%s,activation,", leg);
    g_autofree char *resume = g_strdup_printf("migration.vm.%s.downtime.resume_s", leg);
    g_auto(GStrv) cells = worlds_row(result, "steps.csv", begins);

    return g_ascii_strtod(cells[3], NULL) + worlds_number(result, resume);
}

typedef struct {
    double issued_s, ended_s;
    gboolean done;
} Command;

static GArray *
commands_of(const Result *result)
{
    GArray *commands = g_array_new(FALSE, FALSE, sizeof(Command));
    g_auto(GStrv) rows = g_strsplit(result_table(result, "commands.csv"), "\n", 0);

    for (guint i = 1; rows[i] && *rows[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], ",", 0);
        const Command command = {g_ascii_strtod(cells[2], NULL), g_ascii_strtod(cells[3], NULL),
                                 g_str_equal(cells[4], "done")};
        g_array_append_val(commands, command);
    }
    return commands;
}

START_TEST(commands_fail_after_the_timeout_while_the_vtpm_is_on_another_host)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, METHOD("vm"));
    g_autoptr(GArray) commands = commands_of(result);
    const double apart_s = resumed_at_s(result, "vm");
    guint failed = 0;

    ck_assert_word(result, "vtpm.tpm.place", "apart");
    for (guint i = 0; i < commands->len; i++) {
        const Command *command = &g_array_index(commands, Command, i);
        ck_assert_int_eq(command->done, command->ended_s <= apart_s);
        failed += !command->done;
        if (command->issued_s > apart_s) /* 1e-6: dates have ten digits */
            ck_assert_double_eq_tol(command->ended_s - command->issued_s, 0.2, 1e-6);
    }
    ck_assert_uint_gt(failed, 3);
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), failed);
    ck_assert_number(result, "vtpm.tpm.unavailable_s", worlds_number(result, "run.end_s") - apart_s, 1e-6);
}
END_TEST

/* A patient command waits through both legs and is answered when the vTPM follows. */
START_TEST(commands_wait_for_the_vtpm_that_follows)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, METHOD("vm-then-vtpm"), "/vtpms/0/command_timeout=10s");
    const double apart_s = resumed_at_s(result, "vm");
    const double together_s = resumed_at_s(result, "vtpm");

    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
    ck_assert_double_gt(together_s, apart_s);
    ck_assert_double_ge(worlds_number(result, "vtpm.tpm.latency_max_s"), together_s - apart_s);
    ck_assert_number(result, "vtpm.tpm.unavailable_s", together_s - apart_s, 1e-6);
    ck_assert_number(result, "vtpm.tpm.unavailable_max_s", together_s - apart_s, 1e-6);
}
END_TEST

/* The other order: without service from the vTPM's stop to the VM's, but for a moment in which both are stopped. */
START_TEST(vtpm_that_goes_first_is_missed_until_the_vm_stops_to_follow)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-then-vm"), "/vtpms/0/command_timeout=10s");
    g_auto(GStrv) vtpm = worlds_row(result, "steps.csv", "vm,vtpm,stop_and_copy,");
    g_auto(GStrv) vm = worlds_row(result, "steps.csv", "vm,vm,stop_and_copy,");

    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
    ck_assert_number(result, "vtpm.tpm.unavailable_s", g_ascii_strtod(vm[3], NULL) - g_ascii_strtod(vtpm[3], NULL),
                     1e-6);
}
END_TEST

static double
step_cell(const Result *result, const char *begins, guint column)
{
    g_auto(GStrv) row = worlds_row(result, "steps.csv", begins);

    return g_ascii_strtod(row[column], NULL);
}

/* "The most usual practice" (section 1.2): the VM has its place, its push phase begins, the vTPM is stopped, its 256
 * pages go once, and only then the VM's. From the vTPM's stop to its own the VM runs without. */
START_TEST(vtpm_that_goes_when_the_push_begins_is_stopped_and_missed_until_the_vm_stops)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"));
    const double push_s = step_cell(result, "vm,vm,precopy,", 3),
                 begin_s = step_cell(result, "vm,vtpm,pre_migration,", 3);
    const double end_s = step_cell(result, "vm,vtpm,activation,", 3) + step_cell(result, "vm,vtpm,activation,", 4);
    g_auto(GStrv) first_round = worlds_row(result, "rounds.csv", "vm,vm,1,");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_eq(worlds_number(result, "migration.vm.vtpm.live_rounds"), 0);
    ck_assert_double_eq(worlds_number(result, "migration.vm.vtpm.sent_pages"), 256);
    ck_assert_double_eq_tol(begin_s, push_s, 1e-9);
    ck_assert_double_eq_tol(g_ascii_strtod(first_round[4], NULL), end_s, 1e-9);
    ck_assert_number(result, "vtpm.tpm.unavailable_s",
                     step_cell(result, "vm,vm,stop_and_copy,", 3) - step_cell(result, "vm,vtpm,stop_and_copy,", 3),
                     1e-6);
    ck_assert_number(result, "migration.vm.downtime_s", worlds_number(result, "migration.vm.vm.downtime_s"), 1e-9);
}
END_TEST

/* Against the vTPM first: the VM does its first two steps, 120 ms, while it has its vTPM still; the vTPM is missed
 * while its 256 pages go, 85 ms, and not from the end of its live rounds; and the whole takes as long. 10 ms: other
 * pages are dirty at each date. */
START_TEST(at_the_push_it_is_missed_for_less_than_when_it_goes_first)
{
    g_autoptr(Result) push = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"));
    g_autoptr(Result) first = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-then-vm"));
    const double pages_s = worlds_number(push, "migration.vm.vtpm.page_bytes") / 12.5e6;

    ck_assert_number(push, "vtpm.tpm.unavailable_s", worlds_number(first, "vtpm.tpm.unavailable_s") - 0.12 + pages_s,
                     0.01);
    ck_assert_number(push, "migration.vm.total_s", worlds_number(first, "migration.vm.total_s"), 0.01);
}
END_TEST

/* While the vTPM goes: both stay. While the VM goes: the vTPM has gone, and is missed. */
START_TEST(a_link_that_breaks_during_the_push_leaves_both_or_parts_them)
{
    g_autoptr(Result) early = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"),
                                         "/timeline/-={\"at\":\"1.3s\",\"do\":\"fail-link\",\"link\":\"lb\"}");
    g_autoptr(Result) late = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"),
                                        "/timeline/-={\"at\":\"1.6s\",\"do\":\"fail-link\",\"link\":\"lb\"}");

    ck_assert_word(early, "migration.vm.outcome", "link-lost");
    ck_assert_word(early, "migration.vm.vtpm.outcome", "link-lost");
    ck_assert_word(early, "vtpm.tpm.place", "with-vm");
    ck_assert_word(early, "domain.tpm.host", "a");
    ck_assert_word(late, "migration.vm.outcome", "link-lost");
    ck_assert_word(late, "migration.vm.vtpm.outcome", "completed");
    ck_assert_word(late, "vtpm.tpm.place", "apart");
    ck_assert_word(late, "domain.tpm.host", "b");
    ck_assert_word(late, "domain.vm.host", "a");
}
END_TEST

/* Without its vTPM's place the VM does not go: no page of it is sent. */
START_TEST(a_vtpm_that_cannot_go_at_the_push_keeps_its_vm)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"), "/hosts/1/lacks_configs=[\"tpm\"]");

    ck_assert_word(result, "migration.vm.outcome", "no-config");
    ck_assert_word(result, "migration.vm.vm.outcome", "no-config");
    ck_assert_double_eq(worlds_number(result, "migration.vm.vm.sent_pages"), 0);
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "vtpm.tpm.place", "with-vm");
}
END_TEST

/* A time limit of the live rounds counts from their beginning, not from the vTPM's. */
START_TEST(the_time_limit_is_of_the_vms_own_rounds)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, METHOD("vtpm-at-push"), "/timeline/0/hypervisor/time_limit=0.5s");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_gt(worlds_number(result, "migration.vm.vm.precopy_s"), 0.6);
}
END_TEST

START_TEST(joint_methods_leave_the_vm_no_moment_without_its_vtpm)
{
    static const char *const methods[] = {METHOD("joint"), METHOD("concatenated")};
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, methods[_i]);

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.unavailable_s"), 0);
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
}
END_TEST

START_TEST(pcr_is_that_of_the_same_calls_after_every_method)
{
    static const char *const methods[] = {METHOD("vm"),           METHOD("vtpm"),  METHOD("vm-then-vtpm"),
                                          METHOD("vtpm-then-vm"), METHOD("joint"), METHOD("concatenated"),
                                          METHOD("vtpm-at-push")};
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, methods[_i]);
    const guint64 done = (guint64)worlds_number(result, "vtpm.tpm.commands_done");
    g_autofree char *pcr = worlds_pcr("vm", done);
    g_autofree char *one_less = worlds_pcr("vm", done - 1);

    ck_assert_uint_gt(done, 20);
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "vtpm.tpm.pcr", pcr);
    ck_assert_str_ne(pcr, one_less);
}
END_TEST

/* Stopped for longer than the timeout, and no command fails: the front end's clock stands as well. */
START_TEST(timeouts_do_not_count_while_the_vm_is_stopped)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, NOT_LIVE, "/vtpms/0/command_timeout=0.1s");

    ck_assert_double_gt(worlds_number(result, "migration.vm.downtime_s"), 0.3);
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.unavailable_s"), 0);
}
END_TEST

/* A call that is in flight when the VM stops is answered after it runs again. */
START_TEST(command_in_flight_is_answered_after_the_stop)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, NOT_LIVE, "/vtpms/0/service_time=50ms",
                                          "/vtpms/0/script/interval=1ms", "/vtpms/0/command_timeout=60ms");
    g_autoptr(GArray) commands = commands_of(result);
    const double downtime_s = worlds_number(result, "migration.vm.downtime_s");
    guint across = 0;

    for (guint i = 0; i < commands->len; i++) {
        const Command *command = &g_array_index(commands, Command, i);
        ck_assert(command->done);
        across += command->ended_s - command->issued_s > downtime_s;
    }
    ck_assert_uint_eq(across, 1);
}
END_TEST

START_TEST(nobody_calls_a_vtpm_without_script)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/vtpms/0={\"name\":\"tpm\",\"vm\":\"vm\"}", METHOD("vm-then-vtpm"));

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_done"), 0);
    ck_assert_double_gt(worlds_number(result, "vtpm.tpm.unavailable_s"), 0);
}
END_TEST

START_TEST(commands_go_on_while_the_host_of_neither_is_lost)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/timeline/-={\"at\":\"1.2s\",\"do\":\"fail-host\",\"host\":\"c\"}");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "host.c.state", "lost");
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
}
END_TEST

/* ---- what guests write, when ---- */

#define BUSY "{\"kind\":\"uniform\",\"working_set\":\"4MiB\",\"rate\":\"20000/s\"}"
#define TWICE                                                                                                          \
    "/timeline=[{\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\"},"                                        \
    "{\"at\":\"31s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\"}]"

static double
dirtied_in_round_1(const Result *result, const char *migration)
{
    g_autofree char *begins = g_strdup_printf("%s,vm,1,", migration);
    g_auto(GStrv) cells = worlds_row(result, "rounds.csv", begins);

    return g_ascii_strtod(cells[8], NULL);
}

START_TEST(phases_follow_each_other)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE, "/vtpms=[]", TWICE,
        "/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"30s\"},"
        "{\"kind\":\"uniform\",\"working_set\":\"4MiB\",\"rate\":\"20000/s\",\"lasts\":\"1h\"},{\"kind\":\"idle\"}]");

    ck_assert_double_eq(dirtied_in_round_1(result, "vm"), 0);
    ck_assert_double_gt(dirtied_in_round_1(result, "vm.2"), 900); /* of 1024, in a third of a second */
}
END_TEST

START_TEST(set_workload_does_what_a_phase_of_that_date_does)
{
    g_autoptr(Result) phases = WORLDS_RUN(WORLDS_BASE, "/vtpms=[]", TWICE,
                                          "/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"30s\"}," BUSY "]");
    g_autoptr(Result) action =
        WORLDS_RUN(WORLDS_BASE, "/vtpms=[]", TWICE, "/guests/0/workload={\"kind\":\"idle\"}",
                   "/timeline/-={\"at\":\"30s\",\"do\":\"set-workload\",\"guest\":\"vm\",\"workload\":" BUSY "}");

    ck_assert_str_eq(result_table(phases, "rounds.csv"), result_table(action, "rounds.csv"));
}
END_TEST

/* In the middle of round 1: a transfer does not look over the change. */
START_TEST(workload_that_stops_during_a_round_stops_dirtying)
{
    g_autoptr(Result) busy = WORLDS_RUN(WORLDS_BASE, "/vtpms=[]", METHOD("vm"), "/guests/0/workload=" BUSY,
                                        "/timeline/0/hypervisor/skip_redirtied=false");
    g_autoptr(Result) stopped = WORLDS_RUN(
        WORLDS_BASE, "/vtpms=[]", METHOD("vm"), "/guests/0/workload=" BUSY,
        "/timeline/0/hypervisor/skip_redirtied=false",
        "/timeline/-={\"at\":\"1.13s\",\"do\":\"set-workload\",\"guest\":\"vm\",\"workload\":{\"kind\":\"idle\"}}");

    ck_assert_double_gt(dirtied_in_round_1(busy, "vm"), 900);
    /* 10 ms of 20,000 writes per second */
    ck_assert_double_gt(dirtied_in_round_1(stopped, "vm"), 100);
    ck_assert_double_lt(dirtied_in_round_1(stopped, "vm"), 250);
}
END_TEST

int
main(void)
{
    TCase *service = tcase_create("service");
    TCase *workloads = tcase_create("workloads");

    tcase_add_test(service, commands_fail_after_the_timeout_while_the_vtpm_is_on_another_host);
    tcase_add_test(service, commands_wait_for_the_vtpm_that_follows);
    tcase_add_test(service, vtpm_that_goes_first_is_missed_until_the_vm_stops_to_follow);
    tcase_add_test(service, vtpm_that_goes_when_the_push_begins_is_stopped_and_missed_until_the_vm_stops);
    tcase_add_test(service, at_the_push_it_is_missed_for_less_than_when_it_goes_first);
    tcase_add_test(service, a_link_that_breaks_during_the_push_leaves_both_or_parts_them);
    tcase_add_test(service, a_vtpm_that_cannot_go_at_the_push_keeps_its_vm);
    tcase_add_test(service, the_time_limit_is_of_the_vms_own_rounds);
    tcase_add_loop_test(service, joint_methods_leave_the_vm_no_moment_without_its_vtpm, 0, 2);
    tcase_add_loop_test(service, pcr_is_that_of_the_same_calls_after_every_method, 0, 7);
    tcase_add_test(service, timeouts_do_not_count_while_the_vm_is_stopped);
    tcase_add_test(service, command_in_flight_is_answered_after_the_stop);
    tcase_add_test(service, nobody_calls_a_vtpm_without_script);
    tcase_add_test(service, commands_go_on_while_the_host_of_neither_is_lost);
    tcase_add_test(workloads, phases_follow_each_other);
    tcase_add_test(workloads, set_workload_does_what_a_phase_of_that_date_does);
    tcase_add_test(workloads, workload_that_stops_during_a_round_stops_dirtying);
    return check_main("vtpm_part", service, workloads, NULL);
}
