#include "sim/specs/platform_spec.h"

#include <math.h>

static const char *const arch_words[] = {"x86_64", "aarch64", NULL};

static const char *const processors_words[] = {
    [PROCESSORS_UNLIMITED] = "unlimited", [PROCESSORS_SHARED] = "shared", NULL};

static const Field host_fields[] = {
    {"name", FIELD_NAME(HostSpec, name), .required = TRUE, .help = "what links and guests call the host"},
    {"memory", FIELD_SIZE(HostSpec, memory_bytes), .preset = "64GiB", .above = "0B", .help = "physical memory"},
    {"dom0_memory", FIELD_SIZE(HostSpec, dom0_memory_bytes), .preset = "2GiB",
     .help = "memory of the host's own system (Domain-0), not available to guests"},
    {"cores", FIELD_INTEGER(HostSpec, cores), .preset = "8", .min = "1", .max = "1024", .help = "processor cores"},
    {"processors", FIELD_ENUM(HostSpec, processors), .words = processors_words, .preset = "unlimited",
     .help = "unlimited: guests, and the work of migrations and vTPMs, run at full speed however many there are; "
             "shared: they share the cores, each of their threads alike"},
    {"processors_of", FIELD_REFERENCE(HostSpec, processors_of), .refers = "/hosts",
     .help =
         "another host whose cores are this one's, as of two network namespaces of one machine: processors and cores "
         "are that one's, whatever this one says of them; absent: it has its own"},
    {"vcpus_per_core", FIELD_NUMBER(HostSpec, vcpus_per_core), .above = "0",
     .help =
         "over-commitment: as many virtual processors of domains, vTPMs' too, find a place for each core; absent: any "
         "number"},
    {"arch", FIELD_ENUM(HostSpec, arch), .words = arch_words, .preset = "x86_64", .help = "processor architecture"},
    {"lacks_configs", FIELD_LIST(HostSpec, lacks_configs, REFERENCE), .refers = "/guests /vtpms",
     .help = "domains whose configuration file this host lacks; Algorithm 2 refuses to separate their pages"},
    {NULL},
};
const FieldTable host_table = {"host",         sizeof(HostSpec),
                               host_fields,    .profiles = "hosts",
                               .groups = TRUE, .help = "a physical machine that runs guests"};

static const Field switch_fields[] = {
    {"name", FIELD_NAME(SwitchSpec, name), .required = TRUE, .help = "what links call the switch"},
    {NULL},
};
const FieldTable switch_table = {"switch", sizeof(SwitchSpec), switch_fields, .groups = TRUE,
                                 .help = "a switch: forwards at line rate, limits nothing itself"};

static const char *const spread_words[] = {[SPREAD_HASH] = "hash", [SPREAD_EVEN] = "even", NULL};

static const Field link_fields[] = {
    {"name", FIELD_NAME(LinkSpec, name), .required = TRUE, .help = "what the time line calls the cable"},
    {"ends", FIELD_LIST(LinkSpec, ends, REFERENCE), .refers = "/hosts /switches", .required = TRUE, .min_items = 2,
     .max_items = 2, .help = "the two hosts or switches that the cable joins"},
    {"bandwidth", FIELD_DATA_RATE(LinkSpec, bandwidth_Bps), .preset = "1Gbps", .above = "0bps",
     .help = "line rate of each direction; of each of its cables"},
    {"efficiency", FIELD_NUMBER(LinkSpec, efficiency), .preset = "1", .above = "0", .max = "1",
     .help = "share of the line rate that TCP payload gets (1448/1538 = 0.9415 on Ethernet with 1500-byte frames)"},
    {"latency", FIELD_TIME(LinkSpec, latency_s), .preset = "0s", .help = "one-way latency"},
    {"cables", FIELD_COUNT(LinkSpec, cables), .min = "1", .max = "64",
     .help = "so many cables of this bandwidth side by side (multi-NIC, a bond): no connection gets more than one; "
             "absent: 1"},
    {"spread", FIELD_ENUM(LinkSpec, spread), .words = spread_words,
     .help =
         "which of them a migration's streams take. hash, a bond by layers 3 and 4: each draws one, so that some may "
         "share one; even, multi-NIC vMotion: one after the other; absent: hash"},
    {NULL},
};
const FieldTable link_table = {
    "link", sizeof(LinkSpec), link_fields, .profiles = "links", .groups = TRUE, .help = "a full-duplex cable"};

