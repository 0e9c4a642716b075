#include "sim/parts/network/network_results.h"

#include "sim/output/shown.h"
#include "sim/world/table_check.h"

#include <math.h>

static const char *const kind_words[] = {
    [PROBE_PING] = "ping", [PROBE_UDP] = "udp", [PROBE_TCP] = "tcp", [PROBE_CONNECT] = "connect"};
static const char *const end_words[] = {
    [PROBE_ANSWERED] = "answered", [PROBE_GAVE_UP] = "gave-up", [PROBE_OPEN] = "run-ended"};
static const char *const cause_words[] = {
    [WHEREABOUTS_AT_ONCE] = "at-once",       [WHEREABOUTS_ANNOUNCEMENT] = "announcement",
    [WHEREABOUTS_OWN_FRAME] = "own-frame",   [WHEREABOUTS_AGEING] = "ageing",
    [WHEREABOUTS_CONTROLLER] = "controller", [WHEREABOUTS_NEVER] = "never"};

/* ---- what is declared ---- */

typedef struct {
    const char *kind, *guest;
    guint64 sent, answered, lost, gave_up;
    double blackout_s;
    double longest_s, longest_step; /* NAN: of datagrams, or none was answered */
} ProbeNumbers;

static const RecordField probe_fields[] = {
    {"kind", RECORD_WORD(ProbeNumbers, kind), "ping, udp, tcp or connect"},
    {"guest", RECORD_WORD(ProbeNumbers, guest), "whom it asks"},
    {"sent", RECORD_COUNT(ProbeNumbers, sent), "datagrams, requests or connections that the client began"},
    {"answered", RECORD_COUNT(ProbeNumbers, answered), "of these, those that were answered"},
    {"lost", RECORD_COUNT(ProbeNumbers, lost),
     "transmissions that nobody answered: of tcp and connect each one counts"},
    {"gave_up", RECORD_COUNT(ProbeNumbers, gave_up), "requests or connections that the client or its kernel gave up"},
    {"blackout_s", RECORD_NUMBER(ProbeNumbers, blackout_s),
     "the longest time between two answers, less what it is when each is answered at once: the interval, of tcp the "
     "interval and a round-trip time; the run's end counts as an answer when the last request had none"},
    {"longest_s", RECORD_NUMBER(ProbeNumbers, longest_s), "tcp, connect: the longest from a request to its answer",
     .optional = TRUE},
    {"longest_step", RECORD_NUMBER(ProbeNumbers, longest_step),
     "tcp, connect: which transmission after the first was answered then; 0: the first", .optional = TRUE},
    {NULL},
};
static const Record probe_record = {"probe.NAME", probe_fields, "a client of a guest"};

typedef struct {
    const char *probe, *guest;
    double from_s, to_s, waited_s;
    guint64 lost, step;
    const char *end;
} WaitRow;

static const RecordField wait_fields[] = {
    {"probe", RECORD_WORD(WaitRow, probe), "as in the scenario"},
    {"guest", RECORD_WORD(WaitRow, guest), "whom it asks"},
    {"from_s", RECORD_NUMBER(WaitRow, from_s), "when the first transmission without an answer was sent"},
    {"to_s", RECORD_NUMBER(WaitRow, to_s), "when the next answer came, or the client gave up, or the run ended"},
    {"waited_s", RECORD_NUMBER(WaitRow, waited_s), "from the one to the other"},
    {"lost", RECORD_COUNT(WaitRow, lost), "transmissions in it that nobody answered"},
    {"step", RECORD_COUNT(WaitRow, step), "tcp, connect: the transmission after the first that was answered"},
    {"end", RECORD_WORD(WaitRow, end), "answered, gave-up, or run-ended"},
    {NULL},
};
static const Record wait_record = {"probes.csv", wait_fields,
                                   "times without answers: of ping and udp each one, of tcp and connect each request"};

typedef struct {
    const char *guest, *from, *to;
    double stopped_s, resumed_s, downtime_s, announced_s, reachable_s, blackout_s;
    guint64 lost;
    const char *by;
} MoveRow;

static const RecordField move_fields[] = {
    {"guest", RECORD_WORD(MoveRow, guest), "that ran on another host than before"},
    {"from", RECORD_WORD(MoveRow, from), "host"},
    {"to", RECORD_WORD(MoveRow, to), "host"},
    {"stopped_s", RECORD_NUMBER(MoveRow, stopped_s), "when it stood still"},
    {"resumed_s", RECORD_NUMBER(MoveRow, resumed_s), "when it ran again"},
    {"downtime_s", RECORD_NUMBER(MoveRow, downtime_s), "between these"},
    {"announced_s", RECORD_NUMBER(MoveRow, announced_s), "the first announcement that was not lost"},
    {"announcements_lost", RECORD_COUNT(MoveRow, lost), "on the way to the first switch"},
    {"reachable_s", RECORD_NUMBER(MoveRow, reachable_s), "from when on the network led all its clients to it"},
    {"blackout_s", RECORD_NUMBER(MoveRow, blackout_s), "from stopped_s to reachable_s"},
    {"by", RECORD_WORD(MoveRow, by),
     "what made it so: at-once (nothing had to change), announcement, own-frame, ageing, controller; never: it was not, "
     "before it moved on or the run ended"},
    {NULL},
};
static const Record move_record = {"moves.csv", move_fields, "guests that the network had to find on another host"};

