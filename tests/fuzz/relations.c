#include "tests/fuzz/relations.h"

#include "models/base/random.h"
#include "sim/output/csv.h"
#include "sim/run/run.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/units.h"
#include "tests/fuzz/maker.h"

#include <math.h>
#include <string.h>

/* QEMU decides by windows of 100 ms and iterations of 50 ms: where they fall moves an end by so much, twice. */
#define QEMU_GRAIN_S 0.3
/* Of the engine's whole bytes and its clock. */
#define EXACT_SHARE 1e-6
#define EXACT_S     1e-5
/* Stop decisions fall differently when a guest writes: what counts as slower then. */
#define MOST_SHARE  0.05
#define UNRELATED_S 1.2  /* by then what is added has ended; nobody else's run may end before */
#define CAP_SHARE   0.02 /* the bar */

typedef struct {
    const Result *base, *varied;
    const cJSON *scenario; /* the base's */
} Pair;

struct Relation {
    const char *name;
    cJSON *(*make)(guint64 seed);
    gboolean (*vary)(cJSON *scenario); /* FALSE: nothing to vary */
    char *(*fault)(const Pair *pair);  /* (transfer full) NULL: it holds */
    double may_break;
};

/* ---- lists and quantities of a scenario ---- */

static cJSON *
item(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *
text_of(const cJSON *object, const char *key)
{
    const cJSON *text = item(object, key);

    return cJSON_IsString(text) ? text->valuestring : "";
}

static double
quantity(const cJSON *object, const char *key, UnitsDimension dimension)
{
    double value;

    return units_parse(text_of(object, key), dimension, &value, NULL) ? value : NAN;
}

static void
set_quantity(cJSON *object, const char *key, double value, UnitsDimension dimension)
{
    g_autofree char *text = units_print(value, dimension);

    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    cJSON_AddStringToObject(object, key, text);
}

static cJSON *
list_of(cJSON *scenario, const char *name)
{
    cJSON *list = item(scenario, name);

    return list ? list : cJSON_AddArrayToObject(scenario, name);
}

/* A literal with ' for " at a list's end. */
static void
add_literal(cJSON *scenario, const char *list, const char *literal)
{
    g_autofree char *json = g_strdelimit(g_strdup(literal), "'", '"');
    cJSON *element = cJSON_Parse(json);

    g_assert(element);
    cJSON_AddItemToArray(list_of(scenario, list), element);
}

static gboolean
is_migration(const cJSON *action)
{
    return g_str_equal(text_of(action, "do"), "migrate");
}

static gboolean
is_qemu(const cJSON *action)
{
    const char *profile = text_of(item(action, "hypervisor"), "profile");

    return strstr(profile, "qemu") || strstr(profile, "kubevirt");
}

/* What the results call each migration is its VM and number; a name makes it the same in both runs. */
static void
name_migrations(cJSON *scenario)
{
    cJSON *action;
    guint n = 0;

    cJSON_ArrayForEach(action, item(scenario, "timeline"))
    {
        g_autofree char *name = g_strdup_printf("m%u", n++);
        if (is_migration(action) && !item(action, "name"))
            cJSON_AddStringToObject(action, "name", name);
    }
}

/* ---- scenarios ---- */

static cJSON *
make_with(guint64 seed, MakerParts parts)
{
    cJSON *scenario = maker_scenario(seed, parts & ~MAKER_ANY_KEY);

    name_migrations(scenario);
    const double until_s = quantity(scenario, "run_until", UNITS_TIME);
    set_quantity(scenario, "run_until", until_s > UNRELATED_S ? until_s : UNRELATED_S, UNITS_TIME);
    return scenario;
}

static cJSON *
make_all(guint64 seed)
{
    return make_with(seed, MAKER_ALL);
}

/* An evacuation takes VMs, and of equal hosts the first, in the order of the lists: that is meant. */
static cJSON *
make_unlisted(guint64 seed)
{
    return make_with(seed, MAKER_ALL & ~MAKER_EVACUATIONS);
}

/* Whose migrations compare one by one: nobody writes, and one cable is all of the network. In a network of several a
 * transfer that ends sooner lets another one grow that slows a third: max-min shares are not monotone there. */
static cJSON *
make_idle(guint64 seed)
{
    cJSON *scenario = maker_pair(seed);
    cJSON *guest;

    name_migrations(scenario);
    cJSON_ArrayForEach(guest, item(scenario, "guests"))
    {
        cJSON_DeleteItemFromObjectCaseSensitive(guest, "workload");
    }
    return scenario;
}

static cJSON *
make_pair(guint64 seed)
{
    cJSON *scenario = maker_pair(seed);

    name_migrations(scenario);
    return scenario;
}

/* TCP's share in LV08 depends on how many cables there are. */
static cJSON *
make_cables(guint64 seed)
{
    cJSON *scenario = maker_scenario(seed, MAKER_VTPMS | MAKER_CARDS | MAKER_SOCKETS | MAKER_FLOWS |
                                               MAKER_WORKLOAD_CHANGES | MAKER_APPLICATIONS);

    name_migrations(scenario);
    return scenario;
}

/* Every migration by QEMU's mechanism with a cap of 4 MB/s and more (less is a page or so in each window), a guest that
 * takes seconds at it, and a cable of any rate. */
static cJSON *
make_capped(guint64 seed)
{
    cJSON *scenario = make_pair(seed);
    cJSON *action;
    RandomStream random;
    guint guest = 0;

    random_init(&random, seed, "maker", "caps");
    cJSON_ArrayForEach(action, item(scenario, "timeline"))
    {
        cJSON *hypervisor = item(action, "hypervisor"),
              *vm = cJSON_GetArrayItem(item(scenario, "guests"), (int)guest++);
        const double cap_Bps = floor(4e6 * pow(250, random_unit(&random)));
        const double memory_bytes = floor(cap_Bps * (1.2 + 2 * random_unit(&random)) / 4096) * 4096;
        const gboolean all_used = random_unit(&random) < 0.5;
        cJSON_ReplaceItemInObjectCaseSensitive(hypervisor, "profile", cJSON_CreateString("qemu-kvm"));
        cJSON_DeleteItemFromObjectCaseSensitive(hypervisor, "postcopy_after");
        cJSON_DeleteItemFromObjectCaseSensitive(hypervisor, "postcopy_rounds");
        cJSON_DeleteItemFromObjectCaseSensitive(vm, "layout");
        cJSON_DeleteItemFromObjectCaseSensitive(vm, "page");
        cJSON_DeleteItemFromObjectCaseSensitive(vm, "host_page");
        cJSON_DeleteItemFromObjectCaseSensitive(vm, "workload");
        set_quantity(hypervisor, "max_bandwidth", cap_Bps, UNITS_DATA_RATE);
        set_quantity(vm, "memory", memory_bytes, UNITS_SIZE);
        set_quantity(vm, "used", all_used ? memory_bytes : floor(memory_bytes / 1.5), UNITS_SIZE);
    }
    cJSON_AddItemToObject(scenario, "engine", cJSON_Parse("{\"verify_memory\": false}"));
    return scenario;
}

/* ---- variations ---- */

static gboolean
vary_nothing(cJSON *scenario G_GNUC_UNUSED)
{
    return TRUE;
}

static gboolean
vary_bandwidth(cJSON *scenario)
{
    cJSON *link;

    cJSON_ArrayForEach(link, item(scenario, "links"))
        set_quantity(link, "bandwidth", 2 * quantity(link, "bandwidth", UNITS_DATA_RATE), UNITS_DATA_RATE);
    return TRUE;
}

/* Only the first migration is left. */
static gboolean
vary_alone(cJSON *scenario)
{
    cJSON *timeline = item(scenario, "timeline");

    while (cJSON_GetArraySize(timeline) > 1)
        cJSON_DeleteItemFromArray(timeline, 1);
    return TRUE;
}

/* Every host is at a switch of the clients' network, where there is one. */
static void
attach(cJSON *scenario, const char *host)
{
    cJSON *first = cJSON_GetArrayItem(item(item(scenario, "client_network"), "switches"), 0);

    if (first)
        cJSON_AddItemToArray(item(first, "attached"), cJSON_CreateString(host));
}

static gboolean
vary_unrelated(cJSON *scenario)
{
    attach(scenario, "x0");
    attach(scenario, "x1");
    add_literal(scenario, "hosts", "{'name': 'x0', 'memory': '512MiB', 'dom0_memory': '16MiB'}");
    add_literal(scenario, "hosts", "{'name': 'x1', 'memory': '512MiB', 'dom0_memory': '16MiB'}");
    add_literal(scenario, "links", "{'name': 'xl', 'ends': ['x0', 'x1'], 'bandwidth': '1Gbps', 'latency': '10us'}");
    add_literal(scenario, "guests",
                "{'name': 'xg', 'host': 'x0', 'memory': '1MiB', 'workload': {'kind': 'uniform', 'working_set': "
                "'64KiB', 'rate': '50/s'}}");
    add_literal(scenario, "guests", "{'name': 'xh', 'host': 'x0', 'memory': '1MiB'}");
    add_literal(scenario, "vtpms", "{'name': 'xt', 'vm': 'xg', 'memory': '64KiB', 'script': {'interval': '37ms'}}");
    add_literal(scenario, "flows",
                "{'name': 'xf', 'from': 'x0', 'to': 'x1', 'rate': '10Mbps', 'start': '111ms', 'duration': '333ms'}");
    add_literal(scenario, "cards", "{'name': 'xd', 'host': 'x0', 'profile': 'sjk1828'}");
    add_literal(scenario, "card_paths", "{'name': 'xp', 'profile': 'ivshmem'}");
    add_literal(scenario, "card_sessions",
                "{'name': 'xu', 'guest': 'xh', 'card': 'xd', 'path': 'xp', 'workload': {'kind': 'closed', 'think': "
                "'7ms', 'mix': [{'algorithm': 'sm4', 'bytes': '1KiB'}]}}");
    add_literal(scenario, "sockets",
                "{'name': 'xc', 'from': 'xg', 'to': 'xh', 'application': 'request-response', 'pause': '13ms', 'stop': "
                "'900ms'}");
    add_literal(scenario, "applications",
                "{'name': 'xa', 'guest': 'xg', 'load': {'kind': 'open', 'rate': '300/s'}, 'service': {'kind': "
                "'exponential', 'mean': '2ms'}, 'writes': 2, 'calls': [{'vtpm': 'xt'}]}");
    add_literal(scenario, "timeline",
                "{'at': '123ms', 'do': 'migrate', 'vm': 'xg', 'to': 'x1', 'name': 'xm', 'hypervisor': 'ideal'}");
    return TRUE;
}

static gboolean
vary_order(cJSON *scenario)
{
    /* not the time line, whose order is meant, nor what queues for one server at one date */
    static const char *const lists[] = {"hosts", "switches", "links",   "guests",      "vtpms",
                                        "flows", "cards",    "sockets", "applications"};

    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        cJSON *list = item(scenario, lists[i]);
        cJSON *reversed = cJSON_CreateArray();
        for (int k = cJSON_GetArraySize(list) - 1; k >= 0; k--)
            cJSON_AddItemToArray(reversed, cJSON_DetachItemFromArray(list, k));
        if (list)
            cJSON_ReplaceItemInObjectCaseSensitive(scenario, lists[i], reversed);
        else
            cJSON_Delete(reversed);
    }
    return TRUE;
}

