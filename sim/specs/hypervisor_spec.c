#include "sim/specs/hypervisor_spec.h"

static const Field costs_fields[] = {
    {"pre_migration", FIELD_TIME(StepCosts, pre_migration_s), .preset = "0s", .help = "connecting and hand-shake"},
    {"reservation", FIELD_TIME(StepCosts, reservation_s), .preset = "0s",
     .help = "creating the empty domain at the destination"},
    {"suspend", FIELD_TIME(StepCosts, suspend_s), .preset = "0s", .help = "stopping the guest; downtime"},
    {"commitment", FIELD_TIME(StepCosts, commitment_s), .preset = "0s",
     .help = "the destination confirms that it has everything; downtime"},
    {"resume", FIELD_TIME(StepCosts, resume_s), .preset = "0s", .help = "starting the guest; downtime"},
    {"activation", FIELD_TIME(StepCosts, activation_s), .preset = "0s",
     .help = "after the guest runs again: devices, clean-up"},
    {"variation", FIELD_NUMBER(StepCosts, variation), .preset = "0", .min = "0", .max = "0.3",
     .help = "standard deviation of each of these costs over its mean"},
    {NULL},
};
static const FieldTable costs_table = {"costs", sizeof(StepCosts), costs_fields,
                                       .help = "what a domain's migration costs whatever its size"};

static const char *const few_words[] = {"sent-and-skipped", "dirty", NULL};

static const Field hypervisor_fields[] = {
    {"max_rounds", FIELD_INTEGER(HypervisorSpec, max_rounds), .preset = "29", .min = "0", .max = "1000000",
     .help = "live rounds at most; 0 is stop-and-copy"},
    {"min_pages", FIELD_INTEGER(HypervisorSpec, min_pages), .preset = "50", .min = "0",
     .help = "stop when fewer pages than this are left"},
    {"few_pages_of", FIELD_ENUM(HypervisorSpec, few_basis), .words = few_words, .preset = "sent-and-skipped",
     .help = "which number min_pages looks at: the last round's sent and skipped pages, or the pages now dirty"},
    {"max_factor", FIELD_NUMBER(HypervisorSpec, max_factor), .preset = "3", .min = "0",
     .help = "stop when more than so many times the memory was sent; 0: never"},
    {"batch_pages", FIELD_INTEGER(HypervisorSpec, batch_pages), .preset = "1024", .min = "1", .max = "1048576",
     .help = "pages sent between two looks at the dirty log"},
    {"skip_redirtied", FIELD_BOOLEAN(HypervisorSpec, skip_redirtied), .preset = "true",
     .help = "leave out pages that are dirty again when their turn comes (Xen 4.5's to_skip)"},
    {"page_header", FIELD_SIZE(HypervisorSpec, page_header_bytes), .preset = "8B", .help = "on the wire with a page"},
    {"batch_header", FIELD_SIZE(HypervisorSpec, batch_header_bytes), .preset = "4B", .help = "with a batch"},
    {"zero_page", FIELD_SIZE(HypervisorSpec, zero_page_bytes), .preset = "0B",
     .help = "a zero page's cost on the wire; 0B: it is sent like any other"},
    {"device_state", FIELD_SIZE(HypervisorSpec, device_state_bytes), .preset = "64KiB",
     .help = "processor and device state, sent while the guest is stopped"},
    {"page_work", FIELD_TIME(HypervisorSpec, page_work_s), .preset = "0s",
     .help = "serial work per page that the transfer does not hide"},
    {"cump_page_work", FIELD_TIME(HypervisorSpec, cump_page_s), .preset = "0s",
     .help = "serial work per page of a joint migration: union copy at the source, separation copy at the destination"},
    {"costs", FIELD_OBJECT(HypervisorSpec, costs), .table = &costs_table, .preset = "{}",
     .help = "what a domain's migration costs whatever its size"},
    {NULL},
};
const FieldTable hypervisor_table = {"hypervisor", sizeof(HypervisorSpec), hypervisor_fields, .profiles = "hypervisors",
                                     .help = "pre-copy policy and fixed costs"};
