#include "models/vtpm/manager.h"
#include "tests/check_main.h"

START_TEST(creates_first_and_restarts_later)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new();

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
    g_autoptr(VtpmManager) manager = vtpm_manager_new();

    vtpm_manager_request(manager, "a");
    ck_assert_int_eq(vtpm_manager_request(manager, "a"), VTPM_INSTANCE_BUSY);
    ck_assert_int_eq(vtpm_manager_request(manager, "b"), VTPM_INSTANCE_CREATED);
    ck_assert_uint_eq(vtpm_manager_count(manager), 2);
}
END_TEST

START_TEST(releasing_what_is_not_served_changes_nothing)
{
    g_autoptr(VtpmManager) manager = vtpm_manager_new();

    vtpm_manager_release(manager, "a");
    vtpm_manager_request(manager, "a");
    vtpm_manager_release(manager, "a");
    vtpm_manager_release(manager, "a");
    ck_assert_uint_eq(vtpm_manager_count(manager), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("manager");

    tcase_add_test(tcase, creates_first_and_restarts_later);
    tcase_add_test(tcase, refuses_two_instances_of_one_identity);
    tcase_add_test(tcase, releasing_what_is_not_served_changes_nothing);
    return check_main("manager", tcase, NULL);
}
