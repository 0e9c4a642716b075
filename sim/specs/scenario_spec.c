#include "sim/specs/scenario_spec.h"

static const char *const method_words[] = {"vm", "vtpm", "vm-then-vtpm", "vtpm-then-vm", "joint", "concatenated", NULL};

static const Field migrate_fields[] = {
    {"vm", FIELD_REFERENCE(ActionSpec, guest), .refers = "/guests", .required = TRUE, .help = "the VM to migrate"},
    {"to", FIELD_REFERENCE(ActionSpec, host), .refers = "/hosts", .required = TRUE, .help = "destination host"},
    {"method", FIELD_ENUM(ActionSpec, method), .words = method_words, .preset = "vm",
     .help = "the VM, its vTPM, one after the other, jointly by CUMP, or jointly by concatenation"},
    {"hypervisor", FIELD_OBJECT(ActionSpec, hypervisor), .table = &hypervisor_table, .preset = "xen-4.5",
     .help = "pre-copy policy and costs"},
    {"name", FIELD_NAME(ActionSpec, name), .help = "what the results call this migration; absent: the VM's name"},
    {NULL},
};
static const Field set_workload_fields[] = {
    {"guest", FIELD_REFERENCE(ActionSpec, guest), .refers = "/guests /vtpms", .required = TRUE, .help = "whose"},
    {"workload", FIELD_OBJECT(ActionSpec, workload), .table = &workload_table, .required = TRUE, .help = "from now on"},
    {NULL},
};
static const Field link_action_fields[] = {
    {"link", FIELD_REFERENCE(ActionSpec, link), .refers = "/links", .required = TRUE, .help = "which cable"},
    {NULL},
};
static const Field host_action_fields[] = {
    {"host", FIELD_REFERENCE(ActionSpec, host), .refers = "/hosts", .required = TRUE, .help = "which host"},
    {NULL},
};
static const Field action_fields[] = {
    {"at", FIELD_TIME(ActionSpec, at_s), .required = TRUE, .help = "when"},
    {NULL},
};
static const FieldCase action_cases[] = {
    {"migrate", migrate_fields, "live-migrate a VM, its vTPM, or both"},
    {"set-workload", set_workload_fields, "change what a guest writes"},
    {"fail-link", link_action_fields, "cut a cable"},
    {"restore-link", link_action_fields, "repair it"},
    {"fail-host", host_action_fields, "lose a host and every domain that runs on it, for good"},
    {NULL},
};
static const FieldTable action_table = {"action",
                                        sizeof(ActionSpec),
                                        action_fields,
                                        .tag = "do",
                                        FIELD_TAG(ActionSpec, kind),
                                        .cases = action_cases,
                                        .help = "something that happens at a date"};

static const Field scenario_fields[] = {
    {"name", FIELD_NAME(ScenarioSpec, name), .required = TRUE, .help = "short name of the scenario"},
    {"title", FIELD_STRING(ScenarioSpec, title), .preset = "", .help = "one line, for lists and reports"},
    {"description", FIELD_STRING(ScenarioSpec, description), .preset = "", .help = "what it shows, any length"},
    {"seed", FIELD_INTEGER(ScenarioSpec, seed), .preset = "1", .min = "0", .help = "of every random stream"},
    {"run_until", FIELD_TIME(ScenarioSpec, run_until_s), .preset = "0s",
     .help = "the run lasts at least so long; it ends after the last action and migration"},
    {"engine", FIELD_OBJECT(ScenarioSpec, engine), .table = &engine_table, .preset = "{}", .help = "how to compute"},
    {"hosts", FIELD_LIST(ScenarioSpec, hosts, OBJECT), .table = &host_table, .required = TRUE, .min_items = 1,
     .help = "physical machines"},
    {"switches", FIELD_LIST(ScenarioSpec, switches, OBJECT), .table = &switch_table, .help = "network switches"},
    {"links", FIELD_LIST(ScenarioSpec, links, OBJECT), .table = &link_table, .help = "cables"},
    {"flows", FIELD_LIST(ScenarioSpec, flows, OBJECT), .table = &flow_table, .help = "background traffic"},
    {"guests", FIELD_LIST(ScenarioSpec, guests, OBJECT), .table = &guest_table, .help = "virtual machines"},
    {"vtpms", FIELD_LIST(ScenarioSpec, vtpms, OBJECT), .table = &vtpm_table, .help = "vTPM instance domains"},
    {"cards", FIELD_LIST(ScenarioSpec, cards, OBJECT), .table = &card_table, .help = "hardware crypto cards"},
    {"card_paths", FIELD_LIST(ScenarioSpec, card_paths, OBJECT), .table = &card_path_table,
     .help = "ways from VMs to cards"},
    {"card_sessions", FIELD_LIST(ScenarioSpec, card_sessions, OBJECT), .table = &card_session_table,
     .help = "which VM uses which card, how"},
    {"card_measurement", FIELD_OBJECT(ScenarioSpec, card_measurement), .table = &card_measure_table, .preset = "{}",
     .help = "how the cards' results are measured"},
    {"sockets", FIELD_LIST(ScenarioSpec, sockets, OBJECT), .table = &socket_table, .help = "connections between VMs"},
    {"timeline", FIELD_LIST(ScenarioSpec, timeline, OBJECT), .table = &action_table, .help = "what happens when"},
    {"sweep", FIELD_OBJECT(ScenarioSpec, sweep), .table = &sweep_table, .help = "what `tandem sweep` runs"},
    {NULL},
};
const FieldTable scenario_table = {"scenario", sizeof(ScenarioSpec), scenario_fields,
                                   .help = "a run of tandem: platform, guests, what happens"};

const GuestSpec *
scenario_guest(const ScenarioSpec *scenario, const char *name)
{
    for (guint i = 0; i < scenario->guests->len; i++)
        if (g_str_equal(g_array_index(scenario->guests, GuestSpec, i).name, name))
            return &g_array_index(scenario->guests, GuestSpec, i);
    return NULL;
}
