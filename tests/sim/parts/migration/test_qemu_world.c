/* Migrations under QEMU's rules in the simulated world: what breaks, and what a vTPM does. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

START_TEST(never_converging_is_given_up_and_the_guest_stays)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/time_limit=30s");

    ck_assert_word(result, VM "outcome", "gave-up");
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_number(result, VM "spent_s", 30, 0.2); /* one transfer of up to sixteen steps may be under way */
    ck_assert_double_eq(worlds_number(result, VM "stopped_s"), 0);
}
END_TEST

START_TEST(auto_converge_makes_it_converge)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/auto_converge={}");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_ge(worlds_number(result, VM "throttle"), 0.2);
    /* the guest waits for what QEMU calls its downtime and for what the socket still holds */
    ck_assert_double_ge(worlds_number(result, VM "downtime_s"), worlds_number(result, VM "reported_downtime_s"));
}
END_TEST

/* 2 s into the pull the cable goes: nobody has the whole guest any more. */
START_TEST(postcopy_with_the_link_cut_loses_the_guest)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/postcopy_rounds=1",
                                          "/timeline/-={\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"l\"}",
                                          "/timeline/-={\"at\":\"10s\",\"do\":\"restore-link\",\"link\":\"l\"}");

    ck_assert_word(result, VM "outcome", "guest-lost");
    ck_assert_word(result, "domain.vm.state", "lost");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 0);
    ck_assert_number(result, VM "spent_s", 2, 0.1);
}
END_TEST

START_TEST(postcopy_with_the_source_lost_loses_the_guest)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/postcopy_rounds=1",
                                          "/timeline/-={\"at\":\"3s\",\"do\":\"fail-host\",\"host\":\"a\"}");

    ck_assert_word(result, VM "outcome", "guest-lost");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 0);
}
END_TEST

/* The same cut before the switch: pre-copy loses time and nothing else. */
/* The link is away from 3 to 10 s; somebody needs two more. The guest ran until it needed a page, some milliseconds,
 * and stood from then on; what was in the socket goes again. */
START_TEST(postcopy_recovers_when_the_link_is_back)
{
    const char *const pull = "/timeline/0/hypervisor/postcopy_rounds=1";
    const char *const cut = "/timeline/-={\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"l\"}";
    const char *const back = "/timeline/-={\"at\":\"10s\",\"do\":\"restore-link\",\"link\":\"l\"}";
    g_autoptr(Result) whole = WORLDS_RUN(WORLDS_BUSY, pull);
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, pull, cut, back, "/timeline/0/hypervisor/recovery=2s");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_number(result, VM "pauses", 1, 0.5);
    ck_assert_number(result, VM "paused_s", 9, 0.1); /* from the end of the transfer that failed */
    ck_assert_number(result, VM "pull_s", worlds_number(whole, VM "pull_s") + 9, 0.6);
    ck_assert_double_ge(worlds_number(result, VM "fault_wait_max_s"), 8.5);
    ck_assert_double_gt(worlds_number(result, VM "page_bytes"), worlds_number(whole, VM "page_bytes"));
}
END_TEST

/* It is lost for good when nothing brings the link back, and when the source goes meanwhile. */
START_TEST(a_pause_that_cannot_end_loses_the_guest)
{
    const char *const pull = "/timeline/0/hypervisor/postcopy_rounds=1";
    const char *const cut = "/timeline/-={\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"l\"}";
    g_autoptr(Result) link = WORLDS_RUN(WORLDS_BUSY, pull, cut, "/timeline/0/hypervisor/recovery=2s");
    g_autoptr(Result) host = WORLDS_RUN(WORLDS_BUSY, pull, cut, "/timeline/0/hypervisor/recovery=2s",
                                        "/timeline/-={\"at\":\"5s\",\"do\":\"fail-host\",\"host\":\"a\"}",
                                        "/timeline/-={\"at\":\"10s\",\"do\":\"restore-link\",\"link\":\"l\"}");

    ck_assert_word(link, VM "outcome", "guest-lost");
    ck_assert_word(host, VM "outcome", "guest-lost");
    ck_assert_number(host, VM "spent_s", 4, 0.1);
}
END_TEST

