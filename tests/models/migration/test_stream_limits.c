/* The pipeline of a migration's stream, row by row of its table, and what its threads want. */
#include "models/migration/stream_limits.h"
#include "tests/check_main.h"

#include <math.h>

#define WITHIN 1e-9 /* of sums and quotients of a few doubles, relative */

#define ck_assert_rate(actual, expected) ck_assert_double_eq_tol((actual) / (expected), 1, WITHIN)

static const double WIRE = 10e9;

static StreamRules
rules_of(guint channels, double channel_Bps, double receive_Bps)
{
    return (StreamRules){.channels = channels, .channel_rate_Bps = channel_Bps, .receive_rate_Bps = receive_Bps};
}

static StreamLimit
limit_of(const StreamRules *rules, double main_spB, gboolean by_turns)
{
    const StreamPipe pipe = stream_pipe(rules, main_spB, by_turns);
    const StreamCores whole = stream_whole_cores();

    return stream_limit(&pipe, &whole, WIRE);
}

START_TEST(nothing_said_is_the_wire)
{
    const StreamRules rules = rules_of(0, NAN, NAN);
    const StreamLimit limit = limit_of(&rules, 0, FALSE);

    ck_assert(stream_is_plain(&rules));
    ck_assert_double_eq(limit.rate_Bps, WIRE);
    ck_assert_int_eq(limit.bound, STREAM_WIRE);
    ck_assert(isinf(limit.held_Bps));
}
END_TEST

/* Without multifd one thread scans and writes: the two kinds of work add up. */
START_TEST(one_channel_does_both_kinds_of_work_one_after_the_other)
{
    const StreamRules rules = rules_of(1, 2e9, NAN);
    const StreamLimit limit = limit_of(&rules, 1 / 6e9, FALSE);

    ck_assert_rate(limit.rate_Bps, 1.5e9); /* 1 / (1/6 + 1/2) */
    ck_assert_int_eq(limit.bound, STREAM_CHANNELS);
    ck_assert(isinf(limit.held_Bps)); /* it is the machine's own work */
}
END_TEST

/* With several, the main thread only scans: it works while they send. */
START_TEST(several_channels_are_a_pipeline_behind_the_main_thread)
{
    const StreamRules two = rules_of(2, 2e9, NAN), four = rules_of(4, 2e9, NAN), eight = rules_of(8, 2e9, NAN);

    ck_assert_rate(limit_of(&two, 1 / 6e9, FALSE).rate_Bps, 4e9);
    ck_assert_int_eq(limit_of(&two, 1 / 6e9, FALSE).bound, STREAM_CHANNELS);
    ck_assert_rate(limit_of(&four, 1 / 6e9, FALSE).rate_Bps, 6e9);
    ck_assert_int_eq(limit_of(&four, 1 / 6e9, FALSE).bound, STREAM_MAIN);
    ck_assert_rate(limit_of(&eight, 0, FALSE).rate_Bps, WIRE);
    ck_assert_rate(limit_of(&eight, 0, FALSE).held_Bps, 16e9);
}
END_TEST

/* multifd has a sending thread of its own for one channel too; what is behind the sockets does not count it. */
START_TEST(the_one_channel_of_multifd_sends_apart)
{
    StreamRules rules = rules_of(1, 2e9, 5e9);

    rules.packet_pages = 128;
    const StreamLimit limit = limit_of(&rules, 1 / 6e9, FALSE);
    ck_assert(stream_sends_apart(&rules));
    ck_assert_rate(limit.rate_Bps, 2e9);
    ck_assert_int_eq(limit.bound, STREAM_CHANNELS);
    ck_assert_rate(limit.held_Bps, 2e9);
    ck_assert_rate(limit.behind_Bps, 5e9);
}
END_TEST

START_TEST(receiving_threads_bound_it_like_sending_ones)
{
    const StreamRules rules = rules_of(2, 2e9, 1e9);
    const StreamLimit limit = limit_of(&rules, 0, FALSE);

    ck_assert_rate(limit.rate_Bps, 2e9);
    ck_assert_int_eq(limit.bound, STREAM_RECEIVE);
}
END_TEST

/* ---- encryption ---- */

