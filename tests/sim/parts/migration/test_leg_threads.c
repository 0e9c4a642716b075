/* A migration's streams in the simulated world: threads at both ends, shares of a path, cables side by side. */
#include "tests/sim/world/worlds.h"

#define VM    "migration.vm.vm."
#define OTHER "migration.other.vm."

/* An idle guest of 1 GiB under Xen's rules without any other cost, over a wire that carries it in 0.859 s. */
#define MEMORY_BYTES (1024 * WORLDS_MIB)
#define ONE                                                                                                            \
    "{'name': 'streams', 'hosts': [{'name': 'a', 'cores': 2}, {'name': 'b', 'cores': 2}],"                             \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '10Gbps'}],"                                            \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '1GiB', 'cpu_share': 0}],"                                      \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"
#define H(key) "/timeline/0/hypervisor/" key
/* The other one begins at the same date with as much to send. */
#define AND_OTHER                                                                                                      \
    "/guests/-={\"name\":\"other\",\"host\":\"a\",\"memory\":\"1GiB\",\"cpu_share\":0}",                               \
        "/timeline/-={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"other\",\"to\":\"b\",\"hypervisor\":\"ideal\"}"
#define H2(key) "/timeline/1/hypervisor/" key

/* The hand-shakes are two pages; 0.1 %: batches of 4 MiB. */
#define ck_assert_lasts(result, name, bytes, rate)                                                                     \
    ck_assert_double_eq_tol(worlds_number(result, name "total_s") / ((bytes) / (rate)), 1, 1e-3)

START_TEST(one_channel_takes_as_long_as_its_thread_needs)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channel_rate=2Gbps"));

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.25e9);
    ck_assert_word(result, VM "stream_limit", "channels");
    ck_assert_number(result, VM "source_processor_s", MEMORY_BYTES / 0.25e9, 1e-3);
    ck_assert_double_eq(worlds_number(result, VM "destination_processor_s"), 0);
}
END_TEST

START_TEST(four_channels_are_four_times_as_fast_up_to_the_wire)
{
    g_autoptr(Result) four = WORLDS_RUN(ONE, H("channel_rate=2Gbps"), H("channels=4"));
    g_autoptr(Result) eight = WORLDS_RUN(ONE, H("channel_rate=2Gbps"), H("channels=8"));

    ck_assert_lasts(four, VM, MEMORY_BYTES, 1e9);
    ck_assert_word(four, VM "stream_limit", "channels");
    ck_assert_lasts(eight, VM, MEMORY_BYTES, 1.25e9);
    ck_assert_word(eight, VM "stream_limit", "wire");
    ck_assert_double_eq(worlds_number(eight, VM "channels"), 8);
}
END_TEST

START_TEST(receiving_threads_bound_it_as_well)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channels=2"), H("receive_rate=2Gbps"));

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.5e9);
    ck_assert_word(result, VM "stream_limit", "receive");
    ck_assert_number(result, VM "destination_processor_s", MEMORY_BYTES / 0.25e9, 1e-3);
}
END_TEST

/* The same of QEMU's machine: without multifd one thread scans and sends, with it they are different ones. 1 %: the end
 * of its stream lies in the sockets. */
START_TEST(qemu_scans_and_sends_in_one_thread_or_in_several)
{
    g_autoptr(Result) one = WORLDS_RUN(ONE, "/timeline/0/hypervisor=qemu-kvm", "/links/0/bandwidth=100Gbps",
                                       H("page_work=1us"), H("zero_page=0B"), H("channel_rate=16Gbps"));
    g_autoptr(Result) eight =
        WORLDS_RUN(ONE, "/timeline/0/hypervisor=qemu-kvm", "/links/0/bandwidth=100Gbps", H("page_work=1us"),
                   H("zero_page=0B"), H("channel_rate=16Gbps"), H("channels=8"));
    const double pages = MEMORY_BYTES / 4096;

    ck_assert_double_eq_tol(worlds_number(one, VM "total_s"), pages * (1e-6 + 4104 / 2e9), 0.01);
    ck_assert_double_eq_tol(worlds_number(eight, VM "total_s"), pages * 1e-6, 0.01);
    ck_assert_word(one, VM "stream_limit", "channels");
    ck_assert_word(eight, VM "stream_limit", "main");
}
END_TEST

