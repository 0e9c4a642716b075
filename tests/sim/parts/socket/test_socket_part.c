/* Sockets in the world: real migrations under running connections, what each system makes of them, cut cables, lost
 * hosts, and what every run must keep: each byte once and in order. */
#include "models/socket/socketsystem.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/specs/scenario_load.h"
#include "tests/sim/world/worlds.h"

/* x and y on host a; z on host b. Migrations take about half a second. */
#define COSTS "{'profile': 'ideal', 'device_state': '64KiB', 'costs': {'suspend': '20ms', 'resume': '20ms'}}"
#define HOSTS                                                                                                          \
    "'hosts': [{'name': 'a', 'memory': '1GiB', 'dom0_memory': '64MiB'},"                                               \
    "          {'name': 'b', 'memory': '1GiB', 'dom0_memory': '64MiB'},"                                               \
    "          {'name': 'c', 'memory': '1GiB', 'dom0_memory': '64MiB'}],"                                              \
    " 'switches': [{'name': 's'}],"                                                                                    \
    " 'links': [{'name': 'la', 'ends': ['a', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                        \
    "           {'name': 'lb', 'ends': ['b', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                        \
    "           {'name': 'lc', 'ends': ['c', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}],"                       \
    " 'guests': [{'name': 'x', 'host': 'a', 'memory': '4MiB'}, {'name': 'y', 'host': 'a', 'memory': '4MiB'},"          \
    "            {'name': 'z', 'host': 'b', 'memory': '4MiB'}],"
#define MIGRATE(at, vm, to) "{'at': '" at "', 'do': 'migrate', 'vm': '" vm "', 'to': '" to "', 'hypervisor': " COSTS "}"

#define BULK    "'application': 'bulk', 'messages': [{'size': '32KiB'}]"
#define REQUEST "'application': 'request-response', 'messages': [{'size': '1KiB'}]"
#define SOCKET  "'sockets': [{'name': 's', 'from': 'x', 'to': 'y', "

/* y leaves at 0.5 s and is back at about 2 s. */
#define AWAY_AND_BACK(what)                                                                                            \
    "{'name': 'w', 'run_until': '3s', " HOSTS SOCKET what                                                              \
    "}], 'timeline': [" MIGRATE("0.5s", "y", "b") ", " MIGRATE("1.5s", "y", "a") "]}"

static double
number(const Result *result, const char *name)
{
    g_autofree char *full = g_strconcat("socket.s.", name, NULL);

    return worlds_number(result, full);
}

START_TEST(a_stream_goes_by_memory_by_tcp_and_by_memory_again)
{
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK));

    ck_assert_word(result, "socket.s.outcome", "open");
    ck_assert_double_eq(number(result, "path_switches"), 2);
    ck_assert_double_eq_tol(number(result, "memory_s") + number(result, "tcp_s"), 3, 1e-3); /* the block is built */
    ck_assert_double_gt(number(result, "before.throughput_Bps"), 1e8);
    /* the cable's rate, less a wire latency per batch */
    ck_assert_double_le(number(result, "after.y.throughput_Bps"), 12.5e6);
    ck_assert_double_gt(number(result, "after.y.throughput_Bps"), 11e6);
    /* a batch that met the stopped VM comes after TCP's time-out of 0.2 s, which falls into this period */
    ck_assert_double_gt(number(result, "after.y.2.throughput_Bps"), 0.7 * number(result, "before.throughput_Bps"));
    /* nothing is received while either end is stopped */
    ck_assert_double_ge(number(result, "during.y.stall_s"), worlds_number(result, "migration.y.downtime_s"));
}
END_TEST

static const char *const systems[] = {"netback", "vmci", "xensocket", "xway", "ivc", "mmnet", "xenloop", "invention"};