static gboolean
vary_split(cJSON *scenario)
{
    cJSON *links = item(scenario, "links");
    cJSON *first = cJSON_GetArrayItem(links, 0);

    if (!first)
        return FALSE;
    cJSON *second = cJSON_Duplicate(first, TRUE);
    add_literal(scenario, "switches", "{'name': 'xs'}");
    cJSON_ReplaceItemInObjectCaseSensitive(second, "name", cJSON_CreateString("xl"));
    cJSON_ReplaceItemInArray(item(first, "ends"), 1, cJSON_CreateString("xs"));
    cJSON_ReplaceItemInArray(item(second, "ends"), 0, cJSON_CreateString("xs"));
    cJSON_AddItemToArray(links, second);
    const double latency_s = quantity(first, "latency", UNITS_TIME);
    set_quantity(first, "latency", latency_s / 2, UNITS_TIME);
    set_quantity(second, "latency", latency_s / 2, UNITS_TIME);
    return TRUE;
}

static gboolean
vary_verification(cJSON *scenario)
{
    cJSON_ReplaceItemInObjectCaseSensitive(item(scenario, "engine"), "verify_memory", cJSON_CreateFalse());
    return TRUE;
}

/* ---- comparisons ---- */

static double
number(const Result *result, const char *migration, const char *metric)
{
    g_autofree char *name = g_strdup_printf("migration.%s.%s", migration, metric);

    return result_number(result, name);
}

