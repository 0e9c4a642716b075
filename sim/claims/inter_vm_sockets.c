#include "sim/claims/inter_vm_sockets.h"

#include "sim/claims/claim_parameters.h"
#include "sim/claims/paper_scenario.h"
#include "sim/claims/socket_readings.h"
#include "sim/claims/socket_runs.h"
#include "sim/claims/xenvmc.h"
#include "sim/output/csv.h"
#include "sim/parts/socket/socket_keys.h"

#include <math.h>
#include <string.h>

#define PAPER SOCKET_RUNS_PAPER
#define SEEDS 5u

/* ---- what is run ---- */

/* [0009] to [0011], [0022]: the table, in its order, with netback before it. */
typedef struct {
    const char *profile;
    const char *name;
    const char *level;
    gboolean transparent, migratable, kernel_patch;
} Row;

static const Row rows[] = {
    {"netback", "netback", "network", TRUE, TRUE, FALSE},      {"vmci", "VMCI", "socket", FALSE, FALSE, FALSE},
    {"xensocket", "XenSocket", "socket", FALSE, FALSE, FALSE}, {"xway", "XWay", "socket", TRUE, FALSE, TRUE},
    {"ivc", "IVC", "application", FALSE, TRUE, FALSE},         {"mmnet", "MMNet", "below IP", TRUE, FALSE, FALSE},
    {"xenloop", "XenLoop", "below IP", TRUE, TRUE, FALSE},     {"invention", "invention", "socket", TRUE, TRUE, FALSE},
};
enum { ROW_NETBACK, ROW_XENLOOP = 6, ROW_INVENTION, N_ROWS };

static const guint sizes[] = {1, 64, 512, 1024, 4096, 16384, 65536, 262144, 1048576};
#define N_SIZES G_N_ELEMENTS(sizes)

/* Measured, PIVOT 2022 (i5-2400): netperf with messages of one byte. */
typedef struct {
    guint row;
    const char *id;
    double tcp_rr, udp_rr;
} Measured;

static const Measured measured[] = {{ROW_NETBACK, "netback", 3515, 4292}, {ROW_XENLOOP, "xenloop", 7627, 7786}};

typedef struct {
    Batch *batch;
    guint requests[N_ROWS][N_SIZES], streams[N_ROWS][N_SIZES];
    guint wide[N_SIZES]; /* streams over the invention with buffers of 1 MiB */
    guint udp[G_N_ELEMENTS(measured)];
    guint moved[N_ROWS]; /* a connection whose server migrates */
    guint still[N_ROWS]; /* … does not, and whose application is not modified; of transparent systems */
    gboolean runs_unmodified[N_ROWS];
    guint there_and_back;
    guint platform; /* everything at once: vTPM, card session and five sockets */
    XenvmcRuns xenvmc;
} Experiments;

/* UDP is the same path without TCP's work and acknowledgments; netback's path is its network's. */
static guint
add_udp(const Experiments *experiments, const char *profile, GError **error)
{
    const SocketPair pair = {
        .profile = profile, .udp = TRUE, .application = "request-response", .buffer = "64KiB", .bytes = 1};

    return socket_runs_add_pair(experiments->batch, &pair, error);
}

static guint
add_size(const Experiments *experiments, const char *profile, const char *application, const char *buffer, guint s,
         GError **error)
{
    const SocketPair pair = {.profile = profile, .application = application, .buffer = buffer, .bytes = sizes[s]};

    return socket_runs_add_pair(experiments->batch, &pair, error);
}

static guint
add_moved(const Experiments *experiments, const char *profile, GError **error)
{
    g_autofree char *path = paper_scenario(PAPER, "unmodified.json");
    g_autofree char *system = g_strconcat("/sockets/0/system=", profile, NULL);

    return batch_add(experiments->batch, path, 1, error, system, "/sockets/0/modified=true", NULL);
}

static guint
add_still(const Experiments *experiments, const char *profile, GError **error)
{
    g_autofree char *path = paper_scenario(PAPER, "unmodified.json");
    g_autofree char *system = g_strconcat("/sockets/0/system=", profile, NULL);

    return batch_add(experiments->batch, path, 1, error, system, "/timeline=[]", NULL);
}

/* Whether the application, as it is, can be run at all. */
static gboolean
runs_unmodified(const char *profile)
{
    g_autofree char *path = paper_scenario(PAPER, "unmodified.json");
    g_autofree char *system = g_strconcat("/sockets/0/system=", profile, NULL);
    const char *const settings[] = {system, NULL};
    g_autoptr(Scenario) scenario = scenario_load(path, settings, NULL);

    return scenario != NULL;
}

