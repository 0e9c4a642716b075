#include "sim/figures/run_figure.h"
#include "tests/check_main.h"
#include "tests/sim/figures/plots.h"

#define EXAMPLES TANDEM_SOURCE_DIR "/scenarios/examples/"
#define FIGURES  "run/figures/"

/* n guests that are moved one after the other. */
static void
write_movers(guint n)
{
    g_autoptr(GString) guests = g_string_new(NULL);
    g_autoptr(GString) moves = g_string_new(NULL);

    for (guint i = 1; i <= n; i++) {
        const char *comma = i > 1 ? "," : "";
        g_string_append_printf(guests, "%s{\"name\": \"vm%u\", \"host\": \"a\", \"memory\": \"16MiB\"}", comma, i);
        g_string_append_printf(moves, "%s{\"at\": \"%us\", \"do\": \"migrate\", \"vm\": \"vm%u\", \"to\": \"b\"}",
                               comma, i, i);
    }
    g_autofree char *text = g_strdup_printf("{\"name\": \"movers\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
                                            " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"
                                            " \"guests\": [%s], \"timeline\": [%s]}",
                                            guests->str, moves->str);
    program_write(plots_folder, "movers.json", text);
    plots_make("run @/movers.json --out @/run");
    plots_make("plot @/run");
}

START_TEST(twelve_migrations_are_twelve_lines_with_their_names)
{
    write_movers(12);
    for (guint i = 1; i <= 12; i++) {
        g_autofree char *name = g_strdup_printf(">vm%u, vm<", i);
        ck_assert_msg(plots_shows(FIGURES "rounds.svg", name), "%s", name);
    }
}
END_TEST

START_TEST(of_twenty_migrations_each_is_drawn_in_a_colour_of_a_scale)
{
    write_movers(20);
    ck_assert_uint_eq(plots_count_in(FIGURES "rounds.csv", "\n\n"), 19); /* between twenty lines */
    ck_assert(plots_shows(FIGURES "rounds.svg", ">migrations by their start<"));
    for (guint i = 1; i <= 20; i++) {
        g_autofree char *name = g_strdup_printf(">vm%u, vm<", i);
        ck_assert_msg(plots_shows(FIGURES "time-line.svg", name), "%s", name);
    }
}
END_TEST

START_TEST(a_fleet_has_its_hosts_migrations_and_downtimes_drawn)
{
    plots_make("run " EXAMPLES "fleet.json --out @/run");
    plots_make("plot @/run");
    ck_assert(plots_shows(FIGURES "fleet-hosts.svg", ">overloaded<"));
    ck_assert(!plots_shows(FIGURES "fleet-hosts.svg", ">lost<"));
    ck_assert_uint_eq(plots_count_in(FIGURES "fleet-hosts.csv", "3,2100,3600,7,8"), 1); /* h-1, from when it is empty */
    ck_assert_uint_eq(plots_count_in(FIGURES "fleet-migrations.csv", ",0,2\n"), 1);     /* two at a time */
    ck_assert_uint_eq(plots_count_in(FIGURES "fleet-downtime.csv", "\n1,"), 4);         /* three, from 0 on */
    plots_make("plot @/run --lang zh");
    ck_assert_uint_ge(plots_count_in(FIGURES "fleet-hosts.svg", "<svg"), 1);
}
END_TEST

START_TEST(above_sixty_rows_numbers_stand_for_names)
{
    write_movers(70);
    ck_assert(!plots_shows(FIGURES "time-line.svg", ", vm<"));
    ck_assert(plots_shows(FIGURES "time-line.svg", ">migrations by their start<"));
    ck_assert_uint_eq(plots_count_in(FIGURES "time-line.csv", "70,7,"), 1);
}
END_TEST

START_TEST(a_migration_that_did_not_complete_is_hollow_and_ends_in_a_cross)
{
    plots_make("run " EXAMPLES "link-failure.json --out @/run");
    plots_make("plot @/run");
    g_autofree char *data = program_read(plots_folder, FIGURES "time-line.csv");
    ck_assert_msg(strstr(data, "\n1,1,0,") && strstr(data, "\n1,8,8,8,1\n"), "%s", data); /* the first try */
    ck_assert_ptr_null(strstr(data, "\n2,8,"));                                           /* the second completes */
    ck_assert(plots_shows(FIGURES "time-line.svg", ">did not complete<"));
    ck_assert(plots_shows(FIGURES "rounds.svg", "migrations without a finished round: 1"));
    plots_make("plot @/run --lang zh");
    ck_assert(plots_shows(FIGURES "time-line.svg", ">未完成<"));
}
END_TEST

