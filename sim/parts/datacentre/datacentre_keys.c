#include "sim/parts/datacentre/datacentre_keys.h"

static const char *const decides_words[] = {
    [DATACENTRE_EACH_HOST] = "each-host", [DATACENTRE_ALL_HOSTS] = "all-hosts", [DATACENTRE_BALANCE] = "balance", NULL};
static const char *const clocks_words[] = {[DATACENTRE_COMMON_CLOCK] = "common", [DATACENTRE_OWN_CLOCKS] = "own", NULL};
static const char *const phases_words[] = {
    [DATACENTRE_DRAWN_PHASES] = "drawn", [DATACENTRE_STARTED_IN_TURN] = "in-turn", NULL};
static const char *const overload_words[] = {
    [OVERLOAD_NEVER] = "never",
    [OVERLOAD_THRESHOLD] = "threshold",
    [OVERLOAD_MAD] = "mad",
    [OVERLOAD_IQR] = "iqr",
    [OVERLOAD_LR] = "lr",
    [OVERLOAD_LRR] = "lrr",
    [OVERLOAD_LINE] = "line",
    [OVERLOAD_MHOD] = "mhod",
    NULL,
};
static const char *const selection_words[] = {
    [SELECTION_LEAST_MEMORY] = "least-memory",
    [SELECTION_MEMORY_THEN_CPU] = "memory-then-cpu",
    [SELECTION_MAX_CPU] = "max-cpu",
    [SELECTION_MIN_CPU] = "min-cpu",
    [SELECTION_RANDOM] = "random",
    [SELECTION_MAX_CORRELATION] = "max-correlation",
    [SELECTION_MIN_CORRELATION] = "min-correlation",
    NULL,
};
static const char *const packing_words[] = {
    [PACKING_BEST_FIT] = "best-fit",
    [PACKING_POWER_AWARE] = "power-aware",
    [PACKING_FIRST_FIT] = "first-fit",
    [PACKING_WORST_FIT] = "worst-fit",
    NULL,
};

enum { POWER_LINE, POWER_ML110_G4, POWER_ML110_G5, POWER_X3250, POWER_X3550 };
static const char *const power_words[] = {
    [POWER_LINE] = "line",         [POWER_ML110_G4] = "ml110-g4", [POWER_ML110_G5] = "ml110-g5",
    [POWER_X3250] = "x3250-x3470", [POWER_X3550] = "x3550-x5675", NULL,
};

static const Field power_fields[] = {
    {"hosts", FIELD_LIST(PowerKeys, hosts, REFERENCE), .refers = "/hosts", .required = TRUE, .min_items = 1,
     .help = "of this kind"},
    {"power", FIELD_ENUM(PowerKeys, power), .words = power_words, .required = TRUE,
     .help = "what they draw while active"},
    {NULL},
};
static const FieldTable power_table = {"power", sizeof(PowerKeys), power_fields,
                                       .help = "hosts that draw what the others do not"};