/* The round trip of the running world is the formula's: models/socket/socketsystem.h. */
START_TEST(round_trips_are_what_the_costs_say)
{
    g_autofree char *system = g_strconcat("/sockets/0/system=", systems[_i], NULL);
    const char *const settings[] = {
        system, "/sockets/0/modified=true", "/timeline=[]", "/run_until=1s", "/sockets/0/messages=[{\"size\":\"1B\"}]",
        NULL};
    g_autoptr(Scenario) scenario = worlds_load(AWAY_AND_BACK(REQUEST), settings, NULL);
    g_autoptr(Result) result = worlds_run_scenario(scenario, 1);
    const SocketSystem costs =
        socket_keys_system(g_array_index(socket_keys_of(&scenario->spec)->sockets, SocketSpec, 0).system);
    const double round_trip_s = 2 * socketsystem_one_way_s(&costs, SOCKETSYSTEM_TCP, 1);

    /* the histogram's buckets are 0.4 %; packets may be paid by the byte */
    ck_assert_double_eq_tol(number(result, "before.latency_p50_s") / round_trip_s, 1, 0.005);
    ck_assert_double_eq_tol(number(result, "before.messages_per_s") * round_trip_s, 1, 0.005);
}
END_TEST

/* [0011]: what cannot migrate loses its connection, and the bytes that were in it. */
START_TEST(what_cannot_migrate_breaks)
{
    static const char *const survive[] = {"netback", "ivc", "xenloop", "invention", NULL};
    g_autofree char *system = g_strconcat("/sockets/0/system=", systems[_i], NULL);
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK), system, "/sockets/0/modified=true");
    const gboolean survives = g_strv_contains(survive, systems[_i]);

    ck_assert_word(result, "socket.s.outcome", survives ? "open" : "broken");
    if (survives) {
        ck_assert_double_eq(number(result, "broken_in_flight_bytes"), 0);
        ck_assert_double_gt(number(result, "after.y.2.messages_per_s"), 0);
    } else {
        ck_assert_double_gt(number(result, "broken_in_flight_bytes"), 0);
        ck_assert_double_eq(number(result, "after.y.messages_per_s"), 0);
    }
}
END_TEST

/* ---- the transitions, with real migrations ---- */

static const struct {
    const char *name, *x, *y;          /* where they start */
    const char *x_to, *y_to;           /* where each would go alone */
    const char *both_x_to, *both_y_to; /* … and both */
} transitions[] = {
    {"together to apart", "a", "a", "b", "b", "b", "c"},
    {"apart to together", "a", "b", "b", "a", "c", "c"},
    {"apart to apart", "a", "b", "c", "c", "b", "a"},
    {"together to together", "a", "a", "b", "b", "b", "b"}, /* alone: there and back */
};
static const char *const activities[] = {
    "'application':'bulk','messages':[{'size':'16KiB'}],'count':1000",
    "'application':'bursty','messages':[{'size':'1B'},{'size':'8KiB'},{'size':'0B'}],'burst':3,'pause':'7ms','count':200",
    "'application':'bulk','messages':[{'size':'256KiB'}],'buffer':'4KiB','count':40",
    "'application':'request-response','messages':[{'size':'100B'},{'size':'30KiB'}],'pause':'1ms','count':500",
    "'application':'bulk','messages':[{'size':'1KiB'}],'blocking':false,'direction':'backward','stop':'0.62s'",
};
#define CELLS (4 * 5 * 3)

