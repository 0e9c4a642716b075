#include "sim/parts/socket/socket_keys.h"

#include <math.h>

static const char *const level_words[] = {"network", "below-ip", "socket", "application", NULL};

static const char *const notifies_words[] = {"until-woken", "once", NULL};

static const Field system_fields[] = {
    {"level", FIELD_ENUM(SocketSystemSpec, level), .words = level_words, .required = TRUE,
     .help = "where it takes an application's bytes; network: it is the ordinary path and has no other"},
    {"transparent", FIELD_BOOLEAN(SocketSystemSpec, transparent), .required = TRUE,
     .help = "runs an application written for sockets unchanged"},
    {"migratable", FIELD_BOOLEAN(SocketSystemSpec, migratable), .required = TRUE,
     .help = "a connection over shared memory survives the migration of its VM"},
    {"kernel_patch", FIELD_BOOLEAN(SocketSystemSpec, kernel_patch), .required = TRUE,
     .help = "the guest's kernel is changed"},
    {"copies", FIELD_INTEGER(SocketSystemSpec, copies), .required = TRUE, .min = "0", .max = "16",
     .help = "of every byte, one way: by the sender, by the receiver, and more between them"},
    {"switches", FIELD_INTEGER(SocketSystemSpec, switches), .required = TRUE, .min = "0", .max = "64",
     .help = "between guest and VMM for a message that wakes its receiver, one way"},
    {"path", FIELD_TIME(SocketSystemSpec, path_s), .required = TRUE,
     .help = "one way of a message: protocol stack or module, notification, wake-up"},
    {"tcp", FIELD_TIME(SocketSystemSpec, tcp_s), .preset = "0s", .help = "what TCP does more than UDP at both ends"},
    {"ack", FIELD_TIME(SocketSystemSpec, ack_s), .preset = "0s", .help = "the acknowledgment, a packet of its own"},
    {"copy_rate", FIELD_DATA_RATE(SocketSystemSpec, copy_rate_Bps), .preset = "40Gbps", .above = "0bps",
     .help = "of the first copy, the sender's"},
    {"copy_out_rate", FIELD_DATA_RATE(SocketSystemSpec, copy_out_rate_Bps), .above = "0bps",
     .help = "of each further copy; absent: as copy_rate"},
    {"packet", FIELD_SIZE(SocketSystemSpec, packet_bytes), .above = "0B", .max = "64KiB",
     .help = "payload of a packet; absent: it has no packets"},
    {"packet_time", FIELD_TIME(SocketSystemSpec, packet_s), .preset = "0s", .help = "of each packet after the first"},
    {"stack", FIELD_TIME(SocketSystemSpec, stack_s), .preset = "0s", .help = "of path: the protocol stack, both ends"},
    {"wake", FIELD_TIME(SocketSystemSpec, wake_s), .preset = "0s",
     .help = "of path: notification and wake-up of the receiving VM"},
    {"notify", FIELD_TIME(SocketSystemSpec, notify_s), .preset = "0s",
     .help = "of wake: registering and injecting an event; at most all of it"},
    {"notify_awake", FIELD_TIME(SocketSystemSpec, notify_awake_s),
     .help = "the notification of a peer that has joined the queue and does not sleep yet; absent: as notify"},
    {"sender_share", FIELD_NUMBER(SocketSystemSpec, sender_share), .preset = "0.45", .min = "0", .max = "1",
     .help = "of what both ends do for a message besides wake and copies; the rest is the receiver's"},
    {"queue", FIELD_TIME(SocketSystemSpec, queue_s), .preset = "1us",
     .help = "joining the queue of sleepers, before looking again"},
    {"handover", FIELD_TIME(SocketSystemSpec, handover_s), .preset = "0s",
     .help = "more of a send while the receiver is awake: memory comes back from its cache"},
    {"handover_rate", FIELD_DATA_RATE(SocketSystemSpec, handover_rate_Bps), .above = "0bps",
     .help = "of a receive while the sender is awake, where that is slower than its fixed part; absent: it is not"},
    {"ack_work", FIELD_TIME(SocketSystemSpec, ack_work_s), .preset = "0s",
     .help = "more of a send when the receiver has received since the last one: the acknowledgment is handled"},
    {"notifies", FIELD_ENUM(SocketSystemSpec, notifies), .words = notifies_words, .preset = "until-woken",
     .help = "how often a sleeper's peer notifies it: with each message until it has woken, or once"},
    {"build", FIELD_TIME(SocketSystemSpec, build_s), .preset = "0s",
     .help = "building, or reclaiming, a control block with its buffers"},
    {NULL},
};
static const FieldTable system_table = {"socket-system", sizeof(SocketSystemSpec), system_fields, .profiles = "sockets",
                                        .help = "what carries the bytes of a socket between two VMs"};