START_TEST(qemu_is_held_by_what_is_behind_its_main_thread)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, "/timeline/0/hypervisor=qemu-kvm", H("zero_page=0B"), H("channels=2"), H("receive_rate=2Gbps"));

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s"), MEMORY_BYTES / 4096 * 4104 / 0.5e9, 0.02);
    ck_assert_word(result, VM "stream_limit", "receive");
}
END_TEST

/* A socket's buffer over the round trip is what one carries: 4.14 MB over 40 ms are 104 MB/s. */
START_TEST(qemu_has_a_socket_for_each_connection)
{
    static const char *const far[] = {"/timeline/0/hypervisor=qemu-kvm", "/links/0/latency=20ms",
                                      "/engine/tcp_window=1GB"};
    g_autoptr(Result) one = WORLDS_RUN(ONE, far[0], far[1], far[2], H("zero_page=0B"));
    g_autoptr(Result) four = WORLDS_RUN(ONE, far[0], far[1], far[2], H("zero_page=0B"), H("channels=4"));

    ck_assert_double_eq_tol(worlds_number(one, VM "precopy_s"), MEMORY_BYTES / 103.5e6, 1);
    ck_assert_double_eq_tol(worlds_number(four, VM "precopy_s"), MEMORY_BYTES / 414e6, 0.5);
}
END_TEST

/* Xen's saver with one stream maps pages and sends them by turns; it leaves several to threads of their own. */
START_TEST(xen_works_by_turns_or_apart)
{
    g_autoptr(Result) turns = WORLDS_RUN(ONE, H("page_work=4us"));
    g_autoptr(Result) apart = WORLDS_RUN(ONE, H("page_work=4us"), H("channels=2"));
    const double work_s = MEMORY_BYTES / 4096 * 4e-6;

    ck_assert_double_eq_tol(worlds_number(turns, VM "total_s"), work_s + MEMORY_BYTES / 1.25e9, 1e-3);
    ck_assert_double_eq_tol(worlds_number(apart, VM "total_s"), work_s, 2e-3);
    ck_assert_word(apart, VM "stream_limit", "main");
}
END_TEST

/* ---- encryption ---- */

START_TEST(encryption_in_the_channel_adds_to_its_work)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channels=2"), H("channel_rate=4Gbps"),
                                          H("encryption={\"place\":\"channel\",\"rate\":\"4Gbps\"}"));

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.5e9);
    ck_assert_number(result, VM "source_processor_s", 2 * MEMORY_BYTES / 0.5e9, 1e-3);
    ck_assert_number(result, VM "destination_processor_s", MEMORY_BYTES / 0.5e9, 1e-3);
}
END_TEST

START_TEST(a_tunnel_works_while_the_channels_send)
{
    g_autoptr(Result) one = WORLDS_RUN(ONE, H("channels=4"), H("channel_rate=4Gbps"),
                                       H("encryption={\"place\":\"tunnel\",\"rate\":\"3Gbps\"}"));
    g_autoptr(Result) two = WORLDS_RUN(ONE, H("channels=4"), H("channel_rate=4Gbps"),
                                       H("encryption={\"place\":\"tunnel\",\"rate\":\"3Gbps\",\"tunnels\":2}"));

    ck_assert_lasts(one, VM, MEMORY_BYTES, 0.375e9);
    ck_assert_word(one, VM "stream_limit", "tunnel");
    ck_assert_lasts(two, VM, MEMORY_BYTES, 0.75e9);
}
END_TEST

/* What encryption adds to the bytes loads the wire, alone and beside another one, which has the half of it that it asks
 * for: 2 when it ends, 2.25 when the other 1.25 have gone. 0.02: the last pieces beside each other. */
START_TEST(overhead_is_on_the_wire)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, H("encryption={\"place\":\"card\",\"rate\":\"100Gbps\",\"overhead\":0.25}"));

    ck_assert_lasts(result, VM, MEMORY_BYTES * 1.25, 1.25e9);
    ck_assert_double_eq(worlds_number(result, VM "page_bytes"), MEMORY_BYTES);
    g_autoptr(Result) beside =
        WORLDS_RUN(ONE, AND_OTHER, H("encryption={\"place\":\"card\",\"rate\":\"100Gbps\",\"overhead\":0.25}"));
    ck_assert_double_eq_tol(worlds_number(beside, OTHER "total_s") * 1.25e9 / MEMORY_BYTES, 2, 0.02);
    ck_assert_double_eq_tol(worlds_number(beside, VM "total_s") * 1.25e9 / MEMORY_BYTES, 2.25, 0.02);
}
END_TEST

