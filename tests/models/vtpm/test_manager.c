#include "models/vtpm/manager.h"
#include "tests/check_main.h"

static const VtpmPlatform plain = {.name = "plain", .policy = "", .state_version = 1};

START_TEST(creates_first_and_restarts_later)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new(&plain);

    ck_assert(!vtpm_manager_serves(manager, "a"));
    ck_assert_int_eq(vtpm_manager_request(manager, "a"), VTPM_INSTANCE_CREATED);
    ck_assert(vtpm_manager_serves(manager, "a"));
    vtpm_manager_release(manager, "a");
    ck_assert(!vtpm_manager_serves(manager, "a"));
    ck_assert_int_eq(vtpm_manager_request(manager, "a"), VTPM_INSTANCE_RESTARTED);
}
END_TEST

START_TEST(refuses_two_instances_of_one_identity)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new(&plain);

    vtpm_manager_request(manager, "a");
    ck_assert_int_eq(vtpm_manager_request(manager, "a"), VTPM_INSTANCE_BUSY);
    ck_assert_int_eq(vtpm_manager_request(manager, "b"), VTPM_INSTANCE_CREATED);
    ck_assert_uint_eq(vtpm_manager_count(manager), 2);
}
END_TEST

START_TEST(releasing_what_is_not_served_changes_nothing)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new(&plain);

    vtpm_manager_release(manager, "a");
    vtpm_manager_request(manager, "a");
    vtpm_manager_release(manager, "a");
    vtpm_manager_release(manager, "a");
    ck_assert_uint_eq(vtpm_manager_count(manager), 0);
}
END_TEST

START_TEST(admits_who_was_sealed_to_the_same_policy)
{
    const VtpmPlatform platforms[] = {
        {"a", TRUE, "xen 4.5", 1}, {"b", TRUE, "xen 4.5", 1}, {"c", TRUE, "xen 4.6", 1}, {"d", FALSE, "xen 4.5", 1}};
    VtpmManager *managers[G_N_ELEMENTS(platforms)];

    for (guint i = 0; i < G_N_ELEMENTS(platforms); i++)
        managers[i] = vtpm_manager_new(&platforms[i]);
    ck_assert_int_eq(vtpm_manager_admits(managers[1], managers[0], 1), VTPM_ADMITTED);
    ck_assert_int_eq(vtpm_manager_admits(managers[2], managers[0], 1), VTPM_OTHER_POLICY);
    ck_assert_int_eq(vtpm_manager_admits(managers[3], managers[0], 1), VTPM_NO_HARDWARE_TPM);
    ck_assert_int_eq(vtpm_manager_admits(managers[0], managers[3], 1), VTPM_ADMITTED);
    ck_assert_int_eq(vtpm_manager_admits(managers[1], managers[0], 2), VTPM_NEWER_STATE);
    for (guint i = 0; i < G_N_ELEMENTS(platforms); i++)
        vtpm_manager_free(managers[i]);
}
END_TEST

START_TEST(knows_whom_it_was_told_of_and_nobody_else)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new(&(VtpmPlatform){.name = "a", .policy = ""});

    ck_assert_ptr_null(vtpm_manager_bound(manager, "vm"));
    vtpm_manager_bind(manager, "vm", "left");
    ck_assert_str_eq(vtpm_manager_bound(manager, "vm"), "left");
    ck_assert_ptr_null(vtpm_manager_bound(manager, "other"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("manager");

    tcase_add_test(tcase, creates_first_and_restarts_later);
    tcase_add_test(tcase, refuses_two_instances_of_one_identity);
    tcase_add_test(tcase, releasing_what_is_not_served_changes_nothing);
    tcase_add_test(tcase, admits_who_was_sealed_to_the_same_policy);
    tcase_add_test(tcase, knows_whom_it_was_told_of_and_nobody_else);
    return check_main("manager", tcase, NULL);
}
