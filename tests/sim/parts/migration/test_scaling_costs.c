/* Costs of a migration that grow with the guest: of its memory, its pages that nobody touched, its processors. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* 1 GiB, idle, of which 16 MiB are used, on 1 Gb/s; Xen's rounds without costs. */
#define IDLE                                                                                                           \
    "{'name': 'costs', 'run_until': '60s',"                                                                            \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                                        \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps'}],"                                             \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '1GiB', 'used': '16MiB', 'vcpus': 64}],"                        \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"

#define HYPERVISOR "/timeline/0/hypervisor/"

static double
number(const char *what, const char *first, const char *second)
{
    g_autoptr(Result) result = worlds_run(IDLE, (const char *const[]){first, second, NULL});
    g_autofree char *metric = g_strconcat(VM, what, NULL);

    return worlds_number(result, metric);
}

/* The log of an idle guest is read after the first round and after the second, which finds nothing to send, and at the
 * stop. */
START_TEST(each_look_at_the_log_takes_its_time)
{
    const double bare_s = number("total_s", "/seed=1", NULL);

    ck_assert_double_eq_tol(number("total_s", HYPERVISOR "sync_work=50ms", NULL), bare_s + 3 * 0.05, 1e-3);
    ck_assert_double_eq_tol(number("downtime_s", HYPERVISOR "sync_work=50ms", NULL),
                            number("downtime_s", "/seed=1", NULL) + 0.05, 1e-3);
}
END_TEST

START_TEST(a_look_at_the_log_of_a_larger_guest_takes_longer)
{
    const double bare_s = number("total_s", "/seed=1", NULL);

    ck_assert_double_eq_tol(number("total_s", HYPERVISOR "sync_work_per_GiB=50ms", NULL), bare_s + 3 * 0.05, 1e-3);
    ck_assert_double_eq_tol(number("total_s", HYPERVISOR "sync_work_per_GiB=50ms", "/guests/0/memory=2GiB"),
                            number("total_s", "/guests/0/memory=2GiB", NULL) + 3 * 0.1, 1e-3);
}
END_TEST

START_TEST(so_does_a_synchronization_of_qemu)
{
    const double bare_s = number("total_s", "/timeline/0/hypervisor=qemu-kvm", NULL);
    const double syncs = number("syncs", "/timeline/0/hypervisor=qemu-kvm", HYPERVISOR "sync_work_per_GiB=20ms");
    const double total_s = number("total_s", "/timeline/0/hypervisor=qemu-kvm", HYPERVISOR "sync_work_per_GiB=20ms");

    /* the first one is of the setup, and the socket hides what the writer does meanwhile */
    ck_assert_double_ge(total_s, bare_s + 0.02);
    ck_assert_double_le(total_s, bare_s + (syncs - 1) * 0.02 + 1e-3);
}
END_TEST

START_TEST(each_virtual_processor_is_stopped_and_started)
{
    const double bare_s = number("downtime_s", "/seed=1", NULL);

    ck_assert_double_eq_tol(number("downtime_s", HYPERVISOR "costs/suspend_per_vcpu=1ms", NULL), bare_s + 0.064, 1e-6);
    ck_assert_double_eq_tol(number("downtime_s", HYPERVISOR "costs/resume_per_vcpu=1ms", NULL), bare_s + 0.064, 1e-6);
    ck_assert_double_eq_tol(number("downtime.suspend_s", HYPERVISOR "costs/suspend_per_vcpu=1ms", "/guests/0/vcpus=2"),
                            0.002, 1e-6);
}
END_TEST

START_TEST(pages_that_nobody_touched_take_their_time)
{
    const double pages = (1024 - 16) * 256;
    const double bare_s = number("total_s", "/timeline/0/hypervisor=qemu-kvm", HYPERVISOR "zero_page_work=0.1us");
    const double more_s =
        number("total_s", "/timeline/0/hypervisor=qemu-kvm", HYPERVISOR "zero_page_work=2.4us") - bare_s;

    ck_assert_double_eq_tol(more_s, pages * 2.3e-6, 0.02);
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("scaling_costs");

    tcase_add_test(tests, each_look_at_the_log_takes_its_time);
    tcase_add_test(tests, a_look_at_the_log_of_a_larger_guest_takes_longer);
    tcase_add_test(tests, so_does_a_synchronization_of_qemu);
    tcase_add_test(tests, each_virtual_processor_is_stopped_and_started);
    tcase_add_test(tests, pages_that_nobody_touched_take_their_time);
    return check_main("scaling_costs", tests, NULL);
}
