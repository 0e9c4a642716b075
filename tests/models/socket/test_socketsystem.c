#include "models/socket/socketsystem.h"
#include "tests/check_main.h"
#include "tests/models/socket/systems.h"

#include <math.h>

/* Measured, PIVOT 2022 (i5-2400): netperf with messages of one byte. */
static const struct {
    const char *system;
    double tcp_rr, udp_rr;
} measured[] = {{"netback", 3515, 4292}, {"XenLoop", 7627, 7786}};

START_TEST(tcp_rr_is_what_was_fitted)
{
    const SocketSystem *system = systems_find(measured[_i].system);

    /* path_s is written with three decimals of a microsecond: 1e-5 of the round trip */
    ck_assert_double_eq_tol(socketsystem_rr_per_s(system, SOCKETSYSTEM_TCP, 1) / measured[_i].tcp_rr, 1, 1e-5);
    ck_assert_double_eq_tol(socketsystem_fit_path_s(system, measured[_i].tcp_rr), system->path_s, 1e-9);
}
END_TEST

START_TEST(udp_rr_is_predicted_within_fifteen_percent)
{
    const double rate = socketsystem_rr_per_s(systems_find(measured[_i].system), SOCKETSYSTEM_UDP, 1);

    /* 15 %: what was asked for; they come out at -5.0 % and +3.3 % */
    ck_assert_double_lt(fabs(rate / measured[_i].udp_rr - 1), 0.15);
}
END_TEST

/* The prediction rests on the acknowledgment that takes netback's whole path: without it netback misses. */
START_TEST(without_the_acknowledgments_netback_would_miss)
{
    SocketSystem system = *systems_find("netback");

    system.ack_s = 0;
    system.path_s = socketsystem_fit_path_s(&system, 3515);
    ck_assert_double_gt(fabs(socketsystem_rr_per_s(&system, SOCKETSYSTEM_UDP, 1) / 4292 - 1), 0.15);
}
END_TEST

typedef struct {
    const char *name;
    SocketSystemLevel level;
    gboolean transparent, migratable;
} Cell;

/* [0009] to [0011] */
static const Cell cells[] = {
    {"VMCI", SOCKETSYSTEM_SOCKET, FALSE, FALSE},    {"XenSocket", SOCKETSYSTEM_SOCKET, FALSE, FALSE},
    {"XWay", SOCKETSYSTEM_SOCKET, TRUE, FALSE},     {"IVC", SOCKETSYSTEM_APPLICATION, FALSE, TRUE},
    {"MMNet", SOCKETSYSTEM_BELOW_IP, TRUE, FALSE},  {"XenLoop", SOCKETSYSTEM_BELOW_IP, TRUE, TRUE},
    {"invention", SOCKETSYSTEM_SOCKET, TRUE, TRUE},
};

START_TEST(table_is_the_patents)
{
    const SocketSystem *system = systems_find(cells[_i].name);

    ck_assert_msg(system, "%s", cells[_i].name);
    ck_assert_int_eq(system->level, cells[_i].level);
    ck_assert_int_eq(system->transparent, cells[_i].transparent);
    ck_assert_int_eq(system->migratable, cells[_i].migratable);
}
END_TEST

START_TEST(only_the_invention_has_all_four_properties)
{
    const SocketSystem *table = systems_table;
    const gsize rows = G_N_ELEMENTS(systems_table);

    ck_assert_uint_eq(rows, 8);
    for (gsize i = 0; i < rows; i++) {
        const gboolean all = table[i].level == SOCKETSYSTEM_SOCKET && table[i].transparent && table[i].migratable &&
                             !table[i].kernel_patch;
        ck_assert_int_eq(all, g_str_equal(table[i].name, "invention"));
    }
}
END_TEST

