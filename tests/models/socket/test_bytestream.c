#include "models/socket/bytestream.h"
#include "tests/check_main.h"

START_TEST(neighbouring_runs_become_one)
{
    TcpStream tcp = {0};

    bytestream_tcp_push(&tcp, (ByteRun){0, 3});
    bytestream_tcp_push(&tcp, (ByteRun){3, 5});
    bytestream_tcp_push(&tcp, (ByteRun){1, 2});
    ck_assert_uint_eq(tcp.runs, 2);
    ck_assert_uint_eq(bytestream_tcp_bytes(&tcp), 6);
}
END_TEST

START_TEST(only_what_arrived_can_be_taken)
{
    TcpStream tcp = {0};

    bytestream_tcp_push(&tcp, (ByteRun){10, 20});
    ck_assert_uint_eq(bytestream_tcp_head(&tcp).to, 0);
    ck_assert_uint_eq(bytestream_tcp_deliver(&tcp, 4), 4);
    ck_assert_uint_eq(bytestream_tcp_head(&tcp).from, 10);
    ck_assert_uint_eq(bytestream_tcp_head(&tcp).to, 14);
    bytestream_tcp_skip(&tcp, 4);
    ck_assert_uint_eq(bytestream_tcp_in_flight(&tcp), 6);
    ck_assert_uint_eq(bytestream_tcp_head(&tcp).to, 0);
}
END_TEST

START_TEST(emptied_stream_has_the_bytes_of_a_new_one)
{
    const TcpStream fresh = {0};
    TcpStream tcp = {0};

    bytestream_tcp_push(&tcp, (ByteRun){0, 3});
    bytestream_tcp_push(&tcp, (ByteRun){7, 9});
    bytestream_tcp_deliver(&tcp, 100);
    bytestream_tcp_skip(&tcp, 3);
    bytestream_tcp_skip(&tcp, 2);
    ck_assert_mem_eq(&tcp, &fresh, sizeof tcp);
}
END_TEST

START_TEST(fin_arrives_after_the_last_byte)
{
    TcpStream tcp = {.fin = 1};

    bytestream_tcp_push(&tcp, (ByteRun){0, 3});
    bytestream_tcp_deliver(&tcp, 2);
    ck_assert(!tcp.fin_arrived);
    bytestream_tcp_deliver(&tcp, 2);
    ck_assert(tcp.fin_arrived);
}
END_TEST

START_TEST(reset_throws_away_and_reports_what_was_held)
{
    TcpStream tcp = {.fin = 1};

    bytestream_tcp_push(&tcp, (ByteRun){0, 3});
    ck_assert_uint_eq(bytestream_tcp_reset(&tcp), 3);
    ck_assert_uint_eq(bytestream_tcp_bytes(&tcp), 0);
    ck_assert(tcp.reset && tcp.fin_arrived);
}
END_TEST

START_TEST(a_run_too_many_is_reported_and_not_silently_lost)
{
    TcpStream tcp = {0};

    for (guint64 i = 0; i < BYTESTREAM_RUNS; i++)
        bytestream_tcp_push(&tcp, (ByteRun){10 * i, 10 * i + 1});
    ck_assert(!tcp.overflow);
    bytestream_tcp_push(&tcp, (ByteRun){5, 6});
    ck_assert(tcp.overflow);
}
END_TEST

START_TEST(buffer_content_is_one_run)
{
    ByteRun run = {0, 0};

    bytestream_run_append(&run, 5, 3);
    bytestream_run_append(&run, 8, 2);
    ck_assert_uint_eq(bytestream_run_bytes(&run), 5);
    bytestream_run_skip(&run, 4);
    ck_assert_uint_eq(run.from, 9);
    bytestream_run_skip(&run, 1);
    ck_assert_uint_eq(run.to, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("bytestream");

    tcase_add_test(tcase, neighbouring_runs_become_one);
    tcase_add_test(tcase, only_what_arrived_can_be_taken);
    tcase_add_test(tcase, emptied_stream_has_the_bytes_of_a_new_one);
    tcase_add_test(tcase, fin_arrives_after_the_last_byte);
    tcase_add_test(tcase, reset_throws_away_and_reports_what_was_held);
    tcase_add_test(tcase, a_run_too_many_is_reported_and_not_silently_lost);
    tcase_add_test(tcase, buffer_content_is_one_run);
    return check_main("bytestream", tcase, NULL);
}
