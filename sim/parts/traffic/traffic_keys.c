#include "sim/parts/traffic/traffic_keys.h"

#include "sim/specs/network.h"
#include "sim/specs/reject.h"

static const Field flow_fields[] = {
    {"name", FIELD_NAME(FlowSpec, name), .required = TRUE, .help = "what the results call the flow"},
    {"from", FIELD_REFERENCE(FlowSpec, from), .refers = "/hosts", .required = TRUE, .help = "sending host"},
    {"to", FIELD_REFERENCE(FlowSpec, to), .refers = "/hosts", .required = TRUE, .help = "receiving host"},
    {"rate", FIELD_DATA_RATE(FlowSpec, rate_Bps), .above = "0bps",
     .help = "its own limit; absent: as fast as the network lets it"},
    {"start", FIELD_TIME(FlowSpec, start_s), .preset = "0s", .help = "when it begins"},
    {"duration", FIELD_TIME(FlowSpec, duration_s), .above = "0s", .help = "how long it lasts; absent: to the end"},
    {NULL},
};
static const FieldTable flow_table = {"flow", sizeof(FlowSpec), flow_fields, .groups = TRUE,
                                      .help = "background traffic"};

static const Field traffic_fields[] = {
    {"flows", FIELD_LIST(TrafficKeys, flows, OBJECT), .table = &flow_table, .help = "background traffic"},
    {NULL},
};

const TrafficKeys *
traffic_keys_of(const ScenarioSpec *scenario)
{
    return scenario_keys(scenario, &traffic_keys);
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network, GError **error)
{
    const GArray *flows = traffic_keys_of(scenario)->flows;

    for (guint i = 0; i < flows->len; i++) {
        const FlowSpec *flow = &g_array_index(flows, FlowSpec, i);
        if (g_str_equal(flow->from, flow->to))
            return reject(error, "/flows/%u/to: is the sending host, expected another one", i);
        if (!network_connects(network, flow->from, flow->to))
            return reject(error, "/flows/%u/to: no route from \"%s\" to \"%s\", expected links that join them", i,
                          flow->from, flow->to);
    }
    return TRUE;
}

const PartKeys traffic_keys = {"traffic", .fields = traffic_fields, .size = sizeof(TrafficKeys), .check = check};
