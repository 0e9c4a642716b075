/* A data centre that decides in the running world: who moves when, which host sleeps, and what is told of it. */
#include "tests/sim/world/worlds.h"

#define HOST(name)                                                                                                     \
    "{'name': '" name "', 'memory': '256MiB', 'dom0_memory': '64MiB', 'cores': 4, 'processors': 'shared'}"
#define LINK(name)               "{'name': 'l" name "', 'ends': ['" name "', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}"
#define GUEST(name, host, share) "{'name': '" name "', 'host': '" host "', 'memory': '8MiB', 'cpu_share': " share "}"

/* Host a has one VM of half a core, b and c have three each that want 2.1 cores. */
#define BASE                                                                                                                                                                                                                                            \
    "{'name': 'centre', 'run_until': '400s', 'hosts': [" HOST("a") "," HOST("b") "," HOST("c") "], 'switches': [{'name': 's'}], 'links': [" LINK("a") "," LINK("b") "," LINK(                                                                           \
        "c") "], 'guests': [" GUEST("v1", "a",                                                                                                                                                                                                          \
                                    "0.5") "," GUEST("v2", "b",                                                                                                                                                                                         \
                                                     "0.7") "," GUEST("v3", "b",                                                                                                                                                                        \
                                                                      "0.7") "," GUEST("v4", "b",                                                                                                                                                       \
                                                                                       "0.7") "," GUEST("v5", "c",                                                                                                                                      \
                                                                                                        "0.7") "," GUEST("v6",                                                                                                                          \
                                                                                                                         "c",                                                                                                                           \
                                                                                                                         "0.7") "," GUEST("v7",                                                                                                         \
                                                                                                                                          "c",                                                                                                          \
                                                                                                                                          "0.8") "],"                                                                                                   \
                                                                                                                                                 " 'timeline': [{'at': '10s', 'do': 'consolidate', 'interval': '50s', 'suspend': '5s', 'resume': '8s'," \
                                                                                                                                                 " 'hypervisor': 'ideal'}]}"

#define SET(key, value) "/timeline/0/" key "=" value
#define ADD(action)     "/timeline/-=" action
#define N(name)         "consolidation.consolidation." name

static void
expect_count(const Result *result, const char *name, double expected)
{
    const double value = worlds_number(result, name);

    ck_assert_msg(value == expected, "%s is %g, expected %g", name, value, expected);
}

/* The first reading with a value is at 60 s: 0.125 of a. b and c have 0.525 and 0.55, so that c is the fuller one. */
START_TEST(an_idle_host_is_emptied_onto_the_fullest_and_sleeps)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE);
    g_auto(GStrv) row = worlds_row(result, "consolidation.csv", "v1,a,c,underload,60");

    expect_count(result, N("rounds"), 7); /* 60, 110 … 360 s */
    expect_count(result, N("asked"), 1);
    expect_count(result, N("completed"), 1);
    expect_count(result, N("shutdowns"), 1);
    expect_count(result, N("wakes"), 0);
    expect_count(result, N("returned"), 0);
    ck_assert_str_eq(row[7], "completed");
    /* asleep from the migration's end and 5 s more until 400 s, of three hosts' 390 s */
    const double asleep_s = 400 - g_ascii_strtod(row[6], NULL) - 5;

    ck_assert_number(result, N("asleep_share"), asleep_s / (3 * 390), 1e-6);
    expect_count(result, N("overload_share"), 0);
    expect_count(result, N("slatah"), 0);
}
END_TEST

/* 270 W + 180 u: until the move, u = 0.125, 0.525, 0.55 of 4 cores; asleep 10.4 W, 270 W on the way there. */
START_TEST(energy_is_that_of_the_loads_and_states)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE);
    g_auto(GStrv) row = worlds_row(result, "consolidation.csv", "v1");
    const double moved_s = g_ascii_strtod(row[6], NULL);
    const double a_J =
        50 * (270 + 180 * 0.125) + (moved_s - 60) * (270 + 180 * 0.125) + 5 * 270 + (400 - moved_s - 5) * 10.4;
    const double b_J = 390 * (270 + 180 * 0.525);
    const double c_J = 390 * 270 + 180 * (390 * 0.55 + (400 - moved_s) * 0.125);

    /* what stops took from v1 and the interval in which it moved, of which the mean load counts: under 2 s of half a
     * core */
    ck_assert_number(result, N("energy_J"), a_J + b_J + c_J, 180 * 0.125 * 2);
}
END_TEST