START_TEST(encryption_in_the_channel_adds_up_with_its_sending)
{
    Encryption tls = {.place = ENCRYPTION_IN_CHANNEL, .rate_Bps = 2e9, .receive_rate_Bps = NAN, .overhead = NAN};
    StreamRules rules = rules_of(2, 2e9, 8e9);

    rules.encryption = &tls;
    ck_assert_rate(limit_of(&rules, 0, FALSE).rate_Bps, 2e9);                         /* 2 / (1/2 + 1/2) */
    ck_assert_rate(stream_pipe(&rules, 0, FALSE).work_spB[STREAM_RECEIVE], 0.625e-9); /* 1/8 + 1/2 */
    tls.receive_rate_Bps = 8e9;
    ck_assert_rate(stream_pipe(&rules, 0, FALSE).work_spB[STREAM_RECEIVE], 0.25e-9);
    tls.overhead = 29.0 / 16384;
    ck_assert_rate(stream_wire_share(&rules, 1), 1.00177001953125);
}
END_TEST

/* Of processes of their own: the slower of the two bounds it, and one tunnel carries all channels. */
START_TEST(a_tunnel_is_one_more_stage)
{
    Encryption tunnel = {.place = ENCRYPTION_IN_TUNNEL, .rate_Bps = 1.5e9, .receive_rate_Bps = NAN, .overhead = NAN};
    StreamRules rules = rules_of(4, 2e9, NAN);

    rules.encryption = &tunnel;
    ck_assert_rate(limit_of(&rules, 0, FALSE).rate_Bps, 1.5e9);
    ck_assert_int_eq(limit_of(&rules, 0, FALSE).bound, STREAM_TUNNEL);
    ck_assert_uint_eq(stream_flows(&rules), 1);
    tunnel.tunnels = 2;
    tunnel.receive_rate_Bps = 1.25e9;
    ck_assert_rate(limit_of(&rules, 0, FALSE).rate_Bps, 2.5e9);
    ck_assert_int_eq(limit_of(&rules, 0, FALSE).bound, STREAM_RECEIVING_TUNNEL);
    ck_assert_uint_eq(stream_flows(&rules), 2);
}
END_TEST

START_TEST(a_card_has_a_rate_and_takes_no_processor)
{
    Encryption card = {.place = ENCRYPTION_ON_CARD, .rate_Bps = 3e9, .receive_rate_Bps = 2.5e9, .overhead = NAN};
    StreamRules rules = rules_of(2, 2e9, NAN);

    rules.encryption = &card;
    const StreamPipe pipe = stream_pipe(&rules, 0, FALSE);
    ck_assert_rate(limit_of(&rules, 0, FALSE).rate_Bps, 2.5e9);
    ck_assert_int_eq(limit_of(&rules, 0, FALSE).bound, STREAM_CARD);
    ck_assert_rate(stream_work_s(&pipe, TRUE, 2e9), 1.0);
    ck_assert_double_eq(stream_work_s(&pipe, FALSE, 2e9), 0);
}
END_TEST

/* ---- processors ---- */

START_TEST(a_thread_wants_what_its_bytes_take)
{
    const StreamRules rules = rules_of(4, 2e9, 1e9);
    const StreamPipe pipe = stream_pipe(&rules, 1 / 5e9, FALSE);

    ck_assert_rate(stream_wants(&pipe, STREAM_MAIN, 4e9), 0.8);
    ck_assert_rate(stream_wants(&pipe, STREAM_CHANNELS, 4e9), 0.5);
    ck_assert_rate(stream_wants(&pipe, STREAM_RECEIVE, 4e9), 1.0);
    ck_assert_double_eq(stream_wants(&pipe, STREAM_RECEIVE, 9e9), 1);
    ck_assert_double_eq(stream_wants(&pipe, STREAM_TUNNEL, 4e9), 0);
    ck_assert_rate(stream_work_s(&pipe, TRUE, 2e9), 1.0); /* without the main thread's */
    ck_assert_rate(stream_work_s(&pipe, FALSE, 2e9), 2.0);
}
END_TEST

START_TEST(who_is_given_half_a_core_sends_half)
{
    const StreamRules rules = rules_of(4, 2e9, NAN);
    const StreamPipe pipe = stream_pipe(&rules, 0, FALSE);
    StreamCores cores = stream_whole_cores();

    cores.share[STREAM_CHANNELS] = 0.5;
    ck_assert_rate(stream_limit(&pipe, &cores, WIRE).rate_Bps, 4e9);
    ck_assert_rate(stream_limit(&pipe, &cores, 3e9).rate_Bps, 3e9); /* and no less, where the wire asks for less */
}
END_TEST

/* ---- by turns ---- */

