#include "sim/specs/guest_spec.h"

#include <math.h>

#define WORKING_SET_FIELDS                                                                                             \
    {"working_set", FIELD_SIZE(WorkloadSpec, working_set_bytes), .required = TRUE, .above = "0B",                      \
     .help = "memory that the workload writes to"},                                                                    \
    {                                                                                                                  \
        "first", FIELD_SIZE(WorkloadSpec, first_bytes), .preset = "0B", .help = "where the working set begins"         \
    }

#define SPREAD_FIELD                                                                                                   \
    {                                                                                                                  \
        "rate_spread", FIELD_NUMBER(WorkloadSpec, rate_spread),                                                        \
            .above = "0", .max = "3",                                                                                  \
            .help =                                                                                                    \
                "what nobody knows of it beforehand: its rates are multiplied by a log-normal factor of median 1, of " \
                "whose logarithm this is the standard deviation, drawn once for each domain and seed; absent: by 1"    \
    }
#define RATE_FIELD                                                                                                     \
    {"rate", FIELD_FREQUENCY(WorkloadSpec, rate_pages_s), .required = TRUE,                                            \
     .help = "page writes per second while the guest runs at full speed"},                                             \
        SPREAD_FIELD

static const Field idle_fields[] = {{NULL}};
static const Field uniform_fields[] = {WORKING_SET_FIELDS, RATE_FIELD, {NULL}};
static const Field hot_cold_fields[] = {
    WORKING_SET_FIELDS,
    RATE_FIELD,
    {"hot_set", FIELD_SIZE(WorkloadSpec, hot_set_bytes), .required = TRUE, .above = "0B",
     .help = "the first part of the working set, smaller than it"},
    {"hot_share", FIELD_NUMBER(WorkloadSpec, hot_share), .required = TRUE, .min = "0", .max = "1",
     .help = "share of the writes that go to the hot set"},
    {NULL},
};
static const Field zipf_fields[] = {
    WORKING_SET_FIELDS,
    RATE_FIELD,
    {"exponent", FIELD_NUMBER(WorkloadSpec, exponent), .preset = "1", .above = "0", .max = "10",
     .help = "page k of the working set gets a share proportional to 1/k^exponent"},
    {NULL},
};
static const Field replay_fields[] = {
    {"file", FIELD_STRING(WorkloadSpec, file), .required = TRUE, .help = "CSV with columns time_s,page"},
    {NULL},
};
static const Field intervals_fields[] = {
    WORKING_SET_FIELDS,
    {"spread", FIELD_SIZE(WorkloadSpec, spread_bytes), .above = "0B",
     .help = "the working set's pages stand evenly spaced in so much memory; absent: side by side"},
    {"file", FIELD_STRING(WorkloadSpec, file), .required = TRUE, .help = "CSV with columns duration_s,pages"},
    {"exponent", FIELD_NUMBER(WorkloadSpec, exponent), .preset = "1", .min = "0.01", .max = "100",
     .help = "the first share u of an interval sees u^exponent of its pages: 1 evenly, below 1 most of them early"},
    {"at_clears", FIELD_BOOLEAN(WorkloadSpec, at_clears), .preset = "false",
     .help = "an interval begins when a migration clears the dirty log (its rounds), not when the one before ends"},
    {NULL},
};

static const Field unique_point_fields[] = {
    {"interval", FIELD_TIME(UniquePointSpec, interval_s), .required = TRUE, .above = "0s", .help = "so long"},
    {"unique", FIELD_SIZE(UniquePointSpec, unique_bytes), .required = TRUE, .above = "0B",
     .help = "memory of which every page is written at least once in it"},
    {NULL},
};
static const FieldTable unique_point_table = {"unique-point", sizeof(UniquePointSpec), unique_point_fields,
                                              .help = "how much memory a guest writes within an interval"};
static const Field curve_fields[] = {
    {"first", FIELD_SIZE(WorkloadSpec, first_bytes), .preset = "0B", .help = "where the working set begins"},
    {"points", FIELD_LIST(WorkloadSpec, points, OBJECT), .table = &unique_point_table, .required = TRUE, .min_items = 1,
     .max_items = UNIQUE_CURVE_POINTS_MOST,
     .help = "measured of the running guest, from the shortest interval on (QEMU: calc-dirty-rate with several times)"},
    SPREAD_FIELD,
    {NULL},
};