static char *
transition_text(guint t, guint activity, guint mover)
{
    GString *text = g_string_new("{'name': 'w', 'run_until': '1.5s', " HOSTS SOCKET);
    const gboolean back = t == 3 && mover < 2;

    /* it begins shortly before the VMs stop: a migration takes 0.4 s to that point */
    g_string_append_printf(text, "'start': '0.55s', %s}], 'timeline': [", activities[activity]);
    if (mover != 1)
        g_string_append_printf(text, "{'at':'0.2s','do':'migrate','vm':'x','to':'%s','hypervisor':" COSTS "}",
                               mover == 2 ? transitions[t].both_x_to : transitions[t].x_to);
    if (mover != 0)
        g_string_append_printf(text, "%s{'at':'0.2s','do':'migrate','vm':'y','to':'%s','hypervisor':" COSTS "}",
                               mover == 2 ? "," : "", mover == 2 ? transitions[t].both_y_to : transitions[t].y_to);
    if (back)
        g_string_append_printf(text, ",{'at':'0.8s','do':'migrate','vm':'%s','to':'a','hypervisor':" COSTS "}",
                               mover == 0 ? "x" : "y");
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

/* Transition × activity × who moves: it ends well, all bytes are there, once and in order. */
START_TEST(every_transition_ends_with_every_byte)
{
    const guint t = (guint)_i / 15, activity = (guint)_i / 3 % 5, mover = (guint)_i % 3;
    g_autofree char *text = transition_text(t, activity, mover);
    g_autofree char *x = g_strconcat("/guests/0/host=", transitions[t].x, NULL);
    g_autofree char *y = g_strconcat("/guests/1/host=", transitions[t].y, NULL);
    g_autoptr(Result) result = WORLDS_RUN(text, x, y);

    ck_assert_msg(g_str_equal(worlds_word(result, "socket.s.outcome"), "closed"), "%s, activity %u, mover %u: %s",
                  transitions[t].name, activity, mover, worlds_word(result, "socket.s.outcome"));
    ck_assert_double_gt(number(result, "messages"), 0);
    if (activity == 0)
        ck_assert_double_eq(number(result, "received_bytes"), 1000 * 16384.0);
    if (activity == 2)
        ck_assert_double_eq(number(result, "received_bytes"), 40 * 262144.0);
    ck_assert_double_eq(number(result, "connections_stuck"), 0);
}
END_TEST

/* ---- what fails ---- */

#define APART                                                                                                          \
    "{'name': 'w', 'run_until': '4s', " HOSTS "'sockets': [{'name': 's', 'from': 'x', 'to': 'z', " BULK "}], "         \
    "'timeline': ["

START_TEST(a_cut_cable_costs_tcps_time_outs_and_no_byte)
{
    g_autoptr(Result) result = WORLDS_RUN(APART "{'at': '1s', 'do': 'fail-link', 'link': 'lb'},"
                                                "{'at': '2s', 'do': 'restore-link', 'link': 'lb'}]}");

    ck_assert_word(result, "socket.s.outcome", "open");
    /* tries after 0.2, 0.6 and 1.4 s (RFC 6298, 5.5): the third finds the cable whole */
    ck_assert_double_ge(number(result, "before.stall_s"), 1.4);
    ck_assert_double_le(number(result, "before.stall_s"), 1.4 + 2 * 0.084); /* what TCP holds, 1 MiB, begun and again */
    ck_assert_double_gt(number(result, "received_bytes"), 11e6 * 2.4);
}
END_TEST

START_TEST(a_lost_host_ends_its_connections)
{
    g_autoptr(Result) result = WORLDS_RUN(APART "{'at': '1s', 'do': 'fail-host', 'host': 'b'}]}");

    ck_assert_word(result, "socket.s.outcome", "lost");
    ck_assert_number(result, "socket.s.end_s", 1, 1e-6);
    ck_assert_double_gt(number(result, "broken_in_flight_bytes"), 0);
}
END_TEST

/* The destination dies in the middle: the VM goes on at its source, and so does its connection. */
START_TEST(a_failed_migration_leaves_the_connection_on_memory)
{
    g_autoptr(Result) result = WORLDS_RUN("{'name': 'w', 'run_until': '3s', " HOSTS SOCKET BULK "}], 'timeline': "
                                          "[" MIGRATE("0.5s", "y", "b") ", {'at': '0.7s', 'do': 'fail-host', "
                                                                        "'host': 'b'}]}",
                                          "/guests/2/host=c");

    ck_assert_str_ne(worlds_word(result, "migration.y.outcome"), "completed");
    ck_assert_word(result, "socket.s.outcome", "open");
    ck_assert_double_eq(number(result, "tcp_s"), 0);
}
END_TEST

START_TEST(nobody_listens)
{
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK), "/sockets/0/listening=false");

    ck_assert_word(result, "socket.s.outcome", "refused");
    ck_assert_double_eq(number(result, "received_bytes"), 0);
}
END_TEST

/* XWay falls back to TCP, which then is TCP for good and migrates; VMCI knows no other machine. */
START_TEST(what_cannot_migrate_starts_apart_by_tcp_or_not_at_all)
{
    g_autoptr(Result) xway = WORLDS_RUN(APART MIGRATE("1s", "z", "a") "]}", "/sockets/0/system=xway");
    g_autoptr(Result) vmci = WORLDS_RUN(APART "]}", "/sockets/0/system=vmci", "/sockets/0/modified=true");

    ck_assert_word(xway, "socket.s.outcome", "open");
    ck_assert_double_eq(number(xway, "memory_bytes"), 0);
    ck_assert_double_gt(number(xway, "after.z.messages_per_s"), 0);
    ck_assert_word(vmci, "socket.s.outcome", "refused");
}
END_TEST

