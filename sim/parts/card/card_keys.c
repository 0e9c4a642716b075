#include "sim/parts/card/card_keys.h"

/* ---- the card ---- */

static const char *const engine_words[] = {"symmetric", "asymmetric", "hash", "any", NULL};

static const Field algorithm_fields[] = {
    {"engine", FIELD_ENUM(AlgorithmSpec, engine), .words = engine_words, .preset = "any",
     .help = "the group of engines that computes it"},
    {"fixed", FIELD_TIME(AlgorithmSpec, fixed_s), .preset = "0s", .help = "engine time of a request of any size"},
    {"per_KiB", FIELD_TIME(AlgorithmSpec, per_kib_s), .preset = "0s", .help = "engine time per 1024 bytes of input"},
    {"rate", FIELD_DATA_RATE(AlgorithmSpec, rate_Bps), .above = "0bps",
     .help = "input that an engine takes in per second; adds to per_KiB"},
    {"output_bytes", FIELD_NUMBER(AlgorithmSpec, output_bytes), .preset = "0", .min = "-65536", .max = "65536",
     .help = "bytes that come back, besides output_per_byte times the input"},
    {"output_per_byte", FIELD_NUMBER(AlgorithmSpec, output_per_byte), .preset = "1", .min = "0", .max = "16",
     .help = "bytes that come back per byte of input"},
    {NULL},
};
static const FieldTable algorithm_table = {"card-algorithm", sizeof(AlgorithmSpec), algorithm_fields,
                                           .help = "what a request of one algorithm costs an engine"};

#define ALGORITHM(key, member)                                                                                         \
    {                                                                                                                  \
        key, FIELD_OBJECT(AlgorithmsSpec, member), .table = &algorithm_table,                                          \
                                                   .help = "absent: the card has not got it"                           \
    }

static const Field algorithms_fields[] = {
    ALGORITHM("sm1", sm1),
    ALGORITHM("sm2-sign", sm2_sign),
    ALGORITHM("sm2-verify", sm2_verify),
    ALGORITHM("sm2-encrypt", sm2_encrypt),
    ALGORITHM("sm2-decrypt", sm2_decrypt),
    ALGORITHM("sm3", sm3),
    ALGORITHM("sm4", sm4),
    ALGORITHM("deflate", deflate),
    ALGORITHM("inflate", inflate),
    {NULL},
};
static const FieldTable algorithms_table = {"card-algorithms", sizeof(AlgorithmsSpec), algorithms_fields,
                                            .help = "what the card computes"};

#define ENGINES(group)                                                                                                 \
    {                                                                                                                  \
#group, FIELD_INTEGER(EnginesSpec, group), .preset = "1", .min = "1", .max = "4096",                           \
                                                   .help = "engines of that group, each for one request at a time"     \
    }

static const Field engines_fields[] = {ENGINES(symmetric), ENGINES(asymmetric), ENGINES(hash), ENGINES(any), {NULL}};
static const FieldTable engines_table = {"card-engines", sizeof(EnginesSpec), engines_fields,
                                         .help = "parallel engines by group"};

static const Field key_fields[] = {
    {"slot", FIELD_INTEGER(KeySpec, slot), .required = TRUE, .min = "1", .max = "65535", .help = "key slot"},
    {"owner", FIELD_STRING(KeySpec, owner), .required = TRUE,
     .help = "the session whose key it is: another's request with this key is refused"},
    {NULL},
};
static const FieldTable key_table = {"card-key", sizeof(KeySpec), key_fields, .help = "a key and whose it is"};