/* 1/r = m + 1/W, as Xen's saver without streams; and with a channel's work, as long as that is more than the wire's. */
START_TEST(one_that_works_and_sends_by_turns_waits_for_the_wire_too)
{
    const StreamRules plain = rules_of(1, NAN, NAN), slow = rules_of(1, 2e9, NAN), fast = rules_of(1, 40e9, NAN);

    ck_assert_rate(limit_of(&plain, 1 / 10e9, TRUE).rate_Bps, 5e9);
    ck_assert_rate(limit_of(&slow, 1 / 10e9, TRUE).rate_Bps, 1 / (0.1e-9 + 0.5e-9));
    ck_assert_int_eq(limit_of(&slow, 1 / 10e9, TRUE).bound, STREAM_CHANNELS);
    ck_assert_rate(limit_of(&fast, 1 / 10e9, TRUE).rate_Bps, 5e9);
    ck_assert_rate(limit_of(&slow, 0, TRUE).held_Bps, 2e9);
}
END_TEST

/* Given half of what it wants, its page takes twice as long: work and sending alike. */
START_TEST(by_turns_everything_is_as_slow_as_the_thread)
{
    const StreamRules rules = rules_of(1, 2e9, NAN);
    const StreamPipe pipe = stream_pipe(&rules, 1 / 10e9, TRUE);
    const StreamCores whole = stream_whole_cores();
    StreamCores half = whole;
    const double rate_Bps = stream_limit(&pipe, &whole, WIRE).rate_Bps;

    half.share[STREAM_MAIN] = stream_wants(&pipe, STREAM_MAIN, rate_Bps) / 2;
    const StreamLimit limit = stream_limit(&pipe, &half, WIRE);
    ck_assert_rate(limit.rate_Bps, rate_Bps / 2);
    ck_assert_rate(limit.main_speed, 0.5);
    ck_assert_rate(1 / (0.1e-9 / limit.main_speed + 1 / limit.held_Bps), rate_Bps / 2); /* as the machine adds up */
}
END_TEST

/* Words that results tell, and ends that threads work at. */
/* ---- compression ---- */

static StreamPipe
compressed_pipe(StreamRules *rules, Compression *compression, const StreamPage *page)
{
    rules->compression = compression;
    StreamPipe pipe = stream_pipe(rules, 0, FALSE);

    stream_pipe_compress(&pipe, rules, page);
    return pipe;
}

/* A page of 4096 bytes is 1024 + 8 of the stream, for which 4096 are compressed at 1e9 a second. */
START_TEST(channels_that_compress_work_for_pages_and_send_what_is_left)
{
    StreamRules rules = rules_of(2, 2e9, NAN);
    Compression zlib = {.method = COMPRESSION_ZLIB, .rate_Bps = 1e9, .receive_rate_Bps = 4e9, .ratio = 4};
    const StreamPage page = {4096, 8, 4};
    const StreamPipe pipe = compressed_pipe(&rules, &zlib, &page);

    ck_assert(stream_compresses_pages(&rules) && !stream_is_plain(&rules));
    ck_assert_double_eq(stream_page_bytes(&rules, &page), 1032);
    ck_assert_double_eq(stream_wire_share(&rules, 4), 1);
    ck_assert_rate(pipe.work_spB[STREAM_CHANNELS], 1 / 2e9 + 4096 / 1032.0 / 1e9);
    ck_assert_rate(pipe.work_spB[STREAM_RECEIVE], 4096 / 1032.0 / 4e9);
    ck_assert_uint_eq(pipe.threads[STREAM_RECEIVE], 2);
}
END_TEST

START_TEST(the_one_channel_compresses_in_the_main_thread)
{
    StreamRules rules = rules_of(1, NAN, NAN);
    Compression zstd = {.method = COMPRESSION_ZSTD, .rate_Bps = 1e9, .receive_rate_Bps = 4e9};
    const StreamPage page = {4096, 0, 2};
    const StreamPipe pipe = compressed_pipe(&rules, &zstd, &page);

    ck_assert_rate(pipe.work_spB[STREAM_MAIN], 2 / 1e9);
    ck_assert_uint_eq(pipe.threads[STREAM_CHANNELS], 0);
    ck_assert_rate(stream_compress_s(&rules, 4096), 4096 / 1e9);
}
END_TEST