static gboolean
completes(const Result *result, const char *migration)
{
    g_autofree char *name = g_strdup_printf("migration.%s.outcome", migration);
    const char *word = result_word(result, name);

    return word && g_str_equal(word, "completed");
}

/* NULL: no migration that completes in both takes longer than it may. */
static char *
slower_fault(const Pair *pair, double share, gboolean with_grain)
{
    const cJSON *action;

    cJSON_ArrayForEach(action, item(pair->scenario, "timeline"))
    {
        const char *name = text_of(action, "name");
        if (!completes(pair->base, name) || !completes(pair->varied, name))
            continue;
        const double before_s = number(pair->base, name, "total_s"), after_s = number(pair->varied, name, "total_s");
        const double grain_s = with_grain && is_qemu(action) ? QEMU_GRAIN_S : 0;
        if (!(after_s <= before_s * (1 + share) + EXACT_S + grain_s))
            return g_strdup_printf("migration %s takes %.6f s, then %.6f s", name, before_s, after_s);
    }
    return NULL;
}

static char *
idle_fault(const Pair *pair)
{
    return slower_fault(pair, EXACT_SHARE, TRUE);
}

static char *
most_fault(const Pair *pair)
{
    return slower_fault(pair, MOST_SHARE, TRUE);
}

/* SimGrid's clock is the sum of its steps: what else happens divides a step in two, and the sum is rounded elsewhere.
 * That shows in the sixteenth digit since results hold all of them, and is the engine's. */
