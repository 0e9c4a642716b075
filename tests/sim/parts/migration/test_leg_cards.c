/* A migration whose packets a card works on, in the simulated world: totals against the card's own rate, alone and
 * beside a guest's closed load; who else feels it; what is refused, and what ends it. */
#include "tests/sim/world/worlds.h"

#define VM "migration.vm.vm."

/* A card that compresses 0.5 GB/s in one engine, and one at the destination that expands twice as fast; what is before
 * the engine takes a tenth of a percent of a packet's time. The wire carries what comes in a tenth of that time. */
#define MEMORY_BYTES (256 * WORLDS_MIB)
#define PACKET_BYTES (512 * 1024.0)
#define RATE_BPS     0.5e9
#define PACKET_S     (PACKET_BYTES / RATE_BPS)
#define CARD(name, host, inflate)                                                                                      \
    "{'name': '" name "', 'host': '" host "', 'dma_rate': '80Tbps', 'packet_max': '1MiB',"                             \
    " 'algorithms': {'deflate': {'rate': '4Gbps', 'output_per_byte': 0.25}, 'inflate': {'rate': '" inflate "'},"       \
    " 'sm4': {'rate': '4Gbps'}}}"
#define SESSION(name, card) "{'name': '" name "', 'card': '" card "', 'path': 'p', 'workload': {'kind': 'none'}}"
#define ONE                                                                                                            \
    "{'name': 'by-card', 'hosts': [{'name': 'a', 'cores': 8}, {'name': 'b', 'cores': 8}],"                             \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '10Gbps'}],"                                            \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '256MiB'}, {'name': 'other', 'host': 'a', 'memory': '4MiB'}],"  \
    " 'cards': [" CARD("ca", "a", "8Gbps") ", " CARD("cb", "b", "8Gbps") ", " CARD(                                    \
        "aside", "a",                                                                                                  \
        "8Gbps") "],"                                                                                                  \
                 " 'card_paths': [{'name': 'p', 'stations': [{'name': 'lib', 'place': 'host-user',"                    \
                 "   'direction': 'forward', 'servers': 0, 'fixed': '1us'}]}],"                                        \
                 " 'card_sessions': [" SESSION("ma", "ca") ", " SESSION(                                               \
                     "mb", "cb") ","                                                                                   \
                                 "   {'name': 'other', 'guest': 'other', 'card': 'ca', 'path': 'p',"                   \
                                 "    'workload': {'kind': 'none'}}],"                                                 \
                                 " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b',"                  \
                                 "   'hypervisor': {'profile': 'ideal', 'compression': {'method': 'zlib', 'ratio': 4," \
                                 "   'place': 'card', 'card': {'session': 'ma', 'receive_session': 'mb'}}}}],"         \
                                 " 'run_until': '10s'}"
#define MIGRATE(at, vm, to, hypervisor)                                                                                \
    "{\"at\": \"" at "\", \"do\": \"migrate\", \"vm\": \"" vm "\", \"to\": \"" to "\", \"hypervisor\": " hypervisor "}"
#define BY_CARD                                                                                                        \
    "{\"profile\": \"ideal\", \"compression\": {\"method\": \"zlib\", \"ratio\": 4, \"place\": \"card\", \"card\": "   \
    "{\"session\": \"ma\", \"receive_session\": \"mb\"}}}"
#define FAIL(host) "{\"at\": \"1.2s\", \"do\": \"fail-host\", \"host\": \"" host "\"}"
#define C(key)     "/timeline/0/hypervisor/compression" key
#define BUSY(n)                                                                                                        \
    "/card_sessions/2/workload={\"kind\": \"closed\", \"outstanding\": " n                                             \
    ", \"mix\": [{\"algorithm\": \"deflate\", \"bytes\": \"512KiB\"}]}"

/* One percent: of 512 packets one waits for nobody and one for all others; 1 us and the hand-shakes. */
#define ck_assert_lasts(result, seconds)                                                                               \
    ck_assert_double_eq_tol(worlds_number(result, VM "total_s") / (seconds), 1, 0.01)

