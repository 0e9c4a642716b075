/* Methods that stop the guest for all of their time: cold, and save and restore through a file on shared storage. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* The storage s hangs on the same switch as source and destination. */
#define SAVED                                                                                                          \
    "{'name': 'saved', 'run_until': '5s',"                                                                             \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}, {'name': 's'}],"                                                         \
    " 'switches': [{'name': 'lan'}],"                                                                                  \
    " 'links': [{'name': 'la', 'ends': ['a', 'lan'], 'bandwidth': '100Mbps', 'latency': '20us'},"                      \
    "           {'name': 'lb', 'ends': ['b', 'lan'], 'bandwidth': '100Mbps', 'latency': '20us'},"                      \
    "           {'name': 'ls', 'ends': ['s', 'lan'], 'bandwidth': '100Mbps', 'latency': '20us'}],"                     \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB',"                                                       \
    "             'workload': {'kind': 'uniform', 'working_set': '48MiB', 'rate': '20000/s'}}],"                       \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'method': 'save-restore', 'through': 's',"     \
    "               'hypervisor': 'ideal'}]}"
#define BYTES    (64 * WORLDS_MIB)
#define WIRE_BPS 12.5e6
#define VTPM     "/vtpms=[{\"name\":\"tpm\",\"vm\":\"vm\",\"memory\":\"1MiB\",\"script\":{\"interval\":\"50ms\"}}]"
#define COLD     "/timeline/0={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"cold\"," COLD_KEYS
#define COLD_KEYS                                                                                                      \
    "\"hypervisor\":{\"profile\":\"ideal\",\"costs\":{\"suspend\":\"30ms\",\"resume\":\"40ms\"}},"                     \
    "\"shutdown\":\"3s\",\"boot\":\"7s\"}"

#define TO_STORAGE                                                                                                     \
    "/timeline/0={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"s\",\"hypervisor\":\"stop-and-copy\"}"
#define AND_THROUGH_IT                                                                                                 \
    "/timeline/-={\"at\":\"20s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"save-restore\",\"through\":\"s\"}"

/* ---- save and restore ---- */

/* Another migration has brought it there: no cable leads from a host to itself. */
START_TEST(the_storage_of_its_own_host_is_none)
{
    g_autoptr(Result) result = WORLDS_RUN(SAVED, TO_STORAGE, AND_THROUGH_IT, "/run_until=30s");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "migration.vm.2.outcome", "at-storage");
    ck_assert_word(result, "domain.vm.host", "s");
}
END_TEST

/* Each way takes all bytes at the slower of wire and storage; both are the downtime. 5 ms: a hand-shake before, one
 * behind. */
START_TEST(both_ways_go_at_the_slower_of_wire_and_storage)
{
    static const struct {
        const char *settings[3];
        double write_Bps, read_Bps;
    } rows[] = {{{NULL}, WIRE_BPS, WIRE_BPS},
                {{"/timeline/0/storage_write_rate=40Mbps"}, 5e6, WIRE_BPS},
                {{"/timeline/0/storage_read_rate=50Mbps"}, WIRE_BPS, 6.25e6},
                {{"/timeline/0/storage_write_rate=1Gbps", "/timeline/0/storage_read_rate=20Mbps"}, WIRE_BPS, 2.5e6}};
    g_autoptr(Result) result = worlds_run(SAVED, rows[_i].settings);
    const double save_s = BYTES / rows[_i].write_Bps, restore_s = BYTES / rows[_i].read_Bps;

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_number(result, VM "downtime.pages_s", save_s, 1e-3);
    ck_assert_number(result, VM "downtime.restore_s", restore_s, 1e-3);
    ck_assert_number(result, VM "restore_s", restore_s, 1e-3);
    ck_assert_number(result, VM "downtime_s", save_s + restore_s, 5e-3);
    ck_assert_number(result, VM "total_s", save_s + restore_s, 5e-3);
    ck_assert_double_eq(worlds_number(result, VM "live_rounds"), 0);
}
END_TEST