#define K ConsolidateKeys
static const Field consolidate_fields[] = {
    {"hosts", FIELD_LIST(K, hosts, REFERENCE), .refers = "/hosts",
     .help = "which decide, and sleep; absent: all. Each has processors \"shared\""},
    {"decides", FIELD_ENUM(K, decides), .words = decides_words, .preset = "each-host",
     .help =
         "each host asks for itself, and a manager answers one at a time (OpenStack Neat); or one round looks at all "
         "hosts at once (CloudSim)"},
    {"clocks", FIELD_ENUM(K, clocks), .words = clocks_words, .preset = "common",
     .help =
         "of each-host. common: all read their counters and ask at the same dates, and a manager that is at work "
         "refuses; own: each host reads and asks at dates of its own, drawn for it, waits for the manager, and asks "
         "again an interval after it was answered (OpenStack Neat's daemons)"},
    {"phases", FIELD_ENUM(K, phases), .words = phases_words, .preset = "drawn",
     .help =
         "of own clocks. drawn: each collector and each local manager begins at a date of its own within the first "
         "interval; in-turn: a script starts the collectors a second apart and 2 s later the local managers likewise, "
         "at one date within the first interval that is drawn for all (OpenStack Neat's all-start.sh)"},
    {"request_age", FIELD_TIME(K, request_age_s), .preset = "5s", .min = "0s",
     .help = "of own clocks: a request that has waited longer is refused"},
    {"interval", FIELD_TIME(K, interval_s), .preset = "300s", .above = "0s",
     .help = "between two readings of counters, and two decisions"},
    {"length", FIELD_COUNT(K, length), .preset = "100", .min = "1", .max = "100000", .help = "readings that are kept"},
    {"delay", FIELD_TIME(K, delay_s), .preset = "0s", .help = "from a reading until a policy sees it"},
    {"loss", FIELD_NUMBER(K, loss), .preset = "0", .min = "0", .max = "1",
     .help = "share of readings that never arrive, drawn for each VM"},
    {"underload", FIELD_NUMBER(K, underload), .preset = "0.5", .min = "-1", .max = "1",
     .help = "a host whose mean utilization is at most this is to be emptied; below 0: none is. Of each-host"},
    {"underload_last", FIELD_COUNT(K, underload_last), .preset = "2", .min = "1", .max = "100000",
     .help = "readings of which that is the mean"},
    {"overload", FIELD_ENUM(K, overload), .words = overload_words, .preset = "threshold",
     .help = "how an overload is found: models/placement/overload.h"},
    {"threshold", FIELD_NUMBER(K, threshold), .preset = "0.8", .above = "0",
     .help = "utilization that is exceeded, or predicted, or the border of mhod's upper state"},
    {"safety", FIELD_NUMBER(K, safety), .preset = "1", .above = "0", .help = "of mad, iqr and the lines"},
    {"overload_length", FIELD_COUNT(K, overload_length), .preset = "30", .min = "3", .max = "100000",
     .help = "readings that the lines look at, and without which mad and iqr find nothing"},
    {"fallback", FIELD_NUMBER(K, fallback), .preset = "0", .min = "0",
     .help = "a threshold until there are so many; 0: none"},
    {"allowed", FIELD_NUMBER(K, allowed), .preset = "0.2", .min = "0", .max = "1",
     .help = "of mhod: the share of time in its upper state that is not to be exceeded"},
    {"selection", FIELD_ENUM(K, selection), .words = selection_words, .preset = "memory-then-cpu",
     .help = "which VM leaves an overloaded host: models/placement/vm_selection.h"},
    {"last", FIELD_COUNT(K, last), .preset = "2", .min = "1", .max = "100000",
     .help = "readings of a VM whose mean counts when it is selected and placed"},
    {"packing", FIELD_ENUM(K, packing), .words = packing_words, .preset = "best-fit",
     .help = "where VMs go: models/placement/bin_packing.h"},
    {"cpu_share", FIELD_NUMBER(K, cpu_share), .preset = "0.8", .above = "0", .max = "1",
     .help = "of an active host's cores that VMs may be laid on"},
    {"memory_share", FIELD_NUMBER(K, memory_share), .preset = "0.95", .above = "0", .max = "1",
     .help = "of its memory for guests"},
    {"wake", FIELD_BOOLEAN(K, wakes), .preset = "true", .help = "whether sleeping hosts are woken for an overload"},
    {"all_or_nothing", FIELD_BOOLEAN(K, all_or_nothing), .preset = "true",
     .help = "whether nothing is moved when one VM finds no host"},
    {"sleep", FIELD_BOOLEAN(K, sleeps), .preset = "true", .help = "whether a host that was emptied sleeps"},
    {"balance_target", FIELD_NUMBER(K, balance_target), .preset = "0.1", .min = "0",
     .help = "of balance: a round ends when the standard deviation of the hosts' loads is at most this (assumed)"},
    {"balance_gain", FIELD_NUMBER(K, balance_gain), .preset = "0.02", .min = "0",
     .help = "of balance: the least by which a migration must lower it (assumed)"},
    {"balance_moves", FIELD_COUNT(K, balance_moves), .preset = "10", .min = "1", .max = "100000",
     .help = "of balance: migrations of one round, at most (assumed)"},
    {"migration_time", FIELD_TIME(K, migration_time_s), .preset = "0s",
     .help = "what detectors that look ahead take a migration to last"},
    {"orchestration", FIELD_TIME(K, orchestration_s), .preset = "0s",
     .help = "the manager's own time before each migration"},
    {"at_once", FIELD_COUNT(K, at_once), .preset = "1", .min = "1", .max = "100000",
     .help = "migrations that the manager carries out at a time"},
    {"at_once_of_host", FIELD_COUNT(K, at_once_of_host), .preset = "0", .min = "0", .max = "100000",
     .help = "and of these from and to one host; 0: any number"},
    {"first_look", FIELD_TIME(K, first_look_s), .preset = "0s",
     .help = "after it has turned to a migration the manager looks whether that has ended …"},
    {"look_every", FIELD_TIME(K, look_every_s), .preset = "0s",
     .help = "… and again each so long, until it has; 0s: it knows at once"},
    {"suspend", FIELD_TIME(K, suspend_s), .preset = "5s", .help = "from the decision until a host sleeps"},
    {"resume", FIELD_TIME(K, resume_s), .preset = "10s", .help = "from its waking until a migration to it can begin"},
    {"wake_fails", FIELD_NUMBER(K, wake_fails), .preset = "0", .min = "0", .max = "1",
     .help =
         "share of wakings after which a host does not come back, drawn for each host; nobody is sent to it any more"},
    {"power", FIELD_ENUM(K, power), .words = power_words, .preset = "line",
     .help = "what an active host draws: a line from idle_watts to full_watts, or a published curve"},
    {"powers", FIELD_LIST(K, powers, OBJECT), .table = &power_table,
     .help = "hosts of other kinds; the first that names a host holds for it"},
    {"idle_watts", FIELD_NUMBER(K, idle_W), .preset = "270", .min = "0", .help = "of the line, at no load"},
    {"full_watts", FIELD_NUMBER(K, full_W), .preset = "450", .min = "0", .help = "of the line, at full load"},
    {"transition_watts", FIELD_NUMBER(K, transition_W), .preset = "270", .min = "0",
     .help = "while it is suspended or resumed"},
    {"asleep_watts", FIELD_NUMBER(K, asleep_W), .preset = "10.4", .min = "0", .help = "asleep"},
    {"hypervisor", FIELD_OBJECT(K, hypervisor), .table = &hypervisor_table, .preset = "xen-4.5",
     .help = "pre-copy policy and costs of its migrations"},
    {"name", FIELD_NAME(K, name), .help = "what the results call it; absent: \"consolidation\""},
    {NULL},
};
const FieldCase datacentre_keys_actions[] = {
    {"consolidate", consolidate_fields,
     "from now on hosts are watched: overloaded ones give VMs away, underloaded ones are emptied and sleep"},
    {NULL},
};