START_TEST(an_idle_card_bounds_it_by_its_rate)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE);
    g_autoptr(Result) slower = WORLDS_RUN(ONE, "/cards/0/algorithms/deflate/rate=1Gbps");
    g_autoptr(Result) engines = WORLDS_RUN(ONE, "/cards/0/engines={\"any\": 2}", C("/card/under_way=4"));

    ck_assert_lasts(result, MEMORY_BYTES / RATE_BPS);
    ck_assert_lasts(slower, MEMORY_BYTES / 0.125e9);
    ck_assert_lasts(engines, MEMORY_BYTES / (2 * RATE_BPS));
    ck_assert_word(result, VM "stream_limit", "card");
    ck_assert_number(result, VM "compressed_bytes", MEMORY_BYTES / 4, 1e-6);
    ck_assert_number(result, VM "card_packets", MEMORY_BYTES / PACKET_BYTES, 2);
    ck_assert_number(result, VM "card_received", MEMORY_BYTES / PACKET_BYTES, 1);
    ck_assert_number(result, VM "card_wait_s", MEMORY_BYTES / RATE_BPS * (1 - RATE_BPS / 4 / 1.25e9), 0.01);
}
END_TEST

/* One after the other: the way to the engine and the wire, whose time the engine has nothing to do. */
START_TEST(one_packet_under_way_leaves_the_card_idle_meanwhile)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, C("/card/under_way=1"), "/card_paths/0/stations/0/fixed=1ms");

    ck_assert_lasts(result, MEMORY_BYTES / PACKET_BYTES * (PACKET_S + 1e-3));
}
END_TEST

START_TEST(a_slow_wire_bounds_it_and_the_card_rests)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, "/links/0/bandwidth=400Mbps");

    ck_assert_lasts(result, MEMORY_BYTES / 4 / 0.05e9);
    ck_assert_word(result, VM "stream_limit", "wire");
    ck_assert_double_lt(worlds_number(result, VM "card_wait_s"), 0.02);
}
END_TEST

START_TEST(the_destination_bounds_it_by_its_card_or_its_processors)
{
    g_autoptr(Result) card = WORLDS_RUN(ONE, "/cards/1/algorithms/inflate/rate=1Gbps");
    g_autoptr(Result) cores = WORLDS_RUN(ONE, C("/card={\"session\": \"ma\"}"), C("/receive_rate=2Gbps"));

    ck_assert_lasts(card, MEMORY_BYTES / 0.125e9);
    ck_assert_word(card, VM "stream_limit", "card");
    ck_assert_double_lt(worlds_number(card, VM "downtime_s"), 4 * PACKET_BYTES / 0.125e9); /* two wait at most */
    ck_assert_lasts(cores, MEMORY_BYTES / 0.25e9);
    ck_assert_word(cores, VM "stream_limit", "receive");
}
END_TEST

START_TEST(a_card_encrypts_what_the_stream_has)
{
    g_autoptr(Result) result = WORLDS_RUN(
        ONE, "/timeline/0/hypervisor={\"profile\": \"ideal\", \"encryption\": {\"place\": \"card\", \"card\": "
             "{\"session\": \"ma\", \"receive_session\": \"mb\"}}}");

    ck_assert_lasts(result, MEMORY_BYTES / RATE_BPS);
    ck_assert_word(result, VM "stream_limit", "card");
}
END_TEST

/* First come, first served, and nobody thinks: in each turn the engine serves 2 packets and n requests of the guest,
 * all alike. */
START_TEST(beside_a_closed_load_each_has_its_share_of_the_turns)
{
    static const double n[] = {2, 6};
    g_autoptr(Result) two = WORLDS_RUN(ONE, BUSY("2"));
    g_autoptr(Result) six = WORLDS_RUN(ONE, BUSY("6"));
    Result *const results[] = {two, six};

    for (int i = 0; i < 2; i++) {
        ck_assert_lasts(results[i], MEMORY_BYTES / RATE_BPS * (2 + n[i]) / 2);
        /* the guest's: the engine's turns that the migration did not have */
        ck_assert_number(results[i], "card_session.other.done",
                         10 / PACKET_S - worlds_number(results[i], VM "card_packets"), 2 * n[i]);
        /* before and after it waits for its own, meanwhile for two more */
        ck_assert_number(results[i], "card_session.other.latency_p50_s", n[i] * PACKET_S, 0.05 * n[i] * PACKET_S);
        ck_assert_number(results[i], "card_session.other.latency_max_s", (n[i] + 2) * PACKET_S, 0.01 * PACKET_S);
    }
}
END_TEST

