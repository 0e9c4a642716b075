#include "sim/parts/network/network_keys.h"

#include <math.h>

/* ---- switches and addresses ---- */

static const Field switch_fields[] = {
    {"name", FIELD_NAME(ClientSwitchSpec, name), .required = TRUE, .help = "what probes and other switches call it"},
    {"attached", FIELD_LIST(ClientSwitchSpec, attached, REFERENCE), .refers = "/hosts /client_network/switches",
     .preset = "[]", .help = "hosts and switches with a cable to it; a cable is named at one of its ends"},
    {"ageing", FIELD_TIME(ClientSwitchSpec, ageing_s), .above = "0s", .help = "absent: the network's"},
    {"learning_delay", FIELD_TIME(ClientSwitchSpec, learning_delay_s), .preset = "0s",
     .help = "from a frame to the entry that is learned from it"},
    {NULL},
};
static const FieldTable client_switch_table = {"client-switch", sizeof(ClientSwitchSpec), switch_fields,
                                               .help = "a switch between guests and clients, which learns"};

static const Field address_fields[] = {
    {"guest", FIELD_REFERENCE(AddressSpec, guest), .refers = "/guests", .required = TRUE, .help = "whose it is"},
    {"address", FIELD_STRING(AddressSpec, address), .help = "of its card, \"52:54:00:12:34:56\"; absent: its own"},
    {"speaks_after", FIELD_TIME(AddressSpec, speaks_after_s),
     .help = "it sends a frame of itself so long after it has begun to run, here or there; absent: it never does"},
    {"speaks_every", FIELD_TIME(AddressSpec, speaks_every_s), .min = "1ms", .help = "and again; absent: once"},
    {NULL},
};
static const FieldTable address_table = {"guest-address", sizeof(AddressSpec), address_fields,
                                         .help = "what a guest's card is called, and whether it talks of itself"};

/* ---- who says that a guest has moved ---- */

static const Field announce_fields[] = {
    {"delay", FIELD_TIME(AnnounceSpec, delay_s), .preset = "0s",
     .help = "from the guest's running to the first one, or to date 0 of the list"},
    {"loss", FIELD_NUMBER(AnnounceSpec, loss), .preset = "0", .min = "0", .max = "1",
     .help = "probability of each to be lost before the first switch"},
    {NULL},
};
static const Field qemu_announce_fields[] = {
    {"initial", FIELD_TIME(AnnounceSpec, initial_s), .preset = "50ms", .above = "0s",
     .help = "announce-initial: from the first to the second"},
    {"step", FIELD_TIME(AnnounceSpec, step_s), .preset = "100ms", .help = "announce-step: by which the wait grows"},
    {"max", FIELD_TIME(AnnounceSpec, max_s), .preset = "550ms", .above = "0s", .help = "announce-max: of the wait"},
    {"rounds", FIELD_COUNT(AnnounceSpec, rounds), .preset = "5", .min = "1", .max = "1000", .help = "announce-rounds"},
    {NULL},
};
static const Field no_fields[] = {{NULL}};
static const Field list_announce_fields[] = {
    {"at", FIELD_LIST(AnnounceSpec, at_s, TIME), .required = TRUE, .min_items = 1, .max_items = 1000,
     .help = "dates after the guest's running, ascending"},
    {NULL},
};
static const FieldCase announce_cases[] = {
    [ANNOUNCEMENT_QEMU] = {"qemu", qemu_announce_fields, "as QEMU does, by its parameters"},
    [ANNOUNCEMENT_NONE] = {"none", no_fields, "nobody does"},
    [ANNOUNCEMENT_LIST] = {"list", list_announce_fields, "at the dates of a list"},
    {NULL},
};
const FieldTable network_announce_table = {"announce",
                                           sizeof(AnnounceSpec),
                                           announce_fields,
                                           .tag = "kind",
                                           FIELD_TAG(AnnounceSpec, kind),
                                           .tag_preset = "qemu",
                                           .cases = announce_cases,
                                           .help = "who announces a guest at its destination"};