static const Field card_fields[] = {
    {"name", FIELD_NAME(CryptoCardSpec, name), .required = TRUE, .help = "what sessions and results call the card"},
    {"host", FIELD_REFERENCE(CryptoCardSpec, host), .refers = "/hosts", .required = TRUE,
     .help = "where it is plugged"},
    {"engines", FIELD_OBJECT(CryptoCardSpec, engines), .table = &engines_table, .preset = "{}",
     .help = "parallel engines"},
    {"algorithms", FIELD_OBJECT(CryptoCardSpec, algorithms), .table = &algorithms_table, .preset = "{}",
     .help = "what it computes, and how long that takes"},
    {"ring_slots", FIELD_INTEGER(CryptoCardSpec, ring_slots), .preset = "64", .min = "1", .max = "1048576",
     .help = "depth of the submission ring; who finds it full waits"},
    {"dma_channels", FIELD_INTEGER(CryptoCardSpec, dma_channels), .preset = "1", .min = "1", .max = "1024",
     .help = "transfers at a time, each direction"},
    {"dma_setup", FIELD_TIME(CryptoCardSpec, dma_setup_s), .preset = "0s", .help = "of a transfer of any size"},
    {"dma_rate", FIELD_DATA_RATE(CryptoCardSpec, dma_rate_Bps), .preset = "4GBps", .above = "0bps",
     .help = "of a channel"},
    {"interrupt", FIELD_TIME(CryptoCardSpec, interrupt_s), .preset = "0s", .help = "from completion to its handling"},
    {"coalesce_requests", FIELD_INTEGER(CryptoCardSpec, coalesce_requests), .preset = "0", .min = "0", .max = "1048576",
     .help = "completions that share an interrupt; 0 or 1: none do"},
    {"coalesce_time", FIELD_TIME(CryptoCardSpec, coalesce_s), .preset = "0s",
     .help = "an interrupt comes at most so long after the first completion it is for"},
    {"packet_max", FIELD_SIZE(CryptoCardSpec, packet_max_bytes), .preset = "16KiB", .above = "0B", .max = "1GiB",
     .help = "larger requests are rejected"},
    {"virtual_functions", FIELD_INTEGER(CryptoCardSpec, virtual_functions), .preset = "0", .min = "0", .max = "65536",
     .help = "VMs that a path with virtual functions can serve; 0: no SR-IOV"},
    {"key_slots", FIELD_INTEGER(CryptoCardSpec, key_slots), .preset = "64", .min = "0", .max = "65535",
     .help = "keys it can store"},
    {"keys", FIELD_LIST(CryptoCardSpec, keys, OBJECT), .table = &key_table, .help = "who owns which key slot"},
    {"processors", FIELD_INTEGER(CryptoCardSpec, processors), .preset = "0", .min = "0", .max = "4096",
     .help = "of the host, for the work of this card's paths at host-kernel and host-user; 0: always enough"},
    {"processors_run_guests", FIELD_BOOLEAN(CryptoCardSpec, processors_run_guests), .preset = "false",
     .help = "the paths' work in guests needs one of these processors as well"},
    {"processor_switch", FIELD_TIME(CryptoCardSpec, processor_switch_s), .preset = "0s",
     .help = "time lost when a processor goes to another thread than it ran last"},
    {"processor_halts_after", FIELD_TIME(CryptoCardSpec, processor_halts_s), .preset = "0s",
     .help = "a processor that has been idle for that long halts; 0s: never"},
    {"halted_notify", FIELD_TIME(CryptoCardSpec, halted_notify_s), .preset = "0s",
     .help = "how much longer a call takes that wakes a server on a processor that halts"},
    {"halted_wake", FIELD_TIME(CryptoCardSpec, halted_wake_s), .preset = "0s",
     .help = "how much later that server then runs"},
    {NULL},
};
const FieldTable card_table = {"card",         sizeof(CryptoCardSpec),          card_fields, .profiles = "cards",
                               .groups = TRUE, .help = "a hardware crypto card"};

/* ---- the path ---- */

static const char *const place_words[] = {"guest", "host-kernel", "host-user", "card", "wire", NULL};
static const char *const direction_words[] = {"forward", "return", NULL};
static const char *const spread_words[] = {"constant", "uniform", "tailed", "exponential", NULL};