guint
link_spec_cables(const LinkSpec *link)
{
    return MAX(link->cables, 1);
}

double
link_spec_goodput_Bps(const LinkSpec *link)
{
    return link->bandwidth_Bps * link->efficiency;
}

gboolean
link_spec_has_end(const LinkSpec *link, const char *node)
{
    return g_str_equal(g_array_index(link->ends, char *, 0), node) ||
           g_str_equal(g_array_index(link->ends, char *, 1), node);
}

static const char *const network_words[] = {"CM02", "LV08", NULL};
static const char *const pages_words[] = {
    [PAGES_AUTO] = "auto", [PAGES_COUNTED] = "counted", [PAGES_EACH] = "each", NULL};

static const Field engine_fields[] = {
    {"network", FIELD_ENUM(EngineSpec, network), .words = network_words, .preset = "CM02",
     .help = "SimGrid's flow model: CM02 takes bandwidth as given, LV08 corrects it for TCP's slow start and headers"},
    {"crosstraffic", FIELD_BOOLEAN(EngineSpec, crosstraffic), .preset = "false",
     .help = "whether a flow's acknowledgements load the opposite direction (5 %)"},
    {"tcp_window", FIELD_SIZE(EngineSpec, tcp_window_bytes), .preset = "4MiB", .above = "0B",
     .help = "largest TCP window: no flow is faster than this over its round-trip time"},
    {"transfer_batches", FIELD_INTEGER(EngineSpec, transfer_batches), .preset = "16", .min = "1", .max = "1048576",
     .help =
         "most page batches per simulated transfer where traffic shares a path: a quarter of the migrations on it, at least 1 and at most this; 1 follows every change of rate at once"},
    {"plan_ahead", FIELD_BOOLEAN(EngineSpec, plan_ahead), .preset = "true",
     .help =
         "whole rounds in one simulated transfer where nobody else can change the path's rate; false: one batch at a time, which is slower and should change nothing"},
    {"list_domains", FIELD_BOOLEAN(EngineSpec, list_domains), .preset = "true",
     .help = "list all domains of both hosts before and after each migration (domains.csv)"},
    {"list_commands", FIELD_BOOLEAN(EngineSpec, list_commands), .preset = "true",
     .help = "list every command of every vTPM (commands.csv)"},
    {"verify_memory", FIELD_BOOLEAN(EngineSpec, verify_memory), .preset = "true",
     .help =
         "ask after each migration that the destination lacks no page: source and destination are compared page by page, or where pages are counted, those that are out of date"},
    {"pages", FIELD_ENUM(EngineSpec, pages), .words = pages_words, .preset = "auto",
     .help =
         "what is drawn of the pages that a guest writes: each of them, or only how many (counted), which has the same law and costs less; auto counts where nothing asks which page it is"},
    {"page_tiles", FIELD_COUNT(EngineSpec, page_tiles), .min = "1", .max = "4096",
     .help = "page-tiles.csv has the bitmaps of each round in at most so many tiles, for tandem report; pages are then "
             "drawn one by one; absent: none"},
    {NULL},
};
const FieldTable engine_table = {"engine", sizeof(EngineSpec), engine_fields,
                                 .help = "how the run is computed; part of every result"};

gboolean
host_spec_lacks_config(const HostSpec *host, const char *domain)
{
    for (guint i = 0; i < host->lacks_configs->len; i++)
        if (g_str_equal(g_array_index(host->lacks_configs, char *, i), domain))
            return TRUE;
    return FALSE;
}

double
host_spec_vcpus(const HostSpec *host)
{
    return isnan(host->vcpus_per_core) ? INFINITY : host->vcpus_per_core * (double)host->cores;
}