static const Field message_fields[] = {
    {"size", FIELD_SIZE(MessageSpec, bytes), .required = TRUE, .max = "16TiB", .help = "of a message"},
    {"weight", FIELD_NUMBER(MessageSpec, weight), .preset = "1", .above = "0", .max = "1000000",
     .help = "how often, against the other sizes"},
    {NULL},
};
static const FieldTable message_table = {"message", sizeof(MessageSpec), message_fields,
                                         .help = "one size of a mix of messages"};

static const char *const direction_words[] = {"forward", "backward", "both", NULL};
static const char *const reading_words[] = {"safe", "literal", "announced", NULL};

#define DIRECTION_FIELD                                                                                                \
    {                                                                                                                  \
        "direction", FIELD_ENUM(SocketSpec, direction), .words = direction_words, .preset = "forward",                 \
                                                        .help = "who sends; both: a connection for each direction"     \
    }

#define RECEIVE_FIELD                                                                                                  \
    {                                                                                                                  \
        "receive", FIELD_SIZE(SocketSpec, receive_bytes),                                                              \
            .above = "0B", .max = "1GiB",                                                                              \
            .help = "bytes that a receive asks for, which returns with what there is; absent: one message, all of it"  \
    }

static const Field bulk_fields[] = {DIRECTION_FIELD, RECEIVE_FIELD, {NULL}};
static const Field request_fields[] = {
    {"answer", FIELD_SIZE(SocketSpec, answer_bytes), .max = "16TiB", .help = "absent: as long as the request"},
    {"pause", FIELD_TIME(SocketSpec, pause_s), .preset = "0s", .help = "from an answer to the next request"},
    {NULL},
};
static const Field bursty_fields[] = {
    DIRECTION_FIELD,
    RECEIVE_FIELD,
    {"burst", FIELD_INTEGER(SocketSpec, burst), .preset = "64", .min = "1", .max = "1000000000",
     .help = "messages in one burst"},
    {"pause", FIELD_TIME(SocketSpec, pause_s), .required = TRUE, .above = "0s", .help = "between two bursts"},
    {NULL},
};
static const FieldCase application_cases[] = {
    {"bulk", bulk_fields, "messages one after another, as fast as they go"},
    {"request-response", request_fields, "a request, its answer, the next request"},
    {"bursty", bursty_fields, "some messages at once, then a pause"},
    {NULL},
};