static const Field station_fields[] = {
    {"name", FIELD_STRING(StationSpec, name), .required = TRUE, .help = "unique in the path; letters, digits, . _ -"},
    {"place", FIELD_ENUM(StationSpec, place), .words = place_words, .required = TRUE, .help = "where the work is done"},
    {"direction", FIELD_ENUM(StationSpec, direction), .words = direction_words, .required = TRUE,
     .help = "on the way to the card or back; all of the first come before the others"},
    {"server", FIELD_STRING(StationSpec, server), .help = "stations of one server share it; absent: its own"},
    {"servers", FIELD_INTEGER(StationSpec, servers), .preset = "1", .min = "0", .max = "1048576",
     .help = "how many; 0: always enough"},
    {"fixed", FIELD_TIME(StationSpec, fixed_s), .preset = "0s", .help = "mean time of a request of any size"},
    {"per_KiB", FIELD_TIME(StationSpec, per_kib_s), .preset = "0s",
     .help = "mean time per 1024 bytes: of the input forward, of the output on the way back"},
    {"per_vm", FIELD_BOOLEAN(StationSpec, per_vm), .preset = "false", .help = "every VM has its own servers"},
    {"card_only", FIELD_BOOLEAN(StationSpec, card_only), .preset = "false",
     .help = "requests that do not go to the card (echo, refused keys) pass by"},
    {"token", FIELD_BOOLEAN(StationSpec, token), .preset = "false",
     .help = "a permit, not a worker: never called the bottleneck"},
    {"latency", FIELD_BOOLEAN(StationSpec, latency), .preset = "false",
     .help = "time in which nobody works: needs no processor of the host"},
    {"held_until", FIELD_STRING(StationSpec, held_until),
     .help = "the server stays with the request until that later station is done; \"interrupt\": until the card is"},
    {"spread", FIELD_ENUM(StationSpec, spread), .words = spread_words, .preset = "constant",
     .help = "how times vary around their mean"},
    {"spread_share", FIELD_NUMBER(StationSpec, spread_share), .preset = "0", .min = "0", .max = "1",
     .help = "the varying share of the time: uniform in mean (1 ± share), tailed with an exponential share"},
    {"wake", FIELD_TIME(StationSpec, wake_s), .preset = "0s",
     .help = "a server that is idle sleeps: a request that finds it so waits that long, on average, until it runs"},
    {"notify", FIELD_TIME(StationSpec, notify_s), .preset = "0s",
     .help = "how long the software before it is busy with waking it, when it sleeps"},
    {"notify_queued", FIELD_TIME(StationSpec, notify_queued_s), .preset = "0s",
     .help = "the same when no processor is idle: the server is only queued, and runs without a wake when one comes "
             "free; 0s: as notify"},
    {"poll", FIELD_TIME(StationSpec, poll_s), .preset = "0s",
     .help = "how long a server that has nothing to do is awake before it sleeps; what comes meanwhile wakes nobody"},
    {"group_max", FIELD_INTEGER(StationSpec, group_max), .preset = "0", .min = "0", .max = "1048576",
     .help = "waiting requests of one algorithm that a free server takes up as one packet; 0 or 1: no grouping"},
    {"group_bytes", FIELD_SIZE(StationSpec, group_bytes), .preset = "16KiB", .max = "1GiB",
     .help = "such a packet's size at most"},
    {NULL},
};
static const FieldTable station_table = {"card-station", sizeof(StationSpec), station_fields,
                                         .help = "a place where requests wait for a server and are served"};

