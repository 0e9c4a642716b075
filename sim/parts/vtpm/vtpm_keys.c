#include "sim/parts/vtpm/vtpm_keys.h"

#include "sim/specs/reject.h"
#include "sim/specs/workload_check.h"

#include <math.h>

static const Field script_fields[] = {
    {"interval", FIELD_TIME(ScriptSpec, interval_s), .preset = "5s", .above = "0s",
     .help = "pause between one call's end and the next call"},
    {"start", FIELD_TIME(ScriptSpec, start_s), .preset = "0s", .help = "when the first call is made"},
    {NULL},
};
static const FieldTable script_table = {"script", sizeof(ScriptSpec), script_fields,
                                        .help = "the VM's script: SHA-1 and extend, again and again"};

static const char *const command_words[] = {"extend", "read", "quote",     "seal", "unseal",
                                            "random", "hash", "increment", NULL};
static const Field caller_fields[] = {
    {"name", FIELD_NAME(TpmCallerSpec, name), .required = TRUE, .help = "what the results call the program"},
    {"command", FIELD_ENUM(TpmCallerSpec, command), .words = command_words, .preset = "extend",
     .help =
         "extend: a register, and note it in the event log; read: a register; quote: sign a register; seal, unseal: "
         "a secret to a register; random: 32 bytes; hash: a text; increment: an NV counter"},
    {"register", FIELD_COUNT(TpmCallerSpec, pcr), .preset = "10", .min = "0", .max = "23",
     .help = "PCR of extend, read, quote, seal"},
    {"interval", FIELD_TIME(TpmCallerSpec, interval_s), .preset = "5s", .above = "0s",
     .help = "pause between one call's end and the next call"},
    {"start", FIELD_TIME(TpmCallerSpec, start_s), .preset = "0s", .help = "when the first call is made"},
    {NULL},
};
static const FieldTable caller_table = {"tpm_caller", sizeof(TpmCallerSpec), caller_fields,
                                        .help =
                                            "a program of the guest that gives its TPM one command again and again"};

static const Field transfer_fields[] = {
    {"nonce", FIELD_TIME(TpmTransferSpec, nonce_s), .preset = "0s",
     .help = "the destination makes an empty instance and a nonce"},
    {"lock", FIELD_TIME(TpmTransferSpec, lock_s), .preset = "0s", .help = "the source locks its instance to the nonce"},
    {"encrypt_rate", FIELD_DATA_RATE(TpmTransferSpec, encrypt_Bps), .above = "0bps",
     .help = "the state is encrypted, and decrypted, at this rate; absent: at once"},
    {"digest_rate", FIELD_DATA_RATE(TpmTransferSpec, digest_Bps), .above = "0bps",
     .help = "the state is digested, on either side, at this rate; absent: at once"},
    {"delete", FIELD_TIME(TpmTransferSpec, delete_s), .preset = "0s", .help = "the source deletes its state"},
    {NULL},
};
static const FieldTable transfer_table = {"tpm_transfer", sizeof(TpmTransferSpec), transfer_fields,
                                          .help = "nonce, lock, encrypt, digest, delete (after Berger et al. 2006)"};