START_TEST(another_group_means_tcp)
{
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK), "/guests/1/group=2");

    ck_assert_double_eq(number(result, "memory_bytes"), 0);
    ck_assert_word(result, "socket.s.outcome", "open");
}
END_TEST

/* The patent word by word, as docs/models/socket.md lists: the running check finds it. */
START_TEST(the_literal_reading_is_found_out)
{
    const char *const settings[] = {"/sockets/0/reading=literal", NULL};
    g_autoptr(Scenario) scenario = worlds_load(AWAY_AND_BACK(BULK), settings, NULL);
    Run run = {.scenario = scenario, .seed = 1};

    run_all(&run, 1, 1);
    ck_assert_msg(run.result, "%s", run.error);
    g_autofree char *violation = result_violation(run.result);
    ck_assert_ptr_nonnull(violation);
    ck_assert_msg(strstr(violation, "socket s:"), "%s", violation);
    run_clear(&run);
}
END_TEST

/* ---- the world around ---- */

START_TEST(socket_and_migration_share_the_cable)
{
    g_autoptr(Result) alone = WORLDS_RUN(APART MIGRATE("1s", "y", "b") "]}", "/sockets=[]");
    g_autoptr(Result) both = WORLDS_RUN(APART MIGRATE("1s", "y", "b") "]}");
    const double slower = worlds_number(both, "migration.y.total_s") / worlds_number(alone, "migration.y.total_s");

    /* half the cable each while pages move; the 40 ms of fixed costs are not shared */
    ck_assert_double_gt(slower, 1.6);
    ck_assert_double_lt(slower, 2.1);
    g_autoptr(Result) quiet = WORLDS_RUN(APART "]}");
    ck_assert_double_lt(number(both, "received_bytes"), number(quiet, "received_bytes") - 4e6); /* y's 4 MiB */
}
END_TEST

START_TEST(same_seed_same_bytes_out)
{
    const char *const settings[] = {"/sockets/0/messages=[{\"size\":\"1KiB\"},{\"size\":\"90KiB\",\"weight\":2}]",
                                    "/sockets/0/connections=3", NULL};
    g_autoptr(Scenario) scenario = worlds_load(AWAY_AND_BACK(BULK), settings, NULL);
    g_autoptr(Result) first = worlds_run_scenario(scenario, 7);
    g_autoptr(Result) second = worlds_run_scenario(scenario, 7);
    g_autoptr(Result) other = worlds_run_scenario(scenario, 8);
    g_autofree char *one = result_pack(first);
    g_autofree char *two = result_pack(second);

    ck_assert_str_eq(one, two);
    ck_assert_double_ne(number(first, "messages"), number(other, "messages"));
}
END_TEST

START_TEST(both_directions_are_two_streams)
{
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK), "/sockets/0/direction=both");

    ck_assert_double_gt(number(result, "messages"), 0);
    ck_assert_double_gt(worlds_number(result, "socket.s.back.messages"), 0);
}
END_TEST

START_TEST(the_time_line_has_bounded_rows)
{
    g_autoptr(Result) result = WORLDS_RUN(AWAY_AND_BACK(BULK));
    g_auto(GStrv) rows = g_strsplit(result_table(result, "sockets.csv"), "\n", 0);
    double bytes = 0;

    ck_assert_uint_le(g_strv_length(rows), 512 + 2); /* SOCKETLOG_BINS, head, end */
    for (guint i = 1; rows[i] && *rows[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], ",", 0);
        bytes += g_ascii_strtod(cells[3], NULL);
    }
    ck_assert_double_eq(bytes, number(result, "received_bytes"));
}
END_TEST

/* ---- bad input ---- */

