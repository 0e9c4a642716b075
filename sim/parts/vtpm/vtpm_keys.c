#include "sim/parts/vtpm/vtpm_keys.h"

#include "sim/specs/reject.h"
#include "sim/specs/scenario_check.h"

static const Field script_fields[] = {
    {"interval", FIELD_TIME(ScriptSpec, interval_s), .preset = "5s", .above = "0s",
     .help = "pause between one call's end and the next call"},
    {"start", FIELD_TIME(ScriptSpec, start_s), .preset = "0s", .help = "when the first call is made"},
    {NULL},
};
static const FieldTable script_table = {"script", sizeof(ScriptSpec), script_fields,
                                        .help = "the VM's script: SHA-1 and extend, again and again"};

static const Field vtpm_fields[] = {
    {"name", FIELD_NAME(VtpmSpec, name), .required = TRUE, .help = "the vTPM instance domain's name"},
    {"vm", FIELD_REFERENCE(VtpmSpec, vm), .refers = "/guests", .required = TRUE, .help = "the VM that it serves"},
    {"uuid", FIELD_STRING(VtpmSpec, uuid), .help = "absent: derived from the name"},
    {"memory", FIELD_SIZE(VtpmSpec, memory_bytes), .preset = "2MiB", .min = "64KiB", .max = "1TiB",
     .help = "memory of the instance domain"},
    {"page", FIELD_SIZE(VtpmSpec, page_bytes), .preset = "4KiB", .min = "4KiB", .max = "2MiB",
     .help = "page size; the VM's, when they migrate jointly"},
    {"service_time", FIELD_TIME(VtpmSpec, service_s), .preset = "10ms",
     .help = "of one SHA-1 and extend through front end, back end and emulator"},
    {"command_timeout", FIELD_TIME(VtpmSpec, command_timeout_s), .preset = "2s", .above = "0s",
     .help = "a command that waits longer for its vTPM fails"},
    {"pages_per_command", FIELD_INTEGER(VtpmSpec, pages_per_command), .preset = "4", .min = "0",
     .help = "pages of the vTPM domain that one command writes"},
    {"cpu_share", FIELD_NUMBER(VtpmSpec, cpu_share), .preset = "0.01", .min = "0", .max = "1", .help = "as of a guest"},
    {"workload", FIELD_OBJECT(VtpmSpec, workload), .table = &workload_table, .preset = "{\"kind\":\"idle\"}",
     .help = "what the instance domain writes by itself"},
    {"script", FIELD_OBJECT(VtpmSpec, script), .table = &script_table, .help = "absent: nobody calls the vTPM"},
    {NULL},
};
const FieldTable vtpm_table = {"vtpm", sizeof(VtpmSpec), vtpm_fields, .profiles = "vtpms",
                               .help = "a vTPM instance domain, bound to one VM"};

static const Field part_fields[] = {
    {"vtpms", FIELD_LIST(VtpmKeys, vtpms, OBJECT), .table = &vtpm_table, .help = "vTPM instance domains"},
    {NULL},
};

const VtpmKeys *
vtpm_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &vtpm_keys);
}

GHashTable *
vtpm_keys_by_vm(const ScenarioSpec *scenario)
{
    const GArray *vtpms = vtpm_keys_of(scenario)->vtpms;
    GHashTable *by_vm = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = vtpms->len; i > 0; i--) {
        VtpmSpec *vtpm = &g_array_index(vtpms, VtpmSpec, i - 1);
        g_hash_table_insert(by_vm, vtpm->vm, vtpm);
    }
    return by_vm;
}

static void
list_domains(const ScenarioSpec *scenario, GArray *domains)
{
    const GArray *vtpms = vtpm_keys_of(scenario)->vtpms;

    for (guint i = 0; i < vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(vtpms, VtpmSpec, i);
        const DomainSpec domain = {"vtpms",
                                   i,
                                   vtpm->name,
                                   vtpm->uuid,
                                   scenario_guest(scenario, vtpm->vm)->host,
                                   vtpm->vm,
                                   vtpm->memory_bytes,
                                   vtpm->page_bytes,
                                   vtpm->memory_bytes};
        g_array_append_val(domains, domain);
    }
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const GArray *vtpms = vtpm_keys_of(scenario)->vtpms;
    g_autoptr(GHashTable) by_vm = vtpm_keys_by_vm(scenario);

    for (guint i = 0; i < vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(vtpms, VtpmSpec, i);
        g_autofree char *pointer = g_strdup_printf("/vtpms/%u/workload", i);
        if (g_hash_table_lookup(by_vm, vtpm->vm) != vtpm)
            return reject(error, "/vtpms/%u/vm: \"%s\" has a vTPM already, expected a VM without one", i, vtpm->vm);
        if (!scenario_check_workload(vtpm->workload, vtpm->memory_bytes, vtpm->page_bytes, pointer, error))
            return FALSE;
    }
    return TRUE;
}

const PartKeys vtpm_keys = {"vtpm",
                            .fields = part_fields,
                            .size = sizeof(VtpmKeys),
                            .domain_lists = "/vtpms",
                            .list_domains = list_domains,
                            .check = check};