static const char *const begins_words[] = {[CONTROLLER_AT_RESUME] = "resume", [CONTROLLER_AT_FRAME] = "frame", NULL};
static const Field overlay_fields[] = {
    {"begins", FIELD_ENUM(OverlaySpec, begins), .words = begins_words, .preset = "resume",
     .help = "when the guest runs at its destination, or at the first frame from there"},
    {NULL},
};
static const Field constant_fields[] = {
    {"delay", FIELD_TIME(OverlaySpec, low_s), .required = TRUE, .help = "each time"},
    {NULL},
};
static const Field uniform_fields[] = {
    {"from", FIELD_TIME(OverlaySpec, low_s), .required = TRUE, .help = "the least"},
    {"to", FIELD_TIME(OverlaySpec, high_s), .required = TRUE, .help = "the most"},
    {NULL},
};
static const Field exponential_fields[] = {
    {"mean", FIELD_TIME(OverlaySpec, low_s), .required = TRUE, .help = "of an exponential distribution"},
    {NULL},
};
static const Field lognormal_fields[] = {
    {"median", FIELD_TIME(OverlaySpec, low_s), .required = TRUE, .help = "of a lognormal distribution"},
    {"sigma", FIELD_NUMBER(OverlaySpec, sigma), .preset = "1", .min = "0", .max = "5",
     .help = "standard deviation of its logarithm"},
    {NULL},
};
static const FieldCase overlay_cases[] = {
    [CONTROLLER_CONSTANT] = {"constant", constant_fields, "always as long"},
    [CONTROLLER_UNIFORM] = {"uniform", uniform_fields, "anything between two times"},
    [CONTROLLER_EXPONENTIAL] = {"exponential", exponential_fields, "without memory"},
    [CONTROLLER_LOGNORMAL] = {"lognormal", lognormal_fields, "now and then much longer"},
    {NULL},
};
static const FieldTable overlay_table = {"overlay",
                                         sizeof(OverlaySpec),
                                         overlay_fields,
                                         .tag = "delay_is",
                                         FIELD_TAG(OverlaySpec, law),
                                         .tag_preset = "constant",
                                         .cases = overlay_cases,
                                         .help = "a controller that points guests' addresses to their hosts"};

/* ---- clients ---- */

static const Field tcp_fields[] = {
    {"rtt_deviation", FIELD_TIME(TcpSpec, rtt_deviation_s), .preset = "0s",
     .help = "mean deviation of the round-trip time; four of it count where they are more than rto_min"},
    {"rto_min", FIELD_TIME(TcpSpec, rto_min_s), .preset = "200ms", .min = "1ms", .max = "120s",
     .help = "the least that the first time-out has above the round-trip time"},
    {"rto_max", FIELD_TIME(TcpSpec, rto_max_s), .preset = "120s", .min = "1s", .max = "1000s",
     .help = "the greatest time-out"},
    {"retries", FIELD_COUNT(TcpSpec, retries), .preset = "15", .min = "0", .max = "100",
     .help = "tcp_retries2: so many doublings from rto_min, and the connection is given up"},
    {"tail_loss_probe", FIELD_BOOLEAN(TcpSpec, tail_loss_probe), .preset = "true",
     .help = "the first time that a segment is sent again does not count for the doubling"},
    {"syn_rto", FIELD_TIME(TcpSpec, syn_rto_s), .preset = "1s", .min = "1ms", .max = "120s",
     .help = "the first time-out of a SYN"},
    {"syn_linear_timeouts", FIELD_COUNT(TcpSpec, syn_linear_timeouts), .preset = "4", .min = "0", .max = "100",
     .help = "tcp_syn_linear_timeouts: so many SYNs more before the time-out doubles"},
    {"syn_retries", FIELD_COUNT(TcpSpec, syn_retries), .preset = "6", .min = "0", .max = "100",
     .help = "tcp_syn_retries: SYNs after the first, besides the linear ones"},
    {"tick", FIELD_TIME(TcpSpec, tick_s), .preset = "4ms", .max = "10ms",
     .help = "of the kernel's timers, 1/HZ, which end late by half a granule of their wheel; 0s: on time"},
    {NULL},
};
static const FieldTable tcp_table = {"tcp", sizeof(TcpSpec), tcp_fields, .profiles = "tcp",
                                     .help = "when the client's kernel sends again"};

static const Field probe_fields[] = {
    {"name", FIELD_NAME(ProbeSpec, name), .required = TRUE, .help = "what the results call it"},
    {"guest", FIELD_REFERENCE(ProbeSpec, guest), .refers = "/guests", .required = TRUE, .help = "whom it asks"},
    {"at", FIELD_REFERENCE(ProbeSpec, at), .refers = "/hosts /client_network/switches",
     .help = "the host or switch of the client; absent: the first switch"},
    {"interval", FIELD_TIME(ProbeSpec, interval_s), .required = TRUE, .min = "100us",
     .help = "from one to the next; of tcp from an answer to the next request"},
    {"start", FIELD_TIME(ProbeSpec, start_s), .preset = "0s", .help = "of the first one"},
    {"until", FIELD_TIME(ProbeSpec, until_s), .help = "none begins from then on; absent: to the run's end"},
    {"rtt", FIELD_TIME(ProbeSpec, rtt_s), .max = "100s", .help = "there and back; absent: the network's"},
    {NULL},
};
static const Field tcp_probe_fields[] = {
    {"timeout", FIELD_TIME(ProbeSpec, timeout_s), .above = "0s",
     .help = "the client gives up by itself; absent: when its kernel does"},
    {"tcp", FIELD_OBJECT(ProbeSpec, tcp), .table = &tcp_table, .preset = "linux-6.5", .help = "the client's kernel"},
    {NULL},
};
static const FieldCase probe_cases[] = {
    [PROBE_PING] = {"ping", no_fields, "a ping each interval"},
    [PROBE_UDP] = {"udp", no_fields, "a UDP request of one datagram each interval"},
    [PROBE_TCP] = {"tcp", tcp_probe_fields, "requests over one TCP connection, one after another"},
    [PROBE_CONNECT] = {"connect", tcp_probe_fields, "a new TCP connection each interval"},
    {NULL},
};
const FieldTable network_probe_table = {"probe",
                                        sizeof(ProbeSpec),
                                        probe_fields,
                                        .tag = "kind",
                                        FIELD_TAG(ProbeSpec, kind),
                                        .cases = probe_cases,
                                        .help = "a client that asks a guest again and again"};