static const Field socket_fields[] = {
    {"name", FIELD_NAME(SocketSpec, name), .required = TRUE, .help = "what the results call it"},
    {"from", FIELD_REFERENCE(SocketSpec, from), .refers = "/guests", .required = TRUE, .help = "the VM that connects"},
    {"to", FIELD_REFERENCE(SocketSpec, to), .refers = "/guests", .required = TRUE, .help = "the VM that accepts"},
    {"port", FIELD_INTEGER(SocketSpec, port), .preset = "0", .min = "0", .max = "65535",
     .help = "of the VM that accepts; 0: one that is free"},
    {"listening", FIELD_BOOLEAN(SocketSpec, listening), .preset = "true",
     .help = "somebody accepts; false: the connection is refused"},
    {"modified", FIELD_BOOLEAN(SocketSpec, modified), .preset = "false",
     .help = "the application was rewritten for the system's own calls, as one that is not transparent needs"},
    {"system", FIELD_OBJECT(SocketSpec, system), .table = &system_table, .preset = "invention",
     .help = "what carries the bytes while the VMs are on one host and in one group"},
    {"network", FIELD_OBJECT(SocketSpec, network), .table = &system_table, .preset = "netback",
     .help = "what carries TCP else"},
    {"reading", FIELD_ENUM(SocketSpec, reading), .words = reading_words, .preset = "safe",
     .help =
         "of the patent's steps: as they must be meant; word by word, which loses bytes; or as its inventors mended "
         "them, by an event before each migration"},
    {"table_message", FIELD_TIME(SocketSpec, table_message_s),
     .help = "each machine has a position table of its own and hears so late that a VM has arrived at another one; "
             "absent: one table that all machines see"},
    {"buffer", FIELD_SIZE(SocketSpec, buffer_bytes), .preset = "64KiB", .min = "2B", .max = "1GiB",
     .help = "each of the two data buffers in shared memory"},
    {"tcp_buffer", FIELD_SIZE(SocketSpec, tcp_bytes), .preset = "1MiB", .min = "1B", .max = "1GiB",
     .help = "what TCP holds of a direction"},
    {"call", FIELD_SIZE(SocketSpec, call_bytes), .min = "1B", .max = "16TiB",
     .help = "most bytes of one call; absent: half a data buffer, so that both sides work at once"},
    {"blocking", FIELD_BOOLEAN(SocketSpec, blocking), .preset = "true", .help = "mode of the calls"},
    {"retransmit", FIELD_TIME(SocketSpec, retransmit_s), .preset = "200ms", .min = "1ms", .max = "120s",
     .help = "TCP's first time-out when a packet met a stopped VM or a cut cable; then doubled, up to 120 s"},
    {"messages", FIELD_LIST(SocketSpec, messages, OBJECT), .table = &message_table, .preset = "[{\"size\":\"1KiB\"}]",
     .min_items = 1, .help = "sizes, drawn by their weights"},
    {"connections", FIELD_INTEGER(SocketSpec, connections), .preset = "1", .min = "1", .max = "100000",
     .help = "side by side, all alike"},
    {"start", FIELD_TIME(SocketSpec, start_s), .preset = "0s", .help = "when it connects"},
    {"stop", FIELD_TIME(SocketSpec, stop_s), .help = "no message begins later; absent: they go on to the run's end"},
    {"count", FIELD_INTEGER(SocketSpec, count), .preset = "0", .min = "0",
     .help = "messages of each connection, which then closes; the run waits for it; 0: no limit"},
    {NULL},
};
const FieldTable socket_table = {"socket",
                                 sizeof(SocketSpec),
                                 socket_fields,
                                 .tag = "application",
                                 FIELD_TAG(SocketSpec, application),
                                 .cases = application_cases,
                                 .help = "connections between two VMs, and what runs over them"};

SocketSystem
socket_keys_system(const SocketSystemSpec *spec)
{
    return (SocketSystem){
        .name = "",
        .level = spec->level,
        .transparent = spec->transparent,
        .migratable = spec->migratable,
        .kernel_patch = spec->kernel_patch,
        .copies = (guint8)spec->copies,
        .switches = (guint8)spec->switches,
        .path_s = spec->path_s,
        .tcp_s = spec->tcp_s,
        .ack_s = spec->ack_s,
        .copy_in_per_byte_s = 1 / spec->copy_rate_Bps,
        .copy_out_per_byte_s = 1 / (isnan(spec->copy_out_rate_Bps) ? spec->copy_rate_Bps : spec->copy_out_rate_Bps),
        .sender_share = spec->sender_share,
        .notify_awake_s = isnan(spec->notify_awake_s) ? spec->notify_s : spec->notify_awake_s,
        .handover_s = spec->handover_s,
        .handover_per_byte_s = isnan(spec->handover_rate_Bps) ? 0 : 1 / spec->handover_rate_Bps,
        .ack_work_s = spec->ack_work_s,
        .queue_s = spec->queue_s,
        .notify_once = spec->notifies == NOTIFIES_ONCE,
        .packet_bytes = isnan(spec->packet_bytes) ? 0 : (guint64)spec->packet_bytes,
        .packet_s = spec->packet_s,
        .stack_s = spec->stack_s,
        .wake_s = spec->wake_s,
        .notify_s = spec->notify_s,
        .build_s = spec->build_s,
    };
}

const Field socket_keys_fields[] = {
    {"sockets", FIELD_LIST(SocketKeys, sockets, OBJECT), .table = &socket_table, .help = "connections between VMs"},
    {NULL},
};

const SocketKeys *
socket_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &socket_keys);
}

const SocketSpec *
socket_keys_find(const ScenarioSpec *scenario, const char *name)
{
    const GArray *sockets = socket_keys_of(scenario)->sockets;

    for (guint i = 0; i < sockets->len; i++)
        if (g_str_equal(g_array_index(sockets, SocketSpec, i).name, name))
            return &g_array_index(sockets, SocketSpec, i);
    g_return_val_if_reached(NULL);
}