static const struct {
    const char *settings[4];
    const char *message;
} misfits[] = {
    {{"/guests/1/group_key=7"},
     "/guests/1/group_key: VM start failed: \"y\" has not the key of group 1, expected that of the group's first VM"},
    {{"/sockets/0/to=nobody"}, "/sockets/0/to: no \"nobody\" in /guests, expected one of x, y, z"},
    {{"/sockets/0/to=x"}, "/sockets/0/to: is the VM that connects, expected another one"},
    {{"/sockets=[{\"name\":\"s\",\"from\":\"x\",\"to\":\"y\",\"application\":\"bulk\",\"port\":80},"
      "{\"name\":\"t\",\"from\":\"z\",\"to\":\"y\",\"application\":\"bulk\",\"port\":80}]"},
     "/sockets/1/port: 80 of \"y\" is in use by \"s\", expected another one"},
    {{"/sockets/0/buffer=0B"}, "/sockets/0/buffer: "},
    {{"/sockets/0/tcp_buffer=0B"}, "/sockets/0/tcp_buffer: "},
    {{"/sockets/0/messages=[{\"size\":\"0B\"}]"}, "/sockets/0/messages: all are of 0 bytes, expected one that is not"},
    {{"/sockets/0/messages=[{\"size\":\"17TiB\"}]"}, "/sockets/0/messages/0/size: "},
    {{"/sockets/0/messages=[{\"size\":\"16TiB\"}]", "/sockets/0/count=16"},
     "/sockets/0/count: the messages may come to more than 256 TiB, expected less"},
    {{"/sockets/0/system=vmci"},
     "/sockets/0/modified: the system does not run an application that was written for sockets, expected "
     "\"modified\": true or a transparent system"},
    {{"/sockets/0/system=pigeon"}, "/sockets/0/system: "},
    {{"/sockets/0/network=invention"}, "/sockets/0/network/level: is no network, expected \"network\""},
    {{"/sockets/0/start=2s", "/sockets/0/stop=1s"}, "/sockets/0/stop: is before the start, expected later"},
    {{"/sockets/0/application=telepathy"}, "/sockets/0/application: "},
    {{"/links=[]", "/sockets/0/to=z", "/timeline=[]"},
     "/sockets/0/to: no route from \"a\" to \"b\", expected links that join them"},
};

START_TEST(bad_input_is_refused_with_its_message)
{
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {misfits[_i].settings[0], misfits[_i].settings[1], misfits[_i].settings[2], NULL};
    Scenario *scenario = worlds_load(AWAY_AND_BACK(BULK), settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_msg(strstr(error->message, misfits[_i].message), "%s", error->message);
    ck_assert_ptr_nonnull(strstr(error->message, "expected"));
}
END_TEST

START_TEST(requests_of_nothing_are_refused)
{
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {"/sockets/0/messages=[{\"size\":\"0B\"}]", NULL};
    Scenario *scenario = worlds_load(AWAY_AND_BACK(REQUEST), settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_msg(strstr(error->message, "nobody can answer a request of 0 bytes"), "%s", error->message);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socket world");

    tcase_add_test(tcase, a_stream_goes_by_memory_by_tcp_and_by_memory_again);
    tcase_add_loop_test(tcase, round_trips_are_what_the_costs_say, 0, G_N_ELEMENTS(systems));
    tcase_add_loop_test(tcase, what_cannot_migrate_breaks, 0, G_N_ELEMENTS(systems));
    tcase_add_loop_test(tcase, every_transition_ends_with_every_byte, 0, CELLS);
    tcase_add_test(tcase, a_cut_cable_costs_tcps_time_outs_and_no_byte);
    tcase_add_test(tcase, a_lost_host_ends_its_connections);
    tcase_add_test(tcase, a_failed_migration_leaves_the_connection_on_memory);
    tcase_add_test(tcase, nobody_listens);
    tcase_add_test(tcase, what_cannot_migrate_starts_apart_by_tcp_or_not_at_all);
    tcase_add_test(tcase, another_group_means_tcp);
    tcase_add_test(tcase, the_literal_reading_is_found_out);
    tcase_add_test(tcase, socket_and_migration_share_the_cable);
    tcase_add_test(tcase, same_seed_same_bytes_out);
    tcase_add_test(tcase, both_directions_are_two_streams);
    tcase_add_test(tcase, the_time_line_has_bounded_rows);
    tcase_add_loop_test(tcase, bad_input_is_refused_with_its_message, 0, G_N_ELEMENTS(misfits));
    tcase_add_test(tcase, requests_of_nothing_are_refused);
    return check_main("socket_part", tcase, NULL);
}