static const Field path_fields[] = {
    {"name", FIELD_NAME(CardPathSpec, name), .required = TRUE, .help = "what sessions and results call the path"},
    {"stations", FIELD_LIST(CardPathSpec, stations, OBJECT), .table = &station_table, .required = TRUE, .min_items = 1,
     .max_items = CARDPATH_STATIONS_MAX, .help = "in the order of a request, first all forward, then all return ones"},
    {"ring_per_vm", FIELD_BOOLEAN(CardPathSpec, ring_per_vm), .preset = "false",
     .help = "every VM has a submission ring of its own"},
    {"needs_virtual_function", FIELD_BOOLEAN(CardPathSpec, needs_virtual_function), .preset = "false",
     .help = "every VM takes one of the card's virtual functions"},
    {"vms_max", FIELD_INTEGER(CardPathSpec, vms_max), .preset = "0", .min = "0", .max = "1048576",
     .help = "VMs that the path can serve on one card; 0: any number"},
    {"migration_refusal", FIELD_STRING(CardPathSpec, migration_refusal),
     .help = "why a VM on this path cannot migrate; absent: it can"},
    {"arm_refusal", FIELD_STRING(CardPathSpec, arm_refusal),
     .help = "why the path does not work on ARM hosts; absent: it does"},
    {NULL},
};
static const FieldTable card_path_table = {"card-path", sizeof(CardPathSpec), path_fields, .profiles = "paths",
                                           .help = "the way from a VM to a card and back, as a tandem of stations"};

/* ---- what is asked ---- */

#define ALGORITHM_FIELD(Struct)                                                                                        \
    {                                                                                                                  \
        "algorithm", FIELD_ENUM(Struct, algorithm), .words = cardspec_algorithm_words, .required = TRUE,               \
                                                    .help = "echo: there and back without the card (Fig. 11)"          \
    }
#define KEY_FIELD(Struct)                                                                                              \
    {                                                                                                                  \
        "key", FIELD_INTEGER(Struct, key), .preset = "0", .min = "0", .max = "65535",                                  \
                                           .help = "key slot that the request names; 0: no stored key"                 \
    }

static const Field mix_fields[] = {
    ALGORITHM_FIELD(MixSpec),
    {"bytes", FIELD_SIZE(MixSpec, bytes), .preset = "4KiB", .max = "1GiB", .help = "input of a request"},
    {"weight", FIELD_NUMBER(MixSpec, weight), .preset = "1", .above = "0", .max = "1e9",
     .help = "its share of the requests is its weight over the sum of all"},
    KEY_FIELD(MixSpec),
    {NULL},
};
static const FieldTable mix_table = {"card-mix", sizeof(MixSpec), mix_fields, .help = "a kind of request"};

static const Field call_fields[] = {
    {"session", FIELD_REFERENCE(CardCallSpec, session), .refers = "/card_sessions", .required = TRUE,
     .help = "of the guest that calls"},
    ALGORITHM_FIELD(CardCallSpec),
    {"bytes", FIELD_SIZE(CardCallSpec, bytes), .required = TRUE, .max = "1GiB", .help = "input of the request"},
    KEY_FIELD(CardCallSpec),
    {NULL},
};
const FieldTable card_call_table = {"card-call", sizeof(CardCallSpec), call_fields,
                                    .help = "a request to a card, beside those of the session's workload"};

/* ---- the session ---- */

#define MIX_FIELD                                                                                                      \
    {                                                                                                                  \
        "mix", FIELD_LIST(CardLoadSpec, mix, OBJECT), .table = &mix_table, .required = TRUE, .min_items = 1,           \
                                                      .help = "what is asked, drawn anew for every request"            \
    }
#define OPEN_FIELDS                                                                                                    \
    MIX_FIELD,                                                                                                         \
        {"rate", FIELD_FREQUENCY(CardLoadSpec, rate_per_s), .required = TRUE, .above = "0/s",                          \
         .help = "requests per second; of on-off: while on"},                                                          \
    {                                                                                                                  \
        "queue_limit", FIELD_INTEGER(CardLoadSpec, queue_limit),                                                       \
            .preset = "4096", .min = "1", .max = "1048576",                                                            \
            .help = "requests beyond so many under way are dropped and counted"                                        \
    }