START_TEST(a_migration_that_was_refused_before_its_first_step_has_a_row)
{
    plots_make("run " EXAMPLES "refused.json --out @/run");
    plots_make("plot @/run");
    ck_assert(plots_shows(FIGURES "time-line.svg", ">already-there<"));
    ck_assert(plots_shows(FIGURES "time-line.svg", ">too-soon<"));
}
END_TEST

START_TEST(rounds_of_no_page_have_a_place)
{
    plots_make("run " EXAMPLES "first-migration.json --out @/run");
    plots_make("plot @/run");
    ck_assert_uint_eq(plots_count_in(FIGURES "rounds.csv", ",0,stop-and-copy,"), 1);
    ck_assert_uint_eq(plots_count_in(FIGURES "rounds.gp", "has_none = 1\n"), 1);
}
END_TEST

START_TEST(commands_that_failed_are_counted_where_they_cannot_be_drawn)
{
    plots_make("run " EXAMPLES "joint.json --out @/run");
    plots_make("plot @/run");
    ck_assert(plots_shows(FIGURES "latency.svg", "3 failed commands have no latency and are not drawn"));
}
END_TEST

/* 10,002 batches of each of four sessions are 40,008 rows, of which every third is drawn: of every session. */
START_TEST(of_many_values_every_line_keeps_its_share)
{
    g_autoptr(GString) csv = g_string_new("session,start_s,requests_per_s\n");

    for (guint i = 0; i < 10002 * 4; i++)
        g_string_append_printf(csv, "s%u,%u,100\n", i % 4, i / 4);
    g_autofree char *run = g_build_filename(plots_folder, "run", NULL);
    ck_assert_int_eq(g_mkdir(run, 0755), 0);
    program_write(plots_folder, "run/result.json", "{\"metrics\": {}}");
    program_write(plots_folder, "run/card-series.csv", csv->str);
    plots_make("plot @/run");
    ck_assert_uint_eq(plots_count_in(FIGURES "card-rate.csv", "\n4,"), 3334);
    ck_assert(plots_shows(FIGURES "card-rate.svg", "one value of 3 drawn"));
}
END_TEST

/* What a reader must know of the world to believe the figure, in its language. */
START_TEST(a_figure_says_what_its_world_assumes)
{
    static const char *const rows[][2] = {
        {"qemu.json", ">no fixed costs, unlimited processors<"},
        {"qemu.json --set /hosts/0/processors=shared", ">no fixed costs, unlimited processors on some hosts<"},
        {"qemu.json --set /timeline/0/hypervisor/costs/suspend=1ms",
         ">some migrations without fixed costs, unlimited processors<"},
        {"first-migration.json", ">unlimited processors, pages counted, not drawn one by one<"},
        {"first-migration.json --set /hosts/0/processors=shared --set /hosts/1/processors=shared",
         ">pages counted, not drawn one by one<"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *run = g_strconcat("run --out @/run " EXAMPLES, rows[i][0], NULL);
        plots_make(run);
        plots_make("plot @/run --format svg");
        ck_assert_msg(plots_shows(FIGURES "rounds.svg", rows[i][1]), "%s", rows[i][1]);
        ck_assert_msg(plots_shows(FIGURES "time-line.svg", rows[i][1]), "%s", rows[i][1]);
    }
    plots_make("run --out @/run " EXAMPLES "first-migration.json");
    plots_make("plot @/run --format svg --lang zh");
    ck_assert(plots_shows(FIGURES "rounds.svg", ">处理器不受限，页面只计数，不逐页抽取<"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("run_figure");

    tcase_add_checked_fixture(tcase, plots_set_up, plots_tear_down);
    tcase_add_test(tcase, twelve_migrations_are_twelve_lines_with_their_names);
    tcase_add_test(tcase, of_twenty_migrations_each_is_drawn_in_a_colour_of_a_scale);
    tcase_add_test(tcase, a_fleet_has_its_hosts_migrations_and_downtimes_drawn);
    tcase_add_test(tcase, above_sixty_rows_numbers_stand_for_names);
    tcase_add_test(tcase, a_migration_that_did_not_complete_is_hollow_and_ends_in_a_cross);
    tcase_add_test(tcase, a_migration_that_was_refused_before_its_first_step_has_a_row);
    tcase_add_test(tcase, rounds_of_no_page_have_a_place);
    tcase_add_test(tcase, commands_that_failed_are_counted_where_they_cannot_be_drawn);
    tcase_add_test(tcase, of_many_values_every_line_keeps_its_share);
    tcase_add_test(tcase, a_figure_says_what_its_world_assumes);
    return check_main("run_figure", tcase, NULL);
}
