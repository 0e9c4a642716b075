/* A migration that compresses its pages, in the simulated world: totals against closed forms, QEMU's counters, xbzrle.
 */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* An idle guest of 1 GiB over a wire that carries it in 0.859 s. */
#define MEMORY_BYTES (1024 * WORLDS_MIB)
#define ONE                                                                                                            \
    "{'name': 'compressed', 'hosts': [{'name': 'a', 'cores': 8}, {'name': 'b', 'cores': 8}],"                          \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '10Gbps'}],"                                            \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '1GiB', 'cpu_share': 0}],"                                      \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"
#define H(key) "/timeline/0/hypervisor/" key
#define ZLIB(ratio, rate, expands)                                                                                     \
    H("compression={\"method\":\"zlib\",\"ratio\":" ratio ",\"rate\":\"" rate "\",\"receive_rate\":\"" expands "\"}")

/* The hand-shakes are two pages; 0.1 %: batches of 4 MiB. */
#define ck_assert_lasts(result, bytes, rate)                                                                           \
    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") / ((bytes) / (rate)), 1, 2e-3)

START_TEST(where_the_wire_bounds_it_takes_the_ratio_less)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, ZLIB("4", "800Gbps", "800Gbps"));

    ck_assert_lasts(result, MEMORY_BYTES / 4, 1.25e9);
    ck_assert_word(result, VM "stream_limit", "wire");
    ck_assert_number(result, VM "compressed_bytes", MEMORY_BYTES / 4, 1e-6);
    ck_assert_number(result, VM "compression_ratio", 4, 1e-6);
}
END_TEST

START_TEST(where_threads_bound_it_takes_what_they_need)
{
    g_autoptr(Result) one = WORLDS_RUN(ONE, ZLIB("4", "1Gbps", "8Gbps"));
    g_autoptr(Result) four = WORLDS_RUN(ONE, ZLIB("4", "1Gbps", "8Gbps"), H("channels=4"));

    ck_assert_lasts(one, MEMORY_BYTES, 0.125e9);
    ck_assert_lasts(four, MEMORY_BYTES, 4 * 0.125e9);
    ck_assert_word(four, VM "stream_limit", "channels");
    ck_assert_number(four, VM "source_processor_s", MEMORY_BYTES / 0.125e9, 1e-3);
    ck_assert_number(four, VM "destination_processor_s", MEMORY_BYTES / 1e9, 1e-3);
}
END_TEST

START_TEST(the_destination_bounds_it_too)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, ZLIB("4", "80Gbps", "2Gbps"), H("channels=2"));

    ck_assert_lasts(result, MEMORY_BYTES, 2 * 0.25e9);
    ck_assert_word(result, VM "stream_limit", "receive");
}
END_TEST

START_TEST(what_does_not_shrink_costs_the_work_all_the_same)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, ZLIB("1", "1Gbps", "8Gbps"), H("channels=2"));

    ck_assert_lasts(result, MEMORY_BYTES, 0.25e9);
}
END_TEST

START_TEST(a_guests_own_ratio_goes_before_the_profiles)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, ZLIB("4", "800Gbps", "800Gbps"), "/guests/0/compression_ratio=2");

    ck_assert_lasts(result, MEMORY_BYTES / 2, 1.25e9);
}
END_TEST

/* ssh -C: one process, whatever it is given. */
START_TEST(a_tunnel_compresses_for_all_channels)
{
    g_autoptr(Result) wire = WORLDS_RUN(ONE, ZLIB("4", "800Gbps", "800Gbps"), H("compression/place=tunnel"));
    g_autoptr(Result) process =
        WORLDS_RUN(ONE, ZLIB("4", "1Gbps", "8Gbps"), H("compression/place=tunnel"), H("channels=4"));

    ck_assert_lasts(wire, MEMORY_BYTES / 4, 1.25e9);
    ck_assert_lasts(process, MEMORY_BYTES, 0.125e9);
    ck_assert_word(process, VM "stream_limit", "tunnel");
}
END_TEST