START_TEST(precopy_with_the_link_cut_keeps_the_guest)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BUSY, "/timeline/-={\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"l\"}");

    ck_assert_word(result, VM "outcome", "link-lost");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_word(result, "domain.vm.host", "a");
}
END_TEST

START_TEST(hybrid_shows_push_stop_and_pull)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/postcopy_rounds=2");
    const char *rounds = result_table(result, "rounds.csv");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_ptr_nonnull(strstr(rounds, ",push,"));
    ck_assert_ptr_nonnull(strstr(rounds, ",stop-and-copy,"));
    ck_assert_ptr_nonnull(strstr(rounds, ",pull,"));
    ck_assert_double_gt(worlds_number(result, VM "pull_s"), 1);
    ck_assert_double_lt(worlds_number(result, VM "downtime_s"), 0.2);
    ck_assert_double_gt(worlds_number(result, VM "fault_requests"), 5);
    ck_assert_double_le(worlds_number(result, VM "fault_wait_s"), worlds_number(result, VM "pull_s"));
}
END_TEST

/* 2 GiB over 1 Gb/s, half of it written to, all of it pulled. */
#define PULLED                                                                                                         \
    "/links/0/bandwidth=1Gbps", "/guests/0/memory=2GiB", "/guests/0/workload/first=512MiB",                            \
        "/guests/0/workload/working_set=1GiB", "/guests/0/workload/rate=2000/s", "/run_until=1s",                      \
        "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1}"

/* A fault brings its whole host page, and waits for all of it: at 125 MB/s 17 ms for 2 MiB and 8.6 s for 1 GiB, besides
 * the one that is under way and what the socket holds (1.3 to 4.1 MB, 10 to 33 ms). Faults are one a host page at most.
 * Before the switch nothing differs. */
START_TEST(a_fault_brings_its_whole_host_page)
{
    static const struct {
        const char *host_page;
        double bytes;
        guint64 most_faults;
    } rows[] = {{"/guests/0/host_page=4KiB", 4096, 262144},
                {"/guests/0/host_page=2MiB", 2 * WORLDS_MIB, 512},
                {"/guests/0/host_page=32MiB", 32 * WORLDS_MIB, 33},
                {"/guests/0/host_page=1GiB", 1024 * WORLDS_MIB, 2}};
    double fewer = INFINITY, longer_s = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, PULLED, rows[i].host_page);
        const double faults = worlds_number(result, VM "fault_requests");
        const double wait_s = worlds_number(result, VM "fault_wait_s") / faults;
        const double own_s = rows[i].bytes * (4096 + 8) / 4096 / 125e6;
        ck_assert_double_ge(faults, 1);
        ck_assert_double_le(faults, (double)rows[i].most_faults);
        ck_assert_double_lt(faults, fewer);
        ck_assert_double_gt(wait_s, longer_s);
        ck_assert_double_ge(wait_s, 0.9 * own_s); /* some of it may have come before the guest needed it */
        ck_assert_double_le(worlds_number(result, VM "fault_wait_max_s"), 2 * own_s + 0.045);
        ck_assert_number(result, VM "sent_pages", 524288, 0.5);
        fewer = faults;
        longer_s = wait_s;
    }
}
END_TEST

/* Four processors ask for more than their program would, as three go on when one waits; fault_wait_s is of all four.
 * One alone is the program. */
