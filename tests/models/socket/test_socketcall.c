/* A message at a time over a socket: by shared memory while both VMs are on one machine, by TCP else. */
#include "models/socket/socketcall.h"
#include "tests/check_main.h"
#include "tests/models/socket/systems.h"

#include <math.h>

#define BYTES     3000
#define LATENCY_S 120e-6
#define RATE_BPS  1.25e8

static double
took_s(const SocketCall *call)
{
    return socketcall_one_way_s(call, BYTES, LATENCY_S, RATE_BPS);
}

static SocketCall
call_from(const char *system, gboolean one_group, guint first, guint second)
{
    SocketCall call;

    socketcall_init(&call, systems_find(system), systems_find("netback"), one_group, (guint[]){first, second});
    return call;
}

static double
memory_s(const char *system)
{
    return socketsystem_one_way_s(systems_find(system), SOCKETSYSTEM_TCP, BYTES);
}

START_TEST(together_it_is_the_systems_time_and_apart_the_networks_and_the_wires)
{
    SocketCall call = call_from("invention", TRUE, 4, 4);

    ck_assert_double_eq(took_s(&call), memory_s("invention"));
    socketcall_move(&call, (guint[]){4, 5});
    ck_assert_double_eq_tol(took_s(&call), memory_s("netback") + LATENCY_S + BYTES / RATE_BPS, 1e-12);
    socketcall_move(&call, (guint[]){5, 5});
    ck_assert_double_eq(took_s(&call), memory_s("invention"));
}
END_TEST

/* Nothing crosses a wire there. */
START_TEST(vms_of_two_groups_talk_by_tcp_on_one_machine_too)
{
    const SocketCall call = call_from("invention", FALSE, 4, 4);

    ck_assert_double_eq(took_s(&call), memory_s("netback"));
    ck_assert(!socketcall_is_over_memory(&call));
}
END_TEST

START_TEST(the_network_path_has_no_second_one)
{
    const SocketCall call = call_from("netback", TRUE, 4, 4);

    ck_assert(!socketcall_is_over_memory(&call));
    ck_assert_double_eq(took_s(&call), memory_s("netback"));
}
END_TEST

/* [0011]: over memory it does not survive; over TCP, where it began, it does, and never leaves it. */
START_TEST(a_system_that_cannot_migrate_breaks_with_the_first_move)
{
    SocketCall broken = call_from("XWay", TRUE, 4, 4), apart = call_from("XWay", TRUE, 4, 5);

    socketcall_move(&broken, (guint[]){4, 4});
    ck_assert_double_eq(took_s(&broken), memory_s("XWay"));
    socketcall_move(&broken, (guint[]){5, 4});
    ck_assert(isinf(took_s(&broken)));
    socketcall_move(&broken, (guint[]){4, 4});
    ck_assert(isinf(took_s(&broken)));
    socketcall_move(&apart, (guint[]){4, 4});
    ck_assert_double_eq(took_s(&apart), memory_s("netback"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socketcall");

    tcase_add_test(tcase, together_it_is_the_systems_time_and_apart_the_networks_and_the_wires);
    tcase_add_test(tcase, vms_of_two_groups_talk_by_tcp_on_one_machine_too);
    tcase_add_test(tcase, the_network_path_has_no_second_one);
    tcase_add_test(tcase, a_system_that_cannot_migrate_breaks_with_the_first_move);
    return check_main("socketcall", tcase, NULL);
}