static gboolean
prepare_row(Experiments *experiments, guint r, GError **error)
{
    const char *profile = rows[r].profile;

    for (guint s = 0; s < N_SIZES; s++) {
        experiments->requests[r][s] = add_size(experiments, profile, "request-response", "64KiB", s, error);
        if (experiments->requests[r][s] == G_MAXUINT)
            return FALSE;
        experiments->streams[r][s] = add_size(experiments, profile, "bulk", "64KiB", s, error);
        if (experiments->streams[r][s] == G_MAXUINT)
            return FALSE;
    }
    experiments->runs_unmodified[r] = runs_unmodified(profile);
    if (rows[r].transparent) {
        experiments->still[r] = add_still(experiments, profile, error);
        if (experiments->still[r] == G_MAXUINT)
            return FALSE;
    }
    experiments->moved[r] = add_moved(experiments, profile, error);
    return experiments->moved[r] != G_MAXUINT;
}

static gboolean
prepare(Experiments *experiments, GError **error)
{
    g_autofree char *path = paper_scenario(PAPER, "there-and-back.json");
    g_autofree char *platform_path = paper_scenario(PAPER, "one-platform.json");

    for (guint r = 0; r < N_ROWS; r++)
        if (!prepare_row(experiments, r, error))
            return FALSE;
    for (guint s = 0; s < N_SIZES; s++) {
        experiments->wide[s] = add_size(experiments, "invention", "bulk", "1MiB", s, error);
        if (experiments->wide[s] == G_MAXUINT)
            return FALSE;
    }
    for (guint m = 0; m < G_N_ELEMENTS(measured); m++) {
        experiments->udp[m] = add_udp(experiments, rows[measured[m].row].profile, error);
        if (experiments->udp[m] == G_MAXUINT)
            return FALSE;
    }
    experiments->there_and_back = batch_add(experiments->batch, path, SEEDS, error, NULL);
    if (experiments->there_and_back == G_MAXUINT)
        return FALSE;
    experiments->platform = batch_add(experiments->batch, platform_path, 1, error, NULL);
    return experiments->platform != G_MAXUINT && xenvmc_prepare(&experiments->xenvmc, experiments->batch, error);
}

static double
number(const Experiments *experiments, guint run, const char *metric)
{
    return result_number(batch_result(experiments->batch, run), metric);
}

static double
request_rate(const Experiments *experiments, guint r, guint s)
{
    return number(experiments, experiments->requests[r][s], "socket.s.before.messages_per_s");
}

static double
stream_rate(const Experiments *experiments, guint r, guint s)
{
    return number(experiments, experiments->streams[r][s], "socket.s.before.throughput_Bps");
}

/* ---- the four effects ---- */

static void
claim_faster(ClaimSet *claims, const Experiments *experiments)
{
    for (guint s = 0; s < N_SIZES; s++) {
        const double requests = request_rate(experiments, ROW_INVENTION, s) / request_rate(experiments, ROW_NETBACK, s);
        const double stream = stream_rate(experiments, ROW_INVENTION, s) / stream_rate(experiments, ROW_NETBACK, s);
        g_autofree char *id = g_strdup_printf("effect-1-faster-%u", sizes[s]);
        g_autofree char *text = g_strdup_printf("requests x%.2f, stream x%.2f", requests, stream);
        claims_add_statement(claims, id, "CN101859263A, effect 1: faster than the network path on one host",
                             ROLE_PREDICTED, "faster", text, requests > 1 && stream > 1,
                             "the patent gives no number; ratios to netback for messages of so many bytes");
        claims_add_measure(claims, "requests", "times", requests);
        claims_add_measure(claims, "stream", "times", stream);
    }
}

static gboolean
is_whole(const Experiments *experiments, guint run, const char *socket)
{
    static const char *const zero[] = {"connections_lost_bytes", "connections_repeated_bytes",
                                       "connections_reordered_bytes", "connections_stuck", "broken_in_flight_bytes"};

    for (gsize i = 0; i < G_N_ELEMENTS(zero); i++) {
        g_autofree char *name = g_strdup_printf("socket.%s.%s", socket, zero[i]);
        if (number(experiments, run, name) != 0)
            return FALSE;
    }
    g_autofree char *outcome = g_strdup_printf("socket.%s.outcome", socket);
    return g_strcmp0(result_word(batch_result(experiments->batch, run), outcome), "closed") == 0;
}

