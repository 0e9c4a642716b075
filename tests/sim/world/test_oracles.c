/* The world against closed forms, and against itself: what must not change does not. */
#include "tests/sim/world/worlds.h"

#define LINK_BPS     (100e6 / 8)
#define HANDSHAKES_S (2 * 4096.0 / LINK_BPS) /* of pre-migration and commitment */
/* Nothing but memory on the wire, and two hand-shakes. */
#define IDEAL                                                                                                          \
    "{'name': 'ideal', 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                       \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'profile': 'ideal-100'}],"                                           \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '512MiB'}],"                                                    \
    " 'timeline': [{'at': '0s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'ideal'}]}"

/* Time of an idle guest's memory on the link alone. */
static double
alone_s(double mebibytes)
{
    return mebibytes * WORLDS_MIB / LINK_BPS;
}

/* The known answer of SimGrid's own plugin for the same guest and link. */
START_TEST(idle_512_mib_over_an_ideal_100_mbps_link_take_42_950_s)
{
    g_autoptr(Result) result = WORLDS_RUN(IDEAL);

    ck_assert_number(result, "migration.vm.total_s", 42.950, 1e-3); /* the hand-shakes are 0.0007 s of it */
    ck_assert_number(result, "migration.vm.total_s", alone_s(512) + HANDSHAKES_S, 1e-6);
}
END_TEST

/* A sweep writes each page once before any page twice, so r of what a round sends is dirty after it:
 * M (1 - r^(n+1)) / (1 - r) in n live rounds and the last one. 1 %: the last pages of a round are whole numbers, and
 * transfers are looked ahead at the rate of the last one. */
START_TEST(constant_dirty_ratio_meets_the_geometric_series)
{
    static const double ratios[] = {0.2, 0.4, 0.6, 0.8};
    const double r = ratios[_i];
    const double pages = 512 * WORLDS_MIB / 4096;
    g_autofree char *workload = g_strdup_printf(
        "/guests/0/workload={\"kind\":\"sweep\",\"working_set\":\"512MiB\",\"rate\":\"%.6f/s\"}", r * LINK_BPS / 4096);

    g_autoptr(Result) result = WORLDS_RUN(IDEAL, workload, "/timeline/0/hypervisor/skip_redirtied=false",
                                          "/timeline/0/hypervisor/max_factor=0");
    const double n = worlds_number(result, "migration.vm.vm.live_rounds");
    const double expected = pages * (1 - pow(r, n + 1)) / (1 - r);
    ck_assert_double_gt(n, 3);
    ck_assert_number(result, "migration.vm.vm.sent_pages", expected, 0.01 * expected);
    ck_assert_number(result, "migration.vm.total_s", expected * 4096 / LINK_BPS, 0.01 * expected * 4096 / LINK_BPS);
}
END_TEST

/* ---- sharing ---- */

/* n guests of 4 MiB that start at once over one link. */
static char *
concurrent_scenario(guint n)
{
    g_autoptr(GString) guests = g_string_new(NULL);
    g_autoptr(GString) actions = g_string_new(NULL);

    for (guint i = 0; i < n; i++) {
        const char *comma = i > 0 ? "," : "";
        g_string_append_printf(guests, "%s{'name': 'v%u', 'host': 'a', 'memory': '4MiB'}", comma, i);
        g_string_append_printf(
            actions, "%s{'at': '0s', 'do': 'migrate', 'vm': 'v%u', 'to': 'b', 'hypervisor': 'ideal'}", comma, i);
    }
    return g_strdup_printf("{'name': 'many', 'engine': {'verify_memory': false},"
                           " 'hosts': [{'name': 'a'}, {'name': 'b'}],"
                           " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'profile': 'ideal-100'}],"
                           " 'guests': [%s], 'timeline': [%s]}",
                           guests->str, actions->str);
}

#ifdef TANDEM_SANITIZED
enum { CONCURRENT = 100 }; /* a thread per actor */
#else
enum { CONCURRENT = 1000 };
#endif

/* The link is never idle, so all of them end when it has carried everything. 1e-6: SimGrid's precision of 1e-9 s at
 * each of some thousand events. */
START_TEST(a_thousand_concurrent_migrations_take_a_thousand_times_one)
{
    g_autofree char *text = concurrent_scenario(CONCURRENT);
    g_autofree char *single = concurrent_scenario(1);
    g_autoptr(Result) one = WORLDS_RUN(single);
    g_autoptr(Result) all = WORLDS_RUN(text);
    const double expected_s = CONCURRENT * worlds_number(one, "migration.v0.total_s");

    for (guint i = 0; i < CONCURRENT; i++) {
        g_autofree char *total = g_strdup_printf("migration.v%u.total_s", i);
        ck_assert_number(all, total, expected_s, 1e-6 * expected_s);
    }
}
END_TEST

/* Sources a and c with links of their own, and one to b that they share. ' stands for ". */
#define SHARED                                                                                                         \
    "{'name': 'shared', 'hosts': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}], 'switches': [{'name': 's'}],"          \
    " 'links': [{'name': 'la', 'ends': ['a', 's'], 'profile': 'ideal-100'},"                                           \
    "           {'name': 'lb', 'ends': ['s', 'b'], 'profile': 'ideal-100'},"                                           \
    "           {'name': 'lc', 'ends': ['c', 's'], 'profile': 'ideal-100'}],"                                          \
    " 'guests': [{'name': 'x', 'host': 'a', 'memory': '16MiB'}, {'name': 'y', 'host': 'c', 'memory': '64MiB'}],"       \
    " 'timeline': [{'at': '0s', 'do': 'migrate', 'vm': 'x', 'to': 'b', 'hypervisor': 'ideal'},"                        \
    "              {'at': '0s', 'do': 'migrate', 'vm': 'y', 'to': 'b', 'hypervisor': 'ideal'}]}"
#define FEW_HANDSHAKES_S 0.003 /* four hand-shakes of 0.33 ms, some of them at half the rate */

/* x has half of the link until it is done; then y has all of it. */
START_TEST(two_migrations_share_a_link_max_min_fairly)
{
    g_autoptr(Result) result = WORLDS_RUN(SHARED);

    ck_assert_number(result, "migration.x.total_s", 2 * alone_s(16), FEW_HANDSHAKES_S);
    ck_assert_number(result, "migration.y.total_s", alone_s(16 + 64), FEW_HANDSHAKES_S);
}
END_TEST

/* x's own cable gives it 10 of the 100; max-min fairness gives y the 90 that x cannot take, not 50. */
START_TEST(what_a_slow_cable_cannot_take_goes_to_the_other_migration)
{
    g_autoptr(Result) result = WORLDS_RUN(SHARED, "/links/0/bandwidth=10Mbps");

    ck_assert_number(result, "migration.x.total_s", 10 * alone_s(16), 0.01); /* hand-shakes at a tenth of the rate */
    ck_assert_number(result, "migration.y.total_s", alone_s(64) / 0.9, FEW_HANDSHAKES_S);
}
END_TEST

/* Opposite directions of a full-duplex cable do not share. */
START_TEST(migrations_in_opposite_directions_do_not_slow_each_other)
{
    g_autoptr(Result) result = WORLDS_RUN(SHARED, "/guests/1/host=b", "/timeline/1/to=a", "/guests/0/memory=64MiB");

    ck_assert_number(result, "migration.x.total_s", alone_s(64) + HANDSHAKES_S, 1e-6);
    ck_assert_number(result, "migration.y.total_s", alone_s(64) + HANDSHAKES_S, 1e-6);
}
END_TEST

#define FLOW "/timeline=[{\"at\":\"0s\",\"do\":\"migrate\",\"vm\":\"y\",\"to\":\"b\",\"hypervisor\":\"ideal\"}]"

/* As greedy as the migration: half each. */
START_TEST(background_flow_takes_half_of_the_link)
{
    g_autoptr(Result) result = WORLDS_RUN(SHARED, FLOW, "/flows=[{\"name\":\"f\",\"from\":\"a\",\"to\":\"b\"}]");

    ck_assert_number(result, "migration.y.total_s", 2 * alone_s(64), FEW_HANDSHAKES_S);
}
END_TEST

/* 30 of 100, and no more although its fair share were 50. */
START_TEST(background_flow_with_a_rate_takes_that_rate)
{
    static const char *const crosstraffic[] = {"/engine/crosstraffic=false", "/engine/network=CM02"};

    g_autoptr(Result) result = WORLDS_RUN(SHARED, FLOW, crosstraffic[_i],
                                          "/flows=[{\"name\":\"f\",\"from\":\"a\",\"to\":\"b\",\"rate\":\"30Mbps\"}]");
    ck_assert_number(result, "migration.y.total_s", alone_s(64) / 0.7, FEW_HANDSHAKES_S);
}
END_TEST

/* With acknowledgements in the model a flow behind its own cable needs a way back; the run is a little slower. */
START_TEST(background_flow_with_a_rate_runs_with_crosstraffic_too)
{
    g_autoptr(Result) result = WORLDS_RUN(SHARED, FLOW, "/engine/crosstraffic=true",
                                          "/flows=[{\"name\":\"f\",\"from\":\"a\",\"to\":\"b\",\"rate\":\"30Mbps\"}]");

    ck_assert_double_gt(worlds_number(result, "migration.y.total_s"), alone_s(64) / 0.7);
    ck_assert_double_lt(worlds_number(result, "migration.y.total_s"), alone_s(64) / 0.7 * 1.10);
}
END_TEST

/* Half of the link from 1 s to 3 s: that costs the migration one second of its own. */
START_TEST(background_flow_begins_and_ends_when_the_scenario_says)
{
    g_autoptr(Result) result = WORLDS_RUN(
        SHARED, FLOW, "/flows=[{\"name\":\"f\",\"from\":\"a\",\"to\":\"b\",\"start\":\"1s\",\"duration\":\"2s\"}]");

    ck_assert_number(result, "migration.y.total_s", alone_s(64) + 1, FEW_HANDSHAKES_S);
}
END_TEST

/* Each has a channel of its own: when they shared one, its bytes went to whoever received first, and the migration
 * after them through its own host at 10 GB/s. */
START_TEST(flows_that_begin_at_one_date_leave_the_next_migration_its_path)
{
    const double moved_s = alone_s(512) + HANDSHAKES_S;
    g_autoptr(Result) result = WORLDS_RUN(IDEAL,
                                          "/flows=[{\"name\":\"one\",\"from\":\"a\",\"to\":\"b\",\"duration\":\"3ms\"},"
                                          "{\"name\":\"two\",\"from\":\"b\",\"to\":\"a\",\"duration\":\"1s\"}]",
                                          "/timeline/0/at=0.5s");

    ck_assert_number(result, "migration.vm.total_s", moved_s, 1e-3);
}
END_TEST

/* Cut from 1 s to 2 s: the flow is back at the latest a tenth of a second after the repair. The migration goes over
 * another cable and has the flow's half meanwhile. */
START_TEST(background_flow_comes_back_after_a_repair)
{
    g_autoptr(Result) result =
        WORLDS_RUN(SHARED, "/flows=[{\"name\":\"f\",\"from\":\"a\",\"to\":\"b\"}]",
                   "/timeline=[{\"at\":\"0s\",\"do\":\"migrate\",\"vm\":\"y\",\"to\":\"b\",\"hypervisor\":\"ideal\"},"
                   "{\"at\":\"1s\",\"do\":\"fail-link\",\"link\":\"la\"},"
                   "{\"at\":\"2s\",\"do\":\"restore-link\",\"link\":\"la\"}]");

    ck_assert_number(result, "migration.y.total_s", 2 * alone_s(64) - 1 - 0.05, 0.05 + FEW_HANDSHAKES_S);
}
END_TEST

/* ---- the engine's models ---- */

/* 125 MB over 125 MB/s: LV08 gives 97 % of the link, and with acknowledgements of 5 % in the model two guests that
 * change places slow each other: 1.05/0.97 = 1.082. */
START_TEST(network_models_bend_times_as_simgrid_documents)
{
    static const struct {
        const char *network, *crosstraffic;
        double factor;
    } rows[] = {{"CM02", "false", 1.0}, {"LV08", "false", 1.031}, {"CM02", "true", 1.05}, {"LV08", "true", 1.082}};
    g_autofree char *network = g_strdup_printf("/engine/network=%s", rows[_i].network);
    g_autofree char *crosstraffic = g_strdup_printf("/engine/crosstraffic=%s", rows[_i].crosstraffic);

    g_autoptr(Result) result =
        WORLDS_RUN(IDEAL, network, crosstraffic, "/links/0/bandwidth=1Gbps", "/guests/0/memory=125MB",
                   "/guests/-={\"name\":\"other\",\"host\":\"b\",\"memory\":\"125MB\"}",
                   "/timeline/-={\"at\":\"0s\",\"do\":\"migrate\",\"vm\":\"other\",\"to\":\"a\","
                   "\"hypervisor\":\"ideal\"}");
    ck_assert_number(result, "migration.vm.total_s", rows[_i].factor, 1e-3); /* hand-shakes are 7e-5 of it */
}
END_TEST

/* Two loaded guests on one link: a transfer of 16 batches keeps to the rate it was planned with, one of 1 follows every
 * change. 1 %: a change of rate concerns at most 16 of some hundred batches; one seed differs from another by that. */
START_TEST(long_transfers_agree_with_short_ones_under_contention)
{
    static const char *const metrics[] = {"migration.x.total_s", "migration.y.total_s"};
    static const char *const load_x =
        "/guests/0={\"name\":\"x\",\"host\":\"a\",\"memory\":\"128MiB\","
        "\"workload\":{\"kind\":\"uniform\",\"working_set\":\"64MiB\",\"rate\":\"500/s\"}}";
    static const char *const load_y =
        "/guests/1={\"name\":\"y\",\"host\":\"c\",\"memory\":\"256MiB\","
        "\"workload\":{\"kind\":\"hot-cold\",\"working_set\":\"64MiB\",\"rate\":\"700/s\",\"hot_set\":\"4MiB\","
        "\"hot_share\":0.8}}";
    g_autoptr(Result) one = WORLDS_RUN(SHARED, load_x, load_y, "/engine/transfer_batches=1");
    g_autoptr(Result) sixteen = WORLDS_RUN(SHARED, load_x, load_y, "/engine/transfer_batches=16");

    const double expected = worlds_number(one, metrics[_i]);
    ck_assert_number(sixteen, metrics[_i], expected, 0.01 * expected);
}
END_TEST

/* On a long path, at the cable's rate or at the TCP window's, a stream cut into single batches (a flow elsewhere makes
 * the path shared) takes the time of one that is sent round by round: latency is the stream's, not each transfer's.
 * 1e-3: a piece of what the latency covers may be smaller than a byte. */
START_TEST(cutting_a_stream_into_transfers_costs_no_time_on_a_long_path)
{
    static const struct {
        const char *engine;
        double rate_Bps;
    } rows[] = {{"/engine/tcp_window=4MiB", 1e8 / 8}, {"/engine/tcp_window=64KiB", 65536 / 0.04}};
    static const char *const far = "/links/0/latency=20ms";
    static const char *const load = "/guests/0={\"name\":\"vm\",\"host\":\"a\",\"memory\":\"64MiB\","
                                    "\"workload\":{\"kind\":\"uniform\",\"working_set\":\"16MiB\",\"rate\":\"100/s\"}}";
    g_autoptr(Result) whole = WORLDS_RUN(IDEAL, far, load, rows[_i].engine);
    g_autoptr(Result) cut =
        WORLDS_RUN(IDEAL, far, load, rows[_i].engine, "/engine/transfer_batches=1", "/hosts/-={\"name\":\"c\"}",
                   "/links/-={\"name\":\"elsewhere\",\"ends\":[\"b\",\"c\"]}",
                   "/flows=[{\"name\":\"f\",\"from\":\"b\",\"to\":\"c\",\"rate\":\"1kbps\"}]");

    const double expected = worlds_number(whole, "migration.vm.total_s");
    ck_assert_number(cut, "migration.vm.total_s", expected, 1e-3 * expected);
    ck_assert_number(cut, "migration.vm.vm.live_rounds", worlds_number(whole, "migration.vm.vm.live_rounds"), 0.5);
    g_auto(GStrv) first = worlds_row(whole, "rounds.csv", "vm,vm,1,0");
    const double round_s = g_ascii_strtod(first[5], NULL), bytes = g_ascii_strtod(first[9], NULL);
    ck_assert_double_eq_tol(round_s, bytes / rows[_i].rate_Bps, 1e-6 * round_s);
}
END_TEST

/* ---- repeatability ---- */

static const char *const tables[] = {"rounds.csv", "steps.csv", "commands.csv", "domains.csv", "states.csv"};

START_TEST(same_scenario_and_seed_give_the_same_bytes)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, NULL, NULL);
    g_autoptr(Result) first = worlds_run_scenario(scenario, 7);
    g_autoptr(Result) second = worlds_run_scenario(scenario, 7);
    g_autofree char *first_json = result_to_json(first);
    g_autofree char *second_json = result_to_json(second);

    ck_assert_str_eq(first_json, second_json);
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        ck_assert_str_eq(result_table(first, tables[i]), result_table(second, tables[i]));
}
END_TEST