/* ---- processors that are shared ---- */

/* Two migrations whose two channels each want a whole core: on two cores each gets half of what it gets on four. 0.5 %:
 * the first batch of 256 was sent before the other one had come. */
START_TEST(two_migrations_of_one_host_share_its_cores)
{
    g_autoptr(Result) four = WORLDS_RUN(ONE, AND_OTHER, H("channels=2"), H2("channels=2"), H("channel_rate=2Gbps"),
                                        H2("channel_rate=2Gbps"), "/hosts/0/processors=shared", "/hosts/0/cores=4");
    g_autoptr(Result) two = WORLDS_RUN(ONE, AND_OTHER, H("channels=2"), H2("channels=2"), H("channel_rate=2Gbps"),
                                       H2("channel_rate=2Gbps"), "/hosts/0/processors=shared", "/hosts/0/cores=2");

    ck_assert_lasts(four, VM, MEMORY_BYTES, 0.5e9);
    ck_assert_lasts(two, VM, MEMORY_BYTES, 0.25e9);
    ck_assert_double_eq_tol(worlds_number(two, OTHER "total_s") * 0.25e9 / MEMORY_BYTES, 1, 0.005);
}
END_TEST

/* The receiving threads are the destination's. */
START_TEST(the_destination_shares_its_cores_as_well)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channels=4"), H("receive_rate=2Gbps"), "/hosts/1/processors=shared");

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.5e9); /* two cores for four threads */
}
END_TEST

/* A guest that wants both cores of the source slows a migration's channel down, and is slowed down by it: three threads
 * on two cores. */
START_TEST(guests_feel_the_channels)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channel_rate=2Gbps"), "/hosts/0/processors=shared",
                                          "/guests/0/cpu_share=1", "/guests/0/vcpus=2");

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.25e9 * 2 / 3);
}
END_TEST

/* A saver that works and sends by turns does both at half the speed beside a guest on one core: 0.98 ns to map a byte
 * and 4 ns to send it. */
START_TEST(by_turns_work_and_sending_are_slowed_down_alike)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, H("channel_rate=2Gbps"), H("page_work=4us"), "/guests/0/cpu_share=1",
                                          "/hosts/0/processors=shared", "/hosts/0/cores=1");

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s"), MEMORY_BYTES * 2 * (4e-6 / 4096 + 4e-9), 0.02);
}
END_TEST

/* vm has a quarter of the wire once another one with three connections has come, and its thread wants a quarter of the
 * one core: three quarters are left to a third migration, over a wire of its own. 1.5 %: the first 50 ms, and batches.
 */
START_TEST(threads_want_less_when_others_come_to_the_path)
{
    g_autoptr(Result) result = WORLDS_RUN(
        ONE, AND_OTHER, H("channel_rate=10Gbps"), H2("channels=3"), "/timeline/1/at=1.05s", "/guests/0/memory=4GiB",
        "/guests/1/memory=8GiB", "/hosts/0/processors=shared", "/hosts/0/cores=1", "/hosts/-={\"name\":\"c\"}",
        "/links/-={\"name\":\"m\",\"ends\":[\"a\",\"c\"],\"bandwidth\":\"10Gbps\"}",
        "/guests/-={\"name\":\"third\",\"host\":\"a\",\"memory\":\"1GiB\",\"cpu_share\":0}",
        "/timeline/-={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"third\",\"to\":\"c\",\"hypervisor\":"
        "{\"profile\":\"ideal\",\"channel_rate\":\"2Gbps\"}}");
    const double expected_s = 0.05 + (MEMORY_BYTES - 0.05 * 0.125e9) / (0.75 * 0.25e9);

    ck_assert_double_eq_tol(worlds_number(result, "migration.third.total_s"), expected_s, 0.015 * expected_s);
}
END_TEST

