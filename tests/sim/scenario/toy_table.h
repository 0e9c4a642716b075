/* A small scenario table with one field of every kind and shape, shared by the reader's tests and the fuzz harness. */
#ifndef TANDEM_TESTS_TOY_TABLE_H
#define TANDEM_TESTS_TOY_TABLE_H

#include "sim/scenario/fields.h"

typedef struct {
    char *name;
    double memory_bytes;
    gint64 cores;
    gboolean shared;
    double load;
} ToyHost;

typedef struct {
    char *name;
    GArray *ends; /* char * */
    double bandwidth_Bps, latency_s;
} ToyLink;

typedef enum { TOY_IDLE, TOY_UNIFORM, TOY_ZIPF } ToyWorkloadKind;

typedef struct {
    ToyWorkloadKind kind;
    double start_s;
    union {
        struct {
            double rate_Hz, set_bytes;
        } uniform;
        struct {
            double rate_Hz, exponent;
            char *label;
        } zipf;
    };
} ToyWorkload;

typedef enum { TOY_LEGACY, TOY_V2 } ToyPolicy;

typedef struct {
    char *name;
    char *host;
    double memory_bytes;
    ToyPolicy policy;
    ToyWorkload *workload;
    double deadline_s; /* NAN: none */
} ToyGuest;

typedef struct {
    char *title;
    gint64 seed;
    GArray *hosts;   /* ToyHost */
    GArray *links;   /* ToyLink */
    GArray *guests;  /* ToyGuest */
    GArray *dates_s; /* double */
} ToyWorld;

static const Field toy_host_fields[] = {
    {"name", FIELD_NAME(ToyHost, name), .required = TRUE, .help = "what links and guests call it"},
    {"memory", FIELD_SIZE(ToyHost, memory_bytes), .required = TRUE, .above = "0B", .help = "RAM"},
    {"cores", FIELD_INTEGER(ToyHost, cores), .preset = "4", .min = "1", .max = "1024", .help = "processors"},
    {"shared", FIELD_BOOLEAN(ToyHost, shared), .preset = "false", .help = "sees the shared storage"},
    {"load", FIELD_NUMBER(ToyHost, load), .preset = "0", .min = "0", .below = "1", .help = "share in use"},
    {NULL},
};
static const FieldTable toy_host_table = {"host", sizeof(ToyHost), toy_host_fields, .profiles = "hosts",
                                          .help = "A physical machine"};

static const Field toy_link_fields[] = {
    {"name", FIELD_NAME(ToyLink, name), .required = TRUE, .help = "its name"},
    {"ends", FIELD_LIST(ToyLink, ends, REFERENCE), .required = TRUE, .min_items = 2, .max_items = 2, .refers = "/hosts",
     .help = "the two hosts"},
    {"bandwidth", FIELD_DATA_RATE(ToyLink, bandwidth_Bps), .preset = "100Mbps", .above = "0B/s", .help = "raw rate"},
    {"latency", FIELD_TIME(ToyLink, latency_s), .preset = "100us", .max = "10s", .help = "one way"},
    {NULL},
};
static const FieldTable toy_link_table = {"link", sizeof(ToyLink), toy_link_fields, .help = "A cable"};

static const Field toy_workload_fields[] = {
    {"start", FIELD_TIME(ToyWorkload, start_s), .preset = "0s", .help = "when it begins"},
    {NULL},
};
static const Field toy_uniform_fields[] = {
    {"rate", FIELD_FREQUENCY(ToyWorkload, uniform.rate_Hz), .required = TRUE, .above = "0/s", .help = "page writes"},
    {"set", FIELD_SIZE(ToyWorkload, uniform.set_bytes), .preset = "64MiB", .help = "the working set"},
    {NULL},
};
static const Field toy_zipf_fields[] = {
    {"rate", FIELD_FREQUENCY(ToyWorkload, zipf.rate_Hz), .preset = "1k/s", .help = "page writes"},
    {"exponent", FIELD_NUMBER(ToyWorkload, zipf.exponent), .required = TRUE, .above = "0", .help = "skew"},
    {"label", FIELD_STRING(ToyWorkload, zipf.label), .help = "shown in figures"},
    {NULL},
};
static const FieldCase toy_workload_cases[] = {
    {"idle", NULL, "writes nothing"},
    {"uniform", toy_uniform_fields, "every page of a set alike"},
    {"zipf", toy_zipf_fields, "few pages get most writes"},
    {NULL},
};
static const FieldTable toy_workload_table = {"workload",
                                              sizeof(ToyWorkload),
                                              toy_workload_fields,
                                              .profiles = "workloads",
                                              .help = "Who dirties memory",
                                              .tag = "kind",
                                              FIELD_TAG(ToyWorkload, kind),
                                              .cases = toy_workload_cases};

static const char *const toy_policies[] = {"legacy", "v2", NULL};
static const Field toy_guest_fields[] = {
    {"name", FIELD_NAME(ToyGuest, name), .required = TRUE, .help = "its name"},
    {"host", FIELD_REFERENCE(ToyGuest, host), .required = TRUE, .refers = "/hosts", .help = "where it starts"},
    {"memory", FIELD_SIZE(ToyGuest, memory_bytes), .preset = "512MiB", .above = "0B", .help = "RAM"},
    {"policy", FIELD_ENUM(ToyGuest, policy), .preset = "legacy", .words = toy_policies, .help = "when to stop"},
    {"workload", FIELD_OBJECT(ToyGuest, workload), .table = &toy_workload_table, .preset = "{\"kind\": \"idle\"}",
     .help = "what it writes"},
    {"deadline", FIELD_TIME(ToyGuest, deadline_s), .above = "0s", .help = "when it gives up"},
    {NULL},
};
static const FieldTable toy_guest_table = {"guest", sizeof(ToyGuest), toy_guest_fields, .help = "A virtual machine"};

static const Field toy_world_fields[] = {
    {"title", FIELD_STRING(ToyWorld, title), .help = "one line for lists"},
    {"seed", FIELD_INTEGER(ToyWorld, seed), .preset = "1", .min = "0", .help = "of all random numbers"},
    {"hosts", FIELD_LIST(ToyWorld, hosts, OBJECT), .required = TRUE, .min_items = 1, .table = &toy_host_table,
     .help = "the machines"},
    {"links", FIELD_LIST(ToyWorld, links, OBJECT), .table = &toy_link_table, .help = "the cables"},
    {"guests", FIELD_LIST(ToyWorld, guests, OBJECT), .table = &toy_guest_table, .help = "the virtual machines"},
    {"dates", FIELD_LIST(ToyWorld, dates_s, TIME), .help = "when to look"},
    {NULL},
};
static const FieldTable toy_world_table = {"scenario", sizeof(ToyWorld), toy_world_fields, .help = "A toy scenario"};

#endif
