/* Tiles of a run's rounds: they add up to what the rounds tell, and move nothing. */
#include "sim/output/table.h"
#include "tests/sim/world/worlds.h"

/* Small batches and a busy guest, so that pages are skipped. */
#define BUSY "/engine/page_tiles=16", "/timeline/0/hypervisor/batch_pages=16", "/guests/0/workload/rate=2000/s"

static double
sum_of(const Table *tiles, const char *memory, double round, const char *column)
{
    double sum = 0;

    for (guint row = 0; row < table_rows(tiles); row++)
        if (table_number(tiles, row, "round") == round && g_str_equal(table_text(tiles, row, "memory"), memory))
            sum += table_number(tiles, row, column);
    return sum;
}

static void
check_against_rounds(const Result *result, const char *memory)
{
    g_autoptr(Table) tiles = table_parse(result_table(result, "page-tiles.csv"));
    g_autoptr(Table) rounds = table_parse(result_table(result, "rounds.csv"));

    double skipped = 0;

    ck_assert_uint_gt(table_rows(rounds), 1);
    for (guint row = 0; row < table_rows(rounds); row++) {
        const double round = table_number(rounds, row, "round");
        ck_assert_double_eq(sum_of(tiles, memory, round, "sent"), table_number(rounds, row, "sent_pages"));
        ck_assert_double_eq(sum_of(tiles, memory, round, "to_skip"), table_number(rounds, row, "skipped_pages"));
        skipped += table_number(rounds, row, "skipped_pages");
    }
    ck_assert_double_gt(skipped, 0);
}

START_TEST(the_cumps_tiles_add_up_to_its_rounds)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, BUSY);

    check_against_rounds(result, "cump");
}
END_TEST

START_TEST(a_vms_tiles_add_up_to_its_rounds)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, BUSY, "/timeline/0/method=vm");

    check_against_rounds(result, "vm");
}
END_TEST

START_TEST(who_asks_for_none_gets_none_and_who_asks_moves_no_digit)
{
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BASE, "/engine/page_tiles=16");
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BASE);

    ck_assert_ptr_null(result_table(without, "page-tiles.csv"));
    ck_assert_str_eq(result_table(without, "rounds.csv"), result_table(with, "rounds.csv"));
    ck_assert(cJSON_Compare(result_metrics(without), result_metrics(with), TRUE));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("page_tiles_results");

    tcase_add_test(tcase, the_cumps_tiles_add_up_to_its_rounds);
    tcase_add_test(tcase, a_vms_tiles_add_up_to_its_rounds);
    tcase_add_test(tcase, who_asks_for_none_gets_none_and_who_asks_moves_no_digit);
    return check_main("page_tiles_results", tcase, NULL);
}