static void
claim_correct(ClaimSet *claims, const Experiments *experiments)
{
    guint whole = 0, switched = 0;

    for (guint i = 0; i < SEEDS; i++) {
        const guint run = experiments->there_and_back + i;
        whole += is_whole(experiments, run, "stream") && is_whole(experiments, run, "requests");
        switched += number(experiments, run, "socket.stream.path_switches") == 2 &&
                    number(experiments, run, "socket.requests.path_switches") == 2;
    }
    g_autofree char *bytes = g_strdup_printf("%u of %u runs", whole, SEEDS);
    g_autofree char *paths = g_strdup_printf("%u of %u runs", switched, SEEDS);
    claims_add_statement(claims, "effect-2-every-byte", "CN101859263A, effect 2: correct across migrations", ROLE_EXACT,
                         "all runs", bytes, whole == SEEDS, "each byte once and in order: the receiver's hash");
    claims_add_statement(claims, "effect-2-paths", "CN101859263A, effect 2: TCP when apart, memory when together",
                         ROLE_EXACT, "all runs", paths, switched == SEEDS, "two changes of path, away and back");
}

/* The same scenario over every transparent system: all its bytes, and across a migration too where the system can. */
static void
claim_transparent(ClaimSet *claims, const Experiments *experiments)
{
    const double expected = number(experiments, experiments->still[ROW_NETBACK], "socket.s.received_bytes");

    for (guint r = 0; r < N_ROWS; r++) {
        if (!rows[r].transparent)
            continue;
        const guint last = rows[r].migratable ? experiments->moved[r] : experiments->still[r];
        const double bytes = number(experiments, last, "socket.s.received_bytes");
        g_autofree char *id = g_strconcat("effect-3-transparent-", rows[r].profile, NULL);
        const gboolean same =
            bytes == expected && is_whole(experiments, last, "s") && is_whole(experiments, experiments->still[r], "s");
        claims_add_statement(claims, id, "CN101859263A, effect 3: transparent to applications", ROLE_DEFINITION,
                             "runs unchanged", same ? "runs unchanged" : "otherwise",
                             same && experiments->runs_unmodified[r],
                             "one scenario, only the system differs: as many bytes as over netback");
    }
}

/* A property of the profiles: none but XWay's has it. */
static gboolean
needs_patch(const char *profile)
{
    g_autofree char *path = paper_scenario(PAPER, "unmodified.json");
    g_autofree char *system = g_strconcat("/sockets/0/system=", profile, NULL);
    const char *const settings[] = {system, "/sockets/0/modified=true", NULL};
    g_autoptr(Scenario) scenario = scenario_load(path, settings, NULL);

    return !scenario || g_array_index(socket_keys_of(&scenario->spec)->sockets, SocketSpec, 0).system->kernel_patch;
}

static void
claim_no_patch(ClaimSet *claims)
{
    for (guint r = 0; r < N_ROWS; r++) {
        const gboolean patch = needs_patch(rows[r].profile);
        g_autofree char *id = g_strconcat("effect-4-kernel-patch-", rows[r].profile, NULL);
        if (r != ROW_INVENTION && !rows[r].kernel_patch)
            continue;
        claims_add_statement(claims, id, "CN101859263A, effect 4 and [0022]", ROLE_DEFINITION,
                             rows[r].kernel_patch ? "patch" : "no patch", patch ? "patch" : "no patch",
                             patch == rows[r].kernel_patch, "a property of the profile, not of a run");
    }
}

/* ---- the table ---- */

static void
claim_cell(ClaimSet *claims, const Row *row, const char *column, const char *paper, const char *simulated,
           const char *why)
{
    g_autofree char *id = g_strdup_printf("table-%s-%s", row->profile, column);

    claims_add_statement(claims, id, "CN101859263A, background: table of seven systems", ROLE_DEFINITION, paper,
                         simulated, g_str_equal(paper, simulated), why);
}

/* Where a message enters shows in what it pays besides notification, wake-up and copies: the protocol stack below IP,
 * the module at the socket layer, less in a library. */