START_TEST(shared_memory_beats_the_network_path_at_every_size)
{
    const SocketSystem *netback = systems_find("netback");
    const SocketSystem *table = systems_table;
    const gsize rows = G_N_ELEMENTS(systems_table);

    for (gsize i = 0; i < rows; i++)
        for (guint64 bytes = 1; table[i].level != SOCKETSYSTEM_NETWORK && bytes <= 1 << 20; bytes *= 2) {
            ck_assert_double_lt(socketsystem_one_way_s(&table[i], SOCKETSYSTEM_TCP, bytes),
                                socketsystem_one_way_s(netback, SOCKETSYSTEM_TCP, bytes));
            ck_assert_int_lt(table[i].copies, netback->copies);
            ck_assert_int_lt(table[i].switches, netback->switches);
        }
}
END_TEST

/* Sends a message to a receiver that already waits, on one machine, and adds up what the steps cost. */
static double
step_message_s(const SocketSystem *system, guint32 gid, guint64 bytes)
{
    const ConnConfig config = {
        .buffer_bytes = 1 << 20, .tcp_bytes = 1 << 20, .segment_bytes = 1 << 20, .gid = {1, gid}, .listening = TRUE};
    const ConnStep order[] = {
        {CONN_STEP_TASK, 0, 0}, {CONN_STEP_EVENT, 1, 0}, {CONN_STEP_NETWORK, 0, 0}, {CONN_STEP_TASK, 1, 0}};
    ConnCosts costs;
    ConnState s;
    double sum_s = 0;

    socketsystem_conn_costs(system, systems_find("netback"), &costs);
    conn_init(&config, &s, 0, 0);
    conn_begin(&config, &s, 0, CONN_CALL_CONNECT, 0, FALSE);
    while (conn_enabled(&config, &s, order[0]))
        conn_step(&config, &s, order[0], NULL);
    conn_begin(&config, &s, 1, CONN_CALL_RECEIVE, bytes, FALSE);
    while (conn_enabled(&config, &s, order[3]))
        conn_step(&config, &s, order[3], NULL);
    conn_begin(&config, &s, 0, CONN_CALL_SEND, bytes, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++)
        while (conn_enabled(&config, &s, order[i])) {
            ConnEffect effect;
            conn_step(&config, &s, order[i], &effect);
            sum_s += conn_cost_s(&costs, &effect);
        }
    ck_assert_uint_eq(s.flow[0].received, bytes);
    return sum_s;
}

/* One source of costs: stepped through the state machines a message takes what the formula says. Where there are
 * packets the steps pay for all of them by the byte and the formula for whole ones after the first: at most one apart.
 */
START_TEST(stepped_message_costs_what_the_formula_says)
{
    const SocketSystem *system = &systems_table[_i];

    for (guint64 bytes = 1; bytes <= 1 << 20; bytes *= 32) {
        const double formula_s = socketsystem_one_way_s(system, SOCKETSYSTEM_TCP, bytes);
        const double steps_s = step_message_s(system, system->level == SOCKETSYSTEM_NETWORK ? 2 : 1, bytes);
        ck_assert_msg(fabs(steps_s - formula_s) <= system->packet_s + 1e-12, "%s, %" G_GUINT64_FORMAT ": %g and %g s",
                      system->name, bytes, steps_s, formula_s);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socketsystem");

    tcase_add_loop_test(tcase, tcp_rr_is_what_was_fitted, 0, G_N_ELEMENTS(measured));
    tcase_add_loop_test(tcase, udp_rr_is_predicted_within_fifteen_percent, 0, G_N_ELEMENTS(measured));
    tcase_add_test(tcase, without_the_acknowledgments_netback_would_miss);
    tcase_add_loop_test(tcase, table_is_the_patents, 0, G_N_ELEMENTS(cells));
    tcase_add_test(tcase, only_the_invention_has_all_four_properties);
    tcase_add_test(tcase, shared_memory_beats_the_network_path_at_every_size);
    tcase_add_loop_test(tcase, stepped_message_costs_what_the_formula_says, 0, 8);
    return check_main("socketsystem", tcase, NULL);
}