START_TEST(another_seed_gives_other_rounds)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, NULL, NULL);
    g_autoptr(Result) first = worlds_run_scenario(scenario, 7);
    g_autoptr(Result) second = worlds_run_scenario(scenario, 8);

    ck_assert_str_ne(result_table(first, "rounds.csv"), result_table(second, "rounds.csv"));
}
END_TEST

/* A busy guest on host c, before the first one in the list or after it: other domains draw from other streams. */
START_TEST(another_guest_elsewhere_does_not_move_the_numbers)
{
    static const char *const places[] = {"-", "0"};
    g_autofree char *other =
        g_strdup_printf("/guests/%s={\"name\":\"other\",\"host\":\"c\",\"memory\":\"8MiB\","
                        "\"workload\":{\"kind\":\"zipf\",\"working_set\":\"8MiB\",\"rate\":\"5000/s\"}}",
                        places[_i]);
    g_autofree char *text = g_strdup(WORLDS_BASE);

    if (_i == 1) { /* a list has no "insert before": put the guest there in the text */
        g_free(text);
        g_auto(GStrv) parts = g_strsplit(WORLDS_BASE, "'guests': [", 2);
        text = g_strconcat(parts[0],
                           "'guests': [{'name': 'other', 'host': 'c', 'memory': '8MiB', 'workload': "
                           "{'kind': 'zipf', 'working_set': '8MiB', 'rate': '5000/s'}}, ",
                           parts[1], NULL);
    }
    g_autoptr(Result) alone = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) accompanied = _i == 1 ? WORLDS_RUN(text) : WORLDS_RUN(text, other);
    ck_assert_str_eq(result_table(alone, "rounds.csv"), result_table(accompanied, "rounds.csv"));
    ck_assert_str_eq(result_table(alone, "steps.csv"), result_table(accompanied, "steps.csv"));
    ck_assert_str_eq(result_table(alone, "commands.csv"), result_table(accompanied, "commands.csv"));
}
END_TEST