START_TEST(of_several_processors_those_wait_that_need_a_page)
{
    const char *const pull = "/timeline/0/hypervisor/postcopy_rounds=1";
    const char *const each = "/guests/0/faults_stop=processor";
    g_autoptr(Result) program = WORLDS_RUN(WORLDS_BUSY, pull, "/guests/0/vcpus=4");
    g_autoptr(Result) processors = WORLDS_RUN(WORLDS_BUSY, pull, "/guests/0/vcpus=4", each);
    g_autoptr(Result) whole = WORLDS_RUN(WORLDS_BUSY, pull);
    g_autoptr(Result) one = WORLDS_RUN(WORLDS_BUSY, pull, each);

    ck_assert_word(processors, VM "outcome", "completed");
    ck_assert_double_gt(worlds_number(processors, VM "fault_requests"),
                        2 * worlds_number(program, VM "fault_requests"));
    ck_assert_double_gt(worlds_number(processors, VM "fault_wait_s"), worlds_number(processors, VM "pull_s"));
    ck_assert_double_le(worlds_number(processors, VM "fault_wait_s"), 4 * worlds_number(processors, VM "pull_s"));
    ck_assert_double_eq(worlds_number(one, VM "fault_wait_s"), worlds_number(whole, VM "fault_wait_s"));
    ck_assert_str_eq(result_table(one, "rounds.csv"), result_table(whole, "rounds.csv"));
}
END_TEST

/* A host page of which the guest has dirtied a part is discarded at the destination and sent once more. */
START_TEST(after_rounds_of_precopy_dirty_host_pages_go_again_as_wholes)
{
    const char *hybrid = "/timeline/0/hypervisor/postcopy_rounds=2";
    g_autoptr(Result) small = WORLDS_RUN(WORLDS_BUSY, PULLED, hybrid);
    g_autoptr(Result) huge = WORLDS_RUN(WORLDS_BUSY, PULLED, hybrid, "/guests/0/host_page=2MiB");
    const double again = worlds_number(huge, VM "sent_pages") - 524288;

    /* a round of 18 s writes 36,000 times to 512 of them: all are dirty, and the 9 s that follow find each again */
    ck_assert_double_ge(again, 512 * 512);
    ck_assert_double_le(again, 513 * 512);
    ck_assert_double_lt(worlds_number(small, VM "sent_pages") - 524288, 0.2 * again);
    ck_assert_word(huge, VM "outcome", "completed");
}
END_TEST

START_TEST(precopy_does_not_look_at_host_pages)
{
    g_autoptr(Result) small = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/auto_converge={}");
    g_autoptr(Result) huge =
        WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/auto_converge={}", "/guests/0/host_page=2MiB");

    ck_assert_str_eq(result_table(small, "rounds.csv"), result_table(huge, "rounds.csv"));
}
END_TEST

/* An idle guest that begins to write in the pull needs pages from then on; a busy one that ends, none any more. */
START_TEST(a_workload_that_changes_in_the_pull_changes_the_faults)
{
    const char *const after = "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1}";
    g_autoptr(Result) begins = WORLDS_RUN(
        WORLDS_BUSY, after, "/guests/0/workload={\"kind\":\"idle\"}",
        "/timeline/-={\"at\":\"2s\",\"do\":\"set-workload\",\"guest\":\"vm\",\"workload\":{\"kind\":\"uniform\","
        "\"working_set\":\"48MiB\",\"rate\":\"20000/s\"}}");
    g_autoptr(Result) ends = WORLDS_RUN(
        WORLDS_BUSY, after,
        "/timeline/-={\"at\":\"1.2s\",\"do\":\"set-workload\",\"guest\":\"vm\",\"workload\":{\"kind\":\"idle\"}}");

    ck_assert_word(begins, VM "outcome", "completed");
    ck_assert_double_gt(worlds_number(begins, VM "fault_requests"), 5);
    ck_assert_word(ends, VM "outcome", "completed");
    ck_assert_double_lt(worlds_number(ends, VM "fault_requests"), 5);
    ck_assert_double_lt(worlds_number(ends, VM "fault_wait_s"), 0.6); /* 0.2 s of pull and one more wait */
}
END_TEST