static const char *const phase_law_words[] = {"constant", "exponential", NULL};
static const Field workload_fields[] = {
    {"lasts", FIELD_TIME(WorkloadSpec, lasts_s), .above = "0s",
     .help = "in a list of phases: how long this one lasts, on average; absent: to the end"},
    {"lasts_law", FIELD_ENUM(WorkloadSpec, lasts_law), .words = phase_law_words, .preset = "constant",
     .help = "in a list of phases: it lasts just so long each time, or a time that is drawn"},
    {"weight", FIELD_NUMBER(WorkloadSpec, weight), .preset = "1", .min = "0",
     .help = "in a list of phases that are drawn: how often it comes, among the others"},
    {NULL},
};
static const FieldCase workload_cases[] = {
    {"idle", idle_fields, "writes nothing"},
    {"uniform", uniform_fields, "every page of the working set alike"},
    {"hot-cold", hot_cold_fields, "a hot part of the working set gets most writes"},
    {"zipf", zipf_fields, "few pages get most writes"},
    {"sweep", uniform_fields, "one page after the other, round and round"},
    {"replay", replay_fields, "each write as recorded in a file"},
    {"intervals", intervals_fields, "so many distinct pages in each interval of a file"},
    {"curve", curve_fields, "so much memory in an interval of so long, as measured for several"},
    {NULL},
};
const FieldTable workload_table = {
    "workload",    sizeof(WorkloadSpec),          workload_fields,         .profiles = "workloads",
    .tag = "kind", FIELD_TAG(WorkloadSpec, kind), .cases = workload_cases, .help = "which pages a guest writes when"};

static const Field bare_fields[] = {{NULL}};
static const Field linux_fields[] = {
    {"program", FIELD_SIZE(LayoutSpec, program_bytes), .required = TRUE,
     .help = "filled by user programs, in one piece; the workload's \"first\" counts from its beginning"},
    {"firmware", FIELD_SIZE(LayoutSpec, firmware_bytes), .preset = "520KiB",
     .help = "part of memory: firmware and tables behind RAM"},
    {"firmware_used", FIELD_SIZE(LayoutSpec, firmware_used_bytes), .preset = "400KiB", .help = "of it, not zero"},
    {"kernel_top", FIELD_SIZE(LayoutSpec, kernel_top_bytes), .preset = "2152KiB",
     .help = "the kernel's pages near the top of RAM, besides page descriptors"},
    {"scattered", FIELD_NUMBER(LayoutSpec, scattered), .preset = "0.3", .min = "0", .max = "1",
     .help = "share of the zero pages that lies between small pieces at the bottom"},
    {NULL},
};
static const Field layout_fields[] = {{NULL}};
static const FieldCase layout_cases[] = {
    {"auto", bare_fields,
     "linux, when not all memory is used and a migration of QEMU's mechanism moves the guest; else prefix"},
    {"prefix", bare_fields, "what is used lies at the bottom"},
    {"linux", linux_fields, "a Linux guest after boot, models/memory/layout.h"},
    {NULL},
};
static const FieldTable layout_table = {"layout",
                                        sizeof(LayoutSpec),
                                        layout_fields,
                                        .tag = "kind",
                                        FIELD_TAG(LayoutSpec, kind),
                                        .tag_preset = "auto",
                                        .cases = layout_cases,
                                        .help = "where the pages lie that are not zero"};

static const Field kernel_fields[] = {
    {"pages", FIELD_INTEGER(KernelSpec, pages), .preset = "70", .min = "1", .max = "1000000", .help = "how many"},
    {"interval", FIELD_TIME(KernelSpec, interval_s), .preset = "2s", .above = "0s",
     .help = "between two writes to each, on average"},
    {NULL},
};
static const FieldTable kernel_table = {"kernel", sizeof(KernelSpec), kernel_fields,
                                        .help = "pages that an idle kernel keeps writing"};

static const char *const mode_words[] = {"pv", "hvm", NULL};
static const char *const stop_words[] = {
    [FAULTS_STOP_PROGRAM] = "program", [FAULTS_STOP_PROCESSOR] = "processor", NULL};