static const char *const generation_words[] = {"1.2", "2.0", NULL};
static const char *const state_words[] = {"moves", "fresh", "shared", NULL};
static const char *const arrival_words[] = {"keep", "extend", "rebind", NULL};
static const Field tpm_fields[] = {
    {"generation", FIELD_ENUM(TpmSpec, generation), .words = generation_words, .preset = "2.0",
     .help = "1.2: a bank of SHA-1; 2.0: of SHA-1 and of SHA-256"},
    {"nv", FIELD_SIZE(TpmSpec, nv_bytes), .preset = "0B", .max = "176832B", .help = "NV storage besides the counters"},
    {"state_version", FIELD_INTEGER(TpmSpec, state_version), .preset = "1", .min = "1",
     .help = "of the state's format: a manager that reads older ones only does not take it"},
    {"attestation_key", FIELD_BOOLEAN(TpmSpec, attestation_key), .preset = "true",
     .help = "whether it can sign quotes"},
    {"state", FIELD_ENUM(TpmSpec, state), .words = state_words, .preset = "moves",
     .help =
         "moves: with its pages, or behind the VM's; fresh: the destination makes a new TPM; shared: it lies on storage "
         "that both hosts reach, under a lock"},
    {"lock_release", FIELD_TIME(TpmSpec, lock_release_s),
     .help = "of a shared state: from the source's stop until the destination has the lock; absent: never"},
    {"arrival", FIELD_ENUM(TpmSpec, arrival), .words = arrival_words, .preset = "keep",
     .help =
         "keep: the registers as they are; extend: register 11 by the new host, as by the first one; rebind: another "
         "attestation key, which the new host vouches for"},
    {"rebind_time", FIELD_TIME(TpmSpec, rebind_s), .preset = "0s", .help = "until verifiers know the new key"},
    {"transfer", FIELD_OBJECT(TpmSpec, transfer), .table = &transfer_table,
     .help = "absent: pages are copied, and no second copy is kept away by anything else"},
    {"extend_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_EXTEND]),
     .help = "absent: service_time, as of those below"},
    {"read_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_READ]), .help = "of reading a register"},
    {"quote_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_QUOTE]), .help = "of a quote"},
    {"seal_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_SEAL]), .help = "of sealing"},
    {"unseal_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_UNSEAL]), .help = "of unsealing"},
    {"random_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_RANDOM]), .help = "of random bytes"},
    {"hash_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_HASH]), .help = "of a hash"},
    {"increment_time", FIELD_TIME(TpmSpec, command_s[TPM_COMMAND_INCREMENT]), .help = "of incrementing a counter"},
    {"callers", FIELD_LIST(TpmSpec, callers, OBJECT), .table = &caller_table, .help = "programs that call it"},
    {NULL},
};
static const FieldTable tpm_table = {"tpm", sizeof(TpmSpec), tpm_fields,
                                     .help = "what a vTPM is, and what becomes of it"};

static const Field binding_fields[] = {
    {"vm", FIELD_REFERENCE(VtpmBindingSpec, vm), .refers = "/guests", .required = TRUE, .help = "which VM"},
    {"uuid", FIELD_STRING(VtpmBindingSpec, uuid), .required = TRUE, .help = "of the vTPM that it has on this host"},
    {NULL},
};
static const FieldTable binding_table = {"vtpm_binding", sizeof(VtpmBindingSpec), binding_fields,
                                         .help = "a VM that a host has with another vTPM than it comes with"};

static const Field manager_fields[] = {
    {"host", FIELD_REFERENCE(VtpmManagerSpec, host), .refers = "/hosts", .required = TRUE, .help = "where it is"},
    {"hardware_tpm", FIELD_BOOLEAN(VtpmManagerSpec, hardware_tpm), .preset = "true",
     .help = "whether it seals its instances' keys to the host's TPM"},
    {"policy", FIELD_STRING(VtpmManagerSpec, policy), .preset = "\"\"",
     .help = "what is measured into the host's TPM: instances go between equal ones only"},
    {"state_version", FIELD_INTEGER(VtpmManagerSpec, state_version), .preset = "1", .min = "1",
     .help = "the newest format of a state that it reads"},
    {"bindings", FIELD_LIST(VtpmManagerSpec, bindings, OBJECT), .table = &binding_table,
     .help = "VMs that it has with another vTPM, left there or made for them: they do not come with their own one"},
    {NULL},
};
static const FieldTable manager_table = {"vtpm_manager", sizeof(VtpmManagerSpec), manager_fields,
                                         .help = "a host's vTPM manager domain"};

static const Field verifier_fields[] = {
    {"name", FIELD_NAME(VerifierSpec, name), .required = TRUE, .help = "what the results call it"},
    {"vtpm", FIELD_REFERENCE(VerifierSpec, vtpm), .refers = "/vtpms", .required = TRUE, .help = "whom it challenges"},
    {"interval", FIELD_TIME(VerifierSpec, interval_s), .preset = "10s", .above = "0s",
     .help = "from challenge to challenge"},
    {"start", FIELD_TIME(VerifierSpec, start_s), .preset = "0s", .help = "when it challenges first"},
    {"round_trip", FIELD_TIME(VerifierSpec, round_trip_s), .preset = "1ms", .help = "to the guest and back"},
    {"patience", FIELD_TIME(VerifierSpec, patience_s), .preset = "5s", .above = "0s",
     .help = "a challenge that is not answered in that time is given up"},
    {"check_after", FIELD_TIME(VerifierSpec, check_after_s), .preset = "0s",
     .help = "from the quote's arrival to its check"},
    {NULL},
};
static const FieldTable verifier_table = {"verifier", sizeof(VerifierSpec), verifier_fields,
                                          .help = "who challenges a vTPM from afar"};

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
    {"tpm", FIELD_OBJECT(VtpmSpec, tpm), .table = &tpm_table,
     .help = "absent: a TPM 1.2 that nobody challenges, as the paper's"},
    {NULL},
};
const FieldTable vtpm_table = {"vtpm",         sizeof(VtpmSpec),
                               vtpm_fields,    .profiles = "vtpms",
                               .groups = TRUE, .help = "a vTPM instance domain, bound to one VM"};

static const Field part_fields[] = {
    {"vtpms", FIELD_LIST(VtpmKeys, vtpms, OBJECT), .table = &vtpm_table, .help = "vTPM instance domains"},
    {"vtpm_managers", FIELD_LIST(VtpmKeys, managers, OBJECT), .table = &manager_table,
     .help = "hosts' vTPM manager domains; of others: without a hardware TPM"},
    {"verifiers", FIELD_LIST(VtpmKeys, verifiers, OBJECT), .table = &verifier_table, .help = "who challenges vTPMs"},
    {NULL},
};

const VtpmKeys *
vtpm_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &vtpm_keys);
}

const VtpmSpec *
vtpm_keys_named(const VtpmKeys *keys, const char *name)
{
    for (guint i = 0; i < keys->vtpms->len; i++) {
        const VtpmSpec *vtpm = &g_array_index(keys->vtpms, VtpmSpec, i);
        if (g_str_equal(vtpm->name, name))
            return vtpm;
    }
    return NULL;
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
                                   vtpm->memory_bytes,
                                   VTPM_VCPUS};
        g_array_append_val(domains, domain);
    }
}

static gboolean
asks_for_quotes(const TpmSpec *tpm)
{
    for (guint i = 0; i < tpm->callers->len; i++)
        if (g_array_index(tpm->callers, TpmCallerSpec, i).command == TPM_COMMAND_QUOTE)
            return TRUE;
    return FALSE;
}

/* That it fits its domain, and that what is asked of it is there. */
static gboolean
check_state(const VtpmSpec *vtpm, guint i, GError **error)
{
    gsize bytes[TPM_N_AREAS];
    const TpmSpec *tpm = vtpm->tpm;

    if (!tpm)
        return TRUE;
    tpm_area_bytes(tpm->generation, (gsize)tpm->nv_bytes, bytes);
    if ((double)tpm_memory_needed(bytes) > vtpm->memory_bytes)
        return reject(error, "/vtpms/%u/memory: holds %.0f B, expected at least the state's %" G_GSIZE_FORMAT " B", i,
                      vtpm->memory_bytes, tpm_memory_needed(bytes));
    if (!tpm->attestation_key && asks_for_quotes(tpm))
        return reject(error, "/vtpms/%u/tpm/attestation_key: a caller asks for quotes, expected a key to sign them", i);
    if (!isnan(tpm->lock_release_s) && tpm->state != TPM_STATE_SHARED)
        return reject(error, "/vtpms/%u/tpm/lock_release: the state has no lock, expected \"state\": \"shared\"", i);
    return TRUE;
}

/* A VM that has a vTPM, once. */
static gboolean
check_bindings(const GArray *bindings, GHashTable *vtpms, guint manager, GError **error)
{
    g_autoptr(GHashTable) bound = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < bindings->len; i++) {
        char *vm = g_array_index(bindings, VtpmBindingSpec, i).vm;
        if (!g_hash_table_contains(vtpms, vm))
            return reject(error, "/vtpm_managers/%u/bindings/%u/vm: \"%s\" has no vTPM, expected a VM with one",
                          manager, i, vm);
        if (!g_hash_table_add(bound, vm))
            return reject(error, "/vtpm_managers/%u/bindings/%u/vm: \"%s\" is bound already, expected one of each VM",
                          manager, i, vm);
    }
    return TRUE;
}