/* QEMU's machine too, whose header is 8 bytes a page. */
START_TEST(each_hypervisor_saves)
{
    static const char *const profiles[] = {"qemu-kvm", "xen-4.5", "xen-4.6", "nsdi-2005", "stop-and-copy"};
    g_autofree char *profile = g_strdup_printf("/timeline/0/hypervisor=\"%s\"", profiles[_i]);
    g_autoptr(Result) result = WORLDS_RUN(SAVED, profile, "/timeline/0/storage_read_rate=50Mbps");
    g_autoptr(Result) stepped =
        WORLDS_RUN(SAVED, profile, "/timeline/0/storage_read_rate=50Mbps", "/engine/plan_ahead=false");
    const double restore_s = BYTES * (1 + 8.0 / 4096) / 6.25e6;

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, VM "stopped_by", "not live");
    ck_assert_number(result, VM "downtime.restore_s", restore_s, 0.01 * restore_s);
    ck_assert_double_eq_tol(worlds_number(result, VM "total_s"), worlds_number(stepped, VM "total_s"), 1e-3);
}
END_TEST

/* The other sender has half of the storage's cable, in either direction. */
START_TEST(it_contends_with_whoever_uses_the_storage)
{
    static const char *const into = "/flows=[{\"name\":\"f\",\"from\":\"b\",\"to\":\"s\"}]";
    static const char *const out = "/flows=[{\"name\":\"f\",\"from\":\"s\",\"to\":\"a\"}]";
    g_autoptr(Result) writing = WORLDS_RUN(SAVED, into);
    g_autoptr(Result) reading = WORLDS_RUN(SAVED, out);
    const double alone_s = BYTES / WIRE_BPS;

    ck_assert_number(writing, VM "downtime.pages_s", 2 * alone_s, 0.02 * alone_s);
    ck_assert_number(writing, VM "downtime.restore_s", alone_s, 0.02 * alone_s);
    ck_assert_number(reading, VM "downtime.pages_s", alone_s, 0.02 * alone_s);
    ck_assert_number(reading, VM "downtime.restore_s", 2 * alone_s, 0.02 * alone_s);
}
END_TEST

/* The file is written from 1 to 6.4 s and read until 11.7 s; whatever breaks, the source has the guest still. */
START_TEST(when_the_storage_fails_the_guest_goes_on_at_the_source)
{
    static const struct {
        const char *failure, *outcome;
    } rows[] = {{"\"at\":\"3s\",\"do\":\"fail-host\",\"host\":\"s\"", "storage-lost"},
                {"\"at\":\"9s\",\"do\":\"fail-host\",\"host\":\"s\"", "storage-lost"},
                {"\"at\":\"3s\",\"do\":\"fail-link\",\"link\":\"ls\"", "link-lost"},
                {"\"at\":\"9s\",\"do\":\"fail-link\",\"link\":\"ls\"", "link-lost"},
                {"\"at\":\"3s\",\"do\":\"fail-host\",\"host\":\"b\"", "destination-lost"},
                {"\"at\":\"9s\",\"do\":\"fail-host\",\"host\":\"b\"", "destination-lost"},
                {"\"at\":\"9s\",\"do\":\"cancel-migration\",\"vm\":\"vm\"", "cancelled"},
                {"\"at\":\"3s\",\"do\":\"cancel-migration\",\"vm\":\"vm\"", "cancelled"}};
    g_autofree char *action = g_strdup_printf("/timeline/-={%s}", rows[_i].failure);
    g_autoptr(Result) result = WORLDS_RUN(SAVED, action, VTPM);

    ck_assert_word(result, "migration.vm.outcome", rows[_i].outcome);
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_word(result, "domain.tpm.host", "a");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 1);
    ck_assert_double_gt(worlds_number(result, "migration.vm.stopped_s"), 1);
}
END_TEST

/* A sleep for slow storage ends with the storage. */
START_TEST(slow_storage_that_fails_is_noticed)
{
    g_autoptr(Result) result = WORLDS_RUN(SAVED, "/timeline/0/storage_read_rate=1Mbps",
                                          "/timeline/-={\"at\":\"100s\",\"do\":\"fail-host\",\"host\":\"s\"}");

    ck_assert_word(result, VM "outcome", "storage-lost");
    ck_assert_number(result, VM "spent_s", 99, 1e-3);
}
END_TEST