/* Two packets each, of four that wait for the engine. */
START_TEST(two_migrations_share_a_session)
{
    g_autoptr(Result) result = WORLDS_RUN(
        ONE, "/guests/1/memory=256MiB",
        "/timeline=[" MIGRATE("1s", "vm", "b", BY_CARD) "," MIGRATE("1s", "other", "b", BY_CARD) "]",
        "/card_sessions/2={\"name\": \"x\", \"card\": \"aside\", \"path\": \"p\", \"workload\": {\"kind\": \"none\"}}");

    ck_assert_lasts(result, 2 * MEMORY_BYTES / RATE_BPS);
    ck_assert_number(result, "migration.other.vm.total_s", 2 * MEMORY_BYTES / RATE_BPS, 0.02);
}
END_TEST

#define ASIDE                                                                                                           \
    "/card_sessions/2={\"name\": \"other\", \"guest\": \"other\", \"card\": \"aside\", \"path\": \"p\", \"workload\": " \
    "{\"kind\": \"poisson\", \"rate\": \"500/s\", \"mix\": [{\"algorithm\": \"deflate\", \"bytes\": \"256KiB\"}]}}"

START_TEST(a_card_that_it_does_not_use_is_as_without_it)
{
    g_autoptr(Result) by_card = WORLDS_RUN(ONE, ASIDE);
    g_autoptr(Result) by_rate = WORLDS_RUN(
        ONE, ASIDE,
        C("={\"method\": \"zlib\", \"ratio\": 4, \"place\": \"card\", \"rate\": \"4Gbps\", \"receive_rate\": "
          "\"8Gbps\"}"));
    static const char *const names[] = {"done", "latency_mean_s", "latency_p99_s", "latency_max_s"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = g_strconcat("card_session.other.", names[i], NULL);
        ck_assert_double_eq(worlds_number(by_card, name), worlds_number(by_rate, name));
    }
    ck_assert_double_eq_tol(worlds_number(by_card, VM "total_s"), worlds_number(by_rate, VM "total_s"), 0.005);
}
END_TEST

#define QEMU_BY_CARD(more)                                                                                             \
    "/timeline/0/hypervisor={\"profile\": \"qemu-kvm\", \"channels\": 4, " more                                        \
    ", \"compression\": {\"method\": \"zlib\", "                                                                       \
    "\"ratio\": 4, \"place\": \"card\", \"card\": {\"session\": \"ma\", \"receive_session\": \"mb\"}}}"

/* The destination's card has packets to expand when the guest is handed over, and is waited for. */
START_TEST(under_post_copy_the_guest_waits_for_what_the_card_has)
{
    g_autoptr(Result) result =
        WORLDS_RUN(ONE, QEMU_BY_CARD("\"postcopy_rounds\": 2"), "/cards/1/algorithms/inflate/rate=1Gbps",
                   "/guests/0/workload={\"kind\": \"uniform\", \"working_set\": \"64MiB\", \"rate\": \"20k/s\"}");
    g_autoptr(Result) at_once = WORLDS_RUN(ONE, QEMU_BY_CARD("\"postcopy_rounds\": 1"));

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_double_ge(worlds_number(result, VM "downtime_s"), PACKET_BYTES / 0.125e9);
    ck_assert_word(at_once, "migration.vm.outcome", "completed");
    ck_assert_lasts(at_once, MEMORY_BYTES / RATE_BPS);
}
END_TEST

/* ---- what goes wrong ---- */

START_TEST(a_session_that_opens_later_is_waited_for)
{
    g_autoptr(Result) result = WORLDS_RUN(ONE, "/card_sessions/0/start=5s");

    ck_assert_lasts(result, 4 + MEMORY_BYTES / RATE_BPS);
}
END_TEST

START_TEST(a_closed_session_and_a_lost_host_end_it)
{
    g_autoptr(Result) refused = WORLDS_RUN(ONE, "/hosts/0/arch=\"aarch64\"", "/card_paths/0/arm_refusal=\"no\"");
    g_autoptr(Result) at_b = WORLDS_RUN(ONE, "/hosts/1/arch=\"aarch64\"", "/card_paths/0/arm_refusal=\"no\"");
    g_autoptr(Result) source = WORLDS_RUN(ONE, "/timeline=[" MIGRATE("1s", "vm", "b", BY_CARD) "," FAIL("a") "]");
    g_autoptr(Result) destination = WORLDS_RUN(ONE, "/timeline=[" MIGRATE("1s", "vm", "b", BY_CARD) "," FAIL("b") "]");
    g_autoptr(Result) limit = WORLDS_RUN(ONE, "/timeline/0/hypervisor/time_limit=0.2s");

    ck_assert_word(refused, "migration.vm.outcome", "card-lost");
    ck_assert_word(at_b, "migration.vm.outcome", "card-lost");
    ck_assert_word(source, "migration.vm.outcome", "source-lost");
    ck_assert_word(destination, "migration.vm.outcome", "destination-lost");
    ck_assert_word(limit, "migration.vm.outcome", "gave-up");
}
END_TEST