typedef struct {
    guint64 moves, unfound, lost;
    double downtime_max_s, blackout_max_s; /* NAN: of no move */
} GuestNumbers;

static const RecordField guest_fields[] = {
    {"moves", RECORD_COUNT(GuestNumbers, moves), "to another host"},
    {"moves_unfound", RECORD_COUNT(GuestNumbers, unfound), "after which its clients did not find it"},
    {"announcements_lost", RECORD_COUNT(GuestNumbers, lost), "of all moves"},
    {"downtime_max_s", RECORD_NUMBER(GuestNumbers, downtime_max_s), "the longest that it stood still in a move"},
    {"blackout_max_s", RECORD_NUMBER(GuestNumbers, blackout_max_s),
     "the longest from a stop until its clients found it; null: after none they did", .optional = TRUE},
    {NULL},
};
static const Record guest_record = {"client_network.NAME", guest_fields, "a guest that moved, seen by the network"};

const Record *const network_records[] = {&probe_record, &guest_record, &wait_record, &move_record, NULL};

/* ---- clients ---- */

static gboolean
is_over_tcp(ProbeKind kind)
{
    return kind == PROBE_TCP || kind == PROBE_CONNECT;
}

static void
say_probe(const ProbeNumbers *numbers, const char *name, gboolean over_tcp, Result *result)
{
    char blackout[SHOWN_SIZE], longest[SHOWN_SIZE];

    if (over_tcp && !isnan(numbers->longest_s))
        result_say_one(
            result, "clients",
            "client %s of %s: %s s without an answer, the longest %s took %s s (transmission %.0f), %" G_GUINT64_FORMAT
            " given up",
            name, numbers->guest, shown_seconds(blackout, numbers->blackout_s),
            g_str_equal(numbers->kind, "tcp") ? "request" : "connection", shown_seconds(longest, numbers->longest_s),
            numbers->longest_step + 1, numbers->gave_up);
    else
        result_say_one(result, "clients",
                       "client %s of %s: %s s without an answer, %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " lost",
                       name, numbers->guest, shown_seconds(blackout, numbers->blackout_s), numbers->lost,
                       numbers->sent);
}

static void
collect_probe(const ProbeSpec *spec, const ProbeSeen *seen, Result *result)
{
    const gboolean timed = is_over_tcp(spec->kind) && seen->answered > 0;
    const ProbeNumbers numbers = {.kind = kind_words[spec->kind],
                                  .guest = spec->guest,
                                  .sent = seen->sent,
                                  .answered = seen->answered,
                                  .lost = seen->lost,
                                  .gave_up = seen->gave_up,
                                  .blackout_s = seen->blackout_s,
                                  .longest_s = timed ? seen->longest_s : NAN,
                                  .longest_step = timed ? seen->longest_step : NAN};

    record_add(&probe_record, &numbers, result, "probe.%s", spec->name);
    say_probe(&numbers, spec->name, is_over_tcp(spec->kind), result);
}

static void
append_waits(GString *table, const ProbeSpec *spec, const ProbeSeen *seen)
{
    for (guint i = 0; i < seen->waits->len; i++) {
        const ProbeWait *wait = &g_array_index(seen->waits, ProbeWait, i);
        const WaitRow row = {spec->name, spec->guest, wait->from_s,        wait->to_s, wait->to_s - wait->from_s,
                             wait->lost, wait->step,  end_words[wait->end]};
        record_append_row(&wait_record, &row, table);
    }
}

/* ---- guests ---- */

static const char *
host_name(const World *world, guint host)
{
    return world->hosts[host].spec->name;
}

static const char *
guest_name(const World *world, guint guest)
{
    return g_array_index(world->scenario->guests, GuestSpec, guest).name;
}

static void
append_move(GString *table, const World *world, const WhereaboutsMove *move)
{
    const MoveRow row = {guest_name(world, move->guest),
                         host_name(world, move->from),
                         host_name(world, move->to),
                         move->stopped_s,
                         move->resumed_s,
                         move->resumed_s - move->stopped_s,
                         move->announced_s,
                         move->reachable_s,
                         move->reachable_s - move->stopped_s,
                         move->lost,
                         cause_words[move->cause]};

    record_append_row(&move_record, &row, table);
}