#define CLOCK_SHARE 1e-12

static gboolean
same_number(double a, double b, double share)
{
    return a == b /* inf as well */ || fabs(a - b) <= share * MAX(fabs(a), fabs(b));
}

/* share: of the larger one. */
static gboolean
same_value(const cJSON *a, const cJSON *b, double share)
{
    if (!b || a->type != b->type)
        return FALSE;
    if (cJSON_IsString(a))
        return g_str_equal(a->valuestring, b->valuestring);
    return cJSON_IsNull(a) || same_number(a->valuedouble, b->valuedouble, share);
}

/* (transfer full) */
static char *
shown(const cJSON *value)
{
    return value ? cJSON_PrintUnformatted(value) : g_strdup("nothing");
}

/* Counted only where memory is compared, which one of the relations leaves out. */
static gboolean
only_verified(const char *metric)
{
    return g_str_has_suffix(metric, ".unlogged_pages");
}

/* Every metric of the first run is in the second one. */
static char *
metrics_fault(const Pair *pair, double share)
{
    const cJSON *metric;

    cJSON_ArrayForEach(metric, result_metrics(pair->base))
    {
        const cJSON *other = item(result_metrics(pair->varied), metric->string);
        if (same_value(metric, other, share) || only_verified(metric->string))
            continue;
        g_autofree char *before = shown(metric);
        g_autofree char *after = shown(other);
        return g_strdup_printf("%s is %s, then %s", metric->string, before, after);
    }
    return NULL;
}

static gboolean
is_unrelated(const char *row)
{
    return row[0] == 'x';
}

static gboolean
same_cell(const char *a, const char *b)
{
    char *end_a, *end_b;
    const double first = g_ascii_strtod(a, &end_a), second = g_ascii_strtod(b, &end_b);

    if (g_str_equal(a, b))
        return TRUE;
    return *a && *b && !*end_a && !*end_b && same_number(first, second, CLOCK_SHARE);
}

static gboolean
same_row(const char *a, const char *b)
{
    g_auto(GStrv) first = csv_split(a), second = csv_split(b);
    gboolean same = g_strv_length(first) == g_strv_length(second);

    for (guint i = 0; same && first[i]; i++)
        same = same_cell(first[i], second[i]);
    return same;
}

/* Rows of the second run that are not about what was added are those of the first. */
static char *
rows_fault(const Pair *pair, const char *table)
{
    g_auto(GStrv) before = g_strsplit(result_table(pair->base, table), "\n", 0);
    g_auto(GStrv) after = g_strsplit(result_table(pair->varied, table), "\n", 0);
    char **row = after;

    for (char **expected = before; *expected; expected++) {
        while (*row && is_unrelated(*row))
            row++;
        if (!*row || !same_row(*expected, *row))
            return g_strdup_printf("%s: a row is %s, then %s", table, *expected, *row ? *row : "missing");
        row++;
    }
    return NULL;
}

static char *
bytes_fault(const Pair *pair)
{
    static const char *const tables[] = {"rounds.csv", "steps.csv", "commands.csv"};
    char *fault = metrics_fault(pair, CLOCK_SHARE);

    for (guint i = 0; !fault && i < G_N_ELEMENTS(tables); i++)
        fault = rows_fault(pair, tables[i]);
    return fault;
}