START_TEST(a_zero_downtime_limit_runs_and_a_cap_above_the_link_changes_nothing)
{
    g_autoptr(Result) zero = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/downtime_limit=0s");
    g_autoptr(Result) plain = WORLDS_RUN(WORLDS_BUSY, "/guests/0/workload={\"kind\":\"idle\"}");
    g_autoptr(Result) above = WORLDS_RUN(WORLDS_BUSY, "/guests/0/workload={\"kind\":\"idle\"}",
                                         "/timeline/0/hypervisor/max_bandwidth=10Gbps");

    ck_assert_word(zero, VM "outcome", "completed");
    ck_assert_double_gt(worlds_number(zero, VM "downtime_s"), 2);  /* all that one pass dirtied */
    ck_assert_word(zero, VM "stopped_by", "nothing left to send"); /* and nothing pretends that it fits the limit */
    ck_assert_number(above, VM "total_s", worlds_number(plain, VM "total_s"), 0.05);
}
END_TEST

/* Whatever holds a transfer up: a cable of a kilobit a second, on which a batch takes hours; a first rate that low. */
START_TEST(the_time_limit_ends_a_transfer_in_its_middle)
{
    static const char *const slow[][3] = {
        {"/links/0/bandwidth=1kbps"},
        {"/timeline/0/hypervisor={\"profile\":\"nsdi-2005\",\"rate_first\":\"1kbps\"}"},
        {"/timeline/0/hypervisor=xen-4.5", "/links/0/bandwidth=1kbps"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(slow); i++) {
        g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, slow[i][0], slow[i][1] ? slow[i][1] : slow[i][0],
                                              "/timeline/0/hypervisor/time_limit=5s");
        ck_assert_word(result, VM "outcome", "gave-up");
        g_auto(GStrv) step = worlds_row(result, "steps.csv", "vm,vm,precopy,");
        ck_assert_double_eq_tol(g_ascii_strtod(step[4], NULL), 5, 1e-6);
        ck_assert_word(result, "domain.vm.host", "a");
        ck_assert_word(result, "domain.vm.state", "running");
    }
}
END_TEST

/* The same key means the same under both mechanisms. */
START_TEST(no_live_rounds_is_stop_and_copy)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/max_rounds=0");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "not live");
    ck_assert_number(result, VM "downtime_s", worlds_number(result, VM "total_s"), 0.01);
}
END_TEST

/* 20,000 writes a second go to 12,288 pages: all are dirty again after each round, and each later one sends as many. */
START_TEST(few_pages_of_says_which_number_min_pages_looks_at)
{
    g_autoptr(Result) dirty = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/min_pages=12289");
    g_autoptr(Result) sent = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor/min_pages=12289",
                                        "/timeline/0/hypervisor/few_pages_of=sent-and-skipped");

    ck_assert_word(dirty, VM "stopped_by", "few pages left");
    ck_assert_word(sent, VM "stopped_by", "few pages left");
    ck_assert_double_gt(worlds_number(sent, VM "live_rounds"), worlds_number(dirty, VM "live_rounds"));
}
END_TEST

/* A write that TCG's log does not see is lost by QEMU: counted, and no invariant of ours. */
START_TEST(unlogged_writes_are_counted_not_hidden)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor=\"qemu-7.2-tcg\"",
                                          "/guests/0/workload/working_set=8MiB", "/guests/0/workload/rate=3000/s");

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_double_gt(worlds_number(result, VM "unlogged_pages"), 0);
}
END_TEST

/* Pages of the VM that TCG's log loses are not the vTPM's: its register is that of its calls (an invariant of each
 * run). */
START_TEST(unlogged_writes_of_the_vm_leave_its_vtpm_whole)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BUSY, "/timeline/0/hypervisor=qemu-7.2-tcg", "/guests/0/workload/working_set=4KiB",
                   "/guests/0/workload/rate=3000/s", "/timeline/0/method=joint",
                   "/vtpms=[{\"name\":\"t\",\"vm\":\"vm\",\"script\":{\"interval\":\"100ms\"}}]");

    ck_assert_word(result, "migration.vm.joint.outcome", "completed");
    ck_assert_double_gt(worlds_number(result, "migration.vm.joint.unlogged_pages"), 0);
    ck_assert_word(result, "domain.t.host", "b");
}
END_TEST

