#include "sim/parts/migration/migration_keys.h"

static const char *const method_words[] = {
    [METHOD_VM] = "vm",
    [METHOD_VTPM] = "vtpm",
    [METHOD_VM_THEN_VTPM] = "vm-then-vtpm",
    [METHOD_VTPM_THEN_VM] = "vtpm-then-vm",
    [METHOD_VTPM_AT_PUSH] = "vtpm-at-push",
    [METHOD_JOINT] = "joint",
    [METHOD_CONCATENATED] = "concatenated",
    NULL,
};

static const Field migrate_fields[] = {
    {"vm", FIELD_REFERENCE(MigrateKeys, guest), .refers = "/guests", .required = TRUE, .help = "the VM to migrate"},
    {"to", FIELD_REFERENCE(MigrateKeys, host), .refers = "/hosts", .required = TRUE, .help = "destination host"},
    {"method", FIELD_ENUM(MigrateKeys, method), .words = method_words, .preset = "vm",
     .help =
         "the VM, its vTPM, one after the other, the vTPM stopped and moved when the VM's push phase begins, jointly by CUMP, "
         "or jointly by concatenation"},
    {"hypervisor", FIELD_OBJECT(MigrateKeys, hypervisor), .table = &hypervisor_table, .preset = "xen-4.5",
     .help = "pre-copy policy and costs"},
    {"name", FIELD_NAME(MigrateKeys, name), .help = "what the results call this migration; absent: the VM's name"},
    {NULL},
};
const FieldCase migration_keys_actions[] = {
    {"migrate", migrate_fields, "live-migrate a VM, its vTPM, or both"},
    {NULL},
};

const MigrateKeys *
migration_keys_of(const ActionSpec *action)
{
    return action_keys(action, &migration_keys);
}