static const char *
level_shown(const Experiments *experiments, guint r)
{
    const double one_way_s = 0.5 / request_rate(experiments, r, 0);
    const double wake_s = 0.5 / request_rate(experiments, ROW_INVENTION, 0) - 1e-6;
    const double more_s = one_way_s - wake_s;

    if (more_s > 5e-6)
        return "below IP";
    return more_s > 0.75e-6 ? "socket" : "application";
}

static void
claim_row(ClaimSet *claims, const Experiments *experiments, guint r)
{
    const Row *row = &rows[r];
    const guint run = experiments->moved[r];
    const char *outcome = result_word(batch_result(experiments->batch, run), "socket.s.outcome");
    const gboolean survives = g_strcmp0(outcome, "closed") == 0 && is_whole(experiments, run, "s");

    claim_cell(claims, row, "level", row->level, level_shown(experiments, r),
               "by what a message of one byte costs above notification and wake-up, which the invention's run gives");
    claim_cell(claims, row, "transparent", row->transparent ? "yes" : "no",
               experiments->runs_unmodified[r] ? "yes" : "no", "whether the unmodified application is run");
    claim_cell(claims, row, "migratable", row->migratable ? "yes" : "no",
               survives                            ? "yes"
               : g_strcmp0(outcome, "broken") == 0 ? "no"
                                                   : outcome,
               "whether the connection outlives the server's migration with every byte");
}

/* ---- measured elsewhere ---- */

static void
claim_measured(ClaimSet *claims, const Experiments *experiments)
{
    for (guint m = 0; m < G_N_ELEMENTS(measured); m++) {
        const Measured *known = &measured[m];
        g_autofree char *tcp = g_strconcat("tcp-rr-", known->id, NULL);
        g_autofree char *udp = g_strconcat("udp-rr-", known->id, NULL);
        claims_add_value(claims, tcp, "netperf TCP_RR, 1 byte (PIVOT 2022, i5-2400)", ROLE_CALIBRATED, "1/s",
                         known->tcp_rr, request_rate(experiments, known->row, 0), 0.005, "fits the path's time");
        claims_add_value(claims, udp, "netperf UDP_RR, 1 byte (PIVOT 2022, i5-2400)", ROLE_PREDICTED, "1/s",
                         known->udp_rr, number(experiments, experiments->udp[m], "socket.s.before.messages_per_s"),
                         0.15, "asked for; one parameter is fitted, on TCP_RR");
    }
}

/* The three papers on one platform: the VM moved with its vTPM, its session and its sockets, and nobody lost anything.
 */
static void
claim_platform(ClaimSet *claims, const Experiments *experiments)
{
    static const char *const sockets[] = {"stream", "requests", "bursts", "answers", "to-peer"};
    const Result *run = batch_result(experiments->batch, experiments->platform);
    g_autofree char *violation = result_violation(run);
    gboolean moved = g_strcmp0(result_word(run, "migration.mig-vm1.outcome"), "completed") == 0 &&
                     g_strcmp0(result_word(run, "vtpm.mig-vm1-vtpm.place"), "with-vm") == 0 &&
                     g_strcmp0(result_word(run, "card_session.signing.state"), "open") == 0 &&
                     g_strcmp0(result_word(run, "card_session.signing.card"), "hsm-right") == 0 &&
                     result_number(run, "vtpm.mig-vm1-vtpm.commands_failed") == 0;

    for (gsize i = 0; i < G_N_ELEMENTS(sockets); i++)
        moved = moved && is_whole(experiments, experiments->platform, sockets[i]);

    claims_add_statement(claims, "one-platform", "three papers on one platform", ROLE_EXACT, "moves whole",
                         moved && !violation ? "moves whole" : "otherwise", moved && !violation,
                         "joint migration with a card session and five sockets; every invariant holds");
}

static void
claim_invariants(ClaimSet *claims, const Experiments *experiments)
{
    g_autofree char *first = NULL;

    for (guint i = 0; i < batch_size(experiments->batch) && !first; i++)
        first = result_violation(batch_result(experiments->batch, i));
    claims_add_statement(claims, "sockets-invariants", "every run of this reproduction", ROLE_EXACT, "all hold",
                         first ? first : "all hold", !first, "bytes once and in order, nobody waits for ever");
}

