/* configs/sockets/ and the table that the models' tests use say the same. */
#include "sim/parts/socket/socket_keys.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/reader.h"
#include "sim/specs/scenario_load.h"
#include "tests/check_main.h"
#include "tests/models/socket/systems.h"

#include <glib/gstdio.h>

/* The system of a profile, read through a scenario as a user would. */
static SocketSystem
read_profile(const char *profile)
{
    g_autofree char *file = NULL;
    g_autofree char *text =
        g_strdup_printf("{\"name\":\"p\",\"hosts\":[{\"name\":\"h\"}],\"guests\":[{\"name\":\"a\",\"host\":\"h\"},"
                        "{\"name\":\"b\",\"host\":\"h\"}],\"sockets\":[{\"name\":\"s\",\"from\":\"a\",\"to\":\"b\","
                        "\"application\":\"bulk\",\"modified\":true,\"system\":\"%s\"}]}",
                        profile);
    g_autoptr(GError) error = NULL;
    const int fd = g_file_open_tmp("tandem-test-XXXXXX", &file, NULL);

    ck_assert_int_ge(fd, 0);
    g_close(fd, NULL);
    ck_assert(g_file_set_contents(file, text, -1, NULL));
    g_autoptr(Scenario) scenario = scenario_load(file, NULL, &error);
    g_unlink(file);
    ck_assert_msg(scenario, "%s", error ? error->message : "");
    return socket_keys_system(g_array_index(socket_keys_of(&scenario->spec)->sockets, SocketSpec, 0).system);
}

/* 1e-12 s: the profiles give times in decimal microseconds */
START_TEST(profile_says_what_the_models_tests_use)
{
    const SocketSystem *expected = &systems_table[_i];
    g_autofree char *profile = g_ascii_strdown(expected->name, -1);
    const SocketSystem system = read_profile(profile);

    ck_assert_int_eq(system.level, expected->level);
    ck_assert_int_eq(system.transparent, expected->transparent);
    ck_assert_int_eq(system.migratable, expected->migratable);
    ck_assert_int_eq(system.kernel_patch, expected->kernel_patch);
    ck_assert_int_eq(system.copies, expected->copies);
    ck_assert_int_eq(system.switches, expected->switches);
    ck_assert_uint_eq(system.packet_bytes, expected->packet_bytes);
    ck_assert_double_eq_tol(system.path_s, expected->path_s, 1e-12);
    ck_assert_double_eq_tol(system.tcp_s, expected->tcp_s, 1e-12);
    ck_assert_double_eq_tol(system.ack_s, expected->ack_s, 1e-12);
    ck_assert_double_eq_tol(system.copy_in_per_byte_s, expected->copy_in_per_byte_s, 1e-20);
    ck_assert_double_eq_tol(system.copy_out_per_byte_s, expected->copy_out_per_byte_s, 1e-20);
    ck_assert_double_eq(system.sender_share, expected->sender_share);
    ck_assert_double_eq_tol(system.queue_s, expected->queue_s, 1e-12);
    ck_assert_int_eq(system.notify_once, expected->notify_once);
    ck_assert_double_eq_tol(system.packet_s, expected->packet_s, 1e-12);
    ck_assert_double_eq_tol(system.stack_s, expected->stack_s, 1e-12);
    ck_assert_double_eq_tol(system.wake_s, expected->wake_s, 1e-12);
    ck_assert_double_eq_tol(system.notify_s, expected->notify_s, 1e-12);
    ck_assert_double_eq_tol(system.build_s, expected->build_s, 1e-12);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("socket profiles");

    tcase_add_loop_test(tcase, profile_says_what_the_models_tests_use, 0, G_N_ELEMENTS(systems_table));
    return check_main("socket_profiles", tcase, NULL);
}