/* At 110 s VMs begin on b that take it to 0.875: one leaves, c has no room below 0.8, a is woken 8 s before. */
START_TEST(an_overload_wakes_the_sleeper)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE,
                   "/guests/-="
                   "{\"name\": \"v8\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 0.7}",
                   "/guests/-="
                   "{\"name\": \"v9\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 0.7}",
                   ADD("{\"at\": \"0s\", \"do\": \"stop-guest\", \"guest\": \"v8\"}"),
                   ADD("{\"at\": \"0s\", \"do\": \"stop-guest\", \"guest\": \"v9\"}"),
                   ADD("{\"at\": \"110s\", \"do\": \"start-guest\", \"guest\": \"v8\"}"),
                   ADD("{\"at\": \"110s\", \"do\": \"start-guest\", \"guest\": \"v9\"}"));
    g_auto(GStrv) rows = g_strsplit(result_table(result, "consolidation.csv"), "\n", 0);
    g_auto(GStrv) second = g_strsplit(rows[2], ",", 0);

    ck_assert_str_eq(second[1], "b");
    ck_assert_str_eq(second[2], "a");
    ck_assert_str_eq(second[3], "overload");
    ck_assert_double_eq_tol(g_ascii_strtod(second[4], NULL), 160, 1e-9); /* the first reading above 0.8 */
    ck_assert_double_eq_tol(g_ascii_strtod(second[5], NULL), 168, 1e-9); /* and 8 s for the waking */
    ck_assert_double_ge(worlds_number(result, N("wakes")), 1);
    ck_assert_double_gt(worlds_number(result, N("overload_share")), 0);
}
END_TEST

/* The same overload: a is to be woken once, does not come back, and is left alone; b keeps its VMs. */
START_TEST(a_host_that_does_not_wake_is_told_and_left_alone)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("wake_fails", "1"),
                   "/guests/-="
                   "{\"name\": \"v8\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 0.7}",
                   "/guests/-="
                   "{\"name\": \"v9\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 0.7}",
                   ADD("{\"at\": \"0s\", \"do\": \"stop-guest\", \"guest\": \"v8\"}"),
                   ADD("{\"at\": \"0s\", \"do\": \"stop-guest\", \"guest\": \"v9\"}"),
                   ADD("{\"at\": \"110s\", \"do\": \"start-guest\", \"guest\": \"v8\"}"),
                   ADD("{\"at\": \"110s\", \"do\": \"start-guest\", \"guest\": \"v9\"}"));
    g_auto(GStrv) rows = g_strsplit(result_table(result, "consolidation.csv"), "\n", 0);
    g_auto(GStrv) second = g_strsplit(rows[2], ",", 0);

    ck_assert_str_eq(second[2], "a");
    ck_assert_str_eq(second[7], "no-wake");
    expect_count(result, N("wakes"), 1);
    expect_count(result, N("wakes_lost"), 1);
    expect_count(result, N("completed"), 1); /* v1's, to c */
    ck_assert_double_gt(worlds_number(result, N("no_place")), 0);
}
END_TEST