/* What the patent does not say: absolute figures of its system. */
static void
add_predictions(ClaimSet *claims, const Experiments *experiments)
{
    enum { SMALL = 0, LARGE = 5 };

    claims_add_prediction(claims, "invention-requests-1", "1/s", request_rate(experiments, ROW_INVENTION, SMALL));
    claims_add_prediction(claims, "invention-requests-16384", "1/s", request_rate(experiments, ROW_INVENTION, LARGE));
    claims_add_prediction(claims, "invention-stream-16384", "B/s", stream_rate(experiments, ROW_INVENTION, LARGE));
    claims_add_prediction(claims, "invention-stream-16384-buffer-1MiB", "B/s",
                          number(experiments, experiments->wide[LARGE], "socket.s.before.throughput_Bps"));
}

/* ---- figures ---- */

static void
append_size(GString *csv, const Experiments *experiments, const char *system, guint s, double round_trip_s,
            guint stream)
{
    g_string_append_printf(csv, "%s,%u", system, sizes[s]);
    csv_append_number(csv, round_trip_s);
    csv_append_number(csv, number(experiments, stream, "socket.s.before.throughput_Bps"));
    csv_append_number(csv, number(experiments, stream, "socket.s.copies_per_byte"));
    csv_append_number(csv, number(experiments, stream, "socket.s.vm_switches_per_byte"));
    g_string_append_c(csv, '\n');
}

static char *
sizes_csv(const Experiments *experiments)
{
    GString *csv = g_string_new("system,bytes,round_trip_s,throughput_Bps,copies_per_byte,vm_switches_per_byte\n");

    for (guint r = 0; r < N_ROWS; r++)
        for (guint s = 0; s < N_SIZES; s++)
            append_size(csv, experiments, rows[r].name, s, 1 / request_rate(experiments, r, s),
                        experiments->streams[r][s]);
    for (guint s = 0; s < N_SIZES; s++)
        append_size(csv, experiments, "invention-1MiB", s, NAN, experiments->wide[s]);
    return g_string_free(csv, FALSE);
}

static char *
systems_csv(const Experiments *experiments)
{
    GString *csv = g_string_new("system,level,unmodified,after_migration,in_flight_bytes\n");

    for (guint r = 0; r < N_ROWS; r++) {
        const guint run = experiments->moved[r];
        g_string_append_printf(csv, "%s,%s,%s,%s", rows[r].name, r == 0 ? rows[0].level : level_shown(experiments, r),
                               experiments->runs_unmodified[r] ? "yes" : "no",
                               result_word(batch_result(experiments->batch, run), "socket.s.outcome"));
        csv_append_number(csv, number(experiments, run, "socket.s.broken_in_flight_bytes"));
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static void
take_platform(FileSet *files, const Result *run)
{
    static const char *const tables[] = {"sockets.csv", "socket-paths.csv", "rounds.csv",
                                         "steps.csv",   "commands.csv",     "card-series.csv"};

    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        g_autofree char *name = g_strconcat("platform-", tables[i], NULL);
        files_take(files, name, g_strdup(result_table(run, tables[i])));
    }
}

static void
take_data(FileSet *files, const Experiments *experiments)
{
    static const char *const tables[] = {"sockets.csv", "socket-paths.csv", "rounds.csv", "steps.csv"};
    const Result *run = batch_result(experiments->batch, experiments->there_and_back);

    take_platform(files, batch_result(experiments->batch, experiments->platform));

    files_take(files, "sizes.csv", sizes_csv(experiments));
    files_take(files, "machines.csv", xenvmc_csv(&experiments->xenvmc, experiments->batch));
    files_take(files, "systems.csv", systems_csv(experiments));
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
        files_take(files, tables[i], g_strdup(result_table(run, tables[i])));
}

gboolean
inter_vm_sockets_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    Experiments experiments = {.batch = batch};

    claims_set_paper(claims, PAPER);
    if (!prepare(&experiments, error) || !batch_run(batch, workers, error))
        return FALSE;
    claim_faster(claims, &experiments);
    claim_correct(claims, &experiments);
    claim_transparent(claims, &experiments);
    claim_no_patch(claims);
    for (guint r = 1; r < N_ROWS; r++)
        if (r != ROW_INVENTION)
            claim_row(claims, &experiments, r);
    claim_row(claims, &experiments, ROW_INVENTION);
    claim_measured(claims, &experiments);
    xenvmc_claim(&experiments.xenvmc, batch, claims);
    claim_platform(claims, &experiments);
    claim_invariants(claims, &experiments);
    add_predictions(claims, &experiments);
    if (files)
        take_data(files, &experiments);
    if (files && !socket_readings_take(files, workers, error))
        return FALSE;
    return claim_parameters_add(claims, PAPER, error);
}