static const Field closed_fields[] = {
    MIX_FIELD,
    {"outstanding", FIELD_INTEGER(CardLoadSpec, outstanding), .preset = "1", .min = "1", .max = "65536",
     .help = "requests under way; 1: a synchronous caller"},
    {"think", FIELD_TIME(CardLoadSpec, think_s), .preset = "0s", .help = "mean time between answer and next request"},
    {"think_exponential", FIELD_BOOLEAN(CardLoadSpec, think_exponential), .preset = "false",
     .help = "whether the think time varies (exponential) or not"},
    {NULL},
};
static const Field open_fields[] = {OPEN_FIELDS, {NULL}};
static const Field bursts_fields[] = {
    OPEN_FIELDS,
    {"on", FIELD_TIME(CardLoadSpec, on_s), .required = TRUE, .above = "0s", .help = "mean length of a burst"},
    {"off", FIELD_TIME(CardLoadSpec, off_s), .required = TRUE, .above = "0s", .help = "mean pause between bursts"},
    {NULL},
};
static const Field replay_fields[] = {
    {"file", FIELD_STRING(CardLoadSpec, file), .required = TRUE,
     .help = "CSV with columns time_s,algorithm,bytes; times from the session's start, not going back"},
    {"queue_limit", FIELD_INTEGER(CardLoadSpec, queue_limit), .preset = "4096", .min = "1", .max = "1048576",
     .help = "requests beyond so many under way are dropped and counted"},
    {NULL},
};
static const Field no_fields[] = {{NULL}};
static const Field load_fields[] = {
    {"requests_max", FIELD_INTEGER(CardLoadSpec, requests_max), .preset = "0", .min = "0",
     .help = "stops after so many requests; 0: never"},
    {NULL},
};
static const FieldCase load_cases[] = {
    {"closed", closed_fields, "a fixed number of requests under way"},
    {"poisson", open_fields, "requests at random, whatever happens"},
    {"deterministic", open_fields, "requests at equal intervals, whatever happens"},
    {"on-off", bursts_fields, "Poisson bursts and pauses of exponential length"},
    {"replay", replay_fields, "requests as recorded in a file"},
    {"none", no_fields, "nothing by itself: applications of the guest ask through the session"},
    {NULL},
};
static const FieldTable load_table = {
    "card-workload", sizeof(CardLoadSpec),          load_fields,         .profiles = "card-workloads",
    .tag = "kind",   FIELD_TAG(CardLoadSpec, kind), .cases = load_cases, .help = "what a VM asks of the card when"};

static const char *const on_migration_words[] = {"drain", "resubmit", NULL};
static const char *const when_stopped_words[] = {"pause", "queue", NULL};
static const char *const on_arm_words[] = {"refuse", "crash", NULL};

static const Field session_fields[] = {
    {"name", FIELD_NAME(CardSessionSpec, name), .required = TRUE,
     .help = "what results and key slots call the session"},
    {"guest", FIELD_REFERENCE(CardSessionSpec, guest), .refers = "/guests",
     .help = "whose it is; absent: a caller that only the card knows, which never migrates"},
    {"copies", FIELD_INTEGER(CardSessionSpec, copies), .preset = "1", .min = "1", .max = "4096",
     .help = "without guest: so many alike, NAME-1, NAME-2 …"},
    {"card", FIELD_REFERENCE(CardSessionSpec, card), .refers = "/cards", .required = TRUE,
     .help = "on the guest's host"},
    {"path", FIELD_REFERENCE(CardSessionSpec, path), .refers = "/card_paths", .required = TRUE,
     .help = "the way to the card; sessions of one path share its servers"},
    {"start", FIELD_TIME(CardSessionSpec, start_s), .preset = "0s", .help = "when it opens"},
    {"workload", FIELD_OBJECT(CardSessionSpec, workload), .table = &load_table, .required = TRUE,
     .help = "what it asks"},
    {"on_migration", FIELD_ENUM(CardSessionSpec, on_migration), .words = on_migration_words, .preset = "drain",
     .help = "what is under way is waited for before the VM stops, or asked again at the destination's card"},
    {"when_stopped", FIELD_ENUM(CardSessionSpec, when_stopped), .words = when_stopped_words, .preset = "pause",
     .help = "an open load of a stopped VM pauses with it (its own program asks), or queues (others ask through it)"},
    {"on_arm", FIELD_ENUM(CardSessionSpec, on_arm), .words = on_arm_words, .preset = "refuse",
     .help = "a path that does not work on ARM hosts is refused there, or used to see the VM crash"},
    {"require_keys", FIELD_BOOLEAN(CardSessionSpec, require_keys), .preset = "true",
     .help = "a card where it does not own all keys that it names refuses the session; else it refuses the requests"},
    {NULL},
};
const FieldTable card_session_table = {"card-session", sizeof(CardSessionSpec), session_fields, .groups = TRUE,
                                       .help = "a VM's use of a card"};

