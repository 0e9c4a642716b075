/* Guests whose demand follows traces: what they want, what they get, who follows which trace, what is refused. */
#include "sim/parts/cpu_demand/cpu_demand_keys.h"
#include "tests/sim/world/worlds.h"

#define DATA TANDEM_SOURCE_DIR "/tests/data/demand/"
#define BASE                                                                                                            \
    "{'name': 'demand', 'run_until': '600s',"                                                                           \
    " 'hosts': [{'name': 'a', 'cores': 2, 'processors': 'shared'}, {'name': 'b', 'cores': 2, 'processors': 'shared'}]," \
    " 'links': [{'name': 'l', 'ends': ['a', 'b']}],"                                                                    \
    " 'guests': [{'name': 'g', 'count': 2, 'host': 'a', 'vcpus': 2, 'memory': '64MiB'}],"                               \
    " 'demands': [{'guests': ['g'], 'kind': 'files', 'files': ['" DATA "falling.txt', '" DATA "rising.txt']}]}"

/* The row's cells: guest, trace, wanted, given. */
static void
expect_use(const Result *result, const char *guest, double wanted_s, double given_s)
{
    g_autofree char *begins = g_strconcat(guest, ",", NULL);
    g_auto(GStrv) cells = worlds_row(result, "demands.csv", begins);

    ck_assert_double_eq_tol(g_ascii_strtod(cells[2], NULL), wanted_s, 1e-6);
    ck_assert_double_eq_tol(g_ascii_strtod(cells[3], NULL), given_s, 1e-6);
}

/* One wants both of its processors and the other half of them; two cores give each thread half of one. */
START_TEST(guests_get_what_the_host_has_for_them)
{
    g_autoptr(Result) full = WORLDS_RUN(BASE), free = WORLDS_RUN(BASE, "/hosts/0/cores=3");
    g_autoptr(Result) unlimited = WORLDS_RUN(BASE, "/hosts/0/processors=unlimited");

    expect_use(full, "g-1", 900, 600);
    expect_use(full, "g-2", 900, 600);
    ck_assert_number(full, "demand.wanted_s", 1800, 1e-6);
    ck_assert_number(full, "demand.given_s", 1200, 1e-6);
    ck_assert_number(full, "demand.changes", 2, 0.5);
    ck_assert_number(full, "demand.short_guests", 2, 0.5);
    expect_use(free, "g-1", 900, 900);
    expect_use(unlimited, "g-1", 900, 900);
    ck_assert_number(unlimited, "demand.short_guests", 0, 0.5);
}
END_TEST

/* What a trace says stands for a part of larger processors, also where it has times and processors of its own. */
START_TEST(a_scale_makes_all_that_traces_say_smaller)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/hosts/0/cores=8", "/demands/0/scale=0.5");
    g_autoptr(Result) timed = WORLDS_RUN(BASE, "/hosts/0/cores=8", "/demands/0/scale=0.5",
                                         "/demands/0/files=[\"" DATA "steps.csv\", \"" DATA "rising.txt\"]");

    expect_use(result, "g-1", 450, 450);
    expect_use(result, "g-2", 450, 450);
    expect_use(timed, "g-1", 450, 450);
}
END_TEST

/* The neighbour's speed changes when the level does, which is when the trace says so. */
START_TEST(a_neighbour_without_a_trace_feels_it)
{
    const char *const settings[] = {"/demands/0/guests=[\"g-1\"]", "/guests/0/cpu_share=1", NULL};
    g_autoptr(Result) result = worlds_run(BASE, settings);

    expect_use(result, "g-1", 900, 300 + 300); /* 1 of 2 wanted, then the 1 that is wanted, for the level is 0.5 */
}
END_TEST

START_TEST(a_trace_with_times_says_the_same)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/demands/0/files=[\"" DATA "steps.csv\", \"" DATA "rising.txt\"]");

    expect_use(result, "g-1", 900, 600);
    expect_use(result, "g-2", 900, 600);
}
END_TEST

