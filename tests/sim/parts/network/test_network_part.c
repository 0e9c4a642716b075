/* Clients of a guest in whole worlds: what the part makes of migrations, and what it tells. */
#include "sim/parts/network/network_results.h"
#include "tests/sim/world/worlds.h"

/* A VM that is stopped, copied and started again; the client's switch is none of the migration's. */
#define NETWORK_BASE                                                                                                   \
    "{'name': 'moved', 'run_until': '400s',"                                                                           \
    " 'hosts': [{'name': 'a', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                            \
    "           {'name': 'b', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                            \
    "           {'name': 'c', 'memory': '128MiB', 'dom0_memory': '64MiB'}],"                                           \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '100Mbps', 'latency': '20us'}],"                        \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB'}, {'name': 'idle', 'host': 'a', 'memory': '4MiB'}],"     \
    " 'client_network': {'switches': [{'name': 'core'}, {'name': 'rack', 'attached': ['a', 'b', 'core']},"             \
    "                                 {'name': 'far', 'attached': ['core', 'c']}],"                                    \
    "   'rtt': '2us',"                                                                                                 \
    "   'probes': [{'name': 'p', 'kind': 'ping', 'guest': 'vm', 'interval': '10ms', 'start': '5ms'}]},"                \
    " 'timeline': [{'at': '10s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': " WORLDS_COSTS "}]}"

typedef struct {
    double stopped_s, resumed_s, reachable_s; /* NAN: an empty cell */
    char by[32];
} Row;

static double
cell_number(const char *cell)
{
    return *cell ? g_ascii_strtod(cell, NULL) : NAN;
}

static Row
moved(const Result *result)
{
    g_auto(GStrv) cells = worlds_row(result, "moves.csv", "vm,a,b,");
    Row row = {cell_number(cells[3]), cell_number(cells[4]), cell_number(cells[8]), ""};

    g_strlcpy(row.by, cells[10], sizeof row.by);
    return row;
}

#define SET(key, value) "/client_network/" key "=" value

START_TEST(the_move_is_the_migration_s)
{
    g_autoptr(Result) result = WORLDS_RUN(NETWORK_BASE);
    const Row row = moved(result);

    ck_assert_double_eq_tol(row.resumed_s - row.stopped_s, worlds_number(result, "migration.vm.downtime_s"), 1e-9);
    ck_assert_double_eq(row.reachable_s, row.resumed_s);
    ck_assert_str_eq(row.by, "announcement");
    ck_assert_number(result, "probe.p.blackout_s", row.resumed_s - row.stopped_s, 0.01);
    ck_assert_number(result, "probe.p.sent", 40000, 1);
    ck_assert_number(result, "probe.p.lost", (row.resumed_s - row.stopped_s) / 0.01, 1);
    ck_assert_number(result, "client_network.vm.moves", 1, 1e-9);
    ck_assert_number(result, "client_network.vm.blackout_max_s", row.resumed_s - row.stopped_s, 1e-9);
}
END_TEST

/* Each is added to the downtime; 300 s count from the last answer, at most an interval before the stop. */
typedef struct {
    const char *sets[3];
    const char *by;
    double after_s, within_s;
} Setting;
static const Setting settings[] = {
    {{SET("announce/delay", "2s"), SET("switches/1/learning_delay", "0.5s")}, "announcement", 2.5, 1e-6},
    {{SET("announce", "{\"kind\":\"list\",\"at\":[\"3s\",\"4s\"]}")}, "announcement", 3, 1e-6},
    {{SET("announce", "{\"kind\":\"none\"}"),
      SET("addresses", "[{\"guest\":\"vm\",\"speaks_after\":\"7s\",\"speaks_every\":\"1s\"}]")},
     "own-frame",
     7,
     1e-6},
    {{SET("announce", "{\"loss\":1}"), SET("switches/1/ageing", "20s"), SET("ageing", "30s")}, "ageing", 20, 1},
    {{SET("announce", "{\"kind\":\"none\"}")}, "ageing", 300, 1},
    {{SET("overlay", "{\"delay\":\"18s\"}")}, "controller", 18, 1e-6},
    {{SET("overlay", "{\"delay\":\"18s\",\"begins\":\"frame\"}"), SET("announce/delay", "2s")}, "controller", 20, 1e-6},
};

START_TEST(what_the_network_lacks_is_added_to_the_downtime)
{
    const Setting *it = &settings[_i];
    g_autoptr(Result) result = worlds_run(
        NETWORK_BASE, (const char *const[]){it->sets[0], it->sets[1], it->sets[1] ? it->sets[2] : NULL, NULL});
    const Row row = moved(result);

    ck_assert_str_eq(row.by, it->by);
    ck_assert_double_eq_tol(row.reachable_s - row.resumed_s, it->after_s, it->within_s);
    ck_assert_number(result, "probe.p.blackout_s", row.reachable_s - row.stopped_s, 0.011);
}
END_TEST

