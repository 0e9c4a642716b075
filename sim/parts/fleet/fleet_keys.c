#include "sim/parts/fleet/fleet_keys.h"

#include "sim/specs/reject.h"

static const Field fleet_fields[] = {
    {"sample", FIELD_TIME(FleetSpec, sample_s), .preset = "300s", .above = "0s",
     .help = "each row of fleet.csv is of so long"},
    {"overload", FIELD_NUMBER(FleetSpec, overload), .preset = "1", .above = "0", .max = "100",
     .help =
         "a host is overloaded while its guests want at least this share of its cores; 1: all of them, as SLATAH says"},
    {"list_migrations", FIELD_COUNT(FleetSpec, list_migrations), .preset = "1000", .min = "1", .max = "4294967295",
     .help = "of more migrations than these none has metrics, rounds and steps of its own: they are in migrations.csv"},
    {NULL},
};
static const FieldTable fleet_table = {"fleet", sizeof(FleetSpec), fleet_fields,
                                       .help = "results of all hosts, guests and migrations as a whole"};
static const Field part_fields[] = {
    {"fleet", FIELD_OBJECT(FleetKeys, fleet), .table = &fleet_table, .help = "absent: no such results"},
    {NULL},
};

const FleetSpec *
fleet_keys_of(const ScenarioSpec *scenario)
{
    return ((const FleetKeys *)scenario_keys(scenario, &fleet_keys))->fleet;
}

#define SAMPLES_MOST 1e6 /* chosen: rows that one still looks at */

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const FleetSpec *fleet = fleet_keys_of(scenario);

    return !fleet || scenario->run_until_s / fleet->sample_s <= SAMPLES_MOST ||
           reject(error, "/fleet/sample: makes more than %.0f rows until run_until, expected a longer one",
                  SAMPLES_MOST);
}

const PartKeys fleet_keys = {"fleet", .fields = part_fields, .size = sizeof(FleetKeys), .check = check};