/* Beside a second one on the wire, its threads want what their half of the wire asks for, and leave the rest. The guest
 * of two threads has 2 - 2 * 0.5 cores left and not nothing. */
START_TEST(threads_want_what_their_share_of_the_wire_takes)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, AND_OTHER, H("channel_rate=10Gbps"), H2("channel_rate=10Gbps"),
                                          "/hosts/0/processors=shared", "/hosts/0/cores=1");

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.625e9);
    ck_assert_word(result, VM "stream_limit", "wire");
}
END_TEST

/* ---- shares of a path ---- */

/* While both send, vm has 16 of the wire's 17 parts. 2 %: the other one is told of vm's end with its next piece. */
START_TEST(sixteen_connections_beside_one_have_sixteen_shares)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, AND_OTHER, H("channels=16"));

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") * 1.25e9 / MEMORY_BYTES, 17.0 / 16, 0.02);
    ck_assert_double_eq_tol(worlds_number(result, OTHER "total_s") * 1.25e9 / MEMORY_BYTES, 2, 0.02);
}
END_TEST

/* 2:1, also where each sends by four times fewer; with sixteen of each 1:1, and beside a background flow 16:16:1. */
START_TEST(shares_are_those_of_all_connections)
{
    g_autoptr(Result) two = WORLDS_RUN(ONE, AND_OTHER, H("channels=8"), H2("channels=4"));
    g_autoptr(Result) same = WORLDS_RUN(ONE, AND_OTHER, H("channels=16"), H2("channels=16"));
    g_autoptr(Result) three = WORLDS_RUN(ONE, AND_OTHER, H("channels=16"), H2("channels=16"), "/run_until=20s",
                                         "/flows/-={\"name\":\"f\",\"from\":\"a\",\"to\":\"b\",\"start\":\"0s\"}");

    ck_assert_double_eq_tol(worlds_number(two, VM "total_s") * 1.25e9 / MEMORY_BYTES, 1.5, 0.02);
    ck_assert_double_eq_tol(worlds_number(same, VM "total_s") * 1.25e9 / MEMORY_BYTES, 2, 0.02);
    ck_assert_double_eq_tol(worlds_number(three, VM "total_s") * 1.25e9 / MEMORY_BYTES, 33.0 / 16, 0.02);
}
END_TEST

/* A tunnel is one connection, whatever goes through it. */
START_TEST(channels_in_a_tunnel_have_one_share)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, AND_OTHER, H("channels=16"), H("encryption={\"place\":\"tunnel\",\"rate\":\"100Gbps\"}"));

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") * 1.25e9 / MEMORY_BYTES, 2, 0.02);
}
END_TEST

/* Window over round-trip time is one connection's; 1 MB over 20 ms are 50 MB/s. */
START_TEST(each_connection_has_a_window_of_its_own)
{
    g_autoptr(Result) one = WORLDS_RUN(ONE, "/links/0/latency=10ms", "/engine/tcp_window=1000000B");
    g_autoptr(Result) four = WORLDS_RUN(ONE, "/links/0/latency=10ms", "/engine/tcp_window=1000000B", H("channels=4"));

    ck_assert_double_eq_tol(worlds_number(one, VM "precopy_s"), MEMORY_BYTES / 50e6, 0.05);
    ck_assert_double_eq_tol(worlds_number(four, VM "precopy_s"), MEMORY_BYTES / 200e6, 0.05);
}
END_TEST

/* Sixteen transfers at a time end with the cable, or when the time is up, and no later than one would. */
START_TEST(a_cut_or_a_time_limit_ends_all_connections)
{
    g_autoptr(Result) cut = WORLDS_RUN(ONE, AND_OTHER, H("channels=16"),
                                       "/timeline/-={\"at\":\"1.5s\",\"do\":\"fail-link\",\"link\":\"l\"}");
    g_autoptr(Result) late = WORLDS_RUN(ONE, AND_OTHER, H("channels=16"), H("time_limit=500ms"));

    ck_assert_word(cut, VM "outcome", "link-lost");
    ck_assert_number(cut, VM "spent_s", 0.5, 1e-6);
    ck_assert_word(late, VM "outcome", "gave-up");
    ck_assert_number(late, VM "spent_s", 0.5, 1e-3);
    ck_assert_word(late, OTHER "outcome", "completed");
}
END_TEST

