#include "models/socket/vmgroup.h"

typedef struct {
    guint32 gid;
    guint8 events;
} Member;

struct VmGroups {
    GHashTable *groups;  /* gid → VmGroup, owned */
    GHashTable *members; /* VM's name → Member, both owned */
};

char *
vmgroup_message(VmGroupResult result, guint32 gid)
{
    switch (result) {
    case VMGROUP_START_FAILED:
        return g_strdup("VM start failed"); /* 3.2.2 "VM启动失败" */
    case VMGROUP_DENIED:
        return g_strdup("permission denied, VM deletion failed"); /* 5.2 "权限不够，VM删除失败" */
    case VMGROUP_DELETE_FAILED:
        return g_strdup("VM deletion failed"); /* 5.4.1 "VM删除失败" */
    case VMGROUP_DELETED:
        return g_strdup("VM deleted"); /* 5.4.2 "VM删除成功" */
    case VMGROUP_GROUP_DESTROYED:      /* 5.4.2 "VM删除成功", "组ID为gid的虚拟机组已被删除" */
        return g_strdup_printf("VM deleted; the VM group with ID %u has been deleted", gid);
    default:
        return g_strdup("");
    }
}

VmGroupResult
vmgroup_start(VmGroup *group, guint32 gid, guint64 key)
{
    if (group->members == 0) { /* 3.2.1 */
        *group = (VmGroup){key, gid, 1};
        return VMGROUP_CREATED;
    }
    if (group->key != key) /* 3.2.2 */
        return VMGROUP_START_FAILED;
    group->members++;
    return VMGROUP_JOINED;
}

VmGroupResult
vmgroup_stop(VmGroup *group, guint64 key, guint8 events, gboolean vm_deleted)
{
    g_return_val_if_fail(group->members > 0, VMGROUP_DELETE_FAILED);

    if (group->key != key) /* 5.2 */
        return VMGROUP_DENIED;
    if (events != 0) /* 5.3 */
        return VMGROUP_BUSY;
    if (!vm_deleted) /* 5.4.1 */
        return VMGROUP_DELETE_FAILED;
    if (--group->members > 0) /* 5.4.2 */
        return VMGROUP_DELETED;
    *group = (VmGroup){0, 0, 0};
    return VMGROUP_GROUP_DESTROYED;
}

VmGroups *
vmgroup_table_new(void)
{
    VmGroups *groups = g_new0(VmGroups, 1);

    groups->groups = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    groups->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return groups;
}

void
vmgroup_table_free(VmGroups *groups)
{
    if (!groups)
        return;
    g_hash_table_destroy(groups->groups);
    g_hash_table_destroy(groups->members);
    g_free(groups);
}

VmGroupResult
vmgroup_table_start(VmGroups *groups, const char *vm, guint32 gid, guint64 key)
{
    g_return_val_if_fail(!g_hash_table_contains(groups->members, vm), VMGROUP_START_FAILED);

    VmGroup *group = g_hash_table_lookup(groups->groups, GUINT_TO_POINTER(gid));
    if (!group) {
        group = g_new0(VmGroup, 1);
        g_hash_table_insert(groups->groups, GUINT_TO_POINTER(gid), group);
    }
    const VmGroupResult result = vmgroup_start(group, gid, key);
    if (result == VMGROUP_START_FAILED)
        return result;

    Member *member = g_new0(Member, 1); /* with its event buffer, still empty */
    member->gid = gid;
    g_hash_table_insert(groups->members, g_strdup(vm), member);
    return result;
}

VmGroupResult
vmgroup_table_stop(VmGroups *groups, const char *vm, guint64 key, gboolean vm_deleted)
{
    const Member *member = g_hash_table_lookup(groups->members, vm);
    if (!member)
        return VMGROUP_DELETE_FAILED;

    const guint32 gid = member->gid;
    VmGroup *group = g_hash_table_lookup(groups->groups, GUINT_TO_POINTER(gid));
    const VmGroupResult result = vmgroup_stop(group, key, member->events, vm_deleted);
    if (result == VMGROUP_DELETED || result == VMGROUP_GROUP_DESTROYED)
        g_hash_table_remove(groups->members, vm);
    if (result == VMGROUP_GROUP_DESTROYED)
        g_hash_table_remove(groups->groups, GUINT_TO_POINTER(gid));
    return result;
}

guint32
vmgroup_table_members(const VmGroups *groups, guint32 gid)
{
    const VmGroup *group = g_hash_table_lookup(groups->groups, GUINT_TO_POINTER(gid));

    return group ? group->members : 0;
}

gboolean
vmgroup_table_same(const VmGroups *groups, const char *vm, const char *other)
{
    const Member *a = g_hash_table_lookup(groups->members, vm);
    const Member *b = g_hash_table_lookup(groups->members, other);

    return a && b && a->gid == b->gid;
}

gboolean
vmgroup_table_register(VmGroups *groups, const char *vm, VmGroupEvent event)
{
    Member *member = g_hash_table_lookup(groups->members, vm);

    if (!member)
        return FALSE;
    member->events |= (guint8)event;
    return TRUE;
}

guint8
vmgroup_table_events(const VmGroups *groups, const char *vm)
{
    const Member *member = g_hash_table_lookup(groups->members, vm);

    return member ? member->events : 0;
}

void
vmgroup_table_clear(VmGroups *groups, const char *vm, guint8 events)
{
    Member *member = g_hash_table_lookup(groups->members, vm);

    if (member)
        member->events &= (guint8)~events;
}