static void
count_move(GuestNumbers *numbers, const WhereaboutsMove *move)
{
    numbers->moves++;
    numbers->unfound += isnan(move->reachable_s);
    numbers->lost += move->lost;
    numbers->downtime_max_s = fmax(numbers->downtime_max_s, move->resumed_s - move->stopped_s);
    numbers->blackout_max_s = fmax(numbers->blackout_max_s, move->reachable_s - move->stopped_s);
}

static void
say_guest(const GuestNumbers *numbers, const char *name, Result *result)
{
    char downtime[SHOWN_SIZE], blackout[SHOWN_SIZE];

    if (isnan(numbers->blackout_max_s))
        result_say_one(result, "guests that moved",
                       "%s: stood still for %s s, and its clients did not find it any more", name,
                       shown_seconds(downtime, numbers->downtime_max_s));
    else
        result_say_one(
            result, "guests that moved", "%s: stood still for %s s, and its clients did not reach it for %s s%s", name,
            shown_seconds(downtime, numbers->downtime_max_s), shown_seconds(blackout, numbers->blackout_max_s),
            numbers->unfound > 0 ? "; after another move they did not find it any more" : "");
}

static void
collect_guests(const World *world, const GArray *moves, Result *result)
{
    const guint n = world->scenario->guests->len;
    g_autofree GuestNumbers *numbers = g_new0(GuestNumbers, n);

    for (guint i = 0; i < n; i++)
        numbers[i].downtime_max_s = numbers[i].blackout_max_s = NAN;
    for (guint i = 0; i < moves->len; i++) {
        const WhereaboutsMove *move = &g_array_index(moves, WhereaboutsMove, i);
        count_move(&numbers[move->guest], move);
    }
    for (guint i = 0; i < n; i++) {
        if (numbers[i].moves == 0)
            continue;
        record_add(&guest_record, &numbers[i], result, "client_network.%s", guest_name(world, i));
        say_guest(&numbers[i], guest_name(world, i), result);
    }
}

void
network_results_collect(const World *world, const ClientNet *net, Result *result)
{
    const GArray *probes = network_keys_of(world->scenario)->probes;
    const GArray *moves = clientnet_moves(net);
    GString *waits = record_table(&wait_record), *rows = record_table(&move_record);

    for (guint i = 0; i < probes->len; i++) {
        const ProbeSpec *spec = &g_array_index(probes, ProbeSpec, i);
        collect_probe(spec, clientnet_seen(net, i), result);
        append_waits(waits, spec, clientnet_seen(net, i));
    }
    for (guint i = 0; i < moves->len; i++)
        append_move(rows, world, &g_array_index(moves, WhereaboutsMove, i));
    collect_guests(world, moves, result);
    record_take_table(&wait_record, waits, result);
    record_take_table(&move_record, rows, result);
}

/* ---- the time line ---- */

/* Connections that are opened side by side are no brackets, and are not shown. */
void
network_results_trace(const World *world, const ClientNet *net, Trace *trace)
{
    const GArray *probes = network_keys_of(world->scenario)->probes;

    for (guint i = 0; i < probes->len; i++) {
        const ProbeSpec *spec = &g_array_index(probes, ProbeSpec, i);
        const GArray *waits = clientnet_seen(net, i)->waits;
        if (spec->kind == PROBE_CONNECT || waits->len == 0)
            continue;
        TraceTrack *track = trace_track(trace, "clients", "%s of %s", spec->name, spec->guest);
        const guint stride = trace_stride(waits->len);
        for (guint k = 0; k < waits->len; k += stride) {
            const ProbeWait *wait = &g_array_index(waits, ProbeWait, k);
            trace_slice(track, "no answer", wait->from_s, wait->to_s);
        }
    }
}

/* ---- rules of the table ---- */

char *
network_results_fault(const ProbeSeen *seen, ProbeKind kind, double run_end_s)
{
    guint64 lost = 0;

    for (guint i = 0; i < seen->waits->len; i++) {
        const ProbeWait *wait = &g_array_index(seen->waits, ProbeWait, i);
        lost += wait->lost;
        if (!(wait->from_s <= wait->to_s) || (wait->end == PROBE_OPEN && wait->to_s > run_end_s))
            return g_strdup_printf("a wait, %.9f s to %.9f s, is not in order", wait->from_s, wait->to_s);
    }
    if (lost != seen->lost)
        return g_strdup_printf("waits lost %" G_GUINT64_FORMAT " transmissions, expected %" G_GUINT64_FORMAT, lost,
                               seen->lost);
    if (is_over_tcp(kind) ? seen->answered + seen->gave_up > seen->sent : seen->answered + seen->lost != seen->sent)
        return g_strdup("answers and losses are not what was sent");
    return NULL;
}