/* ---- cables side by side ---- */

#define FOUR_CABLES "/links/0/cables=4", "/links/0/bandwidth=2Gbps"

START_TEST(one_connection_has_one_cable)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, FOUR_CABLES);

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.25e9);
    ck_assert_word(result, VM "stream_limit", "wire");
}
END_TEST

START_TEST(streams_that_are_spread_evenly_take_a_cable_each)
{
    g_autoptr(Result) three = WORLDS_RUN(ONE, FOUR_CABLES, "/links/0/spread=even", H("channels=3"));
    g_autoptr(Result) six = WORLDS_RUN(ONE, FOUR_CABLES, "/links/0/spread=even", H("channels=6"));
    g_autoptr(Result) twelve =
        WORLDS_RUN(ONE, "/links/0/cables=12", "/links/0/bandwidth=500Mbps", "/links/0/spread=even", H("channels=12"));

    ck_assert_lasts(three, VM, MEMORY_BYTES, 0.75e9);
    ck_assert_lasts(six, VM, MEMORY_BYTES, 1e9);
    ck_assert_word(six, VM "stream_limit", "wire");
    ck_assert_lasts(twelve, VM, MEMORY_BYTES, 0.75e9); /* by chance all twelve are taken once in 20,000 times */
}
END_TEST

/* Four streams on four cables by chance: the number taken is 1 to 4, by the name of the migration; of sixteen names not
 * all take the same, and the mean is near 4 (1 - (3/4)^4) = 2.73. 0.6: three standard deviations of the mean of
 * sixteen. */
START_TEST(a_bond_lets_streams_collide)
{
    double sum = 0;
    guint short_of = 0;

    for (guint i = 0; i < 16; i++) {
        g_autofree char *name = g_strdup_printf("/timeline/0/name=m%u", i);
        g_autofree char *total = g_strdup_printf("migration.m%u.vm.total_s", i);
        g_autofree char *word = g_strdup_printf("migration.m%u.vm.stream_limit", i);
        g_autoptr(Result) result = WORLDS_RUN(ONE, FOUR_CABLES, H("channels=4"), name);
        const double taken = MEMORY_BYTES / worlds_number(result, total) / 0.25e9;
        ck_assert_double_eq_tol(taken, round(taken), 0.01);
        ck_assert_str_eq(worlds_word(result, word), taken < 3.5 ? "cables" : "wire");
        sum += taken;
        short_of += taken < 3.5;
    }
    ck_assert_uint_gt(short_of, 0);
    ck_assert_uint_lt(short_of, 16);
    ck_assert_double_eq_tol(sum / 16, 2.73, 0.6);
}
END_TEST

/* Two migrations of one connection each have a cable each; under one cable they would share it. */
START_TEST(migrations_side_by_side_have_cables_of_their_own)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, AND_OTHER, FOUR_CABLES);

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") * 0.25e9 / MEMORY_BYTES, 1, 0.02);
    ck_assert_double_eq_tol(worlds_number(result, OTHER "total_s") * 0.25e9 / MEMORY_BYTES, 1, 0.02);
}
END_TEST

/* A run sends by fewer transfers than there are connections, but never by so few that they cannot fill the cables. */
START_TEST(few_transfers_fill_all_cables)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, AND_OTHER, FOUR_CABLES, "/links/0/spread=even", H("channels=8"), H2("channels=8"));

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") * 0.5e9 / MEMORY_BYTES, 1, 0.02);
    ck_assert_double_eq_tol(worlds_number(result, OTHER "total_s") * 0.5e9 / MEMORY_BYTES, 1, 0.02);
}
END_TEST

/* Each wants the whole core that its cable takes, and gets half: the cables' sum has room for both. */
/* Two migrations of eight channels each are one transfer each; a single connection over cables of its own is nobody
 * there, to the last digit. */