static gboolean
check_managers(const GArray *managers, GHashTable *vtpms, GError **error)
{
    g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < managers->len; i++) {
        char *host = g_array_index(managers, VtpmManagerSpec, i).host;
        if (!g_hash_table_add(hosts, host))
            return reject(error, "/vtpm_managers/%u/host: \"%s\" has a manager already, expected one of each host", i,
                          host);
        if (!check_bindings(g_array_index(managers, VtpmManagerSpec, i).bindings, vtpms, i, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_verifiers(const VtpmKeys *keys, GError **error)
{
    for (guint i = 0; i < keys->verifiers->len; i++) {
        const VerifierSpec *verifier = &g_array_index(keys->verifiers, VerifierSpec, i);
        const VtpmSpec *vtpm = vtpm_keys_named(keys, verifier->vtpm);
        if (!vtpm->tpm)
            return reject(error, "/verifiers/%u/vtpm: \"%s\" has no \"tpm\", expected one that can be challenged", i,
                          verifier->vtpm);
        if (!vtpm->tpm->attestation_key)
            return reject(error, "/verifiers/%u/vtpm: \"%s\" has no attestation key, expected one that signs quotes", i,
                          verifier->vtpm);
    }
    return TRUE;
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
        if (!check_state(vtpm, i, error))
            return FALSE;
        if (!workload_check(vtpm->workload, vtpm->memory_bytes, vtpm->page_bytes, pointer, error))
            return FALSE;
    }
    return check_managers(vtpm_keys_of(scenario)->managers, by_vm, error) &&
           check_verifiers(vtpm_keys_of(scenario), error);
}

static const Field fail_manager_fields[] = {
    {"host", FIELD_REFERENCE(FailManagerKeys, host), .refers = "/hosts", .required = TRUE, .help = "whose manager"},
    {NULL},
};
static const FieldCase actions[] = {
    {"fail-vtpm-manager", fail_manager_fields, "the host's vTPM manager domain crashes: it serves no vTPM any more"},
    {NULL},
};

const PartKeys vtpm_keys = {"vtpm",
                            .fields = part_fields,
                            .size = sizeof(VtpmKeys),
                            .domain_lists = "/vtpms",
                            .list_domains = list_domains,
                            .actions = actions,
                            .action_size = sizeof(FailManagerKeys),
                            .check = check};