/* The last value holds; or the trace begins anew: 100 s of 900 are then of another sort. */
START_TEST(what_follows_a_trace_is_as_said)
{
    g_autoptr(Result) held = WORLDS_RUN(BASE, "/hosts/0/cores=8", "/run_until=900s", "/demands/0/after=hold");
    g_autoptr(Result) again = WORLDS_RUN(BASE, "/hosts/0/cores=8", "/run_until=900s", "/demands/0/after=repeat");

    expect_use(held, "g-1", 600 + 300 + 300, 1200);
    expect_use(again, "g-1", 600 + 300 + 600, 1500);
    ck_assert_number(again, "demand.changes", 6, 0.5); /* at 300, 600 and 900 s, the end */
}
END_TEST

/* Where it is home is where it runs: the trace goes with it. */
START_TEST(a_guest_that_migrates_takes_its_demand_along)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, "/timeline=[{\"at\": \"300s\", \"do\": \"migrate\", \"vm\": \"g-2\", \"to\": \"b\"}]");
    const double total_s = worlds_number(result, "migration.g-2.total_s");
    g_auto(GStrv) cells = worlds_row(result, "demands.csv", "g-2,");

    ck_assert_double_gt(g_ascii_strtod(cells[3], NULL), 300 + 2 * (300 - total_s) - 10);
    ck_assert_double_lt(g_ascii_strtod(cells[3], NULL), 300 + 2 * 300);
}
END_TEST

#define DAY                                                                                                            \
    "{'name': 'day', 'hosts': [{'name': 'a'}], 'guests': [{'name': 'g', 'count': 9, 'host': 'a', 'memory': '64MiB'}]," \
    " 'demands': [{'guests': ['g'], 'kind': 'folder', 'folder': '" DATA "day'}]}"

/* (transfer full) "t1 t2 …", which trace each of the first n guests follows */
static char *
traces_of(const Result *result, guint n)
{
    GString *all = g_string_new(NULL);

    for (guint i = 1; i <= n; i++) {
        g_autofree char *begins = g_strdup_printf("g-%u,", i);
        g_auto(GStrv) cells = worlds_row(result, "demands.csv", begins);
        g_string_append_printf(all, "%s%s", i > 1 ? " " : "", cells[1]);
    }
    return g_string_free(all, FALSE);
}

START_TEST(a_folder_is_handed_out_by_its_order)
{
    g_autoptr(Result) listed = WORLDS_RUN(DAY), shuffled = WORLDS_RUN(DAY, "/demands/0/order=shuffled");
    g_autofree char *in_order = traces_of(listed, 9), *mixed = traces_of(shuffled, 7);

    ck_assert_str_eq(in_order, "t1 t2 t3 t4 t5 t6 t7 t1 t2");
    ck_assert_str_ne(mixed, "t1 t2 t3 t4 t5 t6 t7");
    for (guint i = 1; i <= 7; i++) { /* each once */
        g_autofree char *name = g_strdup_printf("t%u", i);
        ck_assert_ptr_nonnull(strstr(mixed, name));
    }
}
END_TEST

START_TEST(an_added_guest_moves_no_trace_of_another)
{
    static const char *const orders[] = {"/demands/0/order=listed", "/demands/0/order=shuffled",
                                         "/demands/0/order=drawn"};

    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(Result) nine = WORLDS_RUN(DAY, orders[i]), ten = WORLDS_RUN(DAY, orders[i], "/guests/0/count=10");
        g_autofree char *before = traces_of(nine, 9), *after = traces_of(ten, 9);
        ck_assert_str_eq(before, after);
    }
}
END_TEST