/* A network of one switch has no need to be searched for paths; with a switch that nothing is joined to it is searched.
 */
START_TEST(a_switch_elsewhere_does_not_move_the_numbers)
{
    static const char *const other_way[] = {"/links/0/ends=[\"a\", \"s\"]", "/links/0/ends=[\"s\", \"a\"]"};
    static const char *const crosstraffic[] = {"/engine/crosstraffic=false", "/engine/crosstraffic=true"};

    for (guint i = 0; i < G_N_ELEMENTS(other_way); i++) {
        g_autoptr(Result) star = WORLDS_RUN(WORLDS_BASE, other_way[i], crosstraffic[i]);
        g_autoptr(Result) searched =
            WORLDS_RUN(WORLDS_BASE, other_way[i], crosstraffic[i], "/switches/-={\"name\":\"t\"}");
        for (gsize k = 0; k < G_N_ELEMENTS(tables); k++)
            ck_assert_str_eq(result_table(star, tables[k]), result_table(searched, tables[k]));
    }
}
END_TEST

/* Looking at the images changes no number. */
START_TEST(verifying_memory_does_not_move_the_numbers)
{
    g_autoptr(Result) with = WORLDS_RUN(WORLDS_BASE);
    g_autoptr(Result) without = WORLDS_RUN(WORLDS_BASE, "/engine/verify_memory=false");

    ck_assert_str_eq(result_table(with, "rounds.csv"), result_table(without, "rounds.csv"));
}
END_TEST

