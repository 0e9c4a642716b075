#include "sim/parts/migration/migration_keys.h"

#include <math.h>

static const char *const method_words[] = {
    [METHOD_VM] = "vm",
    [METHOD_VTPM] = "vtpm",
    [METHOD_VM_THEN_VTPM] = "vm-then-vtpm",
    [METHOD_VTPM_THEN_VM] = "vtpm-then-vm",
    [METHOD_VTPM_AT_PUSH] = "vtpm-at-push",
    [METHOD_JOINT] = "joint",
    [METHOD_CONCATENATED] = "concatenated",
    [METHOD_COLD] = "cold",
    [METHOD_SAVE_RESTORE] = "save-restore",
    NULL,
};

static const Field migrate_fields[] = {
    {"vm", FIELD_REFERENCE(MigrateKeys, guest), .refers = "/guests", .required = TRUE, .help = "the VM to migrate"},
    {"to", FIELD_REFERENCE(MigrateKeys, host), .refers = "/hosts", .required = TRUE, .help = "destination host"},
    {"method", FIELD_ENUM(MigrateKeys, method), .words = method_words, .preset = "vm",
     .help =
         "the VM, its vTPM, one after the other, the vTPM stopped and moved when the VM's push phase begins, jointly by CUMP, "
         "or jointly by concatenation; cold: the VM is shut down and booted at the destination, where its memory is empty; "
         "save-restore: it is stopped, written to a file on shared storage, and read from there"},
    {"hypervisor", FIELD_OBJECT(MigrateKeys, hypervisor), .table = &hypervisor_table, .preset = "xen-4.5",
     .help = "pre-copy policy and costs"},
    {"name", FIELD_NAME(MigrateKeys, name), .help = "what the results call this migration; absent: the VM's name"},
    {"shutdown", FIELD_TIME(MigrateKeys, shutdown_s),
     .help = "cold: how long the guest takes to shut down; absent: 5s"},
    {"boot", FIELD_TIME(MigrateKeys, boot_s), .help = "cold: how long it takes to boot; absent: 20s"},
    {"through", FIELD_REFERENCE(MigrateKeys, through), .refers = "/hosts",
     .help = "save-restore: the host whose storage the file is on"},
    {"storage_write_rate", FIELD_DATA_RATE(MigrateKeys, write_Bps), .above = "0bps",
     .help = "save-restore: how fast the storage writes it; absent: as fast as it comes"},
    {"storage_read_rate", FIELD_DATA_RATE(MigrateKeys, read_Bps), .above = "0bps",
     .help = "save-restore: how fast the storage reads it; absent: as fast as it goes"},
    {NULL},
};

static const char *const tune_time_up_words[] = {[TUNE_TIME_UP_NOT] = "as-it-is",
                                                 [TUNE_TIME_UP_GIVE_UP] = "give-up",
                                                 [TUNE_TIME_UP_SUSPEND] = "suspend",
                                                 [TUNE_TIME_UP_POSTCOPY] = "post-copy",
                                                 NULL};
static const char *const finish_words[] = {[FINISH_BY_SUSPEND] = "suspend", [FINISH_BY_POSTCOPY] = "post-copy", NULL};

#define ORDER_FIELDS                                                                                                   \
    {"vm", FIELD_REFERENCE(OrderKeys, guest), .refers = "/guests", .required = TRUE, .help = "the VM that migrates"},  \
    {                                                                                                                  \
        "migration", FIELD_STRING(OrderKeys, migration),                                                               \
            .help = "which of its migrations, as the results call it; absent: the one that is at work"                 \
    }

static const Field tune_fields[] = {
    ORDER_FIELDS,
    {"downtime_limit", FIELD_TIME(OrderKeys, downtime_limit_s), .above = "0s",
     .help = "the downtime limit from now on; one that grows grows no more; absent, as of those below: as it is"},
    {"max_bandwidth", FIELD_DATA_RATE(OrderKeys, max_bandwidth_Bps), .help = "QEMU: the limit of the rate from now on"},
    {"time_limit", FIELD_TIME(OrderKeys, time_limit_s), .above = "0s",
     .help =
         "the limit of the live rounds from now on, counted from their beginning; time_limit_per_GiB counts no more"},
    {"at_time_limit", FIELD_ENUM(OrderKeys, at_time_limit), .words = tune_time_up_words, .preset = "as-it-is",
     .help = "what is done then"},
    {NULL},
};
static const Field cancel_fields[] = {ORDER_FIELDS, {NULL}};
static const Field finish_fields[] = {
    ORDER_FIELDS,
    {"how", FIELD_ENUM(OrderKeys, how), .words = finish_words, .preset = "suspend",
     .help = "the guest is stopped and the rest is sent, or it goes on at the destination without the rest"},
    {NULL},
};

enum { WORD_MIGRATE, FIRST_ORDER };
const FieldCase migration_keys_actions[] = {
    [WORD_MIGRATE] = {"migrate", migrate_fields, "migrate a VM, its vTPM, or both"},
    [FIRST_ORDER + ORDER_TUNE] = {"tune-migration", tune_fields, "change limits of a migration that runs"},
    [FIRST_ORDER + ORDER_CANCEL] = {"cancel-migration", cancel_fields, "end it: the guest stays where it is"},
    [FIRST_ORDER + ORDER_FINISH] = {"finish-migration", finish_fields, "end its live rounds"},
    {NULL},
};

/* The word of an action that is the part's; -1: it is not. */
static int
word_of(const ActionSpec *action)
{
    guint word;

    return action_part(action, &word) == &migration_keys ? (int)word : -1;
}

const MigrateKeys *
migration_keys_of(const ActionSpec *action)
{
    return word_of(action) == WORD_MIGRATE ? action_keys(action, &migration_keys) : NULL;
}

const OrderKeys *
migration_keys_order(const ActionSpec *action, OrderKind *kind)
{
    const int word = word_of(action);

    if (word < FIRST_ORDER)
        return NULL;
    if (kind)
        *kind = (OrderKind)(word - FIRST_ORDER);
    return action_keys(action, &migration_keys);
}

static gboolean
says_pull(OrderKind kind, const OrderKeys *keys)
{
    return kind == ORDER_TUNE ? keys->at_time_limit == TUNE_TIME_UP_POSTCOPY
                              : kind == ORDER_FINISH && keys->how == FINISH_BY_POSTCOPY;
}

static gboolean
says_limit(OrderKind kind, const OrderKeys *keys)
{
    return kind == ORDER_TUNE && !isnan(keys->time_limit_s);
}

static gboolean
may_be_told(const ScenarioSpec *scenario, const char *guest, gboolean (*says)(OrderKind kind, const OrderKeys *keys))
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        OrderKind kind;
        const OrderKeys *keys = migration_keys_order(scenario_action(scenario, i), &kind);
        if (keys && (!guest || g_str_equal(keys->guest, guest)) && says(kind, keys))
            return TRUE;
    }
    return FALSE;
}

gboolean
migration_keys_may_pull(const ScenarioSpec *scenario, const char *guest)
{
    return may_be_told(scenario, guest, says_pull);
}

gboolean
migration_keys_may_limit(const ScenarioSpec *scenario, const char *guest)
{
    return may_be_told(scenario, guest, says_limit);
}