/* ---- the measurement ---- */

static const char *const until_words[] = {"run", "narrow", NULL};

static const Field measure_fields[] = {
    {"until", FIELD_ENUM(MeasureSpec, until), .words = until_words, .preset = "run",
     .help = "to the end of the run, or until rate and mean latency have narrow confidence intervals"},
    {"warm_up", FIELD_TIME(MeasureSpec, warm_up_s), .preset = "0s",
     .help = "run: what happens before this date is not counted; narrow: MSER-5 finds the warm-up itself"},
    {"batch", FIELD_TIME(MeasureSpec, batch_s), .preset = "100ms", .min = "1ms",
     .help = "run: length of a batch, and of a row of card-series.csv"},
    {"pilot_requests", FIELD_INTEGER(MeasureSpec, pilot_requests), .preset = "50", .min = "1", .max = "1000000",
     .help = "narrow: requests in each of the 100 means that MSER-5 looks at"},
    {"batch_requests", FIELD_INTEGER(MeasureSpec, batch_requests), .preset = "1000", .min = "1", .max = "1000000000",
     .help = "narrow: requests in a batch"},
    {"batches_min", FIELD_INTEGER(MeasureSpec, batches_min), .preset = "20", .min = "2", .max = "32",
     .help = "narrow: batches at least"},
    {"requests_max", FIELD_INTEGER(MeasureSpec, requests_max), .preset = "10000000", .min = "1",
     .help = "narrow: gives up after so many requests"},
    {"relative", FIELD_NUMBER(MeasureSpec, relative), .preset = "0.01", .above = "0", .below = "1",
     .help = "narrow: half-width over mean that is narrow enough"},
    {"confidence", FIELD_NUMBER(MeasureSpec, confidence), .preset = "0.95", .above = "0", .below = "1",
     .help = "of the intervals"},
    {NULL},
};
static const FieldTable card_measure_table = {"card-measurement", sizeof(MeasureSpec), measure_fields,
                                              .help = "how the cards' results are measured"};

const Field card_keys_fields[] = {
    {"cards", FIELD_LIST(CardKeys, cards, OBJECT), .table = &card_table, .help = "hardware crypto cards"},
    {"card_paths", FIELD_LIST(CardKeys, paths, OBJECT), .table = &card_path_table, .help = "ways from VMs to cards"},
    {"card_sessions", FIELD_LIST(CardKeys, sessions, OBJECT), .table = &card_session_table,
     .help = "which VM uses which card, how"},
    {"card_measurement", FIELD_OBJECT(CardKeys, measurement), .table = &card_measure_table, .preset = "{}",
     .help = "how the cards' results are measured"},
    {NULL},
};

const CryptoCardSpec *
card_keys_card(const CardKeys *keys, const char *name)
{
    for (guint i = 0; i < keys->cards->len; i++)
        if (g_str_equal(g_array_index(keys->cards, CryptoCardSpec, i).name, name))
            return &g_array_index(keys->cards, CryptoCardSpec, i);
    g_return_val_if_reached(NULL);
}

const CardSessionSpec *
card_keys_session(const CardKeys *keys, const char *name)
{
    for (guint i = 0; i < keys->sessions->len; i++)
        if (g_str_equal(g_array_index(keys->sessions, CardSessionSpec, i).name, name))
            return &g_array_index(keys->sessions, CardSessionSpec, i);
    g_return_val_if_reached(NULL);
}

const CardKeys *
card_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &card_keys);
}