/* ---- all of it ---- */

static const Field network_fields[] = {
    {"switches", FIELD_LIST(ClientNetworkSpec, switches, OBJECT), .table = &client_switch_table, .preset = "[]",
     .help = "a tree of switches with every host at one of them; none: frames find a guest wherever it runs"},
    {"ageing", FIELD_TIME(ClientNetworkSpec, ageing_s), .preset = "300s", .above = "0s",
     .help = "a bridge, a host's or a switch, forgets an address that it has not heard for so long"},
    {"rtt", FIELD_TIME(ClientNetworkSpec, rtt_s), .preset = "200us", .max = "100s",
     .help = "from a client to a guest and back: the only time that frames take"},
    {"addresses", FIELD_LIST(ClientNetworkSpec, addresses, OBJECT), .table = &address_table, .preset = "[]",
     .help = "guests of which more is said; others have an address of their own and say nothing of themselves"},
    {"announce", FIELD_OBJECT(ClientNetworkSpec, announce), .table = &network_announce_table, .preset = "{}",
     .help = "how a guest is announced where it has moved to"},
    {"overlay", FIELD_OBJECT(ClientNetworkSpec, overlay), .table = &overlay_table,
     .help = "a controller knows where guests are; bridges learn nothing of them then. Absent: they learn"},
    {"probes", FIELD_LIST(ClientNetworkSpec, probes, OBJECT), .table = &network_probe_table, .preset = "[]",
     .help = "clients of guests"},
    {NULL},
};
static const FieldTable network_table = {"client-network", sizeof(ClientNetworkSpec), network_fields,
                                         .help = "the network between guests and their clients"};

const Field network_keys_fields[] = {
    {"client_network", FIELD_OBJECT(NetworkKeys, network), .table = &network_table,
     .help = "absent: nobody looks at guests from outside"},
    {NULL},
};

const ClientNetworkSpec *
network_keys_of(const ScenarioSpec *scenario)
{
    const NetworkKeys *keys = scenario_keys(scenario, &network_keys);

    return keys->network;
}

/* ---- the models' structs ---- */

Announcement
network_keys_announcement(const AnnounceSpec *spec)
{
    const gboolean listed = spec->kind == ANNOUNCEMENT_LIST;

    return (Announcement){.kind = spec->kind,
                          .delay_s = spec->delay_s,
                          .initial_s = spec->initial_s,
                          .step_s = spec->step_s,
                          .max_s = spec->max_s,
                          .rounds = spec->rounds,
                          .at_s = listed ? (const double *)spec->at_s->data : NULL,
                          .n_at = listed ? spec->at_s->len : 0,
                          .loss = spec->loss};
}

Controller
network_keys_controller(const OverlaySpec *spec)
{
    return (Controller){spec->begins, spec->law, spec->low_s, spec->high_s, spec->sigma};
}

static TcpTimer
timer_of(const TcpSpec *spec, double rtt_s)
{
    return (TcpTimer){.rtt_s = rtt_s,
                      .rtt_deviation_s = spec->rtt_deviation_s,
                      .rto_min_s = spec->rto_min_s,
                      .rto_max_s = spec->rto_max_s,
                      .tail_loss_probe = spec->tail_loss_probe,
                      .retries = spec->retries,
                      .syn_rto_s = spec->syn_rto_s,
                      .syn_linear_timeouts = spec->syn_linear_timeouts,
                      .syn_retries = spec->syn_retries,
                      .tick_s = spec->tick_s};
}

static double
or_never(double at_s)
{
    return isnan(at_s) ? INFINITY : at_s;
}

ProbeConfig
network_keys_probe(const ClientNetworkSpec *network, const ProbeSpec *spec)
{
    const double rtt_s = isnan(spec->rtt_s) ? network->rtt_s : spec->rtt_s;
    const gboolean over_tcp = spec->kind == PROBE_TCP || spec->kind == PROBE_CONNECT;

    return (ProbeConfig){.kind = spec->kind,
                         .start_s = spec->start_s,
                         .end_s = or_never(spec->until_s),
                         .interval_s = spec->interval_s,
                         .timeout_s = over_tcp ? or_never(spec->timeout_s) : INFINITY,
                         .rtt_s = rtt_s,
                         .timer = over_tcp ? timer_of(spec->tcp, rtt_s) : (TcpTimer){0}};
}