/* ---- counted pages ---- */

#define COUNTED "/engine/pages=counted"
#define NAMED   "/engine/pages=each"

/* Mean and variance of the mean, over seeds. */
static double
mean_over_seeds(const Scenario *scenario, const char *metric, double *variance)
{
    enum { SEEDS = 60 };
    double sum = 0, squares = 0;

    for (guint64 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(Result) result = worlds_run_scenario(scenario, seed);
        const double x = worlds_number(result, metric);
        sum += x;
        squares += x * x;
    }
    *variance = (squares / SEEDS - sum / SEEDS * (sum / SEEDS)) / (SEEDS - 1);
    return sum / SEEDS;
}

/* A migration whose pages are counted is another sample of the same law: means within five standard errors. That the
 * whole distributions agree is models/migration/test_backlog's. */
START_TEST(counting_pages_keeps_the_means)
{
    static const char *const metrics[] = {"migration.vm.total_s", "migration.vm.vm.sent_pages",
                                          "migration.vm.vm.live_rounds"};
    const char *load = "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"16MiB\",\"rate\":\"1800/s\"}";
    g_autoptr(Scenario) named =
        worlds_load(IDEAL, (const char *const[]){"/guests/0/memory=32MiB", load, NAMED, NULL}, NULL);
    g_autoptr(Scenario) counted =
        worlds_load(IDEAL, (const char *const[]){"/guests/0/memory=32MiB", load, COUNTED, NULL}, NULL);
    double variance_a, variance_b;

    const double a = mean_over_seeds(named, metrics[_i], &variance_a);
    const double b = mean_over_seeds(counted, metrics[_i], &variance_b);
    ck_assert_double_gt(variance_a, 0);
    ck_assert_double_gt(variance_b, 0);
    ck_assert_msg(fabs(a - b) < 5 * sqrt(variance_a + variance_b), "%s: %g and %g", metrics[_i], a, b);
}
END_TEST