START_TEST(who_shares_no_cable_changes_no_digit)
{
    static const char *const apart =
        "/timeline/-={\"at\":\"1.1s\",\"do\":\"migrate\",\"vm\":\"apart\",\"to\":\"d\",\"hypervisor\":\"ideal\"}";
    const char *settings[] = {"/hosts/-={\"name\":\"c\"}",
                              "/hosts/-={\"name\":\"d\"}",
                              "/links/-={\"name\":\"cd\",\"ends\":[\"c\",\"d\"]}",
                              "/guests/-={\"name\":\"apart\",\"host\":\"c\",\"memory\":\"256MiB\"}",
                              AND_OTHER,
                              "/guests/2/memory=512MiB",
                              "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"channels\":8}",
                              "/timeline/1/hypervisor={\"profile\":\"qemu-kvm\",\"channels\":8}",
                              NULL,
                              NULL};
    g_autoptr(Result) alone = worlds_run(ONE, settings);
    settings[G_N_ELEMENTS(settings) - 2] = apart;
    g_autoptr(Result) beside = worlds_run(ONE, settings);

    ck_assert_word(beside, "migration.apart.outcome", "completed");
    ck_assert_double_eq(worlds_number(alone, VM "total_s"), worlds_number(beside, VM "total_s"));
    ck_assert_double_eq(worlds_number(alone, OTHER "total_s"), worlds_number(beside, OTHER "total_s"));
}
END_TEST

START_TEST(threads_want_what_a_cable_of_several_takes)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, AND_OTHER, FOUR_CABLES, H("channel_rate=2Gbps"),
                                          H2("channel_rate=2Gbps"), "/hosts/0/processors=shared", "/hosts/0/cores=1");

    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") * 0.25e9 / MEMORY_BYTES, 2, 0.02);
}
END_TEST

/* Behind a switch as well, where a host of one cable would hang on it as a leaf. */
START_TEST(cables_side_by_side_lead_to_switches_too)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, "/switches/-={\"name\":\"s\"}", "/links/0/ends=[\"a\",\"s\"]",
                                          FOUR_CABLES, "/links/0/spread=even", H("channels=4"),
                                          "/links/-={\"name\":\"m\",\"ends\":[\"s\",\"b\"],\"bandwidth\":\"6Gbps\"}");

    ck_assert_lasts(result, VM, MEMORY_BYTES, 0.75e9);
    g_autoptr(Result) one = WORLDS_RUN(ONE, "/switches/-={\"name\":\"s\"}", "/links/0/ends=[\"a\",\"s\"]", FOUR_CABLES,
                                       "/links/-={\"name\":\"m\",\"ends\":[\"s\",\"b\"]}", "/links/1/bandwidth=10Gbps");
    ck_assert_lasts(one, VM, MEMORY_BYTES, 0.25e9);
}
END_TEST

/* ---- plans ---- */

/* Every profile under every kind of limit completes with all invariants, alone and beside another, planned or stepped
 * to the same total. 1 %: batches are cut at other places. */
START_TEST(every_profile_keeps_its_plans)
{
    static const char *const profiles[] = {"xen-4.5", "nsdi-2005", "qemu-kvm", "kubevirt-ramp"};
    static const char *const limits[] = {H("channel_rate=300Mbps"), H("receive_rate=100Mbps"),
                                         H("encryption={\"place\":\"tunnel\",\"rate\":\"400Mbps\",\"overhead\":0.01}"),
                                         H("encryption={\"place\":\"card\",\"rate\":\"200Mbps\"}")};
    g_autofree char *profile = g_strdup_printf("/timeline/0/hypervisor=\"%s\"", profiles[_i % 4]);
    const char *const small = "/guests/0/memory=96MiB";
    const char *const busy = "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"16MiB\",\"rate\":\"2000/s\"}";
    const char *const slow = "/links/0/bandwidth=1Gbps";
    const char *const late = "/links/0/latency=100us";
    g_autoptr(Result) planned = WORLDS_RUN(ONE, profile, small, busy, slow, late, H("channels=3"), limits[_i / 4]);
    g_autoptr(Result) stepped =
        WORLDS_RUN(ONE, profile, small, busy, slow, late, H("channels=3"), limits[_i / 4], "/engine/plan_ahead=false");
    g_autoptr(Result) shared = WORLDS_RUN(ONE, profile, small, busy, slow, late, H("channels=3"), limits[_i / 4],
                                          AND_OTHER, "/guests/1/memory=64MiB", "/hosts/0/processors=shared");
    const double total_s = worlds_number(planned, "migration.vm.total_s");

    ck_assert_double_eq_tol(total_s, worlds_number(stepped, "migration.vm.total_s"), 0.01 * total_s);
    ck_assert_double_ge(worlds_number(shared, "migration.vm.total_s"), total_s * 0.99);
}
END_TEST