START_TEST(a_card_compresses_at_its_rate)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, ZLIB("4", "4Gbps", "8Gbps"), H("compression/place=card"));

    ck_assert_lasts(result, MEMORY_BYTES, 0.5e9);
    ck_assert_word(result, VM "stream_limit", "card");
    ck_assert_double_eq(worlds_number(result, VM "source_processor_s"), 0);
}
END_TEST

/* ---- QEMU ---- */

#define QEMU "/timeline/0/hypervisor=qemu-kvm", H("zero_page=0B"), H("max_bandwidth=1Gbps")

/* 1 %: the end of its stream lies in the sockets. */
START_TEST(qemu_sends_what_is_left_of_its_pages)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, "/timeline/0/hypervisor=qemu-kvm", H("zero_page=0B"), H("channels=4"),
                                          ZLIB("4", "1Gbps", "8Gbps"));

    ck_assert_number(result, VM "total_s", MEMORY_BYTES / 0.5e9, 0.02);
    ck_assert_number(result, VM "transferred_bytes", MEMORY_BYTES / 4096 * (8 + 1024), 1e-3 * MEMORY_BYTES);
}
END_TEST

/* max-bandwidth counts what is written to the socket. */
START_TEST(qemus_own_limit_is_one_of_compressed_bytes)
{
    g_autoptr(Result) plain = WORLDS_RUN(ONE, QEMU);
    g_autoptr(Result) result = WORLDS_RUN(ONE, QEMU, ZLIB("4", "80Gbps", "80Gbps"));

    ck_assert_double_eq_tol(worlds_number(plain, VM "total_s") / worlds_number(result, VM "total_s"),
                            4104.0 / (8 + 1024), 0.05);
}
END_TEST

/* migration_update_counters measures what was put into the stream, pending is in whole pages: QEMU believes that the
 * rest takes the ratio longer than it does, and so stops only when a quarter of what would fit is left. */
START_TEST(qemu_takes_its_downtime_for_longer_than_it_is)
{
    static const char *const writes =
        "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"256MiB\",\"rate\":\"20kHz\"}";
    static const char *const wire = "/links/0/bandwidth=1Gbps";
    g_autoptr(Result) plain = WORLDS_RUN(ONE, QEMU, wire, writes);
    g_autoptr(Result) result = WORLDS_RUN(ONE, QEMU, wire, writes, ZLIB("4", "80Gbps", "80Gbps"));

    const double allowed = 0.3 * 0.125e9 / 4096;
    ck_assert_double_le(worlds_number(result, VM "left_pages"), 1.05 * allowed);
    ck_assert_double_lt(worlds_number(result, VM "downtime_s"), 0.12);
    ck_assert_double_gt(worlds_number(plain, VM "downtime_s"), 0.2);
}
END_TEST

/* ---- xbzrle ---- */

/* 64 MiB are written faster than 100 Mb/s carry them, a byte at a time. */
#define BUSY                                                                                                           \
    "/links/0/bandwidth=100Mbps", "/guests/0/memory=256MiB", "/timeline/0/hypervisor=qemu-kvm",                        \
        "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"32MiB\",\"rate\":\"8kHz\"}", H("time_limit=2min")
#define XBZRLE H("compression={\"method\":\"xbzrle\"}"), "/guests/0/write_bytes=1B"

START_TEST(xbzrle_converges_where_whole_pages_do_not)
{
    g_autoptr(Result) plain = WORLDS_RUN(ONE, BUSY);
    g_autoptr(Result) result = WORLDS_RUN(ONE, BUSY, XBZRLE);

    ck_assert_word(plain, "migration.vm.outcome", "gave-up");
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_gt(worlds_number(result, VM "xbzrle_pages"), 1000);
    ck_assert_double_gt(worlds_number(result, VM "compression_ratio"), 1);
}
END_TEST

/* A write changes all of its page, as absent: each encoding overflows. */
START_TEST(whole_writes_overflow)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, BUSY, H("compression={\"method\":\"xbzrle\"}"), H("time_limit=40s"));
    const double pages = worlds_number(result, VM "xbzrle_pages");

    ck_assert_double_gt(pages, 100);
    ck_assert_double_eq(worlds_number(result, VM "xbzrle_overflows") + worlds_number(result, VM "xbzrle_identical"),
                        pages);
}
END_TEST

