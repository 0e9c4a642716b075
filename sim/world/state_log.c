#include "sim/world/state_log.h"

typedef struct {
    guint host;
    InstanceState state;
} InstanceNote;

/* Dates and not texts: a trace needs them in full. */
typedef struct {
    double at_s;
    guint domain;  /* its number */
    gboolean told; /* it has rows in the table */
    InstanceNote instances[2];
} StateNote;

const char *
state_log_word(InstanceState state)
{
    static const char *const words[] = {
        [INSTANCE_NONE] = "none",           [INSTANCE_BUILDING] = "building", [INSTANCE_RUNNING] = "running",
        [INSTANCE_SUSPENDED] = "suspended", [INSTANCE_LOST] = "lost",         [INSTANCE_DESTROYED] = "destroyed"};

    return words[state];
}

/* ---- noting ---- */

void
state_log_init(World *world)
{
    world->states = g_array_new(FALSE, FALSE, sizeof(StateNote));
}

void
state_log_note(const Domain *domain, gboolean told)
{
    const Instance *of = domain->instances;
    const StateNote note = {world_now(), domain->number, told, {{of[0].host, of[0].state}, {of[1].host, of[1].state}}};

    g_array_append_val(domain->world->states, note);
}

/* ---- the table ---- */

typedef struct {
    double time_s;
    const char *domain, *host, *state;
} StateRow;

static const RecordField state_fields[] = {
    {"time_s", RECORD_NUMBER(StateRow, time_s), "when"},
    {"domain", RECORD_WORD(StateRow, domain), "as in the scenario"},
    {"host", RECORD_WORD(StateRow, host), "of the instance"},
    {"state", RECORD_WORD(StateRow, state), "building, running, suspended, lost or destroyed"},
    {NULL},
};
const Record state_log_record = {"states.csv", state_fields, "after each change of a domain all its instances"};

static const char *
domain_name(const World *world, guint number)
{
    return ((const Domain *)g_ptr_array_index(world->domains, number))->name;
}

static void
append_rows(GString *table, const World *world, const StateNote *note)
{
    for (guint i = 0; i < 2; i++) {
        const InstanceNote *instance = &note->instances[i];
        const StateRow row = {note->at_s, domain_name(world, note->domain), world->hosts[instance->host].spec->name,
                              state_log_word(instance->state)};
        if (instance->state != INSTANCE_NONE)
            record_append_row(&state_log_record, &row, table);
    }
}

void
state_log_collect(const World *world, Result *result)
{
    GString *table = record_table(&state_log_record);

    for (guint i = 0; i < world->states->len; i++) {
        const StateNote *note = &g_array_index(world->states, StateNote, i);
        if (note->told)
            append_rows(table, world, note);
    }
    record_take_table(&state_log_record, table, result);
}

/* ---- the tracks ---- */

/* What has been shown of a domain so far. */
typedef struct {
    InstanceState states[2];
    TraceTrack *stopped; /* of the instance that was stopped last; NULL: none yet */
    double stopped_s;
} Shown;

/* The domain runs on where it was stopped, or elsewhere: an arrow leads there. */
static void
show_resume(const Shown *shown, TraceTrack *track, const char *domain, double at_s)
{
    trace_instant(track, "resume", at_s);
    if (shown->stopped && shown->stopped != track)
        trace_arrow(domain, shown->stopped, shown->stopped_s, track, at_s);
}

static void
show_state(Shown *shown, TraceTrack *track, const char *domain, double at_s, InstanceState before, InstanceState now)
{
    if (now == INSTANCE_NONE || now == INSTANCE_DESTROYED) {
        trace_end(track, at_s);
        if (now == INSTANCE_DESTROYED)
            trace_instant(track, "destroyed", at_s);
        return;
    }
    trace_next(track, state_log_word(now), at_s);
    if (now == INSTANCE_RUNNING && before == INSTANCE_NONE && at_s > 0)
        trace_instant(track, "created", at_s);
    if (now == INSTANCE_LOST)
        trace_instant(track, "failure", at_s);
    if (now == INSTANCE_RUNNING && before == INSTANCE_SUSPENDED)
        show_resume(shown, track, domain, at_s);
    if (now == INSTANCE_SUSPENDED && before == INSTANCE_RUNNING) {
        trace_instant(track, "stop", at_s);
        shown->stopped = track;
        shown->stopped_s = at_s;
    }
}

static void
show_note(const World *world, Trace *trace, const StateNote *note, Shown *shown)
{
    const Domain *domain = g_ptr_array_index(world->domains, note->domain);

    for (guint i = 0; i < 2; i++) {
        const InstanceNote *instance = &note->instances[i];
        const InstanceState before = shown->states[i];
        if (instance->state == before)
            continue;
        TraceTrack *track =
            trace_track(trace, domain->sort, "%s on %s", domain->name, world->hosts[instance->host].spec->name);
        show_state(shown, track, domain->name, note->at_s, before, instance->state);
        shown->states[i] = instance->state;
    }
}

void
state_log_trace(const World *world, Trace *trace)
{
    g_autofree Shown *shown = g_new0(Shown, world->domains->len); /* of no domain is there an instance yet */

    for (guint i = 0; i < world->states->len; i++) {
        const StateNote *note = &g_array_index(world->states, StateNote, i);
        show_note(world, trace, note, &shown[note->domain]);
    }
}