/* 1e-9: shares are added up in another order. */
static char *
numbers_fault(const Pair *pair)
{
    return metrics_fault(pair, 1e-9);
}

/* Pre-copy's rounds over the time they took; of shorter ones the last window is too much of it. */
static char *
cap_fault_of(const Result *result, const char *migration, double cap_Bps)
{
    g_auto(GStrv) rows = g_strsplit(result_table(result, "rounds.csv"), "\n", 0);
    g_autofree char *begin = g_strdup_printf("%s,vm,", migration);
    double bytes = 0, lasted_s = 0;

    for (guint i = 1; rows[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], ",", 0);
        if (!g_str_has_prefix(rows[i], begin) || !g_str_equal(cells[11], "push"))
            continue;
        bytes += g_ascii_strtod(cells[9], NULL);
        lasted_s += g_ascii_strtod(cells[5], NULL);
    }
    /* the first window's allowance is there at once */
    if (lasted_s < 1 || bytes <= (1 + CAP_SHARE) * cap_Bps * (lasted_s + 0.1))
        return NULL;
    return g_strdup_printf("migration %s sends %.0f bytes in %.3f s, its cap is %.0f per second", migration, bytes,
                           lasted_s, cap_Bps);
}

static char *
cap_fault(const Pair *pair)
{
    const cJSON *action;
    char *fault = NULL;

    cJSON_ArrayForEach(action, item(pair->scenario, "timeline"))
    {
        const double cap_Bps = quantity(item(action, "hypervisor"), "max_bandwidth", UNITS_DATA_RATE);
        if (!fault && !isnan(cap_Bps) && is_qemu(action))
            fault = cap_fault_of(pair->base, text_of(action, "name"), cap_Bps);
    }
    return fault;
}

/* ---- the relations ---- */

static const Relation relations[] = {
    {"more-bandwidth-idle", make_idle, vary_bandwidth, idle_fault, 0},
    {"more-bandwidth-most", make_pair, vary_bandwidth, most_fault, 0.05},
    {"alone-idle", make_idle, vary_alone, idle_fault, 0},
    {"alone-most", make_pair, vary_alone, most_fault, 0.05},
    {"unrelated", make_all, vary_unrelated, bytes_fault, 0},
    {"reordered", make_unlisted, vary_order, numbers_fault, 0},
    {"split", make_cables, vary_split, numbers_fault, 0},
    {"capped", make_capped, vary_nothing, cap_fault, 0},
    {"again", make_all, vary_nothing, bytes_fault, 0},
    {"unverified", make_all, vary_verification, numbers_fault, 0.1},
};

const Relation *
relations_get(guint index)
{
    return index < G_N_ELEMENTS(relations) ? &relations[index] : NULL;
}

const char *
relations_name(const Relation *relation)
{
    return relation->name;
}

double
relations_may_break(const Relation *relation)
{
    return relation->may_break;
}

cJSON *
relations_make(const Relation *relation, guint64 seed)
{
    return relation->make(seed);
}

static RelationOutcome
compare(const Relation *relation, const cJSON *scenario, Run runs[2], char **what)
{
    const Pair pair = {runs[0].result, runs[1].result, scenario};
    g_autofree char *fault = NULL;

    if (!pair.base || !pair.varied)
        fault = g_strdup(pair.base ? runs[1].error : runs[0].error);
    else
        fault = relation->fault(&pair);
    if (!fault)
        return RELATION_HOLDS;
    if (what)
        *what = g_steal_pointer(&fault);
    return RELATION_BROKEN;
}

RelationOutcome
relations_try(const Relation *relation, const cJSON *scenario, char **what)
{
    g_autoptr(cJSON) other = cJSON_Duplicate(scenario, TRUE);

    if (!relation->vary(other))
        return RELATION_SAYS_NOTHING;
    g_autoptr(Scenario) base = scenario_from_tree(scenario, "made.json", ".", NULL);
    g_autoptr(Scenario) varied = base ? scenario_from_tree(other, "varied.json", ".", NULL) : NULL;
    if (!varied)
        return RELATION_SAYS_NOTHING;
    Run runs[] = {{.scenario = base, .seed = 1}, {.scenario = varied, .seed = 1}};
    run_all(runs, 2, 1);
    const RelationOutcome outcome = compare(relation, scenario, runs, what);
    run_clear(&runs[0]);
    run_clear(&runs[1]);
    return outcome;
}