START_TEST(the_source_lost_loses_the_guest)
{
    g_autoptr(Result) result = WORLDS_RUN(SAVED, "/timeline/-={\"at\":\"3s\",\"do\":\"fail-host\",\"host\":\"a\"}");

    ck_assert_word(result, VM "outcome", "source-lost");
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 0);
}
END_TEST

START_TEST(its_vtpm_goes_along)
{
    static const char *const profiles[] = {"/timeline/0/hypervisor=\"ideal\"", "/timeline/0/hypervisor=\"qemu-kvm\""};
    g_autoptr(Result) result = WORLDS_RUN(SAVED, profiles[_i], VTPM, "/run_until=20s");

    ck_assert_word(result, "migration.vm.joint.outcome", "completed");
    ck_assert_word(result, "domain.tpm.host", "b");
    ck_assert_double_gt(worlds_number(result, "vtpm.tpm.commands_done"), 100);
}
END_TEST

/* ---- cold ---- */

START_TEST(cold_takes_shutting_down_and_booting)
{
    g_autoptr(Result) result = WORLDS_RUN(SAVED, COLD);

    ck_assert_word(result, VM "outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_number(result, VM "downtime.suspend_s", 3.03, 1e-6);
    ck_assert_number(result, VM "downtime.resume_s", 7.04, 1e-6);
    ck_assert_number(result, VM "downtime_s", 10.07, 2e-3);
    ck_assert_double_eq(worlds_number(result, VM "sent_pages"), 0);
    ck_assert_double_eq(worlds_number(result, VM "page_bytes"), 0);
}
END_TEST

START_TEST(cold_has_defaults)
{
    g_autoptr(Result) result = WORLDS_RUN(
        SAVED, "/timeline/0={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"cold\","
               "\"hypervisor\":\"ideal\"}");

    ck_assert_number(result, VM "downtime_s", 25, 2e-3);
}
END_TEST

/* Its program writes 1,000 pages in its first second and nothing more. The boot begins it anew at 11.1 s, so that a
 * live migration then finds them written. */
START_TEST(its_workload_begins_anew)
{
    g_autofree char *folder = g_dir_make_tmp("tandem-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "writes.csv", NULL);
    g_autofree char *replay = g_strdup_printf("/guests/0/workload={\"kind\":\"replay\",\"file\":\"%s\"}", path);
    const char *back = "/timeline/-={\"at\":\"11.08s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\",\"hypervisor\":"
                       "{\"profile\":\"ideal\",\"min_pages\":1,\"skip_redirtied\":false},\"name\":\"back\"}";
    g_autoptr(GString) writes = g_string_new("time_s,page\n");

    for (guint i = 0; i < 1000; i++)
        g_string_append_printf(writes, "%.3f,%u\n", 0.001 * i, i);
    ck_assert(g_file_set_contents(path, writes->str, -1, NULL));
    g_autoptr(Result) cold = WORLDS_RUN(SAVED, COLD, replay, back);
    g_unlink(path);
    g_rmdir(folder);
    ck_assert_word(cold, "migration.back.outcome", "completed");
    ck_assert_double_gt(worlds_number(cold, "migration.back.vm.sent_pages"), 16384 + 500);
}
END_TEST

/* Committed, but not booted yet: the source's guest boots again, which takes its time. */
START_TEST(a_cold_migration_that_fails_boots_where_it_was)
{
    static const struct {
        const char *failure, *outcome;
        double stopped_s;
    } rows[] = {
        {"\"at\":\"6s\",\"do\":\"fail-host\",\"host\":\"b\"", "destination-lost", 5 + 7},
        {"\"at\":\"2s\",\"do\":\"cancel-migration\",\"vm\":\"vm\"", "cancelled", 1 + 7},
    };
    g_autofree char *action = g_strdup_printf("/timeline/-={%s}", rows[_i].failure);
    g_autoptr(Result) result = WORLDS_RUN(SAVED, COLD, action);

    ck_assert_word(result, VM "outcome", rows[_i].outcome);
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "domain.vm.state", "running");
    ck_assert_number(result, VM "stopped_s", rows[_i].stopped_s, 2e-3);
}
END_TEST

/* 20 calls a second: 20 before, and 7 s of them when the guest has booted at 13 s. */
START_TEST(who_uses_a_guest_that_boots_where_it_was_goes_on)
{
    g_autoptr(Result) result = WORLDS_RUN(
        SAVED, COLD, VTPM, "/timeline/-={\"at\":\"6s\",\"do\":\"fail-host\",\"host\":\"b\"}", "/run_until=20s");

    ck_assert_word(result, "migration.vm.outcome", "destination-lost");
    ck_assert_word(result, "domain.tpm.host", "a");
    ck_assert_double_gt(worlds_number(result, "vtpm.tpm.commands_done"), 100);
}
END_TEST

/* The permanent part of its state travels, or is on storage that both hosts see. */
START_TEST(a_vtpm_goes_along_when_its_vm_is_cold)
{
    static const char *const hypervisors[] = {"/timeline/0/hypervisor=\"ideal\"",
                                              "/timeline/0/hypervisor=\"qemu-kvm\""};
    static const char *const shared = "/vtpms/0/tpm={\"state\":\"shared\",\"lock_release\":\"0s\"}";
    g_autoptr(Result) sent = WORLDS_RUN(SAVED, COLD, VTPM, hypervisors[_i], "/run_until=20s");
    g_autoptr(Result) left = WORLDS_RUN(SAVED, COLD, VTPM, hypervisors[_i], shared, "/run_until=20s");

    ck_assert_word(sent, "migration.vm.outcome", "completed");
    ck_assert_word(sent, "domain.tpm.host", "b");
    ck_assert_double_gt(worlds_number(sent, "vtpm.tpm.commands_done"), 30);
    ck_assert_double_gt(worlds_number(sent, "migration.vm.joint.downtime.device_state_s"), 1e-4);
    ck_assert_double_lt(worlds_number(left, "migration.vm.joint.downtime.device_state_s"), 1e-6);
}
END_TEST

START_TEST(keys_of_one_method_are_refused_by_another)
{
    static const struct {
        const char *settings[3];
        const char *says;
    } rows[] = {
        {{"/timeline/0/method=vm"}, "/timeline/0/through: is of the method save-restore"},
        {{"/timeline/0/boot=3s"}, "/timeline/0/boot: is of the method cold"},
        {{"/timeline/0/through=a"}, "/timeline/0/through: is source or destination"},
        {{"/timeline/0/through=b"}, "/timeline/0/through: is source or destination"},
        {{"/timeline/0/through=d"}, "/timeline/0/through"},
        {{"/timeline/0={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"save-restore\"}"},
         "/timeline/0/through: is missing"},
        {{"/timeline/0/storage_write_rate=0bps"}, "/timeline/0/storage_write_rate: "},
        {{"/switches/-={\"name\":\"apart\"}", "/links/2/ends=[\"s\",\"apart\"]"}, "/timeline/0/through: no route"},
        {{VTPM, "/vtpms/0/page=8KiB"}, "/timeline/0/method: the VM's and its vTPM's pages differ"}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        worlds_expect_refused(SAVED, rows[i].settings, rows[i].says);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("leg stop");

    tcase_add_test(tcase, the_storage_of_its_own_host_is_none);
    tcase_add_loop_test(tcase, both_ways_go_at_the_slower_of_wire_and_storage, 0, 4);
    tcase_add_loop_test(tcase, each_hypervisor_saves, 0, 5);
    tcase_add_test(tcase, it_contends_with_whoever_uses_the_storage);
    tcase_add_loop_test(tcase, when_the_storage_fails_the_guest_goes_on_at_the_source, 0, 8);
    tcase_add_test(tcase, slow_storage_that_fails_is_noticed);
    tcase_add_test(tcase, the_source_lost_loses_the_guest);
    tcase_add_loop_test(tcase, its_vtpm_goes_along, 0, 2);
    tcase_add_test(tcase, cold_takes_shutting_down_and_booting);
    tcase_add_test(tcase, cold_has_defaults);
    tcase_add_test(tcase, its_workload_begins_anew);
    tcase_add_loop_test(tcase, a_cold_migration_that_fails_boots_where_it_was, 0, 2);
    tcase_add_test(tcase, who_uses_a_guest_that_boots_where_it_was_goes_on);
    tcase_add_loop_test(tcase, a_vtpm_goes_along_when_its_vm_is_cold, 0, 2);
    tcase_add_test(tcase, keys_of_one_method_are_refused_by_another);
    return check_main("leg_stop", tcase, NULL);
}