/* A vTPM's commands and a workload that changes need the pages themselves: there nothing moves. */
START_TEST(pages_are_not_counted_where_it_matters_which)
{
    static const struct {
        const char *text, *setting;
    } worlds[] = {
        {WORLDS_BASE, "/timeline/0/method=joint"},
        {WORLDS_BASE, "/timeline/0/method=vtpm"},
        {IDEAL, "/guests/0/phases=[{\"kind\":\"uniform\",\"working_set\":\"64MiB\",\"rate\":\"500/s\","
                "\"lasts\":\"20s\"},{\"kind\":\"uniform\",\"working_set\":\"32MiB\",\"rate\":\"900/s\"}]"},
    };
    g_autoptr(Result) taken = WORLDS_RUN(worlds[_i].text, worlds[_i].setting);
    g_autoptr(Result) named = WORLDS_RUN(worlds[_i].text, worlds[_i].setting, NAMED);

    ck_assert_str_eq(result_table(taken, "rounds.csv"), result_table(named, "rounds.csv"));
}
END_TEST

START_TEST(the_result_says_what_was_drawn)
{
    static const struct {
        const char *text, *setting, *metric, *word;
    } worlds[] = {
        {IDEAL, "/engine/pages=auto", "migration.vm.vm.pages_drawn", "counted"},
        {IDEAL, COUNTED, "migration.vm.vm.pages_drawn", "counted"},
        {IDEAL, NAMED, "migration.vm.vm.pages_drawn", "each"},
        {WORLDS_BASE, "/timeline/0/method=joint", "migration.vm.joint.pages_drawn", "each"},
        {WORLDS_BASE, "/timeline/0/method=vm-then-vtpm", "migration.vm.vm.pages_drawn", "counted"},
        {WORLDS_BASE, "/timeline/0/method=vm-then-vtpm", "migration.vm.vtpm.pages_drawn", "each"},
        {WORLDS_BASE, "/timeline/0/hypervisor=qemu-kvm", "migration.vm.joint.pages_drawn", "counted"},
        {WORLDS_BASE, "/timeline/0/hypervisor=qemu-7.2-tcg", "migration.vm.joint.pages_drawn", "each"},
    };
    g_autoptr(Result) result = WORLDS_RUN(worlds[_i].text, worlds[_i].setting);

    ck_assert_str_eq(worlds_word(result, worlds[_i].metric), worlds[_i].word);
}
END_TEST