START_TEST(a_card_that_the_guest_has_left_behind_ends_it)
{
    g_autoptr(Result) result = WORLDS_RUN(
        ONE,
        "/timeline=[" MIGRATE("1s", "vm", "b", "{\"profile\": \"ideal\"}") "," MIGRATE("5s", "vm", "a", BY_CARD) "]",
        "/timeline/1/name=back", "/timeline/1/hypervisor/compression/card={\"session\": \"ma\"}",
        "/timeline/1/hypervisor/compression/receive_rate=8Gbps");

    ck_assert_word(result, "migration.back.outcome", "card-elsewhere");
}
END_TEST

#define AT "/timeline/0/hypervisor/compression"

static const struct {
    const char *set, *says;
} refused[] = {
    {C("/place=channel"), AT "/card: the place is not \"card\", expected that place or no such key"},
    {C("/rate=1Gbps"), AT "/rate: is given beside a card that has its own, expected no such key"},
    {C("/receive_rate=1Gbps"), AT "/receive_rate: is given beside a card that has its own, expected no such key"},
    {C("/card={\"session\": \"ma\"}"),
     AT "/receive_rate: is missing, expected what a core of the destination works on in a second, or "
        "receive_session of the card"},
    {C("/card/session=other"),
     AT "/card/session: \"other\" is guest \"other\"'s session, expected one without a guest"},
    {"/card_sessions/0/workload={\"kind\": \"poisson\", \"rate\": \"1/s\", \"mix\": [{\"algorithm\": \"sm4\"}]}",
     AT "/card/session: \"ma\" has a workload of its own, expected one of kind \"none\""},
    {"/card_sessions/0/copies=2", AT "/card/session: \"ma\" has copies, expected a single session"},
    {"/card_sessions/0/card=cb", AT "/card/session: is of a card on host \"b\", expected one on the source, \"a\""},
    {"/card_sessions/1/card=aside",
     AT "/card/receive_session: is of a card on host \"a\", expected one on the destination, \"b\""},
    {C("/card/algorithm=sm3"), AT "/card/algorithm: card \"ca\" has no sm3, expected an algorithm that it computes"},
    {C("/card/packet=1024"),
     AT "/card/packet: makes requests of 4194304 bytes, above the 1048576 of card \"ca\", expected fewer pages or a "
        "larger packet_max of the card"},
    {"/timeline/0/method=cold",
     "/timeline/0/method: stops the guest, beside a card with its queue, expected a live one"},
    {"/timeline/0/hypervisor/encryption={\"place\": \"card\", \"card\": {\"session\": \"ma\", \"receive_session\": "
     "\"mb\"}}",
     "/timeline/0/hypervisor/encryption/card: is there beside that of compression, expected one of them"},
    {"/timeline/0/hypervisor/encryption={\"place\": \"channel\"}",
     "/timeline/0/hypervisor/encryption/rate: is missing, expected what a core, or the card, encrypts in a second"},
};

START_TEST(what_cannot_be_is_refused)
{
    worlds_expect_refused(ONE, (const char *const[]){refused[_i].set, NULL}, refused[_i].says);
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("leg_cards");

    tcase_add_test(cases, an_idle_card_bounds_it_by_its_rate);
    tcase_add_test(cases, one_packet_under_way_leaves_the_card_idle_meanwhile);
    tcase_add_test(cases, a_slow_wire_bounds_it_and_the_card_rests);
    tcase_add_test(cases, the_destination_bounds_it_by_its_card_or_its_processors);
    tcase_add_test(cases, a_card_encrypts_what_the_stream_has);
    tcase_add_test(cases, beside_a_closed_load_each_has_its_share_of_the_turns);
    tcase_add_test(cases, two_migrations_share_a_session);
    tcase_add_test(cases, a_card_that_it_does_not_use_is_as_without_it);
    tcase_add_test(cases, under_post_copy_the_guest_waits_for_what_the_card_has);
    tcase_add_test(cases, a_session_that_opens_later_is_waited_for);
    tcase_add_test(cases, a_closed_session_and_a_lost_host_end_it);
    tcase_add_test(cases, a_card_that_the_guest_has_left_behind_ends_it);
    tcase_add_loop_test(cases, what_cannot_be_is_refused, 0, (int)G_N_ELEMENTS(refused));
    return check_main("leg_cards", cases, NULL);
}