/* swtpm's state is in the stop phase: 8 MB at 12.5 MB/s of downtime that no limit knows of. */
START_TEST(a_vtpm_goes_with_the_device_state)
{
    g_autoptr(Scenario) with =
        worlds_load(WORLDS_BUSY,
                    (const char *const[]){"/guests/0/workload={\"kind\":\"idle\"}",
                                          "/vtpms=[{\"name\":\"t\",\"vm\":\"vm\",\"script\":{}}]",
                                          "/timeline/0/method=joint", "/timeline/0/hypervisor/vtpm_state=8MB", NULL},
                    NULL);
    g_autoptr(Scenario) without =
        worlds_load(WORLDS_BUSY, (const char *const[]){"/guests/0/workload={\"kind\":\"idle\"}", NULL}, NULL);
    g_autoptr(Result) joint = worlds_run_scenario(with, 1);
    g_autoptr(Result) alone = worlds_run_scenario(without, 1);

    ck_assert_word(joint, "domain.t.host", "b");
    ck_assert_number(joint, "migration.vm.joint.downtime_s", worlds_number(alone, VM "downtime_s") + 8e6 / 12.5e6,
                     0.02);
}
END_TEST

static const struct {
    const char *settings[3];
    const char *says;
} refused[] = {
    {{"/timeline/0/method=vtpm", "/vtpms=[{\"name\":\"t\",\"vm\":\"vm\"}]"}, "QEMU moves a vTPM's state with its VM's"},
    {{"/timeline/0/hypervisor/buffer_most=8KiB"}, "/timeline/0/hypervisor/buffer_most: is below buffer_least"},
    {{"/timeline/0/hypervisor/auto_converge={\"most\":0.1}"},
     "/timeline/0/hypervisor/auto_converge/most: is below first"},
    {{"/timeline/0/hypervisor/downtime_step=100ms"}, "/timeline/0/hypervisor/downtime_most: is not above"},
    {{"/timeline/0/hypervisor=xen-4.5", "/timeline/0/hypervisor/downtime_step=100ms"}, "downtime_most: is not above"},
    {{"/timeline/0/hypervisor=nsdi-2005", "/timeline/0/hypervisor/rate_most=50Mbps"}, "rate_most: is below rate_first"},
    {{"/timeline/0/hypervisor/downtime_limit=-1s"}, "is negative"},
    {{"/timeline/0/hypervisor/max_bandwidth=0bps"}, "expected more than 0bps"},
    {{"/timeline/0/hypervisor/batch_pages=5"}, "batch_pages"}, /* Xen's */
    {{"/timeline/0/hypervisor/rate_first=1Mbps"}, "rate_first"},
    {{"/timeline/0/hypervisor/downtime_limit=0s", "/timeline/0/hypervisor/min_pages=50"},
     "/timeline/0/hypervisor/min_pages: is never looked at"},
    {{"/timeline/0/hypervisor/downtime_limit=0s", "/timeline/0/hypervisor/max_factor=3"},
     "/timeline/0/hypervisor/max_factor: is never looked at"},
    {{"/timeline/0/hypervisor/downtime_limit=0s", "/timeline/0/hypervisor/stall_rounds=3"},
     "/timeline/0/hypervisor/stall_rounds: is never looked at"},
    {{"/timeline/0/hypervisor/auto_converge={\"most\":1}"}, "expected less than 1"},
    {{"/guests/0/workload/working_set=0B"}, "expected more than 0B"},
    {{"/guests/0/host_page=3MiB"}, "/guests/0/host_page: is 3145728 bytes, expected a power of two"},
    {{"/guests/0/host_page=4KiB", "/guests/0/page=16KiB"},
     "/guests/0/host_page: is 4096 bytes, expected a multiple of page"},
    {{"/guests/0/host_page=1GiB"}, "/guests/0/host_page: is 1073741824 bytes, expected a size that divides memory"},
    {{"/guests/0/host_page=2GiB"}, "/guests/0/host_page: is \"2GiB\", expected at most 1GiB"},
    {{"/guests/0/host_page=1KiB"}, "/guests/0/host_page: is \"1KiB\", expected at least 4KiB"},
    {{"/guests/0/layout={\"kind\":\"linux\",\"program\":\"64MiB\"}"}, "/guests/0/layout: "},
    {{"/timeline/0/hypervisor/packet_pages=128"},
     "/timeline/0/hypervisor/packet_pages: is multifd's, expected channels"},
    {{"/timeline/0/hypervisor/zero_pages=channels", "/timeline/0/hypervisor/channels=1"},
     "/timeline/0/hypervisor/zero_pages: is multifd's, expected channels of at least 2"},
    {{"/timeline/0/hypervisor/postcopy_preempt=true"},
     "/timeline/0/hypervisor/postcopy_preempt: the migration has no post-copy, expected postcopy_after"},
    {{"/timeline/0/hypervisor/postcopy_bandwidth=1Mbps"},
     "/timeline/0/hypervisor/postcopy_bandwidth: the migration has no post-copy"},
    {{"/timeline/0/hypervisor/recovery=1s"}, "/timeline/0/hypervisor/recovery: the migration has no post-copy"},
    {{"/timeline/0/hypervisor/dirty_limit={}", "/timeline/0/hypervisor/auto_converge={}"},
     "/timeline/0/hypervisor/dirty_limit: beside auto_converge"},
    {{"/timeline/0/hypervisor/dirty_limit={}", "/timeline/0/hypervisor/sync_waits=true"},
     "/timeline/0/hypervisor/dirty_limit: is of KVM's dirty ring"},
    {{"/guests/0/faults_stop=thread"}, "/guests/0/faults_stop: is \"thread\", expected one of program, processor"},
    {{"/timeline/0/hypervisor/mechanism=kvm"}, "expected one of xen, qemu"},
};

