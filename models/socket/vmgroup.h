/* Groups of VMs that may talk over shared memory, and their event buffers: what the patent adds to the VMM.
 *
 * Source: CN101859263A, steps 1.2.1, 1.2.2, claim 3 (3.1 to 3.2.2: start), claim 5 (5.1 to 5.4.2: stop).
 *   gid  here gid   number of the group             key  here key   the group's access key
 *   addr here vm    the VM's address, any unique name
 * Departures: step 3.2.1 does not say that the first VM of a group is registered and gets an event buffer (only 3.2.2
 * does, and says "create" once more); read so, a group of one VM would be empty: here both steps register. Step 3.2
 * says "first started on this VMM", step 1.2.1 that groups are global: here a group is global, as it must be when two
 * of its VMs start on two machines and meet later. Scope: who may see a key is not modelled. The compact VmGroup is
 * what a connection's state carries; VmGroups is the table of a whole platform.
 */
#ifndef TANDEM_MODELS_SOCKET_VMGROUP_H
#define TANDEM_MODELS_SOCKET_VMGROUP_H

#include <glib.h>

typedef enum {
    VMGROUP_OK,
    VMGROUP_CREATED,        /* 3.2.1 */
    VMGROUP_JOINED,         /* 3.2.2, keys agree */
    VMGROUP_START_FAILED,   /* 3.2.2, keys differ: the VM is not started */
    VMGROUP_DENIED,         /* 5.2: wrong key, the VM is not deleted */
    VMGROUP_BUSY,           /* 5.3: events are still in the buffer; handle them, then ask again */
    VMGROUP_DELETE_FAILED,  /* 5.4.1 */
    VMGROUP_DELETED,        /* 5.4.2, others remain */
    VMGROUP_GROUP_DESTROYED /* 5.4.2, it was the last */
} VmGroupResult;

/* The message that the patent prescribes for a result, in English; "" when it prescribes none. gid fills in the last.
 */
char *vmgroup_message(VmGroupResult result, guint32 gid);

/* The four event types of step 1.1.4, as bits of an event buffer. Registering one twice is one event. */
typedef enum {
    VMGROUP_EVENT_RECEIVE = 1 << 0, /* wake the target VM: there are data to receive */
    VMGROUP_EVENT_SEND = 1 << 1,    /* wake the source VM: there is room to send */
    VMGROUP_EVENT_CLOSED = 1 << 2,  /* the connection has been closed */
    VMGROUP_EVENT_RELEASE = 1 << 3, /* the data buffers may be released */
    VMGROUP_EVENT_RESEND = 1 << 4,  /* not one of the four: the request of 2.3.3.1.1 and 2.3.4.1.1, over the network */
    VMGROUP_EVENT_LEAVE = 1 << 5    /* nor this: a VM of the connection will migrate (models/socket/announce.c) */
} VmGroupEvent;

typedef struct {
    guint64 key;
    guint32 gid;
    guint32 members; /* 0: there is no such group */
} VmGroup;

/* Steps 3.2 to 3.2.2 for one more VM. */
VmGroupResult vmgroup_start(VmGroup *group, guint32 gid, guint64 key);

/* Steps 5.1 to 5.4.2. events: what is in the VM's event buffer; vm_deleted: did the VMM's ordinary deletion work. */
VmGroupResult vmgroup_stop(VmGroup *group, guint64 key, guint8 events, gboolean vm_deleted);

/* All groups of a platform. */
typedef struct VmGroups VmGroups;

VmGroups *vmgroup_table_new(void);
void vmgroup_table_free(VmGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VmGroups, vmgroup_table_free)

/* vm must not be started already. */
VmGroupResult vmgroup_table_start(VmGroups *groups, const char *vm, guint32 gid, guint64 key);
VmGroupResult vmgroup_table_stop(VmGroups *groups, const char *vm, guint64 key, gboolean vm_deleted);
guint32 vmgroup_table_members(const VmGroups *groups, guint32 gid); /* 0 when there is no such group */
gboolean vmgroup_table_same(const VmGroups *groups, const char *vm, const char *other);

/* Step 1.2.2: register (and inject), handle, clear. Registering is false when vm has no event buffer. */
gboolean vmgroup_table_register(VmGroups *groups, const char *vm, VmGroupEvent event);
guint8 vmgroup_table_events(const VmGroups *groups, const char *vm);
void vmgroup_table_clear(VmGroups *groups, const char *vm, guint8 events);

#endif