START_TEST(a_network_that_never_hears_anything_is_a_result)
{
    g_autoptr(Result) result = WORLDS_RUN(NETWORK_BASE, SET("announce", "{\"kind\":\"none\"}"), SET("ageing", "1000s"));
    const Row row = moved(result);
    g_auto(GStrv) wait = worlds_row(result, "probes.csv", "p,vm,");

    ck_assert_str_eq(row.by, "never");
    ck_assert_double_nan(row.reachable_s);
    ck_assert_str_eq(wait[7], "run-ended");
    ck_assert_number(result, "client_network.vm.moves_unfound", 1, 1e-9);
    ck_assert_number(result, "probe.p.blackout_s", 400 - row.stopped_s, 0.02);
}
END_TEST

START_TEST(without_switches_frames_find_the_guest)
{
    g_autoptr(Result) result = WORLDS_RUN(NETWORK_BASE, SET("switches", "[]"), SET("announce", "{\"kind\":\"none\"}"));
    const Row row = moved(result);

    ck_assert_str_eq(row.by, "at-once");
    ck_assert_double_eq(row.reachable_s, row.resumed_s);
}
END_TEST

START_TEST(a_stop_by_the_time_line_is_no_move)
{
    g_autoptr(Result) result =
        WORLDS_RUN(NETWORK_BASE, "/timeline=[{\"at\":\"2s\",\"do\":\"stop-guest\",\"guest\":\"vm\"},"
                                 "{\"at\":\"4s\",\"do\":\"start-guest\",\"guest\":\"vm\"}]");

    ck_assert_number(result, "probe.p.lost", 200, 1e-9);
    ck_assert_double_nan(result_number(result, "client_network.vm.moves"));
    ck_assert_str_eq(strchr(result_table(result, "moves.csv"), '\n'), "\n");
}
END_TEST

/* Streams hang on the guest's name: another client, guest or switch moves no digit of what was drawn. */
START_TEST(another_client_changes_nothing)
{
    const char *const loss = SET("announce", "{\"loss\":0.5}");
    g_autoptr(Result) one = WORLDS_RUN(NETWORK_BASE, loss);
    g_autoptr(Result) two =
        WORLDS_RUN(NETWORK_BASE, loss,
                   SET("probes", "[{\"name\":\"o\",\"kind\":\"tcp\",\"guest\":\"idle\",\"interval\":"
                                 "\"1s\"},{\"name\":\"p\",\"kind\":\"ping\",\"guest\":\"vm\","
                                 "\"interval\":\"10ms\",\"start\":\"5ms\"}]"));
    const Row first = moved(one), second = moved(two);

    ck_assert_double_eq(first.reachable_s, second.reachable_s);
    ck_assert_double_eq(worlds_number(one, "probe.p.blackout_s"), worlds_number(two, "probe.p.blackout_s"));
}
END_TEST

/* What is said does not leave the process of a run, so the command is asked. */
START_TEST(the_summary_tells_both_times)
{
    g_autofree char *said = NULL;
    int status = 0;

    ck_assert(g_spawn_command_line_sync(TANDEM_PROGRAM " run scenarios/examples/client-network.json", &said, NULL,
                                        &status, NULL));
    ck_assert_int_eq(status, 0);
    ck_assert_ptr_nonnull(strstr(said, "client pings of web: 0.3"));
    ck_assert_ptr_nonnull(strstr(said, "web: stood still for 0.2"));
    ck_assert_ptr_nonnull(strstr(said, ", and its clients did not reach it for 0.3"));
}
END_TEST

START_TEST(tables_that_disagree_are_found)
{
    const ProbeWait wait = {1, 2, 3, 0, PROBE_ANSWERED}, back = {2, 1, 3, 0, PROBE_ANSWERED};
    g_autoptr(GArray) waits = g_array_new(FALSE, FALSE, sizeof(ProbeWait));
    ProbeSeen seen = {.sent = 10, .answered = 7, .lost = 3, .waits = waits};
    g_array_append_val(waits, wait);
    g_autofree char *fine = network_results_fault(&seen, PROBE_PING, 10);
    ck_assert_ptr_null(fine);
    seen.sent = 11;
    g_autofree char *sent = network_results_fault(&seen, PROBE_PING, 10);
    ck_assert_ptr_nonnull(sent);
    seen.lost = 4;
    g_autofree char *lost = network_results_fault(&seen, PROBE_TCP, 10);
    ck_assert_ptr_nonnull(lost);
    g_array_index(waits, ProbeWait, 0) = back;
    g_autofree char *order = network_results_fault(&seen, PROBE_TCP, 10);
    ck_assert_ptr_nonnull(strstr(order, "not in order"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("network_part");

    tcase_add_test(tcase, the_move_is_the_migration_s);
    tcase_add_loop_test(tcase, what_the_network_lacks_is_added_to_the_downtime, 0, G_N_ELEMENTS(settings));
    tcase_add_test(tcase, a_network_that_never_hears_anything_is_a_result);
    tcase_add_test(tcase, without_switches_frames_find_the_guest);
    tcase_add_test(tcase, a_stop_by_the_time_line_is_no_move);
    tcase_add_test(tcase, another_client_changes_nothing);
    tcase_add_test(tcase, the_summary_tells_both_times);
    tcase_add_test(tcase, tables_that_disagree_are_found);
    return check_main("network_part", tcase, NULL);
}