/* Counters are capped: five VMs of a whole core on four cores show 1.0, and a threshold of 1.0 never fires. */
START_TEST(counters_show_no_more_than_the_host_has)
{
    static const char *const crowd[] = {
        "/guests/1/cpu_share=1",
        "/guests/2/cpu_share=1",
        "/guests/3/cpu_share=1",
        "/guests/-={\"name\": \"v8\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
        "/guests/-={\"name\": \"v9\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
        SET("underload", "-1"),
        NULL,
        NULL};
    const char *settings[G_N_ELEMENTS(crowd)];

    memcpy(settings, crowd, sizeof crowd);
    settings[6] = SET("threshold", "1.0");
    g_autoptr(Result) never = worlds_run(BASE, settings);
    settings[6] = SET("threshold", "0.99");
    g_autoptr(Result) fires = worlds_run(BASE, settings);

    expect_count(never, N("overloads"), 0);
    ck_assert_double_gt(worlds_number(fires, N("overloads")), 0);
    /* b is saturated all the time, of three hosts */
    ck_assert_number(never, N("slatah"), 1 / 3., 1e-6);
    ck_assert_number(never, N("overload_share"), 1 / 3., 1e-6);
}
END_TEST

START_TEST(without_room_nothing_moves_and_it_is_told)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("cpu_share", "0.5"));

    expect_count(result, N("asked"), 0);
    expect_count(result, N("no_place"), worlds_number(result, N("underloads")));
    ck_assert_double_gt(worlds_number(result, N("underloads")), 0);
    expect_count(result, N("shutdowns"), 0);
}
END_TEST

START_TEST(a_sleeping_host_refuses_migrations_and_wakes_for_a_domain)
{
    g_autoptr(Result) refused = WORLDS_RUN(
        BASE,
        ADD("{\"at\": \"200s\", \"do\": \"migrate\", \"vm\": \"v2\", \"to\": \"a\", \"name\": \"m\", \"hypervisor\": \"ideal\"}"));
    g_autoptr(Result) disturbed =
        WORLDS_RUN(BASE, "/guests/-={\"name\": \"late\", \"host\": \"a\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
                   "/guests/-={\"name\": \"later\", \"host\": \"a\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
                   "/guests/-={\"name\": \"last\", \"host\": \"a\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
                   ADD("{\"at\": \"200s\", \"do\": \"create-guest\", \"guest\": \"late\"}"),
                   ADD("{\"at\": \"200s\", \"do\": \"create-guest\", \"guest\": \"later\"}"),
                   ADD("{\"at\": \"200s\", \"do\": \"create-guest\", \"guest\": \"last\"}"));

    ck_assert_word(refused, "migration.m.outcome", "host-asleep");
    expect_count(disturbed, N("disturbed"), 1);
}
END_TEST

START_TEST(all_hosts_at_once_and_other_rules_run)
{
    static const char *const overload[] = {"never", "mad", "iqr", "lr", "lrr", "line", "mhod"};
    static const char *const packing[] = {"power-aware", "first-fit", "worst-fit"};

    for (gsize i = 0; i < G_N_ELEMENTS(overload); i++) {
        g_autofree char *rule = g_strdup_printf(SET("overload", "%s"), overload[i]);
        g_autofree char *where = g_strdup_printf(SET("packing", "%s"), packing[i % 3]);
        g_autoptr(Result) result = WORLDS_RUN(BASE, rule, where, SET("decides", "all-hosts"), SET("power", "ml110-g5"),
                                              SET("overload_length", "3"));

        expect_count(result, N("rounds"), 7);
        ck_assert_double_gt(worlds_number(result, N("energy_J")), 0);
    }
}
END_TEST

/* a is emptied for maintenance, onto c, which then exceeds 0.6; b has no room within 0.6, a would have, and is not
 * asked. */
START_TEST(nobody_is_sent_to_a_host_that_was_evacuated)
{
    g_autoptr(Result) result = WORLDS_RUN(
        BASE, SET("threshold", "0.6"), SET("cpu_share", "0.6"),
        ADD("{\"at\": \"20s\", \"do\": \"evacuate\", \"host\": \"a\", \"to\": [\"c\"], \"hypervisor\": \"ideal\"}"));

    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_double_gt(worlds_number(result, N("overloads")), 0);
    expect_count(result, N("no_place"), worlds_number(result, N("overloads")));
    expect_count(result, N("asked"), 0);
}
END_TEST

