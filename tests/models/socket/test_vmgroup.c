#include "models/socket/vmgroup.h"
#include "tests/check_main.h"

START_TEST(first_vm_creates_the_group_and_the_next_join_with_the_key)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();

    ck_assert_int_eq(vmgroup_table_start(groups, "vm1", 7, 42), VMGROUP_CREATED);
    ck_assert_int_eq(vmgroup_table_start(groups, "vm2", 7, 42), VMGROUP_JOINED);
    ck_assert_uint_eq(vmgroup_table_members(groups, 7), 2);
    ck_assert(vmgroup_table_same(groups, "vm1", "vm2"));
}
END_TEST

START_TEST(wrong_key_keeps_the_vm_from_starting_and_says_so)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();
    g_autofree char *message = vmgroup_message(VMGROUP_START_FAILED, 7);

    vmgroup_table_start(groups, "vm1", 7, 42);
    ck_assert_int_eq(vmgroup_table_start(groups, "vm2", 7, 43), VMGROUP_START_FAILED);
    ck_assert_uint_eq(vmgroup_table_members(groups, 7), 1);
    ck_assert(!vmgroup_table_same(groups, "vm1", "vm2"));
    ck_assert(!vmgroup_table_register(groups, "vm2", VMGROUP_EVENT_SEND));
    ck_assert_str_eq(message, "VM start failed");
}
END_TEST

START_TEST(wrong_key_keeps_the_vm_from_being_deleted)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();
    g_autofree char *message = vmgroup_message(VMGROUP_DENIED, 7);

    vmgroup_table_start(groups, "vm1", 7, 42);
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm1", 41, TRUE), VMGROUP_DENIED);
    ck_assert_uint_eq(vmgroup_table_members(groups, 7), 1);
    ck_assert_str_eq(message, "permission denied, VM deletion failed");
}
END_TEST

/* 5.3 comes before 5.4: no deletion with events left. */
START_TEST(pending_events_are_handled_before_the_vm_goes)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();

    vmgroup_table_start(groups, "vm1", 7, 42);
    ck_assert(vmgroup_table_register(groups, "vm1", VMGROUP_EVENT_CLOSED));
    ck_assert(vmgroup_table_register(groups, "vm1", VMGROUP_EVENT_CLOSED));
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm1", 42, TRUE), VMGROUP_BUSY);
    ck_assert_uint_eq(vmgroup_table_events(groups, "vm1"), VMGROUP_EVENT_CLOSED);
    vmgroup_table_clear(groups, "vm1", VMGROUP_EVENT_CLOSED);
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm1", 42, TRUE), VMGROUP_GROUP_DESTROYED);
}
END_TEST

START_TEST(failed_deletion_keeps_the_member)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();
    g_autofree char *message = vmgroup_message(VMGROUP_DELETE_FAILED, 7);

    vmgroup_table_start(groups, "vm1", 7, 42);
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm1", 42, FALSE), VMGROUP_DELETE_FAILED);
    ck_assert_uint_eq(vmgroup_table_members(groups, 7), 1);
    ck_assert_str_eq(message, "VM deletion failed");
}
END_TEST

START_TEST(group_is_destroyed_with_its_last_vm_and_may_be_made_anew)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();
    g_autofree char *deleted = vmgroup_message(VMGROUP_DELETED, 7);
    g_autofree char *destroyed = vmgroup_message(VMGROUP_GROUP_DESTROYED, 7);

    vmgroup_table_start(groups, "vm1", 7, 42);
    vmgroup_table_start(groups, "vm2", 7, 42);
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm1", 42, TRUE), VMGROUP_DELETED);
    ck_assert_int_eq(vmgroup_table_stop(groups, "vm2", 42, TRUE), VMGROUP_GROUP_DESTROYED);
    ck_assert_uint_eq(vmgroup_table_members(groups, 7), 0);
    ck_assert_int_eq(vmgroup_table_start(groups, "vm1", 7, 99), VMGROUP_CREATED);
    ck_assert_str_eq(deleted, "VM deleted");
    ck_assert_str_eq(destroyed, "VM deleted; the VM group with ID 7 has been deleted");
}
END_TEST

START_TEST(unknown_vm_cannot_be_deleted)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();

    ck_assert_int_eq(vmgroup_table_stop(groups, "vm9", 42, TRUE), VMGROUP_DELETE_FAILED);
    ck_assert(!vmgroup_table_same(groups, "vm9", "vm9"));
    ck_assert_uint_eq(vmgroup_table_events(groups, "vm9"), 0);
}
END_TEST

START_TEST(groups_of_different_numbers_are_strangers)
{
    g_autoptr(VmGroups) groups = vmgroup_table_new();

    vmgroup_table_start(groups, "vm1", 7, 42);
    ck_assert_int_eq(vmgroup_table_start(groups, "vm2", 8, 43), VMGROUP_CREATED);
    ck_assert(!vmgroup_table_same(groups, "vm1", "vm2"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vmgroup");

    tcase_add_test(tcase, first_vm_creates_the_group_and_the_next_join_with_the_key);
    tcase_add_test(tcase, wrong_key_keeps_the_vm_from_starting_and_says_so);
    tcase_add_test(tcase, wrong_key_keeps_the_vm_from_being_deleted);
    tcase_add_test(tcase, pending_events_are_handled_before_the_vm_goes);
    tcase_add_test(tcase, failed_deletion_keeps_the_member);
    tcase_add_test(tcase, group_is_destroyed_with_its_last_vm_and_may_be_made_anew);
    tcase_add_test(tcase, unknown_vm_cannot_be_deleted);
    tcase_add_test(tcase, groups_of_different_numbers_are_strangers);
    return check_main("vmgroup", tcase, NULL);
}