const ConsolidateKeys *
datacentre_keys_of(const ActionSpec *action)
{
    return action_keys(action, &datacentre_keys);
}

const char *
datacentre_keys_name(const ConsolidateKeys *keys)
{
    return keys->name ? keys->name : "consolidation";
}

static OverloadRules
overload_rules(const ConsolidateKeys *keys)
{
    OverloadRules rules = {.rule = keys->overload,
                           .threshold = keys->threshold,
                           .safety = keys->safety,
                           .length = keys->overload_length,
                           .fallback = keys->fallback,
                           .mhod = MHOD_RULES_NEAT};

    rules.mhod.border = keys->threshold;
    rules.mhod.allowed = keys->allowed;
    return rules;
}

ConsolidationRules
datacentre_keys_rules(const ConsolidateKeys *keys)
{
    return (ConsolidationRules){.underload = {keys->underload, keys->underload_last},
                                .overload = overload_rules(keys),
                                .selection = keys->selection,
                                .last_n = keys->last,
                                .packing = {.rule = keys->packing,
                                            .cpu_share = keys->cpu_share,
                                            .memory_share = keys->memory_share,
                                            .wakes = keys->wakes,
                                            .all_or_nothing = keys->all_or_nothing,
                                            .waking_counts = TRUE},
                                .migration_steps = keys->migration_time_s / keys->interval_s};
}

BalanceRules
datacentre_keys_balance(const ConsolidateKeys *keys)
{
    return (BalanceRules){keys->balance_target, keys->balance_gain, keys->balance_moves};
}

CounterRules
datacentre_keys_counters(const ConsolidateKeys *keys)
{
    return (CounterRules){keys->interval_s, keys->length, keys->delay_s, keys->loss};
}

static int
power_of(const ConsolidateKeys *keys, const char *host)
{
    for (guint i = 0; i < keys->powers->len; i++) {
        const PowerKeys *kind = &g_array_index(keys->powers, PowerKeys, i);

        for (guint k = 0; k < kind->hosts->len; k++)
            if (g_str_equal(g_array_index(kind->hosts, char *, k), host))
                return kind->power;
    }
    return keys->power;
}

EnergyPowers
datacentre_keys_powers(const ConsolidateKeys *keys, const char *host)
{
    const PowerCurve line = power_curve_linear(keys->idle_W, keys->full_W);
    const int power = power_of(keys, host);

    return (EnergyPowers){.curve = power == POWER_LINE ? line : *power_curve_named(power_words[power]),
                          .suspending_W = keys->transition_W,
                          .asleep_W = keys->asleep_W,
                          .resuming_W = keys->transition_W};
}