/* a and c are both underloaded at 60 s; a asks first, and c finds the manager at work. */
START_TEST(a_manager_at_work_refuses)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/guests/4/cpu_share=0.3", "/guests/5/cpu_share=0.3",
                                          "/guests/6/cpu_share=0.3", "/run_until=100s");

    expect_count(result, N("underloads"), 2);
    expect_count(result, N("refused"), 1);
    expect_count(result, N("asked"), 1);
}
END_TEST

START_TEST(a_host_on_its_way_to_sleep_stays_awake_for_a_domain)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("suspend", "100s"),
                   "/guests/-={\"name\": \"late\", \"host\": \"a\", \"memory\": \"8MiB\", \"cpu_share\": 1}",
                   ADD("{\"at\": \"100s\", \"do\": \"create-guest\", \"guest\": \"late\"}"), "/run_until=150s");

    expect_count(result, N("disturbed"), 1);
    expect_count(result, N("asleep_share"), 0);
}
END_TEST

/* A migration that goes on when the run's end comes is waited for; one that has only been decided is not begun. */
START_TEST(nothing_is_begun_after_the_end)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/run_until=\"60.5s\"", SET("orchestration", "1s"));
    g_autoptr(Result) waited = WORLDS_RUN(BASE, "/run_until=\"60.5s\"");
    g_auto(GStrv) late = worlds_row(result, "consolidation.csv", "v1,a,c");
    g_auto(GStrv) begun = worlds_row(waited, "consolidation.csv", "v1,a,c");

    expect_count(result, N("completed"), 0);
    ck_assert_str_eq(late[5], ""); /* the run was over before the manager came to it */
    expect_count(waited, N("completed"), 1);
    ck_assert_double_gt(g_ascii_strtod(begun[6], NULL), 60.5);
}
END_TEST

/* Loads 0.125, 0.525, 0.55: sigma 0.194. v7 (0.2) to a leaves 0.325, 0.525, 0.35: 0.088; v5 (0.175) 0.3 0.525 0.375:
 * 0.094; from b, v2: 0.3 0.35 0.55: 0.108. */
START_TEST(balance_makes_loads_alike_and_nobody_sleeps)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("decides", "balance"));
    g_auto(GStrv) row = worlds_row(result, "consolidation.csv", "v7,c,a,balance,60");

    ck_assert_str_eq(row[7], "completed");
    expect_count(result, N("asked"), 1);
    expect_count(result, N("shutdowns"), 0);
}
END_TEST

/* a has two VMs that are to go: together, or one after the other when a host takes part in one migration at a time. */
START_TEST(several_migrations_go_on_at_a_time_within_a_host_s_limit)
{
    static const char *const of_host[] = {"0", "1"};

    for (gsize i = 0; i < G_N_ELEMENTS(of_host); i++) {
        g_autofree char *limit = g_strdup_printf(SET("at_once_of_host", "%s"), of_host[i]);
        g_autoptr(Result) result =
            WORLDS_RUN(BASE, SET("at_once", "4"), limit,
                       "/guests/-={\"name\": \"v8\", \"host\": \"a\", \"memory\": \"8MiB\", \"cpu_share\": 0.3}");
        g_auto(GStrv) rows = g_strsplit(result_table(result, "consolidation.csv"), "\n", 0);
        g_auto(GStrv) first = g_strsplit(rows[1], ",", 0), second = g_strsplit(rows[2], ",", 0);
        const double ended_s = g_ascii_strtod(first[6], NULL), begun_s = g_ascii_strtod(second[5], NULL);

        ck_assert_str_eq(first[5], "60");
        ck_assert_msg(i == 0 ? begun_s == 60 : begun_s >= ended_s, "%s: %g, %g", of_host[i], begun_s, ended_s);
        expect_count(result, N("completed"), 2);
        expect_count(result, N("shutdowns"), 1);
    }
}
END_TEST

#define OWN_CLOCKS SET("clocks", "own")

/* Each host asks each 50 s, at phases of its own: 7 or 8 times in 390 s, but for those that have waited for the
 * manager. It looks 10 s after it has turned to a migration, and each 3 s. */