START_TEST(a_made_up_trace_is_the_guests_own)
{
    static const char synthetic[] = "/demands/0={\"guests\": [\"g\"], \"kind\": \"synthetic\"}";
    g_autoptr(Result) nine = WORLDS_RUN(DAY, synthetic, "/run_until=24h");
    g_autoptr(Result) ten = WORLDS_RUN(DAY, synthetic, "/run_until=24h", "/guests/0/count=10");
    g_auto(GStrv) first = worlds_row(nine, "demands.csv", "g-1,"), second = worlds_row(nine, "demands.csv", "g-2,");
    g_auto(GStrv) again = worlds_row(ten, "demands.csv", "g-2,");

    ck_assert_str_ne(first[2], second[2]);
    ck_assert_str_eq(second[2], again[2]);
    ck_assert_str_eq(second[1], "");
}
END_TEST

#define FILES(name) "/demands/0/files=[\"" DATA name "\"]"

START_TEST(each_bad_trace_has_its_message)
{
    static const char *const created[][2] = {
        {FILES("nowhere.txt"), "nowhere.txt"},
        {FILES("word.txt"),
         "word.txt: line 3: is \"ten\", expected per cent of the virtual processors, a number from 0"},
        {FILES("above.txt"), "above.txt: line 2: is \"101\", expected per cent"},
        {FILES("negative.txt"), "negative.txt: line 1: is \"-5\", expected per cent"},
        {FILES("empty.txt"), "empty.txt: line 1: is \"\", expected a value at least"},
        {FILES("late.csv"), "late.csv: line 2: is \"1,3\", expected 0 as the first time"},
        {FILES("still.csv"), "still.csv: line 3: is \"0,2\", expected a later time than in the line before"},
        {FILES("three.csv"), "wants 3 virtual processors, expected at most the 2 of \"g-1\""},
        {"/run_until=601s", "ends at 600 s, before run_until, 601 s, expected a longer one, or \"hold\" or \"repeat\""},
    };
    static const char *const refused[][2] = {
        {"/demands/0/guests=[\"g\", \"g-2\"]", "/demands/0/guests: \"g-2\" has a demand already, in /demands/0"},
        {"/demands/0/guests=[]", "/demands/0/guests: has 0 elements, expected at least 1"},
        {"/demands/0={\"guests\": [\"g\"], \"kind\": \"synthetic\", \"mean\": 90}", "/demands/0/mean: "},
        {"/demands/0={\"guests\": [\"g\"], \"kind\": \"synthetic\", \"length\": \"599s\"}",
         "/demands/0/length: ends at 599 s, before run_until, 600 s, expected a longer one, or \"after\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(created); i++) {
        g_autoptr(Scenario) scenario = worlds_load(BASE, (const char *const[]){created[i][0], NULL}, NULL);
        Run run = {.scenario = scenario, .seed = 1};
        run_all(&run, 1, 1);
        ck_assert_msg(!run.result && run.error, "%s is accepted", created[i][0]);
        ck_assert_msg(strstr(run.error, created[i][1]) && !strchr(run.error, '\n'), "%s: %s", created[i][0], run.error);
        g_free(run.error);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
        worlds_expect_refused(BASE, (const char *const[]){refused[i][0], NULL}, refused[i][1]);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cpu_demand_part");

    tcase_add_test(tcase, guests_get_what_the_host_has_for_them);
    tcase_add_test(tcase, a_scale_makes_all_that_traces_say_smaller);
    tcase_add_test(tcase, a_neighbour_without_a_trace_feels_it);
    tcase_add_test(tcase, a_trace_with_times_says_the_same);
    tcase_add_test(tcase, what_follows_a_trace_is_as_said);
    tcase_add_test(tcase, a_guest_that_migrates_takes_its_demand_along);
    tcase_add_test(tcase, a_folder_is_handed_out_by_its_order);
    tcase_add_test(tcase, an_added_guest_moves_no_trace_of_another);
    tcase_add_test(tcase, a_made_up_trace_is_the_guests_own);
    tcase_add_test(tcase, each_bad_trace_has_its_message);
    return check_main("cpu_demand_part", tcase, NULL);
}