/* Each refusal names what asks which page. */
START_TEST(counting_is_refused_where_it_matters_which)
{
    static const struct {
        const char *text, *setting, *because;
    } worlds[] = {
        {WORLDS_BASE, "/timeline/0/method=joint", "/timeline/0/method"},
        {WORLDS_BASE, "/timeline/0/method=vm-then-vtpm", "/timeline/0/method"},
        {WORLDS_BASE, "/timeline/0/hypervisor=qemu-7.2-tcg", "/timeline/0/hypervisor/translation_entries"},
        {WORLDS_BASE, "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1}", "post-copy"},
        {IDEAL, "/guests/0/workload={\"kind\":\"zipf\",\"working_set\":\"1MiB\",\"rate\":\"9/s\"}",
         "/guests/0/workload"},
        {IDEAL, "/guests/0/workload={\"kind\":\"sweep\",\"working_set\":\"1MiB\",\"rate\":\"9/s\"}",
         "/guests/0/workload"},
        {IDEAL, "/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"20s\"},{\"kind\":\"idle\"}]", "/guests/0/phases"},
        {IDEAL, "/guests/0/kernel={}", "/guests/0/kernel"},
        {IDEAL,
         "/guests/0={\"name\":\"vm\",\"host\":\"a\",\"memory\":\"512MiB\",\"used\":\"256MiB\",\"layout\":{\"kind\":"
         "\"linux\",\"program\":\"64MiB\"}}",
         "/guests/0/layout"},
    };
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {COUNTED, worlds[_i].setting, NULL};

    ck_assert_ptr_null(worlds_load(worlds[_i].text, settings, &error));
    ck_assert_msg(strstr(error->message, "/engine/pages: ") && strstr(error->message, worlds[_i].because), "%s",
                  error->message);
}
END_TEST

