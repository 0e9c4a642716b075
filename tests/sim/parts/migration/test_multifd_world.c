/* The sending threads of QEMU's multifd in the simulated world: what they work before they write, and on whose cores.
 */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* An idle guest of 1 GiB over a wire that carries it in 0.86 s. */
#define MEMORY_BYTES (1024 * WORLDS_MIB)
#define ONE                                                                                                            \
    "{'name': 'multifd', 'hosts': [{'name': 'a', 'cores': 2}, {'name': 'b', 'cores': 2}],"                             \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '10Gbps'}],"                                            \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '1GiB', 'cpu_share': 0}],"                                      \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor':"                                 \
    "  {'profile': 'qemu-kvm', 'zero_page': '0B', 'packet_pages': 128, 'page_work': '0us', 'channels': 4}}]}"
#define H(key) "/timeline/0/hypervisor/" key
/* With the packets' headers. */
#define ALL_BYTES (MEMORY_BYTES / 4096 * (4096 + 1344.0 / 128))

/* 1 %: what is in the sockets, and a packet, at the end. */
#define ck_assert_lasts(result, rate)                                                                                  \
    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") / (ALL_BYTES / (rate)), 1, 0.01)

START_TEST(channels_work_for_packets_before_they_write)
{
    g_autoptr(Result) two = WORLDS_RUN(ONE, H("channels=2"), H("channel_rate=2Gbps"));
    g_autoptr(Result) four = WORLDS_RUN(ONE, H("channel_rate=2Gbps"));
    g_autoptr(Result) wire = WORLDS_RUN(ONE);

    ck_assert_lasts(two, 0.5e9);
    ck_assert_word(two, VM "stream_limit", "channels");
    ck_assert_lasts(four, 1e9);
    ck_assert_lasts(wire, 1.25e9);
}
END_TEST

/* The main thread looks for pages meanwhile, which without packets would add up to 3 us a page. */
START_TEST(one_channel_has_a_thread_of_its_own)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channels=1"), H("page_work=1us"), H("channel_rate=4Gbps"));

    ck_assert_lasts(result, 0.5e9);
}
END_TEST

/* Four of them on one core are as fast as one of them with a whole one. */
START_TEST(channels_share_the_cores_of_their_host)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, H("channel_rate=2Gbps"), "/hosts/0/processors=shared", "/hosts/0/cores=1");

    ck_assert_lasts(result, 0.25e9);
}
END_TEST

/* What is behind the sockets is felt through them. */
START_TEST(receiving_threads_bound_them)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("receive_rate=1Gbps"));

    ck_assert_lasts(result, 0.5e9);
    ck_assert_word(result, VM "stream_limit", "receive");
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("multifd");

    tcase_add_test(cases, channels_work_for_packets_before_they_write);
    tcase_add_test(cases, one_channel_has_a_thread_of_its_own);
    tcase_add_test(cases, channels_share_the_cores_of_their_host);
    tcase_add_test(cases, receiving_threads_bound_them);
    return check_main("multifd_world", cases, NULL);
}
