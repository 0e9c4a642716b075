/* What a scenario says about the physical platform: hosts, switches, cables, engine settings. */
#ifndef TANDEM_SIM_SPECS_PLATFORM_SPEC_H
#define TANDEM_SIM_SPECS_PLATFORM_SPEC_H

#include "sim/scenario/fields.h"

typedef enum { ARCH_X86_64, ARCH_AARCH64 } HostArch;

/* Whether what runs on a host is limited by its cores (sim/world/processors.h). */
typedef enum { PROCESSORS_UNLIMITED, PROCESSORS_SHARED } HostProcessors;

typedef struct {
    char *name;
    double memory_bytes;      /* of the host, Domain-0 included */
    double dom0_memory_bytes; /* not available to guests */
    gint64 cores;
    HostProcessors processors;
    char *processors_of;   /* whose cores it has; NULL: its own */
    double vcpus_per_core; /* of domains that may be placed there; NAN: any number */
    HostArch arch;
    GArray *lacks_configs; /* of char *: domains whose configuration file this host does not have */
} HostSpec;

typedef struct {
    char *name;
} SwitchSpec;

/* Which of several cables side by side a stream takes. */
typedef enum { SPREAD_HASH, SPREAD_EVEN } LinkSpread;

/* A full-duplex cable between two of the hosts and switches, or several side by side. */
typedef struct {
    char *name;
    GArray *ends;         /* of char *, two */
    double bandwidth_Bps; /* of the line, each direction; of each cable */
    double efficiency;    /* goodput of TCP over the line rate, 0 < … <= 1 */
    double latency_s;
    guint cables; /* 0: one */
    LinkSpread spread;
} LinkSpec;

typedef enum { NETWORK_CM02, NETWORK_LV08 } NetworkModel;

/* What is drawn of the pages that a guest writes: how many of them, or each. */
typedef enum { PAGES_AUTO, PAGES_COUNTED, PAGES_EACH } PagesDrawn;

typedef struct {
    NetworkModel network;
    gboolean crosstraffic;   /* SimGrid's: acknowledgements of one direction load the other */
    double tcp_window_bytes; /* SimGrid's network/TCP-gamma: a flow's rate is at most this over the round-trip time */
    gint64 transfer_batches; /* page batches that one simulated transfer may hold beside others', at most */
    guint page_tiles;        /* of each memory in a picture of a round; 0: there is none */
    gboolean plan_ahead;     /* several batches in one transfer where that changes nothing but the cost of the run */
    gboolean list_domains;   /* of both hosts around each migration */
    gboolean list_commands;  /* of vTPMs, one by one */
    gboolean verify_memory;  /* keep what the destination lacks, and ask after each migration that it is nothing */
    PagesDrawn pages;        /* AUTO: counted where it does not matter which they are (pages_check.h) */
} EngineSpec;

/* Cables side by side, >= 1. */
guint link_spec_cables(const LinkSpec *link);
/* What one of them carries of TCP's payload. */
double link_spec_goodput_Bps(const LinkSpec *link);
/* Whether one of the cable's ends is the host or switch of that name. */
gboolean link_spec_has_end(const LinkSpec *link, const char *node);

extern const FieldTable host_table;
extern const FieldTable switch_table;
extern const FieldTable link_table;
extern const FieldTable engine_table;

/* Whether the host lacks the configuration file of the domain of that name. */
gboolean host_spec_lacks_config(const HostSpec *host, const char *domain);
/* How many virtual processors find a place on the host; INFINITY: any number. */
double host_spec_vcpus(const HostSpec *host);

#endif