/* The key of former versions. */
START_TEST(count_pages_is_unknown)
{
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {"/engine/count_pages=true", NULL};

    ck_assert_ptr_null(worlds_load(IDEAL, settings, &error));
    ck_assert_msg(strstr(error->message, "/engine/count_pages"), "%s", error->message);
}
END_TEST

int
main(void)
{
    TCase *closed = tcase_create("closed forms");
    TCase *sharing = tcase_create("sharing");
    TCase *engine = tcase_create("engine");
    TCase *repeatable = tcase_create("repeatable");
    TCase *counting = tcase_create("counting");

    tcase_add_test(closed, idle_512_mib_over_an_ideal_100_mbps_link_take_42_950_s);
    tcase_add_loop_test(closed, constant_dirty_ratio_meets_the_geometric_series, 0, 4);
    tcase_add_loop_test(counting, counting_pages_keeps_the_means, 0, 3);
    tcase_add_loop_test(counting, pages_are_not_counted_where_it_matters_which, 0, 3);
    tcase_add_loop_test(counting, the_result_says_what_was_drawn, 0, 8);
    tcase_add_loop_test(counting, counting_is_refused_where_it_matters_which, 0, 9);
    tcase_add_test(counting, count_pages_is_unknown);
    tcase_add_test(sharing, a_thousand_concurrent_migrations_take_a_thousand_times_one);
    tcase_add_test(sharing, two_migrations_share_a_link_max_min_fairly);
    tcase_add_test(sharing, what_a_slow_cable_cannot_take_goes_to_the_other_migration);
    tcase_add_test(sharing, migrations_in_opposite_directions_do_not_slow_each_other);
    tcase_add_test(sharing, background_flow_takes_half_of_the_link);
    tcase_add_loop_test(sharing, background_flow_with_a_rate_takes_that_rate, 0, 2);
    tcase_add_test(sharing, background_flow_with_a_rate_runs_with_crosstraffic_too);
    tcase_add_test(sharing, background_flow_begins_and_ends_when_the_scenario_says);
    tcase_add_test(sharing, background_flow_comes_back_after_a_repair);
    tcase_add_test(sharing, flows_that_begin_at_one_date_leave_the_next_migration_its_path);
    tcase_add_loop_test(engine, network_models_bend_times_as_simgrid_documents, 0, 4);
    tcase_add_loop_test(engine, long_transfers_agree_with_short_ones_under_contention, 0, 2);
    tcase_add_loop_test(engine, cutting_a_stream_into_transfers_costs_no_time_on_a_long_path, 0, 2);
    tcase_add_test(repeatable, same_scenario_and_seed_give_the_same_bytes);
    tcase_add_test(repeatable, another_seed_gives_other_rounds);
    tcase_add_loop_test(repeatable, another_guest_elsewhere_does_not_move_the_numbers, 0, 2);
    tcase_add_test(repeatable, a_switch_elsewhere_does_not_move_the_numbers);
    tcase_add_test(repeatable, verifying_memory_does_not_move_the_numbers);
    return check_main("oracles", closed, sharing, engine, repeatable, counting, NULL);
}
