#include "sim/parts/cpu_demand/cpu_demand_keys.h"

#include "sim/specs/reject.h"

#include <math.h>

static const char *const order_words[] = {
    [DEMAND_LISTED] = "listed", [DEMAND_SHUFFLED] = "shuffled", [DEMAND_DRAWN] = "drawn", NULL};
static const char *const after_words[] = {
    [DEMAND_REFUSE] = "refuse", [DEMAND_HOLD] = "hold", [DEMAND_REPEAT] = "repeat", NULL};

static const Field demand_fields[] = {
    {"guests", FIELD_LIST(DemandSpec, guests, REFERENCE), .refers = "/guests", .required = TRUE, .min_items = 1,
     .help = "whose, in this order; a group's name stands for all of its members"},
    {"interval", FIELD_TIME(DemandSpec, interval_s), .preset = "300s", .above = "0s",
     .help = "for how long one value holds, of traces that have no times of their own"},
    {"scale", FIELD_NUMBER(DemandSpec, scale), .preset = "1", .above = "0", .max = "1",
     .help = "all that the traces say is taken times this: for virtual processors that are larger than what the traces "
             "are of"},
    {"after", FIELD_ENUM(DemandSpec, after), .words = after_words, .preset = "refuse",
     .help =
         "what follows the end of a trace: refuse, nothing, so that one that ends before run_until is an error; hold, "
         "its last value; repeat, the trace from its beginning"},
    {NULL},
};

#define ORDER_FIELD                                                                                                    \
    {                                                                                                                  \
        "order", FIELD_ENUM(DemandSpec, order),                                                                        \
            .words = order_words, .preset = "listed",                                                                  \
            .help = "which trace a guest follows. listed: the first guest the first, and so on, again and again; "     \
                    "shuffled: the same, of the traces in a drawn order; drawn: any of them, for each guest"           \
    }
static const Field files_fields[] = {
    {"files", FIELD_LIST(DemandSpec, files, STRING), .required = TRUE, .min_items = 1,
     .help = "one value a line, per cent of the guest's virtual processors, or CSV with columns time_s,vcpus"},
    ORDER_FIELD,
    {NULL},
};
static const Field folder_fields[] = {
    {"folder", FIELD_STRING(DemandSpec, folder), .required = TRUE,
     .help = "whose files are traces, in the order of their names' bytes; those that begin with a dot are not"},
    ORDER_FIELD,
    {NULL},
};
static const Field synthetic_fields[] = {
    {"mean", FIELD_NUMBER(DemandSpec, mean), .preset = "12.31", .above = "0", .below = "100",
     .help =
         "per cent of the virtual processors, of all guests and times; the presets are those of PlanetLab's 20110303"},
    {"deviation", FIELD_NUMBER(DemandSpec, deviation), .preset = "17.09", .above = "0", .max = "50",
     .help = "standard deviation, likewise"},
    {"quartiles", FIELD_LIST(DemandSpec, quartiles, NUMBER), .preset = "[2, 6, 15]", .min_items = 3, .max_items = 3,
     .min = "0", .max = "100", .help = "a quarter, half and three quarters of all values are not above these"},
    {"between", FIELD_NUMBER(DemandSpec, between), .preset = "0.08", .min = "0", .max = "1",
     .help = "share of the variance by which one guest is busier than another for all of its time"},
    {"slow", FIELD_NUMBER(DemandSpec, slow), .preset = "0.22", .min = "0", .max = "1",
     .help = "share of the rest that goes on for the correlation time; what is left is new with each value"},
    {"correlation_time", FIELD_TIME(DemandSpec, correlation_s), .preset = "8h", .above = "0s",
     .help = "after which the slow part has kept 1/e of its correlation"},
    {"length", FIELD_TIME(DemandSpec, length_s), .preset = "24h", .above = "0s", .help = "of a guest's trace"},
    {NULL},
};
static const FieldCase demand_cases[] = {
    [DEMAND_FILES] = {"files", files_fields, "traces in files"},
    [DEMAND_FOLDER] = {"folder", folder_fields, "traces in all files of a folder"},
    [DEMAND_SYNTHETIC] = {"synthetic", synthetic_fields, "made-up traces, one for each guest"},
    {NULL},
};
static const FieldTable demand_table = {"demand",
                                        sizeof(DemandSpec),
                                        demand_fields,
                                        .tag = "kind",
                                        FIELD_TAG(DemandSpec, kind),
                                        .cases = demand_cases,
                                        .help = "how much processor time guests want, over time"};

static const Field part_fields[] = {
    {"demands", FIELD_LIST(DemandKeys, demands, OBJECT), .table = &demand_table,
     .help = "guests whose demand for processors changes; what they run on should have shared processors"},
    {NULL},
};

const DemandKeys *
cpu_demand_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &cpu_demand_keys);
}

static SyntheticDemand
synthetic_of(const DemandSpec *spec)
{
    const double *quartiles = (const double *)(gconstpointer)spec->quartiles->data;

    return (SyntheticDemand){spec->mean,    spec->deviation, {quartiles[0], quartiles[1], quartiles[2]},
                             spec->between, spec->slow,      spec->correlation_s};
}

SyntheticLaw
cpu_demand_law(const DemandSpec *spec)
{
    const SyntheticDemand demand = synthetic_of(spec);
    SyntheticLaw law;
    const char *fault = synthetic_fault(&demand, &law);

    g_assert(!fault);
    return law;
}

/* ---- checks ---- */

#define VALUES_MOST 1e7 /* chosen: of one guest, 95 years of five minutes */

static gboolean
check_synthetic(const ScenarioSpec *scenario, const DemandSpec *spec, guint index, GError **error)
{
    const SyntheticDemand demand = synthetic_of(spec);
    SyntheticLaw law;
    const char *fault = synthetic_fault(&demand, &law);

    if (fault)
        return reject(error, "/demands/%u/mean: %s, expected numbers that some trace has", index, fault);
    if (spec->length_s / spec->interval_s > VALUES_MOST)
        return reject(error, "/demands/%u/interval: makes more than %.0f values of a trace, expected a longer one",
                      index, VALUES_MOST);
    return spec->after != DEMAND_REFUSE || spec->length_s >= scenario->run_until_s ||
           reject(error,
                  "/demands/%u/length: ends at %g s, before run_until, %g s, expected a longer one, or \"after\"",
                  index, spec->length_s, scenario->run_until_s);
}

static gboolean
check_guests(const DemandSpec *spec, guint index, GHashTable *taken, GError **error)
{
    for (guint i = 0; i < spec->guests->len; i++) {
        char *guest = g_array_index(spec->guests, char *, i);
        const guint other = GPOINTER_TO_UINT(g_hash_table_lookup(taken, guest));
        if (other)
            return reject(error, "/demands/%u/guests: \"%s\" has a demand already, in /demands/%u, expected one", index,
                          guest, other - 1);
        g_hash_table_insert(taken, guest, GUINT_TO_POINTER(index + 1));
    }
    return TRUE;
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const GArray *demands = cpu_demand_keys_of(scenario)->demands;
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < demands->len; i++) {
        const DemandSpec *spec = &g_array_index(demands, DemandSpec, i);
        if (!check_guests(spec, i, taken, error))
            return FALSE;
        if (spec->kind == DEMAND_SYNTHETIC && !check_synthetic(scenario, spec, i, error))
            return FALSE;
    }
    return TRUE;
}

const PartKeys cpu_demand_keys = {"cpu_demand", .fields = part_fields, .size = sizeof(DemandKeys), .check = check};
