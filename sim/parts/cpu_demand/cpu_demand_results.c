#include "sim/parts/cpu_demand/cpu_demand_world.h"

#include "sim/world/processors.h"

typedef struct {
    guint64 guests, traces, changes, short_guests;
    double wanted_s, given_s;
} DemandNumbers;

static const RecordField demand_fields[] = {
    {"guests", RECORD_COUNT(DemandNumbers, guests), "whose demand for processors follows a trace"},
    {"traces", RECORD_COUNT(DemandNumbers, traces), "files among these traces"},
    {"changes", RECORD_COUNT(DemandNumbers, changes), "how often a guest's demand changed"},
    {"wanted_s", RECORD_NUMBER(DemandNumbers, wanted_s),
     "processor time that these guests wanted while they ran, of all their virtual processors"},
    {"given_s", RECORD_NUMBER(DemandNumbers, given_s), "of it, what their hosts had for them"},
    {"short_guests", RECORD_COUNT(DemandNumbers, short_guests), "guests that were given less than they wanted"},
    {NULL},
};
static const Record demand_record = {"demand", demand_fields, "guests whose demand for processors follows traces"};

typedef struct {
    const char *guest, *trace;
    double wanted_s, given_s;
} DemandRow;

static const RecordField row_fields[] = {
    {"guest", RECORD_WORD(DemandRow, guest), "which"},
    {"trace", RECORD_WORD(DemandRow, trace), "the file that it follows; empty: a made-up one"},
    {"wanted_s", RECORD_NUMBER(DemandRow, wanted_s), "processor time that it wanted while it ran"},
    {"given_s", RECORD_NUMBER(DemandRow, given_s), "what it was given of that"},
    {NULL},
};
static const Record row_record = {"demands.csv", row_fields, "guests with a demand, in the order of the scenario's"};

const Record *const cpu_demand_records[] = {&demand_record, &row_record, NULL};

#define SHORT_OF 1e-9 /* chosen: what sums of as many parts as a day has may be off */

void
cpu_demand_results_collect(DemandWorld *own, Result *result)
{
    GString *table = record_table(&row_record);
    DemandNumbers numbers = {
        .guests = own->guests->len, .traces = g_hash_table_size(own->files), .changes = own->changes};

    for (guint i = 0; i < own->guests->len; i++) {
        const DemandGuest *guest = &g_array_index(own->guests, DemandGuest, i);
        const ProcessorUse use = processors_use(guest->domain);
        const DemandRow row = {guest->domain->name, guest->name, use.wanted_s, use.given_s};
        record_append_row(&row_record, &row, table);
        numbers.wanted_s += use.wanted_s;
        numbers.given_s += use.given_s;
        numbers.short_guests += use.given_s < use.wanted_s * (1 - SHORT_OF) ? 1 : 0;
    }
    record_add(&demand_record, &numbers, result, NULL);
    record_take_table(&row_record, table, result);
    result_say(result, "demand of %u guests: wanted %.0f s of processor time, were given %.0f s", own->guests->len,
               numbers.wanted_s, numbers.given_s);
}