static const char *const order_words[] = {"once", "repeat", "drawn", NULL};

static const Field guest_fields[] = {
    {"name", FIELD_NAME(GuestSpec, name), .required = TRUE, .help = "the domain's name"},
    {"host", FIELD_REFERENCE(GuestSpec, host), .refers = "/hosts", .required = TRUE, .help = "where it runs at first"},
    {"uuid", FIELD_STRING(GuestSpec, uuid), .help = "absent: derived from the name"},
    {"vtpm_uuid", FIELD_STRING(GuestSpec, vtpm_uuid),
     .help = "uuid of the vTPM that the VM's configuration names; absent: that of its vTPM"},
    {"memory", FIELD_SIZE(GuestSpec, memory_bytes), .preset = "512MiB", .min = "64KiB", .max = "16TiB",
     .help = "guest memory"},
    {"used", FIELD_SIZE(GuestSpec, used_bytes),
     .help =
         "memory that was ever written; the rest is zero pages, which some policies send cheaply; absent: all; where: layout"},
    {"page", FIELD_SIZE(GuestSpec, page_bytes), .preset = "4KiB", .min = "4KiB", .max = "2MiB",
     .help = "unit of the dirty log and of what is sent again; KVM's is 4KiB, whatever backs the memory"},
    {"host_page", FIELD_SIZE(GuestSpec, host_page_bytes), .min = "4KiB", .max = "1GiB",
     .help = "page of the host that backs the memory (2MiB and 1GiB: huge pages), a multiple of page: QEMU's post-copy "
             "sends, places and lacks whole ones; absent: as page"},
    {"vcpus", FIELD_INTEGER(GuestSpec, vcpus), .preset = "1", .min = "1", .max = "1024", .help = "virtual processors"},
    {"faults_stop", FIELD_ENUM(GuestSpec, faults_stop), .words = stop_words,
     .help =
         "what waits for a page that post-copy has not brought yet: program, also when absent: all that the guest runs, "
         "as one whose threads wait for each other; processor, one of its vcpus, while the others go on with their shares"},
    {"cpu_share", FIELD_NUMBER(GuestSpec, cpu_share), .preset = "0.1", .min = "0", .max = "1",
     .help = "share of its virtual processors' time that the guest wants: for the domain listing, and where the host's "
             "processors are shared"},
    {"workload_share", FIELD_NUMBER(GuestSpec, workload_share), .above = "0", .max = "1",
     .help =
         "of cpu_share, what the workload's writes need, where the host's processors are shared: a guest that is given "
         "less than it wants, but not less than this, writes as fast as ever; absent: all of it"},
    {"mode", FIELD_ENUM(GuestSpec, mode), .words = mode_words, .preset = "pv",
     .help = "Xen 4.5 sends every page of an HVM guest in round 1"},
    {"compression_ratio", FIELD_NUMBER(GuestSpec, compression_ratio), .min = "1",
     .help =
         "of its pages that are not zero, bytes over what they are compressed to, where a migration compresses them; "
         "absent: as the hypervisor's compression says"},
    {"write_bytes", FIELD_SIZE(GuestSpec, write_bytes), .min = "1B",
     .help = "of a page, that one write changes, at a uniform place: what xbzrle has to send of it; absent: all"},
    {"layout", FIELD_OBJECT(GuestSpec, layout), .table = &layout_table, .preset = "{}",
     .help = "where the pages lie that are not zero"},
    {"kernel", FIELD_OBJECT(GuestSpec, kernel), .table = &kernel_table,
     .help = "what the kernel writes besides the workload; absent: nothing"},
    {"catches_up", FIELD_TIME(GuestSpec, catches_up_s), .preset = "0s",
     .help = "under auto-converge: the workload makes up for pauses of at most so long and forgets longer ones"},
    {"group", FIELD_INTEGER(GuestSpec, group), .preset = "1", .min = "0", .max = "4294967295",
     .help = "number of the group of VMs that may talk over shared memory; 0: none"},
    {"group_key", FIELD_INTEGER(GuestSpec, group_key), .preset = "0", .min = "0",
     .help = "the group's key: its first VM sets it, a VM with another one is not started"},
    {"workload", FIELD_OBJECT(GuestSpec, workload), .table = &workload_table, .preset = "{\"kind\":\"idle\"}",
     .help = "what it writes"},
    {"phases", FIELD_LIST(GuestSpec, phases, OBJECT), .table = &workload_table,
     .help = "workloads one after the other, instead of one"},
    {"phases_order", FIELD_ENUM(GuestSpec, phases_order), .words = order_words, .preset = "once",
     .help = "once: in their order, and the last one to the end; repeat: the first follows the last; drawn: whichever "
             "comes next is drawn by weight"},
    {"phases_anywhere", FIELD_BOOLEAN(GuestSpec, phases_anywhere), .preset = "false",
     .help = "the run begins at a drawn moment of phases that repeat or are drawn, and not where the first begins"},
    {NULL},
};
const FieldTable guest_table = {"guest",        sizeof(GuestSpec),          guest_fields, .profiles = "guests",
                                .groups = TRUE, .help = "a virtual machine"};