START_TEST(with_clocks_of_their_own_hosts_ask_apart_and_the_manager_looks_again)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, OWN_CLOCKS, SET("orchestration", "9.5s"), SET("first_look", "10s"), SET("look_every", "3s"));
    g_auto(GStrv) row = worlds_row(result, "consolidation.csv", "v1,a");
    const double turned_s = g_ascii_strtod(row[10], NULL), looked_s = g_ascii_strtod(row[11], NULL) - turned_s;

    ck_assert_double_eq_tol(g_ascii_strtod(row[5], NULL) - turned_s, 9.5, 1e-9);
    ck_assert_double_eq_tol(looked_s, 13, 1e-9); /* 9.5 s and the pages' 1 s are more than 10 s */
    ck_assert_double_ge(worlds_number(result, N("rounds")), 7 + 7 + 2);
    ck_assert_double_le(worlds_number(result, N("rounds")), 8 * 3);
    expect_count(result, N("shutdowns"), 1);
    ck_assert_double_gt(g_ascii_strtod(row[4], NULL),
                        60); /* two readings are 50 s apart, the first of them after 10 s */
}
END_TEST

/* a and b are underloaded, and b's local manager was started a second after a's: so it asks a second later, whenever
 * the script was started. A move takes less than that, and hosts are asleep at once. */
START_TEST(daemons_that_a_script_starts_ask_a_second_apart)
{
    static const char *const seeds[] = {"/seed=1", "/seed=2", "/seed=3"};

    for (gsize i = 0; i < G_N_ELEMENTS(seeds); i++) {
        g_autoptr(Result) result =
            WORLDS_RUN(BASE, OWN_CLOCKS, SET("phases", "in-turn"), SET("suspend", "0s"), "/guests/1/cpu_share=0.1",
                       "/guests/2/cpu_share=0.1", "/guests/3/cpu_share=0.1", seeds[i]);
        g_auto(GStrv) first = worlds_row(result, "consolidation.csv", "v1,a");
        g_auto(GStrv) second = worlds_row(result, "consolidation.csv", "v2,b");

        ck_assert_double_eq_tol(g_ascii_strtod(second[4], NULL) - g_ascii_strtod(first[4], NULL), 1, 1e-6);
    }
}
END_TEST

/* a and c are underloaded; the one that comes second waits, for longer than a request may be old, and is refused. */
START_TEST(a_request_that_has_grown_old_is_refused)
{
    static const char *const patient[] = {"5s", "1h"};

    for (gsize i = 0; i < G_N_ELEMENTS(patient); i++) {
        g_autofree char *age = g_strdup_printf(SET("request_age", "%s"), patient[i]);
        g_autoptr(Result) result =
            WORLDS_RUN(BASE, OWN_CLOCKS, SET("orchestration", "100s"), age, "/guests/4/cpu_share=0.3",
                       "/guests/5/cpu_share=0.3", "/guests/6/cpu_share=0.3", "/run_until=200s");

        ck_assert_double_ge(worlds_number(result, N("underloads")), 2);
        ck_assert_msg((worlds_number(result, N("refused")) > 0) == (i == 0), "%s", patient[i]);
    }
}
END_TEST

/* Three VMs of 3.3 of 4 cores are above 0.8 from the first reading on, of three hosts. */
START_TEST(an_overload_is_logged_from_reading_to_reading)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, "/guests/1/cpu_share=1", "/guests/2/cpu_share=1", "/guests/3/cpu_share=1",
                   "/guests/-={\"name\": \"v8\", \"host\": \"b\", \"memory\": \"8MiB\", \"cpu_share\": 0.3}",
                   SET("underload", "-1"), SET("overload", "never"));

    ck_assert_number(result, N("overload_share"), 1 / 3., 1e-6);
    ck_assert_number(result, N("overload_logged_share"), (400 - 60) / (3 * 390.), 1e-6);
}
END_TEST