START_TEST(what_cannot_be_is_refused_in_one_line)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = worlds_load(WORLDS_BUSY, refused[_i].settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_msg(strstr(error->message, refused[_i].says), "%s", error->message);
    ck_assert_ptr_null(strchr(error->message, '\n'));
}
END_TEST

int
main(void)
{
    TCase *worlds = tcase_create("worlds"), *input = tcase_create("input");

    tcase_add_test(worlds, never_converging_is_given_up_and_the_guest_stays);
    tcase_add_test(worlds, auto_converge_makes_it_converge);
    tcase_add_test(worlds, postcopy_with_the_link_cut_loses_the_guest);
    tcase_add_test(worlds, postcopy_with_the_source_lost_loses_the_guest);
    tcase_add_test(worlds, postcopy_recovers_when_the_link_is_back);
    tcase_add_test(worlds, a_pause_that_cannot_end_loses_the_guest);
    tcase_add_test(worlds, precopy_with_the_link_cut_keeps_the_guest);
    tcase_add_test(worlds, hybrid_shows_push_stop_and_pull);
    tcase_add_test(worlds, a_fault_brings_its_whole_host_page);
    tcase_add_test(worlds, of_several_processors_those_wait_that_need_a_page);
    tcase_add_test(worlds, after_rounds_of_precopy_dirty_host_pages_go_again_as_wholes);
    tcase_add_test(worlds, precopy_does_not_look_at_host_pages);
    tcase_add_test(worlds, a_workload_that_changes_in_the_pull_changes_the_faults);
    tcase_add_test(worlds, a_zero_downtime_limit_runs_and_a_cap_above_the_link_changes_nothing);
    tcase_add_test(worlds, the_time_limit_ends_a_transfer_in_its_middle);
    tcase_add_test(worlds, no_live_rounds_is_stop_and_copy);
    tcase_add_test(worlds, few_pages_of_says_which_number_min_pages_looks_at);
    tcase_add_test(worlds, unlogged_writes_are_counted_not_hidden);
    tcase_add_test(worlds, unlogged_writes_of_the_vm_leave_its_vtpm_whole);
    tcase_add_test(worlds, a_vtpm_goes_with_the_device_state);
    tcase_add_loop_test(input, what_cannot_be_is_refused_in_one_line, 0, (int)G_N_ELEMENTS(refused));
    return check_main("qemu_world", worlds, input, NULL);
}