#define PAGES_MAX 0x1p53 /* more than any guest has, and room for sums */

static guint64
pages_of(double bytes, double page_bytes)
{
    return isnan(bytes) ? 0 : (guint64)MIN(ceil(bytes / page_bytes), PAGES_MAX);
}

static guint
curve_points(const WorkloadSpec *spec, double page_bytes, UniquePoint *points)
{
    for (guint i = 0; i < spec->points->len; i++) {
        const UniquePointSpec *point = &g_array_index(spec->points, UniquePointSpec, i);
        points[i] = (UniquePoint){point->interval_s, point->unique_bytes / page_bytes};
    }
    return spec->points->len;
}

static void
set_classes(const WorkloadSpec *spec, double page_bytes, WorkloadClass *classes, Workload *workload)
{
    UniquePoint points[UNIQUE_CURVE_POINTS_MOST];

    workload->n_classes =
        unique_curve_classes(points, curve_points(spec, page_bytes, points), classes, &workload->rate_pages_s);
    workload->classes = classes;
    for (gsize i = 0; i < workload->n_classes; i++)
        workload->pages += classes[i].pages;
}

double
guest_spec_curve_error(const WorkloadSpec *spec, double page_bytes, const Workload *in_pages, guint *worst)
{
    UniquePoint points[UNIQUE_CURVE_POINTS_MOST];
    const guint n = curve_points(spec, page_bytes, points);
    double error = 0;

    for (guint i = 0; i < n; i++) {
        const double pages = unique_curve_pages(in_pages->classes, (guint)in_pages->n_classes, in_pages->rate_pages_s,
                                                points[i].interval_s);
        const double off = fabs(pages / points[i].pages - 1);
        *worst = off >= error ? i : *worst;
        error = MAX(error, off);
    }
    return error;
}

Workload
guest_spec_workload(const WorkloadSpec *spec, double page_bytes, WorkloadClass *classes)
{
    Workload workload = {.kind = spec->kind};

    if (spec->kind == WORKLOAD_IDLE || spec->kind == WORKLOAD_REPLAY)
        return workload;
    workload.first_page = pages_of(spec->first_bytes, page_bytes);
    if (spec->kind == WORKLOAD_CURVE) {
        set_classes(spec, page_bytes, classes, &workload);
        return workload;
    }
    workload.pages = pages_of(spec->working_set_bytes, page_bytes);
    if (spec->kind == WORKLOAD_ZIPF || spec->kind == WORKLOAD_INTERVALS)
        workload.exponent = spec->exponent;
    if (spec->kind == WORKLOAD_INTERVALS) {
        workload.at_clears = spec->at_clears;
        workload.spread_pages = pages_of(spec->spread_bytes, page_bytes);
    } else {
        workload.rate_pages_s = spec->rate_pages_s;
    }
    if (spec->kind == WORKLOAD_HOT_COLD) {
        workload.hot_pages = pages_of(spec->hot_set_bytes, page_bytes);
        workload.hot_share = spec->hot_share;
    }
    return workload;
}

double
guest_spec_workload_room(const GuestSpec *guest)
{
    if (guest->layout->kind == GUEST_LAYOUT_LINUX)
        return guest->layout->program_bytes;
    return isnan(guest->used_bytes) ? guest->memory_bytes : guest->used_bytes;
}