/* ssh -C: the stream stays what it is, and what encrypts behind the compression has half to do. */
START_TEST(a_tunnel_compresses_what_it_is_given)
{
    Encryption ssh = {.place = ENCRYPTION_IN_TUNNEL, .rate_Bps = 1e9, .receive_rate_Bps = NAN, .overhead = 0.01};
    Compression zlib = {
        .method = COMPRESSION_ZLIB, .place = COMPRESSION_IN_TUNNEL, .rate_Bps = 0.25e9, .receive_rate_Bps = 0.5e9};
    StreamRules rules = rules_of(4, NAN, NAN);
    const StreamPage page = {4096, 8, 2};

    rules.encryption = &ssh;
    const StreamPipe pipe = compressed_pipe(&rules, &zlib, &page);
    ck_assert_double_eq(stream_page_bytes(&rules, &page), 4104);
    ck_assert_rate(stream_wire_share(&rules, 2), 1.01 / 2);
    ck_assert_uint_eq(stream_flows(&rules), 1);
    ck_assert_rate(pipe.work_spB[STREAM_TUNNEL], 0.5 / 1e9 + 1 / 0.25e9);
    ck_assert_rate(pipe.work_spB[STREAM_RECEIVING_TUNNEL], 0.5 / 1e9 + 1 / 0.5e9);
}
END_TEST

/* 4096 bytes of pages are 1032 of the stream. */
START_TEST(a_card_that_compresses_takes_no_processor)
{
    StreamRules rules = rules_of(2, NAN, NAN);
    Compression zlib = {
        .method = COMPRESSION_ZLIB, .place = COMPRESSION_ON_CARD, .rate_Bps = 3e9, .receive_rate_Bps = 5e9};
    const StreamPage page = {4096, 8, 4};
    const StreamPipe pipe = compressed_pipe(&rules, &zlib, &page);
    const StreamCores whole = stream_whole_cores();

    ck_assert_double_eq(stream_page_bytes(&rules, &page), 1032);
    ck_assert_double_eq(stream_compress_s(&rules, 4096), 0);
    ck_assert_double_eq(stream_work_s(&pipe, TRUE, 1e9), 0);
    ck_assert_rate(stream_limit(&pipe, &whole, WIRE).rate_Bps, 3e9 * 1032 / 4096);
    ck_assert_int_eq(stream_limit(&pipe, &whole, WIRE).bound, STREAM_CARD);
}
END_TEST

START_TEST(xbzrle_is_no_stage_of_the_stream)
{
    StreamRules rules = rules_of(1, NAN, NAN);
    Compression xbzrle = {.method = COMPRESSION_XBZRLE, .rate_Bps = 1e9, .receive_rate_Bps = 1e9};
    const StreamPage page = {4096, 8, 1};
    const StreamPipe pipe = compressed_pipe(&rules, &xbzrle, &page);

    ck_assert(stream_encodes_changes(&rules) && !stream_compresses_pages(&rules));
    ck_assert_double_eq(pipe.work_spB[STREAM_MAIN], 0);
    ck_assert_double_eq(pipe.work_spB[STREAM_RECEIVE], 0);
}
END_TEST

START_TEST(every_stage_has_a_word)
{
    for (int stage = 0; stage < N_STREAM_STAGES; stage++)
        ck_assert_ptr_nonnull(stream_stage_word((StreamStage)stage));
    ck_assert(stream_stage_is_sender(STREAM_TUNNEL) && !stream_stage_is_sender(STREAM_RECEIVING_TUNNEL));
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("stream_limits");

    tcase_add_test(cases, nothing_said_is_the_wire);
    tcase_add_test(cases, one_channel_does_both_kinds_of_work_one_after_the_other);
    tcase_add_test(cases, several_channels_are_a_pipeline_behind_the_main_thread);
    tcase_add_test(cases, the_one_channel_of_multifd_sends_apart);
    tcase_add_test(cases, receiving_threads_bound_it_like_sending_ones);
    tcase_add_test(cases, encryption_in_the_channel_adds_up_with_its_sending);
    tcase_add_test(cases, a_tunnel_is_one_more_stage);
    tcase_add_test(cases, a_card_has_a_rate_and_takes_no_processor);
    tcase_add_test(cases, a_thread_wants_what_its_bytes_take);
    tcase_add_test(cases, who_is_given_half_a_core_sends_half);
    tcase_add_test(cases, one_that_works_and_sends_by_turns_waits_for_the_wire_too);
    tcase_add_test(cases, by_turns_everything_is_as_slow_as_the_thread);
    tcase_add_test(cases, channels_that_compress_work_for_pages_and_send_what_is_left);
    tcase_add_test(cases, the_one_channel_compresses_in_the_main_thread);
    tcase_add_test(cases, a_tunnel_compresses_what_it_is_given);
    tcase_add_test(cases, a_card_that_compresses_takes_no_processor);
    tcase_add_test(cases, xbzrle_is_no_stage_of_the_stream);
    tcase_add_test(cases, every_stage_has_a_word);
    return check_main("stream_limits", cases, NULL);
}