/* The working set is eight times as large as the cache: most of what is sent again is not in it. */
START_TEST(a_small_cache_misses)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, BUSY, H("compression={\"method\":\"xbzrle\",\"cache\":\"4MiB\"}"),
                                          "/guests/0/write_bytes=1B", H("time_limit=40s"));

    ck_assert_double_gt(worlds_number(result, VM "xbzrle_cache_misses"), 4 * worlds_number(result, VM "xbzrle_pages"));
}
END_TEST

/* ---- refused ---- */

static const struct {
    const char *settings[4], *says;
} refused[] = {
    {{ZLIB("0.5", "1Gbps", "1Gbps")}, "/timeline/0/hypervisor/compression/ratio: "},
    {{H("compression={\"method\":\"lzma\"}")}, "/timeline/0/hypervisor/compression/method: "},
    {{H("compression={\"method\":\"zlib\",\"ratio\":2,\"rate\":\"1Gbps\"}")}, "receive_rate: is missing"},
    {{H("compression={\"method\":\"zlib\",\"rate\":\"1Gbps\"}")}, "/timeline/0/hypervisor/compression/ratio: "},
    {{H("compression={\"method\":\"xbzrle\"}")}, "which Xen has not"},
    {{"/timeline/0/hypervisor=qemu-kvm", H("compression={\"method\":\"xbzrle\"}"), H("channels=2")},
     "refuses with several channels"},
    {{"/timeline/0/hypervisor=qemu-kvm", H("compression={\"method\":\"xbzrle\",\"cache\":\"2KiB\"}")},
     "/timeline/0/hypervisor/compression/cache: "},
    {{"/timeline/0/hypervisor=qemu-kvm", H("compression={\"method\":\"xbzrle\",\"cache\":\"12KiB\"}")},
     "a power of two"},
    {{"/timeline/0/hypervisor=qemu-kvm", H("compression={\"method\":\"xbzrle\"}"), "/engine={\"pages\":\"counted\"}"},
     "is xbzrle, which keeps"},
    {{"/timeline/0/hypervisor=qemu-kvm", H("compression={\"method\":\"xbzrle\"}"), "/guests/0/write_bytes=5KiB"},
     "/guests/0/write_bytes: is more than a page"},
    {{ZLIB("2", "1Gbps", "1Gbps"), H("compression/place=tunnel"),
      H("encryption={\"place\":\"channel\",\"rate\":\"1Gbps\"}")},
     "/timeline/0/hypervisor/compression/place: is \"tunnel\""},
};

START_TEST(compressions_that_cannot_be_are_refused)
{
    worlds_expect_refused(ONE, refused[_i].settings, refused[_i].says);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("compressed_world");

    tcase_add_test(cases, where_the_wire_bounds_it_takes_the_ratio_less);
    tcase_add_test(cases, where_threads_bound_it_takes_what_they_need);
    tcase_add_test(cases, the_destination_bounds_it_too);
    tcase_add_test(cases, what_does_not_shrink_costs_the_work_all_the_same);
    tcase_add_test(cases, a_guests_own_ratio_goes_before_the_profiles);
    tcase_add_test(cases, a_tunnel_compresses_for_all_channels);
    tcase_add_test(cases, a_card_compresses_at_its_rate);
    tcase_add_test(cases, qemu_sends_what_is_left_of_its_pages);
    tcase_add_test(cases, qemus_own_limit_is_one_of_compressed_bytes);
    tcase_add_test(cases, qemu_takes_its_downtime_for_longer_than_it_is);
    tcase_add_test(cases, xbzrle_converges_where_whole_pages_do_not);
    tcase_add_test(cases, whole_writes_overflow);
    tcase_add_test(cases, a_small_cache_misses);
    tcase_add_loop_test(cases, compressions_that_cannot_be_are_refused, 0, (int)G_N_ELEMENTS(refused));
    return check_main("compressed_world", cases, NULL);
}