/* 390 s of 0.125, 0.525 and 0.55; of a G5 that is a quarter of the way from 116 to 121 W. */
START_TEST(hosts_of_another_kind_draw_by_their_own_curve)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("underload", "-1"), SET("powers", "[{\"hosts\": [\"b\"], \"power\": \"ml110-g5\"}]"));

    expect_count(result, N("asked"), 0);
    ck_assert_number(result, N("energy_J"), 390 * (270 + 180 * 0.125 + 117.25 + 270 + 180 * 0.55), 1e-3);
}
END_TEST

START_TEST(what_contradicts_itself_is_refused)
{
    const struct {
        const char *settings[4];
        const char *says;
    } table[] = {
        {{"/hosts/0/processors=unlimited"}, "/timeline/0/hosts: the processors of \"a\" are unlimited"},
        {{SET("hosts", "[\"a\"]")}, "/timeline/0/hosts: is one host, expected two at least"},
        {{SET("hosts", "[\"a\",\"b\",\"a\"]")}, "/timeline/0/hosts/2: is given before"},
        {{SET("interval", "0s")}, "/timeline/0/interval"},
        {{SET("loss", "1.5")}, "/timeline/0/loss"},
        {{SET("overload_length", "2")}, "/timeline/0/overload_length"},
        {{ADD("{\"at\": \"20s\", \"do\": \"consolidate\"}")}, "/timeline/1: is the second \"consolidate\""},
        {{OWN_CLOCKS, SET("decides", "all-hosts")}, "/timeline/0/clocks: hosts have clocks of their own"},
        {{SET("wake_fails", "2")}, "/timeline/0/wake_fails"},
        {{SET("at_once", "0")}, "/timeline/0/at_once"},
        {{SET("balance_moves", "0")}, "/timeline/0/balance_moves"},
        {{SET("cpu_share", "0")}, "/timeline/0/cpu_share"},
        {{"/hosts/0/cores=0"}, "/hosts/0/cores"},
        {{SET("powers", "[{\"hosts\": [\"d\"], \"power\": \"line\"}]")}, "/timeline/0/powers/0/hosts/0"},
        {{SET("overload", "psychic")}, "/timeline/0/overload"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        worlds_expect_refused(BASE, table[i].settings, table[i].says);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("datacentre_part");

    tcase_add_test(tcase, an_idle_host_is_emptied_onto_the_fullest_and_sleeps);
    tcase_add_test(tcase, energy_is_that_of_the_loads_and_states);
    tcase_add_test(tcase, an_overload_wakes_the_sleeper);
    tcase_add_test(tcase, a_host_that_does_not_wake_is_told_and_left_alone);
    tcase_add_test(tcase, counters_show_no_more_than_the_host_has);
    tcase_add_test(tcase, without_room_nothing_moves_and_it_is_told);
    tcase_add_test(tcase, a_sleeping_host_refuses_migrations_and_wakes_for_a_domain);
    tcase_add_test(tcase, all_hosts_at_once_and_other_rules_run);
    tcase_add_test(tcase, nobody_is_sent_to_a_host_that_was_evacuated);
    tcase_add_test(tcase, a_manager_at_work_refuses);
    tcase_add_test(tcase, a_host_on_its_way_to_sleep_stays_awake_for_a_domain);
    tcase_add_test(tcase, nothing_is_begun_after_the_end);
    tcase_add_test(tcase, balance_makes_loads_alike_and_nobody_sleeps);
    tcase_add_test(tcase, several_migrations_go_on_at_a_time_within_a_host_s_limit);
    tcase_add_test(tcase, with_clocks_of_their_own_hosts_ask_apart_and_the_manager_looks_again);
    tcase_add_test(tcase, daemons_that_a_script_starts_ask_a_second_apart);
    tcase_add_test(tcase, a_request_that_has_grown_old_is_refused);
    tcase_add_test(tcase, an_overload_is_logged_from_reading_to_reading);
    tcase_add_test(tcase, hosts_of_another_kind_draw_by_their_own_curve);
    tcase_add_test(tcase, what_contradicts_itself_is_refused);
    return check_main("datacentre_part", tcase, NULL);
}
