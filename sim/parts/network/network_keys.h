/* What a scenario says about the network between guests and their clients. */
#ifndef TANDEM_SIM_PARTS_NETWORK_NETWORK_KEYS_H
#define TANDEM_SIM_PARTS_NETWORK_NETWORK_KEYS_H

#include "models/network/clientnet.h"
#include "sim/specs/scenario_spec.h"

typedef struct {
    char *name;
    GArray *attached; /* of char *: hosts, and other switches */
    double ageing_s;  /* NAN: the network's */
    double learning_delay_s;
} ClientSwitchSpec;

typedef struct {
    char *guest;
    char *address;         /* NULL: one of its own */
    double speaks_after_s; /* NAN: never */
    double speaks_every_s; /* NAN: once */
} AddressSpec;

typedef struct {
    AnnouncementKind kind;
    double delay_s;
    double loss;
    double initial_s, step_s, max_s; /* QEMU */
    guint rounds;                    /* QEMU */
    GArray *at_s;                    /* LIST: of double */
} AnnounceSpec;

typedef struct {
    ControllerLaw law;
    ControllerBegin begins;
    double low_s, high_s, sigma; /* Controller's */
} OverlaySpec;

/* models/network/tcp_timer.h, but for the round-trip time. */
typedef struct {
    double rtt_deviation_s;
    double rto_min_s, rto_max_s;
    gboolean tail_loss_probe;
    guint retries;
    double syn_rto_s;
    guint syn_linear_timeouts, syn_retries;
    double tick_s;
} TcpSpec;

typedef struct {
    char *name;
    char *guest;
    char *at; /* NULL: at the first switch */
    ProbeKind kind;
    double interval_s, start_s;
    double until_s;   /* NAN: the run's end */
    double rtt_s;     /* NAN: the network's */
    double timeout_s; /* TCP, CONNECT; NAN: as long as the kernel */
    TcpSpec *tcp;     /* TCP, CONNECT */
} ProbeSpec;

typedef struct {
    GArray *switches; /* of ClientSwitchSpec */
    double ageing_s;
    double rtt_s;
    GArray *addresses; /* of AddressSpec */
    AnnounceSpec *announce;
    OverlaySpec *overlay; /* NULL: none */
    GArray *probes;       /* of ProbeSpec */
} ClientNetworkSpec;

typedef struct {
    ClientNetworkSpec *network; /* NULL: none */
} NetworkKeys;

extern const FieldTable network_probe_table;
extern const FieldTable network_announce_table;
extern const Field network_keys_fields[];
extern const PartKeys network_keys; /* network_check.c has it, with its rules */

/* NULL: the scenario has none. */
const ClientNetworkSpec *network_keys_of(const ScenarioSpec *scenario);
/* The models' structs. The announcement borrows its list. */
Announcement network_keys_announcement(const AnnounceSpec *spec);
Controller network_keys_controller(const OverlaySpec *spec);
ProbeConfig network_keys_probe(const ClientNetworkSpec *network, const ProbeSpec *spec);

#endif