/* ---- refused ---- */

START_TEST(streams_that_cannot_be_are_refused)
{
    static const struct {
        const char *setting, *says;
    } rows[] = {
        {H("channels=0"), "/timeline/0/hypervisor/channels"},
        {H("channels=1000"), "/timeline/0/hypervisor/channels"},
        {H("channel_rate=0bps"), "/timeline/0/hypervisor/channel_rate"},
        {H("receive_rate=0bps"), "/timeline/0/hypervisor/receive_rate"},
        {H("encryption={\"place\":\"channel\"}"), "/timeline/0/hypervisor/encryption/rate"},
        {H("encryption={\"place\":\"channel\",\"rate\":\"1Gbps\",\"tunnels\":1}"),
         "/timeline/0/hypervisor/encryption/tunnels: the place is no tunnel"},
        {H("encryption={\"place\":\"tunnel\",\"rate\":\"1Gbps\",\"tunnels\":2}"),
         "/timeline/0/hypervisor/encryption/tunnels: more than the channels"},
        {"/links/0/cables=0", "/links/0/cables"},
        {"/links/0/cables=65", "/links/0/cables"},
        {"/links/0/spread=odd", "/links/0/spread"},
    };
    const char *const settings[] = {rows[_i].setting, NULL};

    worlds_expect_refused(ONE, settings, rows[_i].says);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("leg_threads");

    tcase_add_test(cases, one_channel_takes_as_long_as_its_thread_needs);
    tcase_add_test(cases, four_channels_are_four_times_as_fast_up_to_the_wire);
    tcase_add_test(cases, receiving_threads_bound_it_as_well);
    tcase_add_test(cases, qemu_scans_and_sends_in_one_thread_or_in_several);
    tcase_add_test(cases, qemu_is_held_by_what_is_behind_its_main_thread);
    tcase_add_test(cases, qemu_has_a_socket_for_each_connection);
    tcase_add_test(cases, xen_works_by_turns_or_apart);
    tcase_add_test(cases, encryption_in_the_channel_adds_to_its_work);
    tcase_add_test(cases, a_tunnel_works_while_the_channels_send);
    tcase_add_test(cases, overhead_is_on_the_wire);
    tcase_add_test(cases, two_migrations_of_one_host_share_its_cores);
    tcase_add_test(cases, the_destination_shares_its_cores_as_well);
    tcase_add_test(cases, guests_feel_the_channels);
    tcase_add_test(cases, by_turns_work_and_sending_are_slowed_down_alike);
    tcase_add_test(cases, threads_want_less_when_others_come_to_the_path);
    tcase_add_test(cases, few_transfers_fill_all_cables);
    tcase_add_test(cases, who_shares_no_cable_changes_no_digit);
    tcase_add_test(cases, threads_want_what_a_cable_of_several_takes);
    tcase_add_test(cases, threads_want_what_their_share_of_the_wire_takes);
    tcase_add_test(cases, sixteen_connections_beside_one_have_sixteen_shares);
    tcase_add_test(cases, shares_are_those_of_all_connections);
    tcase_add_test(cases, channels_in_a_tunnel_have_one_share);
    tcase_add_test(cases, each_connection_has_a_window_of_its_own);
    tcase_add_test(cases, a_cut_or_a_time_limit_ends_all_connections);
    tcase_add_test(cases, one_connection_has_one_cable);
    tcase_add_test(cases, streams_that_are_spread_evenly_take_a_cable_each);
    tcase_add_test(cases, a_bond_lets_streams_collide);
    tcase_add_test(cases, migrations_side_by_side_have_cables_of_their_own);
    tcase_add_test(cases, cables_side_by_side_lead_to_switches_too);
    tcase_add_loop_test(cases, every_profile_keeps_its_plans, 0, 16);
    tcase_add_loop_test(cases, streams_that_cannot_be_are_refused, 0, 10);
    return check_main("leg_threads", cases, NULL);
}
